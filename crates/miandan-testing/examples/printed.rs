//! Puts what a label printer is sent on paper: one PBM picture (Netpbm) a label, for scanners to read.
//!
//!     cargo run -p miandan-testing --example printed -- tspl 203 labels.tspl OUT
#![allow(clippy::print_stdout, reason = "a program")]

use std::error::Error;
use std::fs;
use std::path::Path;

use miandan_testing::printer::{cpcl, epl2, escpos, tspl, zpl};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [language, dpi, stream, out] = &arguments[..] else {
        return Err("LANGUAGE DPI STREAM OUT".into());
    };
    let (bytes, dpi) = (fs::read(stream)?, dpi.parse()?);
    let sheets = match language.as_str() {
        "tspl" => tspl::read(&bytes, dpi),
        "zpl" => zpl::read(&bytes),
        "cpcl" => cpcl::read(&bytes),
        "epl2" => epl2::read(&bytes, dpi),
        // The width of the head is the caller's: the widest that there is.
        "escpos" => escpos::read(&bytes, 832),
        _ => Err(format!("{language} is not known")),
    }?;
    fs::create_dir_all(out)?;
    for (number, sheet) in (1..).zip(&sheets) {
        let mut picture = format!("P4\n{} {}\n", sheet.width, sheet.height).into_bytes();
        picture.extend(sheet.rows());
        fs::write(Path::new(out).join(format!("{number:06}.pbm")), picture)?;
    }
    println!("{} labels", sheets.len());
    Ok(())
}
