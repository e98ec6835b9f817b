//! The labels that are shipped (`templates/`), and the made-up orders to look at a label with: an ordinary one, and
//! what the days bring, such as the longest address or an order that says nothing but its number.
//!
//! The orders are written as they look once masked, since that is all that a template ever sees.
//!
//! This crate does not compile or draw templates (`miandan-render` does) and says nothing about what is wrong with one.
//!
//! ```
//! use miandan_templates::{Case, find};
//!
//! let label = find("one-part-76x130").expect("shipped");
//! assert!(label.template.contains("<page"));
//! assert_eq!(label.sample().waybill(Case::Bare).recipient.name.as_str(), "欧**");
//! ```

mod case;
mod sample;
mod shipped;

pub use case::Case;
pub use sample::{Sample, SampleError};
pub use shipped::{LABELS, Label, find};
