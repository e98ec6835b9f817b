//! What was typed, or rather what a host passed. Reading it does nothing else.
//!
//! A parser of our own: the component's tree stays short, and nothing here is for people at a keyboard.
//! It is strict: an unknown word, a missing value, an option given twice where once makes sense, all end the start.
//! Keys and passphrases come as names of files, never as values: arguments can be seen by every user.

use std::ffi::OsString;
use std::path::PathBuf;

use miandan_core::sandbox::Layer;

use crate::sandbox::Switches;

/// Keys at most: a key for each month of rotation, with room to spare.
const MAX_KEYS: usize = 8;

/// Issuers at most.
const MAX_TRUST: usize = 256;

/// How the component is used, for whoever asks.
pub(crate) const HELP: &str = "\
miandan-component is started by miandan and miandan-agent, with one end of a socket pair as standard input.

    miandan-component --key FILE... [--passphrase-file FILE] [--trust FILE...]
    miandan-component --without-key
    miandan-component keygen station --out FILE --id ID --merchant M... [--group G]...
                      [--passphrase-file FILE | --no-passphrase]
    miandan-component keygen carrier --out FILE --id CODE
    miandan-component --version

    --key FILE               a station key; several during rotation
    --passphrase-file FILE   the passphrase of the keys
    --trust FILE             the public file of an issuer whose orders may be printed
    --without-key            report the sandbox and open nothing

For tests and measurements only, reported to the host:
    --dangerous-without-sandbox
    --dangerous-without-layer NAME
";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Serve(Serve),
    Keygen(Keygen),
    Version,
    Help,
}

/// Serve a host.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Serve {
    /// Station keys, the current one first. None with `--without-key`.
    pub(crate) keys: Vec<PathBuf>,
    /// The passphrase of the keys.
    pub(crate) passphrase: Option<PathBuf>,
    /// Public files of issuers.
    pub(crate) trust: Vec<PathBuf>,
    /// Layers switched off.
    pub(crate) switches: Switches,
}

/// Make a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Keygen {
    pub(crate) kind: KeyKind,
    pub(crate) out: PathBuf,
    pub(crate) id: String,
    pub(crate) groups: Vec<String>,
    pub(crate) merchants: Vec<String>,
    pub(crate) passphrase: Option<PathBuf>,
}

/// Whose key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// Of a station: opens orders, signs couriers' tokens.
    Station,
    /// Of a carrier: opens the sealed part of a token.
    Carrier,
}

/// Reads the arguments, the name of the program left out.
///
/// # Errors
/// A sentence for standard error.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut words = Words(arguments.into_iter());
    match words.next() {
        None => Err("no arguments; a host passes --key FILE or --without-key".to_owned()),
        Some(word) if word == "--version" => words.finish(Command::Version),
        Some(word) if word == "--help" => words.finish(Command::Help),
        Some(word) if word == "keygen" => keygen(words).map(Command::Keygen),
        Some(word) => serve(word, words).map(Command::Serve),
    }
}

fn serve(first: OsString, mut words: Words<impl Iterator<Item = OsString>>) -> Result<Serve, String> {
    let mut serve = Serve::default();
    let mut without_key = false;
    let mut next = Some(first);
    while let Some(word) = next {
        match word.to_str() {
            Some("--key") => serve.keys.push(words.path("--key")?),
            Some("--passphrase-file") => {
                once(&mut serve.passphrase, words.path("--passphrase-file")?, "--passphrase-file")?;
            }
            Some("--trust") => serve.trust.push(words.path("--trust")?),
            Some("--without-key") => without_key = true,
            Some("--dangerous-without-sandbox") => serve.switches.everything = true,
            Some("--dangerous-without-layer") => {
                serve.switches.layers.push(layer(&words.text("--dangerous-without-layer")?)?);
            }
            _ => return Err(unknown(&word)),
        }
        next = words.next();
    }
    if without_key && (!serve.keys.is_empty() || serve.passphrase.is_some()) {
        return Err("--without-key goes with neither --key nor --passphrase-file".to_owned());
    }
    if !without_key && serve.keys.is_empty() {
        return Err("a host passes --key FILE or --without-key".to_owned());
    }
    if serve.keys.len() > MAX_KEYS || serve.trust.len() > MAX_TRUST {
        return Err(format!("at most {MAX_KEYS} times --key and {MAX_TRUST} times --trust"));
    }
    Ok(serve)
}

fn keygen(mut words: Words<impl Iterator<Item = OsString>>) -> Result<Keygen, String> {
    let kind = match words.text("keygen")?.as_str() {
        "station" => KeyKind::Station,
        "carrier" => KeyKind::Carrier,
        _ => return Err("keygen makes the key of a station or of a carrier".to_owned()),
    };
    let (mut out, mut id, mut passphrase) = (None, None, None);
    let (mut groups, mut merchants) = (Vec::new(), Vec::new());
    let mut no_passphrase = false;
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--out") => once(&mut out, words.path("--out")?, "--out")?,
            Some("--id") => once(&mut id, words.text("--id")?, "--id")?,
            Some("--group") => groups.push(words.text("--group")?),
            Some("--merchant") => merchants.push(words.text("--merchant")?),
            Some("--passphrase-file") => {
                once(&mut passphrase, words.path("--passphrase-file")?, "--passphrase-file")?;
            }
            Some("--no-passphrase") => no_passphrase = true,
            _ => return Err(unknown(&word)),
        }
    }
    if no_passphrase && passphrase.is_some() {
        return Err("either --passphrase-file or --no-passphrase".to_owned());
    }
    if kind == KeyKind::Carrier && !(groups.is_empty() && merchants.is_empty()) {
        return Err("--group and --merchant belong to a station, not to a carrier".to_owned());
    }
    if kind == KeyKind::Carrier && passphrase.is_some() {
        return Err("the key of a carrier goes to its couriers and has no passphrase".to_owned());
    }
    let out = out.ok_or("keygen needs --out FILE")?;
    let id = id.ok_or("keygen needs --id ID")?;
    Ok(Keygen { kind, out, id, groups, merchants, passphrase })
}

/// The words not yet read.
struct Words<I>(I);

impl<I: Iterator<Item = OsString>> Words<I> {
    fn next(&mut self) -> Option<OsString> {
        self.0.next()
    }

    fn path(&mut self, option: &str) -> Result<PathBuf, String> {
        let word = self.next().filter(|word| !word.is_empty());
        word.map(PathBuf::from).ok_or_else(|| format!("{option} needs a value"))
    }

    fn text(&mut self, option: &str) -> Result<String, String> {
        let word = self.next().filter(|word| !word.is_empty()).ok_or(format!("{option} needs a value"))?;
        word.into_string().map_err(|_| format!("the value of {option} is not UTF-8"))
    }

    fn finish(mut self, command: Command) -> Result<Command, String> {
        self.next().map_or(Ok(command), |word| Err(unknown(&word)))
    }
}

fn once<T>(place: &mut Option<T>, value: T, option: &str) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{option} is given twice")),
    }
}

fn layer(name: &str) -> Result<Layer, String> {
    Layer::ALL.iter().copied().find(|layer| layer.as_str() == name).ok_or_else(|| {
        let names: Vec<_> = Layer::ALL.iter().map(|layer| layer.as_str()).collect();
        format!("no layer has that name; there are {}", names.join(", "))
    })
}

fn unknown(word: &OsString) -> String {
    format!("unknown argument {}", word.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn what_a_host_passes() {
        let expected = Serve {
            keys: vec!["a.key".into(), "b.key".into()],
            passphrase: Some("word".into()),
            trust: vec!["i.pub".into(), "j.pub".into()],
            switches: Switches::default(),
        };
        let line = "--key a.key --trust i.pub --key b.key --passphrase-file word --trust j.pub";
        assert_eq!(read(line), Ok(Command::Serve(expected)));
        assert_eq!(read("--without-key"), Ok(Command::Serve(Serve::default())));
    }

    #[test]
    fn weakening_must_be_named() {
        let switches = |line: &str| match read(line) {
            Ok(Command::Serve(serve)) => serve.switches,
            other => panic!("{other:?}"),
        };
        assert!(switches("--without-key --dangerous-without-sandbox").everything);
        let one = switches("--without-key --dangerous-without-layer landlock");
        assert!(!one.wants(Layer::Landlock) && one.wants(Layer::Seccomp));
        assert!(read("--without-key --dangerous-without-layer walls").unwrap_err().contains("landlock"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "",
            "serve",
            "--key",
            "--trust i.pub",
            "--without-key --key a.key",
            "--without-key --passphrase-file word",
            "--key a --passphrase-file b --passphrase-file c",
            "--key=a",
            "--version now",
            "--key a --dangerous",
            "keygen",
            "keygen issuer --out a --id b",
            "keygen station --out a",
            "keygen station --id b",
            "keygen station --out a --id b --out c",
            "keygen station --out a --id b --passphrase-file p --no-passphrase",
            "keygen carrier --out a --id b --merchant m",
            "keygen carrier --out a --id b --passphrase-file p",
        ] {
            assert!(read(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn a_key_belongs_to_a_station_or_a_carrier() {
        let line = "keygen station --out s.key --id wh-3 --group east --merchant m1 --merchant m2";
        let expected = Keygen {
            kind: KeyKind::Station,
            out: "s.key".into(),
            id: "wh-3".to_owned(),
            groups: vec!["east".to_owned()],
            merchants: vec!["m1".to_owned(), "m2".to_owned()],
            passphrase: None,
        };
        assert_eq!(read(line), Ok(Command::Keygen(expected)));
        assert!(matches!(
            read("keygen carrier --out c.key --id sf --no-passphrase"),
            Ok(Command::Keygen(Keygen { kind: KeyKind::Carrier, passphrase: None, .. }))
        ));
    }
}
