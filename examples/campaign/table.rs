//! Counts of a campaign.

use std::collections::BTreeMap;
use std::fmt;

use crate::verdict::Verdict;

/// Cases of one sort.
#[derive(Default)]
struct Row {
    fine: u64,
    slow: u64,
    refused: BTreeMap<String, u64>,
    faults: BTreeMap<String, u64>,
}

#[derive(Default)]
pub struct Table(BTreeMap<&'static str, Row>);

/// The kind of a fault: its words, up to the first number or name.
pub fn kind(fault: &str) -> String {
    if fault.starts_with("panic") {
        // The place of a panic is its kind.
        return fault
            .split_whitespace()
            .take(4)
            .collect::<Vec<_>>()
            .join(" ");
    }
    let words = fault.split_whitespace();
    let plain = words.take_while(|word| !word.contains(|c: char| c.is_ascii_digit() || c == '.'));
    plain.take(4).collect::<Vec<_>>().join(" ")
}

impl Table {
    pub fn count(&mut self, sort: &'static str, verdict: &Verdict, slow: bool) {
        let row = self.0.entry(sort).or_default();
        row.slow += u64::from(slow);
        match verdict {
            Verdict::Fine => row.fine += 1,
            Verdict::Refused(error) => *row.refused.entry(error.clone()).or_default() += 1,
            Verdict::Fault(fault) => *row.faults.entry(kind(fault)).or_default() += 1,
        }
    }

    /// How often a fault of this kind was seen.
    pub fn seen(&self, sort: &str, fault: &str) -> u64 {
        let row = self.0.get(sort);
        row.and_then(|row| row.faults.get(&kind(fault)))
            .copied()
            .unwrap_or(0)
    }

    /// How often this error was seen.
    pub fn refused(&self, sort: &str, error: &str) -> u64 {
        let row = self.0.get(sort);
        row.and_then(|row| row.refused.get(error))
            .copied()
            .unwrap_or(0)
    }

    pub fn faults(&self) -> u64 {
        self.0.values().flat_map(|row| row.faults.values()).sum()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = ["sort", "cases", "fine", "refused", "faults", "slow"];
        writeln!(f, "| {} |\n|---|---|---|---|---|---|", columns.join(" | "))?;
        for (sort, row) in &self.0 {
            let (refused, faults): (u64, u64) =
                (row.refused.values().sum(), row.faults.values().sum());
            let cases = row.fine + refused + faults;
            writeln!(
                f,
                "| {sort} | {cases} | {} | {refused} | {faults} | {} |",
                row.fine, row.slow
            )?;
        }
        for (sort, row) in &self.0 {
            for (what, list) in [("refused", &row.refused), ("FAULT", &row.faults)] {
                for (name, count) in list {
                    writeln!(f, "{sort}: {what}: {name}: {count}")?;
                }
            }
        }
        Ok(())
    }
}
