//! Promise: the pictures of the docs are those that the program draws today.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use std::path::{Path, PathBuf};

/// Half a pixel, in the units of the pictures: what other libraries of mathematics may move.
const NEAR: f64 = 5.0;

/// A picture as texts between numbers, and the numbers.
fn parts(svg: &str) -> (Vec<String>, Vec<f64>) {
    let (mut texts, mut numbers) = (vec![String::new()], vec![]);
    let mut digits = String::new();
    for letter in svg.chars().chain([' ']) {
        if letter.is_ascii_digit() || (letter == '.' && !digits.is_empty()) {
            digits.push(letter);
            continue;
        }
        match digits.parse::<f64>() {
            Ok(number) => {
                numbers.push(number);
                texts.push(String::new());
            }
            Err(_) => texts.last_mut().unwrap().push_str(&digits),
        }
        digits.clear();
        texts.last_mut().unwrap().push(letter);
    }
    (texts, numbers)
}

/// Why two pictures are not the same.
fn difference(old: &str, new: &str) -> Option<String> {
    let ((old_texts, old), (new_texts, new)) = (parts(old), parts(new));
    if let Some((a, b)) = old_texts.iter().zip(&new_texts).find(|(a, b)| a != b) {
        return Some(format!("'{}' is now '{}'", a.trim(), b.trim()));
    }
    if old_texts.len() != new_texts.len() {
        return Some("has more or fewer marks now".to_string());
    }
    let moved = old.iter().zip(&new).find(|(a, b)| (*a - *b).abs() > NEAR);
    moved.map(|(a, b)| format!("{a} is now {b}"))
}

#[test]
fn texts_and_places_are_told_apart() {
    let old = r#"<circle cx="105" cy="12.5"/><text>1 d</text>"#;
    assert_eq!(difference(old, old), None);
    assert_eq!(difference(old, &old.replace("105", "108")), None);
    assert!(difference(old, &old.replace("105", "205")).is_some());
    assert!(difference(old, &old.replace("1 d", "1 h")).is_some());
    assert!(difference(old, &old.replace("<text>1 d</text>", "")).is_some());
}

/// Run by the gate after `docs/pictures/draw.sh FOLDER`, with the folder in `BIODIST_PICTURES`.
#[test]
#[ignore = "needs pictures drawn anew"]
fn the_pictures_of_the_docs_are_current() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let drawn = PathBuf::from(std::env::var_os("BIODIST_PICTURES").unwrap());
    let mut stale = vec![];
    let mut count = 0;
    for entry in std::fs::read_dir(drawn).unwrap() {
        let new = entry.unwrap().path();
        if new.extension().is_none_or(|ending| ending != "svg") {
            continue;
        }
        count += 1;
        let name = new.file_name().unwrap().to_owned();
        let new = std::fs::read_to_string(&new).unwrap();
        let why = match std::fs::read_to_string(docs.join(&name)) {
            Ok(old) => difference(&old, &new),
            Err(error) => Some(error.to_string()),
        };
        stale.extend(why.map(|why| format!("{}: {why}", name.display())));
    }
    assert!(count >= 16, "only {count} pictures were drawn");
    assert!(
        stale.is_empty(),
        "run docs/pictures/draw.sh and look at what changed:\n{}",
        stale.join("\n")
    );
}
