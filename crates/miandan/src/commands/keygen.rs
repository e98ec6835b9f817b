//! `miandan keygen`: key files.
//!
//! A station's or a carrier's key opens things, so it is made inside the component and this process never sees it.
//! An issuer's key only signs.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use miandan_print::spawn;
use miandan_seal::issue::IssuerKey;
use ring::rand::SystemRandom;
use serde_json::{Value, json};

use super::find_component;
use crate::args::{KeyKind, Keygen};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages;

pub fn run(console: Console, component: Option<&Path>, arguments: &Keygen) -> Outcome {
    let usage = |text: Text| Failure::new(Exit::Usage, "USAGE", text.get(console.language).to_owned());
    let hint = |text: Text| text.get(console.language);
    let Some(id) = arguments.id.as_deref().filter(|id| !id.is_empty()) else {
        return Err(usage(messages::KEY_NO_ID).hint(hint(messages::KEY_NO_ID_HINT)));
    };
    if arguments.kind != KeyKind::Station && !(arguments.group.is_empty() && arguments.merchant.is_empty()) {
        return Err(usage(messages::KEY_STATION_ONLY).hint(hint(messages::KEY_STATION_ONLY_HINT)));
    }
    let public = files::public_path(&arguments.out);
    for file in [&arguments.out, &public] {
        if file.symlink_metadata().is_ok() {
            let message = console.fill(messages::FILE_EXISTS, &[("file", &file.display())]);
            return Err(Failure::new(Exit::Usage, "EXISTS", message).hint(hint(messages::FILE_EXISTS_HINT)));
        }
    }
    let kid = match arguments.kind {
        KeyKind::Issuer => {
            if arguments.passphrase_file.is_some() {
                return Err(
                    usage(messages::KEY_ISSUER_PASSPHRASE).hint(hint(messages::KEY_ISSUER_PASSPHRASE_HINT))
                );
            }
            issuer(console, id, &arguments.out, &public)?
        }
        KeyKind::Station | KeyKind::Carrier => {
            if arguments.passphrase_file.is_none() && !arguments.no_passphrase {
                return Err(usage(messages::KEY_CHOOSE).hint(hint(messages::KEY_CHOOSE_HINT)));
            }
            in_component(console, component, id, arguments)?
        }
    };
    if console.json {
        console.data(&json!({"event": "key", "kid": kid, "file": arguments.out, "public": public}))?;
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

/// Writes a file that must not exist yet, so that no key is ever overwritten.
fn write_new(path: &Path, content: &[u8], mode: u32) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn in_component(
    console: Console,
    component: Option<&Path>,
    id: &str,
    arguments: &Keygen,
) -> Result<String, Failure> {
    let program = find_component(console, component)?;
    let broken = |why: &dyn std::fmt::Display| {
        let message = messages::KEYGEN_FAILED.get(console.language);
        Failure::new(Exit::Refused, "KEY", format!("{message}: {why}"))
            .hint(messages::KEYGEN_FAILED_HINT.get(console.language))
    };
    let whole =
        |path: &PathBuf| std::path::absolute(path).map_err(|error| files::unwritable(console, path, &error));
    let mut command = spawn::component_tool(&program).map_err(|error| broken(&error))?;
    command.arg("keygen").arg(if arguments.kind == KeyKind::Station { "station" } else { "carrier" });
    command.arg("--out").arg(whole(&arguments.out)?).arg("--id").arg(id);
    for group in &arguments.group {
        command.arg("--group").arg(group);
    }
    for merchant in &arguments.merchant {
        command.arg("--merchant").arg(merchant);
    }
    match &arguments.passphrase_file {
        Some(file) => command.arg("--passphrase-file").arg(whole(file)?),
        None => command.arg("--no-passphrase"),
    };
    let output = command.output().map_err(|error| broken(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default();
        return Err(broken(&said.trim_start_matches("error: ")));
    }
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|error| broken(&error))?;
    answer["kid"].as_str().map(str::to_owned).ok_or_else(|| broken(&"no kid"))
}
