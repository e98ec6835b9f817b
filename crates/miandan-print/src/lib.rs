//! Prints batches of sealed orders: starts print components, feeds them orders, and puts the labels that come back
//! into a PDF, a folder of pictures, or what printers are sent.
//!
//! # What it does not do
//!
//! It does not open an order and cannot: it holds no key, no decryption code and no masking code.
//! Orders pass through as opaque lines; what comes back are finished labels on which names, phones and addresses are
//! masked. It asks no clock (`now` is an argument), starts no program but the component, and never looks for one on
//! `PATH`. [`work`] sorts orders and makes lists of goods from what is not encrypted.
//!
//! A [`Batch`] keeps no journal and hands out no running numbers. Who does gives each label its own ([`Batch::planned`]).
//!
//! # What is where
//!
//! | For | There is |
//! |---|---|
//! | a file of labels | [`Batch`], with a [`PdfOutput`], a [`FolderOutput`] or a [`PrinterOutput`] |
//! | labels one by one, and what cancels them | [`Labels`] |
//! | a batch on printers, through the [`Journal`] | [`delivery`] |
//! | a station: labels on printers as they come, for as long as it runs | [`station`] |
//! | where labels go, and with what profile | [`Printer`], [`printer`] |
//! | one component, asked by hand | [`Component`] |
//! | sorting, and lists for pickers and packers | [`work`] |
//! | what went wrong, as a number and a name that never change | [`Fault`], [`Status`] |
//!
//! Nothing is global: options are values, and as many batches and stations as one likes work side by side. All of these types
//! are `Send`; a batch borrows what it is made of, and [`Labels`] and a station own it. `examples/` has a program for each use.
//!
//! # Example
//!
//! ```no_run
//! use miandan_print::{Batch, ComponentOptions, Orders, PdfOutput, component_path};
//!
//! let mut component = ComponentOptions::new(component_path(None)?);
//! component.keys.push("station.key".into());
//! component.trust.push("issuer.pub".into());
//!
//! let orders = Orders::open("orders.sealed.jsonl".as_ref())?;
//! let template = std::fs::read("label.xml")?;
//! let mut batch = Batch::new(&orders, &component, &template);
//! batch.now = 1_794_355_200; // seconds since 1970
//! let summary = batch.print(PdfOutput::create("labels.pdf".as_ref())?, &mut ())?;
//! println!("{} labels, {} failed", summary.done, summary.failed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod component;
mod credential;
pub mod delivery;
mod dispenser;
mod labels;
mod locate;
mod options;
mod orders;
mod output;
mod planned;
pub mod printer;
mod ring;
mod service;
pub mod spawn;
mod state;
pub mod station;
mod status;
mod stream;
pub mod work;
mod worker;

pub use batch::{Batch, LabelOutcome, Observer, PrintError, Summary};
pub use component::{Component, FontError, StartError, TemplateError};
pub use credential::{CREDENTIAL, NoCredential, credential, is_credential};
pub use delivery::Printer;
pub use labels::{BatchOptions, Cancel, Label, LabelForm, Labels};
pub use locate::{
    ComponentPlace, NotFound, component_path, component_place, component_place_beside, named_place,
};
pub use miandan_journal::Journal;
pub use options::{ComponentOptions, UnreadableFile};
pub use orders::{Orders, OrdersError};
#[cfg(feature = "printpdf")]
pub use output::PrintPdfOutput;
pub use output::{FileNames, FolderOutput, Output, OutputError, PdfOutput, PrinterOutput};
pub use planned::PlannedLabel;
pub use ring::{KeyAge, KeyRing, RingError, RingKey};
pub use status::{Fault, Status};
