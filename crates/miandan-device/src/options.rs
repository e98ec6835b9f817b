//! What a device has to know beside where it is.

use std::time::Duration;

use miandan_core::printer::{Pacing, StatusDialect};

/// How a printer is sent to and asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceOptions {
    /// How fast it may be sent to, and how long the line stays open after that. For sockets, pipes and devices.
    pub pacing: Pacing,
    /// How it is asked how it is. IPP has its own way and does not look at this.
    pub status: StatusDialect,
    /// How long for what.
    pub timeouts: Timeouts,
    /// What an IPP printer is told that a label is.
    pub document: Document,
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, to each address that the name of a host has.
    pub connect: Duration,
    /// Without the printer taking a byte, while a label is written and until its last byte has arrived.
    pub stall: Duration,
    /// For an answer to a question about the status.
    pub answer: Duration,
    /// For a printer that is busy to be free before a label, and to have printed it after.
    pub confirm: Duration,
    /// Between two questions while a label is printed.
    pub poll: Duration,
    /// For the printer to close the connection from its side, once it has everything. Some never do.
    pub close: Duration,
}

impl Default for Timeouts {
    /// A label takes a second or two; a printer at rest answers at once.
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(5),
            stall: Duration::from_secs(30),
            answer: Duration::from_secs(2),
            confirm: Duration::from_secs(30),
            poll: Duration::from_millis(50),
            close: Duration::from_secs(2),
        }
    }
}

/// What a label is, in the words of IPP (`document-format`, RFC 8011 5.1.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Document {
    /// What the printer understands, passed on as it is: `application/vnd.cups-raw` where that is known, else
    /// `application/octet-stream`.
    #[default]
    Raw,
    /// A page: `application/pdf`.
    Pdf,
}
