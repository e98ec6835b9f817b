//! A label printer on a TCP port that is not there: it takes labels, answers what it is asked about its status, keeps what it
//! "printed", and fails when its [`Script`] says so.
//!
//! It is written from the manuals and knows nothing of who sends: threads of the standard library, one connection after the
//! other as print servers have them, a small buffer, and a head that takes its time for each label.
//!
//! ```
//! use std::io::Write;
//! use std::net::TcpStream;
//! use miandan_testing::device::{Script, SimulatedPrinter};
//!
//! let printer = SimulatedPrinter::start("tspl,paper-out@2".parse()?)?;
//! let mut line = TcpStream::connect(printer.address())?;
//! line.write_all(b"SIZE 2 mm,1 mm\r\nCLS\r\nPRINT 1,1\r\n")?;
//! drop(line);
//! assert!(printer.wait_for_printed(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod head;
mod line;
mod printer;
mod script;
mod splitter;

pub use printer::{Printed, SimulatedPrinter};
pub use script::{Event, Script, Speech};
