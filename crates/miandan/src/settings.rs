//! Where the values of `print`, and the journal of all commands that read one, come from: the command line, the environment, the project's file, the user's file, the
//! built-in default, in this order. A value that is named nearer wins whole; lists are not joined.
//!
//! The project's file is `miandan.toml` in the current folder, the user's is `miandan/config.toml` in the folder for
//! configuration (XDG Base Directory Specification). A path in a file is meant from the folder of that file.
//! The program of the component is never taken from a file.

use std::env;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use crate::args::{Delivery, Labels, MissingGlyphName, Plan, PolicyName, Print, Station, duration};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::messages;

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
}

/// One file, one environment or one command line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    key: Option<Paths>,
    passphrase_file: Option<PathBuf>,
    trust: Option<Paths>,
    status_list: Option<Paths>,
    status_policy: Option<PolicyName>,
    status_max_age: Option<Duration>,
    state: Option<PathBuf>,
    template: Option<String>,
    font: Option<Paths>,
    missing_glyph: Option<MissingGlyphName>,
    out: Option<PathBuf>,
    dir: Option<PathBuf>,
    printer: Option<Texts>,
    profile: Option<String>,
    dpi: Option<u32>,
    workers: Option<u16>,
    journal: Option<PathBuf>,
}

/// A length of time in seconds, written as on the command line: `24h`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Duration(u64);

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        duration::long(&text).map(Duration)
    }
}

/// One path or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Paths {
    One(PathBuf),
    Many(Vec<PathBuf>),
}

impl Paths {
    fn list(self) -> Vec<PathBuf> {
        match self {
            Paths::One(path) => vec![path],
            Paths::Many(paths) => paths,
        }
    }
}

/// One text or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    fn list(self) -> Vec<String> {
        match self {
            Texts::One(text) => vec![text],
            Texts::Many(texts) => texts,
        }
    }
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
        layers.extend(environment(console)?);
        for path in [Some(PathBuf::from("miandan.toml")), user_file()].into_iter().flatten() {
            if let Some(layer) = Layer::of_file(console, &path)? {
                layers.push((Origin::File(path), layer));
            }
        }
        let settings = Settings::merge(&layers);
        settings.check(console)?;
        Ok(settings)
    }

    fn merge(layers: &[(Origin, Layer)]) -> Self {
        Settings {
            key: pick(layers, |layer| layer.key.clone().map(Paths::list), Vec::new()),
            passphrase_file: pick(layers, |layer| layer.passphrase_file.clone().map(Some), None),
            trust: pick(layers, |layer| layer.trust.clone().map(Paths::list), Vec::new()),
            status_list: pick(layers, |layer| layer.status_list.clone().map(Paths::list), Vec::new()),
            status_policy: pick(layers, |layer| layer.status_policy.map(Some), None),
            status_max_age: pick(layers, |layer| layer.status_max_age.map(|age| Some(age.0)), None),
            state: pick(layers, |layer| layer.state.clone().map(Some), None),
            template: pick(layers, |layer| layer.template.clone(), "one-part-76x130".to_owned()),
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
        }
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

/// Paths that were typed, if any were.
fn some(paths: &[PathBuf]) -> Option<Paths> {
    (!paths.is_empty()).then(|| Paths::Many(paths.to_vec()))
}

/// The nearest layer that names a value.
fn pick<T>(layers: &[(Origin, Layer)], read: impl Fn(&Layer) -> Option<T>, default: T) -> Setting<T> {
    let named = layers.iter().find_map(|(origin, layer)| Some((read(layer)?, origin.clone())));
    let (value, origin) = named.unwrap_or((default, Origin::Default));
    Setting { value, origin }
}

/// A layer that names one target silences the other targets of the layers behind it.
fn target<T: Clone>(layer: &Layer, value: Option<&T>) -> Option<Option<T>> {
    (layer.out.is_some() || layer.dir.is_some() || layer.printer.is_some()).then(|| value.cloned())
}

impl Layer {
    fn of_arguments(arguments: &Print) -> Self {
        let station = Layer::of_station(&arguments.station, &arguments.delivery);
        Layer {
            font: some(&arguments.font),
            missing_glyph: arguments.missing_glyph,
            ..station.with_labels(&arguments.labels)
        }
    }

    fn with_labels(self, labels: &Labels) -> Self {
        let target = &labels.target;
        Layer {
            template: labels.template.clone(),
            out: target.out.clone(),
            dir: target.dir.clone(),
            printer: (!target.printer.is_empty()).then(|| Texts::Many(target.printer.clone())),
            profile: labels.profile.clone(),
            dpi: labels.dpi.as_deref().and_then(|dpi| dpi.parse().ok()),
            ..self
        }
    }

    fn of_station(station: &Station, delivery: &Delivery) -> Self {
        Layer {
            key: some(&station.key),
            passphrase_file: station.passphrase_file.clone(),
            trust: some(&station.trust),
            status_list: some(&station.status_list),
            status_policy: station.status_policy,
            status_max_age: station.status_max_age.map(Duration),
            state: station.state.clone(),
            workers: station.workers,
            journal: delivery.journal.clone(),
            ..Layer::default()
        }
    }

    fn of_file(console: Console, path: &Path) -> Result<Option<Self>, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(files::unreadable(console, path, &error)),
        };
        let mut layer: Layer = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let values: [(&str, &dyn fmt::Display); 3] =
                [("file", &path.display()), ("line", &line), ("why", &error.message())];
            Failure::new(Exit::Usage, "CONFIG", console.fill(messages::CONFIG_FILE, &values))
                .hint(messages::CONFIG_HINT.get(console.language))
        })?;
        layer.resolve(path.parent().unwrap_or(Path::new("")));
        Ok(Some(layer))
    }

    /// Paths of a file are meant from its folder.
    fn resolve(&mut self, folder: &Path) {
        let whole = |path: &mut PathBuf| {
            let is_credential = path.to_str().is_some_and(|path| path.starts_with(files::CREDENTIAL));
            if !files::is_dash(path) && !is_credential {
                *path = folder.join(&*path);
            }
        };
        let lists = [&mut self.key, &mut self.trust, &mut self.status_list, &mut self.font];
        for paths in lists.into_iter().flatten() {
            match paths {
                Paths::One(path) => whole(path),
                Paths::Many(paths) => paths.iter_mut().for_each(whole),
            }
        }
        let paths =
            [&mut self.passphrase_file, &mut self.state, &mut self.out, &mut self.dir, &mut self.journal];
        for path in paths.into_iter().flatten() {
            whole(path);
        }
        if let Some(template) = &mut self.template
            && miandan_templates::find(template).is_none()
        {
            *template = folder.join(&*template).to_string_lossy().into_owned();
        }
        if let Some(profile) = &mut self.profile
            && miandan_print::printer::find_profile(profile).is_none()
        {
            *profile = folder.join(&*profile).to_string_lossy().into_owned();
        }
    }
}

/// One layer for each variable, so that each value knows its own.
fn environment(console: Console) -> Result<Vec<(Origin, Layer)>, Failure> {
    /// Reads a value, or says what was expected.
    type Read = fn(&mut Layer, String) -> Result<(), &'static str>;
    const VARIABLES: [(&str, Read); 17] = [
        ("MIANDAN_KEY", |layer, value| {
            layer.key = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_PASSPHRASE_FILE", |layer, value| {
            layer.passphrase_file = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_TRUST", |layer, value| {
            layer.trust = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_STATUS_LIST", |layer, value| {
            layer.status_list = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_STATUS_POLICY", |layer, value| {
            layer.status_policy =
                Some(PolicyName::from_str(&value, false).map_err(|_| "off, warn, required")?);
            Ok(())
        }),
        ("MIANDAN_STATUS_MAX_AGE", |layer, value| {
            layer.status_max_age = Some(Duration::try_from(value).map_err(|_| "24h")?);
            Ok(())
        }),
        ("MIANDAN_STATE", |layer, value| {
            layer.state = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_TEMPLATE", |layer, value| {
            layer.template = Some(value);
            Ok(())
        }),
        ("MIANDAN_FONT", |layer, value| {
            layer.font = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_MISSING_GLYPH", |layer, value| {
            layer.missing_glyph = Some(MissingGlyphName::from_str(&value, false).map_err(|_| "refuse, box")?);
            Ok(())
        }),
        ("MIANDAN_OUT", |layer, value| {
            layer.out = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_DIR", |layer, value| {
            layer.dir = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_PRINTER", |layer, value| {
            layer.printer = Some(Texts::One(value));
            Ok(())
        }),
        ("MIANDAN_PROFILE", |layer, value| {
            layer.profile = Some(value);
            Ok(())
        }),
        ("MIANDAN_DPI", |layer, value| {
            layer.dpi = Some(value.parse().map_err(|_| "0–9")?);
            Ok(())
        }),
        ("MIANDAN_WORKERS", |layer, value| {
            layer.workers = Some(value.parse().map_err(|_| "0–9")?);
            Ok(())
        }),
        ("MIANDAN_JOURNAL", |layer, value| {
            layer.journal = Some(value.into());
            Ok(())
        }),
    ];
    let mut layers = Vec::new();
    for (name, read) in VARIABLES {
        let Some(value) = env::var(name).ok().filter(|value| !value.is_empty()) else { continue };
        let mut layer = Layer::default();
        read(&mut layer, value).map_err(|expected| {
            let values: [(&str, &dyn fmt::Display); 3] =
                [("origin", &"environment"), ("key", &name), ("expected", &expected)];
            Failure::new(Exit::Usage, "CONFIG", console.fill(messages::CONFIG_VALUE, &values))
                .hint(messages::CONFIG_HINT.get(console.language))
        })?;
        layers.push((Origin::Environment(name), layer));
    }
    Ok(layers)
}

/// The user's file, whether or not it is there.
fn user_file() -> Option<PathBuf> {
    let folder = env::var_os("XDG_CONFIG_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = folder.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".config")))?;
    folder.is_absolute().then(|| folder.join("miandan").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> (Origin, Layer) {
        let mut layer: Layer = toml::from_str(text).unwrap();
        layer.resolve(Path::new(name).parent().unwrap());
        (Origin::File(name.into()), layer)
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
    fn unknown_keys_are_errors() {
        assert!(toml::from_str::<Layer>("keys = 1").is_err());
        assert!(toml::from_str::<Layer>("component = \"x\"").is_err(), "never from a file");
    }
}
