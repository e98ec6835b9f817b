//! `miandan template show`: a label with made-up data as a picture.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miandan_core::label::Resolution;
use miandan_core::pipe::Failure as Failed;
use miandan_render::frame::Frame;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_templates::Case;

use super::super::fonts;
use super::super::print::Template as Source;
use super::orders::Sampled;
use super::{compile, undrawn};
use crate::args::TemplateShow;
use crate::console::Console;
use crate::exit::{Exit, Outcome};
use crate::files;

pub fn run(console: Console, arguments: &TemplateShow) -> Outcome {
    let source = Source::find(console, &arguments.template)?;
    let faces = fonts::faces(console, &arguments.font)?;
    let template = compile(console, &source, &faces)?;
    let resolution = if arguments.dpi == "300" { Resolution::Dpi300 } else { Resolution::Dpi203 };
    let mut frame = Frame { faces, ..Frame::default() };
    let case = Case::from_name(&arguments.case).unwrap_or_default();
    let waybill = Sampled::find(console, &arguments.template, arguments.data.as_deref())?.waybill(case);
    if let Err(Failed { code, .. }) = template.layout(&waybill, resolution, &mut frame) {
        return Err(undrawn(console, &source, &template, &waybill, resolution, code));
    }
    let mut bitmap = Bitmap::default();
    let mut rasteriser = Rasteriser::new();
    for page in 0..frame.pages() {
        rasteriser.draw_page(&frame, page, &mut bitmap);
        let mut picture = Vec::new();
        raster::png(&bitmap, &mut picture);
        // Standard output takes the pictures one after the other.
        let path = if page == 0 { arguments.out.clone() } else { numbered(&arguments.out, page + 1) };
        let written = if files::is_dash(&arguments.out) {
            io::stdout().lock().write_all(&picture)
        } else {
            std::fs::write(&path, &picture)
        };
        written.map_err(|error| files::unwritable(console, &path, &error))?;
    }
    Ok(Exit::Done)
}

/// `label.png` with the number of a page: `label-2.png`.
fn numbered(path: &Path, page: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{page}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}
