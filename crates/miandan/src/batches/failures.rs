//! What is said of a journal, or of the folder of a batch, that cannot be used: message, hint and exit code.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::Path;

use miandan_journal::{Batch, JournalError, RunningNumber, State, TextProblem};

use super::BatchFolderError;
use crate::args::Positions;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::language::Text;
use crate::messages::journal as texts;

/// The user has no folder for state, and no journal is named.
pub fn no_place(console: Console) -> Failure {
    let message = texts::NO_PLACE.get(console.language).to_owned();
    Failure::new(Exit::Usage, "JOURNAL", message).hint(texts::NO_PLACE_HINT.get(console.language))
}

/// Why the journal does not do what was asked of it.
///
/// Exit codes: 3 where it cannot be read (and nothing was printed), 4 where it cannot be written or is damaged, 2 where
/// what was typed does not fit what is in it, 7 where it has a label already.
pub fn journal_failure(console: Console, journal: &Path, error: &JournalError) -> Failure {
    use JournalError as E;
    let file: (&str, &dyn Display) = ("file", &journal.display());
    let failure = |exit, code, (text, hint): (Text, Text), values: &[(&str, &dyn Display)]| {
        Failure::new(exit, code, console.fill(text, values)).hint(console.fill(hint, values))
    };
    let input = |texts, values: &[(&str, &dyn Display)]| failure(Exit::Input, "JOURNAL", texts, values);
    let output = |texts, values: &[(&str, &dyn Display)]| failure(Exit::SomeFailed, "JOURNAL", texts, values);
    let usage = |texts, values: &[(&str, &dyn Display)]| failure(Exit::Usage, "BATCH", texts, values);
    match error {
        E::Missing => input((texts::MISSING, texts::MISSING_HINT), &[file]),
        E::NoAccess => input((texts::NO_ACCESS, texts::NO_ACCESS_HINT), &[file]),
        E::NotAJournal => input((texts::NOT_A_JOURNAL, texts::NOT_A_JOURNAL_HINT), &[file]),
        E::Newer { found, known } => {
            input((texts::NEWER, texts::NEWER_HINT), &[file, ("found", found), ("known", known)])
        }
        E::Locked => input((texts::LOCKED, texts::LOCKED_HINT), &[file]),
        E::Damaged(why) => output((texts::DAMAGED, texts::DAMAGED_HINT), &[file, ("why", why)]),
        E::Full => output((texts::FULL, texts::FULL_HINT), &[file]),
        E::ReadOnly => output((texts::READ_ONLY, texts::READ_ONLY_HINT), &[file]),
        E::Unsuitable => output((texts::UNSUITABLE, texts::UNSUITABLE_HINT), &[file]),
        E::Io(why) => output((texts::IO, texts::IO_HINT), &[file, ("why", why)]),
        E::Stopped => output((texts::STOPPED, texts::IO_HINT), &[file]),

        E::BatchBusy(batch) => {
            failure(Exit::Input, "BATCH", (texts::BUSY, texts::BUSY_HINT), &[("batch", batch)])
        }
        E::BeingSent(number) => {
            failure(Exit::Input, "BATCH", (texts::BEING_SENT, texts::BUSY_HINT), &[("number", number)])
        }
        E::UnknownBatch => failure(Exit::Input, "BATCH", (texts::NO_BATCH, texts::NO_BATCH_HINT), &[file]),
        E::AmbiguousName(batches) => {
            let batches: Vec<_> = batches.iter().map(ToString::to_string).collect();
            usage((texts::AMBIGUOUS, texts::AMBIGUOUS_HINT), &[("batches", &batches.join(", "))])
        }
        E::NameTaken(batch) | E::NumberTaken(batch) => {
            usage((texts::NAME_TAKEN, texts::NAME_TAKEN_HINT), &[("batch", batch)])
        }
        E::NothingToPlan => failure(Exit::Input, "BATCH", (texts::NOTHING, texts::NOTHING_HINT), &[file]),
        E::AlreadyPlanned { earlier, .. } => {
            let texts = (texts::PLANNED_ALREADY, texts::PLANNED_ALREADY_HINT);
            failure(Exit::Duplicates, "BATCH", texts, &[("number", earlier)])
        }
        E::UnknownLabel { number, .. } => {
            usage((texts::NO_LABEL, texts::NO_LABEL_HINT), &[("number", number)])
        }
        E::BadTransition { number, from, .. } => {
            let from = state(*from).get(console.language);
            usage((texts::NOT_OPEN, texts::NOT_OPEN_HINT), &[("number", number), ("state", &from)])
        }
        E::Text { field, problem } => {
            let field = match *field {
                "operator" => texts::FIELD_OPERATOR.get(console.language),
                "reason" => texts::FIELD_REASON.get(console.language),
                "name" => texts::FIELD_NAME.get(console.language),
                other => other,
            };
            let problem = match problem {
                TextProblem::Empty => texts::PROBLEM_EMPTY.get(console.language).to_owned(),
                TextProblem::TooLong { most } => console.fill(texts::PROBLEM_LONG, &[("most", most)]),
                TextProblem::Control => texts::PROBLEM_CONTROL.get(console.language).to_owned(),
                TextProblem::Number => texts::PROBLEM_NUMBER.get(console.language).to_owned(),
                other => other.to_string(),
            };
            usage((texts::BAD_TEXT, texts::BAD_TEXT_HINT), &[("field", &field), ("problem", &problem)])
        }
        other => failure(Exit::Internal, "JOURNAL", (texts::DEFECT, texts::DEFECT_HINT), &[("why", other)]),
    }
}

/// Why the folder of a batch cannot be used.
pub fn folder_failure(console: Console, error: &BatchFolderError) -> Failure {
    match error {
        BatchFolderError::Missing(path) => {
            let message = console.fill(texts::NO_FOLDER, &[("folder", &path.display())]);
            Failure::new(Exit::Input, "BATCH", message).hint(texts::NO_FOLDER_HINT.get(console.language))
        }
        BatchFolderError::Read { path, error } => files::unreadable(console, path, error),
        BatchFolderError::Write { path, error } => files::unwritable(console, path, error),
        BatchFolderError::Damaged { path, why } => {
            let values: [(&str, &dyn Display); 2] = [("file", &path.display()), ("why", why)];
            Failure::new(Exit::Input, "BATCH", console.fill(texts::FOLDER_DAMAGED, &values))
                .hint(texts::NO_FOLDER_HINT.get(console.language))
        }
    }
}

/// What a state of a label is called for people; for machines it is [`State::as_str`].
pub fn state(state: State) -> Text {
    match state {
        State::Planned => texts::PLANNED,
        State::Rendered => texts::RENDERED,
        State::Sending => texts::SENDING,
        State::Sent => texts::SENT,
        State::Confirmed => texts::CONFIRMED,
        State::Unknown => texts::UNKNOWN,
        State::Failed => texts::FAILED,
    }
}

/// The places that are meant, rising, each once.
pub fn positions(
    console: Console,
    journal: &Path,
    batch: &Batch,
    numbers: &[Positions],
) -> Result<BTreeSet<u32>, Failure> {
    let mut positions = BTreeSet::new();
    for numbers in numbers {
        if let Some(other) = numbers.batch.filter(|other| *other != batch.number) {
            let number = RunningNumber { batch: other, position: numbers.first };
            let values: [(&str, &dyn Display); 2] = [("number", &number), ("batch", &batch.number)];
            let message = console.fill(texts::OTHER_BATCH, &values);
            return Err(Failure::new(Exit::Usage, "BATCH", message)
                .hint(texts::OTHER_BATCH_HINT.get(console.language)));
        }
        // Before the places are counted out: there may be billions.
        if numbers.last > batch.count {
            let number = RunningNumber { batch: batch.number, position: numbers.last };
            let error = JournalError::UnknownLabel { number, copy: 0 };
            return Err(journal_failure(console, journal, &error));
        }
        positions.extend(numbers.first..=numbers.last);
    }
    Ok(positions)
}

#[cfg(test)]
mod tests {
    use std::io;

    use miandan_journal::{BatchNumber, Day, RunningNumber};

    use super::*;
    use crate::language::Language;

    fn in_both(failure: impl Fn(Console) -> Failure, exit: Exit, code: &str) {
        for language in [Language::English, Language::Chinese] {
            let failure = failure(Console { json: false, quiet: false, language });
            assert_eq!((failure.exit, failure.code), (exit, code), "{}", failure.message);
            let hint = failure.hint.unwrap_or_default();
            for text in [&failure.message, &hint] {
                // Every value has come to its place, and the text is in its language.
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
                assert_eq!(text.is_ascii(), language == Language::English, "{text}");
            }
        }
    }

    #[test]
    fn every_error_of_the_journal_has_words_and_a_way_out() {
        let batch = BatchNumber { day: Day::of(1_794_362_400), number: 3 };
        let number = RunningNumber { batch, position: 12 };
        let text = |field, problem| JournalError::Text { field, problem };
        for (error, exit, code) in [
            (JournalError::Missing, Exit::Input, "JOURNAL"),
            (JournalError::NoAccess, Exit::Input, "JOURNAL"),
            (JournalError::NotAJournal, Exit::Input, "JOURNAL"),
            (JournalError::Newer { found: 7, known: 1 }, Exit::Input, "JOURNAL"),
            (JournalError::Locked, Exit::Input, "JOURNAL"),
            (JournalError::Damaged("page 3".into()), Exit::SomeFailed, "JOURNAL"),
            (JournalError::Full, Exit::SomeFailed, "JOURNAL"),
            (JournalError::ReadOnly, Exit::SomeFailed, "JOURNAL"),
            (JournalError::Unsuitable, Exit::SomeFailed, "JOURNAL"),
            (JournalError::Io("timed out".into()), Exit::SomeFailed, "JOURNAL"),
            (JournalError::Stopped, Exit::SomeFailed, "JOURNAL"),
            (JournalError::BatchBusy(batch), Exit::Input, "BATCH"),
            (JournalError::BeingSent(number), Exit::Input, "BATCH"),
            (JournalError::UnknownBatch, Exit::Input, "BATCH"),
            (JournalError::NothingToPlan, Exit::Input, "BATCH"),
            (JournalError::AmbiguousName(vec![batch, batch]), Exit::Usage, "BATCH"),
            (JournalError::NameTaken(batch), Exit::Usage, "BATCH"),
            (JournalError::NumberTaken(batch), Exit::Usage, "BATCH"),
            (JournalError::UnknownLabel { number, copy: 0 }, Exit::Usage, "BATCH"),
            (
                JournalError::BadTransition { number, from: State::Sent, to: State::Failed },
                Exit::Usage,
                "BATCH",
            ),
            (text("operator", TextProblem::Empty), Exit::Usage, "BATCH"),
            (text("reason", TextProblem::TooLong { most: 200 }), Exit::Usage, "BATCH"),
            (text("name", TextProblem::Number), Exit::Usage, "BATCH"),
            (JournalError::AlreadyPlanned { index: 0, earlier: number }, Exit::Duplicates, "BATCH"),
        ] {
            in_both(|console| journal_failure(console, Path::new("journal.db"), &error), exit, code);
        }
    }

    #[test]
    fn so_has_every_error_of_a_folder() {
        let path = || Path::new("journal.batches/261111-003").to_path_buf();
        let error = || io::Error::from(io::ErrorKind::PermissionDenied);
        let missing = BatchFolderError::Missing(path());
        let damaged = BatchFolderError::Damaged { path: path(), why: "line 1".into() };
        let read = BatchFolderError::Read { path: path(), error: error() };
        let write = BatchFolderError::Write { path: path(), error: error() };
        in_both(|console| folder_failure(console, &missing), Exit::Input, "BATCH");
        in_both(|console| folder_failure(console, &damaged), Exit::Input, "BATCH");
        in_both(|console| folder_failure(console, &read), Exit::Input, "INPUT");
        in_both(|console| folder_failure(console, &write), Exit::SomeFailed, "OUTPUT");
        in_both(no_place, Exit::Usage, "JOURNAL");
    }
}
