//! Templates, images and fonts that somebody damaged or made to do harm.
//!
//! Templates go through the real component: each ends in a label or in a code, never in a component that dies, never in
//! one that hangs. Images and fonts of a caller are not read at all yet: a template that names an image is refused, and
//! there is no option for a font. The last test reads the sources and fails when that changes, so that whoever adds them
//! parses them behind the lock.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // the tests ask the clock, as the command line does

mod common;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use common::Station;
use miandan_core::Code;
use miandan_print::{
    Batch, Component, ComponentOptions, LabelOutcome, Observer, Orders, PdfOutput, PrintError, TemplateError,
};
use miandan_render::shipped::ONE_PART_76X130;
use miandan_render::template::Problem;
use miandan_seal::encoding::to_base64url;
use miandan_testing::Random;

const DAMAGED: usize = 300;

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

#[test]
fn an_image_is_refused_whatever_it_holds() {
    let station = Station::new();
    station.seal(&common::orders(1, 7), &[]);
    assert!(station.print(&["--dir", "labels"]).status.success());
    let picture = station.read("labels/000001.png");
    assert!(picture.starts_with(b"\x89PNG"));
    let mut component = Component::start(&options(&station)).unwrap();
    let mut refused = |source: &str| {
        let image = format!("<image left=\"2\" top=\"2\" width=\"9\" height=\"9\" src=\"{source}\"/><line ");
        let page = ONE_PART_76X130.replacen("<line ", &image, 1);
        match component.template(page.as_bytes()) {
            Err(TemplateError::Refused { problem: Problem::ElementNotSupported, .. }) => {}
            other => panic!("{other:?}"),
        }
    };
    let data = |bytes: &[u8]| format!("data:image/png;base64,{}", to_base64url(bytes));
    refused(&data(&picture));
    for place in ["file:///etc/passwd", "/dev/zero", "http://192.0.2.1/a.png", "..\\a.png", ""] {
        refused(place);
    }
    let mut dice = Dice(Random(0x1ace));
    for _ in 0..DAMAGED {
        let mut picture = picture.clone();
        dice.damage(&mut picture);
        refused(&data(&picture));
    }
    // It is as well as before.
    component.template(ONE_PART_76X130.as_bytes()).unwrap();
}

/// Where images and fonts are parsed, in all of our sources: nowhere, and in the two places that draw with the bundled
/// typeface.
#[test]
fn nothing_parses_an_image_and_only_bundled_fonts_are_parsed() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut images, mut fonts, mut read) = (Vec::new(), Vec::new(), 0);
    for file in sources(&crates) {
        let text = fs::read_to_string(&file).unwrap();
        // Tests read back what was written.
        let text = text.split("#[cfg(test)]").next().unwrap();
        let name = file.strip_prefix(&crates).unwrap().to_str().unwrap().to_owned();
        read += 1;
        if ["png::Decoder", "png::decoder", "Decoder::new(", "image::load", "use image::"]
            .iter()
            .any(|w| text.contains(w))
        {
            images.push(name.clone());
        }
        if ["ttf_parser", "subsetter::"].iter().any(|word| text.contains(word)) {
            fonts.push(name);
        }
    }
    assert!(read > 100, "{read} sources");
    assert_eq!(images, [""; 0], "an image of a caller is parsed behind the lock: say here where");
    fonts.sort();
    assert_eq!(fonts, ["miandan-render/src/pdf/subset.rs", "miandan-render/src/raster/glyphs.rs"]);
    let help = common::miandan().args(["print", "--help"]).output().unwrap();
    assert!(
        !common::said(&help).contains("--font"),
        "a font of a caller is parsed behind the lock: say here where"
    );
    // A font that is linked is parsed by the same code wherever it runs: what is absent is a decoder of images.
    for program in [env!("CARGO_BIN_EXE_miandan"), env!("CARGO_BIN_EXE_miandan-component")] {
        let bytes = fs::read(program).unwrap();
        assert!(
            memchr::memmem::find(&bytes, b"10ttf_parser").is_some(),
            "the names of functions can be read"
        );
        assert!(memchr::memmem::find(&bytes, b"3png7decoder").is_none(), "{program}");
    }
}

/// Every source of ours that goes into a program.
fn sources(crates: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<_> = fs::read_dir(crates)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("src"))
        .filter(|p| p.is_dir())
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
