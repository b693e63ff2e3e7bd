//! What numbers laws can work with.

/// What a parameter of a law may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Allowed {
    NotNegative,
    Positive,
}

impl Allowed {
    pub(crate) fn admits(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::NotNegative => value >= 0.0,
                Self::Positive => value > 0.0,
            }
    }

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::NotNegative => "finite and at least 0",
            Self::Positive => "finite and greater than 0",
        }
    }
}
