//! The pages of `docs/` that are made from the tables, so that they cannot drift from them.

use std::fmt::Write;

use crate::data::{self, DataError, Quantity};
use crate::physiology::{Organ, Species};

/// `docs/parameters.md`: every kinetic parameter, product and route, with its sources.
///
/// # Errors
/// [`DataError::BadRow`] if an embedded table is damaged.
pub fn parameters_page() -> Result<String, DataError> {
    let mut page = String::from(
        "# Parameters\n\n\
         This page is made from the tables in `src/data/` by `biodist::report::parameters_page`; a \
         test keeps it current.\n\n\
         An id is `place.name`. An organ that has no row of its own for a parameter uses that of \
         `tissue`, a product that of `cell`, a label that of `label`, an instrument \
         that of `assay`; a row for a species goes before one for `any`. Rows in units of `factor` \
         multiply what they name, other rows of conditions and preparations add to it. `GSD` is \
         the geometric standard deviation that states the uncertainty of the value; 1 means certain \
         or not applicable. `weight` is the power of body weight with which a value scales within a \
         species.\n\n\
         Status: *measured* is printed in the source, *derived* is computed from it, *fitted* is \
         estimated with this model, *assumed* is a choice to be replaced by a measurement.\n",
    );
    section(&mut page, "Cells in organs", data::parameters()?);
    section(&mut page, "Cell products", data::products()?);
    section(&mut page, "Preparations of cells", data::preparations()?);
    section(&mut page, "Routes", data::routes()?);
    section(&mut page, "Conditions of the host", data::conditions()?);
    section(
        &mut page,
        "Differences between subjects",
        data::variability()?,
    );
    section(&mut page, "Labels", data::labels()?);
    section(&mut page, "Assays", data::assays()?);
    page.push_str("\n## Sources\n\n| key | citation |\n|---|---|\n");
    for source in data::sources()? {
        let link = match source.link.as_str() {
            "" => String::new(),
            link => format!(" <{link}>"),
        };
        let _ = writeln!(page, "| {} | {}{link} |", source.key, source.citation);
    }
    Ok(page)
}

fn section(page: &mut String, title: &str, rows: &[Quantity]) {
    let _ = write!(
        page,
        "\n## {title}\n\n| id | species | value | unit | GSD | weight | status | source | meaning |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.id,
            row.species,
            number(row.value),
            row.unit.text(),
            row.gsd,
            row.weight_exponent,
            row.status,
            row.source,
            row.meaning,
        );
    }
}

fn number(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e6).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// The tables of `docs/physiology.md`: one a species, organs with mass, flow and blood.
///
/// # Errors
/// [`DataError::BadRow`] if the embedded table is damaged.
pub fn physiology_tables() -> Result<String, DataError> {
    let rows = data::physiology()?;
    let mut page = String::new();
    for species in Species::ALL {
        let find = |id: &str| rows.iter().find(|r| r.species == species && r.id == id);
        let cell = |id: &str, factor: f64| {
            find(id).map_or("-".to_string(), |row| {
                let value: f64 = format!("{:.4e}", row.value * factor)
                    .parse()
                    .unwrap_or(row.value);
                format!("{value} ({}, {})", &row.status.to_string()[..1], row.source)
            })
        };
        let _ = write!(
            page,
            "\n### {species}\n\nReference weight {} g, cardiac output {} mL/min, blood {} mL.\n\n\
             | organ | mass, % of weight | flow, % of cardiac output | blood, share of volume |\n\
             |---|---|---|---|\n",
            cell("body.reference_weight", 1.0),
            cell("body.cardiac_output", 1.0),
            cell("body.blood_volume", 1.0),
        );
        for organ in Organ::ALL {
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} |",
                organ.title(),
                cell(&format!("{organ}.mass_fraction"), 100.0),
                cell(&format!("{organ}.flow_fraction"), 100.0),
                cell(&format!("{organ}.vascular_fraction"), 1.0),
            );
        }
    }
    Ok(page)
}
