//! Where the values of `print`, and the journal of all commands that read one, come from: the command line, the environment, the project's file, the user's file, the
//! built-in default, in this order. A value that is named nearer wins whole; lists are not joined. Names of printers and of
//! templates are joined: a nearer file gives more of them, and replaces one that a file behind it gives too.
//!
//! The project's file is `miandan.toml` in the current folder, the user's is `miandan/config.toml` in the folder for
//! configuration (XDG Base Directory Specification). A path in a file is meant from the folder of that file.
//! The program of the component is never taken from a file.

mod environment;
mod file;
mod layer;
mod named;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::args::{Delivery, MissingGlyphName, Plan, PolicyName, Print, Station};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages;
use layer::{Layer, Paths, Texts};

pub use named::{ChosenPrinter, NamedPrinter, no_printer};

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Environment(&'static str),
    File(PathBuf),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag => f.write_str("command line"),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A value and who said it.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    pub value: T,
    pub origin: Origin,
}

/// Everything that `print` needs besides its input.
#[derive(Clone, Debug)]
pub struct Settings {
    pub key: Setting<Vec<PathBuf>>,
    pub passphrase_file: Setting<Option<PathBuf>>,
    pub trust: Setting<Vec<PathBuf>>,
    pub status_list: Setting<Vec<PathBuf>>,
    pub status_policy: Setting<Option<PolicyName>>,
    pub status_max_age: Setting<Option<u64>>,
    pub courier_token: Setting<bool>,
    pub carrier_list: Setting<Vec<PathBuf>>,
    pub state: Setting<Option<PathBuf>>,
    pub template: Setting<String>,
    pub font: Setting<Vec<PathBuf>>,
    pub missing_glyph: Setting<MissingGlyphName>,
    pub out: Setting<Option<PathBuf>>,
    pub dir: Setting<Option<PathBuf>>,
    pub printer: Setting<Vec<String>>,
    pub profile: Setting<Option<String>>,
    pub dpi: Setting<Option<u32>>,
    pub workers: Setting<Option<u16>>,
    pub journal: Setting<Option<PathBuf>>,
    /// The printers that have a name.
    pub printers: BTreeMap<String, Setting<NamedPrinter>>,
    /// The templates that have a name: the name of one that is shipped, or a file.
    pub templates: BTreeMap<String, Setting<String>>,
}

impl Settings {
    /// Finds every value. `arguments` is what was typed; `None` where nothing was, as in `config show`.
    pub fn find(console: Console, arguments: Option<&Print>) -> Result<Self, Failure> {
        Settings::find_behind(console, arguments.map(Layer::of_arguments))
    }

    /// As [`Settings::find`], for a command that prints what was planned before.
    pub fn find_again(console: Console, station: &Station, delivery: &Delivery) -> Result<Self, Failure> {
        Settings::find_behind(console, Some(Layer::of_station(station, delivery)))
    }

    /// As [`Settings::find`], for `plan`, which needs no keys.
    pub fn find_to_plan(console: Console, arguments: &Plan) -> Result<Self, Failure> {
        let journal = Layer { journal: arguments.file.journal.clone(), ..Layer::default() };
        Settings::find_behind(console, Some(journal.with_labels(&arguments.labels)))
    }

    fn find_behind(console: Console, typed: Option<Layer>) -> Result<Self, Failure> {
        let mut layers: Vec<_> = typed.into_iter().map(|layer| (Origin::Flag, layer)).collect();
        layers.extend(environment::layers(console)?);
        for path in file::places() {
            if let Some(layer) = file::read(console, &path)? {
                layers.push((Origin::File(path), layer));
            }
        }
        let settings = Settings::merge(&layers);
        settings.check(console)?;
        Ok(settings)
    }

    fn merge(layers: &[(Origin, Layer)]) -> Self {
        let templates = join(layers, |layer| &layer.named.templates);
        Settings {
            key: pick(layers, |layer| layer.key.clone().map(Paths::list), Vec::new()),
            passphrase_file: pick(layers, |layer| layer.passphrase_file.clone().map(Some), None),
            trust: pick(layers, |layer| layer.trust.clone().map(Paths::list), Vec::new()),
            status_list: pick(layers, |layer| layer.status_list.clone().map(Paths::list), Vec::new()),
            status_policy: pick(layers, |layer| layer.status_policy.map(Some), None),
            status_max_age: pick(layers, |layer| layer.status_max_age.map(|age| Some(age.0)), None),
            courier_token: pick(layers, |layer| layer.courier_token, false),
            carrier_list: pick(layers, |layer| layer.carrier_list.clone().map(Paths::list), Vec::new()),
            state: pick(layers, |layer| layer.state.clone().map(Some), None),
            template: pick(
                layers,
                |layer| {
                    let template = layer.template.as_deref()?;
                    let named = templates.get(template).map(|named| named.value.clone());
                    Some(named.unwrap_or_else(|| named::template_of(&layer.folder, template)))
                },
                "one-part-76x130".to_owned(),
            ),
            font: pick(layers, |layer| layer.font.clone().map(Paths::list), Vec::new()),
            missing_glyph: pick(layers, |layer| layer.missing_glyph, MissingGlyphName::Refuse),
            out: pick(layers, |layer| target(layer, layer.out.as_ref()), None),
            dir: pick(layers, |layer| target(layer, layer.dir.as_ref()), None),
            printer: pick(
                layers,
                |layer| {
                    target(layer, layer.printer.as_ref()).map(|texts| texts.map_or(Vec::new(), Texts::list))
                },
                Vec::new(),
            ),
            profile: pick(layers, |layer| layer.profile.clone().map(Some), None),
            // A layer that names a printer silences the resolution of the layers behind it.
            dpi: pick(
                layers,
                |layer| (layer.dpi.is_some() || layer.profile.is_some()).then_some(layer.dpi),
                None,
            ),
            workers: pick(layers, |layer| layer.workers.map(Some), None),
            journal: pick(layers, |layer| layer.journal.clone().map(Some), None),
            printers: join(layers, |layer| &layer.named.printers),
            templates,
        }
    }

    /// The printers that are meant by what was typed or stands in a file: names, or places.
    ///
    /// # Errors
    /// For the first that is neither.
    pub fn choose(&self, console: Console, typed: &[String]) -> Result<Vec<ChosenPrinter>, Failure> {
        typed.iter().map(|text| named::choose(console, &self.printers, text)).collect()
    }

    /// The first setting that is the station's to decide and that somebody made; of no use with a service.
    pub fn of_the_station(&self) -> Option<(&'static str, Origin)> {
        let origins = [
            ("key", &self.key.origin),
            ("passphrase_file", &self.passphrase_file.origin),
            ("trust", &self.trust.origin),
            ("status_list", &self.status_list.origin),
            ("status_policy", &self.status_policy.origin),
            ("status_max_age", &self.status_max_age.origin),
            ("courier_token", &self.courier_token.origin),
            ("carrier_list", &self.carrier_list.origin),
            ("state", &self.state.origin),
        ];
        let made = origins.into_iter().find(|(_, origin)| **origin != Origin::Default);
        made.map(|(name, origin)| (name, origin.clone()))
    }

    fn check(&self, console: Console) -> Result<(), Failure> {
        let wrong = |origin: &Origin, key: &str, expected: &str| {
            let values: [(&str, &dyn fmt::Display); 3] =
                [("origin", origin), ("key", &key), ("expected", &expected)];
            Failure::new(Exit::Usage, "CONFIG", console.fill(messages::CONFIG_VALUE, &values))
                .hint(messages::CONFIG_HINT.get(console.language))
        };
        if !matches!(self.dpi.value, None | Some(203 | 300)) {
            return Err(wrong(&self.dpi.origin, "dpi", "203, 300"));
        }
        if self.workers.value.is_some_and(|workers| !(1..=64).contains(&workers)) {
            return Err(wrong(&self.workers.origin, "workers", "1–64"));
        }
        let targets = [self.out.value.is_some(), self.dir.value.is_some(), !self.printer.value.is_empty()];
        if targets.into_iter().filter(|&named| named).count() > 1 {
            return Err(wrong(&self.out.origin, "out, dir, printer", "out | dir | printer"));
        }
        Ok(())
    }
}

/// The nearest layer that names a value.
fn pick<T>(layers: &[(Origin, Layer)], read: impl Fn(&Layer) -> Option<T>, default: T) -> Setting<T> {
    let named = layers.iter().find_map(|(origin, layer)| Some((read(layer)?, origin.clone())));
    let (value, origin) = named.unwrap_or((default, Origin::Default));
    Setting { value, origin }
}

/// Everything that has a name in any layer, as the nearest one has it.
fn join<T: Clone>(
    layers: &[(Origin, Layer)],
    read: impl Fn(&Layer) -> &BTreeMap<String, T>,
) -> BTreeMap<String, Setting<T>> {
    let mut joined = BTreeMap::new();
    for (origin, layer) in layers {
        for (name, value) in read(layer) {
            let setting = || Setting { value: value.clone(), origin: origin.clone() };
            joined.entry(name.clone()).or_insert_with(setting);
        }
    }
    joined
}

/// A layer that names one target silences the other targets of the layers behind it.
fn target<T: Clone>(layer: &Layer, value: Option<&T>) -> Option<Option<T>> {
    (layer.out.is_some() || layer.dir.is_some() || layer.printer.is_some()).then(|| value.cloned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::language::Language;

    const CONSOLE: Console = Console { json: false, quiet: true, language: Language::English };

    fn file(name: &str, text: &str) -> (Origin, Layer) {
        (Origin::File(name.into()), file::parse(CONSOLE, Path::new(name), text).unwrap())
    }

    #[test]
    fn the_nearest_layer_wins_whole() {
        let near = file("/project/miandan.toml", "trust = \"a.pub\"\ndir = \"labels\"\n");
        let far =
            file("/user/config.toml", "trust = [\"b.pub\", \"c.pub\"]\ndpi = 300\nout = \"labels.pdf\"\n");
        let settings = Settings::merge(&[near, far]);
        assert_eq!(settings.trust.value, [PathBuf::from("/project/a.pub")]);
        assert_eq!(settings.dpi.origin, Origin::File("/user/config.toml".into()));
        assert_eq!(settings.dir.value, Some("/project/labels".into()));
        assert_eq!(settings.out.value, None, "the nearer target silences the other");
        assert_eq!(
            (settings.template.value.as_str(), settings.template.origin),
            ("one-part-76x130", Origin::Default)
        );
    }

    #[test]
    fn a_printer_brings_its_resolution() {
        let near = || file("/project/miandan.toml", "profile = \"zebra\"\n");
        let far = || file("/user/config.toml", "dpi = 300\n");
        let settings = Settings::merge(&[near(), far()]);
        assert_eq!((settings.profile.value.as_deref(), settings.dpi.value), (Some("zebra"), None));
        let settings = Settings::merge(&[far(), near()]);
        assert_eq!((settings.profile.value.as_deref(), settings.dpi.value), (Some("zebra"), Some(300)));
        let own = file("/project/miandan.toml", "profile = \"own.toml\"\n");
        assert_eq!(Settings::merge(&[own]).profile.value.as_deref(), Some("/project/own.toml"));
    }

    #[test]
    fn names_of_all_files_are_joined_and_the_nearest_wins_whole() {
        let near = file(
            "/project/miandan.toml",
            "template = \"sf\"\n[printers.desk]\nuri = \"usb:/dev/usb/lp0\"\n[templates]\nsf = \"sf.xml\"\n",
        );
        let far = file(
            "/user/config.toml",
            "printer = [\"desk\", \"SF=bench\"]\n[printers.desk]\nuri = \"socket://192.0.2.7\"\nprofile = \"tsc\"\n\
             [printers.bench]\nuri = \"socket://192.0.2.8\"\n[templates]\nyto = \"yto.xml\"\nsf = \"old.xml\"\n",
        );
        let settings = Settings::merge(&[near, far]);
        let desk = &settings.printers["desk"];
        assert_eq!((desk.value.uri.to_string().as_str(), &desk.value.profile), ("usb:/dev/usb/lp0", &None));
        assert_eq!(desk.origin, Origin::File("/project/miandan.toml".into()));
        assert_eq!(settings.printers["bench"].origin, Origin::File("/user/config.toml".into()));
        assert_eq!(settings.template.value, "/project/sf.xml");
        assert_eq!(settings.templates["yto"].value, "/user/yto.xml");
        let chosen = settings.choose(CONSOLE, &settings.printer.value).unwrap();
        assert_eq!(chosen.iter().map(ChosenPrinter::label).collect::<Vec<_>>(), ["desk", "bench"]);
        assert_eq!(chosen[1].carriers, ["SF"]);
        // What has no name is the path of a file, meant from where it stands.
        let typed = Layer { template: Some("yto".to_owned()), ..Layer::default() };
        let one = |layer| Settings::merge(&[layer, file("/user/config.toml", "template = \"b.xml\"\n")]);
        assert_eq!(one((Origin::Flag, typed)).template.value, "yto");
        assert_eq!(one((Origin::Flag, Layer::default())).template.value, "/user/b.xml");
    }

    #[test]
    fn unknown_keys_are_errors() {
        let wrong = |text: &str| file::parse(CONSOLE, Path::new("miandan.toml"), text).unwrap_err().message;
        assert!(wrong("\nkeys = 1").starts_with("miandan.toml:2: unknown field `keys`"));
        assert!(wrong("component = \"x\"").contains("component"), "never from a file");
        assert!(
            wrong("[printers.desk]\nuri = \"usb:/dev/usb/lp0\"\nodd = 1").starts_with("miandan.toml:3: ")
        );
    }
}
