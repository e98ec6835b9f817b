//! Why something was not done: a closed list with stable numbers, in two languages. No text of a client is ever in it.

use miandan_core::Code;

use super::words::{self, Language, Text};

/// Why a request is refused or a document was not printed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The message is no JSON object, or has no command, or bytes in it are not what they should be.
    Malformed,
    /// The message is longer than any that makes sense.
    TooLong,
    /// There is no such command.
    UnknownCommand,
    /// The platform's component has this, and a station has not.
    Unsupported,
    /// Something that the command needs, and which, is missing or not as it should be.
    Missing(&'static str),
    /// A task without documents.
    NoDocuments,
    /// More documents than this dialect has in a task.
    TooManyDocuments {
        /// How many it may have.
        most: usize,
    },
    /// There is no such printer.
    UnknownPrinter,
    /// The ciphertext is not one of ours.
    Foreign,
    /// The station has no template of this address.
    UnknownTemplate,
    /// Personal data in clear, which this station does not print.
    PlainRefused,
    /// The label was printed already.
    Duplicate {
        /// The number by which it is found, `261111-003-012`.
        number: String,
        /// When, in seconds since 1970.
        when: u64,
        /// Where.
        printer: String,
    },
    /// The same waybill was printed with other content.
    Conflict {
        /// The number by which it is found.
        number: String,
    },
    /// The label is on its way to a printer at this moment.
    InFlight,
    /// The component refused the order or the template.
    Refused(Code),
    /// The printer takes nothing.
    Printer(String),
    /// The label may have been printed, and nobody can tell.
    Uncertain(String),
    /// It waited for too long.
    Expired,
    /// Too much is waiting.
    Busy,
    /// It was given up: the agent ends.
    Stopping,
    /// Something of the station is wrong: its journal, its component.
    Station,
}

impl Problem {
    /// The stable number (`docs/agent-protocol.md`): 11 and 40 are those of Cainiao's component, the others are ours.
    #[must_use]
    pub const fn number(&self) -> u32 {
        match self {
            Problem::NoDocuments => 11,
            Problem::Foreign => 40,
            Problem::Malformed => 1001,
            Problem::UnknownCommand => 1002,
            Problem::Missing(_) => 1003,
            Problem::TooManyDocuments { .. } => 1004,
            Problem::Unsupported => 1005,
            Problem::TooLong => 1006,
            Problem::UnknownPrinter => 1010,
            Problem::UnknownTemplate => 1011,
            Problem::PlainRefused => 1012,
            Problem::Duplicate { .. } => 1020,
            Problem::Conflict { .. } => 1021,
            Problem::InFlight => 1022,
            Problem::Printer(_) => 1030,
            Problem::Uncertain(_) => 1031,
            Problem::Expired => 1032,
            Problem::Busy => 1033,
            Problem::Stopping => 1034,
            Problem::Station => 1035,
            Problem::Refused(code) => 1100 + code.number() as u32,
        }
    }

    /// The stable name, never translated; of what the component refused, its code.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Problem::NoDocuments => "NO_DOCUMENTS",
            Problem::Foreign => "FOREIGN_CIPHERTEXT",
            Problem::Malformed => "BAD_MESSAGE",
            Problem::UnknownCommand => "UNKNOWN_COMMAND",
            Problem::Missing(_) => "MISSING",
            Problem::TooManyDocuments { .. } => "TOO_MANY_DOCUMENTS",
            Problem::Unsupported => "UNSUPPORTED",
            Problem::TooLong => "TOO_LONG",
            Problem::UnknownPrinter => "UNKNOWN_PRINTER",
            Problem::UnknownTemplate => "UNKNOWN_TEMPLATE",
            Problem::PlainRefused => "PLAIN_REFUSED",
            Problem::Duplicate { .. } => "DUPLICATE",
            Problem::Conflict { .. } => "CONFLICT",
            Problem::InFlight => "IN_FLIGHT",
            Problem::Printer(_) => "PRINTER",
            Problem::Uncertain(_) => "UNCERTAIN",
            Problem::Expired => "WAITED_TOO_LONG",
            Problem::Busy => "BUSY",
            Problem::Stopping => "STOPPING",
            Problem::Station => "STATION",
            Problem::Refused(code) => code.as_str(),
        }
    }

    /// What it means, for people.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let plain = |text: Text| text.get(language).to_owned();
        match self {
            Problem::NoDocuments => plain(words::NO_DOCUMENTS),
            Problem::Foreign => plain(words::FOREIGN),
            Problem::Malformed => plain(words::MALFORMED),
            Problem::UnknownCommand => plain(words::UNKNOWN_COMMAND),
            Problem::Missing(name) => words::MISSING.fill(language, &[("name", name)]),
            Problem::TooManyDocuments { most } => {
                words::TOO_MANY.fill(language, &[("most", &most.to_string())])
            }
            Problem::Unsupported => plain(words::UNSUPPORTED),
            Problem::UnknownPrinter => plain(words::UNKNOWN_PRINTER),
            Problem::UnknownTemplate => plain(words::UNKNOWN_TEMPLATE),
            Problem::PlainRefused => plain(words::PLAIN_REFUSED),
            Problem::Duplicate { number, when, printer } => {
                let when = words::minute(when.saturating_mul(1000));
                words::DUPLICATE.fill(language, &[("number", number), ("when", &when), ("printer", printer)])
            }
            Problem::Conflict { number } => words::CONFLICT.fill(language, &[("number", number)]),
            Problem::InFlight => plain(words::IN_FLIGHT),
            Problem::TooLong => plain(words::TOO_LONG),
            Problem::Printer(why) => words::PRINTER.fill(language, &[("why", why)]),
            Problem::Uncertain(why) => words::UNCERTAIN.fill(language, &[("why", why)]),
            Problem::Expired => plain(words::EXPIRED),
            Problem::Busy => plain(words::BUSY),
            Problem::Stopping => plain(words::STOPPING),
            Problem::Station => plain(words::STATION),
            Problem::Refused(code) => {
                let why = words::code(*code).get(language);
                words::REFUSED.fill(language, &[("why", why), ("code", code.as_str())])
            }
        }
    }

    /// What is said of a document that may be on paper: in any case that somebody has to look.
    pub(super) fn text_of_unknown(&self, language: Language) -> String {
        match self {
            Problem::Uncertain(_) => self.text(language),
            _ => words::UNCERTAIN.fill(language, &[("why", &self.text(language))]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> Vec<Problem> {
        let mut all = vec![
            Problem::Malformed,
            Problem::UnknownCommand,
            Problem::TooLong,
            Problem::InFlight,
            Problem::Unsupported,
            Problem::Missing("taskID"),
            Problem::NoDocuments,
            Problem::TooManyDocuments { most: 10 },
            Problem::UnknownPrinter,
            Problem::Foreign,
            Problem::UnknownTemplate,
            Problem::PlainRefused,
            Problem::Duplicate { number: "261111-003-012".into(), when: 1_794_355_200, printer: "P".into() },
            Problem::Conflict { number: "261111-003-012".into() },
            Problem::Printer("offline".into()),
            Problem::Uncertain("the line broke".into()),
            Problem::Expired,
            Problem::Busy,
            Problem::Stopping,
            Problem::Station,
        ];
        all.extend(Code::ALL.iter().map(|&code| Problem::Refused(code)));
        all
    }

    #[test]
    fn every_problem_has_a_number_a_name_and_words_of_its_own() {
        let all = all();
        let numbers: BTreeSet<_> = all.iter().map(Problem::number).collect();
        let names: BTreeSet<_> = all.iter().map(Problem::name).collect();
        assert_eq!((numbers.len(), names.len()), (all.len(), all.len()));
        for language in [Language::Chinese, Language::English] {
            let texts: BTreeSet<_> = all.iter().map(|problem| problem.text(language)).collect();
            assert_eq!(texts.len(), all.len());
            assert!(texts.iter().all(|text| !text.contains(['{', '}'])), "{texts:?}");
        }
    }

    #[test]
    fn the_documentation_lists_every_problem() {
        for page in [
            include_str!("../../../docs/agent-protocol.md"),
            include_str!("../../../docs/agent-protocol.zh-CN.md"),
        ] {
            for problem in all() {
                let row = format!("| {} | `{}` |", problem.number(), problem.name());
                assert!(page.contains(&row), "{row}");
            }
        }
    }

    #[test]
    fn what_may_be_on_paper_says_so() {
        for problem in all() {
            assert!(problem.text_of_unknown(Language::English).contains("look"), "{problem:?}");
            assert!(problem.text_of_unknown(Language::Chinese).contains("查看"), "{problem:?}");
        }
    }

    #[test]
    fn a_duplicate_says_when_and_where() {
        let duplicate =
            Problem::Duplicate { number: "261111-003-012".into(), when: 1_794_355_200, printer: "P1".into() };
        let text = duplicate.text(Language::English);
        assert!(
            text.contains("261111-003-012") && text.contains("P1") && text.contains("2026-11-11"),
            "{text}"
        );
    }
}
