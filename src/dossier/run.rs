//! The page of a run.

use std::collections::BTreeSet;

use crate::assembly::Model;
use crate::cancel::CancelToken;
use crate::data::{self, Quantity, Status};
use crate::error::Error;
use crate::evidence::gaps;
use crate::observation::Decay;
use crate::organ::State;
use crate::plot::{BodyMap, PlotError, body_map, circulation};
use crate::report::{
    Page, TextTable, dose_in_words, host_in_words, kinetics_table, organ_table, telling_times,
};
use crate::simulation::Run;

use super::doubts::Doubts;

/// The report of a run. The page needs no network: pictures and style are in it.
///
/// # Errors
/// [`Error::Observation`] for a run that did not keep its path; [`Error::Data`] from the registry.
///
/// # Example
/// ```
/// use biodist::prelude::*;
/// let run = Scenario::new(Host::mouse(25.g()))
///     .titled("A mouse")
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .simulate()?;
/// let html = biodist::dossier::of_run(&run)?.to_html();
/// assert!(html.contains("<h1>A mouse</h1>") && html.contains("<svg"));
/// # Ok::<(), biodist::Error>(())
/// ```
pub fn of_run(run: &Run) -> Result<Page, Error> {
    of_run_with_token(run, &CancelToken::new())
}

/// As [`of_run`], with a token that can end the runs behind it on the way.
///
/// # Errors
/// As [`of_run`]; [`Error::Population`] with how far it came.
pub fn of_run_with_token(run: &Run, token: &CancelToken) -> Result<Page, Error> {
    let scenario = &run.model.scenario;
    let title = match scenario.title.is_empty() {
        true => "A run of biodist",
        false => &scenario.title,
    };
    let mut page = Page::new(title);
    let rows = used(&run.model);
    let doubts = Doubts::of(run, token)?;
    warnings(&mut page, run)?;
    doubts.warn(&mut page, &rows);
    page.heading("What was asked");
    page.paragraph(&format!(
        "{}, followed for {}:",
        host_in_words(&scenario.host),
        scenario.until
    ));
    page.list(scenario.doses.iter().map(dose_in_words));
    page.verbatim(&scenario.to_toml()?);
    pictures(&mut page, run)?;
    doubts.draw(&mut page, title)?;
    tables(&mut page, run)?;
    safety(&mut page, run)?;
    numbers(&mut page, run, &rows)?;
    repeat(&mut page, run);
    Ok(page)
}

fn warnings(page: &mut Page, run: &Run) -> Result<(), Error> {
    page.heading("What to know first");
    page.warning(
        "What is assumed is a starting value, to be replaced by measurements. The model is not validated for any use, \
         and nothing here is for deciding on a dose.",
    );
    page.list(&run.model.notes);
    let gaps = gaps(&run.model.scenario)?;
    if !gaps.is_empty() {
        page.paragraph("Beyond what the calibration saw, where the model extrapolates:");
        page.list(gaps.iter().map(ToString::to_string));
    }
    Ok(())
}

fn pictures(page: &mut Page, run: &Run) -> Result<(), Error> {
    page.heading("Pictures");
    let courses = run.picture_of_time_courses();
    let shares = run.picture_of_where_every_cell_is();
    let bodies = body_map(run, &BodyMap::default());
    for (picture, words) in [
        (
            circulation(&run.model),
            "The body as it is computed, where the doses go in, and what becomes of a cell.",
        ),
        (
            bodies,
            "Where the cells are in the body: living cells above, remains below, shares of the dose on a log scale.",
        ),
        (
            courses,
            "Living cells (solid) and remains (dashed) over time, % of the dose.",
        ),
        (
            shares,
            "Where every cell is: the shares sum to the dose at every time.",
        ),
    ] {
        match picture {
            Ok(svg) => page.picture(&svg, words),
            Err(error @ PlotError::NothingToDraw { .. }) => page.paragraph(&error.to_string()),
            Err(error) => return Err(error.into()),
        };
    }
    Ok(())
}

fn tables(page: &mut Page, run: &Run) -> Result<(), Error> {
    let times = telling_times(&run.model.scenario);
    page.heading("Where every cell is");
    page.paragraph(
        "Living cells and remains (in cell equivalents) as shares of the dose. The residual is what the sum \
         misses of the dose.",
    );
    page.table(&organ_table(run, &times)?);
    page.heading("Kinetics");
    page.paragraph(
        "Greatest amount (Cmax) and its time (Tmax), area under the curve (AUC) and mean residence time (MRT) to \
         the end of the run, the time from the peak until half of it is gone, and the half-life over the last fifth of \
         the run: that of the slowest that goes on then, which depends on how long the run is.",
    );
    page.subheading("Living cells");
    page.table(&kinetics_table(run, &State::VIABLE)?);
    page.subheading("Remains, cell equivalents");
    page.table(&kinetics_table(run, &State::REMAINS)?);
    let labels = &run.model.scenario.labels;
    if !labels.is_empty() {
        page.heading("Where the label is");
        page.paragraph("In cells freshly labelled, as shares of the dose; decay is corrected for.");
    }
    for label in labels {
        page.subheading(label.name());
        for time in &times {
            let ledger = run.label_ledger(label, *time, Decay::Corrected)?;
            page.verbatim(&ledger.to_string());
        }
    }
    Ok(())
}

fn safety(page: &mut Page, run: &Run) -> Result<(), Error> {
    page.heading("Safety");
    page.paragraph(&format!("{}.", run.lung_obstruction()?));
    page.paragraph(
        "How many cells block a lung was read from one experiment in mice, is contradicted by another, and is \
         uncertain by a factor of three either way. Clotting is not in it. The interval carries that uncertainty \
         and no other.",
    );
    Ok(())
}

/// Numbers behind the run, the assumed ones first, and their sources.
fn numbers(page: &mut Page, run: &Run, rows: &[&Quantity]) -> Result<(), Error> {
    let parameters = &run.model.parameters;
    page.heading("Numbers and where they come from");
    page.paragraph(
        "Measured: printed in the source. Derived: computed from it. Fitted: estimated with this model. Assumed: a \
         choice, with its reason. GSD is the geometric standard deviation that states how uncertain a number is. \
         Values are those at time zero; what the scenario or a condition changed is marked with *.",
    );
    let mut keys = BTreeSet::new();
    for (status, title) in [
        (Status::Assumed, "Assumed"),
        (Status::Fitted, "Fitted"),
        (Status::Derived, "Derived"),
        (Status::Measured, "Measured"),
    ] {
        let heads = ["id", "value", "unit", "GSD", "source", "meaning"];
        let mut table = TextTable::new(heads);
        for row in rows.iter().filter(|row| row.status == status) {
            let value = parameters.get(row.place(), row.name())?;
            let changed = value.to_bits() != row.value.to_bits();
            let mark = if changed { " *" } else { "" };
            table.row([
                row.id.clone(),
                format!("{}{mark}", short(value)),
                row.unit.text().to_string(),
                short(row.gsd),
                row.source.clone(),
                row.meaning.clone(),
            ]);
            keys.insert(row.source.as_str());
        }
        if table.rows().len() > 1 {
            page.subheading(&format!("{title} ({})", table.rows().len() - 1));
            page.table_of_words(&table);
        }
    }
    let mut table = TextTable::new(["key", "citation", "address"]);
    for source in data::sources()? {
        if keys.contains(source.key.as_str()) {
            table.row([&source.key, &source.citation, &source.link].map(String::clone));
        }
    }
    page.subheading("Sources");
    page.table_of_words(&table);
    Ok(())
}

fn repeat(page: &mut Page, run: &Run) {
    let options = run.trajectory.options();
    let work = run.trajectory.statistics();
    page.heading("How to repeat it");
    page.paragraph(&format!(
        "Made by {}. Save the text under \"What was asked\" as scenario.toml. The same version, scenario and \
         options give the same bits.",
        Run::PROGRAM
    ));
    page.verbatim(&format!(
        "biodist run scenario.toml --rtol {:e} --report report.html",
        options.rtol
    ));
    page.paragraph(&format!(
        "{:?}, relative tolerance {:e}, absolute tolerance {}; {} steps, {} rejected.",
        options.method,
        options.rtol,
        options.atol.map_or_else(
            || "1e-6 of that times the dose".to_string(),
            |atol| format!("{atol:e} cells")
        ),
        work.steps,
        work.rejected,
    ));
}

/// The rows of the registry that concern a model.
fn used(model: &Model) -> Vec<&Quantity> {
    let places = model.scenario.places();
    let rows = model.parameters.rows();
    rows.filter(|row| places.contains(row.place())).collect()
}

/// At most four digits: what a reader wants to see of a number.
pub(super) fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    match rounded.abs() {
        size if size != 0.0 && !(1e-4..1e6).contains(&size) => format!("{rounded:e}"),
        _ => rounded.to_string(),
    }
}
