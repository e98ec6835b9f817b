//! Pictures of labels: everything that is read of a page. The first two bytes say how it is made of the others, which are
//! runs of black and white.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::watched;
use miandan_picture::{Page, read};

/// The longest side of a page. What is read takes time with its dots; a case may take 50 ms.
const SIDE: usize = 160;

fuzz_target!(|data: &[u8]| watched(|| {
    let [wide, rows, runs @ ..] = data else { return };
    let width = 1 + usize::from(*wide) % SIDE;
    // Runs make rows that differ, or bars over so many rows.
    let repeated = 1 + usize::from(*rows) % 32;
    let mut tones = Vec::new();
    for line in runs.chunks(1 + width / 8) {
        let mut row: Vec<u8> = Vec::with_capacity(width);
        for (index, run) in line.iter().enumerate() {
            let tone = if index % 2 == 0 { 255 } else { run & 0xE0 };
            row.extend(std::iter::repeat_n(tone, usize::from(run & 0x1F)));
        }
        row.resize(width, 255);
        for _ in 0..repeated.min(SIDE - tones.len() / width) {
            tones.extend_from_slice(&row);
        }
    }
    let height = tones.len() / width;
    if let Some(page) = Page::new(width, height, tones) {
        let reading = read(&page);
        assert!(
            reading.symbols.iter().all(|symbol| symbol.area.right <= width && symbol.area.bottom <= height)
        );
        assert!(reading.numbers.iter().all(|number| number.shown() <= 11));
    }
}));
