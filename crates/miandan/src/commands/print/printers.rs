//! The printers that are named, and which labels go to which.

use std::collections::BTreeSet;
use std::fmt::Display;

use miandan_core::label::Resolution;
use miandan_core::printer::Language;
use miandan_print::delivery::Printer;
use miandan_print::printer::PrinterProfile;

use super::form;
use crate::commands::profile;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages::delivery as texts;

/// Printers that share the labels of some carriers.
pub(in crate::commands) struct Group {
    /// The carriers, by their codes; all that nobody else takes if there are none.
    pub(in crate::commands) carriers: Vec<String>,
    pub(in crate::commands) printers: Vec<Printer>,
}

/// All printers that were named, those of the same carriers together.
pub(in crate::commands) struct Printers(pub(in crate::commands) Vec<Group>);

impl Printers {
    /// Opens every printer. Nothing is asked of one yet.
    pub(in crate::commands) fn open(
        console: Console,
        named: &[String],
        profile: &PrinterProfile,
    ) -> Result<Self, Failure> {
        let mut groups: Vec<Group> = Vec::new();
        for text in named {
            let (carriers, uri) = split(text);
            let printer = Printer::open(uri, profile.clone()).map_err(|error| {
                let values: [(&str, &dyn Display); 2] = [("printer", &text), ("why", &error)];
                Failure::new(Exit::Usage, "PRINTER", console.fill(texts::BAD_PRINTER, &values))
                    .hint(texts::BAD_PRINTER_HINT.get(console.language))
            })?;
            match groups.iter_mut().find(|group| group.carriers == carriers) {
                Some(group) => group.printers.push(printer),
                None => groups.push(Group { carriers, printers: vec![printer] }),
            }
        }
        Ok(Printers(groups))
    }

    /// Which group prints labels of a carrier.
    pub(in crate::commands) fn of(&self, carrier: &str) -> Option<usize> {
        let named = self.0.iter().position(|group| group.carriers.iter().any(|of| of == carrier));
        named.or_else(|| self.0.iter().position(|group| group.carriers.is_empty()))
    }
}

/// No printer takes the labels of these carriers.
pub(in crate::commands) fn none_for(console: Console, carriers: &BTreeSet<String>) -> Failure {
    let carriers = carriers.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    Failure::new(Exit::Usage, "PRINTER", console.fill(texts::NO_PRINTER_FOR, &[("carriers", &carriers)]))
        .hint(texts::NO_PRINTER_FOR_HINT.get(console.language))
}

/// The profile that is named, or that of the language in general.
pub(in crate::commands) fn profile_of(
    console: Console,
    name: Option<&str>,
    language: Language,
    resolution: Resolution,
) -> Result<PrinterProfile, Failure> {
    match name {
        Some(name) => profile::find(console, name),
        None => form::general(console, language, resolution),
    }
}

/// `SF,YTO=socket://…` are the carriers and the place of a printer; a place alone has none.
fn split(text: &str) -> (Vec<String>, &str) {
    let is_code = |code: &str| {
        !code.is_empty()
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    match text.split_once('=') {
        Some((carriers, uri)) if carriers.split(',').all(is_code) => {
            let mut carriers: Vec<_> = carriers.split(',').map(str::to_owned).collect();
            carriers.sort();
            carriers.dedup();
            (carriers, uri)
        }
        _ => (Vec::new(), text),
    }
}

#[cfg(test)]
mod tests {
    use miandan_print::printer::find_profile;

    use super::*;
    use crate::language;

    const CONSOLE: Console = Console { json: false, quiet: true, language: language::Language::English };

    #[test]
    fn carriers_stand_before_the_place() {
        assert_eq!(split("socket://192.0.2.1"), (vec![], "socket://192.0.2.1"));
        assert_eq!(split("SF,YTO=usb:/dev/usb/lp0"), (vec!["SF".into(), "YTO".into()], "usb:/dev/usb/lp0"));
        assert_eq!(split("YTO,SF,SF=file:/x"), (vec!["SF".into(), "YTO".into()], "file:/x"));
        assert_eq!(split("file:/a=b"), (vec![], "file:/a=b"));
        assert_eq!(split("=file:/a"), (vec![], "=file:/a"));
    }

    #[test]
    fn printers_of_the_same_carriers_share_and_the_others_take_the_rest() {
        let profile = find_profile("tsc").unwrap().read().unwrap();
        let open = |named: &[&str]| {
            let named: Vec<_> = named.iter().map(ToString::to_string).collect();
            Printers::open(CONSOLE, &named, &profile)
        };
        let printers = open(&["file:/a", "SF,YTO=file:/b", "YTO,SF=file:/c", "file:/d"]).unwrap();
        assert_eq!(printers.0.iter().map(|group| group.printers.len()).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(["SF", "YTO", "JD"].map(|carrier| printers.of(carrier)), [Some(1), Some(1), Some(0)]);
        assert_eq!(open(&["SF=file:/a"]).unwrap().of("JD"), None);
        assert!(open(&["ftp://192.0.2.1"]).is_err());
    }
}
