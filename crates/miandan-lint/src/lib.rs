//! Says what is wrong with a template before anything is printed: what will not be read, will not fit, does not comply
//! with the waybill standard (GB/T 41833-2022), or shows more of a person than it needs.
//!
//! Of a label that is drawn already it says what a picture tells: [`lint_drawn`].
//!
//! It lays labels out with made-up orders and looks at what stands where. It never sees a real order, changes nothing, and
//! does not know what a carrier's contract asks for.
//!
//! ```
//! use miandan_core::waybill::Waybill;
//! use miandan_lint::{Orders, Rule, lint};
//! use miandan_render::shipped;
//!
//! let orders = Orders { ordinary: &shipped::sample(), others: &[] };
//! assert_eq!(lint(shipped::ONE_PART_76X130.as_bytes(), orders).findings, []);
//!
//! let without = shipped::ONE_PART_76X130.replace("签收人", "日期");
//! let findings = lint(without.as_bytes(), orders).findings;
//! assert_eq!(findings[0].rule, Rule::ZoneSignature);
//! ```

mod colours;
mod constants;
mod drawn;
mod fields;
mod finding;
mod ink;
mod lint;
mod overlaps;
mod rule;
mod sheet;
mod symbols;
mod token;
mod types;
mod zones;

pub use constants::holds_personal_data;
pub use drawn::{Seen, USUAL, dots_per_millimetre, lint_drawn};
pub use finding::{Finding, Measure, Unit};
pub use lint::{Orders, Report, lint, lint_area, lint_for};
pub use rule::{Rule, Severity};
