//! Reads codes in frames of a camera, for `benches/damage`: each frame on standard input is a line with its width and its
//! height, and then its tones, a byte each; each answer on standard output is a line of JSON, `[["QR", text], …]`.
//!
//! It is rxing as it comes, with all that it tries, and not [`miandan_picture::read`], which measures symbols that stand
//! straight in a picture of a label and does not look for them in photographs.

use std::collections::HashSet;
use std::error::Error;
use std::io::{BufRead, Read, Write};

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::oned::MultiFormatOneDReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult, Reader};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut head = String::new();
    while input.read_line(&mut head)? > 0 {
        let (width, height) = head.trim_end().split_once(' ').ok_or("a frame begins with its size")?;
        let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
        let mut tones = vec![0; width as usize * height as usize];
        input.read_exact(&mut tones)?;
        let texts: Vec<String> = read(&tones, width, height)?
            .iter()
            .map(|symbol| format!("[\"{}\", \"{}\"]", name(symbol), escaped(symbol.getText())))
            .collect();
        writeln!(output, "[{}]", texts.join(", "))?;
        output.flush()?;
        head.clear();
    }
    Ok(())
}

/// Every QR code, and the first Code 128 that is found in the rows of the frame or in its columns.
fn read(tones: &[u8], width: u32, height: u32) -> Result<Vec<RXingResult>, Box<dyn Error>> {
    let bitmap = || -> Result<_, Box<dyn Error>> {
        let source = Luma8LuminanceSource::new(tones.to_vec(), width, height)?;
        Ok(BinaryBitmap::new(HybridBinarizer::new(source)))
    };
    let mut found = QrReader
        .decode_multiple_with_hints(&mut bitmap()?, &hints(BarcodeFormat::QR_CODE))
        .unwrap_or_default();
    let lines = hints(BarcodeFormat::CODE_128);
    found.extend(MultiFormatOneDReader::new(&lines).decode_with_hints(&mut bitmap()?, &lines));
    Ok(found)
}

fn hints(format: BarcodeFormat) -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some(HashSet::from([format])),
        TryHarder: Some(true),
        ..DecodeHints::default()
    }
}

fn name(symbol: &RXingResult) -> &'static str {
    if *symbol.getBarcodeFormat() == BarcodeFormat::QR_CODE { "QR" } else { "Code128" }
}

/// A text as JSON (RFC 8259, section 7) has it between quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            control if u32::from(control) < 0x20 => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}
