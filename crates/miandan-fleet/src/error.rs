//! What can go wrong between here and the broker.

use crate::connect::AccessError;

/// Why the fleet did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// The address or the credential.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The broker does not answer, or ended the connection.
    #[error("the broker does not answer: {0}")]
    Unreachable(String),
    /// The credential is wrong, or may not do this.
    #[error("the broker refuses: {0}")]
    Refused(String),
    /// The broker has no JetStream, or the streams of the fleet are not there: `miandan fleet setup` makes them.
    #[error("the broker has no stream {0}")]
    NoStream(String),
    /// A queue takes no more: its printer has too many labels waiting, or the disk of the broker is full.
    #[error("the queue is full: {0}")]
    Full(String),
    /// Somebody else did the same at the same time; it may be tried again.
    #[error("somebody else changed it at the same time")]
    Contested,
    /// There is no such site, station or printer.
    #[error("the fleet has no {0}")]
    Unknown(String),
    /// What came from the broker makes no sense, or is of another version.
    #[error("the broker holds something that is not of this version: {0}")]
    Foreign(String),
    /// Anything else that JetStream says.
    #[error("the broker: {0}")]
    Broker(String),
}

impl FleetError {
    /// Whether it may go away by itself, so that it makes sense to wait.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, FleetError::Unreachable(_) | FleetError::Contested)
    }
}

/// What JetStream says when a message cannot be stored.
pub(crate) fn of_publish(error: &async_nats::jetstream::context::PublishError) -> FleetError {
    use async_nats::jetstream::context::PublishErrorKind as Kind;
    let said = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    match error.kind() {
        Kind::StreamNotFound => FleetError::NoStream(said),
        Kind::TimedOut | Kind::BrokenPipe => FleetError::Unreachable(error.to_string()),
        Kind::WrongLastMessageId | Kind::WrongLastSequence => FleetError::Contested,
        _ if is_full(&said) => FleetError::Full(said),
        _ => FleetError::Broker(said),
    }
}

/// Whether a stream refused a message because there is no room for it: 10077 and others that speak of a maximum, 10023 of
/// resources (`server/errors.json` of nats-server).
fn is_full(said: &str) -> bool {
    ["maximum", "insufficient", "resource", "no space"].iter().any(|word| said.contains(word))
}

/// Why the last message of a subject is not there; `None` if there simply is none.
pub(crate) fn of_raw(
    error: &async_nats::jetstream::stream::LastRawMessageError,
    stream: &str,
) -> Option<FleetError> {
    use async_nats::jetstream::ErrorCode;
    use async_nats::jetstream::stream::LastRawMessageErrorKind as Kind;
    match error.kind() {
        Kind::NoMessageFound => None,
        Kind::JetStream(error) if error.error_code() == ErrorCode::NO_MESSAGE_FOUND => None,
        Kind::JetStream(error) if error.error_code() == ErrorCode::STREAM_NOT_FOUND => {
            Some(FleetError::NoStream(stream.to_owned()))
        }
        Kind::JetStream(error) => Some(FleetError::Broker(error.to_string())),
        _ => Some(FleetError::Unreachable(error.to_string())),
    }
}
