//! The registry as tables: what can be asked for by name, and every number with its source.

use biodist::data::{self, Quantity, Status};
use biodist::physiology::Blood;
use biodist::prelude::Route;
use biodist::scenario::Entry;
use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::listing::Listing;
use crate::places::plain;
use crate::terminal::Terminal;

/// Which rows, and in what form.
#[derive(Args)]
struct Choice {
    /// Only rows that hold this word in any column
    #[arg(long, value_name = "WORD")]
    search: Option<String>,
    /// Only rows of this status
    #[arg(long)]
    status: Option<OfStatus>,
    /// Print CSV, for a spreadsheet
    #[arg(long)]
    csv: bool,
}

/// How a number came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OfStatus {
    /// Printed in the source
    Measured,
    /// Computed from numbers in the source
    Derived,
    /// Estimated from data with this model
    Fitted,
    /// Chosen, with a reason; to be replaced
    Assumed,
}

impl OfStatus {
    fn fits(self, status: Status) -> bool {
        let wanted = match self {
            Self::Measured => Status::Measured,
            Self::Derived => Status::Derived,
            Self::Fitted => Status::Fitted,
            Self::Assumed => Status::Assumed,
        };
        wanted == status
    }
}

impl Choice {
    fn status_fits(&self, status: Status) -> bool {
        self.status.is_none_or(|wanted| wanted.fits(status))
    }

    fn holds(&self, cells: &[String]) -> bool {
        let Some(word) = &self.search else {
            return true;
        };
        let word = word.to_lowercase();
        cells.iter().any(|cell| cell.to_lowercase().contains(&word))
    }

    fn print(&self, terminal: &Terminal, listing: &Listing) -> Result<(), Failure> {
        if listing.is_empty() {
            terminal.note("no row fits");
        }
        match self.csv {
            true => terminal.print(listing.to_csv()),
            false => terminal.print(listing.to_text(terminal.width())),
        }
    }

    /// Rows of the registry.
    fn print_rows<'a>(
        &self,
        terminal: &Terminal,
        rows: impl IntoIterator<Item = &'a Quantity>,
    ) -> Result<(), Failure> {
        let mut listing = Listing::new(&[
            "id", "species", "value#", "unit", "GSD#", "status", "source", "meaning",
        ]);
        for row in rows {
            let cells = [
                row.id.clone(),
                row.species.clone(),
                number(row.value),
                row.unit.text().to_string(),
                number(row.gsd),
                row.status.to_string(),
                row.source.clone(),
                row.meaning.clone(),
            ];
            if self.status_fits(row.status) && self.holds(&cells) {
                listing.row(cells);
            }
        }
        self.print(terminal, &listing)
    }
}

/// A number of the tables, which have few digits.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size != 0.0 && !(1e-4..1e6).contains(&size) => format!("{value:e}"),
        _ => value.to_string(),
    }
}

/// Subcommands that print rows of tables of the registry.
macro_rules! rows {
    ($($(#[$meta:meta])* $name:ident: $($table:ident),+;)+) => {
        $($(#[$meta])*
        #[derive(Args)]
        pub struct $name {
            #[command(flatten)]
            choice: Choice,
        }

        impl $name {
            pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
                let tables = [$(data::$table()?),+];
                self.choice.print_rows(terminal, tables.into_iter().flatten())
            }
        })+
    };
}

rows! {
    /// List cell products and their preparations
    Products: products, preparations;
    /// List instruments and their numbers
    Assays: assays;
    /// List labels and their numbers
    Labels: labels;
    /// List diseases, drugs, operations and immune defects, and what they do
    Conditions: conditions;
    /// List every number of the registry with its spread, status and source
    Parameters: parameters, products, preparations, routes, conditions, labels, assays, physiology,
        variability;
}

/// List routes and where they open into
#[derive(Args)]
pub struct Routes {
    #[command(flatten)]
    choice: Choice,
}

impl Routes {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let rows = data::routes()?;
        let mut listing = Listing::new(&[
            "route",
            "opens into",
            "flows past#",
            "GSD#",
            "status",
            "source",
            "meaning",
        ]);
        for name in Route::known() {
            let entry = Route::from(name.to_string()).entry();
            let opens = entry.map_or(String::new(), |entry| opens_into(&entry));
            let row = rows.iter().find(|row| row.place() == name);
            let of_row = |text: &dyn Fn(&Quantity) -> String| row.map_or(String::new(), text);
            let cells = [
                name.to_string(),
                opens,
                of_row(&|row| number(row.value)),
                of_row(&|row| number(row.gsd)),
                of_row(&|row| row.status.to_string()),
                of_row(&|row| row.source.clone()),
                of_row(&|row| row.meaning.clone()),
            ];
            let fits = match row {
                Some(row) => self.choice.status_fits(row.status),
                None => self.choice.status.is_none(),
            };
            if fits && self.choice.holds(&cells) {
                listing.row(cells);
            }
        }
        self.choice.print(terminal, &listing)
    }
}

fn opens_into(entry: &Entry) -> String {
    match entry {
        Entry::Blood(Blood::Venous) => "venous blood".to_string(),
        Entry::Blood(Blood::Arterial) => "arterial blood".to_string(),
        Entry::Blood(Blood::Portal) => "portal blood".to_string(),
        Entry::Artery(organ) => format!("artery of the {}", plain(organ.name())),
        Entry::Depot(organ) => format!("depot in the {}", plain(organ.name())),
        Entry::Niche(organ) => format!("niche of the {}", plain(organ.name())),
    }
}

/// List species with weight, cardiac output and blood
#[derive(Args)]
pub struct Species {
    #[command(flatten)]
    choice: Choice,
}

impl Species {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let rows = data::physiology()?;
        let mut listing = Listing::new(&[
            "species", "number", "value#", "unit", "GSD#", "status", "source", "meaning",
        ]);
        for species in biodist::physiology::Species::ALL {
            for (name, words) in [
                ("reference_weight", "reference weight"),
                ("cardiac_output", "cardiac output"),
                ("blood_volume", "blood volume"),
            ] {
                let same = |row: &&Quantity| {
                    row.species == species && row.place() == "body" && row.name() == name
                };
                let Some(row) = rows.iter().find(same) else {
                    continue;
                };
                let cells = [
                    species.to_string(),
                    words.to_string(),
                    number(row.value),
                    row.unit.text().to_string(),
                    number(row.gsd),
                    row.status.to_string(),
                    row.source.clone(),
                    row.meaning.clone(),
                ];
                if self.choice.status_fits(row.status) && self.choice.holds(&cells) {
                    listing.row(cells);
                }
            }
        }
        self.choice.print(terminal, &listing)
    }
}
