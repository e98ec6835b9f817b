//! Every type of barcode of the dialect, laid out by templates, in front of readers that we did not write: zxing-cpp,
//! and zbar where it knows the type. Needs python3 with zxing-cpp and pillow, zbar-tools and poppler-utils; a missing one
//! fails the test. `cargo test -p miandan-render --features foreign-tools --test foreign_codes`
#![cfg(feature = "foreign-tools")]
// These tests are about other programs; the ban is for the product.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use miandan_core::label::Resolution;
use miandan_core::waybill::Waybill;
use miandan_render::frame::Frame;
use miandan_render::pdf::{Document, PageEncoder};
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::template::Template;
use miandan_testing::Random;

#[path = "../programs/mod.rs"]
mod programs;

use programs::{folder, run, text};

/// Symbols of each type that are read from bitmaps, at each resolution.
const SYMBOLS: usize = 64;

/// How many of them are read from pages of a PDF, too.
const PAGES: usize = 10;

const DIGITS: &str = "0123456789";
const CAPITALS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// A type of barcode, and what the readers call it.
struct Kind {
    /// In the template.
    name: &'static str,
    zxing: &'static str,
    /// What zbar calls it; nothing where it does not read it.
    zbar: Option<&'static str>,
    /// Width and height of the box in millimetres: the least, and how much more it may be.
    size: [[usize; 2]; 2],
    content: fn(&mut Random) -> Content,
}

/// What is written, and what either reader answers.
struct Content {
    written: String,
    zxing: String,
    zbar: String,
}

impl Content {
    fn new(written: String, read: String) -> Self {
        Content { written, zxing: read.clone(), zbar: read }
    }

    /// What is read as it was written.
    fn same(written: String) -> Self {
        Content::new(written.clone(), written)
    }
}

/// The box of a number of known length: from the least module to more than the largest.
const LINE: [[usize; 2]; 2] = [[43, 60], [12, 12]];
const LONG: [[usize; 2]; 2] = [[90, 80], [12, 12]];
const BIG: [[usize; 2]; 2] = [[60, 10], [60, 10]];
const WIDE: [[usize; 2]; 2] = [[50, 50], [40, 30]];
const HUGE: [[usize; 2]; 2] = [[100, 60], [110, 40]];
const SQUARE: [[usize; 2]; 2] = [[24, 16], [24, 16]];

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    Kind { name: "code128", zxing: "Code128", zbar: Some("CODE-128"), size: LONG, content: |random| {
        let front = some(random, CAPITALS, 0, 4).trim().to_owned();
        Content::same(front + &some(random, DIGITS, 8, 15) + &some(random, "abcXYZ-", 0, 3))
    } },
    Kind { name: "ean128", zxing: "GS1Code128", zbar: None, size: LONG, content: |random| element_strings(random, 2) },
    Kind { name: "code39", zxing: "Code39", zbar: Some("CODE-39"), size: LONG, content: |random| {
        // The four last signs before a letter are taken for other characters of ASCII by some readers.
        Content::same(format!("A{}{}", some(random, &CAPITALS[..39], 1, 8), random.pick(&["", "$1", "/23", "+4", "%56"])))
    } },
    Kind { name: "code93", zxing: "Code93", zbar: Some("CODE-93"), size: LONG, content: |random| {
        Content::same(format!("A{}B", some(random, CAPITALS, 1, 14)))
    } },
    Kind { name: "ean13", zxing: "EAN13", zbar: Some("EAN-13"), size: LINE, content: |random| {
        // With a zero in front it would be a number of UPC-A.
        let first = 1 + random.below(9);
        checked(random, first.to_string(), 12)
    } },
    Kind { name: "ean8", zxing: "EAN8", zbar: Some("EAN-8"), size: LINE, content: |random| checked(random, String::new(), 7) },
    // Any number of UPC is one of EAN-13, and zxing-cpp answers that.
    Kind { name: "upca", zxing: "EAN13", zbar: Some("UPC-A"), size: LINE, content: |random| {
        let content = checked(random, String::new(), 11);
        Content { zxing: format!("0{}", content.zxing), ..content }
    } },
    Kind { name: "upce", zxing: "UPCE", zbar: Some("UPC-E"), size: LINE, content: |random| upce(random, 0) },
    Kind { name: "upce", zxing: "UPCE", zbar: None, size: LINE, content: |random| upce(random, 1) },
    Kind { name: "c25inter", zxing: "ITF", zbar: Some("I2/5"), size: LONG, content: |random| {
        let digits = some(random, DIGITS, 6, 20);
        let zero = if digits.len() % 2 == 1 { "0" } else { "" };
        Content::new(digits.clone(), format!("{zero}{digits}"))
    } },
    Kind { name: "itf14", zxing: "ITF", zbar: Some("I2/5"), size: LONG, content: |random| checked(random, String::new(), 13) },
    Kind { name: "codabar", zxing: "Codabar", zbar: Some("Codabar"), size: LONG, content: |random| {
        let inner = some(random, "0123456789-$:/.+", 4, 12);
        match random.below(2) {
            0 => Content::new(inner.clone(), format!("A{inner}A")),
            _ => {
                let ends = [random.pick(&["A", "B", "C", "D"]), random.pick(&["A", "B", "C", "D"])];
                Content::same(format!("{}{inner}{}", ends[0], ends[1]))
            }
        }
    } },
    Kind { name: "qrcode", zxing: "QRCode", zbar: Some("QR-Code"), size: SQUARE, content: |random| mixed(random, 40) },
    Kind { name: "datamatrix", zxing: "DataMatrix", zbar: None, size: SQUARE, content: |random| mixed(random, 40) },
    Kind { name: "aztec", zxing: "Aztec", zbar: None, size: SQUARE, content: |random| mixed(random, 40) },
    Kind { name: "aztec", zxing: "Aztec", zbar: None, size: BIG, content: |random| mixed(random, 160) },
    Kind { name: "pdf417", zxing: "PDF417", zbar: None, size: WIDE, content: |random| mixed(random, 40) },
    Kind { name: "pdf417", zxing: "PDF417", zbar: None, size: HUGE, content: |random| mixed(random, 300) },
    Kind { name: "gs1datamatrix", zxing: "GS1DataMatrix", zbar: None, size: SQUARE, content: |random| element_strings(random, 3) },
];

/// From `least` to `most` characters of an alphabet.
fn some(random: &mut Random, alphabet: &str, least: usize, most: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let length = least + random.below(most - least + 1);
    (0..length).map(|_| alphabet[random.below(alphabet.len())]).collect()
}

/// Up to so many characters: signs that XML has names for, Chinese, and a character beyond plane 0 among them.
fn mixed(random: &mut Random, most: usize) -> Content {
    let alphabet = random.pick(&[DIGITS, CAPITALS, "abcxyz<&>'\"%~{}", "面单王张é€𬬻ab1"]);
    Content::same(format!("M{}M", some(random, alphabet, 1, most)))
}

/// What makes the sum of digits weighted 3, 1, 3, … from the right a multiple of ten, found by trying.
fn check_digit(digits: &str) -> String {
    let sum = |all: &str| -> u32 {
        all.bytes()
            .rev()
            .enumerate()
            .map(|(at, digit)| (1 + at as u32 % 2 * 2) * u32::from(digit - b'0'))
            .sum()
    };
    let fits = |digit: &String| sum(&format!("{digits}{digit}")) % 10 == 0;
    (0..10).map(|digit| digit.to_string()).find(fits).unwrap()
}

/// Digits with or without the check digit, which a reader answers always.
fn checked(random: &mut Random, front: String, length: usize) -> Content {
    let rest = length - front.len();
    let digits = front + &some(random, DIGITS, rest, rest);
    let all = format!("{digits}{}", check_digit(&digits));
    Content::new(if random.below(2) == 0 { digits } else { all.clone() }, all)
}

/// UPC-E of a number system; zxing-cpp answers the number that it is short for.
fn upce(random: &mut Random, system: u8) -> Content {
    let digits = format!("{system}{}", some(random, DIGITS, 6, 6));
    let long = upce_long(&digits);
    let all = format!("{digits}{}", check_digit(&long));
    let written = if random.below(2) == 0 { digits } else { all.clone() };
    Content { written, zxing: format!("0{long}{}", check_digit(&long)), zbar: all }
}

/// The number that UPC-E is short for (GS1 General Specifications, 7.10).
fn upce_long(digits: &str) -> String {
    let (front, last) = digits.split_at(6);
    let (system, short) = front.split_at(1);
    match last {
        "0" | "1" | "2" => format!("{system}{}{last}0000{}", &short[..2], &short[2..]),
        "3" => format!("{system}{}00000{}", &short[..3], &short[3..]),
        "4" => format!("{system}{}00000{}", &short[..4], &short[4..]),
        _ => format!("{system}{short}0000{last}"),
    }
}

/// Element strings of GS1, up to so many: an article, and behind it some of variable length.
fn element_strings(random: &mut Random, most: usize) -> Content {
    let (mut content, mut read) = (String::new(), String::new());
    for at in 0..1 + random.below(most) {
        if at == 0 {
            let digits = some(random, DIGITS, 13, 13);
            let article = digits.clone() + &check_digit(&digits);
            content += &format!("(01){article}");
            read += &format!("01{article}");
        } else {
            let lot = some(random, "0123456789ABCDEFab-", 1, 12);
            content += &format!("({}){lot}", [10, 21][at % 2]);
            // A separator ends what has no fixed length, unless it is the last.
            read += &format!("{}{}{lot}", if at > 1 { "\u{1D}" } else { "" }, [10, 21][at % 2]);
        }
    }
    Content::new(content, read)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&apos;")
}

/// A label that is the box of one barcode.
fn label(kind: &Kind, content: &str, random: &mut Random, resolution: Resolution) -> Frame {
    let [width, height] = kind.size.map(|[least, more]| least + random.below(more + 1));
    let template = format!(
        "<page width='{width}' height='{height}'><barcode type='{}' value='{}' width='{width}' height='{height}'/></page>",
        kind.name,
        escaped(content)
    );
    let template = Template::compile(template.as_bytes()).unwrap();
    let mut frame = Frame::default();
    let laid_out = template.layout(&Waybill::default(), resolution, &mut frame);
    assert!(
        laid_out.is_ok(),
        "{} {content} in {width} mm: {:?}",
        kind.name,
        template.fault(&Waybill::default(), resolution)
    );
    frame
}

/// What the readers find in the pictures of a folder: by picture and reader, type and content.
fn readings(folder: &Path) -> BTreeMap<(String, String), Vec<(String, String)>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign_codes/read.py");
    let mut readings = BTreeMap::<_, Vec<_>>::new();
    for line in run("python3", &[script, text(folder)]).lines() {
        let [reader, picture, kind, content] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let bytes: Vec<u8> = (0..content.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&content[at..at + 2], 16).unwrap())
            .collect();
        let name = Path::new(picture).file_stem().unwrap().to_str().unwrap().to_owned();
        readings
            .entry((name, reader.to_owned()))
            .or_default()
            .push((kind.to_owned(), String::from_utf8(bytes).unwrap()));
    }
    readings
}

/// Compares what was read of each picture with what was written; `expected` has the name of each picture.
fn compare(folder: &Path, expected: &[(String, &Kind, Content)]) {
    let readings = readings(folder);
    let (mut wrong, mut others) = (Vec::new(), 0);
    for (name, kind, content) in expected {
        for (reader, called) in [
            ("zxing", Some((kind.zxing, &content.zxing))),
            ("zbar", kind.zbar.map(|kind| (kind, &content.zbar))),
        ] {
            let Some((called, expected)) = called else { continue };
            let read = readings.get(&(name.clone(), reader.to_owned()));
            let read = read.map_or(&[][..], |read| read);
            if !read.contains(&(called.to_owned(), expected.clone())) {
                wrong.push(format!("{name} {expected:?}: {reader} reads {read:?}"));
            }
            others += read.len().saturating_sub(1);
        }
    }
    // Once in a while zxing-cpp finds the number of an article in the middle of Code 128 as well.
    assert!(others * 200 <= expected.len(), "{others} symbols that nobody drew");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn every_type_is_read_from_bitmaps() {
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let dpi = resolution.dpi();
        let folder = folder(&format!("codes-{dpi}"));
        let mut random = Random(0x5EED + u64::from(dpi));
        let (mut rasteriser, mut bitmap) = (Rasteriser::new(), Bitmap::default());
        let mut expected = Vec::new();
        for kind in KINDS {
            for _ in 0..SYMBOLS {
                let content = (kind.content)(&mut random);
                rasteriser.draw(&label(kind, &content.written, &mut random, resolution), &mut bitmap);
                let mut bytes = Vec::new();
                png(&bitmap, &mut bytes);
                let name = format!("{:04}-{}", expected.len(), kind.name);
                fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
                expected.push((name, kind, content));
            }
        }
        compare(&folder, &expected);
    }
}

#[test]
fn every_type_is_read_from_pages() {
    for (resolution, dots) in [(Resolution::Dpi203, "203.2"), (Resolution::Dpi300, "300")] {
        let dpi = resolution.dpi();
        let folder = folder(&format!("code-pages-{dpi}"));
        let mut random = Random(0xFACE + u64::from(dpi));
        let mut encoder = PageEncoder::new();
        let mut document = Document::new(Vec::new()).unwrap();
        let mut expected = Vec::new();
        for kind in KINDS {
            for _ in 0..PAGES {
                let content = (kind.content)(&mut random);
                let frame = label(kind, &content.written, &mut random, resolution);
                let mut page = Vec::new();
                encoder.encode(&frame, &mut page);
                document.page(frame.size, &page).unwrap();
                expected.push((format!("page-{:03}", expected.len() + 1), kind, content));
            }
        }
        let path = folder.join("codes.pdf");
        fs::write(&path, document.finish(&[], [0x5A; 16]).unwrap()).unwrap();
        run("pdftoppm", &["-r", dots, "-gray", text(&path), text(&folder.join("page"))]);
        compare(&folder, &expected);
    }
}
