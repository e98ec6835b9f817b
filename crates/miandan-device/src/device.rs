//! A device, whatever it is.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::AtomicBool;

use miandan_core::printer::StatusDialect;

use crate::error::{OpenError, SendError, StatusError, Why};
use crate::options::DeviceOptions;
use crate::status::Status;
use crate::talk::is_set;
use crate::uri::DeviceUri;
use crate::{file, socket};

/// A printer, or what stands in its place.
///
/// Each label has a connection of its own, and so has each question: a device holds nothing open between them.
#[derive(Clone, Debug)]
pub struct Device {
    uri: DeviceUri,
    options: DeviceOptions,
}

/// That the printer's end has a label, and who vouches for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// What confirmed it. Without one the bytes were accepted, and there was nobody to ask for more.
    pub confirmation: Option<Rung>,
}

/// Who says that a label was printed: the rungs of the ladder of confirmation, from the highest.
///
/// None is proof. A printer whose buffer somebody clears at its keys, or that is switched off and on behind a print server
/// that stays on, looks like one that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rung {
    /// A printer that speaks TSPL was at work and then at rest, without a fault.
    TsplStatus,
    /// A printer that speaks ZPL was at work and then had no labels left, without a fault.
    ZplStatus,
    /// The job is completed, says whoever speaks IPP. A spooler says so when it has passed the label on.
    IppJob,
    /// The label is a file, or part of one. There is no paper.
    Stored,
}

impl Rung {
    /// Every one, from the highest.
    pub const ALL: [Rung; 4] = [Rung::TsplStatus, Rung::ZplStatus, Rung::IppJob, Rung::Stored];

    /// A word for journals and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Rung::TsplStatus => "tspl-status",
            Rung::ZplStatus => "zpl-status",
            Rung::IppJob => "ipp-job",
            Rung::Stored => "stored",
        }
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Rung {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Rung::ALL.into_iter().find(|rung| rung.as_str() == name).ok_or(())
    }
}

impl Device {
    /// Makes ready to send to a device. Touches nothing yet: a printer that is off is found out by [`send`](Self::send).
    ///
    /// # Errors
    /// If this build or this system has no way to such a device.
    pub fn open(uri: &DeviceUri, options: DeviceOptions) -> Result<Self, OpenError> {
        match uri {
            DeviceUri::Winspool(_) => return Err(OpenError::Winspool),
            DeviceUri::Usb(_) if cfg!(not(unix)) => return Err(OpenError::NoDeviceFiles),
            DeviceUri::Ipp(_) if cfg!(not(feature = "ipp")) => return Err(OpenError::NoIpp),
            DeviceUri::Ipp(uri) if uri.secure && cfg!(not(feature = "ipps")) => return Err(OpenError::NoTls),
            _ => {}
        }
        Ok(Device { uri: uri.clone(), options })
    }

    /// Where it is.
    #[must_use]
    pub fn uri(&self) -> &DeviceUri {
        &self.uri
    }

    /// Sends a label, and waits for what can be known of it. `job` names it in queues and folders: a number, never a text
    /// from an order. `cancel` is looked at several times a second; a label in flight is [`SendError::Uncertain`] then, so who
    /// wants to stop after it looks for that wish before the next one instead.
    ///
    /// # Errors
    /// [`SendError`], which says whether the label may be sent again.
    pub fn send(&mut self, job: &str, label: &[u8], cancel: &AtomicBool) -> Result<Delivery, SendError> {
        if label.is_empty() {
            return Err(SendError::NothingSent { why: Why::Empty });
        }
        if is_set(cancel) {
            return Err(SendError::NothingSent { why: Why::Cancelled });
        }
        match &self.uri {
            DeviceUri::File(path) if is_special(path) => self.send_to_special(path, label, cancel),
            DeviceUri::File(path) => file::append(path, label),
            DeviceUri::Folder(path) => file::put(path, job, label),
            DeviceUri::Socket { host, port } => socket::send(host, *port, &self.options, label, cancel),
            DeviceUri::Usb(path) => self.send_to_special(path, label, cancel),
            #[cfg(feature = "ipp")]
            DeviceUri::Ipp(uri) => crate::ipp::send(uri, &self.options, job, label, cancel),
            #[cfg(not(feature = "ipp"))]
            DeviceUri::Ipp(_) => Err(SendError::NothingSent { why: Why::Missing }),
            DeviceUri::Winspool(_) => Err(SendError::NothingSent { why: Why::Missing }),
        }
    }

    /// Asks how it is. For a printer that is being sent a label by somebody else the answer may come late or not at all.
    ///
    /// # Errors
    /// [`StatusError`]. No answer is never a good one.
    pub fn status(&mut self) -> Result<Status, StatusError> {
        let can_ask = self.options.status != StatusDialect::None;
        let status = match &self.uri {
            DeviceUri::Socket { host, port } if can_ask => socket::status(host, *port, &self.options),
            #[cfg(unix)]
            DeviceUri::File(path) if can_ask && is_special(path) => {
                crate::character::status(path, &self.options)
            }
            #[cfg(unix)]
            DeviceUri::Usb(path) if can_ask => crate::character::status(path, &self.options),
            #[cfg(feature = "ipp")]
            DeviceUri::Ipp(uri) => crate::ipp::status(uri, &self.options),
            DeviceUri::Folder(path) => file::check_folder(path).map(|()| Status::default()),
            _ => return Err(StatusError::NothingToAsk),
        };
        status.map_err(StatusError::Failed)
    }

    /// Whether it is there, for one that cannot be asked how it is. Sends nothing, and says nothing of paper.
    ///
    /// # Errors
    /// Why it cannot be reached.
    pub fn reach(&self) -> Result<(), Why> {
        match &self.uri {
            DeviceUri::Socket { host, port } => socket::reach(host, *port, &self.options),
            DeviceUri::Folder(path) => file::check_folder(path),
            DeviceUri::File(path) if is_special(path) => Ok(()),
            DeviceUri::File(path) => match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => file::check_folder(folder),
                _ => Ok(()),
            },
            DeviceUri::Usb(path) if is_special(path) => Ok(()),
            DeviceUri::Usb(path) => {
                std::fs::metadata(path).map_err(|error| Why::of(&error)).and(Err(Why::WrongKind))
            }
            #[cfg(feature = "ipp")]
            DeviceUri::Ipp(uri) => crate::ipp::status(uri, &self.options).map(drop),
            _ => Err(Why::Missing),
        }
    }

    #[cfg(unix)]
    fn send_to_special(&self, path: &Path, label: &[u8], cancel: &AtomicBool) -> Result<Delivery, SendError> {
        crate::character::send(path, &self.options, label, cancel)
    }

    #[cfg(not(unix))]
    fn send_to_special(&self, _: &Path, _: &[u8], _: &AtomicBool) -> Result<Delivery, SendError> {
        Err(SendError::NothingSent { why: Why::WrongKind })
    }
}

#[cfg(unix)]
fn is_special(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| crate::character::is_special(found.file_type()))
}

#[cfg(not(unix))]
fn is_special(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_driven_is_refused_when_it_is_opened() {
        let open = |uri: &str| Device::open(&uri.parse().unwrap(), DeviceOptions::default()).map(|_| ());
        assert_eq!(open("winspool:Label 4"), Err(OpenError::Winspool));
        assert_eq!(open("socket://192.0.2.7"), Ok(()));
        let ipps = match (cfg!(feature = "ipps"), cfg!(feature = "ipp")) {
            (true, _) => Ok(()),
            (_, true) => Err(OpenError::NoTls),
            _ => Err(OpenError::NoIpp),
        };
        assert_eq!(open("ipps://192.0.2.7/ipp/print"), ipps, "never in clear instead");
    }

    #[test]
    fn rungs_are_known_by_their_words() {
        for rung in Rung::ALL {
            assert_eq!(rung.to_string().parse(), Ok(rung));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_take_labels_or_say_why_not() {
        let send = |uri: &str| {
            let mut device = Device::open(&uri.parse().unwrap(), DeviceOptions::default()).unwrap();
            device.send("1", b"label", &AtomicBool::new(false))
        };
        let nothing = |why| Err(SendError::NothingSent { why });
        assert_eq!(send("file:/dev/null"), Ok(Delivery { confirmation: None }));
        assert_eq!(send("usb:/dev/null"), Ok(Delivery { confirmation: None }));
        assert_eq!(send("usb:/no/such/device"), nothing(Why::Missing));
        assert_eq!(send("usb:/etc/hostname"), nothing(Why::WrongKind));
        let reach =
            |uri: &str| Device::open(&uri.parse().unwrap(), DeviceOptions::default()).unwrap().reach();
        assert_eq!(
            (reach("usb:/dev/null"), reach("file:/dev/null"), reach("file:new")),
            (Ok(()), Ok(()), Ok(()))
        );
        assert_eq!(
            (reach("usb:/no/such/device"), reach("file:/no/such/folder/labels")),
            (Err(Why::Missing), Err(Why::Missing))
        );
        assert_eq!(
            (reach("usb:/etc/hostname"), reach("file:/etc/hostname/")),
            (Err(Why::WrongKind), Err(Why::WrongKind))
        );
        // A driver that fails may have begun.
        assert_eq!(send("usb:/dev/full"), Err(SendError::Uncertain { written: 0, why: Why::NoSpace }));
    }
}
