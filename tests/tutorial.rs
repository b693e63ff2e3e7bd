//! Promise: the tutorial works as it is written, from its first command to its last.
//!
//! To write anew what its commands print: `BIODIST_BLESS=1 cargo test --release --test tutorial`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A block of the page: what stands behind its fence, and its lines.
struct Block {
    kind: String,
    text: String,
    /// Where its text begins and ends in the page.
    span: (usize, usize),
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = vec![];
    let mut at = 0;
    while let Some(open) = page[at..].find("```").map(|k| at + k) {
        let line = open + page[open..].find('\n').unwrap() + 1;
        let close = line + page[line..].find("```").unwrap();
        blocks.push(Block {
            kind: page[open + 3..line].trim().to_string(),
            text: page[line..close].to_string(),
            span: (line, close),
        });
        at = close + 3;
    }
    blocks
}

/// Runs one line; `biodist` is the program under test, `cat` prints a file.
fn run(line: &str, folder: &Path) -> String {
    let mut words = line.split_whitespace();
    match words.next() {
        Some("biodist") => {
            let mut command = Command::new(env!("CARGO_BIN_EXE_biodist"));
            let output = command.args(words).current_dir(folder).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{line}: {said}");
            String::from_utf8(output.stdout).unwrap()
        }
        Some("cat") => std::fs::read_to_string(folder.join(words.next().unwrap())).unwrap(),
        other => panic!("the tutorial runs {other:?}, which this test does not know"),
    }
}

#[test]
fn every_command_of_the_tutorial_prints_what_is_shown() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (mut printed, mut commands) = (String::new(), 0);
    let mut anew = page.clone();
    for block in &blocks(&page) {
        let (kind, name) = block.kind.split_once(' ').unwrap_or((&block.kind, ""));
        match kind {
            "toml" => std::fs::write(folder.join(name), &block.text).unwrap(),
            "sh" => {
                commands += block.text.lines().count();
                printed = block.text.lines().map(|line| run(line, &folder)).collect();
            }
            "output" => {
                let shown = without_trailing_spaces(&printed);
                if std::env::var_os("BIODIST_BLESS").is_some() {
                    // Counted from the end, which nothing before has moved yet.
                    let (from, to) = (page.len() - block.span.0, page.len() - block.span.1);
                    anew.replace_range(anew.len() - from..anew.len() - to, &shown);
                } else {
                    assert_eq!(
                        without_rounding(&block.text),
                        without_rounding(&shown),
                        "docs/tutorial.md is not what the commands print"
                    );
                }
            }
            "rust" | "text" => {}
            other => panic!("the tutorial has a block of '{other}'"),
        }
    }
    assert!(commands >= 8, "only {commands} commands");
    for name in ["report.html", "results/cells.csv", "fitted/data.svg"] {
        assert!(
            std::fs::metadata(folder.join(name)).unwrap().len() > 100,
            "{name}"
        );
    }
    if anew != page {
        std::fs::write(file, anew).unwrap();
    }
}

fn without_trailing_spaces(text: &str) -> String {
    let lines = text.trim_end().lines().map(str::trim_end);
    lines.map(|line| format!("{line}\n")).collect()
}

/// Without the line of rounding errors, which is that of the machine.
fn without_rounding(text: &str) -> Vec<&str> {
    let lines = text.lines();
    lines.filter(|line| !line.starts_with("residual")).collect()
}
