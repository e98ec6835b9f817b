//! Starts batches.

use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};
use std::thread;

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Purpose, Resolution};
use miandan_core::printer::Profile;
use miandan_print::{
    BatchOptions, FolderOutput, LabelForm, Output, PdfOutput, PrintError, PrinterOutput, Status, Summary,
};
use napi::Env;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::at_exit::end_with;
use crate::background::{Answer, answer, guarded, no_thread};
use crate::component::{Component, check_files};
use crate::failed::Failed;
use crate::mailbox::Mailbox;
use crate::orders::Orders;
use crate::run::{Printing, Run};
use crate::shipped;
use crate::told::{Kept, Teller, end};

/// How many finished labels wait for JavaScript with their pages. More would be memory without use.
const WAITING: usize = 256;

/// What a batch is made of, beside its orders.
#[napi(object, object_to_js = false)]
pub struct BatchSpec {
    /// XML.
    pub template: Buffer,
    /// Font files.
    pub fonts: Vec<Buffer>,
    /// `refuse` or `box`.
    pub missing: String,
    /// Seconds since 1970.
    pub now: f64,
    /// When the labels were printed first.
    pub printed_at: Option<f64>,
    /// How many components.
    pub workers: Option<u32>,
    /// 203 or 300.
    pub dpi: u32,
    /// Whether it is only looked at.
    pub preview: bool,
}

/// Where its labels go.
#[napi(object, object_to_js = false)]
pub struct OutputSpec {
    /// `pdf`, `folder`, `file` or `labels`.
    pub kind: String,
    /// The file or the folder.
    pub path: Option<String>,
    /// The printer that they are for; pictures without.
    pub profile: Option<String>,
    /// Whether JavaScript hears of each label.
    pub is_told: bool,
}

enum To {
    Pdf(String),
    Folder(String, Option<Profile>),
    File(String, Profile),
    Labels(LabelForm),
}

/// Begins to print a batch.
#[napi(catch_unwind)]
pub fn start_batch(
    env: &Env,
    component: &Component,
    orders: &Orders,
    spec: BatchSpec,
    output: OutputSpec,
) -> napi::Result<Answer<Run>> {
    let started = prepare(component, orders, spec, &output).and_then(|(options, to)| {
        let is_told = output.is_told || matches!(to, To::Labels(_));
        // Pages wait until they are taken; that something was printed is heard of without the printing waiting for it.
        let room = if matches!(to, To::Labels(_)) { WAITING } else { usize::MAX };
        let shared = Arc::new(Printing { letters: Mailbox::new(room), cancel: AtomicBool::new(false) });
        let theirs = Arc::clone(&shared);
        let run = move || {
            let printed = guarded(|| {
                check_files(&options.component)?;
                end(print(&options, to, is_told, &theirs))
            });
            drop(options);
            theirs.letters.end(printed);
        };
        thread::Builder::new().name("batch".to_owned()).spawn(run).map_err(|error| no_thread(&error))?;
        Ok(shared)
    });
    match started {
        Err(failed) => Ok(answer(Err(failed))),
        Ok(shared) => {
            let work: Weak<Printing> = Arc::downgrade(&shared);
            end_with(env, work)?;
            Ok(answer(Ok(Run::new(shared))))
        }
    }
}

fn prepare(
    component: &Component,
    orders: &Orders,
    spec: BatchSpec,
    output: &OutputSpec,
) -> Result<(BatchOptions, To), Failed> {
    let bad = |what: &str| Failed::new(Status::BadArgument, what);
    let template: Arc<[u8]> = Arc::from(&*spec.template);
    let mut options = BatchOptions::new(orders.get()?, component.options.clone(), template);
    options.fonts = spec.fonts.iter().map(|font| font.to_vec()).collect();
    options.missing = missing(&spec.missing)?;
    options.resolution = Resolution::from_dpi(spec.dpi).ok_or_else(|| bad("dpi is 203 or 300"))?;
    options.purpose = if spec.preview { Purpose::Preview } else { Purpose::Print };
    options.now = spec.now as u64;
    options.printed_at = spec.printed_at.map(|at| at as u64);
    if let Some(workers) = spec.workers {
        options.workers = workers as usize;
    }
    let profile = output.profile.as_deref().map(shipped::profile).transpose()?.map(|read| read.profile);
    let path = || output.path.clone().ok_or_else(|| bad("a path is missing"));
    let to = match output.kind.as_str() {
        "pdf" => To::Pdf(path()?),
        "folder" => To::Folder(path()?, profile),
        "file" => To::File(path()?, profile.ok_or_else(|| bad("a profile is missing"))?),
        "labels" => To::Labels(profile.map_or(LabelForm::Png, LabelForm::Printer)),
        _ => return Err(bad("there is no such output")),
    };
    Ok((options, to))
}

/// What stands for a character that no font has.
pub(crate) fn missing(word: &str) -> Result<MissingGlyph, Failed> {
    let found = MissingGlyph::ALL.iter().copied().find(|missing| missing.as_str() == word);
    found.ok_or_else(|| Failed::new(Status::BadArgument, "missing is refuse or box"))
}

fn print(options: &BatchOptions, to: To, is_told: bool, shared: &Printing) -> Result<Summary, PrintError> {
    match to {
        To::Pdf(path) => into(options, PdfOutput::create(Path::new(&path))?, is_told, shared),
        To::Folder(path, None) => into(options, FolderOutput::create(Path::new(&path))?, is_told, shared),
        To::Folder(path, Some(profile)) => {
            into(options, FolderOutput::for_printer(Path::new(&path), profile)?, is_told, shared)
        }
        To::File(path, profile) => {
            into(options, PrinterOutput::create(Path::new(&path), profile)?, is_told, shared)
        }
        To::Labels(form) => {
            let pages = Rc::default();
            let mut teller = Teller { letters: &shared.letters, pages: Some(Rc::clone(&pages)) };
            options.batch(&shared.cancel).print(Kept { form, pages }, &mut teller)
        }
    }
}

fn into(
    options: &BatchOptions,
    output: impl Output,
    is_told: bool,
    shared: &Printing,
) -> Result<Summary, PrintError> {
    let batch = options.batch(&shared.cancel);
    if is_told {
        batch.print(output, &mut Teller { letters: &shared.letters, pages: None })
    } else {
        batch.print(output, &mut ())
    }
}
