//! The dose of one host in another.

use super::DesignError;
use super::joint::{Joint, each, set};
use crate::organ::{Place, State};
use crate::physiology::Organ;
use crate::population::{Band, bands};
use crate::scenario::{DoseAmount, Scenario};
use crate::solver::{Keep, Options};
use crate::units::Cells;

/// A dose for another host that gives its target the same exposure, cells h a gram.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    /// The dose, draw by draw, cells.
    pub doses: Vec<f64>,
    /// Its band.
    pub dose: Band,
    /// The exposure that was wanted, cells h a gram.
    pub exposure: Band,
    /// What scaling by body weight would say, cells.
    pub by_weight: f64,
    /// What scaling by body surface would say (the two thirds power of weight), cells.
    pub by_surface: f64,
}

/// Corrections of a dose; the exposure is nearly in proportion to it.
const CORRECTIONS: usize = 6;
const NEAR: f64 = 1e-3;

/// Finds the dose of the first product in `to` that gives the target the exposure to living cells that it has
/// in `from`, per gram of the organ, to the ends of the two scenarios.
///
/// What both species share is drawn once for both, what each has for itself is drawn for each: the interval is
/// that of not knowing the model's numbers, and not that of a model that is wrong.
///
/// # Errors
/// [`DesignError::Nothing`] without a dose; [`DesignError::NotReached`]; a scenario that cannot be run.
///
/// # Example
/// ```
/// use biodist::design::translate;
/// use biodist::prelude::*;
///
/// let given = |host, cells: f64| {
///     let dose = Dose::new(cells.cells(), Product::bone_marrow_msc());
///     Scenario::new(host).dose(dose).until(3.days())
/// };
/// let (mouse, man) = (given(Host::mouse(25.g()), 5e5), given(Host::human(73.kg()), 1e8));
/// let found = translate(&mouse, &man, &Organ::HEART, 40, 1)?;
/// assert!(found.dose.low < found.dose.middle && found.dose.middle < found.dose.high);
/// # Ok::<(), biodist::design::DesignError>(())
/// ```
pub fn translate(
    from: &Scenario,
    to: &Scenario,
    target: &Organ,
    draws: usize,
    seed: u64,
) -> Result<Translation, DesignError> {
    if from.doses.is_empty() || to.doses.is_empty() {
        return Err(DesignError::Nothing { what: "dose" });
    }
    let weights = [from, to].map(|scenario| -> Result<f64, DesignError> {
        let model = scenario.assemble().map_err(|error| {
            DesignError::Simulation(crate::simulation::SimulationError::from(error))
        })?;
        Ok(model.body.weight)
    });
    let [light, heavy] = weights;
    let (light, heavy) = (light?, heavy?);
    let cells = |scenario: &Scenario, weight: f64| scenario.doses[0].cells(weight);
    let (given, start) = (cells(from, light), cells(to, heavy));
    let drawn = Joint::of(&[from, to])?.draws(draws, seed)?;
    let rows = each(&drawn, |values| {
        let wanted = density(&set(from, &values[0]), target)?;
        let to = set(to, &values[1]);
        let mut dose = start;
        for _ in 0..CORRECTIONS {
            let found = density(&with_cells(&to, dose), target)?;
            if !(found > 0.0 && wanted > 0.0) {
                return Err(DesignError::NotReached {
                    target: target.name().to_string(),
                    host: to.host.species.name().to_string(),
                });
            }
            let ratio = wanted / found;
            dose *= ratio;
            if (ratio - 1.0).abs() < NEAR {
                break;
            }
        }
        Ok(vec![dose, wanted])
    })?;
    let told = bands(&rows)?;
    Ok(Translation {
        doses: rows.iter().map(|row| row[0]).collect(),
        dose: told[0],
        exposure: told[1],
        by_weight: given * heavy / light,
        by_surface: given * libm::pow(heavy / light, 2.0 / 3.0),
    })
}

fn with_cells(scenario: &Scenario, cells: f64) -> Scenario {
    let mut scenario = scenario.clone();
    if let Some(dose) = scenario.doses.first_mut() {
        dose.amount = DoseAmount::Cells(Cells::new(cells));
    }
    scenario
}

/// Exposure of an organ to living cells, cells h a gram.
fn density(scenario: &Scenario, target: &Organ) -> Result<f64, DesignError> {
    let options = Options {
        keep: Keep::Path,
        ..Options::with_rtol(1e-4)
    };
    let run = scenario.simulate_with(&options)?;
    let place = Place::Organ(target.clone());
    let exposure = run.kinetics(place, &State::VIABLE)?.auc;
    let mass = run.model.body.tissue(target).map(|tissue| tissue.mass);
    mass.map(|mass| exposure / mass)
        .ok_or_else(|| DesignError::NotReached {
            target: target.name().to_string(),
            host: scenario.host.species.name().to_string(),
        })
}
