//! The command line of Miandan. It reads arguments, calls the libraries and says what came of it; it holds no key
//! that opens an order and never sees one opened.
#![allow(unreachable_pub)] // a program: `pub` here means "for the other files"

mod args;
mod batches;
mod clock;
mod commands;
mod console;
mod exit;
mod files;
mod help;
mod inbox;
mod input;
mod interrupt;
mod language;
mod messages;
mod progress;
mod quietly;
#[cfg(test)]
mod reference;
mod sample;
mod settings;

use std::process::ExitCode;

use clap::FromArgMatches;

use args::{Arguments, Command, ConfigCommand};
use console::Console;
use exit::Exit;
use miandan_core::label::Purpose;

fn main() -> ExitCode {
    // The help wants to know the language before anything else is known.
    let typed = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let (language, json) = language::foresee(typed);
    let parsed = help::command(language).try_get_matches();
    let arguments = match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error, Console { json, quiet: false, language }),
    };
    let Arguments { common, command } = arguments;
    let console = Console { json: common.json, quiet: common.quiet, language };
    let component = common.component.as_deref();
    let outcome = match &command {
        Command::Completions(completions) => commands::packaging::completions(console, completions),
        Command::Config(ConfigCommand::Show(show)) => commands::config::show(console, show),
        Command::Demo(demo) => commands::demo::run(console, component, demo),
        Command::Dispatch(dispatch) => commands::fleet::dispatch(console, dispatch),
        Command::Fleet(fleet) => commands::fleet::run(console, fleet),
        Command::Doctor => commands::doctor::run(console, component),
        Command::Fonts(fonts) => commands::fonts::run(console, fonts),
        Command::Inspect(inspect) => commands::inspect::run(console, inspect),
        Command::Journal(journal) => commands::journal::run(console, journal),
        Command::Keygen(keygen) => commands::keygen::run(console, component, keygen),
        Command::Keys(keys) => commands::keys::run(console, component, keys),
        Command::Man(man) => commands::packaging::man(console, man),
        Command::Mask(mask) => commands::mask::run(console, mask),
        Command::Picklist(picklist) => commands::journal::picklist(console, picklist),
        Command::Plan(plan) => commands::plan::run(console, plan),
        Command::Preview(print) => commands::print::run(console, component, print, Purpose::Preview),
        Command::Print(print) => commands::print::run(console, component, print, Purpose::Print),
        Command::Resume(resume) => commands::print::resume(console, component, resume),
        Command::Reprint(reprint) => commands::print::reprint(console, component, reprint),
        Command::Printers => commands::printers::run(console),
        Command::Selftest(arguments) => commands::selftest::run(console, arguments),
        Command::Scan(arguments) => commands::scan::run(console, arguments),
        Command::Profile(profile) => commands::profile::run(console, profile),
        Command::Sample(sample) => commands::sample::run(console, sample),
        Command::Seal(seal) => commands::seal::run(console, seal),
        Command::Settle(settle) => commands::journal::settle(console, settle),
        Command::Sign(sign) => commands::sign::run(console, sign),
        Command::Status(status) => commands::journal::status(console, status),
        Command::Trust(trust) => commands::trust::run(console, trust),
        Command::Verify(verify) => commands::journal::scans(console, verify),
        Command::Label(label) => commands::label::run(console, label),
        Command::Template(template) => commands::template::run(console, template),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            console.fail(&failure);
            failure.exit.into()
        }
    }
}

/// Ends with what is wrong with the command line, or with the help that was asked for.
fn refuse(error: &clap::Error, console: Console) -> ExitCode {
    match help::usage_failure(console.language, error) {
        Some(failure) => {
            console.fail(&failure);
            failure.exit.into()
        }
        None => {
            // A reader that went away (`| head`) has seen enough of the help.
            let _ = error.print();
            Exit::Done.into()
        }
    }
}
