//! The body of one subject: drawn, and closed.
//!
//! Weight, cardiac output and blood volume are drawn first, then organs about their powers of body
//! weight. Fat and the rest of the body share what the other organs leave, as in the typical body. Flows
//! are scaled so that they sum to the cardiac output. A body that leaves too little is drawn anew.

use super::draw::{Range, Stream};
use crate::data::{DataError, Parameters};
use crate::physiology::Organ;
use crate::scenario::Scenario;
use crate::units::Mass;

/// A number that differs between subjects.
#[derive(Debug, Clone, PartialEq)]
pub struct Varying {
    /// Id in the registry; `body.weight` for the weight of the host.
    pub id: String,
    /// The value of the typical subject: the median.
    pub typical: f64,
    /// Coefficient of variation between subjects of the same weight.
    pub cv: f64,
    range: Range,
}

impl Varying {
    /// A number of a place with its row of the variability table.
    pub(super) fn of(
        table: &Parameters,
        (place, name): (&str, &str),
        typical: f64,
        range: Range,
    ) -> Result<Self, DataError> {
        Ok(Self {
            id: format!("{place}.{name}"),
            typical,
            cv: table.get(place, &format!("{name}_cv"))?,
            range,
        })
    }

    /// The value at a standard score: lognormal, or on the scale of the odds for a share.
    pub(super) fn at(&self, score: f64) -> f64 {
        self.about(self.typical, score)
    }

    /// The same about another median.
    pub(super) fn about(&self, typical: f64, score: f64) -> f64 {
        let log_sd = libm::log1p(self.cv * self.cv).sqrt();
        self.range.shifted(typical, score * log_sd)
    }
}

/// How the mass of an organ is found, as a share of the body weight.
#[derive(Debug, Clone, PartialEq)]
enum Size {
    /// About a power of body weight.
    Own { share: Varying, exponent: f64 },
    /// As a part of what the others leave.
    Remainder { part: f64 },
}

/// One organ of the typical body.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// Absent in the rest of the body, whose share is what is left.
    mass_id: Option<String>,
    size: Size,
    /// Share of the cardiac output; absent in the lung, through which all of it flows.
    flow: Option<Varying>,
    vascular_id: String,
    /// Share of its volume that is blood.
    vascular: f64,
}

/// The typical body, and how bodies differ from it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Anatomy {
    weight: Varying,
    /// Cardiac output (mL/min) with its power of body weight.
    output: (Varying, f64),
    /// Blood (mL) with its power of body weight.
    blood: (Varying, f64),
    parts: Vec<Part>,
    /// Mass (g), flow (mL/min) and blood (mL) of the organs that the scenario adds.
    extra: [f64; 3],
    /// Greatest standard score.
    limit: f64,
    /// Least share of the weight for fat and the rest, and of the blood for the great vessels.
    least: [f64; 2],
}

/// One body: its weight in g, and parameters by their ids.
pub(super) struct Drawn<'a> {
    pub(super) weight: f64,
    pub(super) numbers: Vec<(&'a str, f64)>,
}

impl Anatomy {
    /// The body of a scenario; `table` knows the variability too.
    pub(super) fn new(scenario: &Scenario, table: &Parameters) -> Result<Self, DataError> {
        let stated = scenario.host.weight.map(Mass::value);
        let weight = stated.map_or_else(|| table.get("body", "reference_weight"), Ok)?;
        let of_body = |name: &str| -> Result<(Varying, f64), DataError> {
            let exponent = table.quantity("body", name)?.weight_exponent;
            let typical = table.get("body", name)?;
            let varying = Varying::of(table, ("body", name), typical, Range::Positive)?;
            Ok((varying, exponent))
        };
        let mut anatomy = Self {
            weight: Varying::of(table, ("body", "weight"), weight, Range::Positive)?,
            output: of_body("cardiac_output")?,
            blood: of_body("blood_volume")?,
            parts: vec![],
            extra: extra(scenario),
            limit: table.get("body", "truncation")?,
            least: [0.0; 2],
        };
        let left = anatomy.add_parts(table)?;
        let least = table.get("body", "least_remainder")?;
        let sizes = anatomy.sizes(weight, || 0.0).unwrap_or_default();
        let outside = anatomy.outside(&sizes, weight, anatomy.blood.0.typical, 1.0);
        anatomy.least = [least * left, least * outside];
        Ok(anatomy)
    }

    /// The organs of the typical body; gives the share of the weight that fat and the rest have.
    fn add_parts(&mut self, table: &Parameters) -> Result<f64, DataError> {
        let mut mass = 1.0 - self.extra[0] / self.weight.typical;
        let mut flow = 1.0 - self.extra[1] / self.output.0.typical;
        for organ in &Organ::ALL {
            let (place, is_rest) = (organ.name(), *organ == Organ::REST);
            let typical = |name: &str, left: f64| {
                if is_rest {
                    Ok(left)
                } else {
                    table.get(place, name)
                }
            };
            let share = typical("mass_fraction", mass)?;
            mass -= share;
            let size = if is_rest || *organ == Organ::ADIPOSE {
                Size::Remainder { part: share }
            } else {
                let of = (place, "mass_fraction");
                Size::Own {
                    share: Varying::of(table, of, share, Range::Positive)?,
                    exponent: table.get(place, "mass_exponent")?,
                }
            };
            let mut own = None;
            if *organ != Organ::LUNG {
                let share = typical("flow_fraction", flow)?;
                flow -= share;
                let of = (place, "flow_fraction");
                own = Some(Varying::of(table, of, share, Range::Positive)?);
            }
            self.parts.push(Part {
                mass_id: (!is_rest).then(|| format!("{place}.mass_fraction")),
                size,
                flow: own,
                vascular_id: format!("{place}.vascular_fraction"),
                vascular: table.get(place, "vascular_fraction")?,
            });
        }
        let remainders = self
            .parts
            .iter_mut()
            .filter_map(|part| match &mut part.size {
                Size::Remainder { part } => Some(part),
                Size::Own { .. } => None,
            });
        let remainders: Vec<&mut f64> = remainders.collect();
        let left = remainders.iter().map(|part| **part).sum();
        for part in remainders {
            *part /= left;
        }
        Ok(left)
    }

    /// All that differs between bodies; fat and the rest take what is left.
    pub(super) fn varying(&self) -> impl Iterator<Item = &Varying> {
        let masses = self.parts.iter().filter_map(|part| match &part.size {
            Size::Own { share, .. } => Some(share),
            Size::Remainder { .. } => None,
        });
        let flows = self.parts.iter().filter_map(|part| part.flow.as_ref());
        let body = [&self.weight, &self.output.0, &self.blood.0];
        body.into_iter().chain(masses).chain(flows)
    }

    /// Greatest standard score.
    pub(super) const fn limit(&self) -> f64 {
        self.limit
    }

    /// One body, if what was drawn closes.
    pub(super) fn draw(&self, stream: &mut Stream) -> Option<Drawn<'_>> {
        let mut score = || stream.score(self.limit);
        let weight = self.weight.at(score());
        let ratio = weight / self.weight.typical;
        let output = self.output.0.at(score()) * libm::pow(ratio, self.output.1);
        let fullness = self.blood.0.at(score()) / self.blood.0.typical;
        let blood = self.blood.0.typical * fullness * libm::pow(ratio, self.blood.1);
        let sizes = self.sizes(weight, &mut score)?;
        let flows = self.flows(output, score)?;
        let outside = self.outside(&sizes, weight, blood, fullness);
        if outside <= 0.0 || outside < self.least[1] {
            return None;
        }
        let mut numbers = vec![
            (self.output.0.id.as_str(), output),
            (self.blood.0.id.as_str(), blood),
        ];
        let named = self.parts.iter().zip(&sizes);
        numbers.extend(named.filter_map(|(part, size)| Some((part.mass_id.as_deref()?, *size))));
        numbers.extend(flows);
        for part in &self.parts {
            // Who has more blood has more of it in every organ.
            let vascular = part.vascular * fullness;
            if vascular > 1.0 {
                return None;
            }
            numbers.push((part.vascular_id.as_str(), vascular));
        }
        Some(Drawn { weight, numbers })
    }

    /// Shares of the weight, in the order of the organs.
    fn sizes(&self, weight: f64, mut score: impl FnMut() -> f64) -> Option<Vec<f64>> {
        let ratio = weight / self.weight.typical;
        let own = |part: &Part| match &part.size {
            Size::Own { share, exponent } => share.at(score()) * libm::pow(ratio, exponent - 1.0),
            Size::Remainder { .. } => 0.0,
        };
        let mut sizes: Vec<f64> = self.parts.iter().map(own).collect();
        let left = 1.0 - self.extra[0] / weight - sizes.iter().sum::<f64>();
        if left <= 0.0 || left < self.least[0] {
            return None;
        }
        for (size, part) in sizes.iter_mut().zip(&self.parts) {
            if let Size::Remainder { part } = part.size {
                *size = left * part;
            }
        }
        Some(sizes)
    }

    /// Shares of the cardiac output: with that of the rest of the body, which has no row, they sum to 1.
    fn flows(&self, output: f64, mut score: impl FnMut() -> f64) -> Option<Vec<(&str, f64)>> {
        let flows = self.parts.iter().filter_map(|part| part.flow.as_ref());
        let drawn: Vec<f64> = flows.clone().map(|flow| flow.at(score())).collect();
        let free = 1.0 - self.extra[1] / output;
        let scale = free / drawn.iter().sum::<f64>();
        let with_rows = self.parts.iter().filter(|part| part.mass_id.is_some());
        let ids = with_rows.filter_map(|part| Some(part.flow.as_ref()?.id.as_str()));
        let shares = drawn.iter().map(|flow| flow * scale);
        (free > 0.0).then(|| ids.zip(shares).collect())
    }

    /// Share of the blood that is outside organs.
    fn outside(&self, sizes: &[f64], weight: f64, blood: f64, fullness: f64) -> f64 {
        let parts = self.parts.iter().zip(sizes);
        let within = parts.map(|(part, size)| size * weight * part.vascular * fullness);
        1.0 - (within.sum::<f64>() + self.extra[2]) / blood
    }
}

/// Mass (g), flow (mL/min) and blood (mL) of the organs that a scenario adds.
fn extra(scenario: &Scenario) -> [f64; 3] {
    scenario.host.organs.iter().fold([0.0; 3], |sum, organ| {
        let mass = organ.mass.value();
        let flow = organ.flow.value() / 60.0;
        let blood = mass * organ.vascular_fraction;
        [sum[0] + mass, sum[1] + flow, sum[2] + blood]
    })
}
