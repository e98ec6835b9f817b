//! What masking a field gives.

use std::fmt;
use std::ops::Range;

pub use miandan_core::masking::Warning;
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
    /// The hidden parts of the source, in order, borrowed from it and not copied.
    ///
    /// This is what gets sealed for the courier: what is cut out of the label and nothing else. `source` must be the
    /// text that was masked; of any other text, ranges that do not fit are left out.
    ///
    /// ```
    /// use miandan_core::masking::ShownAddress;
    ///
    /// let source = "幸福小区17号楼2单元1501室";
    /// let outcome = miandan_mask::address(source, ShownAddress::Unit);
    /// assert_eq!(outcome.hidden_parts(source).collect::<Vec<_>>(), ["2", "1501"]);
    /// ```
    pub fn hidden_parts<'a>(&'a self, source: &'a str) -> impl Iterator<Item = &'a str> {
        self.hidden.iter().filter_map(|range| source.get(range.clone()))
    }

    /// The whole source in order, cut at the edges of what is hidden: put together again it is the source, byte by
    /// byte. No part is empty.
    ///
    /// A shown part stands as it was typed, not as it is printed (see [`Outcome::text`]). `source` must be the text that
    /// was masked; from a range on that does not fit, the rest of any other text counts as hidden.
    pub fn parts<'a>(&'a self, source: &'a str) -> impl Iterator<Item = Part<'a>> {
        Parts { source, at: 0, hidden: &self.hidden }
    }
}

/// A piece of a source that was masked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Printed, but for what printing cleans.
    Shown(&'a str),
    /// In its place the label has stars.
    Hidden(&'a str),
}

/// Personal text does not get into a log by way of a format string.
impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Shown(_) => "Shown([redacted])",
            Part::Hidden(_) => "Hidden([redacted])",
        })
    }
}

/// See [`Outcome::parts`].
struct Parts<'a> {
    source: &'a str,
    at: usize,
    hidden: &'a [Range<usize>],
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let source = self.source;
        let rest = source.get(self.at..).filter(|rest| !rest.is_empty())?;
        let Some((range, later)) = self.hidden.split_first() else {
            self.at = source.len();
            return Some(Part::Shown(rest));
        };
        if range.start > self.at
            && let Some(shown) = source.get(self.at..range.start)
        {
            self.at = range.start;
            return Some(Part::Shown(shown));
        }
        self.hidden = later;
        let hidden = source.get(range.clone()).filter(|text| range.start == self.at && !text.is_empty());
        let Some(hidden) = hidden else {
            // Not the text that was masked. What is not known to be shown is not said to be.
            self.at = source.len();
            return Some(Part::Hidden(rest));
        };
        self.at = range.end;
        Some(Part::Hidden(hidden))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(hidden: &[Range<usize>]) -> Outcome {
        Outcome { hidden: hidden.to_vec(), ..Outcome::default() }
    }

    #[test]
    fn parts_are_the_source_in_order() {
        let check = |hidden: &[Range<usize>], source: &str, expected: &[Part<'_>]| {
            assert_eq!(outcome(hidden).parts(source).collect::<Vec<_>>(), expected);
        };
        check(&[], "", &[]);
        check(&[], "ab", &[Part::Shown("ab")]);
        check(&[0..1, 2..3], "abc", &[Part::Hidden("a"), Part::Shown("b"), Part::Hidden("c")]);
        let all = [Part::Shown("a"), Part::Hidden("b"), Part::Shown("c"), Part::Hidden("d")];
        check(&[1..2, 3..4], "abcd", &all);
        assert_eq!(format!("{:?}", all[1]), "Hidden([redacted])");
    }

    #[test]
    fn of_another_text_the_rest_counts_as_hidden() {
        let of_another = outcome(&[1..2, 5..9]);
        assert_eq!(of_another.parts("").collect::<Vec<_>>(), []);
        assert_eq!(of_another.parts("万").collect::<Vec<_>>(), [Part::Hidden("万")]);
        let short = [Part::Shown("a"), Part::Hidden("b"), Part::Hidden("c")];
        assert_eq!(of_another.parts("abc").collect::<Vec<_>>(), short);
        assert_eq!(of_another.hidden_parts("abc").collect::<Vec<_>>(), ["b"]);
    }
}
