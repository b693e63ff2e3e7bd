//! What `biodist run` prints of each subject.

use std::collections::BTreeSet;

use biodist::evidence::gaps;
use biodist::prelude::*;
use biodist::report;

use crate::beside::Beside;
use crate::describe;
use crate::failure::Failure;
use crate::long_table::LongTable;
use crate::run::{Format, Run};
use crate::subject::Simulated;
use crate::terminal::Terminal;

/// The print of a run, subject by subject.
pub struct Printing<'a> {
    terminal: &'a Terminal,
    asked: &'a Run,
    /// Whether subjects have names.
    named: bool,
    /// How many were printed.
    printed: usize,
    /// What the user should know, each once.
    notes: Vec<String>,
    said: BTreeSet<String>,
    nobody_reads: bool,
}

impl<'a> Printing<'a> {
    pub const fn new(terminal: &'a Terminal, asked: &'a Run, named: bool) -> Self {
        Self {
            terminal,
            asked,
            named,
            printed: 0,
            notes: vec![],
            said: BTreeSet::new(),
            nobody_reads: false,
        }
    }

    /// Prints a subject, as long as somebody reads.
    pub fn print(&mut self, subject: &Simulated, beside: Option<&Beside>) -> Result<(), Failure> {
        if self.nobody_reads {
            return Ok(());
        }
        let printed = match self.asked.format {
            Format::Table => self
                .tables(subject, beside)
                .and_then(|()| self.note(subject)),
            Format::Csv => self.csv(subject),
            Format::Json => self.json(subject),
        };
        self.printed += 1;
        self.unless_nobody_reads(printed)
    }

    /// Whether whoever read the output has seen enough.
    pub const fn is_over(&self) -> bool {
        self.nobody_reads
    }

    /// Prints what stands below the last subject.
    pub fn end(&mut self) -> Result<(), Failure> {
        for note in &self.notes {
            self.terminal.note(note);
        }
        let ended = match (self.asked.format, self.named, self.printed) {
            _ if self.nobody_reads => Ok(()),
            (Format::Json, true, 0) => self.terminal.line("[]"),
            (Format::Json, true, _) => self.terminal.line("\n]"),
            _ => Ok(()),
        };
        self.unless_nobody_reads(ended)
    }

    /// Files are written also when nobody reads the tables to their end.
    fn unless_nobody_reads(&mut self, printed: Result<(), Failure>) -> Result<(), Failure> {
        match printed {
            Err(Failure::NobodyReads) => {
                self.nobody_reads = true;
                Ok(())
            }
            other => other,
        }
    }

    fn csv(&self, subject: &Simulated) -> Result<(), Failure> {
        let table = LongTable::of(subject, &self.asked.at)?;
        if self.printed == 0 {
            self.terminal.print(table.csv_head())?;
        }
        self.terminal.print(table.csv_rows())
    }

    /// One run, or an item of the list of the runs of subjects.
    fn json(&self, subject: &Simulated) -> Result<(), Failure> {
        let run = &subject.run;
        let Some(id) = &subject.id else {
            return self.terminal.line(run.to_json());
        };
        let item = serde_json::json!({ "id": id, "run": run.record() });
        let item = serde_json::to_string_pretty(&item).unwrap_or_default();
        let before = if self.printed == 0 { "[" } else { "," };
        let lines: Vec<String> = item.lines().map(|line| format!("\n  {line}")).collect();
        self.terminal
            .print(format_args!("{before}{}", lines.concat()))
    }

    fn tables(&self, subject: &Simulated, beside: Option<&Beside>) -> Result<(), Failure> {
        let (terminal, run) = (self.terminal, &subject.run);
        let scenario = &run.model.scenario;
        let times = match self.asked.at.is_empty() {
            true => report::telling_times(scenario),
            false => self.asked.at.clone(),
        };
        // First what can fail: a time outside the run.
        let organs = report::organ_table(run, &times)?;
        terminal.heading(describe::title(scenario))?;
        let host = report::host_in_words(&scenario.host);
        terminal.line(format_args!("{host}, {}", scenario.until))?;
        for dose in &scenario.doses {
            terminal.line(report::dose_in_words(dose))?;
        }
        terminal.line("")?;
        terminal.table(&organs)?;
        terminal.heading("\nLiving cells")?;
        terminal.table(&report::kinetics_table(run, &State::VIABLE)?)?;
        terminal.heading("\nRemains, cell equivalents")?;
        terminal.table(&report::kinetics_table(run, &State::REMAINS)?)?;
        terminal.line(format_args!("\n{}", run.lung_obstruction()?))?;
        if let Some(beside) = beside {
            terminal.heading("\nBeside what was observed")?;
            terminal.table(&beside.table())?;
            if let Some(denominators) = beside.denominators() {
                terminal.line(denominators)?;
            }
            if let Some(summary) = beside.summary() {
                terminal.line(summary)?;
            }
        }
        match self.named {
            true => terminal.line(""),
            false => Ok(()),
        }
    }

    fn note(&mut self, subject: &Simulated) -> Result<(), Failure> {
        let model = &subject.run.model;
        let gaps = gaps(&model.scenario)?;
        let gaps = gaps.iter().map(|gap| format!("extrapolated: {gap}"));
        for note in model.notes.iter().cloned().chain(gaps) {
            if self.said.insert(note.clone()) {
                self.notes.push(note);
            }
        }
        Ok(())
    }
}
