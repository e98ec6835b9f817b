//! The other end of a connection, as the rest of the agent knows it: somebody who is sent messages.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};

/// Messages that wait for a client that does not read them. One who lets more than these wait is given up.
const QUEUE: usize = 4_096;

/// A client.
#[derive(Debug)]
pub(crate) struct Client {
    out: Sender<String>,
    /// Labels of it that wait for printers.
    pub(crate) waiting: AtomicUsize,
    gone: AtomicBool,
}

impl Client {
    /// A client, and what it is to be sent.
    pub(crate) fn new() -> (Self, Receiver<String>) {
        let (out, queue) = mpsc::channel(QUEUE);
        (Client { out, waiting: AtomicUsize::new(0), gone: AtomicBool::new(false) }, queue)
    }

    /// Sends messages, in this order, as long as the client reads. Never waits.
    pub(crate) fn send(&self, messages: impl IntoIterator<Item = String>) {
        for message in messages {
            if self.gone.load(Ordering::Relaxed) {
                return;
            }
            match self.out.try_send(message) {
                Ok(()) => {}
                // A message that is left out would make the next ones a lie.
                Err(TrySendError::Full(_) | TrySendError::Closed(_)) => {
                    self.gone.store(true, Ordering::Relaxed)
                }
            }
        }
    }

    /// Whether it has let too many messages wait, or has closed the connection.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}
