//! Templates, images, fonts and profiles of printers that somebody damaged or made to do harm.
//!
//! Templates go through the real component: each ends in a label or in a code, never in a component that dies, never in
//! one that hangs. So do the images in them, and fonts. The last test reads the sources and fails when something else
//! parses images or fonts, so that whoever adds it does so behind the lock.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // the tests ask the clock, as the command line does

mod common;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use common::Station;
use miandan_core::Code;
use miandan_core::pipe::TemplateKind;
use miandan_print::printer::{PROFILES, PrinterProfile};
use miandan_print::{
    Batch, Component, ComponentOptions, FontError, LabelOutcome, Observer, Orders, PdfOutput, PrintError,
    TemplateError,
};
use miandan_render::printer::{EncodeError, Encoder};
use miandan_render::raster::Bitmap;
use miandan_render::shipped::ONE_PART_76X130;
use miandan_render::template::Problem;
use miandan_seal::encoding::to_base64url;
use miandan_testing::Random;

const DAMAGED: usize = 300;

/// `fixtures/fonts/make.py` says what is in it.
const FONT: &[u8] = include_bytes!("../../../fixtures/fonts/miandan-test.ttf");

/// Inputs made by chance.
struct Dice(Random);

impl Dice {
    /// A few of the faults that files have, or are given.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        const PIECES: &[&[u8]] = &[
            b"<layout>",
            b"</layout>",
            b"<text>",
            b"<barcode type=\"qrcode\">",
            b"<%= _data.recipient.name %>",
            b"<% for(var i=0;i<100000000;i++){ %>",
            b"<% while(true){} %>",
            b"&#x0;",
            b"&lol;",
            b"<!DOCTYPE a [<!ENTITY b \"bbbb\">]>",
            b"999999999999999999999",
            b"-1",
            b"1e308",
            b"\xff\xfe",
            "\u{202e}".as_bytes(),
            b"]]>",
        ];
        for _ in 0..=self.0.below(4) {
            if bytes.is_empty() {
                return;
            }
            let place = self.0.below(bytes.len());
            let end = (place + 1 + self.0.below(60)).min(bytes.len());
            match self.0.below(7) {
                0 => bytes[place] ^= 1 << self.0.below(8),
                1 => drop(bytes.drain(place..end)),
                2 => bytes.truncate(place),
                3 | 4 => drop(bytes.splice(place..place, PIECES[self.0.below(PIECES.len())].iter().copied())),
                5 => {
                    let piece = bytes[place..end].repeat(1 + self.0.below(50));
                    bytes.splice(place..place, piece);
                }
                _ => {
                    let digit = bytes.iter().skip(place).position(u8::is_ascii_digit).map(|at| place + at);
                    if let Some(at) = digit {
                        bytes.splice(at..at, *b"99999");
                    }
                }
            }
        }
    }
}

fn options(station: &Station) -> ComponentOptions {
    let mut options = ComponentOptions::new(env!("CARGO_BIN_EXE_miandan-component").into());
    options.keys.push(station.path("station.key"));
    options.trust.push(station.path("issuer.key.pub"));
    options
}

/// What became of the label.
#[derive(Default)]
struct Outcome(Option<Code>);

impl Observer for Outcome {
    fn label(&mut self, label: &LabelOutcome) {
        self.0 = label.result.err().map(|failure| failure.code);
    }
}

#[test]
fn a_damaged_template_ends_in_a_label_or_in_a_code() {
    let station = Station::new();
    station.seal(&common::orders(1, 7), &[]);
    let orders = Orders::open(&station.path("orders.sealed.jsonl")).unwrap();
    let options = options(&station);
    let mut dice = Dice(Random(0x5eed_0f7e_3a11));
    let (mut printed, mut refused, mut failed) = (0, 0, 0);
    for number in 0..DAMAGED {
        let mut template = ONE_PART_76X130.as_bytes().to_vec();
        dice.damage(&mut template);
        let mut batch = Batch::new(&orders, &options, &template);
        (batch.workers, batch.now) = (1, now());
        let mut outcome = Outcome::default();
        let output = PdfOutput::stream(Path::new("-"), io::sink()).unwrap();
        match batch.print(output, &mut outcome) {
            Ok(summary) if summary.done == 1 => printed += 1,
            Ok(_) => {
                // An order that kills its component, or has it hang, is answered so.
                assert_ne!(outcome.0, Some(Code::Internal), "no. {number}");
                failed += 1;
            }
            Err(PrintError::Template(TemplateError::Refused { .. })) => refused += 1,
            Err(error) => panic!("no. {number}: {error}\n{}", String::from_utf8_lossy(&template)),
        }
    }
    assert!(
        printed > DAMAGED / 20 && refused > DAMAGED / 3,
        "{printed} printed, {refused} refused, {failed} failed"
    );
}

/// Pictures of every kind that is read.
const PICTURES: &[&[u8]] = &[
    include_bytes!("../../miandan-render/tests/pictures/rgba.png"),
    include_bytes!("../../miandan-render/tests/pictures/palette.png"),
    include_bytes!("../../miandan-render/tests/pictures/baseline.jpg"),
    include_bytes!("../../miandan-render/tests/pictures/progressive.jpg"),
    include_bytes!("../../miandan-render/tests/pictures/tones.bmp"),
    include_bytes!("../../miandan-render/tests/pictures/line-art.bmp"),
];

#[test]
fn a_damaged_image_ends_in_a_template_or_in_a_problem() {
    let station = Station::new();
    let mut component = Component::start(&options(&station)).unwrap();
    let mut send = |source: &str| {
        let image = format!("<image left=\"2\" top=\"2\" width=\"9\" height=\"9\" src=\"{source}\"/>");
        let page = format!("<page width=\"76\" height=\"130\">{image}</page>");
        match component.template(TemplateKind::Waybill, page.as_bytes()) {
            Ok(_) => None,
            Err(TemplateError::Refused { problem, .. }) => Some(problem),
            Err(other) => panic!("{other:?}"),
        }
    };
    let data = |bytes: &[u8]| format!("data:image/png;base64,{}", to_base64url(bytes));
    for place in ["file:///etc/passwd", "/dev/zero", "http://192.0.2.1/a.png", "..\\a.png", ""] {
        assert_eq!(send(place), Some(Problem::ImageElsewhere), "{place}");
    }
    let mut dice = Dice(Random(0x1ace));
    let (mut read, mut refused) = (0, 0);
    for number in 0..DAMAGED {
        // A component takes so many templates; another is like it.
        let mut picture = PICTURES[number % PICTURES.len()].to_vec();
        dice.damage(&mut picture);
        match send(&data(&picture)) {
            None => read += 1,
            Some(Problem::ImageBroken | Problem::ImageTooLarge) => refused += 1,
            Some(other) => panic!("{other}"),
        }
        if read == 60 {
            break;
        }
    }
    assert!(read > 20 && refused > DAMAGED / 10, "{read} read, {refused} refused");
    // It is as well as before.
    component.template(TemplateKind::Waybill, ONE_PART_76X130.as_bytes()).unwrap();
}

/// Each damaged font is refused, or a label is drawn from what is left of it, and its subset is made.
#[test]
fn a_damaged_font_ends_in_a_label_or_in_a_problem() {
    let station = Station::new();
    let mut orders = common::orders(1, 7);
    // A character that only the test font has.
    orders[0]["sender"]["org"] = serde_json::json!("\u{31350}某商行");
    station.seal(&orders, &[]);
    let orders = Orders::open(&station.path("orders.sealed.jsonl")).unwrap();
    let options = options(&station);
    let mut dice = Dice(Random(0xf0_47));
    let (mut printed, mut failed, mut refused) = (0, 0, 0);
    for number in 0..DAMAGED {
        let mut font = FONT.to_vec();
        dice.damage(&mut font);
        let mut batch = Batch::new(&orders, &options, ONE_PART_76X130.as_bytes());
        (batch.workers, batch.now, batch.fonts) = (1, now(), vec![font]);
        let mut outcome = Outcome::default();
        let output = PdfOutput::stream(Path::new("-"), io::sink()).unwrap();
        match batch.print(output, &mut outcome) {
            Ok(summary) if summary.done == 1 => printed += 1,
            // The font has lost the character.
            Ok(_) if outcome.0 == Some(Code::GlyphMissing) => failed += 1,
            // The font can be drawn and not be cut.
            Err(PrintError::Component) => failed += 1,
            Err(PrintError::Font { error: FontError::Refused(_), .. }) => refused += 1,
            other => panic!("no. {number}: {other:?}, {:?}", outcome.0),
        }
    }
    assert!(
        printed > DAMAGED / 20 && refused > DAMAGED / 10,
        "{printed} printed, {failed} failed, {refused} refused"
    );
}

/// Each damaged profile of a printer is refused, or what is left of it makes sense and can be written for.
#[test]
fn a_damaged_profile_is_refused_or_makes_sense() {
    let mut dice = Dice(Random(0x7ea_1abe1));
    let bitmap = |resolution| Bitmap { width: 8, height: 1, stride: 1, bits: vec![0xA5], resolution };
    let (mut read, mut refused) = (0, 0);
    for number in 0..DAMAGED * 10 {
        let mut file = PROFILES[number % PROFILES.len()].source.as_bytes().to_vec();
        dice.damage(&mut file);
        let Ok(printer) = PrinterProfile::parse(&String::from_utf8_lossy(&file)) else {
            refused += 1;
            continue;
        };
        assert_eq!(printer.profile.check(), Ok(()), "no. {number}");
        match Encoder::new().encode(&printer.profile, &bitmap(printer.profile.resolution), &mut Vec::new()) {
            Ok(()) | Err(EncodeError::Fit(_)) => read += 1,
            Err(error) => panic!("no. {number}: {error}"),
        }
    }
    assert!(read > DAMAGED && refused > DAMAGED, "{read} read, {refused} refused");
}

/// Where images and fonts are parsed, in all of our sources: each in one place, which runs when a template is compiled or
/// a label made, so behind the lock in the component. In the command line `template check`, `template show`,
/// `template import`, `plan` and `fonts` read the template and the fonts of who asks for it, and nothing else does; `label
/// check` and `scan` read a label that is printed, or could be.
#[test]
fn images_and_fonts_are_parsed_behind_the_lock() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut images, mut fonts, mut templates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut fonts_read, mut read) = (Vec::new(), 0);
    for file in sources(&crates) {
        let text = fs::read_to_string(&file).unwrap();
        // Tests read back what was written.
        let text = text.split("#[cfg(test)]").next().unwrap();
        let name = file.strip_prefix(&crates).unwrap().to_str().unwrap().to_owned();
        read += 1;
        if name.ends_with("/tests.rs") || name.contains("/tests/") {
            continue;
        }
        if ["png::Decoder", " Decoder::new", "zune_jpeg", "image::load", "image::decode"]
            .iter()
            .any(|w| text.contains(w))
        {
            images.push(name.clone());
        }
        if ["Template::compile(", "Template::compile_for(", "Template::compile_as("]
            .iter()
            .any(|word| text.contains(word))
            && !name.starts_with("miandan-render")
        {
            templates.push(name.clone());
        }
        if text.contains("faces.add(") {
            fonts_read.push(name.clone());
        }
        if ["ttf_parser", "subsetter::"].iter().any(|word| text.contains(word)) {
            fonts.push(name);
        }
    }
    assert!(read > 100, "{read} sources");
    [&mut images, &mut fonts, &mut templates, &mut fonts_read].into_iter().for_each(|names| names.sort());
    assert_eq!(
        images,
        [
            "miandan-picture/src/document.rs",
            "miandan-render/src/image/jpeg.rs",
            "miandan-render/src/image/png.rs",
            "miandan-render/src/template/element/image.rs"
        ],
        "an image of a caller is parsed behind the lock: say here where"
    );
    assert_eq!(
        templates,
        [
            "miandan-component/src/serve.rs",
            "miandan-component/src/warm.rs",
            "miandan-hiprint/src/import.rs",
            "miandan-hiprint/src/picture.rs",
            "miandan-lint/src/lint.rs",
            // Its own two, for lists of goods.
            "miandan-print/src/work/paper.rs",
            // Its own one, for the page that shows dead dots.
            "miandan/src/commands/selftest.rs",
            "miandan/src/commands/template/check.rs",
            "miandan/src/commands/template/mod.rs"
        ]
    );
    assert_eq!(
        fonts,
        [
            "miandan-render/src/faces/added.rs",
            // How far a glyph reaches, for what may be drawn first on a page.
            "miandan-render/src/pdf/form/bounds.rs",
            "miandan-render/src/pdf/subset.rs",
            "miandan-render/src/raster/glyphs.rs"
        ]
    );
    assert_eq!(
        fonts_read,
        ["miandan-component/src/label.rs", "miandan/src/commands/fonts.rs"],
        "a font of a caller is parsed behind the lock: say here where"
    );
}

/// Every source of ours that goes into a program.
fn sources(crates: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<_> = fs::read_dir(crates)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("src"))
        .filter(|p| p.is_dir() && !p.ends_with("miandan-testing/src"))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// A time at which the sealed orders hold.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
