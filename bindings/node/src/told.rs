//! From the thread that prints a batch to the mailbox that JavaScript empties.

use std::cell::RefCell;
use std::rc::Rc;

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{Failure, FontSubset, Pages, Warnings};
use miandan_print::{LabelForm, LabelOutcome, Observer, Output, OutputError, PrintError, Summary};

use crate::failed::Failed;
use crate::mailbox::Mailbox;

/// A label that was dealt with.
pub(crate) struct Told {
    pub(crate) index: u32,
    pub(crate) count: u32,
    pub(crate) result: Result<usize, Failure>,
    pub(crate) warnings: Warnings,
    /// Its pages, if they were asked for.
    pub(crate) pages: Option<Vec<Vec<u8>>>,
}

impl Told {
    pub(crate) fn size(&self) -> u32 {
        self.result.map_or(0, |size| u32::try_from(size).unwrap_or(u32::MAX))
    }

    /// How many pages are handed over; one where none are asked for, as if it were like the others.
    pub(crate) fn page_count(&self) -> u32 {
        self.pages.as_ref().map_or(1, |pages| u32::try_from(pages.len()).unwrap_or(u32::MAX))
    }
}

/// What came of a batch.
pub(crate) type End = Result<Summary, Failed>;

/// The mailbox of a batch.
pub(crate) type Letters = Mailbox<Told, End>;

/// The pages of the label that was made last, until the observer is told of it. Both are called on one thread.
pub(crate) type Pending = Rc<RefCell<Vec<Vec<u8>>>>;

/// Tells of each label, with its pages if they are kept.
pub(crate) struct Teller<'m> {
    pub(crate) letters: &'m Letters,
    pub(crate) pages: Option<Pending>,
}

impl Observer for Teller<'_> {
    fn label(&mut self, label: &LabelOutcome) {
        let pages = self.pages.as_ref().map(|pages| pages.take());
        let (index, count) = (label.number.index, label.number.count);
        self.letters.put(Told { index, count, result: label.result, warnings: label.warnings, pages });
        // The file gets its name when the program has heard of every label and has not objected.
        if self.pages.is_none() && index == count {
            self.letters.wait_until_read();
        }
    }
}

/// Keeps the pages of the label that was made last.
pub(crate) struct Kept {
    pub(crate) form: LabelForm,
    pub(crate) pages: Pending,
}

impl Output for Kept {
    fn format(&self) -> Format {
        match self.form {
            LabelForm::Png => Format::Png,
            LabelForm::Printer(profile) => Format::Printer(profile),
        }
    }

    fn begin(&mut self, _: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, _: u32, label: Pages<'_>) -> Result<(), OutputError> {
        self.pages.replace(label.iter().map(<[u8]>::to_vec).collect());
        Ok(())
    }

    fn finish(self, _: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}

/// How a batch is said to have ended.
pub(crate) fn end(printed: Result<Summary, PrintError>) -> End {
    printed.map_err(|error| Failed::batch(&error))
}
