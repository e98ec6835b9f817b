//! What was found, and where.

use miandan_core::label::Resolution;
use miandan_render::template::Problem;

use crate::{Rule, Severity};

/// Something that is wrong with a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What for.
    pub rule: Rule,
    /// Line in the template, from 1; 1 where the whole template is meant.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// At which resolution, where it is not the same at all.
    pub resolution: Option<Resolution>,
    /// How much there is, and how much there should be.
    pub measure: Option<Measure>,
    /// What the compiler or the layout says.
    pub problem: Option<Problem>,
    /// A name: of a personal field, or of a case of orders.
    pub name: Option<String>,
}

/// A number and its bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// What there is.
    pub found: f64,
    /// The least that there should be; for areas the most.
    pub needed: f64,
    /// In what.
    pub unit: Unit,
}

/// The unit of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Millimetres.
    Millimetres,
    /// Dots of the print head.
    Dots,
    /// Hundredths.
    Percent,
}

impl Unit {
    /// The sign of the unit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Millimetres => "mm",
            Unit::Dots => "dots",
            Unit::Percent => "%",
        }
    }
}

impl Finding {
    /// A finding at a place.
    pub(crate) fn at(rule: Rule, (line, column): (u32, u32)) -> Self {
        Finding { rule, line, column, resolution: None, measure: None, problem: None, name: None }
    }

    pub(crate) fn measured(self, found: f64, needed: f64, unit: Unit) -> Self {
        Finding { measure: Some(Measure { found, needed, unit }), ..self }
    }

    pub(crate) fn millimetres(self, found: i32, needed: i32) -> Self {
        let millimetres = |length: i32| (f64::from(length) / 10.0).round() / 100.0;
        self.measured(millimetres(found), millimetres(needed), Unit::Millimetres)
    }

    pub(crate) fn of(self, name: impl Into<String>) -> Self {
        Finding { name: Some(name.into()), ..self }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}
