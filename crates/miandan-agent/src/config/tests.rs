use super::*;
use crate::protocol::{Generation, Platform};
use miandan_print::ComponentPlace;

/// A folder with what a configuration names.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["component", "station.key", "issuer.pub", "withdrawn.json"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    folder
}

const LEAST: &str = r#"
folder = "state"
component = "component"
key = "station.key"
trust = "issuer.pub"
[printers.desk]
uri = "file:labels/"
profile = "tsc"
"#;

fn read(text: &str) -> Result<Config, ConfigError> {
    let folder = folder();
    Config::parse(text, folder.path(), 0)
}

fn refused(text: &str) -> String {
    read(text).err().unwrap_or_else(|| panic!("accepted: {text}")).to_string()
}

#[test]
fn a_few_lines_are_a_station() {
    let folder = folder();
    let config = Config::parse(LEAST, folder.path(), 0).unwrap();
    assert_eq!(config.journal, folder.path().join("state/journal.db"));
    assert_eq!(config.component.keys, [folder.path().join("station.key")]);
    assert_eq!(config.component.state, Some(folder.path().join("station.key.state")));
    assert_eq!(config.default_printer.as_deref(), Some("desk"), "the only one");
    let cainiao = DialectConfig {
        platform: Platform::Cainiao,
        generation: Generation::V1,
        ws: vec![13528],
        wss: Vec::new(),
    };
    assert_eq!(config.dialects, [cainiao], "no wss without a certificate");
    assert_eq!((config.previews, config.admin), (13525, 13530));
    assert!(config.origins.native && config.origins.allow.is_empty());
    assert!(!config.plain_waybills);
    assert_eq!(config.limits, Limits::default());
}

#[test]
fn everything_can_be_said() {
    let folder = folder();
    let text = r#"
language = "en"
folder = "state"
journal = "j.db"
component = "component"
components = 3
key = ["station.key"]
trust = ["issuer.pub"]
status_list = "withdrawn.json"
status_policy = "required"
status_max_age = "24h"
courier_token = true
state = "memory"
missing_glyph = "box"
default_printer = "bench"
default_template = "one-part-76x130"
plain = "waybills"
patience = "90s"
[printers.desk]
uri = "socket://192.0.2.7"
profile = "tsc"
[printers.bench]
uri = "file:labels/"
profile = "zebra"
[templates]
"https://erp.example/yto" = "yto-76x130"
[dialects.cainiao]
generation = "0.x"
[dialects.xiaohongshu]
ws = [10818]
[dialects.douyin]
ws = 14000
wss = false
[origins]
allow = ["HTTPS://ERP.example:443"]
hosts = ["Print.station.example"]
native = false
[previews]
port = 14001
keep = "5m"
[admin]
port = 14002
[limits]
connections = 10
waiting = 11
waiting_of_one = 12
keep = 0
messages_per_second = 13
"#;
    let config = Config::parse(text, folder.path(), 0).unwrap();
    assert_eq!(config.language, Language::English);
    assert_eq!((config.components, config.patience.as_secs()), (Some(3), 90));
    assert_eq!(config.component.status_policy.max_age, Some(86_400));
    assert!(config.component.courier_token && config.plain_waybills && !config.origins.native);
    assert!(config.origins.allow.contains("https://erp.example"));
    assert!(config.origins.hosts.contains("print.station.example"));
    assert_eq!(config.printers.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["bench", "desk"]);
    let of = |platform| config.dialects.iter().find(|dialect| dialect.platform == platform).unwrap();
    assert_eq!(of(Platform::Cainiao).generation, Generation::V0);
    assert_eq!(of(Platform::Douyin).ws, [14_000]);
    assert_eq!(of(Platform::Xiaohongshu).ws, [10_818]);
    let Limits { connections, waiting, waiting_of_one, keep, messages_per_second } = config.limits;
    assert_eq!(keep, 0);
    assert_eq!((connections, waiting, waiting_of_one, messages_per_second), (10, 11, 12, 13));
}

#[test]
fn what_is_wrong_is_named() {
    let with = |more: &str| refused(&format!("{more}\n{LEAST}"));
    assert!(
        with("languag = 'zh'").starts_with("line 1: unknown field `languag`"),
        "{}",
        with("languag = 'zh'")
    );
    assert_eq!(with("language = 'fr'"), "language: zh, en is possible");
    assert_eq!(
        with("patience = '10'"),
        "patience: a number and a unit, such as 90s, 10m, 24h or 7d, is possible"
    );
    assert_eq!(with("components = 0"), "components: a number from 1 on is possible");
    assert_eq!(with("status_policy = 'required'"), "status_list is missing");
    assert_eq!(with("default_printer = 'x'"), "default_printer: a name of [printers] is possible");
    let after = |more: &str| refused(&format!("{LEAST}{more}"));
    assert!(after("[dialects.taobao]").starts_with("dialects.taobao: cainiao, douyin"));
    assert!(after("[dialects.cainiao]\nws = 0").contains("a port from 1"));
    assert!(after("[dialects.cainiao]\nwss = 13529").contains("[tls]"));
    assert_eq!(after("[admin]\nport = 13528"), "port 13528 is named twice");
    assert!(after("[origins]\nallow = ['https://erp.example/path']").contains("origins.allow"));
    assert!(after("[origins]\nhosts = ['a:b/c']").contains("origins.hosts"));
    assert!(after("[templates]\n'a.example' = 'no-such-label'").starts_with("template no-such-label: "));
    assert!(
        after("[printers.other]\nuri = 'desk'\nprofile = 'tsc'")
            .starts_with("printer other: a device begins")
    );
    assert!(after("[printers.'a\tb']\nuri = 'file:x'\nprofile = 'tsc'").starts_with("printers: "));
    assert_eq!(refused(&LEAST.replace("trust = \"issuer.pub\"", "")), "trust is missing");
    assert_eq!(refused(&LEAST.replace("key = \"station.key\"", "")), "key is missing");
    assert!(refused(&LEAST.replace("station.key", "nowhere.key")).contains("nowhere.key"));
    let credential = refused(&LEAST.replace("\"station.key\"", "\"credential:station.key\""));
    assert!(credential.starts_with("credential:station.key is not there"), "{credential}");
    assert!(refused(&LEAST.replace("= \"component\"", "= \"elsewhere\"")).contains("was not found at"));
    assert!(refused(&LEAST.replace("\"tsc\"", "\"nowhere.toml\"")).contains("nowhere.toml"));
    assert_eq!(refused("folder = 'x'\ncomponent = 'unix:/run/x'\n"), "[printers.NAME] is missing");
}

#[test]
fn a_service_has_its_own() {
    let text = LEAST.replace("\"component\"", "\"unix:/run/miandan/component.sock\"");
    assert_eq!(refused(&text), "key is the service's to say: the component is at a socket");
    let config = read(&text.replace("key = \"station.key\"\ntrust = \"issuer.pub\"\n", "")).unwrap();
    assert!(matches!(config.component.place, ComponentPlace::Service(_)));
}

#[test]
fn a_station_joins_a_fleet_with_five_lines() {
    let folder = folder();
    std::fs::write(folder.path().join("station.nk"), "st-01:secret").unwrap();
    let fleet = "[fleet]\nurl = \"tls://nats.example:4222\"\nsite = \"hz\"\nstation = \"st-01\"\n";
    let more = "credential = \"station.nk\"\n[fleet.takes.desk]\ncarriers = [\"SF\"]\n";
    let config = Config::parse(&format!("{LEAST}{fleet}{more}"), folder.path(), 0).unwrap();
    let member = config.fleet.unwrap().member.unwrap();
    assert_eq!(member.station.to_string(), "hz/st-01");
    assert_eq!(member.takes["desk"].carriers, ["SF"]);
    assert!(member.access.credential.is_some());
    assert!(Config::parse(LEAST, folder.path(), 0).unwrap().fleet.is_none());

    // Who only looks is no station.
    std::fs::write(folder.path().join("viewer"), "viewer:secret").unwrap();
    let looks = format!("{LEAST}[fleet]\nurl = \"nats://127.0.0.1:4222\"\noverview = \"viewer\"\n");
    let config = Config::parse(&looks, folder.path(), 0).unwrap().fleet.unwrap();
    assert!(config.member.is_none() && config.overview.is_some());
}

#[test]
fn a_fleet_that_makes_no_sense_is_refused() {
    let with = |fleet: &str| refused(&format!("{LEAST}[fleet]\n{fleet}"));
    let whole = "url = \"nats://127.0.0.1:4222\"\nsite = \"hz\"\nstation = \"st-01\"\n";
    for (fleet, part) in [
        ("url = \"nats://127.0.0.1:4222\"\nsite = \"hz\"\n", "fleet.station is missing"),
        ("url = \"127.0.0.1\"\nsite = \"hz\"\nstation = \"st-01\"\n", "fleet.url"),
        ("url = \"nats://a:secret@host\"\nsite = \"hz\"\nstation = \"st-01\"\n", "fleet.url"),
        ("url = \"nats://127.0.0.1:4222\"\nsite = \"h z\"\nstation = \"st-01\"\n", "fleet.site"),
        (&format!("{whole}[fleet.takes.bench]\n"), "fleet.takes.bench"),
        (&format!("{whole}credential = \"none\"\n"), "none"),
        (&format!("{whole}credential = \"station.key\"\n"), "no credential"),
        (&format!("{whole}topic = 1\n"), "topic"),
    ] {
        let said = with(fleet);
        assert!(said.contains(part) && !said.contains("secret"), "{fleet}: {said}");
    }
}
