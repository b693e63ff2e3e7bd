//! A bar on the terminal while many runs are made.

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::Terminal;

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
