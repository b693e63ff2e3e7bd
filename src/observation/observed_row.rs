//! One row of a table of measurements: what its cells may say.

use super::{Assay, MeasuredBy, ObservedRow, ReadingUnit, Value};
use crate::data::{Columns, TableError, TableFaults, UserRow};
use crate::names::{near, same};
use crate::scenario::Label;
use crate::units::Time;

/// What a table of measurements may hold.
pub(super) const COLUMNS: Columns = Columns {
    known: &[
        "time_h", "organ", "value", "unit", "assay", "label", "id", "C", "CENS", "BLQ", "LLOQ",
        "LOQ", "MDV", "EVID", "AMT", "LIMIT", "EXCL", "EXCLUDE", "IGNORE",
    ],
    needed: &["time_h", "organ", "value"],
    numbers: &["time_h", "value", "LLOQ", "LOQ", "AMT"],
};

const UNITS: [ReadingUnit; 8] = [
    ReadingUnit::Cells,
    ReadingUnit::CellsPerGram,
    ReadingUnit::PercentDose,
    ReadingUnit::PercentDosePerGram,
    ReadingUnit::Becquerel,
    ReadingUnit::CountsPerMinute,
    ReadingUnit::CopiesPerMicrogram,
    ReadingUnit::CellsRecovered,
];

/// What stands in the place of a number that is below the limit of quantification.
const BELOW: [&str; 10] = [
    "BLQ",
    "BQL",
    "BLOQ",
    "BLLOQ",
    "LLOQ",
    "LOQ",
    "LOD",
    "ND",
    "N.D.",
    "not detected",
];

/// What people write in the place of parts of a unit, one after the other.
const SPELLINGS: [(&str, &str); 10] = [
    ("percent", "%"),
    ("injected", "i"),
    ("idose", "id"),
    ("%dose", "%id"),
    ("per", "/"),
    ("micro", "u"),
    ("grams", "g"),
    ("gram", "g"),
    ("/gtissue", "/g"),
    ("/goftissue", "/g"),
];

/// A row, or why it holds no measurement.
pub(super) enum Read {
    Row(Box<ObservedRow>),
    Skip(&'static str),
}

/// A value with the digits that were typed.
type Typed = (Value, String);

/// A row with what its cells may say.
pub(super) struct Cells<'a>(pub(super) &'a UserRow<'a>);

impl Cells<'_> {
    fn text(&self, column: &str) -> Option<&str> {
        self.0.text(column)
    }

    fn bad(&self, column: &'static str, allowed: impl Into<String>) -> TableError {
        self.0.bad(column, allowed)
    }

    /// Reads a row; every fault of it is kept.
    pub(super) fn read(&self, faults: &mut TableFaults) -> Option<Read> {
        if let Some(why) = faults.take(self.no_measurement())? {
            return Some(Read::Skip(why));
        }
        for column in ["LIMIT", "EXCL", "EXCLUDE", "IGNORE"] {
            if self.text(column).is_some_and(|text| text != "0") {
                let allowed =
                    "must be 0 or absent: not supported; a row that does not count begins with '#'";
                faults.push(self.bad(column, allowed));
            }
        }
        let time = faults.take(self.time());
        let organ = self.text("organ");
        if organ.is_none() {
            faults.push(self.bad("organ", "must be a place, or 'body'"));
        }
        let value = faults.take(self.value());
        let unit = faults.take(self.unit());
        let measured_by = unit.and_then(|unit| faults.take(self.measured_by(unit)));
        let Some((value, typed)) = value? else {
            return Some(Read::Skip("no value"));
        };
        Some(Read::Row(Box::new(ObservedRow {
            line: self.0.line(),
            subject: self.text("id").map(str::to_string),
            time: Time::new(time?),
            organ: organ?.to_string(),
            measured_by: measured_by?,
            value,
            typed,
            unit: unit?,
        })))
    }

    /// Why a row holds no measurement, if it holds none.
    fn no_measurement(&self) -> Result<Option<&'static str>, TableError> {
        let above = |column| Ok(self.0.number(column)?.is_some_and(|number| number > 0.0));
        if self.0.is_remark()? {
            return Ok(Some("marked C"));
        }
        if above("EVID")? || above("AMT")? {
            return Ok(Some("a dose"));
        }
        match self.0.number("MDV")? {
            Some(1.0) => Ok(Some("MDV 1")),
            None | Some(0.0) => Ok(None),
            Some(_) => Err(self.bad("MDV", "must be 0 or 1")),
        }
    }

    fn time(&self) -> Result<f64, TableError> {
        let text = self.text("time_h").unwrap_or_default();
        let time = self.0.parse(text).filter(|time| *time >= 0.0);
        let allowed = "must be a finite number of hours, at least 0: the run begins at 0 h";
        time.ok_or_else(|| self.bad("time_h", allowed))
    }

    /// The value, or the limit that it is below; none where nothing was written.
    fn value(&self) -> Result<Option<Typed>, TableError> {
        let (censored, limit) = (self.censored()?, self.limit()?);
        let text = self.text("value").unwrap_or_default();
        let bare = text.trim_start_matches('<').trim();
        let below = BELOW.iter().any(|word| same(word, bare));
        let measured = censored == Some(false);
        if measured && (below || text.starts_with('<')) {
            return Err(self.bad("value", "must be a number where CENS or BLQ is 0"));
        }
        if below || (text.is_empty() && censored == Some(true)) {
            return match limit {
                Some((limit, typed)) => Ok(Some(under(limit, &typed))),
                None => Err(self.bad("value", LIMIT)),
            };
        }
        if text.is_empty() {
            return Ok(None);
        }
        let number = self.0.parse(bare).filter(|number| *number >= 0.0);
        let Some(number) = number else {
            let allowed = "must be a finite number of at least 0, or such a number after '<'";
            return Err(self.bad("value", allowed));
        };
        let typed = self.0.pointed(bare);
        if text.starts_with('<') {
            return Ok(Some(under(number, &typed)));
        }
        match (censored, limit) {
            (Some(true), Some((limit, typed))) if number <= limit => Ok(Some(under(limit, &typed))),
            (Some(true), Some((limit, _))) => {
                let allowed = format!("must not be above LLOQ, {limit}, where CENS or BLQ is 1");
                Err(self.bad("value", allowed))
            }
            (Some(true), None) if number > 0.0 => Ok(Some(under(number, &typed))),
            (Some(true), None) => Err(self.bad("value", LIMIT)),
            (Some(false), Some((limit, _))) if number < limit => {
                let allowed = format!("must be at least LLOQ, {limit}, where CENS or BLQ is 0");
                Err(self.bad("value", allowed))
            }
            (None, Some((limit, typed))) if number < limit => Ok(Some(under(limit, &typed))),
            _ => Ok(Some((Value::Detected(number), typed))),
        }
    }

    /// Whether the value is a limit, by the columns that say so.
    fn censored(&self) -> Result<Option<bool>, TableError> {
        let mut found = None;
        for column in ["CENS", "BLQ"] {
            let censored = match self.0.signed(column)? {
                None => continue,
                Some(0.0) => false,
                Some(1.0) => true,
                Some(_) => {
                    let allowed = "must be 1 (the value is a limit from above) or 0; others are not supported";
                    return Err(self.bad(column, allowed));
                }
            };
            if found.is_some_and(|other| other != censored) {
                return Err(self.bad(column, "must agree with CENS"));
            }
            found = Some(censored);
        }
        Ok(found)
    }

    /// The limit of quantification, with the digits that were typed.
    fn limit(&self) -> Result<Option<(f64, String)>, TableError> {
        for column in ["LLOQ", "LOQ"] {
            if let Some(limit) = self.0.number(column)?.filter(|limit| *limit > 0.0) {
                let typed = self.0.pointed(self.text(column).unwrap_or_default());
                return Ok(Some((limit, typed)));
            }
        }
        Ok(None)
    }

    fn unit(&self) -> Result<ReadingUnit, TableError> {
        let Some(text) = self.text("unit") else {
            return Ok(ReadingUnit::Cells);
        };
        let asked = plain(text);
        let found = UNITS.into_iter().find(|unit| plain(unit.text()) == asked);
        found.ok_or_else(|| {
            let known = UNITS.map(ReadingUnit::text).join(", ");
            self.bad("unit", format!("must be one of {known}"))
        })
    }

    fn measured_by(&self, unit: ReadingUnit) -> Result<MeasuredBy, TableError> {
        let label = self.text("label").map(|name| Label::from(name.to_string()));
        let Some(name) = self.text("assay") else {
            return match unit {
                ReadingUnit::PercentDose | ReadingUnit::PercentDosePerGram => {
                    Ok(MeasuredBy::Label(label))
                }
                _ if label.is_some() => Err(self.bad("label", "needs an 'assay' that reads it")),
                _ => self.living(unit, "unit"),
            };
        };
        if same(name, "living cells") {
            return self.living(unit, "assay");
        }
        let Some(name) = Assay::instruments().find(|known| same(known, name)) else {
            let near = near(name, Assay::instruments().chain(["living cells"]));
            return Err(self.bad("assay", format!("unknown instrument; near names: {near}")));
        };
        let label = label.or_else(|| match name {
            "luminescence" => Assay::luminescence().label,
            "mri" => Assay::mri().label,
            _ => None,
        });
        Ok(MeasuredBy::Assay(Assay::new(name, label).in_unit(unit)))
    }

    fn living(&self, unit: ReadingUnit, column: &'static str) -> Result<MeasuredBy, TableError> {
        let counted = matches!(
            unit,
            ReadingUnit::Cells
                | ReadingUnit::CellsPerGram
                | ReadingUnit::PercentDose
                | ReadingUnit::PercentDosePerGram
        );
        match counted {
            true => Ok(MeasuredBy::LivingCells),
            false => Err(self.bad(
                column,
                format!("{unit} needs an 'assay'; living cells have no such unit"),
            )),
        }
    }
}

const LIMIT: &str = "needs its limit: give it in a column 'LLOQ', or write '<' and the limit here";

fn under(limit: f64, typed: &str) -> Typed {
    (Value::NotDetected { limit }, format!("<{typed}"))
}

/// A unit without what people write in different ways.
fn plain(unit: &str) -> String {
    let letters = unit.chars().filter(|c| !c.is_whitespace() && *c != '_');
    let letters = letters.map(|c| if matches!(c, 'µ' | 'μ') { 'u' } else { c });
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    SPELLINGS
        .iter()
        .fold(plain, |unit, (written, short)| unit.replace(written, short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_people_write_them() {
        for (written, unit) in [
            ("% ID/g", ReadingUnit::PercentDosePerGram),
            ("%ID per gram", ReadingUnit::PercentDosePerGram),
            (
                "% injected dose / g tissue",
                ReadingUnit::PercentDosePerGram,
            ),
            ("percent_dose", ReadingUnit::PercentDose),
            ("%id", ReadingUnit::PercentDose),
            ("Cells", ReadingUnit::Cells),
            ("cells per g", ReadingUnit::CellsPerGram),
            ("copies/µg DNA", ReadingUnit::CopiesPerMicrogram),
        ] {
            assert_eq!(plain(written), plain(unit.text()), "{written}");
        }
        let all = UNITS.map(|unit| plain(unit.text()));
        for (k, unit) in all.iter().enumerate() {
            assert!(!all[..k].contains(unit), "{unit}");
        }
        assert_ne!(plain("%"), plain("%ID"));
    }
}
