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
//! It keeps no journal and hands out no running numbers. Who does gives each label its own ([`Batch::planned`]).
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
mod stream;
pub mod work;
mod worker;

pub use batch::{Batch, LabelOutcome, Observer, PrintError, Summary};
pub use component::{Component, FontError, StartError, TemplateError};
pub use credential::{CREDENTIAL, NoCredential, credential, is_credential};
pub use locate::{ComponentPlace, NotFound, component_path, component_place, named_place};
pub use options::{ComponentOptions, UnreadableFile};
pub use orders::{Orders, OrdersError};
#[cfg(feature = "printpdf")]
pub use output::PrintPdfOutput;
pub use output::{FileNames, FolderOutput, Output, OutputError, PdfOutput, PrinterOutput};
pub use planned::PlannedLabel;
pub use ring::{KeyAge, KeyRing, RingError, RingKey};
