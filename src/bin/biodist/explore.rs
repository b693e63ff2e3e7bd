//! `biodist explore`: a page to play with.

use std::path::PathBuf;

use biodist::explore::Explore as Page;
use clap::Args;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Serve a page to play with: move a slider, and the body and the curves follow
///
/// It is served to this machine only and asks nothing of any other. Ctrl-C ends it.
#[derive(Args)]
pub struct Explore {
    /// Port of 127.0.0.1; 0 is any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Write the address into this file as well, for scripts
    #[arg(long, value_name = "FILE")]
    address: Option<PathBuf>,
}

impl Explore {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let page = Page::bind(self.port).map_err(Failure::input)?;
        terminal.line(format_args!(
            "open {} in a browser; end with Ctrl-C",
            page.url()
        ))?;
        if let Some(file) = &self.address {
            terminal.write(file, page.url())?;
        }
        page.serve().map_err(Failure::input)
    }
}
