//! `miandan completions` and `miandan man`: for packagers, from the same definition as the help.

use std::io;

use clap::CommandFactory;

use crate::args::{Arguments, Completions, Man};
use crate::console::Console;
use crate::exit::{Exit, Outcome};
use crate::files;

pub fn completions(console: Console, arguments: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "miandan", &mut script);
    console.bytes(&script)?;
    Ok(Exit::Done)
}

pub fn man(console: Console, arguments: &Man) -> Outcome {
    let command = Arguments::command();
    match &arguments.dir {
        Some(folder) => {
            let made =
                std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
            made.map_err(|error| files::unwritable(console, folder, &error))?;
        }
        None => {
            let mut page = Vec::new();
            let rendered: io::Result<()> = clap_mangen::Man::new(command).render(&mut page);
            rendered.map_err(|error| console.output_failure(&error))?;
            console.bytes(&page)?;
        }
    }
    Ok(Exit::Done)
}
