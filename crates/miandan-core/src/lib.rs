//! The words of the trade, shared by every crate of Miandan: fields and their types, the masked waybill, label
//! sizes, running numbers, label printers, the stable codes, the state of the sandbox, and the frames between a host and a component.
//!
//! This crate does no I/O, asks no clock, draws nothing, masks nothing and decrypts nothing.
//! What it holds may appear in a log: none of its types carries the clear text of a personal field, except
//! [`waybill::Masked`], which holds text that has already been masked.
//!
//! ```
//! use miandan_core::field::{FieldId, FieldType};
//!
//! let phone: FieldId = "recipient.phone".parse()?;
//! assert!(phone.allows(FieldType::Mobile) && phone.allows(FieldType::Landline));
//! assert!(!phone.allows(FieldType::Virtual), "nobody can turn a phone into a virtual number");
//! # Ok::<(), miandan_core::field::UnknownField>(())
//! ```

pub mod calendar;
pub mod code;
pub mod field;
pub mod font;
pub mod free;
pub mod label;
pub mod masking;
pub mod number;
pub mod order;
pub mod pipe;
pub mod printer;
pub mod sandbox;
pub mod stamp;
pub mod waybill;

pub use code::Code;
