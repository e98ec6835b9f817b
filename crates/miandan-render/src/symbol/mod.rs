//! Machine-readable symbols as modules: which are dark, and nothing about where or how large they are drawn.

pub mod aztec;
pub mod code128;
pub mod code93;
pub mod datamatrix;
pub mod ean;
pub mod gs1;
mod linear;
pub mod pdf417;
pub mod qr;
pub mod two_width;

pub use linear::Linear;

/// Why a text cannot become a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SymbolError {
    /// There is nothing to encode.
    #[error("a symbol needs at least one character")]
    Empty,
    /// The symbology has no code for a character.
    #[error("the symbol has no code for a character")]
    Character,
    /// The text does not fit into the largest symbol that is drawn.
    #[error("the text is too long for the symbol")]
    TooLong,
    /// The symbology takes another number of digits.
    #[error("the symbol takes another number of digits")]
    Length,
    /// The last digit is not the check digit of those before it.
    #[error("the last digit is not the check digit")]
    CheckDigit,
}
