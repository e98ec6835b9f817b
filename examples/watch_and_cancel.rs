//! Takes the labels of a batch one by one, as pictures, shows how far it is, and ends when somebody presses Enter:
//!
//! ```sh
//! cargo run --release --example watch_and_cancel -- orders.sealed.jsonl station.key issuer.key.pub labels
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // a program: it talks, and asks the clock

use std::error::Error;
use std::fs;
use std::io::{Write, stdin, stdout};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::SystemTime;

use miandan_print::{BatchOptions, ComponentOptions, LabelForm, Labels, Orders, PrintError, component_path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [orders, key, issuer, folder] = arguments.as_slice() else {
        return Err("usage: watch_and_cancel ORDERS KEY ISSUER.pub FOLDER".into());
    };
    let mut component = ComponentOptions::new(component_path(None)?);
    component.keys.push(key.into());
    component.trust.push(issuer.into());

    let orders = Arc::new(Orders::open(orders.as_ref())?);
    let mut batch = BatchOptions::new(orders, component, miandan_render::shipped::ONE_PART_76X130.as_bytes());
    batch.now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let mut labels = Labels::start(batch, LabelForm::Png)?;

    // Anything that can call a function can cancel: a button, a signal, a deadline.
    let cancel = labels.cancel();
    thread::spawn(move || {
        if stdin().read_line(&mut String::new()).is_ok_and(|length| length > 0) {
            cancel.cancel();
        }
    });

    fs::create_dir_all(folder)?;
    for label in &mut labels {
        let label = match label {
            Ok(label) => label,
            Err(PrintError::Cancelled) => {
                println!("\ncancelled; what is in {folder} is whole");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        print!("\r{}/{}", label.number.index, label.number.count);
        stdout().flush()?;
        match label.pages {
            Ok(pages) => {
                for (page, picture) in pages.iter().enumerate() {
                    let name = format!("{:06}-{}.png", label.number.index, page + 1);
                    fs::write(Path::new(folder).join(name), picture)?;
                }
            }
            Err(failure) => eprintln!("\rno. {}: {}", label.number.index, failure.code),
        }
    }
    println!("\n{} labels, {} orders failed", labels.summary().done, labels.summary().failed);
    Ok(())
}
