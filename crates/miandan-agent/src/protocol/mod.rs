//! What order systems say and what they are answered: messages in, messages out, without a socket, a clock or a printer.
//!
//! A dialect reads the text of a message into a [`Request`], and writes what happens to a [`Task`] as the messages that
//! clients of that platform expect. What a station does in between is the same for all of them.

mod problem;
mod progress;
mod request;

pub use problem::Problem;
pub use progress::{DocumentProgress, DocumentState, Event, Spent, TaskProgress};
pub use request::{
    Area, Command, Content, Document, Notify, PreviewForm, PrinterSettings, Request, RequestId, Task,
};
