//! One row of a dosing table.

use super::Repeat;
use crate::data::{TableError, UserRow};
use crate::units::{Cells, Time};

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Line of the text.
    pub(super) line: u64,
    pub(super) subject: String,
    /// When, h.
    pub(super) time: f64,
    /// The dose; none in an observation.
    pub(super) given: Option<Given>,
}

/// A dose as its row has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) amount: Cells,
    pub(super) over: Time,
    pub(super) repeat: Option<Repeat>,
    pub(super) route: Option<String>,
    pub(super) product: Option<String>,
}

impl Row {
    pub(super) fn read(row: &UserRow<'_>) -> Result<Self, TableError> {
        let Some(time) = row.number("TIME")? else {
            return Err(row.bad("TIME", "must be a number of hours, at least 0"));
        };
        let subject = match row.text("ID") {
            Some(id) => id,
            None if row.has("ID") => return Err(row.bad("ID", "must name the subject")),
            None => "1",
        };
        Ok(Self {
            line: row.line(),
            subject: subject.to_string(),
            time,
            given: Reader(row).given()?,
        })
    }
}

/// A row with the arithmetic of doses.
struct Reader<'a>(&'a UserRow<'a>);

impl Reader<'_> {
    fn number(&self, column: &'static str) -> Result<Option<f64>, TableError> {
        self.0.number(column)
    }

    fn text(&self, column: &str) -> Option<&str> {
        self.0.text(column)
    }

    fn bad(&self, column: &'static str, allowed: &str) -> TableError {
        self.0.bad(column, allowed)
    }

    fn given(&self) -> Result<Option<Given>, TableError> {
        let amount = self.number("AMT")?.unwrap_or(0.0);
        let dose = match self.text("EVID") {
            None => amount > 0.0,
            Some("0") => false,
            Some("1") => true,
            Some(_) => {
                let allowed = "must be 1 (a dose) or 0 (an observation); others are not supported";
                return Err(self.bad("EVID", allowed));
            }
        };
        if !dose && amount > 0.0 {
            return Err(self.bad("AMT", "must be 0 or absent in an observation (EVID 0)"));
        }
        if !dose {
            return Ok(None);
        }
        if amount <= 0.0 {
            return Err(self.bad("AMT", "must be above 0 in a dose (EVID 1)"));
        }
        if self.number("SS")?.is_some_and(|steady| steady > 0.0) {
            return Err(self.bad("SS", "must be 0 or absent: a steady state is not supported"));
        }
        Ok(Some(Given {
            amount: Cells::new(amount),
            over: self.duration(amount)?,
            repeat: self.repeat()?,
            route: self.text("ROUTE").map(str::to_string),
            product: self.text("PRODUCT").map(str::to_string),
        }))
    }

    fn duration(&self, amount: f64) -> Result<Time, TableError> {
        let (rate, duration) = (self.number("RATE")?, self.number("DUR")?);
        let hours = match (rate.filter(|rate| *rate > 0.0), duration) {
            (Some(_), Some(duration)) if duration > 0.0 => {
                return Err(self.bad("DUR", "must be absent where RATE is given"));
            }
            (Some(rate), _) => amount / rate,
            (None, duration) => duration.unwrap_or(0.0),
        };
        Ok(Time::new(hours))
    }

    fn repeat(&self) -> Result<Option<Repeat>, TableError> {
        let more = self.number("ADDL")?.unwrap_or(0.0);
        if more.fract() > 0.0 || more > 9_999.0 {
            return Err(self.bad("ADDL", "must be a whole number, 0 to 9999"));
        }
        let every = self.number("II")?.unwrap_or(0.0);
        if more > 0.0 && every <= 0.0 {
            return Err(self.bad("II", "must be above 0 where ADDL is"));
        }
        Ok((more > 0.0).then(|| Repeat {
            times: more as u32 + 1,
            every: Time::new(every),
        }))
    }
}
