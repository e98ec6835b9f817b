//! The file, as it is written: TOML, where a key that is not known is an error.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// Everything that a file may say. What it does not say has a default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) language: Option<String>,
    pub(super) folder: Option<PathBuf>,
    pub(super) journal: Option<PathBuf>,

    // How the component is started, as in `miandan.toml`.
    pub(super) component: Option<PathBuf>,
    pub(super) components: Option<usize>,
    pub(super) key: Paths,
    pub(super) passphrase_file: Option<PathBuf>,
    pub(super) trust: Paths,
    pub(super) status_list: Paths,
    pub(super) status_policy: Option<String>,
    pub(super) status_max_age: Option<String>,
    pub(super) courier_token: bool,
    pub(super) carrier_list: Paths,
    pub(super) state: Option<PathBuf>,
    pub(super) font: Paths,
    pub(super) missing_glyph: Option<String>,

    pub(super) printers: BTreeMap<String, PrinterTable>,
    pub(super) default_printer: Option<String>,
    pub(super) templates: BTreeMap<String, String>,
    pub(super) default_template: Option<String>,
    pub(super) plain: Option<String>,
    pub(super) patience: Option<String>,

    pub(super) dialects: Option<BTreeMap<String, DialectTable>>,
    pub(super) origins: OriginsTable,
    pub(super) tls: Option<TlsTable>,
    pub(super) previews: PreviewsTable,
    pub(super) admin: AdminTable,
    pub(super) limits: LimitsTable,
    pub(super) fleet: Option<FleetTable>,
}

/// One path or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Paths {
    #[default]
    None,
    One(PathBuf),
    Many(Vec<PathBuf>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrinterTable {
    pub(super) uri: String,
    pub(super) profile: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DialectTable {
    pub(super) generation: Option<String>,
    pub(super) ws: Option<Ports>,
    pub(super) wss: Option<Ports>,
}

/// A port, several, or none where it says `false`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Ports {
    One(u16),
    Many(Vec<u16>),
    Off(bool),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OriginsTable {
    pub(super) allow: Vec<String>,
    pub(super) hosts: Vec<String>,
    pub(super) native: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsTable {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PreviewsTable {
    pub(super) port: Option<u16>,
    pub(super) keep: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AdminTable {
    pub(super) port: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsTable {
    pub(super) connections: Option<usize>,
    pub(super) waiting: Option<usize>,
    pub(super) waiting_of_one: Option<usize>,
    pub(super) keep: Option<usize>,
    pub(super) messages_per_second: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FleetTable {
    pub(super) url: String,
    pub(super) site: Option<String>,
    pub(super) station: Option<String>,
    pub(super) credential: Option<PathBuf>,
    pub(super) authority: Option<PathBuf>,
    pub(super) takes: BTreeMap<String, TakesTable>,
    pub(super) overview: Option<PathBuf>,
}

/// What a printer takes from the fleet.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TakesTable {
    pub(super) carriers: Vec<String>,
    pub(super) regions: Vec<String>,
}

impl Paths {
    pub(super) fn into_vec(self) -> Vec<PathBuf> {
        match self {
            Paths::None => Vec::new(),
            Paths::One(path) => vec![path],
            Paths::Many(paths) => paths,
        }
    }
}
