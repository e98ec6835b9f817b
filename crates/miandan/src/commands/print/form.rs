//! In which form labels are made: what is typed, what the file is called, and the printer that is named, taken together.

use std::fmt::Display;
use std::path::Path;

use miandan_core::label::{Format, Resolution};
use miandan_core::printer::{FitError, Language};
use miandan_print::printer::{PrinterProfile, general_profile};

use crate::args::{EngineName, FormatName, Target};
use crate::commands::profile;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages::{delivery, printers as texts};
use crate::settings::{Origin, Settings};

/// Batches for which `printpdf` is the wrong choice, in labels.
const MANY: usize = 1_000;

/// What a label takes with `printpdf` (`docs/pdf.md`).
const LABELS_OF_A_MEBIBYTE: usize = 10;

/// Finds the form and the dot grid. The form is what is typed, else what the ending of the file says, else what the printer
/// speaks, else a PDF or pictures.
pub(in crate::commands) fn find(
    console: Console,
    settings: &Settings,
    typed: Option<FormatName>,
    target: &Target,
) -> Result<(Format, Resolution), Failure> {
    let name = settings.profile.value.as_deref();
    let printer = name.map(|name| profile::find(console, name)).transpose()?;
    let resolution = resolution(console, settings, printer.as_ref())?;
    let ending = target.out.as_deref().and_then(by_ending);
    let spoken = printer.as_ref().map(|printer| FormatName::of(printer.profile.language));
    let without = if target.out.is_some() { FormatName::Pdf } else { FormatName::Png };
    let wanted = typed.or(ending).or(spoken).unwrap_or(without);
    let Some(language) = wanted.language() else {
        return Ok((if wanted == FormatName::Pdf { Format::Pdf } else { Format::Png }, resolution));
    };
    let printer = match printer {
        Some(printer) => {
            check_language(console, name.unwrap_or_default(), &printer, language)?;
            printer
        }
        None => named_general(console, language, resolution)?.1,
    };
    Ok((Format::Printer(printer.profile), resolution))
}

/// The profile of a printer that labels are sent to, and what it is called: its own, else the one that is named for all, else
/// that of a language in general.
pub(super) fn of_printer(
    console: Console,
    settings: &Settings,
    typed: Option<FormatName>,
    own: Option<&str>,
) -> Result<(String, PrinterProfile), Failure> {
    let language = typed.and_then(FormatName::language);
    let Some(name) = own.or(settings.profile.value.as_deref()) else {
        let Some(language) = language else {
            return Err(usage(console, delivery::NEEDS_PROFILE, delivery::NEEDS_PROFILE_HINT, &[]));
        };
        return named_general(console, language, resolution(console, settings, None)?);
    };
    let printer = profile::find(console, name)?;
    if let Some(typed) = typed {
        let Some(language) = language else {
            let format = if typed == FormatName::Pdf { "pdf" } else { "png" };
            let values: [(&str, &dyn Display); 1] = [("format", &format)];
            return Err(usage(console, delivery::NOT_FOR_PRINTERS, delivery::NOT_FOR_PRINTERS_HINT, &values));
        };
        check_language(console, name, &printer, language)?;
    }
    // A resolution of the configuration is meant for printers that bring none.
    if own.is_none() || settings.dpi.origin == Origin::Flag {
        check_resolution(console, settings, name, &printer)?;
    }
    Ok((name.to_owned(), printer))
}

/// A printer is not sent another language than it speaks.
fn check_language(
    console: Console,
    name: &str,
    printer: &PrinterProfile,
    language: Language,
) -> Result<(), Failure> {
    if printer.profile.language == language {
        return Ok(());
    }
    let values: [(&str, &dyn Display); 3] =
        [("format", &language), ("name", &name), ("language", &printer.profile.language)];
    Err(usage(console, texts::OTHER_LANGUAGE, texts::OTHER_LANGUAGE_HINT, &values))
}

/// The dot grid: the printer's, or what is said where no printer is named.
fn resolution(
    console: Console,
    settings: &Settings,
    printer: Option<&PrinterProfile>,
) -> Result<Resolution, Failure> {
    let Some(printer) = printer else {
        return Ok(settings.dpi.value.and_then(Resolution::from_dpi).unwrap_or_default());
    };
    check_resolution(console, settings, settings.profile.value.as_deref().unwrap_or_default(), printer)?;
    Ok(printer.profile.resolution)
}

/// The resolution that is said is that of the printer.
fn check_resolution(
    console: Console,
    settings: &Settings,
    name: &str,
    printer: &PrinterProfile,
) -> Result<(), Failure> {
    let of_profile = printer.profile.resolution;
    match settings.dpi.value.and_then(Resolution::from_dpi) {
        Some(said) if said != of_profile => {
            let origin: &dyn Display = match &settings.dpi.origin {
                Origin::Flag => &"--dpi",
                origin => origin,
            };
            let values: [(&str, &dyn Display); 4] = [
                ("dpi", &said.dpi()),
                ("origin", origin),
                ("name", &name),
                ("of_profile", &of_profile.dpi()),
            ];
            Err(usage(console, texts::OTHER_DPI, texts::OTHER_DPI_HINT, &values))
        }
        _ => Ok(()),
    }
}

/// The printers of a language in general, and what their profile is called.
pub(super) fn named_general(
    console: Console,
    language: Language,
    resolution: Resolution,
) -> Result<(String, PrinterProfile), Failure> {
    let values: [(&str, &dyn Display); 2] = [("format", &language), ("dpi", &resolution.dpi())];
    let none = || usage(console, texts::NO_GENERAL, texts::NO_GENERAL_HINT, &values);
    let shipped = general_profile(language, resolution).ok_or_else(none)?;
    shipped.read().map(|profile| (shipped.name.to_owned(), profile)).map_err(|_| none())
}

/// The form that is asked for where an engine is named. Only a PDF has engines, and one of them is not in every build.
pub(super) fn of_engine(
    console: Console,
    format: Format,
    engine: Option<EngineName>,
    orders: usize,
) -> Result<Format, Failure> {
    if engine.is_some() && format != Format::Pdf {
        let values: [(&str, &dyn Display); 1] = [("format", &word(format))];
        return Err(usage(console, texts::NO_ENGINE, texts::NO_ENGINE_HINT, &values));
    }
    if engine != Some(EngineName::Printpdf) {
        return Ok(format);
    }
    if !cfg!(feature = "printpdf") {
        return Err(usage(console, texts::NOT_BUILT, texts::NOT_BUILT_HINT, &[]));
    }
    if orders > MANY {
        let mebibytes = orders.div_ceil(LABELS_OF_A_MEBIBYTE);
        let values: [(&str, &dyn Display); 2] = [("orders", &orders), ("mebibytes", &mebibytes)];
        console.say(&console.fill(texts::IN_MEMORY, &values));
    }
    Ok(Format::Frame)
}

/// A form in JSON.
pub(in crate::commands) fn word(format: Format) -> &'static str {
    match format {
        Format::Pdf | Format::Frame => "pdf",
        Format::Png => "png",
        Format::Printer(profile) => profile.language.as_str(),
    }
}

/// What a file's name says it is.
fn by_ending(path: &Path) -> Option<FormatName> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    if ending == "pdf" {
        return Some(FormatName::Pdf);
    }
    ending.parse().ok().map(FormatName::of)
}

/// Labels of a template that a printer cannot print.
pub(in crate::commands) fn unfit(console: Console, template: &str, error: FitError) -> Failure {
    let (text, label, most) = match error {
        FitError::TooWide { label, head } => (texts::TOO_WIDE, label, head),
        FitError::TooLong { label, most } => (texts::LABEL_TOO_LONG, label, most),
        _ => (texts::EMPTY, 0, 0),
    };
    let values: [(&str, &dyn Display); 4] =
        [("template", &template), ("label", &label), ("head", &most), ("most", &most)];
    Failure::new(Exit::Usage, "PRINTER", console.fill(text, &values))
        .hint(texts::FIT_HINT.get(console.language))
}

fn usage(
    console: Console,
    text: crate::language::Text,
    hint: crate::language::Text,
    values: &[(&str, &dyn Display)],
) -> Failure {
    Failure::new(Exit::Usage, "USAGE", console.fill(text, values)).hint(hint.get(console.language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_by_its_ending_what_it_is() {
        for (name, format) in [
            ("labels.pdf", Some(FormatName::Pdf)),
            ("a/b.TSPL", Some(FormatName::Tspl)),
            ("labels.zpl", Some(FormatName::Zpl)),
            ("labels.escpos", Some(FormatName::Escpos)),
            ("labels.png", None),
            ("zpl", None),
            ("-", None),
        ] {
            assert_eq!(by_ending(Path::new(name)), format, "{name}");
        }
    }
}
