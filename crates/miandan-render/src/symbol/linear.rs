//! The linear symbologies, and what the layout has to know of each.

use std::borrow::Cow;

use super::{SymbolError, code93, code128, ean, gs1, two_width};

/// A linear symbology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linear {
    /// Code 128 (ISO/IEC 15417) with the shortest choice of code sets.
    Code128,
    /// GS1-128.
    Gs1,
    /// Code 39 (ISO/IEC 16388).
    Code39,
    /// Code 93 (AIM USS-93).
    Code93,
    /// EAN-13 (ISO/IEC 15420).
    Ean13,
    /// EAN-8.
    Ean8,
    /// UPC-A.
    UpcA,
    /// UPC-E.
    UpcE,
    /// Interleaved 2 of 5 (ISO/IEC 16390).
    Interleaved,
    /// Interleaved 2 of 5 of the fourteen digits of a trade item, with their check digit.
    Itf14,
    /// Codabar (EN 798).
    Codabar,
}

impl Linear {
    /// Every linear symbology.
    pub const ALL: [Linear; 11] = [
        Linear::Code128,
        Linear::Gs1,
        Linear::Code39,
        Linear::Code93,
        Linear::Ean13,
        Linear::Ean8,
        Linear::UpcA,
        Linear::UpcE,
        Linear::Interleaved,
        Linear::Itf14,
        Linear::Codabar,
    ];

    /// How wide wide elements may be, in modules, the best first; for symbologies of several widths that is no choice.
    #[must_use]
    pub const fn wide(self) -> &'static [u8] {
        match self {
            Linear::Code39 | Linear::Interleaved | Linear::Itf14 | Linear::Codabar => &[3, 2],
            _ => &[3],
        }
    }

    /// Modules that must stay blank before the first bar and after the last.
    #[must_use]
    pub const fn quiet_zones(self) -> [u32; 2] {
        match self {
            Linear::Ean13 => [11, 7],
            Linear::Ean8 => [7, 7],
            Linear::UpcA => [9, 9],
            Linear::UpcE => [9, 7],
            _ => [code128::QUIET_ZONE, code128::QUIET_ZONE],
        }
    }

    /// The least width of a module in micrometres. Below a quarter of a millimetre thermal labels are not read; EAN and
    /// UPC have their own limit (80 % of the nominal size).
    #[must_use]
    pub const fn least_module(self) -> i32 {
        match self {
            Linear::Ean13 | Linear::Ean8 | Linear::UpcA | Linear::UpcE => 264,
            _ => 250,
        }
    }

    /// Appends the widths of bars and spaces in turn, in modules, from the first bar to the last.
    ///
    /// # Errors
    /// What the symbology cannot hold; `widths` is as it was then.
    pub fn encode(self, text: &str, wide: u8, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
        match self {
            Linear::Code128 => code128::encode(text, widths),
            Linear::Gs1 => gs1::gs1_128(text, widths),
            Linear::Code39 => two_width::code39(text, wide, widths),
            Linear::Code93 => code93::encode(text, widths),
            Linear::Ean13 => ean::ean13(text, widths),
            Linear::Ean8 => ean::ean8(text, widths),
            Linear::UpcA => ean::upca(text, widths),
            Linear::UpcE => ean::upce(text, widths),
            Linear::Interleaved => two_width::interleaved(text, wide, widths),
            Linear::Itf14 => two_width::interleaved(&ean::number(text, 14)?, wide, widths),
            Linear::Codabar => two_width::codabar(text, wide, widths),
        }
    }

    /// What stands below the bars: the text, with the check digit where the symbology gives it one.
    #[must_use]
    pub fn shown(self, text: &str) -> Cow<'_, str> {
        let number = match self {
            Linear::Ean13 => ean::number(text, 13),
            Linear::Ean8 => ean::number(text, 8),
            Linear::UpcA => ean::number(text, 12),
            Linear::UpcE => ean::upce_number(text),
            Linear::Itf14 => ean::number(text, 14),
            _ => return Cow::Borrowed(text),
        };
        number.map_or(Cow::Borrowed(text), Cow::Owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_their_check_digits() {
        for (symbology, text, shown) in [
            (Linear::Ean13, "978030640615", "9780306406157"),
            (Linear::Itf14, "1540014128876", "15400141288763"),
            (Linear::UpcE, "425261", "04252614"),
            (Linear::Code39, "425261", "425261"),
        ] {
            assert_eq!(symbology.shown(text), shown);
        }
    }

    #[test]
    fn a_symbol_begins_and_ends_with_a_bar_and_leaves_nothing_when_refused() {
        for symbology in Linear::ALL {
            for &wide in symbology.wide() {
                for text in ["12345678901", "1234567", "1234567890123", "123456", "", "面", "(01)5", "a*b"] {
                    let mut widths = vec![];
                    match symbology.encode(text, wide, &mut widths) {
                        Ok(()) => {
                            assert!(widths.len() % 2 == 1 && !widths.contains(&0), "{symbology:?} {text}")
                        }
                        Err(_) => assert!(widths.is_empty(), "{symbology:?} {text}"),
                    }
                }
            }
        }
    }
}
