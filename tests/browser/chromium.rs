//! A headless Chromium, spoken to by its debugging protocol.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, which ends with this value.
pub struct Browser {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Browser {
    pub fn start() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{number}"));
        let _ = std::fs::remove_dir_all(&folder);
        let child = Command::new("chromium")
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
            ])
            .args([
                "--disable-background-networking",
                "--no-first-run",
                "--disable-component-update",
            ])
            .arg(format!("--user-data-dir={}", folder.display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromium: {error}; run tests/browser/run"));
        let file = folder.join("DevToolsActivePort");
        let start = Instant::now();
        let port = loop {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            if let Some(Ok(port)) = text.lines().next().map(str::parse) {
                break port;
            }
            assert!(start.elapsed() < PATIENCE, "Chromium does not start");
            std::thread::sleep(Duration::from_millis(50));
        };
        Self {
            child,
            port,
            folder,
        }
    }

    /// A new page of some width.
    pub fn page(&self, width: u32) -> Page {
        let target = self.ask("PUT", "/json/new?about:blank");
        let url = target["webSocketDebuggerUrl"].as_str().unwrap().to_string();
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(url, stream).unwrap();
        let mut page = Page {
            socket,
            number: 0,
            events: vec![],
            origin: String::new(),
        };
        for domain in [
            "Page.enable",
            "Runtime.enable",
            "Network.enable",
            "Log.enable",
        ] {
            page.send(domain, json!({}));
        }
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        page.send("Emulation.setDeviceMetricsOverride", size);
        page
    }

    fn ask(&self, method: &str, path: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut text = String::new();
        // The answer may end without the connection: what was read so far is enough then.
        let mut bytes = [0; 4096];
        loop {
            let count = stream.read(&mut bytes).unwrap();
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
            let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            if let Ok(value) = serde_json::from_str(body) {
                return value;
            }
            assert!(count > 0, "{text}");
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One page.
pub struct Page {
    socket: WebSocket<TcpStream>,
    number: u64,
    events: Vec<Value>,
    origin: String,
}

impl Page {
    /// Asks the browser something and waits for the answer.
    pub fn send(&mut self, method: &str, parameters: Value) -> Value {
        self.number += 1;
        let asked = json!({ "id": self.number, "method": method, "params": parameters });
        self.socket.send(Message::text(asked.to_string())).unwrap();
        loop {
            let told: Value = match self.socket.read().unwrap() {
                Message::Text(text) => serde_json::from_str(&text).unwrap(),
                _ => continue,
            };
            if told["id"] == self.number {
                assert!(told["error"].is_null(), "{method}: {told}");
                return told["result"].clone();
            }
            self.events.push(told);
        }
    }

    /// Opens an address; requests from then on must go to its origin.
    pub fn go(&mut self, url: &str) {
        let end = url[7..].find('/').map_or(url.len(), |k| k + 7);
        self.origin = url[..end].to_string();
        self.send("Page.navigate", json!({ "url": url }));
    }

    /// The value of an expression, or of the promise that it makes.
    pub fn eval(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": format!("{{ {expression} }}"), "awaitPromise": true, "returnByValue": true });
        let told = self.send("Runtime.evaluate", asked);
        assert!(told["exceptionDetails"].is_null(), "{expression}: {told}");
        told["result"]["value"].clone()
    }

    pub fn number(&mut self, expression: &str) -> f64 {
        let value = self.eval(expression);
        value
            .as_f64()
            .unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    pub fn text(&mut self, expression: &str) -> String {
        let value = self.eval(expression);
        value
            .as_str()
            .unwrap_or_else(|| panic!("{expression} is {value}"))
            .to_string()
    }

    /// Waits until an expression is true.
    pub fn until(&mut self, expression: &str, what: &str) {
        let start = Instant::now();
        while self.eval(expression) != Value::Bool(true) {
            assert!(
                start.elapsed() < PATIENCE,
                "waited in vain for {what}: {expression}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Does something that saves a file, and reads it.
    pub fn download(&mut self, action: &str, name: &str) -> String {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("downloads");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let asked = json!({ "behavior": "allow", "downloadPath": folder.to_str().unwrap() });
        self.send("Browser.setDownloadBehavior", asked);
        self.eval(action);
        let start = Instant::now();
        loop {
            let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            if !text.is_empty() {
                return text;
            }
            assert!(start.elapsed() < PATIENCE, "nothing was saved as {name}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What is seen of the page, as PNG.
    pub fn picture(&mut self) -> Vec<u8> {
        let told = self.send("Page.captureScreenshot", json!({ "format": "png" }));
        let text = told["data"].as_str().unwrap();
        data_encoding::BASE64.decode(text.as_bytes()).unwrap()
    }

    pub fn mouse(&mut self, kind: &str, (x, y): (f64, f64)) {
        let buttons = u8::from(kind != "mouseReleased");
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
        self.send("Input.dispatchMouseEvent", event);
    }

    pub fn key(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.send("Input.dispatchKeyEvent", event);
        }
    }

    /// Every request went to the page's own server, and nothing was thrown or logged as an error.
    pub fn nothing_left_the_machine(&mut self) {
        self.eval("0");
        let mut requests = 0;
        for event in &self.events {
            match event["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    let url = event["params"]["request"]["url"].as_str().unwrap();
                    let own = ["data:", "blob:", "about:"]
                        .iter()
                        .any(|start| url.starts_with(start));
                    assert!(own || url.starts_with(&self.origin), "a request to {url}");
                    requests += 1;
                }
                Some("Runtime.exceptionThrown") => panic!("{event}"),
                Some("Log.entryAdded") if event["params"]["entry"]["level"] == "error" => {
                    // A refusal is an answer with a code; the browser logs it as an error of the network.
                    assert_eq!(event["params"]["entry"]["source"], "network", "{event}");
                }
                _ => {}
            }
        }
        assert!(requests > 3, "only {requests} requests were seen");
    }
}
