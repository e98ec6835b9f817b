//! `miandan template show`: a label with made-up data as a picture, in a file or in the terminal, again and again.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use miandan_core::free::FreeData;
use miandan_core::label::Resolution;
use miandan_core::pipe::{Failure as Failed, TemplateKind};
use miandan_core::waybill::Waybill;
use miandan_render::frame::Frame;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_render::template::{Template, View};
use miandan_templates::Case;

use super::super::fonts;
use super::super::print::Template as Source;
use super::orders::{self, Sampled, beside};
use super::{compile, terminal, undrawn};
use crate::args::TemplateShow;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::messages;
use crate::{files, interrupt};

/// How often the files are looked at. A person saves no faster, and a look costs next to nothing.
const LOOK: Duration = Duration::from_millis(200);

/// Clears the terminal and goes to its top left corner (ECMA-48, ED and CUP).
const CLEAR: &str = "\x1b[2J\x1b[H";

pub fn run(console: Console, arguments: &TemplateShow) -> Outcome {
    if arguments.out.is_none() && !io::stdout().is_terminal() && arguments.terminal.is_none() {
        let message = messages::SHOW_WHERE.get(console.language).to_owned();
        let hint = messages::SHOW_WHERE_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    if arguments.watch { watch(console, arguments) } else { once(console, arguments).map(|()| Exit::Done) }
}

fn once(console: Console, arguments: &TemplateShow) -> Result<(), Failure> {
    let pages = draw(console, arguments)?;
    match &arguments.out {
        Some(out) => write(console, out, &pages),
        None => show(console, arguments, &pages, ""),
    }
}

/// Draws whenever one of the files is saved, until it is told to stop. A template that is broken for the moment is said to
/// be, and waited for.
fn watch(console: Console, arguments: &TemplateShow) -> Outcome {
    let asked = interrupt::watch().map_err(|error| console.output_failure(&error))?;
    let mut before = None;
    while !asked.load(Ordering::Relaxed) {
        let now = contents(arguments);
        if before.as_ref() != Some(&now) {
            before = Some(now);
            let drawn = draw(console, arguments).and_then(|pages| match &arguments.out {
                Some(out) => write(console, out, &pages).map(|()| {
                    console.say(&console.fill(messages::SHOW_DRAWN, &[("file", &out.display())]));
                }),
                None => show(console, arguments, &pages, CLEAR),
            });
            if let Err(failure) = drawn {
                console.fail(&failure);
            }
        }
        thread::sleep(LOOK);
    }
    Ok(Exit::Interrupted)
}

/// What a label is made of. A file that is being replaced is missing for a moment.
fn contents(arguments: &TemplateShow) -> Vec<Option<Vec<u8>>> {
    let order = arguments.data.clone().unwrap_or_else(|| beside(&arguments.template));
    let files = [PathBuf::from(&arguments.template), order];
    files.iter().chain(&arguments.font).map(|path| std::fs::read(path).ok()).collect()
}

fn draw(console: Console, arguments: &TemplateShow) -> Result<Vec<Bitmap>, Failure> {
    let source = Source::find(console, &arguments.template)?;
    let faces = fonts::faces(console, &arguments.font)?;
    let template = compile(console, Template::kind_of(&source.source), &source, &faces)?;
    let resolution = if arguments.dpi == "300" { Resolution::Dpi300 } else { Resolution::Dpi203 };
    let mut frame = Frame { faces, ..Frame::default() };
    let case = Case::from_name(&arguments.case).unwrap_or_default();
    let (waybill, data) = match template.kind() {
        TemplateKind::Waybill => {
            let sampled = Sampled::find(console, &arguments.template, arguments.data.as_deref())?;
            (sampled.waybill(case), FreeData::EMPTY)
        }
        TemplateKind::Free => {
            let data = arguments.data.as_deref().map(|path| orders::data(console, path)).transpose()?;
            (Waybill::default(), data.unwrap_or(FreeData::EMPTY))
        }
    };
    let view = View::of_data(&data, &waybill);
    if let Err(Failed { code, .. }) = template.layout_with(view, &[], resolution, &mut frame) {
        return Err(undrawn(console, &source, &template, view, resolution, code));
    }
    let mut rasteriser = Rasteriser::new();
    let mut page = |page| {
        let mut bitmap = Bitmap::default();
        rasteriser.draw_page(&frame, page, &mut bitmap);
        bitmap
    };
    Ok((0..frame.pages()).map(&mut page).collect())
}

/// Into files. Standard output takes the pictures one after the other.
fn write(console: Console, out: &Path, pages: &[Bitmap]) -> Result<(), Failure> {
    for (index, bitmap) in pages.iter().enumerate() {
        let mut picture = Vec::new();
        raster::png(bitmap, &mut picture);
        let path = if index == 0 { out.to_owned() } else { numbered(out, index + 1) };
        let written = if files::is_dash(out) {
            io::stdout().lock().write_all(&picture)
        } else {
            std::fs::write(&path, &picture)
        };
        written.map_err(|error| files::unwritable(console, &path, &error))?;
    }
    Ok(())
}

/// Into the terminal, one page below the other.
fn show(console: Console, arguments: &TemplateShow, pages: &[Bitmap], before: &str) -> Result<(), Failure> {
    let kind = arguments.terminal.unwrap_or_default();
    let columns = terminal::columns();
    let mut out = io::stdout().lock();
    let shown = write!(out, "{before}").and_then(|()| {
        pages.iter().try_for_each(|page| write!(out, "{}", terminal::encode(page, kind, columns)))
    });
    shown.and_then(|()| out.flush()).map_err(|error| console.output_failure(&error))
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
