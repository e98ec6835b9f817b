//! `miandan print --watch DIR`: every file that is put into a folder, one after the other, until Ctrl-C.
//!
//! What is wrong with a file is said in its result, and the next one is printed. What is wrong with the station (its key, its
//! journal, its disk) is wrong for every file, so it ends the watching, and the file waits where it is.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::open_orders;
use super::press::Press;
use super::printing::{Asked, Printing};
use crate::console::without_nulls;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::inbox::{Claim, Inbox, Place};
use crate::interrupt;
use crate::messages::watch as texts;

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// A printer is waited for as long as it takes: who put the file there has gone home.
const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);

pub(super) fn run(printing: &Printing<'_>, folder: &Path) -> Outcome {
    let console = printing.press.console;
    let unusable = |error| files::unwritable(console, folder, &error);
    let mut inbox = Inbox::open(folder).map_err(|error| files::unreadable(console, folder, &error))?;
    let asked = interrupt::watch().map_err(|error| console.output_failure(&error))?;
    let is_asked = || asked.load(Ordering::Relaxed);
    console.say(&console.fill(texts::WATCHING, &[("folder", &folder.display())]));
    while !is_asked() {
        let claim = match inbox.take_over().map_err(unusable)? {
            Some(claim) => Some(claim),
            None => inbox.take(Instant::now()).map_err(unusable)?,
        };
        match claim {
            Some(claim) => Claimed { printing, claim, report: Cell::new(None) }.print()?,
            None => thread::sleep(LOOK),
        }
    }
    console.say(&texts::ENDED.get(console.language));
    Ok(Exit::Interrupted)
}

/// A file that is being printed.
struct Claimed<'a> {
    printing: &'a Printing<'a>,
    claim: Claim,
    /// What came of it.
    report: Cell<Option<Value>>,
}

impl Claimed<'_> {
    /// Prints it and puts it away. An error is one of the station, not of the file.
    fn print(self) -> Result<(), Failure> {
        let console = self.printing.press.console;
        self.tell("claimed", None, None)?;
        let outcome = if self.claim.is_poison() { Err(self.poison()) } else { self.print_orders() };
        let exit = match &outcome {
            Ok(exit) => *exit,
            Err(failure) => failure.exit,
        };
        if exit == Exit::Interrupted {
            let path = self.claim.path();
            console.say(&console.fill(texts::LEFT, &[("file", &path.display())]));
            return self.claim.release().map_err(|error| files::unwritable(console, &path, &error));
        }
        let outcome = match outcome {
            Err(failure) if is_of_the_station(&failure) => {
                let path = self.claim.path();
                self.claim.release().map_err(|error| files::unwritable(console, &path, &error))?;
                return Err(failure);
            }
            outcome => outcome,
        };
        if let Err(failure) = &outcome {
            console.fail(failure);
        }
        let place = if exit == Exit::Done { Place::Done } else { Place::Failed };
        let result = self.result(&outcome);
        let batch = result.get("batch").and_then(Value::as_str).map(str::to_owned);
        let mut text = serde_json::to_vec_pretty(&result).unwrap_or_default();
        text.push(b'\n');
        let (press, file, path) =
            (&self.printing.press, self.claim.file_name().to_owned(), self.claim.path());
        let put =
            self.claim.put_away(place, &text).map_err(|error| files::unwritable(console, &path, &error))?;
        tell(press, place.as_str(), &PathBuf::from(file), Some(&put), batch.as_deref())
    }

    fn print_orders(&self) -> Outcome {
        let printing = self.printing;
        let name = self.claim.name();
        let report = |report: &Value| {
            self.report.set(Some(report.clone()));
            Ok(())
        };
        let patience = printing.arguments.delivery.patience.map_or(FOREVER, Duration::from_secs);
        let asked = Asked { name: Some(&name), patience, report: Some(&report) };
        if self.claim.is_taken_over()
            && let Some(exit) = printing.go_on(&name, &asked)?
        {
            return Ok(exit);
        }
        let (press, path) = (&printing.press, self.claim.path());
        let orders = open_orders(press.console, &path)?;
        printing.print_planned(&press.job(&orders), &path, press.format, &asked)
    }

    /// What is written beside the file: what `--report` would say of it, or why there is nothing to say.
    fn result(&self, outcome: &Outcome) -> Value {
        let mut result = self.report.take().unwrap_or_else(|| json!({}));
        if let Value::Object(members) = &mut result {
            if let Err(failure) = outcome {
                members.insert("code".to_owned(), json!(failure.code));
                members.insert("message".to_owned(), json!(failure.message));
                members.extend(failure.hint.as_ref().map(|hint| ("hint".to_owned(), json!(hint))));
            }
            members.remove("event");
            let exit = outcome.as_ref().map_or_else(|failure| failure.exit, |exit| *exit);
            members.insert("file".to_owned(), json!(self.claim.file_name().to_string_lossy()));
            members.insert("exit".to_owned(), json!(exit as u8));
        }
        result
    }

    fn poison(&self) -> Failure {
        let console = self.printing.press.console;
        let message = texts::POISON.get(console.language).to_owned();
        Failure::new(Exit::Internal, "POISON", message).hint(texts::POISON_HINT.get(console.language))
    }

    fn tell(&self, state: &str, put: Option<&Path>, batch: Option<&str>) -> Result<(), Failure> {
        tell(&self.printing.press, state, Path::new(self.claim.file_name()), put, batch)
    }
}

/// Says what became of a file.
fn tell(
    press: &Press,
    state: &str,
    file: &Path,
    put: Option<&Path>,
    batch: Option<&str>,
) -> Result<(), Failure> {
    let console = press.console;
    if console.json {
        return console.data(&without_nulls(json!({
            "event": "file",
            "file": files::text(file),
            "state": state,
            "path": put.map(files::text),
            "batch": batch,
        })));
    }
    let text = match state {
        "done" => texts::DONE,
        "failed" => texts::FAILED,
        _ => texts::CLAIMED,
    };
    let put = put.unwrap_or(Path::new(""));
    let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &file.display()), ("path", &put.display())];
    console.say(&console.fill(text, &values));
    Ok(())
}

/// Whether the next file would fare no better.
fn is_of_the_station(failure: &Failure) -> bool {
    matches!(failure.exit, Exit::Refused)
        || matches!(failure.code, "JOURNAL" | "OUTPUT" | "CONFIG")
        || failure.exit == Exit::Internal && failure.code != "POISON"
}
