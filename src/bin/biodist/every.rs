//! Everything that the reader of TOML finds wrong with a scenario, and not only the first.

use std::ops::Range;

use biodist::Scenario;
use toml::de::{DeTable, DeValue, Error};

/// More faults than this are no news.
const MOST: usize = 20;

/// What may stand in the place of a key that must be there, so that the reading can go on.
const STAND_INS: [(&str, &str); 14] = [
    ("until", "\"1 d\""),
    ("species", "\"mouse\""),
    ("amount", "\"1 cells\""),
    ("product", "\"bone_marrow_msc\""),
    ("route", "\"intravenous\""),
    ("name", "\"name\""),
    ("entry", "{ blood = \"venous\" }"),
    ("mass", "\"1 g\""),
    ("flow", "\"1 mL/min\""),
    ("vascular_fraction", "0.1"),
    ("parameter", "\"lung.release\""),
    ("value", "0.1"),
    ("from", "\"0 h\""),
    ("every", "\"1 d\""),
];

/// What is wrong, and where in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What the reader says.
    pub said: String,
    /// Where.
    pub span: Option<Range<usize>>,
}

/// The scenario of a text, or what is wrong with it.
///
/// The reader stops at the first entry that it cannot use: something that it can is put in its place, and the whole is
/// read again.
pub fn read(text: &str) -> Result<Scenario, Vec<Wrong>> {
    let mut mended = Mended::of(text);
    let mut found: Vec<Wrong> = vec![];
    loop {
        let error = match toml::from_str(&mended.text) {
            Ok(scenario) if found.is_empty() => return Ok(scenario),
            Ok(_) => return Err(found),
            Err(error) => error,
        };
        let wrong = Wrong {
            said: error.message().to_string(),
            span: error.span().map(|span| mended.original(&span)),
        };
        // What mending made of it is nobody's fault.
        let anew = !found.contains(&wrong);
        if anew {
            found.push(wrong);
        }
        if !anew || found.len() >= MOST || !mended.mend(&error) {
            return Err(found);
        }
    }
}

/// A text with changes, and where they are.
struct Mended<'a> {
    first: &'a str,
    text: String,
    /// Where a piece of the text was replaced, how long it is now, and by how much longer than before.
    edits: Vec<(usize, usize, isize)>,
}

impl<'a> Mended<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            first: text,
            text: text.to_string(),
            edits: vec![],
        }
    }

    /// Where a place of the changed text was in the first.
    fn original(&self, span: &Range<usize>) -> Range<usize> {
        let back = |at: usize| {
            self.edits
                .iter()
                .rev()
                .fold(at, |at, (start, long, grown)| match at {
                    at if at >= start + long => at.saturating_add_signed(-grown),
                    at => at,
                })
        };
        let start = self.whole(back(span.start));
        start..self.whole(back(span.end)).max(start)
    }

    /// The place itself, or the beginning of the letter that it is in.
    fn whole(&self, at: usize) -> usize {
        let at = at.min(self.first.len());
        (0..=at)
            .rev()
            .find(|at| self.first.is_char_boundary(*at))
            .unwrap_or(0)
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        let grown = with.len() as isize - range.len() as isize;
        self.edits.push((range.start, with.len(), grown));
        self.text.replace_range(range, with);
    }

    /// Puts something good where an error was found; false where nothing can be done.
    fn mend(&mut self, error: &Error) -> bool {
        let Some(span) = error.span() else {
            return false;
        };
        let missing = error.message().split_once("missing field `");
        let missing = missing.and_then(|(_, rest)| rest.split('`').next());
        match missing {
            Some(key) => self.add(&span, key),
            None => self.displace(&span),
        }
    }

    /// Adds a key that is missing to a table.
    fn add(&mut self, table: &Range<usize>, key: &str) -> bool {
        let Some((_, value)) = STAND_INS.iter().find(|(known, _)| *known == key) else {
            return false;
        };
        let (at, text) = match self.text[table.clone()].chars().next() {
            Some('{') => (table.start + 1, format!(" {key} = {value},")),
            Some('[') => {
                let line = self.text[table.start..].find('\n');
                let end = line.map_or(self.text.len(), |line| table.start + line);
                (end, format!("\n{key} = {value}"))
            }
            _ => (0, format!("{key} = {value}\n")),
        };
        self.replace(at..at, &text);
        DeTable::parse(&self.text).is_ok()
    }

    /// Puts a stand-in in the place of the value around a place, or takes the entry out where none is needed.
    fn displace(&mut self, span: &Range<usize>) -> bool {
        let Some(entry) = self.entry_at(span) else {
            return false;
        };
        let stand_in = STAND_INS.iter().find(|(known, _)| *known == entry.key);
        match stand_in {
            Some((_, value)) if !entry.on_key(span) => self.replace(entry.value, value),
            _ => {
                let range = self.with_comma(entry.key_at.start..entry.value.end);
                self.replace(range, "");
            }
        }
        DeTable::parse(&self.text).is_ok()
    }

    /// The smallest `key = value` around a place.
    fn entry_at(&self, span: &Range<usize>) -> Option<Entry> {
        let root = DeTable::parse(&self.text).ok()?;
        let mut entries = vec![];
        collect(root.get_ref(), &mut entries);
        let around = entries.into_iter().filter(|entry| {
            entry.key_at.start <= span.start && span.end <= entry.value.end.max(entry.key_at.end)
        });
        around.min_by_key(|entry| entry.value.end - entry.key_at.start)
    }

    /// An entry with the comma that belongs to it.
    fn with_comma(&self, entry: Range<usize>) -> Range<usize> {
        let after = self.text[entry.end..].trim_start();
        let before = self.text[..entry.start].trim_end();
        match (after.starts_with(','), before.ends_with(',')) {
            (true, _) => entry.start..self.text.len() - after.len() + 1,
            (_, true) => before.len() - 1..entry.end,
            _ => entry,
        }
    }
}

/// A key with its value, where they stand.
struct Entry {
    key: String,
    key_at: Range<usize>,
    value: Range<usize>,
}

impl Entry {
    fn on_key(&self, span: &Range<usize>) -> bool {
        self.key_at == *span
    }
}

fn collect(table: &DeTable<'_>, entries: &mut Vec<Entry>) {
    for (key, value) in table {
        let (key_at, at) = (key.span(), value.span());
        // The value of a table with a head of its own may stand elsewhere.
        if at.start >= key_at.end {
            entries.push(Entry {
                key: key.get_ref().to_string(),
                key_at,
                value: at,
            });
        }
        collect_value(value.get_ref(), entries);
    }
}

fn collect_value(value: &DeValue<'_>, entries: &mut Vec<Entry>) {
    match value {
        DeValue::Table(table) => collect(table, entries),
        DeValue::Array(items) => {
            for item in items {
                collect_value(item.get_ref(), entries);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found, as the piece of the text and the first words about it.
    fn found(text: &str) -> Vec<(String, String)> {
        let all = read(text).err().unwrap_or_default();
        let shown = all.into_iter().map(|wrong| {
            let span = wrong.span.unwrap_or(0..0);
            (text[span].to_string(), wrong.said)
        });
        shown.collect()
    }

    #[test]
    fn every_entry_at_fault_is_found_where_it_stands() {
        let text = "until = 3\nsize_classes = \"two\"\ncolour = 1\n\n[host]\nspecies = \"mouse\"\nwieght = \"25 g\"\n\n\
                    [[doses]]\namount = 5\nproduct = \"mapc\"\nroute = { name = 3, entry = 4 }\n\n[[doses]]\n\
                    amount = \"5e5 cells\"\nproduct = \"mapc\"\n";
        let found = found(text);
        let at: Vec<&str> = found.iter().map(|(at, _)| at.as_str()).collect();
        for place in ["3", "\"two\"", "colour", "wieght", "5", "4", "[[doses]]"] {
            assert!(at.contains(&place), "{place} in {found:#?}");
        }
        assert!(
            found
                .iter()
                .any(|(_, said)| said.contains("missing field `route`")),
            "{found:#?}"
        );
        assert_eq!(found.len(), 8, "{found:#?}");
    }

    #[test]
    fn whatever_a_file_holds_every_place_is_one_of_its_text() {
        let good = "title = \"Ratten – ein Versuch\"\nuntil = \"3 d\"\nlabels = [\"alu_dna\"]\n[host]\nspecies = \"rat\"\n\
                    weight = \"250 g\"\nconditions = [{ name = \"stroke\", onset = \"-1 d\" }]\n[[doses]]\n\
                    amount = \"5e5 cells\"\nproduct = { kind = \"mapc\", passage = 3 }\nroute = \"arterial\"\n";
        let pieces = [
            "",
            "\"",
            "é",
            "=",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "3",
            "x",
            ",",
            ".",
            "#",
            "until",
            "[[doses]]\n",
        ];
        let letters: Vec<usize> = good.char_indices().map(|(at, _)| at).collect();
        // A plain generator of numbers (Knuth): the same files in every run.
        let mut state = 1_u64;
        let mut next = |end: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % end
        };
        let mut wrong = 0;
        for _ in 0..3000 {
            let mut text = good.to_string();
            for _ in 0..=next(3) {
                let (a, b) = (letters[next(letters.len())], letters[next(letters.len())]);
                let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 12));
                if text.is_char_boundary(a) && text.is_char_boundary(b) && b <= text.len() {
                    text.replace_range(a..b, pieces[next(pieces.len())]);
                }
            }
            for found in read(&text).err().unwrap_or_default() {
                wrong += 1;
                let span = found.span.unwrap_or(0..0);
                assert!(text.get(span.clone()).is_some(), "{span:?} of {text}");
            }
        }
        assert!(wrong > 1000, "{wrong}");
    }

    #[test]
    fn what_is_no_toml_has_one_fault() {
        assert_eq!(found("until = = 3").len(), 1);
        let missing = found("[host]\nspecies = \"mouse\"\n");
        assert!(missing[0].1.contains("missing field"), "{missing:#?}");
    }
}
