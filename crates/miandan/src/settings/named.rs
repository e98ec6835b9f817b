//! Printers and templates that the configuration gives a name, and what is meant by one that is typed.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;

use miandan_device::{DeviceUri, UriError};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Setting;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages::{configuration as texts, delivery};

/// The longest name, in characters: one that fits in a column.
const LONGEST_NAME: usize = 40;

/// A printer that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPrinter {
    pub uri: DeviceUri,
    /// The name of a profile that is shipped, or a file.
    pub profile: Option<String>,
    /// The carriers whose labels it takes, by their codes, sorted; of all that nobody else takes if there are none.
    pub carriers: Vec<String>,
}

/// A printer that labels go to: what was typed, with what the configuration says of it. It stands so beside the batch, which
/// goes on with the same printers even if the names are given to others meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct ChosenPrinter {
    /// What it is called, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is.
    pub uri: String,
    /// Its own profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// As in [`NamedPrinter::carriers`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<String>,
}

impl ChosenPrinter {
    /// How people know it: its name, else its place.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.uri)
    }
}

/// A printer as it stands beside a batch. Batches that were planned before printers had names have the text that was typed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Typed(String),
    Chosen {
        #[serde(default)]
        name: Option<String>,
        uri: String,
        #[serde(default)]
        profile: Option<String>,
        #[serde(default)]
        carriers: Vec<String>,
    },
}

impl From<Written> for ChosenPrinter {
    fn from(written: Written) -> Self {
        match written {
            Written::Chosen { name, uri, profile, carriers } => {
                ChosenPrinter { name, uri, profile, carriers }
            }
            Written::Typed(text) => {
                let (carriers, uri) = split(&text);
                ChosenPrinter { name: None, uri: uri.to_owned(), profile: None, carriers }
            }
        }
    }
}

/// What is meant by a text such as `desk`, `SF=desk` or `SF,YTO=socket://192.0.2.7`. A name comes first, and cannot be taken
/// for a place: it has no colon. Carriers that are typed replace those of the table.
///
/// # Errors
/// If it is neither a name nor a place.
pub fn choose(
    console: Console,
    named: &BTreeMap<String, Setting<NamedPrinter>>,
    typed: &str,
) -> Result<ChosenPrinter, Failure> {
    let (carriers, place) = split(typed);
    if let Some(Setting { value, .. }) = named.get(place) {
        return Ok(ChosenPrinter {
            name: Some(place.to_owned()),
            uri: value.uri.to_string(),
            profile: value.profile.clone(),
            carriers: if carriers.is_empty() { value.carriers.clone() } else { carriers },
        });
    }
    match place.parse::<DeviceUri>() {
        Ok(uri) => Ok(ChosenPrinter { name: None, uri: uri.to_string(), profile: None, carriers }),
        Err(UriError::NoScheme) if is_name(place) => {
            let names = named.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let hint = if names.is_empty() { texts::NO_NAMES_HINT } else { texts::NO_PRINTER_HINT };
            Err(Failure::new(Exit::Usage, "PRINTER", console.fill(texts::NO_PRINTER, &[("name", &place)]))
                .hint(console.fill(hint, &[("names", &names)])))
        }
        Err(error) => Err(no_printer(console, typed, &error)),
    }
}

/// A text that is no place of a printer, or the place of one that cannot be driven.
pub fn no_printer(console: Console, printer: &str, why: &dyn Display) -> Failure {
    let values: [(&str, &dyn Display); 2] = [("printer", &printer), ("why", why)];
    Failure::new(Exit::Usage, "PRINTER", console.fill(delivery::BAD_PRINTER, &values))
        .hint(delivery::BAD_PRINTER_HINT.get(console.language))
}

/// `SF,YTO=socket://…` are the carriers and the place of a printer; a place alone has none.
pub fn split(text: &str) -> (Vec<String>, &str) {
    match text.split_once('=') {
        Some((carriers, place)) if carriers.split(',').all(is_code) => {
            (sorted(carriers.split(',').map(str::to_owned).collect()), place)
        }
        _ => (Vec::new(), text),
    }
}

fn sorted(mut carriers: Vec<String>) -> Vec<String> {
    carriers.sort();
    carriers.dedup();
    carriers
}

/// Whether a text can be the code of a carrier.
fn is_code(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.bytes().all(fits)
}

/// Whether a text can be a name: letters of any script, digits, `-` and `_`.
fn is_name(text: &str) -> bool {
    let fits = |sign: char| sign.is_alphanumeric() || sign == '-' || sign == '_';
    !text.is_empty() && text.chars().count() <= LONGEST_NAME && text.chars().all(fits)
}

/// A table `[printers.NAME]` as it stands in a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrinterTable {
    uri: Spanned<String>,
    profile: Option<String>,
    #[serde(default)]
    carriers: Vec<Spanned<String>>,
}

pub(super) type PrinterTables = BTreeMap<Spanned<String>, PrinterTable>;
pub(super) type TemplateTable = BTreeMap<Spanned<String>, String>;

/// Everything that one file gives a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    pub(super) printers: BTreeMap<String, NamedPrinter>,
    /// The name of a label that is shipped, or a file.
    pub(super) templates: BTreeMap<String, String>,
}

/// What is wrong in a file, and where.
pub(super) struct Fault {
    pub(super) at: Range<usize>,
    pub(super) why: String,
}

impl Named {
    /// Checks the tables of a file; paths in them are meant from its folder.
    pub(super) fn read(
        console: Console,
        printers: PrinterTables,
        templates: TemplateTable,
        folder: &Path,
    ) -> Result<Self, Fault> {
        let mut named = Named::default();
        for (name, table) in printers {
            let name = checked(console, name)?;
            let printer = table.read(console, folder)?;
            named.printers.insert(name, printer);
        }
        for (name, template) in templates {
            let at = name.span();
            let name = checked(console, name)?;
            // Whoever reads a command line must not have to know the configuration to know that a label is the shipped one.
            if miandan_templates::find(&name).is_some() {
                let why = console.fill(texts::SHIPPED_TEMPLATE, &[("name", &name)]);
                return Err(Fault { at, why });
            }
            named.templates.insert(name, template_of(folder, &template));
        }
        Ok(named)
    }
}

impl PrinterTable {
    fn read(self, console: Console, folder: &Path) -> Result<NamedPrinter, Fault> {
        let uri = self.uri.get_ref().parse::<DeviceUri>().map_err(|error| {
            let values: [(&str, &dyn Display); 2] = [("uri", self.uri.get_ref()), ("why", &error)];
            Fault { at: self.uri.span(), why: console.fill(texts::BAD_URI, &values) }
        })?;
        if let Some(carrier) = self.carriers.iter().find(|carrier| !is_code(carrier.get_ref())) {
            let why = console.fill(texts::BAD_CARRIER, &[("carrier", carrier.get_ref())]);
            return Err(Fault { at: carrier.span(), why });
        }
        Ok(NamedPrinter {
            uri: place_of(folder, uri),
            profile: self.profile.map(|profile| profile_of(folder, profile)),
            carriers: sorted(self.carriers.into_iter().map(Spanned::into_inner).collect()),
        })
    }
}

fn checked(console: Console, name: Spanned<String>) -> Result<String, Fault> {
    if is_name(name.get_ref()) {
        return Ok(name.into_inner());
    }
    let values: [(&str, &dyn Display); 2] = [("name", name.get_ref()), ("most", &LONGEST_NAME)];
    Err(Fault { at: name.span(), why: console.fill(texts::BAD_NAME, &values) })
}

/// A template of a file: a label that is shipped keeps its name.
pub(super) fn template_of(folder: &Path, template: &str) -> String {
    if miandan_templates::find(template).is_some() {
        return template.to_owned();
    }
    folder.join(template).to_string_lossy().into_owned()
}

/// A profile of a file: one that is shipped keeps its name.
pub(super) fn profile_of(folder: &Path, profile: String) -> String {
    if miandan_print::printer::find_profile(&profile).is_some() {
        return profile;
    }
    folder.join(profile).to_string_lossy().into_owned()
}

/// A printer as a file names it, with its carriers or without: what is a file itself is meant from the folder.
pub(super) fn typed_of(folder: &Path, text: &str) -> String {
    let (_, place) = split(text);
    let carriers = &text[..text.len() - place.len()];
    match place.parse() {
        Ok(uri @ (DeviceUri::File(_) | DeviceUri::Folder(_))) => {
            format!("{carriers}{}", place_of(folder, uri))
        }
        _ => text.to_owned(),
    }
}

fn place_of(folder: &Path, uri: DeviceUri) -> DeviceUri {
    match uri {
        DeviceUri::File(path) => DeviceUri::File(folder.join(path)),
        DeviceUri::Folder(path) => DeviceUri::Folder(folder.join(path)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Origin;
    use super::*;
    use crate::language::Language;

    const CONSOLE: Console = Console { json: false, quiet: true, language: Language::English };

    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        printers: PrinterTables,
        #[serde(default)]
        templates: TemplateTable,
    }

    fn read(text: &str) -> Result<Named, (usize, String)> {
        let File { printers, templates } = toml::from_str(text).map_err(|error| {
            (error.span().map_or(0, |span| line(text, span.start)), error.message().to_owned())
        })?;
        Named::read(CONSOLE, printers, templates, Path::new("/etc/miandan"))
            .map_err(|fault| (line(text, fault.at.start), fault.why))
    }

    fn line(text: &str, at: usize) -> usize {
        text[..at].matches('\n').count() + 1
    }

    #[test]
    fn carriers_stand_before_the_place() {
        assert_eq!(split("socket://192.0.2.1"), (vec![], "socket://192.0.2.1"));
        assert_eq!(split("SF,YTO=usb:/dev/usb/lp0"), (vec!["SF".into(), "YTO".into()], "usb:/dev/usb/lp0"));
        assert_eq!(split("YTO,SF,SF=file:/x"), (vec!["SF".into(), "YTO".into()], "file:/x"));
        assert_eq!(split("SF=desk"), (vec!["SF".into()], "desk"));
        assert_eq!(split("file:/a=b"), (vec![], "file:/a=b"));
        assert_eq!(split("=file:/a"), (vec![], "=file:/a"));
    }

    #[test]
    fn a_table_is_a_printer_and_paths_are_meant_from_its_file() {
        let named = read(
            "[printers.desk]\nuri = \"socket://192.0.2.7\"\nprofile = \"zebra\"\ncarriers = [\"ZTO\", \"YTO\", \"ZTO\"]\n\
             [printers.\"一号台\"]\nuri = \"file:labels.prn\"\nprofile = \"own.toml\"\n\
             [templates]\nsf = \"labels/sf.xml\"\nusual = \"one-part-76x130\"\n",
        )
        .unwrap();
        let desk = &named.printers["desk"];
        assert_eq!(desk.uri.to_string(), "socket://192.0.2.7:9100");
        assert_eq!(
            (desk.profile.as_deref(), &desk.carriers[..]),
            (Some("zebra"), &["YTO".into(), "ZTO".into()][..])
        );
        let first = &named.printers["一号台"];
        assert_eq!(first.uri.to_string(), "file:/etc/miandan/labels.prn");
        assert_eq!(first.profile.as_deref(), Some("/etc/miandan/own.toml"));
        assert_eq!(named.templates["sf"], "/etc/miandan/labels/sf.xml");
        assert_eq!(named.templates["usual"], "one-part-76x130");
        assert_eq!(typed_of(Path::new("/x"), "SF=file:a/"), "SF=file:/x/a/");
        assert_eq!(typed_of(Path::new("/x"), "SF=desk"), "SF=desk");
    }

    #[test]
    fn what_is_wrong_in_a_table_has_a_line() {
        let uri = "uri = \"socket://192.0.2.7\"\n";
        for (text, at, why) in [
            (format!("[printers.\"my desk\"]\n{uri}"), 1, "my desk is no name"),
            (format!("[printers.\"a:b\"]\n{uri}"), 1, "a:b is no name"),
            (format!("\n[printers.{}]\n{uri}", "x".repeat(41)), 2, "at most 40"),
            ("[printers.desk]\nuri = \"desk\"\n".to_owned(), 2, "desk is no place of a printer"),
            ("[printers.desk]\nprofile = \"tsc\"\n".to_owned(), 1, "missing field `uri`"),
            (format!("[printers.desk]\n{uri}speed = 1\n"), 3, "unknown field `speed`"),
            (format!("[printers.desk]\n{uri}carriers = [\"SF\", \"a b\"]\n"), 3, "a b is no code"),
            (
                "[templates]\nsf = \"a.xml\"\none-part-76x130 = \"b.xml\"\n".to_owned(),
                3,
                "one-part-76x130 is the name of a label that is shipped",
            ),
        ] {
            let (line, said) = read(&text).unwrap_err();
            assert!(line == at && said.contains(why), "{text}: {line}: {said}");
        }
    }

    #[test]
    fn names_come_before_places() {
        let named = read(
            "[printers.desk]\nuri = \"socket://192.0.2.7\"\nprofile = \"zebra\"\ncarriers = [\"YTO\"]\n",
        );
        let named: BTreeMap<_, _> = named
            .unwrap()
            .printers
            .into_iter()
            .map(|(name, value)| (name, Setting { value, origin: Origin::Default }))
            .collect();
        let desk = choose(CONSOLE, &named, "desk").unwrap();
        let expected = ChosenPrinter {
            name: Some("desk".into()),
            uri: "socket://192.0.2.7:9100".into(),
            profile: Some("zebra".into()),
            carriers: vec!["YTO".into()],
        };
        assert_eq!(desk, expected);
        assert_eq!(choose(CONSOLE, &named, "SF=desk").unwrap().carriers, ["SF"]);
        let place = choose(CONSOLE, &named, "SF=file:/dev/null").unwrap();
        assert_eq!((place.label(), &place.carriers[..]), ("file:/dev/null", &["SF".to_owned()][..]));
        let failure = choose(CONSOLE, &named, "bench").unwrap_err();
        assert!(failure.message.contains("bench") && failure.hint.unwrap().contains("desk"));
        let failure = choose(CONSOLE, &BTreeMap::new(), "bench").unwrap_err();
        assert!(failure.hint.unwrap().contains("[printers.bench]") || failure.message.contains("bench"));
        assert!(choose(CONSOLE, &named, "ftp://x").unwrap_err().message.contains("ftp://x"));
    }

    #[test]
    fn printers_of_older_batches_are_read() {
        let read = |text: &str| serde_json::from_str::<ChosenPrinter>(text).unwrap();
        let old = read("\"SF=socket://192.0.2.7\"");
        assert_eq!((old.uri.as_str(), &old.carriers[..]), ("socket://192.0.2.7", &["SF".to_owned()][..]));
        let new = ChosenPrinter { name: Some("desk".into()), profile: Some("tsc".into()), ..old };
        assert_eq!(read(&serde_json::to_string(&new).unwrap()), new);
        assert!(serde_json::from_str::<ChosenPrinter>("{\"name\": \"desk\"}").is_err());
    }
}
