//! What can be read in a picture of a label: its symbols with their measures, and the phone numbers that stand there.
//!
//! It reads PNG, JPEG, BMP and PDF as far as a picture tells: it does not know what a field is, and it does not say what is
//! good or bad; that is for `miandan-lint`. It reads what is given to it and nothing else: no files, no network.
//!
//! ```
//! use miandan_picture::{Document, Kind, read};
//!
//! let label = miandan_templates::LABELS[0];
//! let picture = std::fs::read(format!("../../templates/{}/203/ordinary.png", label.name))?;
//! let page = Document::open(picture)?.page(0)?;
//! let reading = read(&page);
//! let code = reading.symbols.iter().find(|symbol| symbol.kind == Kind::Code128).unwrap();
//! assert_eq!((code.module, code.uneven), (3.0, Some(0.0)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod code128;
mod document;
mod ink;
mod linear;
mod matrix;
mod numbers;
mod page;
mod photo;
mod reading;
mod rxing_reader;
mod shapes;
mod symbol;

pub use document::{Document, OpenError};
pub use numbers::Number;
pub use page::{Area, Page};
pub use photo::{Code, codes};
pub use reading::{Reading, read};
pub use symbol::{Kind, Symbol};
