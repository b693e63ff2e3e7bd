//! One row of a dosing table.

use super::Repeat;
use super::dosing_columns::{COLUMNS, DURATIONS, LAGS, one_of, refuse};
use crate::data::{TableError, TableFaults, UserRow};
use crate::units::{Cells, Time};

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Line of the text.
    pub(super) line: u64,
    /// When, h; below 0 only in an observation.
    pub(super) time: f64,
    /// The dose; none in an observation.
    pub(super) given: Option<Given>,
}

/// A dose as its row has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) amount: Cells,
    pub(super) over: Time,
    /// Absent: that of the scenario.
    pub(super) lag: Option<Time>,
    /// Absent: that of the scenario.
    pub(super) lost: Option<f64>,
    pub(super) repeat: Option<Repeat>,
    pub(super) route: Option<String>,
    pub(super) product: Option<String>,
}

/// The subject of a row; all rows are of one where no column names them.
pub(super) fn subject<'a>(row: &UserRow<'a>) -> Result<&'a str, TableError> {
    match row.text("ID") {
        Some(id) => Ok(id),
        None if row.has("ID") => Err(row.bad("ID", "must name the subject")),
        None => Ok("1"),
    }
}

impl Row {
    /// Reads a row; every fault of it is kept.
    pub(super) fn read(row: &UserRow<'_>, faults: &mut TableFaults) -> Option<Self> {
        refuse(row, faults);
        let time = faults.take(time(row));
        let numbers = COLUMNS
            .numbers
            .iter()
            .filter(|column| !matches!(**column, "TIME" | "RATE" | "SS"));
        let wrong = numbers.filter_map(|column| row.number(column).err());
        let wrong: Vec<TableError> = wrong.chain(row.signed("RATE").err()).collect();
        let readable = wrong.is_empty();
        wrong.into_iter().for_each(|fault| faults.push(fault));
        if !readable {
            return None;
        }
        let reader = Reader(row);
        let given = match faults.take(reader.is_dose())? {
            true => {
                if time.is_some_and(|time| time < 0.0) {
                    let allowed = "must be at least 0 in a dose: the run begins at 0 h";
                    faults.push(row.bad("TIME", allowed));
                }
                Some(reader.given(faults)?)
            }
            false => {
                reader.only_observed(faults);
                None
            }
        };
        Some(Self {
            line: row.line(),
            time: time?,
            given,
        })
    }
}

fn time(row: &UserRow<'_>) -> Result<f64, TableError> {
    let time = row.text("TIME").and_then(|text| row.parse(text));
    let comma = row.text("TIME").is_some_and(|text| text.contains(','));
    time.ok_or_else(|| match comma {
        true => row.bad("TIME", "must have a decimal point, and no comma"),
        false => row.bad(
            "TIME",
            "must be a number of hours since the start, at least 0 in a dose",
        ),
    })
}

/// A row with the arithmetic of doses.
struct Reader<'a>(&'a UserRow<'a>);

impl Reader<'_> {
    /// A number that is known to be one.
    fn number(&self, column: &'static str) -> Option<f64> {
        self.0.signed(column).ok().flatten()
    }

    fn bad(&self, column: &'static str, allowed: &str) -> TableError {
        self.0.bad(column, allowed)
    }

    fn is_dose(&self) -> Result<bool, TableError> {
        let amount = self.number("AMT").unwrap_or(0.0);
        let dose = match self.number("EVID") {
            None => amount > 0.0,
            Some(0.0 | 2.0) => false,
            Some(1.0) => true,
            Some(3.0 | 4.0) => {
                return Err(self.bad("EVID", "must be 0, 1 or 2: a reset is not supported"));
            }
            Some(_) => {
                let allowed =
                    "must be 1 (a dose), or 0 or 2 (a time to report); others are not supported";
                return Err(self.bad("EVID", allowed));
            }
        };
        match self.number("MDV") {
            Some(0.0) if dose => Err(self.bad("MDV", "must be 1 or absent in a dose")),
            None | Some(0.0 | 1.0) => Ok(dose),
            Some(_) => Err(self.bad("MDV", "must be 0 or 1")),
        }
    }

    /// What only doses have must be absent.
    fn only_observed(&self, faults: &mut TableFaults) {
        for column in ["AMT", "RATE", "DUR", "TINF", "ADDL", "II"] {
            if self.number(column).is_some_and(|number| number != 0.0) {
                let allowed = "must be 0 or absent in an observation: a dose has an AMT above 0, and EVID 1 or none";
                faults.push(self.bad(column, allowed));
            }
        }
    }

    /// The dose; every fault of it is kept.
    fn given(&self, faults: &mut TableFaults) -> Option<Given> {
        let amount = self.number("AMT").unwrap_or(0.0);
        if amount <= 0.0 {
            faults.push(self.bad("AMT", "must be above 0 in a dose (EVID 1)"));
        }
        let enters = faults.take(self.enters());
        let over = faults.take(self.duration(amount * enters.flatten().unwrap_or(1.0)));
        let lag = faults.take(one_of(self.0, &LAGS));
        let repeat = faults.take(self.repeat());
        let text = |column| self.0.text(column).map(str::to_string);
        Some(Given {
            amount: Cells::new(amount),
            over: over?,
            lag: lag?.map(Time::new),
            lost: enters?.map(|enters| 1.0 - enters),
            repeat: repeat?,
            route: text("ROUTE"),
            product: text("PRODUCT"),
        })
    }

    /// The share that enters.
    fn enters(&self) -> Result<Option<f64>, TableError> {
        match self.number("F1") {
            Some(share) if share > 1.0 => {
                Err(self.bad("F1", "must be a share that enters, 0 to 1"))
            }
            share => Ok(share),
        }
    }

    /// How long it takes; a rate is that of the cells that enter, as in NONMEM.
    fn duration(&self, enter: f64) -> Result<Time, TableError> {
        let rate = self.number("RATE").filter(|rate| *rate != 0.0);
        let duration = one_of(self.0, &DURATIONS)?;
        let hours = match (rate, duration) {
            (Some(rate), _) if rate < 0.0 => {
                let allowed = "must be at least 0: a modelled rate or duration (-1, -2) is not supported; give the \
                               rate, or the duration in 'DUR'";
                return Err(self.bad("RATE", allowed));
            }
            (Some(_), Some(duration)) if duration > 0.0 => {
                let column = DURATIONS
                    .into_iter()
                    .find(|column| self.number(column).is_some());
                return Err(self.bad(
                    column.unwrap_or("DUR"),
                    "must be absent where RATE is given",
                ));
            }
            (Some(rate), _) => enter / rate,
            (None, duration) => duration.unwrap_or(0.0),
        };
        Ok(Time::new(hours))
    }

    fn repeat(&self) -> Result<Option<Repeat>, TableError> {
        let asked = self.number("ADDL");
        let more = asked.unwrap_or(0.0);
        if more.fract() > 0.0 || more > 9_999.0 {
            return Err(self.bad("ADDL", "must be a whole number, 0 to 9999"));
        }
        let every = self.number("II").unwrap_or(0.0);
        if more > 0.0 && every <= 0.0 {
            return Err(self.bad("II", "must be above 0 where ADDL is"));
        }
        if asked.is_none() && every > 0.0 {
            return Err(self.bad(
                "II",
                "must be 0 or absent without ADDL, which says how many more there are",
            ));
        }
        Ok((more > 0.0).then(|| Repeat {
            times: more as u32 + 1,
            every: Time::new(every),
        }))
    }
}
