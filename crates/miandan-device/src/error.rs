//! What can go wrong, and what that means for a label.

use std::io;

use crate::status::Faults;

/// Why no device stands behind a URI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Printers of the Windows spooler are not driven yet.
    #[error("winspool: is not supported yet")]
    Winspool,
    /// IPP is not in this build: the feature `ipp`.
    #[error("this build has no IPP")]
    NoIpp,
    /// There is no TLS in this build (the feature `ipps`), and what is asked for in secret is not sent in clear.
    #[error("ipps: is not supported: there is no TLS in this build")]
    NoTls,
    /// Devices are files on Unix only.
    #[error("devices are not files on this system")]
    NoDeviceFiles,
}

/// What became of a label that was not delivered.
///
/// The two are never confused: a machine may send again what was surely not sent, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Surely no byte of the label reached the printer. It may be sent again.
    #[error("nothing was sent: {why}")]
    NothingSent {
        /// Why.
        why: Why,
    },
    /// Bytes of it may have reached the printer, and it may have been printed, or still be. A person has to look.
    #[error("the label may have been printed: {why} (after {written} bytes)")]
    Uncertain {
        /// How many bytes left this program. Whether they arrived is not known.
        written: u64,
        /// Why.
        why: Why,
    },
}

impl SendError {
    /// Why.
    #[must_use]
    pub fn why(&self) -> &Why {
        match self {
            SendError::NothingSent { why } | SendError::Uncertain { why, .. } => why,
        }
    }
}

/// Why a printer could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// A device of this kind, or with this profile, cannot be asked.
    #[error("it cannot be asked")]
    NothingToAsk,
    /// It could not be asked, or did not answer.
    #[error("{0}")]
    Failed(Why),
}

/// A reason. What it means for a label is said by what it stands in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The caller said so.
    #[error("cancelled")]
    Cancelled,
    /// A label of no bytes.
    #[error("the label is empty")]
    Empty,
    /// The name of the host is not known.
    #[error("the name of the host is not known")]
    NameNotFound,
    /// The host refuses the connection: the printer is off or taken, or the port is wrong.
    #[error("the connection was refused")]
    Refused,
    /// There is no way to the host.
    #[error("the host cannot be reached")]
    Unreachable,
    /// No connection in time.
    #[error("no connection in time")]
    NoConnection,
    /// The file, the folder it is in, or the device is not there.
    #[error("it is not there")]
    Missing,
    /// It is there but is something else: a folder for a file, a file for a device.
    #[error("it is a file of another kind")]
    WrongKind,
    /// The rights are missing.
    #[error("access is denied")]
    Denied,
    /// Somebody else uses it, or it was busy for too long.
    #[error("it is busy")]
    Busy,
    /// There is no room left.
    #[error("no space is left")]
    NoSpace,
    /// The printer did not answer. Many are silent while they are out of paper or open.
    #[error("the printer did not answer")]
    NoAnswer,
    /// What the printer answered is no answer to what it was asked.
    #[error("the printer's answer makes no sense")]
    Unreadable,
    /// The printer says what is wrong with it.
    #[error("the printer says: {0}")]
    Fault(Faults),
    /// The printer broke the connection.
    #[error("the printer broke the connection")]
    Reset,
    /// The printer closed the connection before it had everything.
    #[error("the printer closed the connection")]
    Closed,
    /// The printer took nothing for too long.
    #[error("the printer stopped taking bytes")]
    Stalled,
    /// The printer was never seen to be busy with the label.
    #[error("the printer was never seen printing")]
    NeverPrinting,
    /// The printer was not done in time.
    #[error("the printer did not finish in time")]
    Unfinished,
    /// The queue or the printer behind it is stopped.
    #[error("the printer is stopped")]
    Stopped,
    /// The queue takes no jobs.
    #[error("the printer takes no jobs")]
    NotAccepting,
    /// The queue does not take labels of this form.
    #[error("the printer does not take this form of label")]
    Format,
    /// The job was ended by somebody else.
    #[error("the job was cancelled")]
    JobCancelled,
    /// The job was given up by the printer, or done with errors.
    #[error("the job failed")]
    JobFailed,
    /// An answer of IPP that is not success: its status code (RFC 8011 B.1).
    #[error("IPP answers {0:#06x}")]
    Ipp(u16),
    /// HTTP or IPP was not spoken as it should be.
    #[error("no proper IPP was spoken")]
    Protocol,
    /// No authority that this system trusts vouches for the certificate of the printer, or it is one of another host, or not of
    /// this time.
    #[error("the printer's certificate is not trusted")]
    Certificate,
    /// TLS was not spoken as it should be.
    #[error("no proper TLS was spoken")]
    Tls,
    /// Anything else that the system says.
    #[error("{0}")]
    Io(io::ErrorKind),
}

impl Why {
    /// What the system says, in words of this crate.
    pub(crate) fn of(error: &io::Error) -> Why {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => Why::Refused,
            Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => Why::Unreachable,
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => Why::Reset,
            Kind::NotFound => Why::Missing,
            Kind::PermissionDenied => Why::Denied,
            Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Why::NoSpace,
            Kind::ResourceBusy => Why::Busy,
            Kind::IsADirectory | Kind::NotADirectory => Why::WrongKind,
            kind => Why::Io(kind),
        }
    }
}
