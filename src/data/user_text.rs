//! The text of a table of a user: where its heads are, and where each record begins and ends.

use super::table_error::TableError;
use super::user_table::SkippedRow;

/// What may separate columns; of two that are used alike, the later does.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

/// One record, which may have several lines within quotes.
pub(super) struct Record<'a> {
    /// Its first line, from 1.
    pub(super) line: u64,
    pub(super) text: &'a str,
}

/// The heads of a table, and what is below them.
pub(super) struct Heads<'a> {
    pub(super) names: Vec<String>,
    pub(super) separator: u8,
    /// What follows the heads.
    pub(super) body: &'a str,
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// Remarks above the heads.
    pub(super) skipped: Vec<SkippedRow>,
}

impl<'a> Heads<'a> {
    /// The first record that is neither a remark, nor blank, nor says what the separator is.
    pub(super) fn find(text: &'a str, needed: &[&str]) -> Result<Self, TableError> {
        let (mut rest, mut line) = (text, 1);
        let mut told = None;
        let mut skipped = vec![];
        while let Some(record) = first(rest, line, &SEPARATORS)? {
            let body = &rest[record.text.len()..];
            let next = line + lines(record.text);
            // A separator before the first head belongs to the heads.
            let plain = record.text.trim_matches([' ', '\n']);
            // With a `#` before them, heads are heads if they have what is needed.
            let names = plain.trim_start_matches('#');
            let separator = told.unwrap_or_else(|| separator(names));
            let names = split(names, separator);
            let named = |column: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(column));
            if let Some(mark) = told_separator(plain) {
                told = Some(mark);
            } else if plain.starts_with('#') && !needed.iter().all(named) {
                let why = "a remark";
                skipped.push(SkippedRow { line, why });
            } else if names.iter().any(|name| !name.is_empty()) {
                return Ok(Self {
                    names,
                    separator,
                    body,
                    line: next,
                    skipped,
                });
            }
            (rest, line) = (body, next);
        }
        Ok(Self {
            names: vec![],
            separator: b',',
            body: "",
            line,
            skipped,
        })
    }
}

/// The separator of a first line such as `sep=;`, which Excel writes and reads.
fn told_separator(line: &str) -> Option<u8> {
    let line = line.trim_matches('"');
    let (name, mark) = line.split_at_checked(4)?;
    match (name.eq_ignore_ascii_case("sep="), mark.as_bytes()) {
        (true, [mark]) if b",;\t|:".contains(mark) => Some(*mark),
        _ => None,
    }
}

/// What separates the columns: what the heads have most of, outside quotes; blanks if they have nothing else.
fn separator(heads: &str) -> u8 {
    let plain = heads.split('"').step_by(2);
    let count = |mark: u8| {
        let pieces = plain.clone();
        pieces
            .flat_map(str::bytes)
            .filter(|byte| *byte == mark)
            .count()
    };
    let most = SEPARATORS.into_iter().max_by_key(|mark| count(*mark));
    match most.filter(|mark| count(*mark) > 0) {
        None if heads.split_whitespace().count() > 1 => b' ',
        most => most.unwrap_or(b','),
    }
}

/// The names of heads, without what is around them.
fn split(heads: &str, separator: u8) -> Vec<String> {
    if separator == b' ' {
        return heads.split_whitespace().map(str::to_string).collect();
    }
    let mut names = vec![String::new()];
    let mut quoted = false;
    for letter in heads.chars() {
        match letter {
            '"' => quoted = !quoted,
            _ if !quoted && letter == char::from(separator) => names.push(String::new()),
            _ => names
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|name| name.push(letter)),
        }
    }
    let trimmed = names.iter().map(|name| name.trim().to_string());
    trimmed.collect()
}

/// The records of a text whose first line has a number.
pub(super) fn records(
    text: &str,
    line: u64,
    separator: u8,
) -> impl Iterator<Item = Result<Record<'_>, TableError>> {
    let (mut rest, mut line) = (text, line);
    std::iter::from_fn(move || {
        let record = first(rest, line, &[separator]).transpose()?;
        match &record {
            Ok(record) => {
                rest = &rest[record.text.len()..];
                line += lines(record.text);
            }
            Err(_) => rest = "",
        }
        Some(record)
    })
}

/// The first record of a text, with the end of its line.
fn first<'a>(
    text: &'a str,
    line: u64,
    separators: &[u8],
) -> Result<Option<Record<'a>>, TableError> {
    let remark = text.trim_start_matches(' ').starts_with('#');
    let (mut quoted, mut begins, mut closed) = (false, true, false);
    let mut end = text.len();
    for (place, byte) in text.bytes().enumerate() {
        if byte == b'\n' && !quoted {
            end = place + 1;
            break;
        }
        // A quote opens a cell only where the cell begins; two of them within quotes are a letter.
        let turns = byte == b'"' && !remark && (quoted || begins || closed);
        closed = turns && quoted;
        quoted = quoted != turns;
        begins = separators.contains(&byte) && !quoted;
    }
    match (text.is_empty(), quoted && end == text.len()) {
        (true, _) => Ok(None),
        (false, true) => Err(TableError::Csv {
            reason: format!("line {line}: a quote is opened here and never closed"),
        }),
        (false, false) => Ok(Some(Record {
            line,
            text: &text[..end],
        })),
    }
}

/// Lines of a record.
fn lines(record: &str) -> u64 {
    record.bytes().filter(|byte| *byte == b'\n').count() as u64
}
