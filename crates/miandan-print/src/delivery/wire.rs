//! One label onto one printer, through the journal: written before the first byte leaves and again after the last, and sent
//! again only as long as surely nothing of it was sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use miandan_device::{Device, DeviceUri, Rung, SendError, Why};
use miandan_journal::{self as journal, JournalError, OpenBatch, PrintId, Transition};
use miandan_seal::encoding::sha256;

use super::{Event, Printer};

/// The first wait before a label is tried again, doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest of them: a person who has put in paper does not want to wait for a minute.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// How soon a printer that waits notices that it is to stop.
const ATTENTION: Duration = Duration::from_millis(50);

/// What became of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Its bytes were taken; with what confirms more than that.
    Taken(Option<Rung>),
    /// It may be on paper, and nobody can tell.
    Unknown(Why),
    /// Surely nothing of it was sent, and patience is at its end.
    Unavailable(Why),
}

/// The way to one printer, for labels of one batch.
pub(crate) struct Wire<'w> {
    batch: &'w OpenBatch,
    printer: &'w Printer,
    device: Device,
    clock: &'w (dyn Fn() -> u64 + Sync),
    cancel: &'w AtomicBool,
    stop: &'w AtomicBool,
    /// What is known of the label before and not yet in the journal: it becomes durable with the next label's `sending`, in one
    /// write. Until then the journal says `sending`, which is true enough: it is read as "may be on paper".
    settled: Vec<(PrintId, Transition)>,
}

impl<'w> Wire<'w> {
    /// `cancel` and `stop` as those of a [`Delivery`](super::Delivery).
    pub(crate) fn new(
        batch: &'w OpenBatch,
        printer: &'w Printer,
        clock: &'w (dyn Fn() -> u64 + Sync),
        cancel: &'w AtomicBool,
        stop: &'w AtomicBool,
    ) -> Self {
        Wire { batch, printer, device: printer.device.clone(), clock, cancel, stop, settled: Vec::new() }
    }

    /// Sends a label, again and again as long as surely nothing of it was sent and patience lasts.
    pub(crate) fn send(
        &mut self,
        print: PrintId,
        label: &[u8],
        patience: Duration,
        tell: &dyn Fn(&Event),
    ) -> Result<Sent, JournalError> {
        let number = self.batch.number(print.position);
        let job = match print.copy {
            0 => number.to_string(),
            copy => format!("{number}-{copy}"),
        };
        let bytes = sha256(label);
        let began = Instant::now();
        let mut wait = FIRST_WAIT;
        self.settled.push((print, Transition::Rendered { bytes }));
        loop {
            let printer = Arc::clone(&self.printer.name);
            let sending = Transition::Sending { printer, bytes, answers: self.printer.answers };
            self.settle(vec![(print, sending)])?;
            tell(&Event::Sending(print));
            match self.device.send(&job, label, self.cancel) {
                Ok(delivery) => {
                    self.sent(print, delivery.confirmation);
                    tell(&Event::Sent(print, delivery.confirmation));
                    return Ok(Sent::Taken(delivery.confirmation));
                }
                Err(SendError::Uncertain { why, .. }) => {
                    let reason = why.to_string();
                    self.settle(vec![(print, Transition::Unknown { reason })])?;
                    tell(&Event::Unknown(print, why.clone()));
                    return Ok(Sent::Unknown(why));
                }
                Err(SendError::NothingSent { why }) => {
                    self.settle(vec![(print, Transition::Failed { reason: why.to_string() })])?;
                    let over = began.elapsed() + wait > patience;
                    if over || self.is_stopping() || !self.may_pass(&why) {
                        return Ok(Sent::Unavailable(why));
                    }
                    tell(&Event::Waiting(print, why, wait));
                    self.pause(wait);
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// Makes durable what is known, together with what comes now.
    pub(crate) fn settle(&mut self, more: Vec<(PrintId, Transition)>) -> Result<(), JournalError> {
        self.settled.extend(more);
        if self.settled.is_empty() {
            return Ok(());
        }
        let transitions = std::mem::take(&mut self.settled);
        self.batch.record_all(transitions, (self.clock)()).map(drop)
    }

    fn sent(&mut self, print: PrintId, confirmation: Option<Rung>) {
        self.settled.push((print, Transition::Sent));
        if let Some(rung) = confirmation.and_then(rung_of) {
            self.settled.push((print, Transition::Confirmed { rung }));
        }
    }

    /// Whether what is wrong may pass while one waits: paper is put in, a printer is switched on. A wrong place does not, and
    /// nobody makes the folder of a file meanwhile.
    fn may_pass(&self, why: &Why) -> bool {
        let is_file = matches!(self.device.uri(), DeviceUri::File(_) | DeviceUri::Folder(_));
        match why {
            Why::Empty | Why::WrongKind | Why::Denied | Why::Format | Why::Cancelled | Why::Protocol => false,
            Why::Certificate | Why::Tls => false,
            Why::Missing => !is_file,
            _ => true,
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.cancel.load(Ordering::Relaxed)
    }

    fn pause(&self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time && !self.is_stopping() {
            thread::sleep(ATTENTION.min(time));
        }
    }
}

/// The rung of the journal's ladder for what a device says.
fn rung_of(rung: Rung) -> Option<journal::Rung> {
    Some(match rung {
        Rung::TsplStatus => journal::Rung::StatusIdle,
        Rung::ZplStatus => journal::Rung::BatchFlag,
        Rung::IppJob => journal::Rung::IppJob,
        Rung::Stored => journal::Rung::Stored,
        _ => return None,
    })
}
