//! From the arguments to the first answer. The order of the steps is in the documentation of the crate.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miandan_core::Code;
use miandan_core::pipe::{Answer, PROTOCOL, Ready, Subject};
use miandan_seal::lists::StatusPolicy;
use zeroize::Zeroizing;

use crate::arguments::{Passphrase, Serve};
use crate::channel::Channel;
use crate::files::{self, Fault, Secret};
use crate::label::Labeller;
use crate::sandbox::{self, Confined, Hidden, Refused};
use crate::serve;
use crate::state::MAX_STATE;
use crate::station::{Station, Unusable};
use crate::terminal::{self, NotTyped};
use crate::{REFUSED, USAGE, complain, warm};

/// What was read before the lock, to be parsed behind it.
#[derive(Default)]
pub(crate) struct Material {
    /// Station keys, the current one first.
    pub(crate) keys: Vec<Zeroizing<Vec<u8>>>,
    /// The passphrase of the keys.
    pub(crate) passphrase: Option<Zeroizing<Vec<u8>>>,
    /// Public files of issuers, and trust lists.
    pub(crate) trust: Vec<Vec<u8>>,
    /// Status lists.
    pub(crate) status_lists: Vec<Vec<u8>>,
    /// What a list that is missing or too old means.
    pub(crate) policy: StatusPolicy,
    /// Whether couriers' tokens are made.
    pub(crate) courier_token: bool,
    /// Lists of carriers' keys.
    pub(crate) carrier_lists: Vec<Vec<u8>>,
    /// What was remembered before.
    pub(crate) state: Option<Vec<u8>>,
}

/// Starts, serves, and ends.
pub(crate) fn start(arguments: Serve) -> ExitCode {
    if !sandbox::standard_input_is_channel() {
        complain(
            "error: miandan-component is started by miandan; it is not meant to be run by hand\n\
             hint: try `miandan print`, or `miandan doctor` for the state of the sandbox\n",
        );
        return ExitCode::from(USAGE);
    }
    let Ok(mut channel) = Channel::take() else {
        complain("error: the pipe from the host cannot be set up\nhint: is /dev/null there?\n");
        return ExitCode::from(REFUSED);
    };
    match before_the_lock(arguments) {
        Ok((material, labeller, confined)) => behind_the_lock(channel, material, labeller, confined),
        Err(refusal) => {
            complain(&refusal.words);
            refuse(&mut channel, refusal.code, Subject::Nothing)
        }
    }
}

/// Why there is no start, for the host and for whoever reads standard error.
struct Refusal {
    code: Code,
    words: String,
}

fn before_the_lock(arguments: Serve) -> Result<(Material, Labeller, Confined), Refusal> {
    let hidden: Hidden = sandbox::hide(arguments.switches)?;

    let keys = arguments.keys.iter().map(|path| open_secret("key", path)).collect::<Result<Vec<_>, _>>()?;
    let passphrase = match &arguments.passphrase {
        Passphrase::None => None,
        Passphrase::File(path) => Some(PassphraseSource::File(open_secret("passphrase file", path)?)),
        Passphrase::Typed => Some(PassphraseSource::Typed(terminal::ask().map_err(Refusal::not_typed)?)),
    };
    let trust = read_all("file of an issuer", Code::UnknownIssuer, &arguments.trust)?;
    let status_lists = read_all("status list", Code::StaleStatus, &arguments.status_lists)?;
    let carrier_lists = read_all("list of carriers", Code::StaleStatus, &arguments.carrier_lists)?;
    let state = arguments.state.as_deref().map(read_state).transpose()?.flatten();
    let labeller = warm::up();

    let confined = hidden.confine()?;
    sandbox::mute_standard_error().map_err(|_| Refusal::quiet(Code::SandboxUnavailable))?;

    let unreadable = |_| Refusal::quiet(Code::UnknownKey);
    let passphrase = passphrase.map(PassphraseSource::read).transpose().map_err(unreadable)?;
    let keys = keys.into_iter().map(Secret::read).collect::<Result<_, _>>().map_err(unreadable)?;
    let Serve { policy, courier_token, .. } = arguments;
    let material =
        Material { keys, passphrase, trust, status_lists, policy, courier_token, carrier_lists, state };
    Ok((material, labeller, confined))
}

/// A passphrase that is still to be read, or was typed.
enum PassphraseSource {
    File(Secret),
    Typed(Zeroizing<Vec<u8>>),
}

impl PassphraseSource {
    fn read(self) -> Result<Zeroizing<Vec<u8>>, Fault> {
        match self {
            PassphraseSource::File(file) => file.read(),
            PassphraseSource::Typed(typed) => Ok(typed),
        }
    }
}

fn open_secret(what: &str, path: &Path) -> Result<Secret, Refusal> {
    Secret::open(path).map_err(|fault| Refusal::file(Code::UnknownKey, what, path, fault))
}

fn read_all(what: &str, code: Code, paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Refusal> {
    let read =
        |path: &PathBuf| files::read_public(path).map_err(|fault| Refusal::file(code, what, path, fault));
    paths.iter().map(read).collect()
}

/// The first time there is no state yet.
fn read_state(path: &Path) -> Result<Option<Vec<u8>>, Refusal> {
    match files::read_public(path) {
        Ok(state) if state.len() <= MAX_STATE => Ok(Some(state)),
        Err(Fault::Missing) => Ok(None),
        Ok(_) => Err(Refusal::file(Code::AuthFailed, "state", path, Fault::TooLong)),
        Err(fault) => Err(Refusal::file(Code::AuthFailed, "state", path, fault)),
    }
}

/// Never returns, and never drops the pipe: closing it, and the usual end of a program, are system calls that the
/// filter does not let pass.
fn behind_the_lock(mut channel: Channel, material: Material, labeller: Labeller, confined: Confined) -> ! {
    let sandbox = match confined.lock() {
        Ok(report) => report,
        Err(refused) => refuse(&mut channel, refused.code, Subject::Nothing),
    };
    let station = match Station::parse(material) {
        Ok(station) => station,
        Err(Unusable { code, subject }) => refuse(&mut channel, code, subject),
    };
    let ready = Ready {
        protocol: PROTOCOL,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        station: station.id().to_owned(),
        sandbox,
    };
    let end = match channel.answer(&Answer::Ready(ready)) {
        Ok(()) => serve::serve(&mut channel, station, labeller),
        Err(error) => error,
    };
    sandbox::leave(serve::exit_status(end))
}

fn refuse(channel: &mut Channel, code: Code, subject: Subject) -> ! {
    // A host that does not listen learns it from the exit status.
    let _ = channel.answer(&Answer::Refused { code, subject });
    sandbox::leave(REFUSED)
}

impl Refusal {
    /// Standard error is closed to us: the code must do.
    fn quiet(code: Code) -> Self {
        Refusal { code, words: String::new() }
    }

    fn not_typed(why: NotTyped) -> Self {
        Refusal { code: Code::AuthFailed, words: format!("error: {why}\n") }
    }

    fn file(code: Code, what: &str, path: &Path, fault: Fault) -> Self {
        Refusal { code, words: format!("error: the {what} {} cannot be used: {fault}\n", path.display()) }
    }
}

impl From<Refused> for Refusal {
    fn from(Refused { code, reason }: Refused) -> Self {
        let hint = "no key was read; `miandan doctor` shows every layer of the sandbox";
        Refusal { code, words: format!("error: {code}: {reason}\nhint: {hint}\n") }
    }
}
