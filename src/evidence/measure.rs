//! What is asked of the model in the place of a measurement.

use serde::{Deserialize, Serialize};

use crate::observation::{Assay, ReadingUnit};
use crate::physiology::Organ;
use crate::units::Time;

/// Which cells are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Living ones.
    Viable,
    /// Remains, in cell equivalents.
    Remains,
    /// Both.
    All,
}

/// What is asked of the model. Places are names: organs, `venous`, `arterial`, or `body` for all of it;
/// several are added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Measure {
    /// Cells in places.
    Cells {
        /// Where.
        places: Vec<String>,
        /// Which.
        #[serde(default = "all")]
        content: Content,
        /// When.
        time: Time,
        /// In % of the dose instead of cells.
        #[serde(default)]
        percent_dose: bool,
    },
    /// What an instrument reads in places, without noise and without limit.
    Reading {
        /// The instrument.
        assay: Assay,
        /// Where.
        places: Vec<String>,
        /// When.
        time: Time,
    },
    /// Share of the cells of the first dose that pass an organ on one passage, 0 to 1.
    Passing {
        /// The organ.
        organ: Organ,
    },
    /// Share that stops, 0 to 1.
    Stopping {
        /// The organ.
        organ: Organ,
    },
    /// Mean residence time of living cells, h: the centre of the area under the curve up to a time, from the start of
    /// the first dose.
    Stay {
        /// Where.
        places: Vec<String>,
        /// Up to when.
        until: Time,
    },
    /// One measure over another.
    Ratio {
        /// Above the line.
        of: Box<Measure>,
        /// Below it.
        to: Box<Measure>,
    },
    /// Half-life between an earlier and a later measure, h.
    HalfLife {
        /// The earlier.
        from: Box<Measure>,
        /// The later.
        to: Box<Measure>,
    },
    /// A measure over the same one of the control arm.
    Relative {
        /// Which.
        of: Box<Measure>,
    },
}

const fn all() -> Content {
    Content::All
}

/// Points of the grid behind [`Measure::Stay`].
const STAY_POINTS: i32 = 400;

impl Measure {
    /// When the model is looked at, h.
    pub(super) fn times(&self) -> Vec<f64> {
        match self {
            Self::Cells { time, .. } | Self::Reading { time, .. } => vec![time.value()],
            Self::Passing { .. } | Self::Stopping { .. } => vec![],
            Self::Stay { until, .. } => stay_grid(until.value()),
            Self::Ratio { of, to } | Self::HalfLife { from: of, to } => {
                [of.times(), to.times()].concat()
            }
            Self::Relative { of } => of.times(),
        }
    }

    /// Between which ends a reading lies: a share of a whole is never more than the whole.
    pub(super) const fn ends(&self) -> (f64, f64) {
        let percent = match self {
            Self::Passing { .. } | Self::Stopping { .. } => return (0.0, 1.0),
            // An amount that grows has a half-life below 0.
            Self::HalfLife { .. } => return (f64::NEG_INFINITY, f64::INFINITY),
            Self::Cells { percent_dose, .. } => *percent_dose,
            Self::Reading { assay, .. } => matches!(assay.unit, ReadingUnit::PercentDose),
            Self::Stay { .. } | Self::Ratio { .. } | Self::Relative { .. } => false,
        };
        match percent {
            true => (0.0, 100.0),
            false => (0.0, f64::INFINITY),
        }
    }

    /// The one time at which it looks, h, if it is only one.
    pub(super) fn time(&self) -> Option<f64> {
        match self {
            Self::Cells { time, .. } | Self::Reading { time, .. } => Some(time.value()),
            _ => None,
        }
    }
}

/// Times from a second to the end by equal ratios, h.
pub(super) fn stay_grid(end: f64) -> Vec<f64> {
    let second = 1.0 / 3600.0;
    (0..=STAY_POINTS)
        .map(|k| match k {
            STAY_POINTS => end,
            k => second * libm::pow(end / second, f64::from(k) / f64::from(STAY_POINTS)),
        })
        .collect()
}
