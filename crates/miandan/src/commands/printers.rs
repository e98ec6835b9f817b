//! `miandan printers`: which printers there are, and how each says that it is at this moment.

use std::fmt::Display;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use miandan_device::{
    Device, DeviceOptions, DeviceUri, Found, OpenError, Status, StatusError, Timeouts, Why,
};
use serde_json::{Value, json};

use super::journal::table_below;
use super::profile;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::{devices, printers as texts};
use crate::settings::Settings;

/// How long printers are waited for, all of them at once.
const LIMIT: Duration = Duration::from_secs(2);

pub fn run(console: Console) -> Outcome {
    // A print server may take its time: it is asked for its queues while the printers that are known are asked how they are.
    let (tell, hear) = mpsc::channel();
    let began = Instant::now();
    thread::spawn(move || tell.send(miandan_device::discover()));
    let settings = Settings::find(console, None)?;
    let mut rows = configured(console, &settings)?;
    ask(&mut rows);
    let found = hear.recv_timeout(LIMIT.saturating_sub(began.elapsed())).unwrap_or_default();
    let mut others = unknown(&mut rows, found);
    ask(&mut others);
    rows.append(&mut others);
    if console.json {
        rows.iter().try_for_each(|row| console.data(&row.json()))?;
    } else {
        tell_people(console, &rows)?;
    }
    let ready = rows.iter().filter(|row| row.configured).all(|row| row.answer.takes_labels());
    Ok(if ready { Exit::Done } else { Exit::Printer })
}

/// A printer, and what it answered.
struct Row {
    name: Option<String>,
    uri: DeviceUri,
    /// Make and model, or what its queue is called.
    about: Option<String>,
    profile: Option<String>,
    carriers: Vec<String>,
    /// Whether the configuration knows of it; it was found otherwise.
    configured: bool,
    /// Whether labels go to it if nobody names another.
    usual: bool,
    options: DeviceOptions,
    answer: Answer,
}

/// What is known of a printer now. Nothing but its own word makes it ready.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// What it said of itself.
    Said(Status),
    /// It is there, and a printer of its kind cannot be asked.
    CannotBeAsked,
    /// It cannot be reached.
    Offline(Why),
    /// It can be reached and did not answer, or nothing that makes sense.
    Silent(Why),
    /// There is no way to such a printer from here.
    Unsupported(OpenError),
}

impl Answer {
    fn takes_labels(&self) -> bool {
        matches!(self, Answer::Said(status) if !status.needs_a_person())
    }

    /// A word for JSON.
    fn word(&self) -> &'static str {
        match self {
            Answer::Said(status) if status.is_ready() => "ready",
            Answer::Said(status) if status.needs_a_person() => "attention",
            Answer::Said(_) => "printing",
            Answer::CannotBeAsked => "cannot-be-asked",
            Answer::Offline(_) => "offline",
            Answer::Silent(_) => "no-answer",
            Answer::Unsupported(_) => "unsupported",
        }
    }

    fn text(&self, console: Console) -> String {
        let language = console.language;
        let because = |text, why: &dyn Display| console.fill(text, &[("why", why)]);
        match self {
            Answer::Said(status) if status.is_ready() => texts::READY.get(language).to_owned(),
            Answer::Said(status) => devices::faults(language, status.faults),
            Answer::CannotBeAsked => texts::CANNOT_BE_ASKED.get(language).to_owned(),
            Answer::Offline(why) => because(texts::OFFLINE, &devices::why(language, why)),
            Answer::Silent(Why::NoAnswer) => texts::SILENT.get(language).to_owned(),
            Answer::Silent(why) => because(texts::SILENT_BECAUSE, &devices::why(language, why)),
            Answer::Unsupported(why) => because(texts::UNSUPPORTED, why),
        }
    }
}

impl Row {
    fn json(&self) -> Value {
        let status = match &self.answer {
            Answer::Said(status) => *status,
            _ => Status::default(),
        };
        let faults: Vec<_> = status.faults.iter().map(miandan_device::Fault::as_str).collect();
        let why = match &self.answer {
            Answer::Offline(why) | Answer::Silent(why) => Some(why.to_string()),
            Answer::Unsupported(why) => Some(why.to_string()),
            Answer::Said(_) | Answer::CannotBeAsked => None,
        };
        without_nulls(json!({
            "name": self.name,
            "uri": self.uri.to_string(),
            "about": self.about,
            "profile": self.profile,
            "carriers": Some(&self.carriers).filter(|carriers| !carriers.is_empty()),
            "configured": self.configured,
            "usual": self.usual,
            "state": self.answer.word(),
            "faults": Some(faults).filter(|faults| !faults.is_empty()),
            "labels_left": status.labels_left,
            "why": why,
        }))
    }

    fn cells(&self, console: Console) -> Vec<String> {
        let name = match (&self.name, self.configured) {
            (Some(name), _) => name.clone(),
            (None, true) => texts::NO_NAME.get(console.language).to_owned(),
            (None, false) => texts::FOUND.get(console.language).to_owned(),
        };
        vec![
            if self.usual { "*".to_owned() } else { String::new() },
            name,
            self.answer.text(console),
            self.profile.clone().unwrap_or_default(),
            self.carriers.join(","),
            self.uri.to_string(),
            self.about.clone().unwrap_or_default(),
        ]
    }
}

/// The printers that have a name, and those that labels go to without one.
fn configured(console: Console, settings: &Settings) -> Result<Vec<Row>, Failure> {
    let usual = settings.choose(console, &settings.printer.value)?;
    let mut rows = Vec::new();
    let row = |name: Option<String>, uri: DeviceUri, own: Option<String>, carriers: Vec<String>| {
        let called = own.or_else(|| settings.profile.value.clone());
        let profile = called.as_deref().map(|name| profile::find(console, name)).transpose()?;
        let (pacing, status) = profile.map(|profile| (profile.pacing, profile.status)).unwrap_or_default();
        Ok::<_, Failure>(Row {
            name,
            uri,
            about: None,
            profile: called,
            carriers,
            configured: true,
            usual: false,
            options: DeviceOptions { pacing, status, ..impatient() },
            answer: Answer::Silent(Why::NoAnswer),
        })
    };
    for (name, printer) in &settings.printers {
        let printer = printer.value.clone();
        rows.push(row(Some(name.clone()), printer.uri, printer.profile, printer.carriers)?);
    }
    for chosen in usual {
        let known = rows.iter_mut().find(|row| match &chosen.name {
            Some(_) => row.name == chosen.name,
            None => row.name.is_none() && row.uri.to_string() == chosen.uri,
        });
        let Some(known) = known else {
            // It was read as a place when it was chosen.
            let Ok(uri) = chosen.uri.parse() else { continue };
            let place = row(chosen.name, uri, chosen.profile, chosen.carriers)?;
            rows.push(Row { usual: true, ..place });
            continue;
        };
        // One that is named twice takes the labels of both, and those of all if it is once named without carriers.
        if !known.usual || chosen.carriers.is_empty() {
            known.carriers = chosen.carriers;
        } else if !known.carriers.is_empty() {
            known.carriers.extend(chosen.carriers);
        }
        known.usual = true;
    }
    Ok(rows)
}

/// The printers that were found and that the configuration does not know. Of the others it is noted what they are.
fn unknown(rows: &mut [Row], found: Vec<Found>) -> Vec<Row> {
    let mut others = Vec::new();
    for Found { uri, about } in found {
        let about = Some(about).filter(|about| !about.is_empty());
        let mut known = rows.iter_mut().filter(|row| row.uri == uri).peekable();
        if known.peek().is_none() {
            others.push(Row {
                name: None,
                uri,
                about,
                profile: None,
                carriers: Vec::new(),
                configured: false,
                usual: false,
                options: impatient(),
                answer: Answer::Silent(Why::NoAnswer),
            });
            continue;
        }
        known.for_each(|row| row.about.clone_from(&about));
    }
    others
}

/// No part of a question takes longer than all of it may.
fn impatient() -> DeviceOptions {
    let short = LIMIT - Duration::from_millis(200);
    let timeouts =
        Timeouts { connect: short, answer: short, stall: Duration::from_millis(100), ..Timeouts::default() };
    DeviceOptions { timeouts, ..DeviceOptions::default() }
}

/// Asks all of them at once. One that has not answered in time has not answered.
fn ask(rows: &mut [Row]) {
    let (tell, hear) = mpsc::channel();
    let began = Instant::now();
    for (place, row) in rows.iter().enumerate() {
        let (tell, uri, options) = (tell.clone(), row.uri.clone(), row.options.clone());
        // Nobody waits for one that hangs in the system: the name of a host that nobody answers for, say.
        thread::spawn(move || tell.send((place, answer_of(&uri, options))));
    }
    drop(tell);
    while let Ok((place, answer)) = hear.recv_timeout(LIMIT.saturating_sub(began.elapsed())) {
        rows[place].answer = answer;
    }
}

fn answer_of(uri: &DeviceUri, options: DeviceOptions) -> Answer {
    let mut device = match Device::open(uri, options) {
        Ok(device) => device,
        Err(error) => return Answer::Unsupported(error),
    };
    match device.status() {
        Ok(status) => Answer::Said(status),
        Err(StatusError::Failed(why)) => without_answer(why),
        Err(_) => device.reach().map_or_else(without_answer, |()| Answer::CannotBeAsked),
    }
}

fn without_answer(why: Why) -> Answer {
    match why {
        Why::NameNotFound | Why::Refused | Why::Unreachable | Why::NoConnection | Why::Missing => {
            Answer::Offline(why)
        }
        why => Answer::Silent(why),
    }
}

fn tell_people(console: Console, rows: &[Row]) -> Result<(), Failure> {
    if rows.is_empty() {
        console.say(&texts::NO_PRINTERS.get(console.language));
        return Ok(());
    }
    let headings = [
        texts::COLUMN_NAME,
        texts::COLUMN_STATE,
        texts::COLUMN_PROFILE,
        texts::COLUMN_CARRIERS,
        texts::COLUMN_PLACE,
        texts::COLUMN_ABOUT,
    ];
    // The first column has a mark and no heading.
    let headings: Vec<_> =
        std::iter::once("").chain(headings.map(|text| text.get(console.language))).collect();
    let cells = rows.iter().map(|row| row.cells(console)).collect();
    table_below(&headings, cells, &[]).iter().try_for_each(|line| console.data(line))?;
    if rows.iter().any(|row| row.usual) {
        console.say(&texts::USUAL.get(console.language));
    }
    if rows.iter().any(|row| !row.configured) {
        console.say(&texts::FOUND_HINT.get(console.language));
    }
    if rows.iter().any(|row| row.configured && row.answer == Answer::CannotBeAsked) {
        console.say(&texts::CANNOT_BE_ASKED_HINT.get(console.language));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use miandan_device::{Fault, Faults};

    use super::*;

    #[test]
    fn no_answer_is_never_a_good_one() {
        let said = |faults: &[Fault]| {
            Answer::Said(Status { faults: faults.iter().copied().collect::<Faults>(), labels_left: None })
        };
        for (answer, word, takes) in [
            (said(&[]), "ready", true),
            (said(&[Fault::Printing]), "printing", true),
            (said(&[Fault::BufferFull]), "printing", true),
            (said(&[Fault::Printing, Fault::PaperOut]), "attention", false),
            (without_answer(Why::Refused), "offline", false),
            (without_answer(Why::NoAnswer), "no-answer", false),
            (without_answer(Why::Denied), "no-answer", false),
            (Answer::CannotBeAsked, "cannot-be-asked", false),
            (Answer::Unsupported(OpenError::Winspool), "unsupported", false),
        ] {
            assert_eq!((answer.word(), answer.takes_labels()), (word, takes), "{answer:?}");
        }
    }

    #[test]
    fn what_hangs_is_not_waited_for() {
        // Takes the connection, and never says anything.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let uri: DeviceUri = format!("socket://{}", listener.local_addr().unwrap()).parse().unwrap();
        let options = DeviceOptions { status: miandan_device::StatusDialect::Tspl, ..impatient() };
        let began = Instant::now();
        assert_eq!(answer_of(&uri, options), Answer::Silent(Why::NoAnswer));
        assert!(began.elapsed() < LIMIT * 3);
        assert_eq!(answer_of(&uri, impatient()), Answer::CannotBeAsked);
        drop(listener);
        assert_eq!(answer_of(&uri, impatient()), Answer::Offline(Why::Refused));
    }

    #[test]
    fn what_is_found_and_configured_is_one_printer() {
        let found = |uri: &str, about: &str| Found { uri: uri.parse().unwrap(), about: about.to_owned() };
        let mut rows = unknown(&mut [], vec![found("usb:/dev/usb/lp0", "")]);
        rows[0].configured = true;
        let others = unknown(
            &mut rows,
            vec![found("usb:/dev/usb/lp0", "Xprinter XP-420B"), found("usb:/dev/usb/lp1", "")],
        );
        assert_eq!(rows[0].about.as_deref(), Some("Xprinter XP-420B"));
        assert_eq!(others.iter().map(|row| row.uri.to_string()).collect::<Vec<_>>(), ["usb:/dev/usb/lp1"]);
        assert_eq!(others[0].about, None);
    }
}
