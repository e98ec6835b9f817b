//! The designs in `fixtures/hiprint`: what becomes of them, to be read, and that it can be printed.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p miandan-hiprint` writes the snapshots anew; read the difference before you commit it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use miandan_core::label::Resolution;
use miandan_hiprint::{Import, Mapping, Options, Outcome, Target, import_with};
use miandan_render::frame::Frame;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_render::shipped;
use miandan_render::template::Template;

/// Each design, which of its panels, and whether it is imported with the map.
const DESIGNS: &[(&str, usize, bool)] = &[
    ("courier-76x130", 0, false),
    ("packing-100x150", 0, false),
    ("chinese-names-76x70", 0, false),
    ("chinese-names-76x70", 0, true),
    ("odd-100x180", 0, false),
    ("odd-100x180", 1, false),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hiprint")
}

/// What `map.toml` says; that the file is read so is tested with the command line.
fn map() -> Mapping {
    let mut mapping = Mapping::default();
    for (field, target) in [("店铺联系人", "sender.name"), ("spmc", "goods"), ("khsj", "recipient.contact")]
    {
        mapping.name(field, Target::named(target).unwrap());
    }
    mapping
}

fn imported((name, panel, mapped): (&str, usize, bool)) -> (String, Import) {
    let design = fs::read(folder().join(format!("{name}.json"))).unwrap();
    let mapping = if mapped { map() } else { Mapping::default() };
    let import = import_with(&design, &mapping, &Options { panel, ..Options::default() }).unwrap();
    let panel = if panel > 0 { format!(".panel-{panel}") } else { String::new() };
    (format!("{name}{panel}{}", if mapped { ".mapped" } else { "" }), import)
}

fn report(import: &Import) -> String {
    let mut out = String::new();
    for note in &import.report {
        let field = note.field.as_ref().map(|field| format!(" \"{field}\"")).unwrap_or_default();
        let target = note.target.map(|target| format!(" = {target}")).unwrap_or_default();
        let _ = writeln!(
            out,
            "{}: {}{field}{target}: {}",
            note.pointer,
            note.kind.as_str(),
            note.outcome.as_str()
        );
        for remark in &note.remarks {
            let column = remark.column.as_ref().map(|column| format!(" \"{column}\"")).unwrap_or_default();
            let _ = writeln!(out, "    {}{column}", remark.reason.id());
        }
    }
    out
}

fn compare(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(path, text).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, expected, "{} is not as it was; UPDATE_SNAPSHOTS=1 writes it anew", path.display());
}

#[test]
fn designs_become_what_they_became() {
    for design in DESIGNS {
        let (name, import) = imported(*design);
        compare(&folder().join(format!("{name}.xml")), &import.template);
        compare(&folder().join(format!("{name}.report.txt")), &report(&import));
    }
}

#[test]
fn every_design_is_drawn_without_a_remark() {
    for design in DESIGNS {
        let (name, import) = imported(*design);
        let template = Template::compile(import.template.as_bytes()).unwrap();
        assert_eq!(template.remarks(), [], "{name}");
        let mut frame = Frame::default();
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            let drawn = template.layout(&shipped::sample(), resolution, &mut frame);
            assert_eq!(drawn, Ok(()), "{name}: {:?}", template.fault(&shipped::sample(), resolution));
            let (mut bitmap, mut rasteriser) = (Bitmap::default(), Rasteriser::new());
            rasteriser.draw_page(&frame, 0, &mut bitmap);
            let mut picture = Vec::new();
            raster::png(&bitmap, &mut picture);
            if let Some(folder) = std::env::var_os("MIANDAN_HIPRINT_PICTURES") {
                fs::write(Path::new(&folder).join(format!("{name}-{}.png", resolution.dpi())), &picture)
                    .unwrap();
            }
            assert!(picture.starts_with(b"\x89PNG") && picture.len() > 500, "{name}: {}", picture.len());
        }
    }
}

#[test]
fn nothing_of_the_test_data_is_in_a_template() {
    for design in DESIGNS {
        let (name, import) = imported(*design);
        for text in ["测试甲", "测试乙", "12000000000", "某路", "TEST-0001", "某昵称", "YT8800"] {
            assert!(!import.template.contains(text), "{name}: {text}");
        }
        let left_out = import
            .report
            .iter()
            .filter(|note| note.element.is_some() && note.outcome == Outcome::LeftOut)
            .count();
        assert!(
            import.template.matches("<!--").count() > left_out,
            "a comment for each, and the first: {name}"
        );
    }
}
