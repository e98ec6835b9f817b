//! One printer of a batch: a thread that takes label after label and sends it ([`Wire`]).

use std::sync::{Arc, Mutex, PoisonError};

use miandan_core::printer::{Profile, StatusDialect};
use miandan_device::{Device, DeviceOptions, DeviceUri, OpenError, UriError};
use miandan_journal::JournalError;
use ring::digest;

use super::queue::{Made, Queue};
use super::wire::{Sent, Wire};
use super::{Delivered, Delivery, DeliveryObserver, Event, Stopped};
use crate::printer::PrinterProfile;

/// A printer that labels are sent to.
#[derive(Clone, Debug)]
pub struct Printer {
    /// What it is called in the journal: where it is, which holds no password.
    pub name: Arc<str>,
    /// What labels for it depend on.
    pub profile: Profile,
    pub(super) device: Device,
    /// Whether it can say that it has printed.
    pub(super) answers: bool,
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
    let lane = Lane { delivery, place, queue, delivered, events };
    let mut wire = Wire::new(delivery.batch, printer, delivery.clock, delivery.cancel, delivery.stop);
    let ended = lane.work(&mut wire);
    let ended = wire.settle(Vec::new()).and(ended);
    if let Err(error) = ended {
        queue.fail(error);
    }
    queue.leave();
}

/// One printer at work.
struct Lane<'l> {
    delivery: &'l Delivery<'l>,
    place: usize,
    queue: &'l Queue,
    delivered: &'l Mutex<Delivered>,
    events: &'l dyn DeliveryObserver,
}

impl Lane<'_> {
    fn work(&self, wire: &mut Wire<'_>) -> Result<(), JournalError> {
        while let Some(label) = self.queue.take() {
            if self.delivery.is_stopping() {
                return Ok(());
            }
            let sent =
                wire.send(label.print, &label.bytes, self.delivery.patience, &|event| self.tell(event))?;
            if let Some(stopped) = self.note(label, sent) {
                self.tell(&Event::Stopped(stopped.clone()));
                self.count(|delivered| delivered.stopped.push((self.place, stopped)));
                return Ok(());
            }
            if !self.queue.has_more() {
                wire.settle(Vec::new())?;
            }
        }
        Ok(())
    }

    /// Counts what became of a label; answers why the printer stops, if it does.
    fn note(&self, label: Made, sent: Sent) -> Option<Stopped> {
        match sent {
            Sent::Taken(confirmation) => {
                self.count(|delivered| {
                    delivered.sent += 1;
                    delivered.confirmed += usize::from(confirmation.is_some());
                });
                None
            }
            Sent::Unknown(why) => {
                self.count(|delivered| delivered.unknown += 1);
                Some(Stopped::Unknown(self.delivery.batch.number(label.print.position), why))
            }
            Sent::Unavailable(why) => {
                if !self.delivery.is_stopping() {
                    self.queue.give_back(label);
                }
                Some(Stopped::Unavailable(why))
            }
        }
    }

    fn tell(&self, event: &Event) {
        self.events.event(self.place, event);
    }

    fn count(&self, change: impl FnOnce(&mut Delivered)) {
        change(&mut self.delivered.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
/// The hash of a label that goes into files.
pub(super) fn hash_of_pages<'p>(pages: impl Iterator<Item = &'p [u8]>) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    pages.for_each(|page| context.update(page));
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
