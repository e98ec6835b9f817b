//! What masking a field gives.

use std::ops::Range;

use miandan_core::waybill::Masked;

/// Result of masking one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What may be printed: one `*` for each hidden character, the others as they are, but for these:
    ///
    /// * invisible, control and bidirectional characters are dropped; line breaks and tabs become spaces;
    /// * full-width letters and digits become narrow;
    /// * in a name the dot between the parts becomes U+00B7; in a phone the punctuation becomes narrow.
    ///
    /// White space, punctuation and the signs `+ ~ | = < >` are never hidden.
    pub text: Masked,
    /// Byte ranges of the *source* that the stars stand for: ascending, never touching, on character boundaries.
    ///
    /// What lies outside is printed (or prints nothing at all), so whoever holds these slices and the label holds the
    /// whole field. This is what gets sealed for the courier.
    pub hidden: Vec<Range<usize>>,
    /// What a person should know.
    pub warning: Option<Warning>,
}

impl Outcome {
    /// The hidden parts of the source, in order.
    ///
    /// `source` must be the text that was masked; of any other text, ranges that do not fit are left out.
    pub fn hidden_parts<'a>(&'a self, source: &'a str) -> impl Iterator<Item = &'a str> {
        self.hidden.iter().filter_map(|range| source.get(range.clone()))
    }
}

/// What a person should know about a masked field. Carries none of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The field could not be understood, so nothing but punctuation is left of it.
    HiddenWhole,
    /// An address in which no unit, household or room was found: a village house, or a way of writing that is not
    /// known yet. Only phones, codes and names, if any, are hidden.
    NoDoorFound,
    /// An address in a script that the rules do not read: all its numbers are hidden.
    NumbersHidden,
}
