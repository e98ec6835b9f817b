//! What was printed, what may have been, and what surely was not?
//!
//! A journal is a file of SQLite that a station writes before it sends anything to a printer. For each physical label it
//! says how far the label came ([`State`]); what may have reached a printer is never sent again by a machine, and a copy
//! that a person asks for is another physical label, with a mark. Events are appended, hashed into a chain, and never
//! changed; everything else follows from them, and [`Reader::verify`] holds it against them.
//!
//! It knows nothing of components, languages of printers, templates or files of labels, and it holds no personal data:
//! carriers, waybill numbers, order ids, hashes, times, printers, and who reprinted what and why. It asks no clock. It
//! finds every edit of its file, but not that its end was cut off or that it was written anew: for that, keep its
//! [`Head`] elsewhere.
//!
//! ```
//! use miandan_journal::{Journal, LabelKey, NewLabel, PrintId, Rung, State, Transition};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("journal.db");
//! let journal = Journal::open(&path)?;
//! let order = NewLabel {
//!     key: LabelKey { carrier: "SF".into(), waybill: "SF0000000001".into(), parcel: 0 },
//!     order_id: "O-1".into(),
//!     identity: [1; 32],
//!     content: [2; 32],
//! };
//! let now = 1_794_362_400; // 2026-11-11, 10:00 in China
//! let batch = journal.plan(Some("morning"), [order], now)?;
//! assert_eq!(batch.number.to_string(), "261111-001");
//!
//! let open = journal.open_batch(batch.id, now)?;
//! let label = PrintId::first(1);
//! open.record(label, Transition::Rendered { bytes: [3; 32] }, now)?;
//! open.record(label, Transition::Sending { printer: "bench-1".into(), bytes: [3; 32], answers: true }, now)?;
//! // Only now may the first byte leave. It leaves, and the program is killed:
//! drop(open);
//!
//! let open = journal.open_batch(batch.id, now + 60)?;
//! assert_eq!(open.recovered().interrupted, 1);
//! assert_eq!(journal.reader().status(batch.id)?.counts.of(State::Unknown), 1);
//! assert!(journal.reader().first_unprinted(batch.id)?.is_none(), "nothing is sent again by itself");
//! // The operator finds no label in the printer and wants one:
//! let again = open.reprint([1], "nothing came out", "Operator 2", now + 90)?;
//! assert_eq!(again, [PrintId { position: 1, copy: 1 }]);
//!
//! assert!(journal.reader().verify(None)?.is_whole());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod apply;
mod batch;
mod error;
mod event;
mod history;
mod journal;
mod label;
mod lock;
mod reader;
mod resume;
mod scans;
mod schema;
mod search;
mod state;
mod status;
mod text;
mod verify;
mod writer;

pub use batch::{Added, OpenBatch, Recovered, Resumed};
pub use error::JournalError;
pub use event::{Head, NotAHead};
pub use history::{Entry, Happened};
pub use journal::{Journal, SHARED_FROM, WAIT, first_number};
pub use label::{Batch, BatchId, Earlier, Known, LabelKey, NewLabel, Print, PrintId, Transition, Verdict};
pub use miandan_core::number::{BatchNumber, Day, NotANumber, RunningNumber};
pub use reader::Reader;
pub use resume::{Decision, Side, decide};
pub use scans::{Comparison, Expected, compare};
pub use search::Search;
pub use state::{By, Rung, State, may_become};
pub use status::{Counts, Status};
pub use text::TextProblem;
pub use verify::{Damage, Note, RowProblem, Verification};
