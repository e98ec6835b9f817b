//! `miandan print`: sealed orders in, labels out. This process holds sealed orders and finished labels, nothing else.

mod again;
mod deliver;
mod form;
mod job;
mod plan;
mod press;
mod printers;
mod queues;
mod station;
mod watch;
mod watcher;

use std::io;
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, Purpose};
use miandan_print::{Orders, OrdersError};

pub use again::{reprint, resume};
pub(super) use job::{PrintJob, template_failure};

use super::fonts;
use crate::args::{Print, Target};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages::{self, delivery as texts};
use crate::settings::Settings;
use press::Press;
use station::component_options;

pub fn run(console: Console, component: Option<&Path>, arguments: &Print, purpose: Purpose) -> Outcome {
    let mut settings = Settings::find(console, Some(arguments))?;
    let target = Target {
        out: settings.out.value.take(),
        dir: settings.dir.value.take(),
        printer: std::mem::take(&mut settings.printer.value),
    };
    check_target(console, &target)?;
    check_printers(console, &settings, arguments, &target, purpose)?;
    let (format, resolution) = form::find(console, &settings, arguments.format, &target)?;
    check_format(console, &target, format)?;
    let press = Press {
        console,
        options: component_options(console, component, &settings, &arguments.station)?,
        template: Template::find(console, &settings.template.value)?,
        fonts: fonts::read(console, &settings.font.value)?,
        settings,
        arguments,
        target,
        format,
        resolution,
        purpose,
    };
    match (&arguments.input, &arguments.watch) {
        (Some(input), _) => press.print(input),
        (None, Some(folder)) => watch::run(&press, folder),
        // clap has refused it.
        (None, None) => Err(no_orders(console, Path::new("-"))),
    }
}

/// Says early what clap cannot know.
fn check_target(console: Console, target: &Target) -> Result<(), Failure> {
    let Target { out, dir, printer } = target;
    if out.is_none() && dir.is_none() && printer.is_empty() {
        let message = messages::NO_TARGET.get(console.language).to_owned();
        let hint = messages::NO_TARGET_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    if console.json && out.as_deref().is_some_and(files::is_dash) {
        let message = messages::JSON_STDOUT.get(console.language).to_owned();
        let hint = messages::JSON_STDOUT_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    Ok(())
}

/// A printer is sent labels in its language, never a preview, and nobody guesses what it is. What is printed of a folder
/// that is watched does not go into one file.
fn check_printers(
    console: Console,
    settings: &Settings,
    arguments: &Print,
    target: &Target,
    purpose: Purpose,
) -> Result<(), Failure> {
    if target.printer.is_empty() && arguments.watch.is_none() {
        return Ok(());
    }
    let refuse = |text: Text, hint: Text| {
        let message = text.get(console.language).to_owned();
        Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint.get(console.language)))
    };
    if purpose == Purpose::Preview {
        let watched = arguments.watch.is_some();
        return if watched {
            refuse(texts::NO_PREVIEW_WATCHED, texts::NO_PREVIEW_HINT)
        } else {
            refuse(texts::NO_PREVIEW, texts::NO_PREVIEW_HINT)
        };
    }
    if target.printer.is_empty() {
        // A file would be written over by the next.
        return if target.out.is_none() {
            Ok(())
        } else {
            refuse(texts::WATCH_INTO_FILE, texts::WATCH_INTO_FILE_HINT)
        };
    }
    if settings.profile.value.is_none() && arguments.format.is_none_or(|format| format.language().is_none()) {
        return refuse(texts::NEEDS_PROFILE, texts::NEEDS_PROFILE_HINT);
    }
    Ok(())
}

/// Which forms go into a file, and which into a folder.
fn check_format(console: Console, target: &Target, format: Format) -> Result<(), Failure> {
    let wrong = match format {
        Format::Pdf | Format::Png if !target.printer.is_empty() => {
            let values: [(&str, &dyn std::fmt::Display); 1] = [("format", &form::word(format))];
            let message = console.fill(texts::NOT_FOR_PRINTERS, &values);
            return Err(Failure::new(Exit::Usage, "USAGE", message)
                .hint(texts::NOT_FOR_PRINTERS_HINT.get(console.language)));
        }
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
