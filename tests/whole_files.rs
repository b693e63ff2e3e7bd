//! Promise: a file of results is there whole or not at all, and nothing else is touched.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod program;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use program::{biodist, code, err, folder, good, path};

const MOUSE: &str = "examples/scenarios/mouse_intravenous.toml";

/// The command behind some lines of the shell.
fn after(shell: &str, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_biodist");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell}; exec \"$@\""), "sh", program]);
    command.args(arguments).output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

fn leftovers(folder: &Path) -> Vec<String> {
    let mut names = names(folder);
    names.retain(|name| name.ends_with(".part"));
    names
}

#[test]
fn a_write_that_breaks_off_leaves_what_was_there() {
    let folder = folder("breaks_off");
    let (place, json) = (
        folder.to_str().unwrap().to_string(),
        folder.join("run.json"),
    );
    let arguments = ["run", &path(MOUSE), "--out", &place];
    // No file may be longer than 8 kB (in blocks of 512 bytes): the program is killed at the first that is.
    fs::write(&json, "old").unwrap();
    let killed = after("ulimit -f 16", &arguments);
    assert!(!killed.status.success());
    assert_eq!(fs::read_to_string(&json).unwrap(), "old");
    let scenario = fs::read_to_string(folder.join("scenario.toml")).unwrap();
    assert!(
        biodist::Scenario::from_toml(&scenario)
            .unwrap()
            .check()
            .is_ok()
    );
    assert!(!folder.join("cells.csv").exists());
    // As on a full disk: the signal is not heard, and the write fails.
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::write(&json, "old").unwrap();
    let failed = after("trap '' XFSZ; ulimit -f 16", &arguments);
    assert_eq!(code(&failed), 1);
    assert!(err(&failed).contains("cannot write"), "{}", err(&failed));
    assert_eq!(fs::read_to_string(&json).unwrap(), "old");
    assert!(!folder.join("cells.csv").exists());
    assert_eq!(leftovers(&folder), [""; 0]);
}

#[test]
fn the_same_file_by_another_name_is_not_written_over() {
    let folder = folder("another_name");
    let file = folder.join("mine.toml");
    let text = fs::read_to_string(path(MOUSE)).unwrap();
    fs::write(&file, &text).unwrap();
    fs::hard_link(&file, folder.join("scenario.toml")).unwrap();
    fs::hard_link(&file, folder.join("page.html")).unwrap();
    let name = file.to_str().unwrap();
    let (place, page) = (folder.to_str().unwrap(), folder.join("page.html"));
    for arguments in [
        ["run", name, "--out", place].as_slice(),
        &["run", name, "--report", page.to_str().unwrap()],
    ] {
        let output = biodist(arguments);
        assert_eq!(code(&output), 1);
        let said = err(&output);
        assert!(
            said.contains("was read") && said.contains("would be written over"),
            "{said}"
        );
        assert_eq!(fs::read_to_string(&page).unwrap(), text);
    }
    // Read from standard input, it is the same file.
    let program = env!("CARGO_BIN_EXE_biodist");
    let mut command = Command::new(program);
    command.args(["run", "-", "--report", name]);
    let output = command.stdin(File::open(&file).unwrap()).output().unwrap();
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn links_in_a_folder_of_results_are_replaced_and_links_that_are_named_are_followed() {
    let folder = folder("links");
    let (results, precious) = (folder.join("results"), folder.join("precious"));
    fs::create_dir(&results).unwrap();
    fs::write(&precious, "precious").unwrap();
    symlink(&precious, results.join("run.json")).unwrap();
    let (page, link) = (folder.join("page.html"), folder.join("link.html"));
    fs::write(&page, "old").unwrap();
    symlink(&page, &link).unwrap();
    good(&[
        "run",
        &path(MOUSE),
        "--out",
        results.to_str().unwrap(),
        "--report",
        link.to_str().unwrap(),
    ]);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    let written = fs::symlink_metadata(results.join("run.json")).unwrap();
    assert!(written.is_file());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&page).unwrap().contains("<html"));
    assert_eq!(leftovers(&results), [""; 0]);
    // The permissions are those of any new file, and those of a file that is replaced are kept.
    let usual = folder.join("usual");
    File::create(&usual).unwrap();
    assert_eq!(written.mode(), fs::metadata(&usual).unwrap().mode());
}

#[test]
fn a_file_that_is_write_protected_is_not_replaced() {
    let folder = folder("protected");
    let page = folder.join("page.svg");
    fs::write(&page, "old").unwrap();
    let mut permissions = fs::metadata(&page).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&page, permissions).unwrap();
    let output = biodist(&["network", &path(MOUSE), "--picture", page.to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("write-protected"), "{}", err(&output));
    assert_eq!(fs::read_to_string(&page).unwrap(), "old");
}

#[test]
fn a_pipe_takes_what_is_written() {
    let folder = folder("pipe");
    let pipe = folder.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read_to_string(pipe).unwrap())
    };
    good(&["network", &path(MOUSE), "--picture", pipe.to_str().unwrap()]);
    assert!(reader.join().unwrap().contains("<svg"));
    assert!(!fs::symlink_metadata(&pipe).unwrap().is_file());
}

#[test]
fn after_ctrl_c_every_file_is_whole_and_the_code_is_130() {
    let folder = folder("interrupted");
    let (table, results) = (folder.join("doses.csv"), folder.join("results"));
    // Far more subjects than can be done before the signal is there.
    let rows: String = (1..=20_000).map(|id| format!("{id},0,5e5\n")).collect();
    fs::write(&table, format!("ID,TIME,AMT\n{rows}")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_biodist"))
        .args(["run", &path(MOUSE), "--dosing", table.to_str().unwrap()])
        .args(["--out", results.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("wrote") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended too early");
    }
    let signal = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(signal.unwrap().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let last = rest.lines().last().unwrap();
    assert!(
        last.contains("cancelled") && last.contains("whole and kept"),
        "{last}"
    );
    let subjects = names(&results);
    assert!(!subjects.is_empty() && subjects.len() < 20_000);
    for subject in subjects {
        let folder = results.join(subject);
        assert_eq!(leftovers(&folder), [""; 0]);
        for name in names(&folder) {
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            let whole = match name.rsplit_once('.').unwrap().1 {
                "json" => serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "svg" => text.trim_end().ends_with("</svg>"),
                "toml" => biodist::Scenario::from_toml(&text).is_ok(),
                _ => text.ends_with('\n'),
            };
            assert!(whole, "{name}");
        }
    }
}

#[test]
fn the_memory_of_many_subjects_is_that_of_one() {
    let folder = folder("many_subjects");
    let table = folder.join("doses.csv");
    let rows: String = (1..=1_000).map(|id| format!("{id},0,5e5\n")).collect();
    fs::write(&table, format!("ID,TIME,AMT\n{rows}")).unwrap();
    let arguments = [
        "run",
        &path(MOUSE),
        "--dosing",
        table.to_str().unwrap(),
        "--format",
        "csv",
        "--at",
        "1h",
    ];
    // Together the runs take 0.85 GB; the program has 0.3 GB, code and stacks included.
    let output = after("ulimit -v 300000", &arguments);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.lines().last().unwrap().starts_with("1000,1,"));
    assert_eq!(printed.matches("id,").count(), 1);
}
