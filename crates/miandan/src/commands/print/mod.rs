//! `miandan print`: sealed orders in, labels out. This process holds sealed orders and finished labels, nothing else.

mod again;
mod deliver;
mod form;
mod job;
mod plan;
mod printers;
mod queues;
mod watcher;

use std::io;
use std::path::{Path, PathBuf};

use miandan_core::Code;
use miandan_core::label::{Format, Purpose, Resolution};
use miandan_journal::PrintId;
use miandan_print::{ComponentOptions, ComponentPlace, KeyAge, Orders, OrdersError, RingKey};
use miandan_seal::lists::{Enforcement, StatusPolicy};

pub use again::{reprint, resume};
pub(super) use job::{PrintJob, template_failure};

use super::{find_place, fonts, keys};
use crate::args::{PolicyName, Print, Station, Target};
use crate::batches::{self, Job};
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages::{self, delivery as texts_delivery, keys as texts, services};
use crate::settings::{Origin, Settings};
use deliver::Run;
use plan::{Planned, Planner};
use printers::Printers;

pub fn run(console: Console, component: Option<&Path>, arguments: &Print, purpose: Purpose) -> Outcome {
    let mut settings = Settings::find(console, Some(arguments))?;
    let target = Target {
        out: settings.out.value.take(),
        dir: settings.dir.value.take(),
        printer: std::mem::take(&mut settings.printer.value),
    };
    check_target(console, &target)?;
    check_printers(console, &settings, arguments, &target, purpose)?;
    let (format, resolution) = form::find(console, &settings, arguments.format, &target)?;
    check_format(console, &target, format)?;
    let options = component_options(console, component, &settings, &arguments.station)?;
    let template = Template::find(console, &settings.template.value)?;
    let orders = open_orders(console, &arguments.input)?;
    let format = form::of_engine(console, format, arguments.pdf_engine, orders.len())?;
    let fonts = fonts::read(console, &settings.font.value)?;
    let job = PrintJob {
        console,
        orders: &orders,
        options: &options,
        template: &template,
        fonts: &fonts,
        missing: settings.missing_glyph.value.policy(),
        purpose,
    };
    if purpose == Purpose::Print && needs_journal(arguments, &target) {
        return print_planned(&job, &settings, arguments, &target, format, resolution);
    }
    job.run(&target, format, resolution, settings.workers.value)
}

/// Printers always have a journal. Files have one if somebody asks for it: by naming one with the command, or by what only a
/// journal can do. That a file of settings says where it is does not ask for it.
fn needs_journal(arguments: &Print, target: &Target) -> bool {
    let work = &arguments.work;
    !target.printer.is_empty()
        || arguments.delivery.journal.is_some()
        || work.batch.is_some()
        || !work.sort.is_empty()
        || work.reverse
        || work.group.is_some()
        || arguments.report.is_some()
}

/// Plans the batch in the journal, and prints what is in it.
fn print_planned(
    job: &PrintJob<'_>,
    settings: &Settings,
    arguments: &Print,
    target: &Target,
    format: Format,
    resolution: Resolution,
) -> Outcome {
    let console = job.console;
    let path = batches::journal_path(settings).ok_or_else(|| batches::no_place(console))?;
    let printers = match format {
        Format::Printer(profile) if !target.printer.is_empty() => {
            let name = settings.profile.value.as_deref();
            let profile = printers::profile_of(console, name, profile.language, resolution)?;
            Some(Printers::open(console, &target.printer, &profile)?)
        }
        _ => None,
    };
    let journal = batches::open_journal(console, &path)?;
    let now = clock::now();
    let mut planner = Planner {
        console,
        journal: &journal,
        path: &path,
        input: &arguments.input,
        orders: job.orders,
        now,
        refused: 0,
        unreadable: 0,
    };
    let description = Job {
        template: settings.template.value.clone(),
        profile: settings.profile.value.clone(),
        printers: target.printer.clone(),
        format: form::word(format).to_owned(),
        dpi: resolution.dpi(),
        missing_glyph: settings.missing_glyph.value.policy().as_str().to_owned(),
        fonts: settings.font.value.clone(),
    };
    let planned = planner.plan(&arguments.work, &description, &job.template.source)?;
    let (refused, unreadable) = (planner.refused, planner.unreadable);
    let Some(Planned { batch, folder }) = planned else {
        let exit = if refused > 0 { Exit::Duplicates } else { Exit::SomeFailed };
        return Err(Failure::new(
            exit,
            "DUPLICATES",
            texts_delivery::ALL_REFUSED.get(console.language).to_owned(),
        )
        .hint(texts_delivery::ALL_REFUSED_HINT.get(console.language)));
    };
    let orders = folder.orders().map_err(|error| batches::folder_failure(console, &error))?;
    let job = PrintJob { orders: &orders, ..*job };
    let failed = |error| batches::journal_failure(console, &path, &error);
    let open = journal.open_batch(batch.id, now).map_err(failed)?;
    let run = Run {
        job: &job,
        journal: &path,
        batch: &open,
        prints: (1..=batch.count).map(PrintId::first).collect(),
        format,
        resolution,
        workers: settings.workers.value,
        patience: again::patience(&arguments.delivery),
        refused,
        unreadable,
    };
    match printers {
        Some(printers) => run.to_printers(&printers, arguments.report.as_deref()),
        None => run.to_files(target, arguments.report.as_deref()),
    }
}

/// What is started, or connected to, with what.
fn component_options(
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
    // Beside what was named, not inside a folder that a system made for a credential.
    options.state = settings.state.value.or_else(|| state_path(keys.first()?));
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
    options.dangerous_without_sandbox = arguments.dangerous_without_sandbox;
    #[cfg(windows)]
    {
        options.dangerous_untested_sandbox = arguments.dangerous_untested_sandbox;
    }
    check_files(console, &options)?;
    check_ends(console, &options.keys)?;
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

/// Where the component's memory is kept if nobody says: `station.key.state` beside the key, `keys.state` beside a ring.
fn state_path(key: &Path) -> Option<PathBuf> {
    let mut name = key.file_name()?.to_owned();
    if name.to_str().is_some_and(|name| name.starts_with(files::CREDENTIAL)) {
        return None;
    }
    name.push(".state");
    Some(key.with_file_name(name))
}

/// The policy that is named; where none is, lists are obeyed if there are any.
fn enforcement(
    console: Console,
    named: Option<PolicyName>,
    lists: &[PathBuf],
) -> Result<Enforcement, Failure> {
    match named {
        Some(PolicyName::Off) => Ok(Enforcement::Off),
        Some(PolicyName::Warn) => Ok(Enforcement::Warn),
        None if lists.is_empty() => Ok(Enforcement::Off),
        None => Ok(Enforcement::Warn),
        Some(PolicyName::Required) if lists.is_empty() => {
            let message = texts::POLICY_NEEDS_LIST.get(console.language).to_owned();
            let hint = texts::POLICY_NEEDS_LIST_HINT.get(console.language);
            Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint))
        }
        Some(PolicyName::Required) => Ok(Enforcement::Required),
    }
}

/// Says early what clap cannot know.
fn check_target(console: Console, target: &Target) -> Result<(), Failure> {
    let Target { out, dir, printer } = target;
    if out.is_none() && dir.is_none() && printer.is_empty() {
        let message = messages::NO_TARGET.get(console.language).to_owned();
        let hint = messages::NO_TARGET_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    if console.json && out.as_deref().is_some_and(files::is_dash) {
        let message = messages::JSON_STDOUT.get(console.language).to_owned();
        let hint = messages::JSON_STDOUT_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    Ok(())
}

/// A printer is sent labels in its language, never a preview, and nobody guesses what it is.
fn check_printers(
    console: Console,
    settings: &Settings,
    arguments: &Print,
    target: &Target,
    purpose: Purpose,
) -> Result<(), Failure> {
    if target.printer.is_empty() {
        return Ok(());
    }
    let refuse = |text: Text, hint: Text| {
        let message = text.get(console.language).to_owned();
        Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint.get(console.language)))
    };
    if purpose == Purpose::Preview {
        return refuse(texts_delivery::NO_PREVIEW, texts_delivery::NO_PREVIEW_HINT);
    }
    if settings.profile.value.is_none() && arguments.format.is_none_or(|format| format.language().is_none()) {
        return refuse(texts_delivery::NEEDS_PROFILE, texts_delivery::NEEDS_PROFILE_HINT);
    }
    Ok(())
}

/// Which forms go into a file, and which into a folder.
fn check_format(console: Console, target: &Target, format: Format) -> Result<(), Failure> {
    let wrong = match format {
        Format::Pdf | Format::Png if !target.printer.is_empty() => {
            let values: [(&str, &dyn std::fmt::Display); 1] = [("format", &form::word(format))];
            let message = console.fill(texts_delivery::NOT_FOR_PRINTERS, &values);
            return Err(Failure::new(Exit::Usage, "USAGE", message)
                .hint(texts_delivery::NOT_FOR_PRINTERS_HINT.get(console.language)));
        }
        Format::Pdf if target.out.is_none() => "pdf",
        Format::Png if target.dir.is_none() => "png",
        _ => return Ok(()),
    };
    let message = console.fill(messages::FORMAT_TARGET, &[("format", &wrong)]);
    let hint = messages::FORMAT_TARGET_HINT.get(console.language);
    Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint))
}

/// The component answers a code, not a file name. So the host looks whether the files are there; it does not read them.
fn check_files(console: Console, options: &ComponentOptions) -> Result<(), Failure> {
    let named = options.keys.iter().chain(&options.passphrase_file).chain(&options.trust);
    for path in named.chain(&options.status_lists) {
        let found = std::fs::metadata(path).map_err(|error| files::unreadable(console, path, &error))?;
        if found.is_dir() {
            return Err(files::unreadable(console, path, &io::ErrorKind::IsADirectory.into()));
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

pub(super) fn open_orders(console: Console, input: &Path) -> Result<Orders, Failure> {
    let opened = if files::is_dash(input) { Orders::spool(io::stdin().lock()) } else { Orders::open(input) };
    opened.map_err(|error| match error {
        OrdersError::Read(error) | OrdersError::Spool(error) => files::unreadable(console, input, &error),
        _ => no_orders(console, input),
    })
}

/// The input has no order in it, or nothing that is one.
pub(super) fn no_orders(console: Console, input: &Path) -> Failure {
    let message = console.fill(messages::NO_ORDERS, &[("file", &input.display())]);
    Failure::new(Exit::Input, "INPUT", message).hint(messages::NO_ORDERS_HINT.get(console.language))
}

/// A template and what it is called in messages.
pub(super) struct Template {
    pub(super) name: String,
    pub(super) source: Vec<u8>,
}

impl Template {
    /// A label that is shipped, by its name, else a file.
    pub(super) fn find(console: Console, name: &str) -> Result<Self, Failure> {
        if let Some(label) = miandan_templates::find(name) {
            return Ok(Template { name: name.to_owned(), source: label.template.as_bytes().to_vec() });
        }
        let path = PathBuf::from(name);
        match std::fs::read(&path) {
            Ok(source) => Ok(Template { name: name.to_owned(), source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let shipped: Vec<_> = miandan_templates::LABELS.iter().map(|label| label.name).collect();
                let values: [(&str, &dyn std::fmt::Display); 1] = [("shipped", &shipped.join(", "))];
                let message = console.fill(messages::NO_TEMPLATE, &[("name", &name)]);
                let hint = console.fill(messages::NO_TEMPLATE_HINT, &values);
                Err(Failure::new(Exit::Input, "INPUT", message).hint(hint))
            }
            Err(error) => Err(files::unreadable(console, &path, &error)),
        }
    }
}
