//! Why there is no template at all.

use miandan_render::template::TemplateError;

/// Why there is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file has more than [`SIZE`](crate::SIZE) bytes.
    #[error("the design is too large")]
    TooLarge,
    /// The file is no JSON, or nested too deeply.
    #[error("line {line}, column {column}: no JSON")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1; 0 at the end of a line.
        column: usize,
    },
    /// The JSON is no design.
    #[error("{pointer}: not a design")]
    NotADesign {
        /// Where something else was expected (RFC 6901).
        pointer: String,
    },
    /// The design has no panel of this number.
    #[error("there are {panels} panels")]
    NoSuchPanel {
        /// How many it has.
        panels: usize,
    },
    /// The panel has no size, or one that no page has.
    #[error("{pointer}: a panel has 1 to 1200 mm along each side")]
    PageSize {
        /// Where it should stand.
        pointer: String,
    },
    /// There are more than [`PANELS`](crate::PANELS) panels or [`ELEMENTS`](crate::ELEMENTS) elements.
    #[error("{pointer}: too many")]
    TooMany {
        /// Of what.
        pointer: String,
    },
    /// What was made does not compile. That is a defect of this crate.
    #[error("the template that was made does not compile: {0}")]
    Refused(#[from] TemplateError),
}
