//! What one place says: a file, a variable, or what was typed.

use std::path::PathBuf;

use serde::Deserialize;

use super::named::{Named, PrinterTables, TemplateTable};
use crate::args::{Delivery, Labels, MissingGlyphName, PolicyName, Print, Station, duration};

/// One file, one environment or one command line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layer {
    pub(super) key: Option<Paths>,
    pub(super) passphrase_file: Option<PathBuf>,
    pub(super) trust: Option<Paths>,
    pub(super) status_list: Option<Paths>,
    pub(super) status_policy: Option<PolicyName>,
    pub(super) status_max_age: Option<Duration>,
    pub(super) courier_token: Option<bool>,
    pub(super) carrier_list: Option<Paths>,
    pub(super) state: Option<PathBuf>,
    pub(super) template: Option<String>,
    pub(super) font: Option<Paths>,
    pub(super) missing_glyph: Option<MissingGlyphName>,
    pub(super) out: Option<PathBuf>,
    pub(super) dir: Option<PathBuf>,
    pub(super) printer: Option<Texts>,
    pub(super) profile: Option<String>,
    pub(super) dpi: Option<u32>,
    pub(super) workers: Option<u16>,
    pub(super) journal: Option<PathBuf>,
    /// As they stand in a file; [`named`](Self::named) is what they mean.
    #[serde(default)]
    pub(super) printers: PrinterTables,
    #[serde(default)]
    pub(super) templates: TemplateTable,
    #[serde(skip)]
    pub(super) named: Named,
    /// From where the path of a template is meant. It stays apart until all names are known.
    #[serde(skip)]
    pub(super) folder: PathBuf,
}

/// A length of time in seconds, written as on the command line: `24h`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Duration(pub(super) u64);

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        duration::long(&text).map(Duration)
    }
}

/// One path or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Paths {
    One(PathBuf),
    Many(Vec<PathBuf>),
}

impl Paths {
    pub(super) fn list(self) -> Vec<PathBuf> {
        match self {
            Paths::One(path) => vec![path],
            Paths::Many(paths) => paths,
        }
    }
}

/// One text or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    pub(super) fn list(self) -> Vec<String> {
        match self {
            Texts::One(text) => vec![text],
            Texts::Many(texts) => texts,
        }
    }
}

impl Layer {
    pub(super) fn of_arguments(arguments: &Print) -> Self {
        let station = Layer::of_station(&arguments.station, &arguments.delivery);
        Layer {
            font: some(&arguments.font),
            missing_glyph: arguments.missing_glyph,
            ..station.with_labels(&arguments.labels)
        }
    }

    pub(super) fn with_labels(self, labels: &Labels) -> Self {
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

    pub(super) fn of_station(station: &Station, delivery: &Delivery) -> Self {
        Layer {
            key: some(&station.key),
            passphrase_file: station.passphrase_file.clone(),
            trust: some(&station.trust),
            status_list: some(&station.status_list),
            status_policy: station.status_policy,
            status_max_age: station.status_max_age.map(Duration),
            courier_token: station.courier_token.then_some(true),
            carrier_list: some(&station.carrier_list),
            state: station.state.clone(),
            workers: station.workers,
            journal: delivery.journal.clone(),
            ..Layer::default()
        }
    }
}

/// Paths that were typed, if any were.
fn some(paths: &[PathBuf]) -> Option<Paths> {
    (!paths.is_empty()).then(|| Paths::Many(paths.to_vec()))
}
