//! The columns of a dosing table: those that are read, and those that would change a row and are refused.

use crate::data::{Columns, TableError, TableFaults, UserRow};

/// What a dosing table may hold.
pub(super) const COLUMNS: Columns = Columns {
    known: &[
        "ID", "TIME", "AMT", "EVID", "MDV", "RATE", "DUR", "TINF", "ADDL", "II", "ROUTE",
        "PRODUCT", "SS", "C", "ALAG", "ALAG1", "LAG", "TLAG", "F1", "CMT", "PCMT", "ADM", "CENS",
        "BLQ", "LLOQ", "LIMIT", "CONT", "D1", "D2", "D3", "R1", "R2", "R3", "ALAG2", "ALAG3", "F2",
        "F3", "DATE", "DAT1", "DAT2", "DAT3", "EXCL", "EXCLUDE", "IGNORE",
    ],
    needed: &["TIME", "AMT"],
    numbers: &[
        "AMT", "EVID", "MDV", "DUR", "TINF", "ADDL", "II", "SS", "ALAG", "ALAG1", "LAG", "TLAG",
        "F1", "TIME", "RATE",
    ],
};

/// Columns of which a row may hold one number at most: they mean the same.
pub(super) const LAGS: [&str; 4] = ["ALAG", "ALAG1", "LAG", "TLAG"];
/// As [`LAGS`].
pub(super) const DURATIONS: [&str; 2] = ["DUR", "TINF"];

const COMPARTMENT: &str =
    "must be 0 or absent: compartments have no numbers here; name the way in a column 'ROUTE'";
const MEASURED: &str = "must be 0 or absent: measurements are not read from a dosing table; leave their columns out, and \
                        give them in a table of measurements";
const DATED: &str = "must be absent: write 'TIME' in hours since the start, through all days";
const ONE_WAY_IN: &str =
    "a dose has one way in: use 'ALAG' and 'F1', without a number of a compartment";
const RATE: &str = "must be 0 or absent: write the rate in 'RATE'";
const DURATION: &str = "must be 0 or absent: write the duration in 'DUR'";
const LEFT_OUT: &str =
    "must be 0 or absent: begin a row that does not count with '#', or mark it in a column 'C'";

/// Columns that cannot be honoured, with the number that changes nothing, if there is one, and the way out.
const REFUSED: [(&str, Option<f64>, &str); 26] = [
    ("CMT", Some(0.0), COMPARTMENT),
    ("PCMT", Some(0.0), COMPARTMENT),
    ("ADM", Some(0.0), COMPARTMENT),
    ("CENS", Some(0.0), MEASURED),
    ("BLQ", Some(0.0), MEASURED),
    ("LLOQ", Some(0.0), MEASURED),
    ("LIMIT", Some(0.0), MEASURED),
    (
        "CONT",
        Some(0.0),
        "must be 0 or absent: a row that continues the one above is not supported",
    ),
    ("D1", Some(0.0), DURATION),
    ("D2", Some(0.0), DURATION),
    ("D3", Some(0.0), DURATION),
    ("R1", Some(0.0), RATE),
    ("R2", Some(0.0), RATE),
    ("R3", Some(0.0), RATE),
    ("ALAG2", Some(0.0), ONE_WAY_IN),
    ("ALAG3", Some(0.0), ONE_WAY_IN),
    ("F2", Some(1.0), ONE_WAY_IN),
    ("F3", Some(1.0), ONE_WAY_IN),
    ("DATE", None, DATED),
    ("DAT1", None, DATED),
    ("DAT2", None, DATED),
    ("DAT3", None, DATED),
    ("EXCL", Some(0.0), LEFT_OUT),
    ("EXCLUDE", Some(0.0), LEFT_OUT),
    ("IGNORE", Some(0.0), LEFT_OUT),
    (
        "SS",
        Some(0.0),
        "must be 0 or absent: a steady state is not supported",
    ),
];

/// Refuses by name what a row holds in columns that cannot be honoured.
pub(super) fn refuse(row: &UserRow<'_>, faults: &mut TableFaults) {
    for (column, harmless, why) in REFUSED {
        let Some(text) = row.text(column) else {
            continue;
        };
        let same =
            |number: f64| harmless.is_some_and(|harmless| number.total_cmp(&harmless).is_eq());
        if !row.parse(text).is_some_and(same) {
            faults.push(row.bad(column, why));
        }
    }
}

/// The number of a row in one of some columns that mean the same.
pub(super) fn one_of(
    row: &UserRow<'_>,
    columns: &[&'static str],
) -> Result<Option<f64>, TableError> {
    let mut found: Option<(&str, f64)> = None;
    for column in columns {
        let Some(number) = row.number(column)? else {
            continue;
        };
        match found {
            Some((first, other)) if other.total_cmp(&number).is_ne() => {
                let allowed =
                    format!("must be that of '{first}', {other}, or absent: the two mean the same");
                return Err(row.bad(column, allowed));
            }
            _ => found = Some((column, number)),
        }
    }
    Ok(found.map(|(_, number)| number))
}
