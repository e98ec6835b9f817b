//! The printers that are named, and which labels go to which.

use std::collections::BTreeSet;
use std::fmt::Display;

use miandan_core::label::{Format, LabelSize, Purpose, Resolution};
use miandan_core::printer::Profile;
use miandan_print::delivery::Printer;
use miandan_print::printer::PrinterProfile;

use super::form;
use super::job::PrintJob;
use crate::args::{FormatName, Target};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::language::Text;
use crate::messages::delivery as texts;
use crate::settings::{ChosenPrinter, Settings, no_printer};

/// Printers that share the labels of some carriers.
pub(in crate::commands) struct Group {
    /// The carriers, by their codes; all that nobody else takes if there are none.
    pub(in crate::commands) carriers: Vec<String>,
    /// What all of them print.
    pub(in crate::commands) profile: Profile,
    pub(in crate::commands) printers: Vec<Printer>,
    /// How people know each of them.
    pub(in crate::commands) labels: Vec<String>,
}

/// All printers that were named, those of the same carriers together.
pub(in crate::commands) struct Printers {
    pub(in crate::commands) groups: Vec<Group>,
    /// The same as they were named, each with the profile that it is sent to with.
    pub(in crate::commands) chosen: Vec<ChosenPrinter>,
}

impl Printers {
    /// The printers that a batch is for, if it is for printers. A printer is sent labels in its language, never a preview, and
    /// nobody guesses what it is.
    pub(in crate::commands) fn find(
        console: Console,
        settings: &Settings,
        typed: Option<FormatName>,
        named: &[String],
        purpose: Purpose,
    ) -> Result<Option<Self>, Failure> {
        if named.is_empty() {
            return Ok(None);
        }
        if purpose == Purpose::Preview {
            return Err(refuse(console, texts::NO_PREVIEW, texts::NO_PREVIEW_HINT));
        }
        let chosen = settings.choose(console, named)?;
        Self::open(console, chosen, |own| form::of_printer(console, settings, typed, own)).map(Some)
    }

    /// Opens every printer; `profile_of` answers its profile, and what that is called, for its own if it has one. Nothing is
    /// asked of a printer yet.
    ///
    /// # Errors
    /// If there is none at a place, or if printers that share labels would print different ones.
    pub(in crate::commands) fn open(
        console: Console,
        mut chosen: Vec<ChosenPrinter>,
        profile_of: impl Fn(Option<&str>) -> Result<(String, PrinterProfile), Failure>,
    ) -> Result<Self, Failure> {
        let mut groups: Vec<Group> = Vec::new();
        for one in &mut chosen {
            let (called, printer) = profile_of(one.profile.as_deref())?;
            let profile = printer.profile;
            let printer =
                Printer::open(&one.uri, printer).map_err(|error| no_printer(console, one.label(), &error))?;
            one.profile = Some(called);
            let label = one.label().to_owned();
            match groups.iter_mut().find(|group| group.carriers == one.carriers) {
                None => groups.push(Group {
                    carriers: one.carriers.clone(),
                    profile,
                    printers: vec![printer],
                    labels: vec![label],
                }),
                Some(group) if group.profile == profile => {
                    group.printers.push(printer);
                    group.labels.push(label);
                }
                Some(group) => {
                    let values: [(&str, &dyn Display); 2] = [("first", &group.labels[0]), ("second", &label)];
                    return Err(Failure::new(
                        Exit::Usage,
                        "PRINTER",
                        console.fill(texts::OTHER_PROFILE, &values),
                    )
                    .hint(texts::OTHER_PROFILE_HINT.get(console.language)));
                }
            }
        }
        Ok(Printers { groups, chosen })
    }

    /// Which group prints labels of a carrier.
    pub(in crate::commands) fn of(&self, carrier: &str) -> Option<usize> {
        let named = self.groups.iter().position(|group| group.carriers.iter().any(|of| of == carrier));
        named.or_else(|| self.groups.iter().position(|group| group.carriers.is_empty()))
    }

    /// The form and the dot grid of the first.
    pub(in crate::commands) fn form(&self) -> Option<(Format, Resolution)> {
        let profile = self.groups.first()?.profile;
        Some((Format::Printer(profile), profile.resolution))
    }

    /// The languages that are spoken, each once.
    pub(in crate::commands) fn languages(&self) -> String {
        let mut words: Vec<_> = self.groups.iter().map(|group| group.profile.language.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        words.join(",")
    }

    /// Makes sure that every printer has room for labels of a size.
    ///
    /// # Errors
    /// For the first that has none.
    pub(in crate::commands) fn check_fit(
        &self,
        console: Console,
        template: &str,
        size: LabelSize,
    ) -> Result<(), Failure> {
        self.each(|profile| profile.fits(size).map_err(|error| form::unfit(console, template, error)))
    }

    /// Lets a component say whether it could make labels for every printer, before the batch is planned: a group that finds
    /// out when the others are printing is too late.
    ///
    /// # Errors
    /// As [`PrintJob::try_out`].
    pub(super) fn try_out(&self, job: &PrintJob<'_>, target: &Target) -> Result<(), Failure> {
        self.each(|profile| job.try_out(target, Format::Printer(profile), profile.resolution))
    }

    /// Asks for each profile once; where there are several, what is wrong says of which printer.
    fn each(&self, ask: impl Fn(Profile) -> Result<(), Failure>) -> Result<(), Failure> {
        for (place, group) in self.groups.iter().enumerate() {
            if self.groups[..place].iter().any(|before| before.profile == group.profile) {
                continue;
            }
            ask(group.profile).map_err(|mut failure| {
                if self.groups.len() > 1 {
                    failure.message = format!("{}: {}", group.labels[0], failure.message);
                }
                failure
            })?;
        }
        Ok(())
    }
}

pub(super) fn refuse(console: Console, text: Text, hint: Text) -> Failure {
    let message = text.get(console.language).to_owned();
    Failure::new(Exit::Usage, "USAGE", message).hint(hint.get(console.language))
}

/// No printer takes the labels of these carriers.
pub(in crate::commands) fn none_for(console: Console, carriers: &BTreeSet<String>) -> Failure {
    let carriers = carriers.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    Failure::new(Exit::Usage, "PRINTER", console.fill(texts::NO_PRINTER_FOR, &[("carriers", &carriers)]))
        .hint(texts::NO_PRINTER_FOR_HINT.get(console.language))
}

#[cfg(test)]
mod tests {
    use miandan_print::printer::find_profile;

    use super::*;
    use crate::language;

    const CONSOLE: Console = Console { json: false, quiet: true, language: language::Language::English };

    /// Printers as a batch keeps them: `SF=file:/a`, with a profile of their own behind a space.
    fn open(named: &[&str]) -> Result<Printers, Failure> {
        let chosen = named.iter().map(|text| {
            let (text, profile) = text.split_once(' ').map_or((*text, None), |(text, own)| (text, Some(own)));
            let read: ChosenPrinter = serde_json::from_value(text.into()).unwrap();
            ChosenPrinter { profile: profile.map(str::to_owned), ..read }
        });
        let profile = |own: Option<&str>| {
            let shipped = find_profile(own.unwrap_or("tsc")).unwrap();
            Ok((shipped.name.to_owned(), shipped.read().unwrap()))
        };
        Printers::open(CONSOLE, chosen.collect(), profile)
    }

    #[test]
    fn printers_of_the_same_carriers_share_and_the_others_take_the_rest() {
        let printers = open(&["file:/a", "SF,YTO=file:/b", "YTO,SF=file:/c", "file:/d"]).unwrap();
        assert_eq!(printers.groups.iter().map(|group| group.printers.len()).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(["SF", "YTO", "JD"].map(|carrier| printers.of(carrier)), [Some(1), Some(1), Some(0)]);
        assert_eq!(open(&["SF=file:/a"]).unwrap().of("JD"), None);
        let called = printers.chosen.iter().map(|one| one.profile.as_deref());
        assert_eq!(called.collect::<Vec<_>>(), [Some("tsc"); 4], "the batch goes on with the same");
        assert!(open(&["winspool:Label"]).is_err());
    }

    #[test]
    fn groups_may_differ_and_printers_of_a_group_may_not() {
        let printers = open(&["file:/a tsc", "SF=file:/b zebra-300", "SF=file:/c zebra-300"]).unwrap();
        assert_eq!(printers.languages(), "tspl,zpl");
        assert_eq!(printers.form().unwrap().1, Resolution::Dpi203);
        assert_eq!(printers.groups[1].profile.resolution, Resolution::Dpi300);
        let Err(failure) = open(&["file:/a tsc", "file:/b zebra"]) else { panic!("they share labels") };
        assert!(failure.message.contains("file:/a") && failure.message.contains("file:/b"));
    }

    #[test]
    fn what_one_group_cannot_print_none_prints() {
        let wide = |width: i32| LabelSize { width: width * 1000, height: 130_000 };
        let printers = open(&["file:/a tsc", "SF=file:/b escpos-58"]).unwrap();
        let failure = printers.check_fit(CONSOLE, "own.xml", wide(76)).unwrap_err();
        assert!(failure.message.starts_with("file:/b: ") && failure.message.contains("dots wide"));
        printers.check_fit(CONSOLE, "own.xml", wide(40)).unwrap();
        open(&["file:/a"]).unwrap().check_fit(CONSOLE, "own.xml", wide(76)).unwrap();
    }
}
