//! `miandan print`: sealed orders in, labels out. This process holds sealed orders and finished labels, nothing else.

mod again;
pub(super) mod choose;
mod conclude;
mod deliver;
pub(super) mod form;
mod job;
pub(super) mod plan;
mod press;
pub(super) mod printers;
mod printing;
mod queues;
mod station;
mod watch;
mod watcher;

use std::io;
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, Purpose};
use miandan_print::{Orders, OrdersError};

pub use again::{reprint, resume};
pub(in crate::commands) use deliver::operator;
pub(super) use job::{PrintJob, template_failure};

use super::fonts;
use crate::args::{Print, Target, Work};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{self, configuration, delivery as texts};
use crate::settings::Settings;
use press::Press;
use printers::{Printers, refuse};
use printing::Printing;
use station::component_options;

pub fn run(console: Console, component: Option<&Path>, arguments: &Print, purpose: Purpose) -> Outcome {
    let mut settings = Settings::find(console, Some(arguments))?;
    let target = target_of(&mut settings);
    check_target(console, &target)?;
    let typed = arguments.labels.format;
    let printers = Printers::find(console, &settings, typed, &target.printer, purpose)?;
    let (format, resolution) = match printers.as_ref().and_then(Printers::form) {
        Some(form) => form,
        None => form::find(console, &settings, typed, &target)?,
    };
    check_format(console, &target, format)?;
    if arguments.watch.is_some() {
        check_watch(console, &target, purpose)?;
    }
    let press = Press {
        console,
        options: component_options(console, component, &settings, &arguments.station)?,
        template: Template::find_named(console, &settings)?,
        fonts: fonts::read(console, &settings.font.value)?,
        missing: settings.missing_glyph.value.policy(),
        purpose,
        target,
        printers,
        format,
        resolution,
        workers: settings.workers.value,
    };
    let printing = Printing { press, settings, arguments };
    match (&arguments.input, &arguments.watch) {
        (Some(input), _) => printing.print(input),
        (None, Some(folder)) => watch::run(&printing, folder),
        // clap has refused it.
        (None, None) => Err(no_orders(console, Path::new("-"))),
    }
}

/// Where the labels go, taken out of the settings.
pub(super) fn target_of(settings: &mut Settings) -> Target {
    Target {
        out: settings.out.value.take(),
        dir: settings.dir.value.take(),
        printer: std::mem::take(&mut settings.printer.value),
    }
}

/// Printers always have a journal. Files have one if somebody asks for it: by naming one with the command, as `asked` says,
/// or by what only a journal can do. That a file of settings says where it is does not ask for it.
pub(super) fn needs_journal(work: &Work, target: &Target, asked: bool) -> bool {
    asked
        || !target.printer.is_empty()
        || work.batch.is_some()
        || !work.sort.is_empty()
        || work.reverse
        || work.group.is_some()
}

/// Says early what clap cannot know.
fn check_target(console: Console, target: &Target) -> Result<(), Failure> {
    let Target { out, dir, printer } = target;
    if out.is_none() && dir.is_none() && printer.is_empty() {
        return Err(refuse(console, messages::NO_TARGET, messages::NO_TARGET_HINT));
    }
    if console.json && out.as_deref().is_some_and(files::is_dash) {
        return Err(refuse(console, messages::JSON_STDOUT, messages::JSON_STDOUT_HINT));
    }
    Ok(())
}

/// What is printed of a folder that is watched is in the journal, and every file of it goes somewhere else.
fn check_watch(console: Console, target: &Target, purpose: Purpose) -> Result<(), Failure> {
    if purpose == Purpose::Preview {
        return Err(refuse(console, texts::NO_PREVIEW_WATCHED, texts::NO_PREVIEW_HINT));
    }
    if target.out.is_some() {
        return Err(refuse(console, texts::WATCH_INTO_FILE, texts::WATCH_INTO_FILE_HINT));
    }
    Ok(())
}

/// Which forms go into a file, and which into a folder.
pub(super) fn check_format(console: Console, target: &Target, format: Format) -> Result<(), Failure> {
    let wrong = match format {
        Format::Pdf if target.out.is_none() => "pdf",
        Format::Png if target.dir.is_none() => "png",
        _ => return Ok(()),
    };
    let message = console.fill(messages::FORMAT_TARGET, &[("format", &wrong)]);
    let hint = messages::FORMAT_TARGET_HINT.get(console.language);
    Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint))
}

pub(super) fn open_orders(console: Console, input: &Path) -> Result<Orders, Failure> {
    let opened = if files::is_dash(input) { Orders::spool(io::stdin().lock()) } else { Orders::open(input) };
    opened.map_err(|error| match error {
        OrdersError::Read(error) | OrdersError::Spool(error) => files::unreadable(console, input, &error),
        _ => no_orders(console, input),
    })
}

/// The input has no order in it, or nothing that is one.
pub(super) fn no_orders(console: Console, input: &Path) -> Failure {
    let message = console.fill(messages::NO_ORDERS, &[("file", &input.display())]);
    Failure::new(Exit::Input, "INPUT", message).hint(messages::NO_ORDERS_HINT.get(console.language))
}

/// A template and what it is called in messages.
pub(super) struct Template {
    pub(super) name: String,
    pub(super) source: Vec<u8>,
}

impl Template {
    /// The template that the settings name; if there is none, the names of the configuration are said as well.
    pub(super) fn find_named(console: Console, settings: &Settings) -> Result<Self, Failure> {
        Template::find(console, &settings.template.value).map_err(|failure| {
            let names = settings.templates.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            match failure.hint.clone().filter(|_| !names.is_empty()) {
                Some(hint) => {
                    let values: [(&str, &dyn std::fmt::Display); 2] = [("hint", &hint), ("names", &names)];
                    failure.hint(console.fill(configuration::TEMPLATE_NAMES_HINT, &values))
                }
                None => failure,
            }
        })
    }

    /// A label that is shipped, by its name, else a file.
    pub(super) fn find(console: Console, name: &str) -> Result<Self, Failure> {
        if let Some(label) = miandan_templates::find(name) {
            return Ok(Template { name: name.to_owned(), source: label.template.as_bytes().to_vec() });
        }
        let path = PathBuf::from(name);
        match std::fs::read(&path) {
            Ok(source) => Ok(Template { name: name.to_owned(), source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let shipped: Vec<_> = miandan_templates::LABELS.iter().map(|label| label.name).collect();
                let values: [(&str, &dyn std::fmt::Display); 1] = [("shipped", &shipped.join(", "))];
                let message = console.fill(messages::NO_TEMPLATE, &[("name", &name)]);
                let hint = console.fill(messages::NO_TEMPLATE_HINT, &values);
                Err(Failure::new(Exit::Input, "INPUT", message).hint(hint))
            }
            Err(error) => Err(files::unreadable(console, &path, &error)),
        }
    }
}
