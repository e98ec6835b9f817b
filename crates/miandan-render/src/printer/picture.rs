//! The bytes of a picture, as themselves and as hexadecimal digits.

use miandan_core::printer::Polarity;

/// Appends the bytes in the polarity of a printer. Padding is white in each.
pub(super) fn binary(band: &[u8], polarity: Polarity, out: &mut Vec<u8>) {
    match polarity {
        Polarity::BlackIsOne => out.extend_from_slice(band),
        Polarity::BlackIsZero => out.extend(band.iter().map(|byte| !byte)),
    }
}

/// Appends two digits a byte.
pub(super) fn hex(band: &[u8], polarity: Polarity, out: &mut Vec<u8>) {
    let turn = match polarity {
        Polarity::BlackIsOne => 0,
        Polarity::BlackIsZero => 0xFF,
    };
    out.extend(band.iter().flat_map(|byte| digits(byte ^ turn)));
}

/// The two digits of a byte.
pub(super) fn digits(byte: u8) -> [u8; 2] {
    [digit(byte >> 4), digit(byte & 15)]
}

/// The digit of a nibble.
pub(super) fn digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}
