//! A bar on the terminal while many runs are made.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::Terminal;

/// A sign that something goes on; hidden where nobody would see it.
pub fn spinner(terminal: &Terminal, what: &'static str) -> ProgressBar {
    if !terminal.shows_progress() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

/// A bar for so many runs; hidden where nobody would see it.
pub fn bar(terminal: &Terminal, runs: usize) -> ProgressBar {
    if !terminal.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(runs as u64);
    let look = ProgressStyle::with_template("{bar:30.cyan} {pos} of {len} runs, {eta} left");
    match look {
        Ok(look) => bar.with_style(look),
        Err(_) => bar,
    }
}
