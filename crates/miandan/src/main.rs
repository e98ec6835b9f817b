//! The command line of Miandan. It reads arguments, calls the libraries and says what came of it; it holds no key
//! that opens an order and never sees one opened.
#![allow(unreachable_pub)] // a program: `pub` here means "for the other files"

mod args;
mod clock;
mod commands;
mod console;
mod exit;
mod files;
mod language;
mod messages;
mod progress;
mod sample;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command, ConfigCommand};
use console::Console;
use language::Language;
use miandan_core::label::Purpose;

fn main() -> ExitCode {
    let Arguments { common, command } = Arguments::parse();
    // What a machine reads is never translated.
    let language = if common.json { Language::English } else { Language::choose(common.lang) };
    let console = Console { json: common.json, quiet: common.quiet, language };
    let component = common.component.as_deref();
    let outcome = match &command {
        Command::Completions(completions) => commands::packaging::completions(console, completions),
        Command::Config(ConfigCommand::Show(show)) => commands::config::show(console, show),
        Command::Demo(demo) => commands::demo::run(console, component, demo),
        Command::Doctor => commands::doctor::run(console, component),
        Command::Inspect(inspect) => commands::inspect::run(console, inspect),
        Command::Keygen(keygen) => commands::keygen::run(console, component, keygen),
        Command::Man(man) => commands::packaging::man(console, man),
        Command::Mask(mask) => commands::mask::run(console, mask),
        Command::Plan(plan) => commands::plan::run(console, plan),
        Command::Preview(print) => commands::print::run(console, component, print, Purpose::Preview),
        Command::Print(print) => commands::print::run(console, component, print, Purpose::Print),
        Command::Sample(sample) => commands::sample::run(console, sample),
        Command::Seal(seal) => commands::seal::run(console, seal),
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
