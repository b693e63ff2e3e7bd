//! Which known names look like an unknown one.
//!
//! Errors all over the crate list near names; the one ranking lives here.

use std::borrow::Cow;

/// Letters of a name that are compared; the longest name of the registry has less than half of them.
const COMPARED: usize = 100;

/// Up to five names that look most like `name`, best first.
///
/// The first [`COMPARED`] letters decide, so that a name of a million letters costs no more than one of a hundred.
pub(crate) fn near<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let asked = simple(name);
    let rank = |known: &str| {
        let known = simple(known);
        // Who writes a part of a name, its first letters, or the name with more, means it.
        let within = asked.len() >= 3 && (known.contains(&asked) || shortens(&asked, &known));
        let class = match asked == known {
            true => 0,
            false if within || (known.len() >= 3 && asked.contains(&known)) => 1,
            false => 2,
        };
        (class, distance(&asked, &known))
    };
    let ranked = names.into_iter().map(|known| (rank(known), known));
    let mut ranked: Vec<((u8, usize), &str)> = ranked.collect();
    ranked.sort();
    ranked
        .iter()
        .take(5)
        .map(|(_, known)| shortened(known, COMPARED))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether all letters of a short name stand in a long one, in their order, the first at its beginning.
fn shortens(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let first = short.chars().next();
    first == long.chars().next()
        && short
            .chars()
            .all(|letter| rest.any(|other| other == letter))
}

/// Whether two names are one for people: `Bone marrow` and `bone_marrow`.
pub(crate) fn same(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

/// A text of at most so many letters; the end of a longer one is `...`.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept = text.chars().take(most.saturating_sub(3));
            Cow::Owned(kept.chain("...".chars()).collect())
        }
    }
}

/// The letters of a name, without case and what joins words.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
    letters.flat_map(char::to_lowercase)
}

/// The first [`letters`] of a name.
fn simple(name: &str) -> String {
    letters(name).take(COMPARED).collect()
}

/// Edit distance (Levenshtein), or that to the beginning of a longer name and one more: who forgets a letter of
/// `washout` means `washout_rest` rather than `egress`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    let beginning = row.iter().min().map_or(0, |least| least + 1);
    let whole = row[b.len()];
    match beginning <= a.chars().count() / 3 {
        true => whole.min(beginning),
        false => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_comes_first() {
        let names = ["liver.release", "lung.release", "lung.homing"];
        assert!(near("lung.relaese", names).starts_with("lung.release"));
        assert_eq!(distance("kitten", "sitting"), 3);
        let names = ["tissue.egress", "tissue.washout_rest", "tissue.release"];
        assert!(near("tissue.washot", names).starts_with("tissue.washout_rest"));
        let names = ["mapc", "bone_marrow_msc", "lymphocytes"];
        assert!(near("BM-MSC", names).starts_with("bone_marrow_msc"));
        assert!(near("msc", names).starts_with("bone_marrow_msc"));
        assert!(near("Bone Marrow MSC", names).starts_with("bone_marrow_msc"));
    }
    #[test]
    fn a_long_name_is_compared_by_its_first_letters() {
        let names = ["lung.release", "liver.release"];
        let long = format!("lung.relaese{}", "x".repeat(1_000_000));
        assert!(near(&long, names).starts_with("lung.release"));
        // Both sides may be those of a user: the heads of a table.
        let heads = ["y".repeat(1_000_000), "TIM".to_string()];
        let found = near("TIME", heads.iter().map(String::as_str));
        assert!(
            found.starts_with("TIM, yyy") && found.len() < 200,
            "{found}"
        );
    }

    #[test]
    fn a_long_text_is_shortened_between_letters() {
        assert_eq!(shortened("lung", 4), "lung");
        assert_eq!(shortened("Lungenembolie", 7), "Lung...");
        assert_eq!(shortened("\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}", 4), "\u{e9}...");
    }
}
