//! What the controls of the page offer, and the drawings that it shades.

use serde::Serialize;

use super::limits::Limits;
use crate::data::{DataError, Parameters};
use crate::observation::Assay;
use crate::physiology::Species;
use crate::plot::{BodyShapes, Form, Seen};
use crate::scenario::{Label, Route};
use crate::simulation::Run;

/// The answer to `GET /api/choices`.
#[derive(Debug, Serialize)]
pub(super) struct Choices {
    program: &'static str,
    species: Vec<SpeciesChoice>,
    products: Vec<String>,
    routes: Vec<&'static str>,
    conditions: Vec<String>,
    labels: Vec<String>,
    assays: Vec<AssayChoice>,
    bodies: Vec<Drawing>,
    colours: Colours,
    limits: Bounds,
}

#[derive(Debug, Serialize)]
struct SpeciesChoice {
    name: &'static str,
    /// Reference weight, g.
    weight: f64,
    body: &'static str,
}

#[derive(Debug, Serialize)]
struct AssayChoice {
    title: String,
    assay: Assay,
}

#[derive(Debug, Serialize)]
struct Drawing {
    name: &'static str,
    width: f64,
    height: f64,
    shapes: Vec<Drawn>,
}

#[derive(Debug, Serialize)]
struct Drawn {
    place: &'static str,
    path: String,
    /// Width of the line; absent for areas.
    line: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Colours {
    living: [(u8, u8, u8); 5],
    remains: [(u8, u8, u8); 5],
    label: [(u8, u8, u8); 5],
}

#[derive(Debug, Serialize)]
struct Bounds {
    horizon_h: f64,
    administrations: u64,
}

/// Collects the choices from the tables.
pub(super) fn choices(limits: &Limits) -> Result<Choices, DataError> {
    let tables = Parameters::for_host(Species::ALL[0], None)?;
    let species = Species::ALL.map(|name| {
        Ok(SpeciesChoice {
            name,
            weight: Parameters::for_host(name, None)?.get("body", "reference_weight")?,
            body: BodyShapes::of(&Species::new(name)).name,
        })
    });
    let any_label = Label::new("any");
    Ok(Choices {
        program: Run::PROGRAM,
        species: species.into_iter().collect::<Result<_, DataError>>()?,
        products: owned(tables.products()),
        routes: Route::known().collect(),
        conditions: owned(tables.conditions()),
        labels: owned(tables.labels()),
        assays: assays(&tables),
        bodies: BodyShapes::ALL.iter().map(drawing).collect(),
        colours: Colours {
            living: Seen::Living.colours(),
            remains: Seen::Remains.colours(),
            label: Seen::Label(any_label).colours(),
        },
        limits: Bounds {
            horizon_h: limits.horizon,
            administrations: limits.administrations,
        },
    })
}

fn owned<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_string).collect()
}

/// Every instrument with every label that it can read.
fn assays(tables: &Parameters) -> Vec<AssayChoice> {
    let labels = tables.labels().map(|name| Some(Label::new(name)));
    let labels: Vec<Option<Label>> = std::iter::once(None).chain(labels).collect();
    let pairs = Assay::instruments().flat_map(|name| {
        let labels = labels.iter().cloned();
        labels.map(move |label| Assay::new(name, label))
    });
    let fitting = pairs.filter(|assay| assay.check(tables).is_ok());
    fitting
        .map(|assay| AssayChoice {
            title: assay.to_string(),
            assay,
        })
        .collect()
}

fn drawing(body: &BodyShapes) -> Drawing {
    let shapes = body.shapes.iter().map(|shape| Drawn {
        place: shape.place,
        path: shape.path(body.width),
        line: match shape.form {
            Form::Area => None,
            Form::Line(width) | Form::Rim(width) => Some(width),
        },
    });
    Drawing {
        name: body.name,
        width: body.width,
        height: body.height,
        shapes: shapes.collect(),
    }
}
