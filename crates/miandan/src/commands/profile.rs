//! `miandan profile`: the printers that are known by name, and one's own.

use std::fmt::Display;
use std::io;
use std::path::Path;

use miandan_core::printer::{Allowed, Graphics, Media, Polarity, ProfileError};
use miandan_print::printer::{PROFILES, PrinterProfile, ProfileFileError, find_profile, read_profile};
use serde_json::{Value, json};

use crate::args::{ProfileCommand, ProfileShow};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Language;
use crate::messages::printers as texts;

pub fn run(console: Console, command: &ProfileCommand) -> Outcome {
    match command {
        ProfileCommand::List => list(console),
        ProfileCommand::Show(arguments) => show(console, arguments),
    }
}

fn list(console: Console) -> Outcome {
    for shipped in PROFILES {
        let printer = find(console, shipped.name)?;
        if console.json {
            console.data(&described(shipped.name, &printer))?;
            continue;
        }
        let profile = printer.profile;
        let width = f64::from(profile.resolution.micrometres(profile.head.into())) / 1e3;
        let about = match console.language {
            Language::English => &printer.about,
            Language::Chinese => &printer.about_zh,
        };
        let values: [(&str, &dyn Display); 6] = [
            ("name", &shipped.name),
            ("language", &profile.language),
            ("dpi", &profile.resolution.dpi()),
            ("head", &profile.head),
            ("width", &width.round()),
            ("about", about),
        ];
        console.data(&console.fill(texts::ROW, &values))?;
    }
    Ok(Exit::Done)
}

/// Writes a profile as it is, to begin one's own with. One that makes no sense is refused.
fn show(console: Console, arguments: &ProfileShow) -> Outcome {
    let source = source(console, &arguments.profile)?;
    let printer = parse(console, &arguments.profile, &source)?;
    if console.json {
        console.data(&described(&arguments.profile, &printer))?;
    } else {
        console.data(&source.trim_end())?;
    }
    Ok(Exit::Done)
}

/// A profile that is shipped, by its name, else a file.
pub(super) fn find(console: Console, name: &str) -> Result<PrinterProfile, Failure> {
    parse(console, name, &source(console, name)?)
}

fn source(console: Console, name: &str) -> Result<String, Failure> {
    if let Some(shipped) = find_profile(name) {
        return Ok(shipped.source.to_owned());
    }
    let path = Path::new(name);
    match read_profile(path) {
        Ok(source) => Ok(source),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let shipped: Vec<_> = PROFILES.iter().map(|shipped| shipped.name).collect();
            let message = console.fill(texts::NO_PROFILE, &[("name", &name)]);
            let hint = console.fill(texts::NO_PROFILE_HINT, &[("shipped", &shipped.join(", "))]);
            Err(Failure::new(Exit::Input, "INPUT", message).hint(hint))
        }
        Err(error) => Err(files::unreadable(console, path, &error)),
    }
}

fn parse(console: Console, name: &str, source: &str) -> Result<PrinterProfile, Failure> {
    PrinterProfile::parse(source).map_err(|error| {
        let why = why(console, &error);
        let values: [(&str, &dyn Display); 2] = [("name", &name), ("why", &why)];
        Failure::new(Exit::Input, "PROFILE", console.fill(texts::UNUSABLE, &values))
            .hint(texts::UNUSABLE_HINT.get(console.language))
    })
}

fn why(console: Console, error: &ProfileFileError) -> String {
    match error {
        ProfileFileError::TooLong => texts::TOO_LONG.get(console.language).to_owned(),
        ProfileFileError::Syntax { line, why } => {
            console.fill(texts::SYNTAX, &[("line", line as &dyn Display), ("why", why)])
        }
        ProfileFileError::Value { setting, allowed } => {
            console.fill(texts::VALUE, &[("setting", setting as &dyn Display), ("allowed", allowed)])
        }
        ProfileFileError::Beside { setting, because } => {
            console.fill(texts::BESIDE, &[("setting", setting as &dyn Display), ("because", because)])
        }
        ProfileFileError::Contradiction(ProfileError { setting, language, allowed }) => {
            let text =
                if *allowed == Allowed::Nothing { texts::NOT_OF_LANGUAGE } else { texts::OUT_OF_RANGE };
            let values: [(&str, &dyn Display); 3] =
                [("setting", setting), ("language", language), ("allowed", allowed)];
            console.fill(text, &values)
        }
        other => other.to_string(),
    }
}

/// Everything that a profile says, and what follows where it says nothing.
fn described(name: &str, printer: &PrinterProfile) -> Value {
    let profile = &printer.profile;
    let (media, first, second) = match profile.media {
        Media::Gap { height, offset } => ("gap", height, Some(offset)),
        Media::Mark { height, offset } => ("mark", height, Some(offset)),
        Media::Continuous { feed } => ("continuous", feed, None),
    };
    let gap = second.map(|_| first);
    let feed = if second.is_none() { Some(first) } else { None };
    let mut said = json!({
        "name": name,
        "language": profile.language.as_str(),
        "dpi": profile.resolution.dpi(),
        "head_dots": profile.head,
        "black": u8::from(profile.polarity == Polarity::BlackIsOne),
        "graphics": Graphics::as_str(profile.graphics),
        "media": media,
        "gap_um": gap,
        "gap_offset_um": second,
        "feed_um": feed,
        "speed": profile.speed,
        "darkness": profile.darkness,
        "turned": profile.turned,
        "offset_um": profile.offset,
        "qr_offset_dots": profile.qr_offset,
        "reprint": profile.reprint,
        "bytes_per_second": printer.pacing.bytes_per_second,
        "linger_ms": printer.pacing.linger_ms,
        "status": printer.status.as_str(),
    });
    if !printer.about.is_empty() {
        said["about"] = json!(printer.about);
    }
    without_nulls(said)
}
