//! With what the component is started, or which service is connected to: keys, issuers, lists, and a policy.

use std::path::{Path, PathBuf};

use miandan_core::Code;
use miandan_print::{ComponentOptions, ComponentPlace, KeyAge, RingKey, UnreadableFile};
use miandan_seal::TrustSet;
use miandan_seal::lists::{CarrierList, Enforcement, StatusPolicy};

use crate::args::{PolicyName, Station};
use crate::clock;
use crate::commands::{find_place, keys};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::language::Text;
use crate::messages::{self, keys as texts, services};
use crate::settings::{Origin, Settings};

/// What is started, or connected to, with what.
pub(super) fn component_options(
    console: Console,
    component: Option<&Path>,
    settings: &Settings,
    station: &Station,
) -> Result<ComponentOptions, Failure> {
    match find_place(console, component)? {
        place @ ComponentPlace::Program(_) => program(console, place, settings, station),
        place @ ComponentPlace::Service(_) => service(console, place, settings, station),
    }
}

/// A component that is started with the keys, issuers and lists that were named.
fn program(
    console: Console,
    place: ComponentPlace,
    settings: &Settings,
    arguments: &Station,
) -> Result<ComponentOptions, Failure> {
    let settings = settings.clone();
    let mut options = ComponentOptions::at(place);
    let keys = needed(console, settings.key.value, messages::NO_KEY_NAMED, messages::NO_KEY_NAMED_HINT)?;
    options.state = settings.state.value.or_else(|| ComponentOptions::state_beside(keys.first()?));
    options.keys = key_files(console, keys)?;
    let passphrase_file = settings.passphrase_file.value.filter(|_| !arguments.ask_passphrase);
    options.passphrase_file = passphrase_file.map(|file| files::credential(console, &file)).transpose()?;
    options.ask_passphrase = arguments.ask_passphrase;
    options.trust =
        needed(console, settings.trust.value, messages::NO_TRUST_NAMED, messages::NO_TRUST_NAMED_HINT)?;
    options.status_lists = settings.status_list.value;
    options.status_policy = StatusPolicy {
        enforcement: enforcement(console, settings.status_policy.value, &options.status_lists)?,
        max_age: settings.status_max_age.value,
    };
    options.courier_token = settings.courier_token.value;
    options.carrier_lists = settings.carrier_list.value;
    options.dangerous_without_sandbox = arguments.dangerous_without_sandbox;
    #[cfg(windows)]
    {
        options.dangerous_untested_sandbox = arguments.dangerous_untested_sandbox;
    }
    options
        .check_files()
        .map_err(|UnreadableFile { path, error }| files::unreadable(console, &path, &error))?;
    check_ends(console, &options.keys)?;
    check_carrier_lists(console, &options)?;
    Ok(options)
}

/// A service, which has keys, issuers, lists and a policy of its own. To pass over in silence what was named here would be
/// to print under other rules than somebody wanted.
fn service(
    console: Console,
    place: ComponentPlace,
    settings: &Settings,
    arguments: &Station,
) -> Result<ComponentOptions, Failure> {
    let typed = [
        ("ask-passphrase", arguments.ask_passphrase),
        ("dangerous-without-sandbox", arguments.dangerous_without_sandbox),
    ];
    let typed = typed.into_iter().find(|(_, given)| *given).map(|(name, _)| (name, Origin::Flag));
    if let Some((name, origin)) = typed.or_else(|| settings.of_the_station()) {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("setting", &name), ("origin", &origin)];
        let hint = services::HAS_ITS_OWN_HINT.get(console.language);
        return Err(
            Failure::new(Exit::Usage, "USAGE", console.fill(services::HAS_ITS_OWN, &values)).hint(hint)
        );
    }
    Ok(ComponentOptions::at(place))
}

/// What neither the command line nor a file names, and printing needs.
fn needed(console: Console, paths: Vec<PathBuf>, text: Text, hint: Text) -> Result<Vec<PathBuf>, Failure> {
    if paths.is_empty() {
        let message = text.get(console.language).to_owned();
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint.get(console.language)));
    }
    Ok(paths)
}

/// Every key file that is named, and those of every key ring.
fn key_files(console: Console, named: Vec<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in named {
        let path = files::credential(console, &path)?;
        if !path.is_dir() {
            found.push(path);
            continue;
        }
        let ring = keys::open(console, &path)?.files(clock::now());
        if ring.is_empty() {
            return Err(keys::empty(console, &path));
        }
        found.extend(ring);
    }
    Ok(found)
}

/// The policy that is named, or that goes with the lists.
fn enforcement(
    console: Console,
    named: Option<PolicyName>,
    lists: &[PathBuf],
) -> Result<Enforcement, Failure> {
    let named = named.map(|name| match name {
        PolicyName::Off => Enforcement::Off,
        PolicyName::Warn => Enforcement::Warn,
        PolicyName::Required => Enforcement::Required,
    });
    Enforcement::chosen(named, !lists.is_empty()).ok_or_else(|| {
        let message = texts::POLICY_NEEDS_LIST.get(console.language).to_owned();
        let hint = texts::POLICY_NEEDS_LIST_HINT.get(console.language);
        Failure::new(Exit::Usage, "USAGE", message).hint(hint)
    })
}

/// A list that should have been followed by another may name a key that was withdrawn, so the component seals to none of it.
/// It says nothing of that, since the labels are printed all the same; whoever wants the sealed part should know before.
/// Lists that are not sound are for the component to refuse.
fn check_carrier_lists(console: Console, options: &ComponentOptions) -> Result<(), Failure> {
    if options.carrier_lists.is_empty() {
        return Ok(());
    }
    let trust = options.trust.iter().map(|path| files::read(console, path));
    let trust = trust.collect::<Result<Vec<_>, _>>()?;
    let Ok(trust) = TrustSet::from_files(trust.iter().map(Vec::as_slice)) else { return Ok(()) };
    for path in &options.carrier_lists {
        let list = CarrierList::verify(&files::read(console, path)?, &trust);
        if let Some(list) = list.ok().filter(|list| clock::now() >= list.head().fresh_until()) {
            let next = clock::civil(list.head().next);
            let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &path.display()), ("next", &next)];
            console.say(&console.fill(texts::CARRIERS_STALE, &values));
        }
    }
    Ok(())
}

/// The component would say of every order that it is not sealed to this station. The public part beside a key file says
/// why, if it is there.
fn check_ends(console: Console, keys: &[PathBuf]) -> Result<(), Failure> {
    let now = clock::now();
    let mut ended = Vec::new();
    for key in keys.iter().filter_map(|key| RingKey::read(key.clone()).ok()) {
        if key.age(now) == KeyAge::Expired {
            let until = key.public.validity.exp.map(clock::civil).unwrap_or_default();
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("file", &key.file.display()), ("until", &until)];
            ended.push(console.fill(texts::KEY_ENDED, &values));
        }
    }
    if ended.len() == keys.len() {
        let message = format!("{}: {}", Code::UnknownKey, ended.remove(0));
        return Err(Failure::new(Exit::Refused, Code::UnknownKey.as_str(), message)
            .hint(texts::KEY_ENDED_HINT.get(console.language)));
    }
    ended.iter().for_each(|message| console.say(message));
    Ok(())
}
