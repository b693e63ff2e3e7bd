//! Which known names look like an unknown one.
//!
//! Errors all over the crate list near names; the one ranking lives here.

/// Up to five names that look most like `name`, best first.
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
        .map(|(_, known)| *known)
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
    simple(a) == simple(b)
}

/// Without case and what joins words.
fn simple(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
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
}
