//! How rxing is asked: with all that it tries, for some kinds of symbols.

use std::collections::HashSet;

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult};

type Bitmap = BinaryBitmap<HybridBinarizer<Luma8LuminanceSource>>;

/// Every symbol of these kinds that a reader finds in a picture: its tones row by row from the top, and its sides.
pub(crate) fn every<const N: usize>(
    mut reader: impl MultipleBarcodeReader,
    formats: [BarcodeFormat; N],
    tones: Vec<u8>,
    [width, height]: [usize; 2],
) -> Vec<RXingResult> {
    let hints = DecodeHints {
        PossibleFormats: Some(HashSet::from(formats)),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let read =
        bitmap(tones, width, height).map(|mut bitmap| reader.decode_multiple_with_hints(&mut bitmap, &hints));
    read.and_then(Result::ok).unwrap_or_default()
}

/// Every QR code.
pub(crate) fn qr(tones: Vec<u8>, sides: [usize; 2]) -> Vec<RXingResult> {
    every(QrReader, [BarcodeFormat::QR_CODE], tones, sides)
}

fn bitmap(tones: Vec<u8>, width: usize, height: usize) -> Option<Bitmap> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let source = Luma8LuminanceSource::new(tones, width, height).ok()?;
    Some(BinaryBitmap::new(HybridBinarizer::new(source)))
}
