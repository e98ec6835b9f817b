//! From the arguments to the first answer. The order of the steps is in the documentation of the crate.

use std::path::Path;
use std::process::ExitCode;

use miandan_core::Code;
use miandan_core::pipe::{Answer, PROTOCOL, Ready};
use zeroize::Zeroizing;

use crate::arguments::Serve;
use crate::channel::Channel;
use crate::files::{self, Fault, Secret};
use crate::label::Labeller;
use crate::sandbox::{self, Confined, Hidden, Refused};
use crate::serve;
use crate::station::Station;
use crate::{REFUSED, USAGE, complain, warm};

/// What was read before the lock, to be parsed behind it.
#[derive(Default)]
pub(crate) struct Material {
    /// Station keys, the current one first.
    pub(crate) keys: Vec<Zeroizing<Vec<u8>>>,
    /// The passphrase of the keys.
    pub(crate) passphrase: Option<Zeroizing<Vec<u8>>>,
    /// Public files of issuers.
    pub(crate) trust: Vec<Vec<u8>>,
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
            refuse(&mut channel, refusal.code)
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
    let passphrase = arguments.passphrase.map(|path| open_secret("passphrase file", &path)).transpose()?;
    let trust = arguments.trust.iter().map(|path| read_trust(path)).collect::<Result<Vec<_>, _>>()?;
    let labeller = warm::up();

    let confined = hidden.confine()?;
    sandbox::mute_standard_error().map_err(|_| Refusal::quiet(Code::SandboxUnavailable))?;

    let unreadable = |_| Refusal::quiet(Code::UnknownKey);
    let passphrase = passphrase.map(Secret::read).transpose().map_err(unreadable)?;
    let keys = keys.into_iter().map(Secret::read).collect::<Result<_, _>>().map_err(unreadable)?;
    Ok((Material { keys, passphrase, trust }, labeller, confined))
}

fn open_secret(what: &str, path: &Path) -> Result<Secret, Refusal> {
    Secret::open(path).map_err(|fault| Refusal::file(Code::UnknownKey, what, path, fault))
}

fn read_trust(path: &Path) -> Result<Vec<u8>, Refusal> {
    let file = |fault| Refusal::file(Code::UnknownIssuer, "public file of an issuer", path, fault);
    files::read_public(path).map_err(file)
}

/// Never returns, and never drops the pipe: closing it, and the usual end of a program, are system calls that the
/// filter does not let pass.
fn behind_the_lock(mut channel: Channel, material: Material, labeller: Labeller, confined: Confined) -> ! {
    let sandbox = match confined.lock() {
        Ok(report) => report,
        Err(refused) => refuse(&mut channel, refused.code),
    };
    let station = match Station::parse(material) {
        Ok(station) => station,
        Err(code) => refuse(&mut channel, code),
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

fn refuse(channel: &mut Channel, code: Code) -> ! {
    // A host that does not listen learns it from the exit status.
    let _ = channel.answer(&Answer::Refused(code));
    sandbox::leave(REFUSED)
}

impl Refusal {
    /// Standard error is closed to us: the code must do.
    fn quiet(code: Code) -> Self {
        Refusal { code, words: String::new() }
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
