//! Many stations behind one queue: labels are put in at one place and come out of the printers of any station.
//!
//! The queue is [NATS JetStream](https://docs.nats.io/nats-concepts/jetstream), which runs beside Miandan and is none of
//! ours. Three parties talk over it:
//!
//! - who **dispatches** reads sealed orders, gives them their numbers, claims each label for the whole fleet and puts it into
//!   the queue of a printer ([`dispatch`]);
//! - a **station** takes one label after the other for each of its printers, prints it by its own journal's rules, and reports
//!   what became of it ([`member`]);
//! - who **supervises** sees stations, queues and reports, drains a station, moves what surely did not print to another one
//!   ([`roster`], [`relocate`]).
//!
//! # The promise
//!
//! The broker delivers a label at least once; a station's journal prints it at most once. A label is claimed under its carrier,
//! waybill number and parcel before it is queued, so that it is in one queue only, and what is queued twice in the same place
//! comes out once. What may be on paper is never sent again by a machine: it is reported as unknown, and a person decides.
//!
//! ```text
//!                 fleet.label.<id>   fleet.number.<day>
//!                        │ claims           │ numbers
//!  dispatch ─────────────┴──────────────────┴───────▶ FLEET
//!     │  print.<site>.<station>.<printer>                 work queue, one in flight a printer
//!     └──────────────────────────────────────▶ PRINT-<site> ──────────▶ station ──▶ journal ──▶ printer
//!                                                                          │
//!  dispatch, status, console ◀──────────────── REPORT-<site> ◀─────────────┘ result.…, state.…
//!  drain, move ──────────────────────────────▶ CONTROL-<site> ────────▶ station
//! ```
//!
//! # What it does not do
//!
//! It opens, seals and masks nothing, and what goes through the broker is sealed orders, numbers and codes: a broker, and who
//! copies its disk, reads what is clear in a sealed order (numbers, carrier, route, goods) and no name, phone or address. It
//! starts no broker and is no cluster of its own.
//!
//! ```no_run
//! use miandan_fleet::connect::{Access, Hub};
//! use miandan_fleet::roster;
//!
//! # async fn look() -> Result<(), Box<dyn std::error::Error>> {
//! let hub = Hub::connect(&Access::new("nats://127.0.0.1:4222")).await?;
//! for station in roster::read(&hub).await?.stations {
//!     println!("{}: {} printers", station.place, station.state.printers.len());
//! }
//! # Ok(())
//! # }
//! ```

pub mod assign;
pub mod claim;
pub mod connect;
pub mod dispatch;
mod error;
mod escape;
pub mod follow;
pub mod job;
pub mod member;
pub mod permissions;
pub mod place;
pub mod relocate;
pub mod report;
pub mod roster;
pub mod streams;

pub use error::FleetError;
