//! Where in a TOML text a field of the scenario stands.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A text whose values know where they stand.
pub struct Located<'a> {
    root: DeTable<'a>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl<'a> Located<'a> {
    /// Reads TOML; all errors of syntax if there are any.
    pub fn read(text: &'a str) -> Result<Self, Vec<toml::de::Error>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        match errors.is_empty() {
            true => Ok(Self {
                root: root.into_inner(),
            }),
            false => Err(errors),
        }
    }

    /// Where the field stands: `host.organs[0].mass`, or as much of its path as is in the text. Within a table
    /// the place is that of the faulty value, if it holds it.
    pub fn find(&self, field: &str, value: &str) -> Option<Range<usize>> {
        let mut path = steps(field).into_iter();
        let first = path.next()?;
        let (mut key, mut here) = self.root.iter().find(|entry| named(entry, &first))?;
        for step in path {
            match (here.get_ref(), &step) {
                (DeValue::Table(table), Step::Key(_)) => {
                    match table.iter().find(|entry| named(entry, &step)) {
                        Some(entry) => (key, here) = entry,
                        None => break,
                    }
                }
                (DeValue::Array(items), Step::Item(index)) => match items.get(*index) {
                    Some(item) => here = item,
                    None => break,
                },
                _ => break,
            }
        }
        // An unknown id is a key and not a value.
        if key.get_ref() == value {
            return Some(key.span());
        }
        Some(holder(here, value).unwrap_or(here).span())
    }

    /// Where a value stands first, whatever its field.
    pub fn find_value(&self, value: &str) -> Option<Range<usize>> {
        let entries = self.root.iter();
        let found = entries
            .filter_map(|(_, entry)| holder(entry, value))
            .map(Spanned::span);
        found.min_by_key(|span| span.start)
    }
}

enum Step {
    Key(String),
    Item(usize),
}

/// `doses[0].over` is a key, an item and a key. Ids of parameters hold dots and are one key.
fn steps(field: &str) -> Vec<Step> {
    if let Some((before, id)) = field.split_once("parameters.") {
        let mut path = steps(before.trim_end_matches('.'));
        path.extend(["parameters", id].map(|key| Step::Key(key.to_string())));
        return path;
    }
    let mut steps = vec![];
    for part in field.split('.').filter(|part| !part.is_empty()) {
        let (key, items) = part.split_once('[').unwrap_or((part, ""));
        steps.push(Step::Key(key.to_string()));
        let items = items.split('[').map(|item| item.trim_end_matches(']'));
        steps.extend(items.filter_map(|item| item.parse().ok()).map(Step::Item));
    }
    steps
}

fn named(entry: &(&Spanned<DeString<'_>>, &Value<'_>), step: &Step) -> bool {
    matches!(step, Step::Key(name) if entry.0.get_ref() == name)
}

/// The value in a table or list that reads as the faulty one.
fn holder<'v, 'a>(value: &'v Value<'a>, faulty: &str) -> Option<&'v Value<'a>> {
    let number = |text: &str| text.replace('_', "").parse::<f64>().ok();
    let equal = |text: &str| {
        let (a, b) = (number(text), number(faulty));
        a.zip(b).is_some_and(|(a, b)| a.to_bits() == b.to_bits())
    };
    let found = match value.get_ref() {
        DeValue::String(text) => text == faulty,
        DeValue::Integer(digits) => equal(digits.as_str()),
        DeValue::Float(digits) => equal(digits.as_str()),
        DeValue::Table(table) => {
            return table.iter().find_map(|(_, inner)| holder(inner, faulty));
        }
        DeValue::Array(items) => return items.iter().find_map(|inner| holder(inner, faulty)),
        _ => false,
    };
    found.then_some(value)
}
