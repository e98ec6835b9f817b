//! What printers say of themselves: the question, and what the answer means. Pure functions over bytes.

mod tspl;
mod zpl;

use std::fmt;

use miandan_core::printer::StatusDialect;

/// Something that a printer says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// No paper.
    PaperOut,
    /// No ribbon.
    RibbonOut,
    /// The head is lifted.
    HeadOpen,
    /// The cover is open.
    CoverOpen,
    /// Paper is stuck.
    PaperJam,
    /// It was paused, or waits for a key.
    Paused,
    /// Too hot or too cold to print.
    Overheated,
    /// It prints. No fault: with this alone it is well.
    Printing,
    /// Its buffer is full. No fault either: it passes.
    BufferFull,
    /// Something else is wrong.
    Other,
}

impl Fault {
    /// Every one.
    pub const ALL: [Fault; 10] = [
        Fault::PaperOut,
        Fault::RibbonOut,
        Fault::HeadOpen,
        Fault::CoverOpen,
        Fault::PaperJam,
        Fault::Paused,
        Fault::Overheated,
        Fault::Printing,
        Fault::BufferFull,
        Fault::Other,
    ];

    /// Whether a person has to do something before the printer goes on.
    #[must_use]
    pub const fn needs_a_person(self) -> bool {
        !matches!(self, Fault::Printing | Fault::BufferFull)
    }

    /// A word for journals and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Fault::PaperOut => "paper-out",
            Fault::RibbonOut => "ribbon-out",
            Fault::HeadOpen => "head-open",
            Fault::CoverOpen => "cover-open",
            Fault::PaperJam => "paper-jam",
            Fault::Paused => "paused",
            Fault::Overheated => "overheated",
            Fault::Printing => "printing",
            Fault::BufferFull => "buffer-full",
            Fault::Other => "other",
        }
    }
}

/// A set of [`Fault`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Faults(u16);

impl Faults {
    /// Whether one is in it.
    #[must_use]
    pub const fn contains(self, fault: Fault) -> bool {
        self.0 >> fault as u16 & 1 == 1
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those in it, in the order of [`Fault::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.into_iter().filter(move |fault| self.contains(*fault))
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u16;
    }

    fn add_if(&mut self, fault: Fault, it_is: bool) {
        if it_is {
            self.add(fault);
        }
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        let mut set = Faults::default();
        faults.into_iter().for_each(|fault| set.add(fault));
        set
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { ", " })?;
            f.write_str(fault.as_str())?;
        }
        Ok(())
    }
}

/// What a printer said of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Everything that is not as it is at rest.
    pub faults: Faults,
    /// How many labels it still has to print, if it says so and can be believed.
    pub labels_left: Option<u32>,
}

impl Status {
    /// Whether it is at rest and prints what it is sent.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether a person has to do something before it goes on.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        self.faults.iter().any(Fault::needs_a_person)
    }

    /// Whether it has everything done that it was sent, as far as it says.
    pub(crate) fn is_done(&self, dialect: StatusDialect) -> bool {
        // A count of labels that cannot be believed is no count of 0.
        self.is_ready() && (dialect != StatusDialect::Zpl || self.labels_left == Some(0))
    }
}

/// What bytes from a printer are, as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// More has to come.
    Incomplete,
    /// It is whole.
    Whole(Status),
    /// It is no answer of this dialect, and does not become one.
    Unreadable,
}

/// What a printer is asked with; nothing for [`StatusDialect::None`].
#[must_use]
pub const fn question(dialect: StatusDialect) -> &'static [u8] {
    match dialect {
        StatusDialect::None => b"",
        StatusDialect::Tspl | StatusDialect::TsplSunmi => b"\x1B!?",
        StatusDialect::TsplExtended => b"\x1B!S",
        StatusDialect::Zpl => b"~HS\r\n",
    }
}

/// Reads an answer. Takes any bytes; whatever is not as the manuals have it is [`Answer::Unreadable`] and never a good
/// status.
#[must_use]
pub fn read_answer(dialect: StatusDialect, bytes: &[u8]) -> Answer {
    match dialect {
        StatusDialect::None => Answer::Unreadable,
        StatusDialect::Tspl => tspl::one_byte(bytes),
        StatusDialect::TsplSunmi => tspl::one_byte_of_sunmi(bytes),
        StatusDialect::TsplExtended => tspl::four_bytes(bytes),
        StatusDialect::Zpl => zpl::three_lines(bytes),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn faults_are_a_set() {
        let faults: Faults = [Fault::Paused, Fault::PaperOut, Fault::Paused].into_iter().collect();
        assert_eq!(faults.iter().collect::<Vec<_>>(), [Fault::PaperOut, Fault::Paused]);
        assert_eq!(faults.to_string(), "paper-out, paused");
        assert!(!faults.contains(Fault::Other) && !faults.is_empty());
    }

    #[test]
    fn printing_alone_needs_nobody() {
        let status = |fault| Status { faults: [fault].into_iter().collect(), labels_left: None };
        assert!(!status(Fault::Printing).needs_a_person() && !status(Fault::Printing).is_ready());
        assert!(status(Fault::PaperOut).needs_a_person());
        assert!(Status::default().is_ready());
    }

    proptest! {
        /// Whatever comes: no panic; an answer that is whole stays the same when more comes after it; and nothing is
        /// good by its absence.
        #[test]
        fn answers_are_read_from_the_front(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            for dialect in StatusDialect::ALL {
                prop_assert!(!matches!(read_answer(dialect, b""), Answer::Whole(_)));
                let first = (0..=bytes.len()).map(|end| read_answer(dialect, &bytes[..end])).find(|answer| *answer != Answer::Incomplete);
                if let Some(first) = first {
                    prop_assert_eq!(read_answer(dialect, &bytes), first);
                }
            }
        }

        /// The same with bytes of which answers are made.
        #[test]
        fn answers_of_the_right_signs_too(text in "[\x02\x03\r\n0-9,@A-P`]{0,120}") {
            for dialect in StatusDialect::ALL {
                let bytes = text.as_bytes();
                let first = (0..=bytes.len()).map(|end| read_answer(dialect, &bytes[..end])).find(|answer| *answer != Answer::Incomplete);
                if let Some(first) = first {
                    prop_assert_eq!(read_answer(dialect, bytes), first);
                }
            }
        }
    }
}
