//! Profiles of printers, which `print` reads, and what is written for the printers that they describe.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::printer::{FitError, Language};
use miandan_fuzz::watched;
use miandan_print::printer::PrinterProfile;
use miandan_render::printer::{EncodeError, Encoder};
use miandan_render::raster::Bitmap;
use miandan_testing::printer::{cpcl, epl2, escpos, tspl, zpl};

fuzz_target!(|data: &[u8]| watched(|| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(PrinterProfile { profile, .. }) = PrinterProfile::parse(text) else { return };
    // The picture is made of the file as well: 40 dots wide, the last three of each row padding.
    let mut bits = data[..data.len() / 5 * 5].to_vec();
    bits.iter_mut().skip(4).step_by(5).for_each(|byte| *byte &= 0xF8);
    let height = bits.len() / 5;
    let bitmap = Bitmap { width: 37, height, stride: 5, bits, resolution: profile.resolution };
    let mut stream = Vec::new();
    match Encoder::new().encode(&profile, &bitmap, &mut stream) {
        Ok(()) => {}
        Err(EncodeError::Fit(FitError::TooWide { .. } | FitError::TooLong { .. } | FitError::Empty)) => {
            return;
        }
        Err(error) => panic!("a profile that was read makes sense: {error}"),
    }
    let sheets = match profile.language {
        Language::Tspl => tspl::read(&stream, profile.resolution.dpi()),
        Language::Zpl => zpl::read(&stream),
        Language::Cpcl => cpcl::read(&stream),
        Language::Epl2 => epl2::read(&stream, profile.resolution.dpi()),
        Language::EscPos => escpos::read(&stream, profile.head.into()),
    };
    let sheets = sheets.expect("a printer can read it");
    let [sheet] = &sheets[..] else { panic!("{} labels", sheets.len()) };
    let black = |x: usize, y: usize| bitmap.bits[y * 5 + x / 8] >> (7 - x % 8) & 1 == 1;
    let [left, top] = profile.offset_dots().map(|dots| dots as usize);
    let usual = profile.polarity == profile.language.polarity();
    for y in 0..height {
        for x in 0..37 {
            // What is moved down beyond the end of the label is cut off there.
            let seen = top + y >= sheet.height || sheet.dot(left + x, top + y) == (black(x, y) == usual);
            assert!(seen, "{x} {y}");
        }
    }
}));
