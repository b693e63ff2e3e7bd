//! What a fit found, as pictures.

use super::{Fitted, Profile};
use crate::evidence::Finding;
use crate::plot::{
    Curve, CurveLine, CurvePoint, Panel, Panels, PlotError, Scale, Way, curve, panels,
};

/// How far from the fitted value a profile is shown, by ratios.
const SPAN: f64 = 10.0;
/// Up to which rise of the cost.
const TOP: f64 = 4.0;

impl Fitted {
    /// The model against its data on logarithmic axes, with the lines of equality and of a factor of two; what is
    /// off by more than two standard deviations is named.
    ///
    /// # Errors
    /// As [`curve`].
    pub fn picture(&self) -> Result<String, PlotError> {
        let rows = self.residuals.iter();
        let shown = rows.filter(|row| row.model > 0.0 && row.found.typical() > 0.0);
        let points: Vec<CurvePoint> = shown
            .map(|row| {
                let missed = row.residual.abs() > 2.0;
                let label = if missed { row.name.as_str() } else { "" };
                let point = CurvePoint::new(row.found.typical(), row.model, label);
                match row.found {
                    Finding::Below(_) => point.open(Way::Left),
                    Finding::Above(_) => point.open(Way::Right),
                    _ => point,
                }
            })
            .collect();
        let all = points.iter().flat_map(|point| [point.x, point.y]);
        let (low, high) = all.fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        let ends = [0.5 * low, 2.0 * high];
        let line = |name: &str, factor: f64| CurveLine::new(name, ends.map(|x| (x, factor * x)));
        curve(&Curve {
            title: "The fitted model against its data".to_string(),
            subtitle: "Each number in the unit of its row; arrows: found below or above a limit; named: off by more than \
                       two standard deviations"
                .to_string(),
            x: "Measured, or its limit".to_string(),
            y: "Model".to_string(),
            x_scale: Scale::Log,
            y_scale: Scale::Log,
            lines: vec![line("equal", 1.0), line("twice", 2.0), line("half", 0.5)],
            points,
        })
    }
}

/// Profiles as small multiples, each relative to what was found.
///
/// # Errors
/// As [`panels`].
pub fn profiles_picture(profiles: &[Profile], found: &Fitted) -> Result<String, PlotError> {
    let ends = [1.0 / SPAN, SPAN];
    let shown = profiles.iter().zip(&found.estimates).map(|(profile, e)| {
        let points = profile.points.iter().map(|p| (p.value / e.value, p.rise));
        let near = points.filter(|(x, rise)| (ends[0]..=ends[1]).contains(x) && *rise < TOP);
        let rise = CurveLine::new("rise of the cost", near);
        let bound = CurveLine::new(
            "bound of the 95 % interval",
            ends.map(|x| (x, profile.bound)),
        );
        let species = match e.species.as_str() {
            "any" | "" => "all species",
            species => species,
        };
        let (place, name) = e.id.split_once('.').unwrap_or(("", &e.id));
        Panel::new(name.replace('_', " "), vec![rise, bound]).note(format!("{place}, {species}"))
    });
    panels(&Panels {
        title: "What the data alone say of each number".to_string(),
        subtitle: "Profile likelihood: how the cost rises when a number is moved and all others follow at their best; \
                   a side that stays below the line is open"
            .to_string(),
        y: "Rise of the cost".to_string(),
        x: "Number, relative to its fitted value".to_string(),
        time: Scale::Log,
        panels: shown.collect(),
        columns: 4,
    })
}
