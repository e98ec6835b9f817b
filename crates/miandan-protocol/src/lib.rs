//! What order systems say to a print component, in the dialects of seven platforms, and what they are answered: messages in,
//! messages out.
//!
//! # What it does not do
//!
//! It has no socket, no clock and no printer, opens no order and fetches no template: `miandan-agent` does what is asked. What
//! a platform sealed for its own component it passes over unread.
//!
//! # Example
//!
//! A [`Dialect`] reads the text of a message into a [`Request`], and writes what happens to a [`Task`] as the messages that
//! clients of that platform expect. What a station does in between is the same for all of them.
//!
//! ```
//! use miandan_protocol::{Command, Dialect, Printer};
//!
//! let dialect = Dialect::named("cainiao").unwrap();
//! let request = dialect.read(r#"{"cmd":"getPrinters","requestID":"r1","version":"1.0"}"#).unwrap();
//! assert_eq!(request.command, Command::Printers);
//! let printers = [Printer { name: "P1".into(), enabled: true }];
//! let answer = dialect.printers(&request.id, &printers, Some("P1"));
//! assert!(answer.starts_with(r#"{"cmd":"getPrinters","requestID":"r1","status":"success""#));
//!
//! let refused = dialect.read(r#"{"cmd":"print","requestID":"r2","task":{"taskID":"t1"}}"#).unwrap_err();
//! assert!(dialect.refuse(&refused).contains(r#""errorCode":11"#));
//! ```

mod cainiao;
mod dialect;
mod jd;
mod json;
mod problem;
mod progress;
mod request;
mod wechat;
mod words;

pub use dialect::{Dialect, Endpoint, Generation, Platform, Printer, Refused};
pub use json::ID_CHARACTERS;
pub use problem::Problem;
pub use progress::{DocumentProgress, DocumentState, Event, Spent, TaskProgress};
pub use request::{
    Area, Command, Content, Document, Notify, PreviewForm, PrinterSettings, Request, RequestId, Task,
};
pub use words::Language;
