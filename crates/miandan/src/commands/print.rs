//! `miandan print`: sealed orders in, labels out. This process holds sealed orders and finished labels, nothing else.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{Purpose, Resolution};
use miandan_core::masking::Warning;
use miandan_core::pipe::{Place, Ready, StateAnswer, Warnings};
use miandan_print::{
    Batch, ComponentOptions, ComponentPlace, FolderOutput, FontError, KeyAge, LabelOutcome, Observer, Orders,
    OrdersError, OutputError, PdfOutput, PrintError, RingKey, Summary, TemplateError,
};
use miandan_render::template::Problem;
use miandan_seal::limits::SKEW;
use miandan_seal::lists::{Enforcement, StatusPolicy};
use serde_json::{Value, json};

use super::fonts::{self, FontFile};
use super::{component_broke, find_place, keys, mention_sandbox, mode, sandbox_json, start_failure};
use crate::args::{FormatName, PolicyName, Print, Target};
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::interrupt::{self, Written};
use crate::language::Text;
use crate::messages::{self, fonts as font_texts, keys as texts, services};
use crate::progress;
use crate::settings::{Origin, Settings};

/// Failed orders that are named to a person one by one, and labels with a field that could not be understood.
const NAMED: usize = 20;

/// Labels without a door that are named one by one. Every village and many a shop has none, so there are more of them
/// than anybody reads, and fewer of the others would be seen.
const DOORLESS_NAMED: usize = 3;

pub fn run(console: Console, component: Option<&Path>, arguments: &Print, purpose: Purpose) -> Outcome {
    let mut settings = Settings::find(console, Some(arguments))?;
    let target = Target { out: settings.out.value.take(), dir: settings.dir.value.take() };
    check_target(console, &target, arguments.format)?;
    let options = match find_place(console, component)? {
        place @ ComponentPlace::Program(_) => program(console, place, &settings, arguments)?,
        place @ ComponentPlace::Service(_) => service(console, place, &settings, arguments)?,
    };
    let template = Template::find(console, &settings.template.value)?;
    let orders = open_orders(console, &arguments.input)?;
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
    job.run(&target, Resolution::from_dpi(settings.dpi.value).unwrap_or_default(), settings.workers.value)
}

/// A component that is started with the keys, issuers and lists that were named.
fn program(
    console: Console,
    place: ComponentPlace,
    settings: &Settings,
    arguments: &Print,
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
    arguments: &Print,
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
fn check_target(console: Console, target: &Target, format: Option<FormatName>) -> Result<(), Failure> {
    let Target { out, dir } = target;
    if out.is_none() && dir.is_none() {
        let message = messages::NO_TARGET.get(console.language).to_owned();
        let hint = messages::NO_TARGET_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    let wrong = match format {
        Some(FormatName::Pdf) if dir.is_some() => Some("pdf"),
        Some(FormatName::Png) if out.is_some() => Some("png"),
        _ => None,
    };
    if let Some(format) = wrong {
        let message = console.fill(messages::FORMAT_TARGET, &[("format", &format)]);
        let hint = messages::FORMAT_TARGET_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    if console.json && out.as_deref().is_some_and(files::is_dash) {
        let message = messages::JSON_STDOUT.get(console.language).to_owned();
        let hint = messages::JSON_STDOUT_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    Ok(())
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
        if let Some(source) = miandan_render::shipped::find(name) {
            return Ok(Template { name: name.to_owned(), source: source.as_bytes().to_vec() });
        }
        let path = PathBuf::from(name);
        match std::fs::read(&path) {
            Ok(source) => Ok(Template { name: name.to_owned(), source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let shipped: Vec<_> = miandan_render::shipped::names().collect();
                let values: [(&str, &dyn std::fmt::Display); 1] = [("shipped", &shipped.join(", "))];
                let message = console.fill(messages::NO_TEMPLATE, &[("name", &name)]);
                let hint = console.fill(messages::NO_TEMPLATE_HINT, &values);
                Err(Failure::new(Exit::Input, "INPUT", message).hint(hint))
            }
            Err(error) => Err(files::unreadable(console, &path, &error)),
        }
    }
}

/// A batch with everything that it needs but its target.
pub(super) struct PrintJob<'a> {
    pub(super) console: Console,
    pub(super) orders: &'a Orders,
    pub(super) options: &'a ComponentOptions,
    pub(super) template: &'a Template,
    pub(super) fonts: &'a [FontFile],
    pub(super) missing: MissingGlyph,
    pub(super) purpose: Purpose,
}

impl PrintJob<'_> {
    /// Prints to the target and says what came of it.
    pub(super) fn run(&self, target: &Target, resolution: Resolution, workers: Option<u16>) -> Outcome {
        let console = self.console;
        let mut batch = Batch::new(self.orders, self.options, &self.template.source);
        batch.resolution = resolution;
        batch.purpose = self.purpose;
        batch.fonts = self.fonts.iter().map(|font| font.bytes.clone()).collect();
        batch.missing = self.missing;
        batch.now = clock::now();
        if let Some(workers) = workers {
            batch.workers = workers.into();
        }
        // Where signals cannot be caught, Ctrl-C ends the program as it ends any other.
        let asked = interrupt::watch().ok();
        batch.cancel = asked.as_deref();
        let mut watcher = Watcher::new(console, self.orders, self.options);
        let began = Instant::now();
        let (printed, path) = match (&target.out, &target.dir) {
            (Some(path), _) if files::is_dash(path) => (
                PdfOutput::stream(path, io::stdout())
                    .map_err(PrintError::from)
                    .and_then(|output| batch.print(output, &mut watcher)),
                path,
            ),
            (Some(path), _) => (
                create(path).map_err(PrintError::from).and_then(|output| batch.print(output, &mut watcher)),
                path,
            ),
            (None, Some(folder)) => (
                FolderOutput::create(folder)
                    .map_err(PrintError::from)
                    .and_then(|output| batch.print(output, &mut watcher)),
                folder,
            ),
            (None, None) => unreachable!("a target was checked for"),
        };
        let took = began.elapsed();
        let codes = watcher.finish()?;
        let summary = printed.map_err(|error| self.failure(error, target))?;
        self.conclude(&summary, &codes, took, path)
    }

    fn conclude(&self, summary: &Summary, codes: &[Code], took: Duration, target: &Path) -> Outcome {
        let console = self.console;
        let seconds = took.as_secs_f64();
        let rate = summary.done as f64 / seconds.max(1e-9);
        if console.json {
            console.data(&without_nulls(json!({
                "event": "summary",
                "done": summary.done,
                "pages": summary.pages,
                "failed": summary.failed,
                "warned": summary.warned,
                "target": if summary.done > 0 { json!(files::text(target)) } else { Value::Null },
                "seconds": (seconds * 1e3).round() / 1e3,
                "labels_per_second": rate.round(),
            })))?;
        }
        let target = target.display();
        let (seconds, rate) = (format!("{seconds:.2}"), format!("{rate:.0}"));
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("done", &summary.done),
            ("failed", &summary.failed),
            ("seconds", &seconds),
            ("rate", &rate),
            ("target", &target),
        ];
        match (summary.done, summary.failed) {
            (_, 0) => console.say(&console.fill(messages::PRINTED, &values)),
            (0, _) if !console.json => {
                // Nothing came of it: even a quiet run says so.
                let word = messages::ERROR.get(console.language);
                console.complain(&format_args!("{word}: {}", console.fill(messages::PRINTED_NONE, &values)));
            }
            _ => console.say(&console.fill(messages::PRINTED_SOME, &values)),
        }
        if !console.json && (summary.done == 0 || !console.quiet) {
            self.advise(codes);
        }
        Ok(exit_for(summary, codes))
    }

    /// What can be done about the codes that occurred.
    fn advise(&self, codes: &[Code]) {
        let language = self.console.language;
        let word = messages::HINT.get(language);
        for code in codes {
            let (_, hint) = messages::code(*code);
            let which = if codes.len() > 1 { format!("{code}: ") } else { String::new() };
            self.console.complain(&format_args!("{word}: {which}{}", hint.get(language)));
        }
    }

    fn failure(&self, error: PrintError, target: &Target) -> Failure {
        let console = self.console;
        match error {
            PrintError::Start(error) => start_failure(console, &error, self.options),
            PrintError::Font { place, error: FontError::Refused(problem) } => {
                let path = self.fonts.get(place).map_or(Path::new(""), |font| &font.path);
                fonts::refused(console, path, problem)
            }
            PrintError::Template(TemplateError::Refused { code, problem, line, column }) => {
                template_failure(console, &self.template.name, code, problem, line, column)
            }
            PrintError::Output(OutputError { error, .. }) if error.kind() == io::ErrorKind::BrokenPipe => {
                console.output_failure(&error)
            }
            PrintError::Output(OutputError { path, error }) => files::unwritable(console, &path, &error),
            PrintError::Cancelled => {
                let (path, hint) = match (&target.out, &target.dir) {
                    (Some(path), _) => (path.display(), messages::INTERRUPTED_OUT),
                    (_, folder) => {
                        (folder.as_deref().unwrap_or(Path::new("")).display(), messages::INTERRUPTED_DIR)
                    }
                };
                let message = messages::INTERRUPTED.get(console.language).to_owned();
                Failure::new(Exit::Interrupted, "INTERRUPTED", message)
                    .hint(console.fill(hint, &[("target", &path)]))
            }
            PrintError::Orders(error) => files::unreadable(console, Path::new("-"), &error),
            _ => component_broke(console),
        }
    }
}

/// Begins a PDF that a second Ctrl-C takes away.
fn create(path: &Path) -> Result<PdfOutput, OutputError> {
    let mut written = interrupt::written();
    let output = PdfOutput::create(path)?;
    *written = output.unfinished().map_or(Written::Nothing, |file| Written::Unfinished(file.to_path_buf()));
    Ok(output)
}

/// What is known of withdrawals, issuer by issuer; nothing where nobody asked.
fn status_json(state: &StateAnswer) -> Value {
    let rows = state
        .status
        .iter()
        .map(|of| without_nulls(json!({"issuer": of.issuer, "issued_at": of.issued_at, "stale": of.stale})));
    if state.status.is_empty() { Value::Null } else { rows.collect() }
}

/// Says so if the clock is behind, or a status list is missing or too old.
fn mention_state(console: Console, state: &StateAnswer) {
    if state.time > clock::now() + SKEW {
        console.say(&console.fill(texts::CLOCK_BEHIND, &[("time", &clock::civil(state.time))]));
    }
    for of in state.status.iter().filter(|of| of.stale) {
        let (text, time) = match of.issued_at {
            None => (texts::STATUS_NONE, String::new()),
            Some(time) => (texts::STATUS_STALE, clock::civil(time)),
        };
        console.say(&console.fill(text, &[("issuer", &of.issuer), ("time", &time)]));
    }
}

/// What is wrong with a template, and where.
pub(super) fn template_failure(
    console: Console,
    name: &str,
    code: Code,
    problem: Problem,
    line: u32,
    column: u32,
) -> Failure {
    let what = messages::template::text(problem, console.language);
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("file", &name), ("line", &line), ("column", &column), ("problem", &what)];
    let message = format!("{code}: {}", console.fill(messages::BAD_TEMPLATE, &values));
    Failure::new(Exit::Input, code.as_str(), message)
        .hint(messages::template::hint(problem, console.language))
}

/// Which exit code a batch earns: a key or an issuer that is wrong for every order is not the same as a few bad orders.
fn exit_for(summary: &Summary, codes: &[Code]) -> Exit {
    let refused = |code: &Code| {
        matches!(code, Code::UnknownIssuer | Code::UnknownKey | Code::BadSignature | Code::AuthFailed)
    };
    match (summary.done, summary.failed) {
        (_, 0) => Exit::Done,
        (0, _) if codes.iter().all(refused) => Exit::Refused,
        (0, _) if codes == [Code::Malformed] => Exit::Input,
        _ => Exit::SomeFailed,
    }
}

/// Follows a batch: a bar for a person, events for a machine, and a word on each order that failed.
struct Watcher<'a> {
    console: Console,
    orders: &'a Orders,
    options: &'a ComponentOptions,
    bar: ProgressBar,
    failed: usize,
    unread: usize,
    doorless: usize,
    codes: Vec<Code>,
    /// Standard output went away while events were written; told at the end.
    broken: Option<Failure>,
}

impl<'a> Watcher<'a> {
    fn new(console: Console, orders: &'a Orders, options: &'a ComponentOptions) -> Self {
        let bar = progress::bar(console, orders.len());
        Watcher {
            console,
            orders,
            options,
            bar,
            failed: 0,
            unread: 0,
            doorless: 0,
            codes: Vec::new(),
            broken: None,
        }
    }

    /// The kinds of failure that occurred.
    fn finish(self) -> Result<Vec<Code>, Failure> {
        self.bar.finish_and_clear();
        for (count, named, text) in [
            (self.failed, NAMED, messages::MORE_FAILED),
            (self.unread, NAMED, messages::MORE_UNREAD),
            (self.doorless, DOORLESS_NAMED, messages::MORE_DOORLESS),
        ] {
            if count > named {
                self.console.say(&self.console.fill(text, &[("count", &(count - named))]));
            }
        }
        self.broken.map_or(Ok(self.codes), Err)
    }

    fn event(&mut self, event: Value) {
        if self.broken.is_none() {
            self.broken = self.console.data(&without_nulls(event)).err();
        }
    }

    /// Names the order, the fields of it that were not masked as fields usually are, and what is odd about its label.
    fn warn(&mut self, index: u32, warnings: Warnings) {
        let doorless = warnings.iter().all(|(_, warning)| warning == Warning::NoDoorFound)
            && warnings.notes().next().is_none()
            && warnings.boxed().next().is_none();
        let (count, named) =
            if doorless { (&mut self.doorless, DOORLESS_NAMED) } else { (&mut self.unread, NAMED) };
        *count += 1;
        if *count > named {
            return;
        }
        let language = self.console.language;
        let order =
            self.names(index).0.unwrap_or_else(|| messages::UNREADABLE_ORDER.get(language).to_owned());
        for (field, warning) in warnings.iter() {
            let why = messages::warning(warning).get(language);
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("index", &index), ("order", &order), ("field", &field), ("why", &why)];
            self.bar.suspend(|| self.console.say(&self.console.fill(messages::LABEL_WARNED, &values)));
        }
        for field in warnings.boxed() {
            let field = field.map_or("", FieldId::as_str);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("index", &index), ("order", &order), ("field", &field)];
            let text = if field.is_empty() { font_texts::BOXED } else { font_texts::BOXED_FIELD };
            self.bar.suspend(|| self.console.say(&self.console.fill(text, &values)));
        }
        for note in warnings.notes() {
            let why = messages::label_warning(note).get(language);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("index", &index), ("order", &order), ("why", &why)];
            self.bar.suspend(|| self.console.say(&self.console.fill(messages::LABEL_NOTED, &values)));
        }
    }

    /// Order id and waybill number of an order, from its clear header.
    fn names(&self, index: u32) -> (Option<String>, Option<String>) {
        let mut buffer = Vec::new();
        let index = index as usize - 1;
        let read = self.orders.read(index..index + 1, &mut buffer);
        match read.ok().and_then(|_| miandan_seal::inspect(&buffer).ok()) {
            Some(inspected) => (Some(inspected.order_id), Some(inspected.waybill_no)),
            None => (None, None),
        }
    }
}

impl Observer for Watcher<'_> {
    fn state_lost(&mut self, error: &io::Error) {
        let file = self.options.state.as_deref().unwrap_or(Path::new("")).display();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &file), ("why", &files::why(error))];
        self.bar.suspend(|| self.console.say(&self.console.fill(texts::STATE_LOST, &values)));
    }

    fn ready(&mut self, ready: &Ready, state: &StateAnswer) {
        if self.console.json {
            self.event(json!({
                "event": "ready",
                "version": ready.version,
                "station": ready.station,
                "orders": self.orders.len(),
                "mode": mode(&self.options.place),
                "sandbox": sandbox_json(&ready.sandbox),
                "time": state.time,
                "status": status_json(state),
            }));
        } else {
            self.bar.suspend(|| {
                mention_sandbox(self.console, &ready.sandbox);
                mention_state(self.console, state);
            });
        }
    }

    fn label(&mut self, label: &LabelOutcome) {
        self.bar.inc(1);
        let index = label.number.index;
        let code = label.result.err().map(|failure| failure.code);
        let place = label.result.err().and_then(|failure| failure.place);
        if let Some(code) = code {
            self.failed += 1;
            if !self.codes.contains(&code) {
                self.codes.push(code);
            }
        }
        if self.console.json {
            let (order, waybill) = self.names(index);
            self.event(json!({
                "event": if code.is_none() { "label" } else { "failed" },
                "index": index,
                "order": order,
                "waybill": waybill,
                "bytes": label.result.ok(),
                "warnings": warnings_json(label.warnings),
                "code": code.map(Code::as_str),
                "field": label.result.err().and_then(|failure| failure.field).map(|field| field.as_str()),
                "line": place.map(|place| place.line),
                "column": place.map(|place| place.column),
            }));
        } else if let Err(failure) = label.result
            && self.failed <= NAMED
        {
            let language = self.console.language;
            let unreadable = || messages::UNREADABLE_ORDER.get(language).to_owned();
            let order = self.names(index).0.unwrap_or_else(unreadable);
            let why = messages::code(failure.code).0.get(language);
            let field = failure.field.map_or("", |field| field.as_str());
            let Place { line, column } = place.unwrap_or(Place { line: 0, column: 0 });
            let values: [(&str, &dyn std::fmt::Display); 7] = [
                ("index", &index),
                ("order", &order),
                ("code", &failure.code),
                ("field", &field),
                ("why", &why),
                ("line", &line),
                ("column", &column),
            ];
            let text = match (failure.place, failure.field) {
                (Some(_), _) => messages::LABEL_FAILED_PLACE,
                (None, Some(_)) => messages::LABEL_FAILED_FIELD,
                (None, None) => messages::LABEL_FAILED,
            };
            self.bar.suspend(|| self.console.say(&self.console.fill(text, &values)));
        } else if !label.warnings.is_empty() {
            self.warn(index, label.warnings);
        }
    }
}

/// What of a label a person should look at, and why; nothing where there is nothing.
fn warnings_json(warnings: Warnings) -> Value {
    let fields =
        warnings.iter().map(|(field, warning)| json!({"field": field.as_str(), "warning": warning.as_str()}));
    let boxed = warnings.boxed().map(|field| {
        without_nulls(json!({"field": field.map(FieldId::as_str), "warning": Code::GlyphMissing.as_str()}))
    });
    let notes = warnings.notes().map(|warning| json!({"warning": warning.as_str()}));
    if warnings.is_empty() { Value::Null } else { fields.chain(boxed).chain(notes).collect() }
}
