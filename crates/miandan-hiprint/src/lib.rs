//! Turns a design of [hiprint](https://github.com/CcSimple/vue-plugin-hiprint), the open-source designer of labels, into a
//! template of Miandan that a person can read and go on with.
//!
//! A design is JSON: panels, on each of them texts, codes, lines, pictures and tables, each with the name of the field that it
//! shows. What our language has is carried over; what it has not is left out with a comment in its place. The report says for
//! each element which, why, and what can be done.
//!
//! Names of fields are free in hiprint. The usual ones are known, in English and Chinese; for the rest there is a
//! [`Mapping`]. Personal fields are masked, as in every template, and account names, e-mail addresses and identity documents
//! are never printed. The test data of a design is not looked at, since it may be of a real person.
//!
//! It reads no file, fetches no picture, and runs none of the JavaScript that may be in a design.
//!
//! ```
//! use miandan_hiprint::{Mapping, Outcome, import};
//!
//! let design = r#"{"panels": [{"width": 76, "height": 130, "paperNumberDisabled": true, "printElements": [
//!     {"options": {"left": 12, "top": 12, "width": 200, "height": 40, "field": "mailNo", "textType": "barcode"},
//!      "printElementType": {"type": "text"}},
//!     {"options": {"left": 12, "top": 60, "width": 200, "height": 12, "field": "buyerNick", "testData": "someone"},
//!      "printElementType": {"type": "text"}}
//! ]}]}"#;
//! let import = import(design.as_bytes(), &Mapping::default()).unwrap();
//! assert!(import.template.contains("type=\"code128\""));
//! assert!(import.template.contains("<%=_data.waybillCode%></barcode>"));
//! assert!(!import.template.contains("someone"));
//! let outcomes: Vec<_> = import.report.iter().map(|note| note.outcome).collect();
//! assert_eq!(outcomes, [Outcome::Carried, Outcome::LeftOut]);
//! ```

mod code;
mod colour;
mod design;
mod error;
mod import;
mod item;
mod mapping;
mod names;
mod note;
mod picture;
mod shapes;
mod table;
mod text;
mod write;

pub use design::{ELEMENTS, PANELS, SIZE};
pub use error::ImportError;
pub use import::{Import, Options, Wording, import, import_with};
pub use mapping::{Mapping, Target};
pub use note::{Kind, Note, Outcome, Reason, Remark};
