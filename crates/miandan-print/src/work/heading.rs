//! What stands above a list, and how the numbers of labels are written.

use std::fmt;

/// What stands above a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Day and number of the batch, e.g. `261111-003`; empty if it has none.
    pub batch: String,
    /// The time of the list in seconds since 1970, shown in China Standard Time; 0 if none is to be shown.
    pub printed_at: u64,
}

/// The number of a label within its batch as it is read out in a warehouse: three digits, or more.
pub(super) fn short(number: u32) -> String {
    format!("{number:03}")
}

/// Numbers of labels, rising: `001~003、007`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(Vec<[u32; 2]>);

impl Numbers {
    /// Adds a number that is greater than those before.
    pub(super) fn push(&mut self, number: u32) {
        match self.0.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            _ => self.0.push([number, number]),
        }
    }

    /// Runs of numbers, each by its first and its last.
    #[must_use]
    pub fn runs(&self) -> &[[u32; 2]] {
        &self.0
    }

    /// The first runs as text, and an ellipsis for the others.
    pub(super) fn shortened(&self, runs: usize) -> String {
        if self.0.len() <= runs {
            return self.to_string();
        }
        format!("{}……", Numbers(self.0[..runs].to_vec()))
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, [first, last]) in self.0.iter().enumerate() {
            let between = if place > 0 { "、" } else { "" };
            write!(f, "{between}{}", short(*first))?;
            if last > first {
                // Not a hyphen: a spreadsheet would make a date of 1-12. Not a dash: a line could end behind it.
                write!(f, "~{}", short(*last))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_run() {
        let mut numbers = Numbers::default();
        [1, 2, 3, 7, 9, 10, 1234].into_iter().for_each(|number| numbers.push(number));
        assert_eq!(numbers.to_string(), "001~003、007、009~010、1234");
        assert_eq!(numbers.runs(), [[1, 3], [7, 7], [9, 10], [1234, 1234]]);
        assert_eq!(numbers.shortened(4), numbers.to_string());
        assert_eq!(numbers.shortened(2), "001~003、007……");
        assert_eq!(Numbers::default().to_string(), "");
    }
}
