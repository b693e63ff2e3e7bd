//! What a row of a dosing table leaves to the scenario, and what its names mean.

use super::dosing_row::Given;
use super::{Dose, Product, Route, Scenario};
use crate::data::{self, Quantity, TableError};
use crate::names::{near, same};

/// The dose of a row at time 0; none if neither row nor scenario says of which product.
///
/// What the row leaves open is that of the scenario's first dose by the same route, and of the same product if there is
/// one.
pub(super) fn dose(like: &Scenario, line: u64, given: &Given) -> Result<Option<Dose>, TableError> {
    let route = route(like, given, line)?;
    let Some(product) = product(like, given, line)? else {
        return Ok(None);
    };
    let mut alike = like.doses.iter().filter(|dose| dose.route == route);
    let first = alike.clone().next();
    let template = alike.find(|dose| dose.product == product).or(first);
    let (lag, lost) = template.map_or_else(Default::default, |dose| (dose.lag, dose.lost));
    let mut dose = Dose::new(given.amount, product).by(route).over(given.over);
    dose.repeat = given.repeat;
    dose.lag = given.lag.unwrap_or(lag);
    dose.lost = given.lost.unwrap_or(lost);
    Ok(Some(dose))
}

fn product(like: &Scenario, given: &Given, line: u64) -> Result<Option<Product>, TableError> {
    let mut products = like.doses.iter().map(|dose| &dose.product);
    let Some(kind) = &given.product else {
        return Ok(products.next().cloned());
    };
    if let Some(own) = products.find(|product| product.kind == *kind) {
        return Ok(Some(own.clone()));
    }
    // The rows of `cell` are those of every kind.
    let rows = data::products().unwrap_or_default().iter();
    let known = || {
        rows.clone()
            .map(Quantity::place)
            .filter(|kind| *kind != "cell")
    };
    let found = known().find(|known| known == kind);
    match found.or_else(|| known().find(|known| same(known, kind))) {
        Some(found) => Ok(Some(Product::new(found))),
        None => {
            let mut names: Vec<&str> = known().collect();
            names.dedup();
            Err(unknown(line, "PRODUCT", kind, &near(kind, names)))
        }
    }
}

fn route(like: &Scenario, given: &Given, line: u64) -> Result<Route, TableError> {
    let mut routes = like.doses.iter().map(|dose| &dose.route);
    let Some(name) = &given.route else {
        let first = routes.next().cloned();
        return Ok(first.unwrap_or_else(Route::intravenous));
    };
    if let Some(own) = routes.find(|route| route.name == *name) {
        return Ok(own.clone());
    }
    let near = || Route::from(name.clone()).near();
    Route::meant(name).ok_or_else(|| unknown(line, "ROUTE", name, &near()))
}

fn unknown(line: u64, column: &'static str, value: &str, near: &str) -> TableError {
    TableError::BadCell {
        line,
        column,
        value: value.to_string(),
        allowed: format!("unknown {}; near names: {near}", column.to_lowercase()),
    }
}
