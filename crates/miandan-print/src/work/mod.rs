//! The order of work: in which order labels are printed, what is in the input twice, which parcels could go together, and
//! the lists that pickers and packers work by.
//!
//! # What it does not do
//!
//! It opens nothing. All that it knows is what everybody may read of a sealed order: numbers, carrier, routing, goods.
//! It checks no signature either, so what it answers is what the orders *claim*; the component refuses what is forged when
//! it comes to be printed. Personal data is in none of its results, if platforms put none into the names of goods.
//!
//! It writes no file: lists go to what the caller opens.
//!
//! # Memory
//!
//! 36 bytes stay for each order and 8 for each of its lines of goods; every name of goods, route and carrier is kept once.
//! While orders are read it is 60 bytes more for each.
//!
//! # Example
//!
//! ```
//! use miandan_print::Orders;
//! use miandan_print::work::{Arrangement, Heading, PackingList, PickList, SortKey, Work};
//!
//! let orders = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mso1/orders.sealed.jsonl");
//! let orders = Orders::open(orders.as_ref())?;
//! let work = Work::read(&orders, 1_800_000_000)?;
//! for (index, code) in work.unreadable() {
//!     println!("line {}: {code}", index + 1);
//! }
//!
//! // Equal goods together, within them by consolidation point, and what comes first on top of a stack that lies face up.
//! let arrangement = Arrangement {
//!     sort: vec![SortKey::Goods, SortKey::Region],
//!     reverse: true,
//!     ..Arrangement::default()
//! };
//! let sequence = work.sequence(&arrangement);
//!
//! let heading = Heading { batch: "261111-003".to_owned(), printed_at: 1_800_000_000 };
//! let mut csv = Vec::new();
//! PickList::new(&work, &sequence).write_csv(&mut csv)?;
//! let mut pdf = Vec::new();
//! let mut packing = PackingList::new(&orders, &sequence);
//! packing.from_last = true;
//! packing.write_pdf(&heading, &mut pdf)?;
//! # assert!(csv.starts_with("\u{FEFF}编码".as_bytes()) && pdf.starts_with(b"%PDF"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arrange;
mod collect;
mod counts;
mod csv;
mod goods;
mod heading;
mod intern;
mod lists;
mod natural;
mod packing;
mod paper;
mod pick;
mod repeats;
#[cfg(test)]
mod samples;

pub use arrange::{Arrangement, SortKey, UnknownSortKey};
pub use collect::{Work, journal_label, out_of_date};
pub use counts::{Counts, GoodsCount};
pub use goods::{Goods, Line, lines};
pub use heading::{Heading, Numbers};
pub use lists::{ListError, clear_header};
pub use natural::natural;
pub use packing::{PackingList, PackingRow};
pub use pick::{PickList, PickRow};
pub use repeats::{Repeat, RepeatKind};
