//! `miandan keygen`: key files.
//!
//! A station's or a carrier's key opens things, so it is made inside the component and this process never sees it.
//! An issuer's key only signs.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use miandan_print::spawn;
use miandan_seal::issue::IssuerKey;
use miandan_seal::keys::public_path;
use ring::rand::SystemRandom;
use serde_json::{Value, json};

use super::find_program;
use crate::args::{KeyKind, Keygen, Passphrase};
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files::{self, credential};
use crate::language::Text;
use crate::messages;

pub fn run(console: Console, component: Option<&Path>, arguments: &Keygen) -> Outcome {
    let usage = |text: Text| Failure::new(Exit::Usage, "USAGE", text.get(console.language).to_owned());
    let hint = |text: Text| text.get(console.language);
    let Some(id) = arguments.id.as_deref().filter(|id| !id.is_empty()) else {
        return Err(usage(messages::KEY_NO_ID).hint(hint(messages::KEY_NO_ID_HINT)));
    };
    let stationary =
        arguments.group.is_empty() && arguments.merchant.is_empty() && arguments.expires.is_none();
    if arguments.kind != KeyKind::Station && !stationary {
        return Err(usage(messages::KEY_STATION_ONLY).hint(hint(messages::KEY_STATION_ONLY_HINT)));
    }
    let public = public_path(&arguments.out);
    for file in [&arguments.out, &public] {
        if file.symlink_metadata().is_ok() {
            let message = console.fill(messages::FILE_EXISTS, &[("file", &file.display())]);
            return Err(Failure::new(Exit::Usage, "EXISTS", message).hint(hint(messages::FILE_EXISTS_HINT)));
        }
    }
    let kid = match arguments.kind {
        KeyKind::Issuer => {
            if arguments.passphrase.passphrase_file.is_some() || arguments.passphrase.ask_passphrase {
                return Err(
                    usage(messages::KEY_ISSUER_PASSPHRASE).hint(hint(messages::KEY_ISSUER_PASSPHRASE_HINT))
                );
            }
            issuer(console, id, &arguments.out, &public)?
        }
        KeyKind::Station | KeyKind::Carrier => {
            let kind = if arguments.kind == KeyKind::Station { "station" } else { "carrier" };
            let key = NewKey {
                kind,
                out: &arguments.out,
                id,
                groups: &arguments.group,
                merchants: &arguments.merchant,
                nbf: None,
                exp: arguments.expires.map(|life| clock::now() + life),
                passphrase: &arguments.passphrase,
            };
            in_component(console, component, &key)?
        }
    };
    if console.json {
        console.data(&json!({"event": "key", "kid": kid, "file": files::text(&arguments.out), "public": files::text(&public)}))?;
    } else {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("kid", &kid), ("file", &arguments.out.display()), ("public", &public.display())];
        console.say(&console.fill(messages::KEY_MADE, &values));
        console.say(&console.fill(messages::KEY_CARE, &values));
    }
    Ok(Exit::Done)
}

fn issuer(console: Console, id: &str, out: &Path, public: &Path) -> Result<String, Failure> {
    let failed = |why: &dyn std::fmt::Display| {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &out.display()), ("why", why)];
        Failure::new(Exit::Usage, "KEY", console.fill(messages::BAD_KEY_FILE, &values))
            .hint(messages::KEY_NO_ID_HINT.get(console.language))
    };
    let key = IssuerKey::generate(id, &SystemRandom::new()).map_err(|error| failed(&error))?;
    let text = key.expose_text();
    write_new(out, text.as_bytes(), 0o600).map_err(|error| files::unwritable(console, out, &error))?;
    let text = key.public().to_text();
    write_new(public, text.as_bytes(), 0o644).map_err(|error| files::unwritable(console, public, &error))?;
    Ok(key.kid().to_string())
}

/// Writes a file that must not exist yet, so that no key is ever overwritten. Where there are no modes the permissions
/// are those of the folder.
fn write_new(
    path: &Path,
    content: &[u8],
    #[cfg_attr(not(unix), expect(unused))] mode: u32,
) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A key that the component is to make.
pub(super) struct NewKey<'a> {
    pub(super) kind: &'a str,
    pub(super) out: &'a Path,
    pub(super) id: &'a str,
    pub(super) groups: &'a [String],
    pub(super) merchants: &'a [String],
    pub(super) nbf: Option<u64>,
    pub(super) exp: Option<u64>,
    pub(super) passphrase: &'a Passphrase,
}

/// Lets the component make a key and answers its name.
pub(super) fn in_component(
    console: Console,
    component: Option<&Path>,
    key: &NewKey<'_>,
) -> Result<String, Failure> {
    let Passphrase { passphrase_file, ask_passphrase, no_passphrase } = key.passphrase;
    if passphrase_file.is_none() && !ask_passphrase && !no_passphrase {
        let message = messages::KEY_CHOOSE.get(console.language).to_owned();
        let hint = messages::KEY_CHOOSE_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    let mut arguments: Vec<OsString> = vec!["keygen".into(), key.kind.into()];
    arguments.extend(["--out".into(), whole(console, key.out)?, "--id".into(), key.id.into()]);
    for group in key.groups {
        arguments.extend(["--group".into(), group.into()]);
    }
    for merchant in key.merchants {
        arguments.extend(["--merchant".into(), merchant.into()]);
    }
    for (option, time) in [("--not-before", key.nbf), ("--expires", key.exp)] {
        if let Some(time) = time {
            arguments.extend([option.into(), time.to_string().into()]);
        }
    }
    arguments.extend(passphrase_arguments(console, passphrase_file.as_deref(), *ask_passphrase)?);
    let answer = run_tool(console, component, arguments, messages::KEYGEN_FAILED)?;
    Ok(answer["kid"].as_str().unwrap_or_default().to_owned())
}

/// The arguments that say where the component gets a passphrase from.
pub(super) fn passphrase_arguments(
    console: Console,
    file: Option<&Path>,
    ask: bool,
) -> Result<Vec<OsString>, Failure> {
    Ok(match file {
        Some(file) => vec!["--passphrase-file".into(), whole(console, &credential(console, file)?)?],
        None if ask => vec!["--ask-passphrase".into()],
        None => Vec::new(),
    })
}

/// A path that means the same in another folder.
pub(super) fn whole(console: Console, path: &Path) -> Result<OsString, Failure> {
    let whole = std::path::absolute(path).map_err(|error| files::unwritable(console, path, &error))?;
    Ok(whole.into_os_string())
}

/// Runs the component for something else than printing, and answers the public part that it printed.
pub(super) fn run_tool(
    console: Console,
    component: Option<&Path>,
    arguments: Vec<OsString>,
    failed: Text,
) -> Result<Value, Failure> {
    let program = find_program(console, component)?;
    let broken = |why: &dyn std::fmt::Display| {
        let message = failed.get(console.language);
        Failure::new(Exit::Refused, "KEY", format!("{message}: {why}"))
            .hint(messages::KEYGEN_FAILED_HINT.get(console.language))
    };
    let mut command = spawn::component_tool(&program).map_err(|error| broken(&error))?;
    let output = command.args(arguments).output().map_err(|error| broken(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default();
        return Err(broken(&said.trim_start_matches("error: ")));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| broken(&error))
}
