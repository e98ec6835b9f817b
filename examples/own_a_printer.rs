//! Prints sealed orders on a printer of your own, through the journal, and tells what becomes of each label:
//!
//! ```sh
//! cargo run --release --example own_a_printer -- orders.sealed.jsonl station.key issuer.key.pub socket://192.0.2.7 tsc
//! ```
//!
//! The journal makes it safe to run this again: what was printed is not printed twice, what may be on paper waits for a person,
//! and the rest is printed.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // a program: it talks, and asks the clock

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use miandan_core::pipe::TemplateKind;
use miandan_print::printer::find_profile;
use miandan_print::station::{Events, LabelEvent, LabelRequest, Station, StationOptions, TemplateSource};
use miandan_print::{ComponentOptions, Fault, Journal, Orders, Printer, Status, component_path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [orders, key, issuer, printer, profile] = arguments.as_slice() else {
        return Err("usage: own_a_printer ORDERS KEY ISSUER.pub PRINTER PROFILE".into());
    };
    let mut component = ComponentOptions::new(component_path(None)?);
    component.keys.push(key.into());
    component.trust.push(issuer.into());

    let profile = find_profile(profile).ok_or("no such profile is shipped")?.read()?;
    let printers = vec![("desk".to_owned(), Printer::open(printer, profile)?)];
    let journal = Journal::open("journal.db".as_ref())?;
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let station = Station::start(StationOptions::new(component, journal, printers, Arc::new(clock)))?;

    let orders = Orders::open(orders.as_ref())?;
    let count = orders.len();
    let template = miandan_render::shipped::ONE_PART_76X130.as_bytes().to_vec();
    let template = Arc::new(TemplateSource::new(TemplateKind::Waybill, template));
    let labels = LabelRequest::all_of(&orders, &template)?;

    // What happens is read from a queue; a `Watch` of your own would be called instead.
    let events = Events::default();
    station.print("desk", labels, events.watch(0))?;
    let mut unsettled = count;
    while unsettled > 0 {
        let Some(told) = events.next(Duration::from_secs(60)) else { continue };
        let number = told.place + 1;
        match told.event {
            LabelEvent::Waiting(why, _) => println!("no. {number} waits: {why}"),
            LabelEvent::Settled(result) => {
                unsettled -= 1;
                match result {
                    Ok(Some(_)) => println!("no. {number} was printed: the printer says so"),
                    Ok(None) => println!("no. {number} was sent"),
                    Err(error) if error.status() == Status::Uncertain => {
                        println!("no. {number}: look at the printer: {error}");
                    }
                    Err(error) => println!("no. {number}: {}: {error}", error.status()),
                }
            }
            _ => {}
        }
    }
    station.stop(Duration::from_secs(10));
    Ok(())
}
