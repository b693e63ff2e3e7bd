//! The embedded tables, read once.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::{Correlation, DataError, Quantity, Source};

type Table<T> = OnceLock<Result<Vec<T>, DataError>>;

/// Kinetic parameters: capture, release, homing, death, remains, depots; calibrated where data allow.
///
/// # Errors
/// [`DataError::BadRow`] if the embedded table is damaged.
pub fn parameters() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    let read = TABLE.get_or_init(|| calibrated(kinetic()?));
    read.as_deref().map_err(Clone::clone)
}

/// Rows with what calibration puts in their place.
fn calibrated(rows: &[Quantity]) -> Result<Vec<Quantity>, DataError> {
    let fitted = fitted()?;
    let rows = rows.iter().map(|row| {
        let same = |other: &&Quantity| other.id == row.id && other.species == row.species;
        fitted.iter().find(same).unwrap_or(row).clone()
    });
    Ok(rows.collect())
}

fn kinetic() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "parameters.csv", include_str!("parameters.csv"))
}

fn of_labels() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "labels.csv", include_str!("labels.csv"))
}

/// Kinetic parameters and labels before calibration: the priors of `docs/calibration.md`.
///
/// # Errors
/// As [`parameters`].
pub fn starting() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    let read = TABLE.get_or_init(|| Ok([kinetic()?, of_labels()?].concat()));
    read.as_deref().map_err(Clone::clone)
}

/// What calibration puts in their place.
///
/// # Errors
/// As [`parameters`].
pub fn fitted() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "fitted.csv", include_str!("fitted.csv"))
}

/// How the fitted numbers hang together.
///
/// # Errors
/// As [`parameters`].
pub fn correlations() -> Result<&'static [Correlation], DataError> {
    static TABLE: Table<Correlation> = OnceLock::new();
    let read = TABLE.get_or_init(|| {
        let fitted = fitted()?;
        let known = |id: &str, species: &str| {
            let mut rows = fitted.iter();
            rows.any(|row| row.id == id && row.species == species)
        };
        let text = include_str!("correlations.csv");
        read("correlations.csv", text, |row: &Correlation| {
            let fits = known(&row.a, &row.a_species) && known(&row.b, &row.b_species);
            match fits && (-1.0..=1.0).contains(&row.r) {
                true => Ok(()),
                false => Err(format!(
                    "{} and {}: no fitted rows, or no correlation",
                    row.a, row.b
                )),
            }
        })
    });
    read.as_deref().map_err(Clone::clone)
}

/// Organ weights, flows and blood contents of every species.
///
/// # Errors
/// As [`parameters`].
pub fn physiology() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "physiology.csv", include_str!("physiology.csv"))
}

/// Cell products: diameters, viability, receptors.
///
/// # Errors
/// As [`parameters`].
pub fn products() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "products.csv", include_str!("products.csv"))
}

/// Routes: the share of a selective dose that flows past its organ.
///
/// # Errors
/// As [`parameters`].
pub fn routes() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "routes.csv", include_str!("routes.csv"))
}

/// Labels: half-life, activity, elution, what becomes of label that left its cell.
///
/// # Errors
/// As [`parameters`].
pub fn labels() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    let read = TABLE.get_or_init(|| calibrated(of_labels()?));
    read.as_deref().map_err(Clone::clone)
}

/// Assays: detection limits, yields, noise.
///
/// # Errors
/// As [`parameters`].
pub fn assays() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "assays.csv", include_str!("assays.csv"))
}

/// Conditions of a host: what diseases, drugs and operations do to other numbers.
///
/// # Errors
/// As [`parameters`].
pub fn conditions() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "conditions.csv", include_str!("conditions.csv"))
}

/// Preparations of cells: what culture, priming and freezing do to their traits.
///
/// # Errors
/// As [`parameters`].
pub fn preparations() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "preparations.csv", include_str!("preparations.csv"))
}

/// How subjects, and lots of cells, differ: coefficients of variation of other numbers.
///
/// # Errors
/// As [`parameters`].
pub fn variability() -> Result<&'static [Quantity], DataError> {
    static TABLE: Table<Quantity> = OnceLock::new();
    quantities(&TABLE, "variability.csv", include_str!("variability.csv"))
}

/// The publications behind the numbers.
///
/// # Errors
/// As [`parameters`].
pub fn sources() -> Result<&'static [Source], DataError> {
    static TABLE: Table<Source> = OnceLock::new();
    let read = TABLE.get_or_init(|| read("sources.csv", include_str!("sources.csv"), |_| Ok(())));
    read.as_deref().map_err(Clone::clone)
}

fn quantities(
    table: &'static Table<Quantity>,
    name: &'static str,
    text: &str,
) -> Result<&'static [Quantity], DataError> {
    let read = table.get_or_init(|| {
        let sources = sources()?;
        read(name, text, |row: &Quantity| check(row, sources))
    });
    read.as_deref().map_err(Clone::clone)
}

/// A row must make sense on its own and name a known source.
fn check(row: &Quantity, sources: &[Source]) -> Result<(), String> {
    row.unit
        .check(&row.id, row.value)
        .map_err(|error| error.to_string())?;
    if row.place().is_empty() || row.species.is_empty() || row.meaning.is_empty() {
        return Err(format!("{}: id, species and meaning must be given", row.id));
    }
    if !(row.gsd.is_finite() && row.gsd >= 1.0) {
        return Err(format!("{}: gsd = {} must be at least 1", row.id, row.gsd));
    }
    if !sources.iter().any(|source| source.key == row.source) {
        return Err(format!("{}: unknown source '{}'", row.id, row.source));
    }
    Ok(())
}

fn read<T: DeserializeOwned>(
    table: &'static str,
    text: &str,
    check: impl Fn(&T) -> Result<(), String>,
) -> Result<Vec<T>, DataError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = vec![];
    for row in reader.deserialize() {
        let bad = |fault| DataError::BadRow {
            table,
            line: rows.len() as u64 + 2,
            fault,
        };
        let row: T = row.map_err(|error: csv::Error| bad(error.to_string()))?;
        check(&row).map_err(bad)?;
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_source_is_refused() {
        let header = "id,species,value,unit,gsd,weight_exponent,status,source,meaning\n";
        let row = "lung.release,any,0.1,1/h,2,0,assumed,nobody,why\n";
        let result = read("test", &format!("{header}{row}"), |row: &Quantity| {
            check(row, sources().map_err(|e| e.to_string())?)
        });
        let message = result.unwrap_err().to_string();
        assert!(
            message.contains("line 2") && message.contains("nobody"),
            "{message}"
        );
    }

    #[test]
    fn a_wrong_unit_is_refused() {
        let text = "id,species,value,unit,gsd,weight_exponent,status,source,meaning\n\
                    lung.release,any,0.1,1/fortnight,2,0,assumed,assumed,why\n";
        assert!(read("test", text, |_: &Quantity| Ok(())).is_err());
    }
}
