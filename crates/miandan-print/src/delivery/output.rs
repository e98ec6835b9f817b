//! Where a batch puts its labels when they go to printers: into their queue.

use std::io;
use std::path::PathBuf;

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, Pages};
use miandan_core::printer::Profile;

use super::Delivery;
use super::queue::{Made, Queue};
use crate::output::{Output, OutputError};

/// Puts labels into a queue.
pub(super) struct QueueOutput<'a> {
    delivery: &'a Delivery<'a>,
    profile: Profile,
    queue: &'a Queue,
}

impl<'a> QueueOutput<'a> {
    pub(super) fn new(delivery: &'a Delivery<'a>, profile: Profile, queue: &'a Queue) -> Self {
        QueueOutput { delivery, profile, queue }
    }
}

impl Output for QueueOutput<'_> {
    fn format(&self) -> Format {
        Format::Printer(self.profile)
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let nobody = || OutputError { path: PathBuf::new(), error: io::ErrorKind::NotConnected.into() };
        if self.delivery.is_stopping() {
            return Err(nobody());
        }
        let print = self.delivery.prints.get(number as usize - 1).copied().ok_or_else(nobody)?;
        // Pages of a label are one job: between them nothing else comes out.
        let bytes = label.iter().flatten().copied().collect();
        if self.queue.put(Made { print, bytes }) { Ok(()) } else { Err(nobody()) }
    }

    fn finish(self, _fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}
