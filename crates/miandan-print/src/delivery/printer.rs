//! One printer: a thread that takes label after label, writes into the journal, sends, and writes again.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use miandan_core::printer::{Profile, StatusDialect};
use miandan_device::{Device, DeviceOptions, DeviceUri, OpenError, Rung, SendError, UriError, Why};
use miandan_journal::{self as journal, JournalError, PrintId, Transition};
use miandan_seal::encoding::sha256;
use ring::digest;

use super::queue::{Made, Queue};
use super::{Delivered, Delivery, DeliveryObserver, Event, Stopped};
use crate::printer::PrinterProfile;

/// The first wait before a label is tried again, doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest of them: a person who has put in paper does not want to wait for a minute.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// How soon a printer that waits notices that it is to stop.
const ATTENTION: Duration = Duration::from_millis(50);

/// A printer that labels are sent to.
#[derive(Clone, Debug)]
pub struct Printer {
    /// What it is called in the journal: where it is, which holds no password.
    pub name: Arc<str>,
    /// What labels for it depend on.
    pub profile: Profile,
    device: Device,
    answers: bool,
}

/// Why there is no such printer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrinterError {
    /// The text is no place of a printer.
    #[error(transparent)]
    Uri(#[from] UriError),
    /// It is the place of a printer that cannot be driven.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Printer {
    /// A printer at a place ([`DeviceUri`]) with what is known of it. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`PrinterError`].
    pub fn open(uri: &str, profile: PrinterProfile) -> Result<Self, PrinterError> {
        let uri: DeviceUri = uri.parse()?;
        let options =
            DeviceOptions { pacing: profile.pacing, status: profile.status, ..DeviceOptions::default() };
        let answers = match uri {
            DeviceUri::Ipp(_) | DeviceUri::Folder(_) => true,
            DeviceUri::Socket { .. } | DeviceUri::Usb(_) | DeviceUri::File(_) => {
                profile.status != StatusDialect::None
            }
            _ => false,
        };
        let device = Device::open(&uri, options)?;
        Ok(Printer { name: uri.to_string().into(), profile: profile.profile, device, answers })
    }

    /// What labels are sent to.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }
}

/// Sends labels until no more come or the printer takes none.
pub(super) fn run(
    delivery: &Delivery<'_>,
    place: usize,
    printer: &Printer,
    queue: &Queue,
    delivered: &Mutex<Delivered>,
    events: &dyn DeliveryObserver,
) {
    let mut lane = Lane {
        delivery,
        place,
        printer,
        device: printer.device.clone(),
        queue,
        delivered,
        events,
        settled: Vec::new(),
    };
    let ended = lane.work();
    let ended = lane.settle(Vec::new()).and(ended);
    if let Err(error) = ended {
        queue.fail(error);
    }
    queue.leave();
}

/// One printer at work.
struct Lane<'l> {
    delivery: &'l Delivery<'l>,
    place: usize,
    printer: &'l Printer,
    device: Device,
    queue: &'l Queue,
    delivered: &'l Mutex<Delivered>,
    events: &'l dyn DeliveryObserver,
    /// What is known of the label before and not yet in the journal: it becomes durable with the next label's `sending`, in one
    /// write. Until then the journal says `sending`, which is true enough: it is read as "may be on paper".
    settled: Vec<(PrintId, Transition)>,
}

impl Lane<'_> {
    fn work(&mut self) -> Result<(), JournalError> {
        while let Some(label) = self.queue.take() {
            if self.delivery.is_stopping() {
                return Ok(());
            }
            if let Some(stopped) = self.send(&label)? {
                if matches!(stopped, Stopped::Unavailable(_)) && !self.delivery.is_stopping() {
                    self.queue.give_back(label);
                }
                self.tell(&Event::Stopped(stopped.clone()));
                self.count(|delivered| delivered.stopped.push((self.place, stopped)));
                return Ok(());
            }
            if !self.queue.has_more() {
                self.settle(Vec::new())?;
            }
        }
        Ok(())
    }

    /// Sends a label, again and again as long as surely nothing of it was sent; answers why the printer stops, if it does.
    fn send(&mut self, label: &Made) -> Result<Option<Stopped>, JournalError> {
        let number = self.delivery.batch.number(label.print.position);
        let job = match label.print.copy {
            0 => number.to_string(),
            copy => format!("{number}-{copy}"),
        };
        let bytes = sha256(&label.bytes);
        let began = Instant::now();
        let mut wait = FIRST_WAIT;
        self.settled.push((label.print, Transition::Rendered { bytes }));
        loop {
            let printer = Arc::clone(&self.printer.name);
            let sending = Transition::Sending { printer, bytes, answers: self.printer.answers };
            self.settle(vec![(label.print, sending)])?;
            self.tell(&Event::Sending(label.print));
            match self.device.send(&job, &label.bytes, self.delivery.cancel) {
                Ok(delivery) => {
                    self.sent(label.print, delivery.confirmation);
                    return Ok(None);
                }
                Err(SendError::Uncertain { why, .. }) => {
                    let reason = why.to_string();
                    self.settle(vec![(label.print, Transition::Unknown { reason })])?;
                    self.tell(&Event::Unknown(label.print, why.clone()));
                    self.count(|delivered| delivered.unknown += 1);
                    return Ok(Some(Stopped::Unknown(number, why)));
                }
                Err(SendError::NothingSent { why }) => {
                    self.settle(vec![(label.print, Transition::Failed { reason: why.to_string() })])?;
                    let over = began.elapsed() + wait > self.delivery.patience;
                    if over || self.delivery.is_stopping() || !self.may_pass(&why) {
                        return Ok(Some(Stopped::Unavailable(why)));
                    }
                    self.tell(&Event::Waiting(label.print, why, wait));
                    self.pause(wait);
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
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

    fn sent(&mut self, print: PrintId, confirmation: Option<Rung>) {
        self.settled.push((print, Transition::Sent));
        if let Some(rung) = confirmation.and_then(rung_of) {
            self.settled.push((print, Transition::Confirmed { rung }));
        }
        self.count(|delivered| {
            delivered.sent += 1;
            delivered.confirmed += usize::from(confirmation.is_some());
        });
        self.tell(&Event::Sent(print, confirmation));
    }

    /// Makes durable what is known, together with what comes now.
    fn settle(&mut self, more: Vec<(PrintId, Transition)>) -> Result<(), JournalError> {
        self.settled.extend(more);
        if self.settled.is_empty() {
            return Ok(());
        }
        let transitions = std::mem::take(&mut self.settled);
        self.delivery.batch.record_all(transitions, (self.delivery.clock)()).map(drop)
    }

    fn pause(&self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time && !self.delivery.is_stopping() {
            thread::sleep(ATTENTION.min(time));
        }
    }

    fn tell(&self, event: &Event) {
        self.events.event(self.place, event);
    }

    fn count(&self, change: impl FnOnce(&mut Delivered)) {
        change(&mut self.delivered.lock().unwrap_or_else(PoisonError::into_inner));
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

/// The hash of a label that goes into files.
pub(super) fn hash_of_pages<'p>(pages: impl Iterator<Item = &'p [u8]>) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    pages.for_each(|page| context.update(page));
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
