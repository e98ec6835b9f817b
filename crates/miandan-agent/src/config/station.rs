//! From what a file says to what a station works with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use miandan_core::font::MissingGlyph;
use miandan_print::delivery::Printer;
use miandan_print::printer::{PrinterProfile, find_profile};
use miandan_print::{
    ComponentOptions, ComponentPlace, KeyRing, RingError, UnreadableFile, credential, is_credential,
    named_place,
};
use miandan_seal::lists::{Enforcement, StatusPolicy};

use super::file::{DialectTable, File, LimitsTable, OriginsTable, Ports, PrinterTable};
use super::{ADMIN, Config, ConfigError, DialectConfig, Limits, OriginsConfig, PREVIEWS, TlsConfig};
use crate::origin::Origin;
use crate::protocol::{Generation, Language, Platform};
use crate::templates::TemplateMap;

/// How long a preview can be looked at if nothing is said.
const KEEP: Duration = Duration::from_secs(600);

/// How long a label waits for its printer if nothing is said.
const PATIENCE: Duration = Duration::from_secs(600);

/// Builds a configuration from a file in a folder.
pub(super) fn build(mut file: File, from: &Path, now: u64) -> Result<Config, ConfigError> {
    let at = |path: &Path| resolve(from, path);
    let language = word(&file.language, "language", "zh, en", |word| match word {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    })?;
    let folder =
        file.folder.as_deref().map(at).or_else(state_folder).ok_or(ConfigError::Missing("folder"))?;
    let journal = file.journal.as_deref().map_or_else(|| folder.join("journal.db"), at);
    let missing = word(&file.missing_glyph, "missing_glyph", "refuse, box", |word| match word {
        "refuse" => Some(MissingGlyph::Refuse),
        "box" => Some(MissingGlyph::Box),
        _ => None,
    })?;
    let plain_waybills = word(&file.plain, "plain", "areas, waybills", |word| match word {
        "areas" => Some(false),
        "waybills" => Some(true),
        _ => None,
    })?;
    let fonts = std::mem::take(&mut file.font).into_vec();
    let fonts = fonts.iter().map(|path| read(&at(path))).collect::<Result<_, _>>()?;
    let tls = file.tls.as_ref().map(|tls| TlsConfig { certificate: at(&tls.certificate), key: at(&tls.key) });
    let tls = tls.or_else(|| own_certificate(&folder));
    let printers = printers(std::mem::take(&mut file.printers), from)?;
    if let Some(name) = &file.default_printer
        && !printers.iter().any(|(known, _)| known == name)
    {
        let allowed = "a name of [printers]";
        return Err(ConfigError::Value { setting: "default_printer".to_owned(), allowed });
    }
    let default_printer = file.default_printer.take().or_else(|| match &printers[..] {
        [(only, _)] => Some(only.clone()),
        _ => None,
    });
    let templates = TemplateMap::read(&file.templates, file.default_template.as_deref(), from)?;
    let dialects = dialects(file.dialects.take(), tls.is_some())?;
    let previews = file.previews.port.unwrap_or(PREVIEWS);
    let admin = file.admin.port.unwrap_or(ADMIN);
    check_ports(&dialects, [previews, admin])?;
    let names: Vec<_> = printers.iter().map(|(name, _)| name.as_str()).collect();
    let fleet = file.fleet.take().map(|table| super::fleet::build(table, &names, at)).transpose()?;
    Ok(Config {
        fleet,
        language: language.unwrap_or_default(),
        folder,
        journal,
        components: at_least_one("components", file.components)?,
        fonts,
        missing: missing.unwrap_or_default(),
        printers,
        default_printer,
        templates,
        plain_waybills: plain_waybills.unwrap_or(false),
        patience: duration("patience", file.patience.as_deref())?.unwrap_or(PATIENCE),
        dialects,
        origins: origins(&file.origins)?,
        tls,
        previews,
        keep_previews: duration("previews.keep", file.previews.keep.as_deref())?.unwrap_or(KEEP),
        admin,
        limits: limits(&file.limits)?,
        component: component(file, from, now)?,
    })
}

/// How components are started: a service has keys, lists and a policy of its own, and to pass over in silence what is named
/// here would be to print under other rules than somebody wanted.
fn component(file: File, from: &Path, now: u64) -> Result<ComponentOptions, ConfigError> {
    let at = |path: &Path| resolve(from, path);
    let place = match &file.component {
        Some(path) if path.to_str().is_some_and(|path| path.starts_with("unix:")) => named_place(Some(path))?,
        given => named_place(given.as_deref().map(at).as_deref())?,
    };
    let [key, trust, status_lists, carrier_lists] =
        [file.key, file.trust, file.status_list, file.carrier_list].map(super::file::Paths::into_vec);
    if matches!(place, ComponentPlace::Service(_)) {
        let named = [
            ("key", !key.is_empty()),
            ("passphrase_file", file.passphrase_file.is_some()),
            ("trust", !trust.is_empty()),
            ("status_list", !status_lists.is_empty()),
            ("status_policy", file.status_policy.is_some()),
            ("status_max_age", file.status_max_age.is_some()),
            ("courier_token", file.courier_token),
            ("carrier_list", !carrier_lists.is_empty()),
            ("state", file.state.is_some()),
        ];
        return match named.into_iter().find(|(_, named)| *named) {
            Some((setting, _)) => Err(ConfigError::HasItsOwn(setting)),
            None => Ok(ComponentOptions::at(place)),
        };
    }
    if trust.is_empty() {
        return Err(ConfigError::Missing("trust"));
    }
    let first = key.first().cloned().ok_or(ConfigError::Missing("key"))?;
    let mut options = ComponentOptions::at(place);
    for path in key {
        options.keys.extend(key_files(&at(&path), now)?);
    }
    let enforcement =
        word(&file.status_policy, "status_policy", "off, warn, required", Enforcement::from_word)?;
    let enforcement = Enforcement::chosen(enforcement, !status_lists.is_empty());
    let max_age = duration("status_max_age", file.status_max_age.as_deref())?;
    options.status_policy = StatusPolicy {
        enforcement: enforcement.ok_or(ConfigError::Missing("status_list"))?,
        max_age: max_age.map(|age| age.as_secs()),
    };
    options.passphrase_file = file.passphrase_file.as_deref().map(at).map(|path| named(&path)).transpose()?;
    options.trust = trust.iter().map(|path| at(path)).collect();
    options.status_lists = status_lists.iter().map(|path| at(path)).collect();
    options.carrier_lists = carrier_lists.iter().map(|path| at(path)).collect();
    options.courier_token = file.courier_token;
    options.state = file.state.as_deref().map(at).or_else(|| ComponentOptions::state_beside(&at(&first)));
    options.check_files().map_err(|UnreadableFile { path, error }| ConfigError::File { path, error })?;
    Ok(options)
}

fn key_files(path: &Path, now: u64) -> Result<Vec<PathBuf>, ConfigError> {
    let path = named(path)?;
    if !path.is_dir() {
        return Ok(vec![path]);
    }
    let ring = KeyRing::open(&path).map_err(|error| match error {
        RingError::Read { path, error } => ConfigError::File { path, error },
        other => ConfigError::File { path: path.clone(), error: io::Error::other(other.to_string()) },
    })?;
    let files = ring.files(now);
    if files.is_empty() {
        return Err(ConfigError::File { path, error: io::ErrorKind::NotFound.into() });
    }
    Ok(files)
}

fn named(path: &Path) -> Result<PathBuf, ConfigError> {
    credential(path).map_err(|error| ConfigError::Credential(error.0))
}

fn printers(
    tables: BTreeMap<String, PrinterTable>,
    from: &Path,
) -> Result<Vec<(String, Printer)>, ConfigError> {
    let mut printers = Vec::with_capacity(tables.len());
    for (name, table) in tables {
        let plain = |c: char| c.is_alphanumeric() || "-_ ()/.".contains(c);
        if name.is_empty() || name.chars().count() > 64 || !name.chars().all(plain) {
            let allowed = "a name of letters, digits, spaces and -_()/., at most 64 characters,";
            return Err(ConfigError::Value { setting: "printers".to_owned(), allowed });
        }
        let profile = profile(&name, &table.profile, from)?;
        let printer = Printer::open(&table.uri, profile);
        let printer = printer.map_err(|error| ConfigError::Printer { name: name.clone(), error })?;
        printers.push((name, printer));
    }
    if printers.is_empty() {
        return Err(ConfigError::Missing("[printers.NAME]"));
    }
    Ok(printers)
}

/// A profile that is shipped, by its name, else a file.
fn profile(name: &str, profile: &str, from: &Path) -> Result<PrinterProfile, ConfigError> {
    let read = match find_profile(profile) {
        Some(shipped) => shipped.read(),
        None => {
            let text = read(&resolve(from, Path::new(profile)))?;
            PrinterProfile::parse(&String::from_utf8_lossy(&text))
        }
    };
    let (name, profile) = (name.to_owned(), profile.to_owned());
    read.map_err(|error| ConfigError::Profile { name, profile, error })
}

fn dialects(
    tables: Option<BTreeMap<String, DialectTable>>,
    has_certificate: bool,
) -> Result<Vec<DialectConfig>, ConfigError> {
    let tables = tables.unwrap_or_else(|| BTreeMap::from([("cainiao".to_owned(), DialectTable::default())]));
    let mut dialects = Vec::with_capacity(tables.len());
    for (name, table) in tables {
        let platform = Platform::named(&name).ok_or_else(|| ConfigError::Value {
            setting: format!("dialects.{name}"),
            allowed: "cainiao, douyin, pinduoduo, kuaishou, xiaohongshu, jd, wechat",
        })?;
        let setting = format!("dialects.{name}.generation");
        let generation = word(&table.generation, &setting, "0.x, 1.x", |word| match word {
            "0.x" => Some(Generation::V0),
            "1.x" => Some(Generation::V1),
            _ => None,
        })?;
        let endpoint = platform.endpoint();
        let wants_wss = matches!(table.wss, Some(Ports::One(_) | Ports::Many(_)));
        if wants_wss && !has_certificate {
            return Err(ConfigError::Missing("[tls] (`miandan-agent cert` makes a certificate)"));
        }
        let wss = ports(&format!("dialects.{name}.wss"), table.wss, endpoint.wss.as_slice())?;
        dialects.push(DialectConfig {
            platform,
            generation: generation.unwrap_or_default(),
            ws: ports(&format!("dialects.{name}.ws"), table.ws, endpoint.ws)?,
            wss: if has_certificate { wss } else { Vec::new() },
        });
    }
    Ok(dialects)
}

fn ports(setting: &str, said: Option<Ports>, otherwise: &[u16]) -> Result<Vec<u16>, ConfigError> {
    let ports = match said {
        None => otherwise.to_vec(),
        Some(Ports::One(port)) => vec![port],
        Some(Ports::Many(ports)) => ports,
        Some(Ports::Off(false)) => Vec::new(),
        Some(Ports::Off(true)) => vec![0],
    };
    if ports.contains(&0) {
        let allowed = "a port from 1 to 65535, a list of them, or false";
        return Err(ConfigError::Value { setting: setting.to_owned(), allowed });
    }
    Ok(ports)
}

fn check_ports(dialects: &[DialectConfig], others: [u16; 2]) -> Result<(), ConfigError> {
    let spoken = dialects.iter().flat_map(|dialect| dialect.ws.iter().chain(&dialect.wss).copied());
    let mut seen = BTreeSet::new();
    match spoken.chain(others).find(|&port| !seen.insert(port)) {
        Some(port) => Err(ConfigError::PortTwice(port)),
        None => Ok(()),
    }
}

fn origins(table: &OriginsTable) -> Result<OriginsConfig, ConfigError> {
    let mut allow = BTreeSet::new();
    for origin in &table.allow {
        let allowed = "an origin such as https://erp.example or http://192.0.2.7:8080, or null,";
        let wrong = || ConfigError::Value { setting: "origins.allow".to_owned(), allowed };
        allow.insert(Origin::parse(origin).ok_or_else(wrong)?.to_string());
    }
    let plain = |host: &String| host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    if table.hosts.iter().any(|host| host.is_empty() || !plain(host)) {
        let allowed = "a name such as print.station.example, without a port,";
        return Err(ConfigError::Value { setting: "origins.hosts".to_owned(), allowed });
    }
    let hosts = table.hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
    Ok(OriginsConfig { allow, hosts, native: table.native.unwrap_or(true) })
}

fn limits(table: &LimitsTable) -> Result<Limits, ConfigError> {
    let otherwise = Limits::default();
    let rate = table.messages_per_second.map(|rate| rate as usize);
    let rate = at_least_one("limits.messages_per_second", rate)?;
    Ok(Limits {
        connections: at_least_one("limits.connections", table.connections)?.unwrap_or(otherwise.connections),
        waiting: at_least_one("limits.waiting", table.waiting)?.unwrap_or(otherwise.waiting),
        waiting_of_one: at_least_one("limits.waiting_of_one", table.waiting_of_one)?
            .unwrap_or(otherwise.waiting_of_one),
        keep: table.keep.unwrap_or(otherwise.keep),
        messages_per_second: rate.map_or(otherwise.messages_per_second, |rate| rate as u32),
    })
}

fn at_least_one(setting: &str, value: Option<usize>) -> Result<Option<usize>, ConfigError> {
    match value {
        Some(0) => Err(ConfigError::Value { setting: setting.to_owned(), allowed: "a number from 1 on" }),
        value => Ok(value),
    }
}

fn word<T>(
    said: &Option<String>,
    setting: &str,
    allowed: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ConfigError> {
    let Some(said) = said else { return Ok(None) };
    read(said).map(Some).ok_or_else(|| ConfigError::Value { setting: setting.to_owned(), allowed })
}

/// `90s`, `10m`, `24h`, `7d`: at least a second.
fn duration(setting: &str, said: Option<&str>) -> Result<Option<Duration>, ConfigError> {
    let Some(said) = said else { return Ok(None) };
    let read = || {
        let (unit, seconds) = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)]
            .into_iter()
            .find(|(unit, _)| said.ends_with(*unit))?;
        let count: u64 = said.strip_suffix(unit)?.parse().ok()?;
        count.checked_mul(seconds).filter(|total| (1..=31_536_000).contains(total)).map(Duration::from_secs)
    };
    let allowed = "a number and a unit, such as 90s, 10m, 24h or 7d,";
    read().map(Some).ok_or_else(|| ConfigError::Value { setting: setting.to_owned(), allowed })
}

fn resolve(from: &Path, path: &Path) -> PathBuf {
    if is_credential(path) { path.to_path_buf() } else { from.join(path) }
}

fn read(path: &Path) -> Result<Vec<u8>, ConfigError> {
    fs::read(path).map_err(|error| ConfigError::File { path: path.to_path_buf(), error })
}

/// The folder that systemd gives a service (systemd.exec(5), `StateDirectory=`), else the user's (XDG Base Directory
/// Specification).
fn state_folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(folder) = variable("STATE_DIRECTORY") {
        return Some(folder);
    }
    let state = variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")))?;
    Some(state.join("miandan-agent"))
}

/// The certificate that `miandan-agent cert` has made, if it has.
fn own_certificate(folder: &Path) -> Option<TlsConfig> {
    let tls = crate::certificate::files(folder);
    (tls.certificate.is_file() && tls.key.is_file()).then_some(tls)
}
