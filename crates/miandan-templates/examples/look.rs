//! Draws a label in every case, each as a picture and all of them on one sheet: `look NAME|TEMPLATE.xml FOLDER [203|300]`.
//!
//! A template of one's own is drawn with the `sample.json` beside it, or with the order of `one-part-76x130`.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use miandan_core::label::Resolution;
use miandan_render::raster;
use miandan_render::template::Template;
use miandan_templates::{Case, LABELS, Sample, find};

#[path = "../tests/drawing/mod.rs"]
mod drawing;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [template, folder, rest @ ..] = &arguments[..] else {
        return Err("usage: look NAME|TEMPLATE.xml FOLDER [203|300]".into());
    };
    let dpi = rest.first().map_or(Ok(203), |dpi| dpi.parse())?;
    let resolution = Resolution::from_dpi(dpi).ok_or("the resolution is 203 or 300")?;
    let (source, sample) = match find(template) {
        Some(label) => (label.template.to_owned(), label.sample()),
        None => {
            let sample = match fs::read_to_string(Path::new(template).with_file_name("sample.json")) {
                Ok(text) => Sample::from_json(&text)?,
                Err(_) => LABELS[0].sample(),
            };
            (fs::read_to_string(template)?, sample)
        }
    };
    let template = Template::compile(source.as_bytes())?;
    fs::create_dir_all(folder)?;
    let mut pictures = Vec::new();
    let mut out = std::io::stdout().lock();
    for case in Case::ALL {
        let waybill = sample.waybill(case);
        let name = case.as_str();
        for remark in template.overflows(&waybill, resolution) {
            writeln!(out, "{name}: {remark}")?;
        }
        match drawing::pages(&template, &waybill, resolution) {
            Ok(pages) => {
                for (index, bitmap) in pages.iter().enumerate() {
                    let mut picture = Vec::new();
                    raster::png(bitmap, &mut picture);
                    let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
                    fs::write(Path::new(folder).join(format!("{name}{number}.png")), picture)?;
                    pictures.push((format!("{name}{number}"), drawing::Grey::of(bitmap, 2)));
                }
            }
            Err(why) => writeln!(out, "{name}: {why}")?,
        }
    }
    let width = pictures.iter().map(|(_, picture)| picture.width + 12).max().unwrap_or(0) * 4 + 12;
    fs::write(Path::new(folder).join("sheet.png"), drawing::sheet(&pictures, width).png())?;
    Ok(())
}
