//! Promise: imports follow the table of `docs/architecture.md`, and files stay small.
//!
//! The table is the one copy of the rule; this test reads it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const TABLE: &str = include_str!("../docs/architecture.md");

struct Row {
    layer: u32,
    may_import: BTreeSet<String>,
}

/// The names in backquotes of a text.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(String::from)
        .collect()
}

fn rows() -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    for line in TABLE.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, layer, module, imports, _] = cells[..] else {
            continue;
        };
        if let Ok(layer) = layer.parse() {
            let name = quoted(module).into_iter().next().unwrap();
            let may_import = quoted(imports);
            rows.insert(name, Row { layer, may_import });
        }
    }
    rows
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The top-level module that a file belongs to.
fn module_of(path: &Path) -> String {
    let relative = path.strip_prefix(src()).unwrap();
    let first = relative
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_str()
        .unwrap();
    first.trim_end_matches(".rs").to_string()
}

/// The text without comments and without the unit tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every top-level name after `crate::`, also in groups: `crate::{a::B, c}`; for a binary, which is a crate
/// of its own, every module of the library after `biodist::`.
fn imports(module: &str, code: &str) -> BTreeSet<String> {
    let binary = module == "bin";
    let root = if binary { "biodist::" } else { "crate::" };
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let rest = &code[at + root.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut start) = (1, 0);
            for (k, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 || (depth == 1 && c == ',') {
                    names.insert(first_word(&group[start..k]));
                    start = k + 1;
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            names.insert(first_word(rest));
        }
    }
    names.remove("");
    if binary {
        // What the library shows at its root is there for everybody.
        names.retain(|name| name != "prelude" && !name.starts_with(char::is_uppercase));
    }
    names
}

fn first_word(text: &str) -> String {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_string()
}

/// What is wrong with the imports of one file.
fn faults(path: &Path, text: &str, rows: &BTreeMap<String, Row>) -> Vec<String> {
    let module = module_of(path);
    let code = code(text);
    let mut faults = vec![];
    // In a file of the top level, `super` is the root; in a folder, two steps up are.
    let depth = path.strip_prefix(src()).unwrap().components().count();
    let root = "super::".repeat(depth);
    if code.contains(&root) {
        faults.push(format!("{}: reaches the root by {root}", path.display()));
    }
    let Some(row) = rows.get(&module) else {
        return vec![format!("{module} has no row in docs/architecture.md")];
    };
    for import in imports(&module, &code) {
        if import != module && !row.may_import.contains(&import) {
            faults.push(format!(
                "{}: {module} must not import {import}",
                path.display()
            ));
        }
    }
    faults
}

#[test]
fn imports_follow_the_table() {
    let rows = rows();
    let mut found = vec![];
    for path in files(&src()) {
        if module_of(&path) != "lib" {
            found.extend(faults(&path, &fs::read_to_string(&path).unwrap(), &rows));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_table_points_downwards_and_knows_every_module() {
    let rows = rows();
    for (name, row) in &rows {
        for import in &row.may_import {
            let below = rows
                .get(import)
                .unwrap_or_else(|| panic!("{import} has no row"))
                .layer;
            assert!(
                below < row.layer,
                "{name} (layer {}) imports {import} (layer {below})",
                row.layer
            );
        }
    }
    let present: BTreeSet<String> = files(&src()).iter().map(|path| module_of(path)).collect();
    for name in rows.keys() {
        assert!(
            present.contains(name),
            "{name} is in the table but not in src"
        );
    }
}

#[test]
fn the_test_sees_what_it_must_see() {
    let rows = rows();
    let file = src().join("network/network.rs");
    let bad = |text: &str| !faults(&file, text, &rows).is_empty();
    assert!(bad("use crate::organ::Place;"));
    assert!(bad("use crate::{units::Time, scenario::{Dose, Host}};"));
    assert!(bad("use crate::Scenario;"));
    assert!(bad("use super::super::organ;"));
    assert!(bad("fn f() { crate::simulation::run() }"));
    assert!(!bad("// use crate::organ::Place;\nuse crate::units::Time;"));
    let command = src().join("bin/biodist/main.rs");
    let bad_command = |text: &str| !faults(&command, text, &rows).is_empty();
    assert!(bad_command("use biodist::names::near;"));
    assert!(!bad_command(
        "use biodist::{Error, prelude::*, data};\nuse crate::failure::Failure;"
    ));
    assert!(!bad("use super::pool;\nuse crate::names::near;"));
}

#[test]
fn files_stay_small() {
    let mut long = vec![];
    for path in files(&src()) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        let limit = if path.ends_with("mod.rs") { 40 } else { 400 };
        if lines > limit {
            long.push(format!(
                "{} has {lines} lines, more than {limit}",
                path.display()
            ));
        }
    }
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}
