//! How bytes reach a label printer, and what it says of them.
//!
//! A [`Device`] is opened for a [`DeviceUri`] and sends one label at a time. It answers what is known of the label after
//! that, and the three answers are never confused:
//!
//! - a [`Delivery`]: the printer's end has every byte. Its `confirmation` says who vouches for more than that; without one,
//!   whether anything was printed is not known;
//! - [`SendError::NothingSent`]: surely no byte of it reached the printer. A machine may send it again;
//! - [`SendError::Uncertain`]: some may have. Only a person may say that it is sent again.
//!
//! Where it is not known which, it is [`Uncertain`](SendError::Uncertain).
//!
//! It does not know what a label is: bytes go in. It keeps no journal, sends nothing twice, and starts no threads.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use miandan_device::{Device, DeviceOptions, DeviceUri, Rung};
//!
//! let folder = tempfile::tempdir()?;
//! let uri: DeviceUri = format!("file:{}/", folder.path().display()).parse()?;
//! let mut device = Device::open(&uri, DeviceOptions::default())?;
//! let delivery = device.send("261111-003-012", b"^XA^FO10,10^FDlabel^FS^XZ", &AtomicBool::new(false))?;
//! assert_eq!(delivery.confirmation, Some(Rung::Stored));
//! assert!(folder.path().join("261111-003-012.prn").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod device;
mod error;
mod options;
pub mod status;
mod uri;

mod acknowledged;
#[cfg(unix)]
mod character;
mod discover;
mod file;
#[cfg(feature = "ipp")]
mod ipp;
mod socket;
mod talk;

pub use device::{Delivery, Device, Rung};
pub use discover::{Found, discover};
pub use error::{OpenError, SendError, StatusError, Why};
pub use miandan_core::printer::{Pacing, StatusDialect};
pub use options::{DeviceOptions, Document, Timeouts};
pub use status::{Fault, Faults, Status};
pub use uri::{DeviceUri, IppUri, UriError};
