//! The page to play with, asked as any program on the machine could ask it: over a socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use biodist::explore::{Explore, ExploreError, Limits};
use biodist::physiology::Species;
use biodist::prelude::*;
use serde_json::{Value, json};

/// An answer, taken apart.
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&start))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

/// A server of its own for each test, on a free port.
fn serve(limits: Limits) -> SocketAddr {
    let page = Explore::bind(0).unwrap().with_limits(limits);
    let address = page.address();
    std::thread::spawn(move || page.serve());
    address
}

/// Sends bytes as they are and reads until the server closes.
fn send(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(request);
    let mut bytes = vec![];
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Reply {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_string(),
        body: body.to_string(),
    }
}

fn get(address: SocketAddr, path: &str) -> Reply {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    send(address, request.as_bytes())
}

fn post(address: SocketAddr, kind: &str, body: &str) -> Reply {
    let length = body.len();
    let request = format!(
        "POST /api/simulate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    send(address, request.as_bytes())
}

fn ask(address: SocketAddr, question: &Value) -> Reply {
    post(address, "application/json", &question.to_string())
}

/// A mouse with half a million cells in a vein for two days.
fn question() -> Value {
    json!({
        "scenario": {
            "until": "2 d",
            "host": { "species": "mouse", "weight": "25 g" },
            "doses": [{ "amount": "5e5 cells", "product": "bone_marrow_msc", "route": "intravenous" }],
        }
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut question = question();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    question.pointer_mut(parent).unwrap()[key] = value;
    question
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn the_ledger_of_every_answer_sums_to_the_dose() {
    let address = serve(Limits::default());
    for route in ["intravenous", "intracoronary", "intraperitoneal"] {
        let mut asked = with("/scenario/labels", json!(["chromium_51"]));
        asked["scenario"]["doses"][0]["route"] = json!(route);
        asked["scenario"]["doses"][0]["over"] = json!("30 min");
        let reply = ask(address, &asked);
        assert_eq!(reply.status, 200, "{}", reply.body);
        let answer = reply.json();
        let times = numbers(&answer["times"]);
        assert!((2..=120).contains(&times.len()), "{}", times.len());
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(times[0] == 0.0 && (times.last().unwrap() - 48.0).abs() < 1e-12);
        let places = answer["places"].as_array().unwrap();
        let inside = places
            .iter()
            .flat_map(|place| [&place["living"], &place["remains"]]);
        let outside = answer["outside"].as_array().unwrap();
        let outside = outside.iter().map(|course| &course["cells"]);
        let courses: Vec<Vec<f64>> = inside.chain(outside).map(numbers).collect();
        let label = &answer["labels"][0];
        let label = label["places"].as_array().unwrap().iter();
        let label: Vec<Vec<f64>> = label
            .chain([&answer["labels"][0]["outside"]])
            .map(numbers)
            .collect();
        for k in 0..times.len() {
            // The dose is what was asked for, not what the answer says it is.
            for (what, courses) in [("cells", &courses), ("label", &label)] {
                let sum: f64 = courses.iter().map(|course| course[k]).sum();
                assert!(
                    (sum / 5e5 - 1.0).abs() < 1e-9,
                    "{route}, {what} at {} h: {sum}",
                    times[k]
                );
            }
        }
        assert!(answer["residual"].as_f64().unwrap() < 1e-9);
    }
}

#[test]
fn the_answer_is_that_of_the_library() {
    let address = serve(Limits::default());
    let answer = ask(address, &question()).json();
    let run = Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
        .until(2.days())
        .simulate()
        .unwrap();
    let places = answer["places"].as_array().unwrap();
    let lung = places.iter().find(|place| place["name"] == "lung").unwrap();
    let living = numbers(&lung["living"]);
    for (time, cells) in numbers(&answer["times"]).iter().zip(living) {
        let expected = run.ledger(Time::new(*time)).unwrap().viable(Organ::LUNG);
        assert!(
            (cells - expected).abs() <= 1e-9 * 5e5,
            "{time} h: {cells}, {expected}"
        );
    }
    // The file that comes with it asks for the same.
    let toml = answer["toml"].as_str().unwrap();
    assert_eq!(Scenario::from_toml(toml).unwrap(), run.model.scenario);
    let again = post(address, "application/toml; charset=utf-8", toml).json();
    assert_eq!(again["places"], answer["places"]);
}

#[test]
fn an_assay_reads_every_place() {
    let address = serve(Limits::default());
    let mut asked = with("/scenario/labels", json!(["chromium_51"]));
    asked["assay"] = json!({ "instrument": "gamma_counter", "label": "chromium_51" });
    let answer = ask(address, &asked).json();
    let reading = &answer["reading"];
    assert_eq!(reading["title"], "gamma counter, chromium 51");
    let places = answer["places"].as_array().unwrap().len();
    assert_eq!(reading["places"].as_array().unwrap().len(), places);
    let body = reading["body"].as_array().unwrap();
    assert!(body.last().unwrap().as_f64().unwrap() > 0.0);
    // An instrument that cannot see the label, and a label that the cells do not carry.
    asked["assay"]["instrument"] = json!("pet");
    let reply = ask(address, &asked);
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("positrons"), "{}", reply.body);
    asked["assay"] = json!({ "instrument": "qpcr", "label": "alu_dna" });
    let reply = ask(address, &asked);
    assert!(reply.status == 422 && reply.body.contains("alu_dna"));
}

#[test]
fn choices_are_those_of_the_tables() {
    let address = serve(Limits::default());
    let reply = get(address, "/api/choices");
    assert_eq!(reply.status, 200);
    let choices = reply.json();
    let species = choices["species"].as_array().unwrap();
    let names: Vec<&str> = species
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, Species::ALL);
    // ICRP 89 and Brown et al. 1997, as docs/physiology.md has them, g.
    for (name, weight) in [("human_male", 73_000.0), ("mouse", 25.0)] {
        let one = species.iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(one["weight"].as_f64(), Some(weight));
    }
    let has = |list: &str, name: &str| choices[list].as_array().unwrap().contains(&json!(name));
    assert!(has("products", "bone_marrow_msc") && has("routes", "intracoronary"));
    assert!(has("conditions", "cirrhosis") && has("labels", "luciferase"));
    let assays = choices["assays"].as_array().unwrap();
    let titled = |title: &str| assays.iter().any(|one| one["title"] == title);
    assert!(titled("culture") && titled("mri, iron oxide") && titled("qpcr, sry dna"));
    assert!(!titled("pet, iron oxide") && !titled("gamma camera"));
    for body in choices["bodies"].as_array().unwrap() {
        let shapes = body["shapes"].as_array().unwrap();
        let paths = shapes.iter().map(|shape| shape["path"].as_str().unwrap());
        assert!(paths.clone().count() > 15);
        for path in paths {
            let legal = |c: char| "MCZ,. -".contains(c) || c.is_ascii_digit();
            assert!(path.starts_with('M') && path.chars().all(legal), "{path}");
        }
    }
}

#[test]
fn what_is_wrong_is_refused_with_the_field() {
    let address = serve(Limits::default());
    let cases = [
        ("/scenario/host/species", json!("mousse"), "host.species"),
        (
            "/scenario/doses/0/route",
            json!("intravenus"),
            "doses[0].route",
        ),
        ("/scenario/doses/0/product", json!("?"), "doses[0].product"),
        (
            "/scenario/doses/0/amount",
            json!("-1 cells"),
            "doses[0].amount (cells)",
        ),
        ("/scenario/doses/0/over", json!("3 d"), "doses[0].over (h)"),
        ("/scenario/host/weight", json!("0 g"), "host.weight (g)"),
        (
            "/scenario/host/conditions",
            json!(["flu"]),
            "host.conditions[0]",
        ),
        ("/scenario/until", json!("NaN d"), "until (h)"),
    ];
    for (pointer, value, field) in cases {
        let reply = ask(address, &with(pointer, value));
        assert_eq!(reply.status, 422, "{field}: {}", reply.body);
        let message = reply.json();
        assert_eq!(message["faults"][0]["field"], field, "{message}");
        assert!(!message["faults"][0]["allowed"].as_str().unwrap().is_empty());
    }
    // What is not a scenario at all.
    let texts = [
        ("application/json", "{", 400, "not a question"),
        ("application/json", "[1, 2]", 400, "not a question"),
        (
            "application/json",
            r#"{"scenario": 1, "x": 2}"#,
            400,
            "not a question",
        ),
        ("application/toml", "until = 3", 400, "not a scenario file"),
        ("text/plain", "{}", 415, "application/json"),
    ];
    for (kind, text, status, says) in texts {
        let reply = post(address, kind, text);
        assert_eq!(reply.status, status, "{text}: {}", reply.body);
        let error = reply.json()["error"].as_str().unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
    let nested = "[".repeat(60_000);
    assert_eq!(post(address, "application/json", &nested).status, 400);
    assert_eq!(
        post(address, "application/toml", &format!("a = {nested}")).status,
        400
    );
}

#[test]
fn what_costs_too_much_is_refused() {
    let address = serve(Limits::default());
    let cases = [
        ("/scenario/until", json!("9000 d"), "until (d)"),
        ("/scenario/until", json!("inf d"), "until (d)"),
        ("/scenario/size_classes", json!(64), "size_classes"),
        (
            "/scenario/doses/0/repeat",
            json!({ "times": 4_000_000_000_u32, "every": "1 s" }),
            "doses",
        ),
        (
            "/scenario/report",
            (0..200).map(|k| format!("{k} min")).collect(),
            "report",
        ),
        (
            "/scenario/labels",
            json!([
                "chromium_51",
                "luciferase",
                "alu_dna",
                "sry_dna",
                "iron_oxide"
            ]),
            "labels",
        ),
    ];
    for (pointer, value, field) in cases {
        let reply = ask(address, &with(pointer, value));
        assert_eq!(reply.status, 422, "{field}: {}", reply.body);
        assert_eq!(reply.json()["faults"][0]["field"], field);
    }
    let long = format!("{}{}", question(), " ".repeat(70_000));
    assert_eq!(post(address, "application/json", &long).status, 413);
    // A length that lies, and one that is not told at all.
    let chunk = "x".repeat(70_000);
    let chunked = format!(
        "POST /api/simulate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: \
         application/json\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{chunk}\r\n0\r\n\r\n",
        chunk.len()
    );
    assert_eq!(send(address, chunked.as_bytes()).status, 413);
    // Work is bounded even when nothing else is.
    let lazy = serve(Limits {
        steps: 5,
        ..Limits::default()
    });
    let reply = ask(lazy, &question());
    assert!(
        reply.status == 422 && reply.body.contains("more work"),
        "{}",
        reply.body
    );
}

#[test]
fn bounds_that_are_kept_one_by_one_are_kept_together() {
    let address = serve(Limits::default());
    let labels = json!(["chromium_51", "luciferase", "alu_dna", "iron_oxide"]);
    let mut asked = question();
    let dose = asked["scenario"]["doses"][0].clone();
    let products = ["mapc", "rat_msc", "mouse_msc", "lymphocytes", "neutrophils"];
    let doses = (0..100).map(|k| {
        let mut dose = dose.clone();
        dose["product"] = json!(products[k % products.len()]);
        dose["at"] = json!(format!("{} d", 7 * k));
        dose
    });
    asked["scenario"]["doses"] = doses.collect();
    asked["scenario"]["until"] = json!("730 d");
    asked["scenario"]["size_classes"] = json!(8);
    // Each count is allowed; what they ask for together is begun and given up.
    let reply = ask(address, &asked);
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body.contains("more work"), "{}", reply.body);
    // With labels it would be fifteen thousand pools, and is not begun.
    asked["scenario"]["labels"] = labels;
    let reply = ask(address, &asked);
    let field = reply.json()["faults"][0]["field"]
        .as_str()
        .unwrap()
        .to_string();
    assert!(field.contains("size_classes"), "{field}");
}

#[test]
fn what_no_animal_is_and_more_cells_than_it_has_are_refused() {
    let address = serve(Limits::default());
    for (pointer, value, field) in [
        ("/scenario/host/weight", json!("1 g"), "host.weight (g)"),
        ("/scenario/host/weight", json!("1e6 kg"), "host.weight (g)"),
        (
            "/scenario/doses/0/amount",
            json!("1e30 cells"),
            "doses[0].amount (cells)",
        ),
    ] {
        let reply = ask(address, &with(pointer, value));
        assert_eq!(reply.status, 422, "{field}: {}", reply.body);
        assert_eq!(reply.json()["faults"][0]["field"], field);
    }
}

#[test]
fn silent_connections_make_room_for_others() {
    let address = serve(Limits {
        connections: 2,
        silence: Duration::from_millis(300),
        ..Limits::default()
    });
    // As many as there may be, with half a request or none.
    let mut silent: Vec<TcpStream> = (0..2)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    silent[0].write_all(b"GET / HTTP/1.1\r\nHost:").unwrap();
    assert_eq!(ask(address, &question()).status, 200);
    for mut stream in silent {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut rest = vec![];
        // Closed in peace or not: nothing is kept open.
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "nothing was asked");
    }
}

#[test]
fn connections_that_drip_keep_nobody_out() {
    let address = serve(Limits {
        connections: 2,
        head: Duration::from_millis(300),
        ..Limits::default()
    });
    // As many as there may be, each with a byte of a head now and then, for ever: never silent, never done.
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nx: ").unwrap();
        std::thread::spawn(move || {
            while stream.write_all(b"y").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
    }
    assert_eq!(ask(address, &question()).status, 200);
}

#[test]
fn a_question_that_is_withdrawn_is_not_computed_to_its_end() {
    // One at a time; the first would take far longer than another waits for its turn.
    let address = serve(Limits {
        simultaneous: std::num::NonZeroUsize::MIN,
        patience: Duration::from_secs(3),
        steps: usize::MAX,
        work: usize::MAX,
        computing: Duration::from_secs(3_600),
        ..Limits::default()
    });
    let mut asked = question();
    let mut dose = asked["scenario"]["doses"][0].clone();
    dose["repeat"] = json!({ "times": 100, "every": "7 d" });
    asked["scenario"]["doses"] = json!([dose]);
    asked["scenario"]["until"] = json!("730 d");
    asked["scenario"]["size_classes"] = json!(8);
    asked["scenario"]["labels"] = json!(["chromium_51", "luciferase", "alu_dna", "iron_oxide"]);
    let body = asked.to_string();
    let request = format!(
        "POST /api/simulate HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    // It is computed when another waits in vain.
    let busy = (0..100).any(|_| ask(address, &question()).status == 503);
    assert!(busy);
    drop(stream);
    assert_eq!(ask(address, &question()).status, 200);
}

#[test]
fn products_that_differ_in_anything_are_counted_apart() {
    let address = serve(Limits::default());
    let mut asked = question();
    let dose = asked["scenario"]["doses"][0].clone();
    let doses = (0..100).map(|k| {
        let mut dose = dose.clone();
        let viability = 0.5 + 0.004 * f64::from(k);
        dose["product"] = json!({ "kind": "bone_marrow_msc", "viability": viability });
        dose
    });
    asked["scenario"]["doses"] = doses.collect();
    let reply = ask(address, &asked);
    assert_eq!(reply.status, 422, "{}", reply.body);
    let fault = &reply.json()["faults"][0];
    assert!(
        fault["field"]
            .as_str()
            .unwrap()
            .contains("distinct products"),
        "{fault}"
    );
    assert_eq!(fault["value"], "100");
    // Whatever the counts allow, the network is bounded before it is analysed.
    let small = serve(Limits {
        pools: 50,
        ..Limits::default()
    });
    let reply = ask(small, &question());
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert_eq!(reply.json()["faults"][0]["field"], "pools");
}

#[test]
fn a_question_that_never_arrives_is_given_up() {
    let address = serve(Limits {
        patience: Duration::from_millis(50),
        ..Limits::default()
    });
    let request = format!(
        "POST /api/simulate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    assert_eq!(send(address, request.as_bytes()).status, 408);
}

#[test]
fn only_the_own_address_is_answered() {
    let address = serve(Limits::default());
    let port = address.port();
    let get = |host: &str, more: &str| {
        let request = format!("GET /api/choices HTTP/1.1\r\n{host}Connection: close\r\n{more}\r\n");
        send(address, request.as_bytes()).status
    };
    let good = format!("Host: localhost:{port}\r\n");
    assert_eq!(get(&good, ""), 200);
    for host in [
        "Host: evil.example\r\n".to_string(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_string(),
        format!("Host: 127.0.0.1:{}\r\n", port ^ 1),
        format!("{good}Host: evil.example\r\n"),
    ] {
        assert_eq!(get(&host, ""), 421, "{host}");
    }
    assert_eq!(
        get(&good, &format!("Origin: http://localhost:{port}\r\n")),
        200
    );
    assert_eq!(get(&good, "Origin: null\r\n"), 403);
    assert_eq!(
        get(&good, &format!("Origin: http://evil.example:{port}\r\n")),
        403
    );
    // A page of another origin must ask first, and is not told yes.
    let options =
        format!("OPTIONS /api/simulate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let reply = send(address, options.as_bytes());
    assert_eq!(reply.status, 405);
    assert!(!reply.head.contains("access-control"), "{}", reply.head);
}

#[test]
fn it_listens_to_this_machine_only() {
    let page = Explore::bind(0).unwrap();
    assert_eq!(page.address().ip(), Ipv4Addr::LOCALHOST);
    assert_eq!(
        page.url(),
        format!("http://127.0.0.1:{}/", page.address().port())
    );
    // The port is taken now.
    let error = Explore::bind(page.address().port()).unwrap_err();
    assert!(matches!(error, ExploreError::Listen { .. }));
    assert!(error.to_string().contains("another port"), "{error}");
}

/// Every file that the page names, beginning with the page.
fn files(address: SocketAddr) -> Vec<(String, Reply)> {
    let mut paths = vec!["/".to_string()];
    let mut found: Vec<(String, Reply)> = vec![];
    while let Some(path) = paths.pop() {
        if found.iter().any(|(known, _)| *known == path) {
            continue;
        }
        let reply = get(address, &path);
        for start in ["href=\"", "src=\"", "from \"./"] {
            for (at, _) in reply.body.match_indices(start) {
                let rest = &reply.body[at + start.len()..];
                let name = rest.split('"').next().unwrap();
                if !name.starts_with('#') {
                    paths.push(format!("/{name}"));
                }
            }
        }
        found.push((path, reply));
    }
    found
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let address = serve(Limits::default());
    let files = files(address);
    assert_eq!(files.len(), 13);
    for (path, reply) in &files {
        assert_eq!(reply.status, 200, "{path}");
        let kind = match path.rsplit_once('.').map(|(_, end)| end) {
            None => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some(other) => panic!("{other}"),
        };
        assert_eq!(reply.header("content-type"), Some(kind), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"));
        // The name of the space of SVG is not an address that anybody asks.
        let text = reply.body.replace("http://www.w3.org/2000/svg", "");
        for forbidden in [
            "http://",
            "https://",
            "\"//",
            "url(//",
            "@import",
            " style=\"",
            " onclick=",
        ] {
            assert!(!text.contains(forbidden), "{path} holds {forbidden}");
        }
    }
    for path in [
        "/nothing",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/page/app.js",
    ] {
        let reply = get(address, path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn many_at_once_are_all_answered() {
    let address = serve(Limits::default());
    let threads: Vec<_> = (0..16)
        .map(|_| std::thread::spawn(move || ask(address, &question()).status))
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 200);
    }
}
