//! One batch from its orders to its target, and what came of it in words.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use miandan_core::Code;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelSize, Purpose, Resolution};
use miandan_core::pipe::{FontSubset, Pages};
#[cfg(feature = "printpdf")]
use miandan_print::PrintPdfOutput;
use miandan_print::delivery::When;
use miandan_print::{
    Batch, ComponentOptions, FileNames, FolderOutput, FontError, Orders, Output, OutputError, PdfOutput,
    PrintError, PrinterOutput, Summary, TemplateError,
};
use miandan_render::template::Problem;
use serde_json::{Value, json};

use super::watcher::Watcher;
use super::{Template, form};
use crate::args::Target;
use crate::clock;
use crate::commands::fonts::{self, FontFile};
use crate::commands::{component_broke, start_failure};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::interrupt::{self, Written};
use crate::messages;

/// A batch with everything that it needs but its target.
pub(in crate::commands) struct PrintJob<'a> {
    pub(in crate::commands) console: Console,
    pub(in crate::commands) orders: &'a Orders,
    pub(in crate::commands) options: &'a ComponentOptions,
    pub(in crate::commands) template: &'a Template,
    pub(in crate::commands) fonts: &'a [FontFile],
    pub(in crate::commands) missing: MissingGlyph,
    pub(in crate::commands) purpose: Purpose,
}

impl PrintJob<'_> {
    /// The batch, as it is made.
    pub(super) fn batch(&self, resolution: Resolution, workers: Option<usize>) -> Batch<'_> {
        let mut batch = Batch::new(self.orders, self.options, &self.template.source);
        batch.resolution = resolution;
        batch.purpose = self.purpose;
        batch.fonts = self.fonts.iter().map(|font| font.bytes.clone()).collect();
        batch.missing = self.missing;
        batch.now = clock::now();
        batch.workers = workers.unwrap_or(batch.workers);
        batch
    }

    /// Lets a component look at everything that it may refuse for all labels alike (keys, fonts, the template, and whether
    /// the printer has room for it), and prints nothing: a batch that got its numbers first would wait for what nobody can
    /// print, with its orders in it. A passphrase is not asked for twice: where it is typed, nothing is looked at.
    pub(super) fn try_out(
        &self,
        target: &Target,
        format: Format,
        resolution: Resolution,
    ) -> Result<(), Failure> {
        if self.options.ask_passphrase {
            return Ok(());
        }
        let mut batch = self.batch(resolution, Some(1));
        batch.planned = Some(&[]);
        batch.print(Nothing(format), &mut ()).map_err(|error| self.failure(error, target))?;
        Ok(())
    }

    /// Prints to the target and says what came of it.
    pub(in crate::commands) fn run(
        &self,
        target: &Target,
        format: Format,
        resolution: Resolution,
        workers: Option<u16>,
    ) -> Outcome {
        let console = self.console;
        let mut batch = self.batch(resolution, workers.map(usize::from));
        // Where signals cannot be caught, Ctrl-C ends the program as it ends any other.
        let asked = interrupt::watch().ok();
        batch.cancel = asked.as_deref();
        let mut watcher = Watcher::new(console, self.orders, self.options);
        let began = Instant::now();
        let printed = print_to(target, format, Plainly { batch: &batch, watcher: &mut watcher });
        let took = began.elapsed();
        let codes = watcher.finish()?;
        let summary = printed.map_err(|error| self.failure(error, target))?;
        self.conclude(&summary, format, &codes, took, target.path())
    }

    fn conclude(
        &self,
        summary: &Summary,
        format: Format,
        codes: &[Code],
        took: Duration,
        target: &Path,
    ) -> Outcome {
        let console = self.console;
        let seconds = took.as_secs_f64();
        let rate = summary.done as f64 / seconds.max(1e-9);
        if console.json {
            console.data(&without_nulls(json!({
                "event": "summary",
                "done": summary.done,
                "pages": summary.pages,
                "failed": summary.failed,
                "warned": summary.warned,
                "format": form::word(format),
                "target": if summary.done > 0 { json!(files::text(target)) } else { Value::Null },
                "seconds": (seconds * 1e3).round() / 1e3,
                "labels_per_second": rate.round(),
            })))?;
        }
        let target = target.display();
        let (seconds, rate) = (format!("{seconds:.2}"), format!("{rate:.0}"));
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("done", &summary.done),
            ("failed", &summary.failed),
            ("seconds", &seconds),
            ("rate", &rate),
            ("target", &target),
        ];
        match (summary.done, summary.failed) {
            (_, 0) => console.say(&console.fill(messages::PRINTED, &values)),
            (0, _) if !console.json => {
                // Nothing came of it: even a quiet run says so.
                let word = messages::ERROR.get(console.language);
                console.complain(&format_args!("{word}: {}", console.fill(messages::PRINTED_NONE, &values)));
            }
            _ => console.say(&console.fill(messages::PRINTED_SOME, &values)),
        }
        if !console.json && (summary.done == 0 || !console.quiet) {
            self.advise(codes);
        }
        Ok(exit_for(summary, codes))
    }

    /// What can be done about the codes that occurred.
    pub(super) fn advise(&self, codes: &[Code]) {
        let language = self.console.language;
        let word = messages::HINT.get(language);
        for code in codes {
            let (_, hint) = messages::code(*code);
            let which = if codes.len() > 1 { format!("{code}: ") } else { String::new() };
            self.console.complain(&format_args!("{word}: {which}{}", hint.get(language)));
        }
    }

    pub(super) fn failure(&self, error: PrintError, target: &Target) -> Failure {
        let console = self.console;
        match error {
            PrintError::Start(error) => start_failure(console, &error, self.options),
            PrintError::Font { place, error: FontError::Refused(problem) } => {
                let path = self.fonts.get(place).map_or(Path::new(""), |font| &font.path);
                fonts::refused(console, path, problem)
            }
            PrintError::Template(TemplateError::Refused { code, problem, line, column }) => {
                template_failure(console, &self.template.name, code, problem, line, column)
            }
            PrintError::Printer(error) => form::unfit(console, &self.template.name, error),
            PrintError::Output(OutputError { error, .. }) if error.kind() == io::ErrorKind::BrokenPipe => {
                console.output_failure(&error)
            }
            PrintError::Output(OutputError { path, error }) => files::unwritable(console, &path, &error),
            PrintError::Cancelled => {
                let (path, hint) = match (&target.out, &target.dir) {
                    (Some(path), _) => (path.display(), messages::INTERRUPTED_OUT),
                    (_, folder) => {
                        (folder.as_deref().unwrap_or(Path::new("")).display(), messages::INTERRUPTED_DIR)
                    }
                };
                let message = messages::INTERRUPTED.get(console.language).to_owned();
                Failure::new(Exit::Interrupted, "INTERRUPTED", message)
                    .hint(console.fill(hint, &[("target", &path)]))
            }
            PrintError::Orders(error) => files::unreadable(console, Path::new("-"), &error),
            _ => component_broke(console),
        }
    }
}

/// An output for no label.
struct Nothing(Format);

impl Output for Nothing {
    fn format(&self) -> Format {
        self.0
    }

    fn begin(&mut self, _: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, _: u32, _: Pages<'_>) -> Result<(), OutputError> {
        Ok(())
    }

    fn finish(self, _: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}

/// What prints into whatever output is chosen.
pub(super) trait Sink {
    /// Prints into an output, whose labels can be seen by others from then on.
    fn print<O: Output>(self, output: O, when: When) -> Result<Summary, PrintError>;

    /// What files of a folder are called, if not by the place of the label in the input.
    fn file_names(&self) -> Option<FileNames> {
        None
    }
}

/// Prints, and keeps no journal.
struct Plainly<'p, 'w> {
    batch: &'p Batch<'p>,
    watcher: &'p mut Watcher<'w>,
}

impl Sink for Plainly<'_, '_> {
    fn print<O: Output>(self, output: O, _: When) -> Result<Summary, PrintError> {
        self.batch.print(output, self.watcher)
    }
}

/// Every label into one file, to standard output, or into a folder of files: the one choice of what they are put into.
pub(super) fn print_to(target: &Target, format: Format, sink: impl Sink) -> Result<Summary, PrintError> {
    match (&target.out, &target.dir) {
        (Some(path), _) => to_file(format, path, sink),
        (None, Some(folder)) => to_folder(format, folder, sink),
        (None, None) => unreachable!("a target was checked for"),
    }
}

fn to_file(format: Format, path: &Path, sink: impl Sink) -> Result<Summary, PrintError> {
    match (format, files::is_dash(path)) {
        (Format::Printer(profile), true) => {
            sink.print(PrinterOutput::stream(path, profile, io::stdout()), When::Each)
        }
        (Format::Printer(profile), false) => {
            let output = begin(|| PrinterOutput::create(path, profile), PrinterOutput::unfinished)?;
            sink.print(output, When::Whole)
        }
        // Nothing of it is written before the last page is there.
        #[cfg(feature = "printpdf")]
        (Format::Frame, true) => sink.print(PrintPdfOutput::stream(path, io::stdout()), When::Whole),
        #[cfg(feature = "printpdf")]
        (Format::Frame, false) => {
            sink.print(begin(|| PrintPdfOutput::create(path), PrintPdfOutput::unfinished)?, When::Whole)
        }
        (_, true) => sink.print(PdfOutput::stream(path, io::stdout())?, When::Each),
        (_, false) => sink.print(begin(|| PdfOutput::create(path), PdfOutput::unfinished)?, When::Whole),
    }
}

fn to_folder(format: Format, folder: &Path, sink: impl Sink) -> Result<Summary, PrintError> {
    let output = match format {
        Format::Printer(profile) => FolderOutput::for_printer(folder, profile)?,
        _ => FolderOutput::create(folder)?,
    };
    let output = match sink.file_names() {
        Some(names) => output.named(names),
        None => output,
    };
    sink.print(output, When::Each)
}

/// Begins a file that a second Ctrl-C takes away.
fn begin<O>(
    create: impl FnOnce() -> Result<O, OutputError>,
    unfinished: impl FnOnce(&O) -> Option<&Path>,
) -> Result<O, OutputError> {
    let mut written = interrupt::written();
    let output = create()?;
    *written = unfinished(&output).map_or(Written::Nothing, |file| Written::Unfinished(file.to_path_buf()));
    Ok(output)
}

/// What is wrong with a template, and where.
pub(in crate::commands) fn template_failure(
    console: Console,
    name: &str,
    code: Code,
    problem: Problem,
    line: u32,
    column: u32,
) -> Failure {
    let what = messages::template::text(problem, console.language);
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("file", &name), ("line", &line), ("column", &column), ("problem", &what)];
    let message = format!("{code}: {}", console.fill(messages::BAD_TEMPLATE, &values));
    Failure::new(Exit::Input, code.as_str(), message)
        .hint(messages::template::hint(problem, console.language))
}

/// Which exit code a batch earns: a key or an issuer that is wrong for every order is not the same as a few bad orders.
fn exit_for(summary: &Summary, codes: &[Code]) -> Exit {
    let refused = |code: &Code| {
        matches!(code, Code::UnknownIssuer | Code::UnknownKey | Code::BadSignature | Code::AuthFailed)
    };
    match (summary.done, summary.failed) {
        (_, 0) => Exit::Done,
        (0, _) if codes.iter().all(refused) => Exit::Refused,
        (0, _) if codes == [Code::Malformed] => Exit::Input,
        _ => Exit::SomeFailed,
    }
}
