//! A service that prints: it takes sealed orders from a connection, a line each, and sends back a PDF, or one line that says why
//! there is none. Several clients are served at once.
//!
//! ```sh
//! cargo run --release --example embed_in_a_service -- 127.0.0.1:9000 station.key issuer.key.pub &
//! nc -N 127.0.0.1 9000 < orders.sealed.jsonl > labels.pdf
//! ```
//!
//! It trusts whoever can connect, as an example may. What it could give away is no more than masked labels.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // a program: it talks, and asks the clock

use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{io, thread};

use miandan_core::pipe::Failure;
use miandan_print::{
    Batch, ComponentOptions, Fault, LabelOutcome, Observer, Orders, PdfOutput, Status, component_path,
};

/// The most that a client may send, in bytes: about 10,000 orders.
const MOST: u64 = 64 << 20;

/// Why a client gets no labels: the status is for its program, the sentence for its user.
struct Refused(Status, String);

impl<F: Fault> From<F> for Refused {
    fn from(fault: F) -> Self {
        Refused(fault.status(), fault.to_string())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, key, issuer] = arguments.as_slice() else {
        return Err("usage: embed_in_a_service ADDRESS KEY ISSUER.pub".into());
    };
    let mut component = ComponentOptions::new(component_path(None)?);
    component.keys.push(key.into());
    component.trust.push(issuer.into());
    // A key that is not there is found now, and not by the first client.
    component.check_files()?;
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);

    // Options are data: every client has a batch, and components, of its own.
    thread::scope(|scope| {
        for client in listener.incoming() {
            let component = &component;
            scope.spawn(move || match client.and_then(|client| serve(client, component)) {
                Ok(()) => {}
                Err(error) => eprintln!("a client is gone: {error}"),
            });
        }
    });
    Ok(())
}

fn serve(mut client: TcpStream, component: &ComponentOptions) -> io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(30)))?;
    client.set_write_timeout(Some(Duration::from_secs(30)))?;
    // A client gets a whole file or a reason, never half of one and then the other.
    let folder = tempfile::tempdir()?;
    let labels = folder.path().join("labels.pdf");
    match print(&client, component, &labels) {
        Ok(()) => io::copy(&mut File::open(&labels)?, &mut client).map(drop),
        Err(Refused(status, why)) => writeln!(client, "{status}: {why}"),
    }
}

fn print(client: &TcpStream, component: &ComponentOptions, labels: &Path) -> Result<(), Refused> {
    let orders = Orders::spool(client.take(MOST))?;
    let mut batch = Batch::new(&orders, component, miandan_render::shipped::ONE_PART_76X130.as_bytes());
    batch.now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    // Clients share the processors.
    batch.workers = 1;
    let mut reasons = Reasons(Vec::new());
    let summary = batch.print(PdfOutput::create(labels)?, &mut reasons)?;
    println!("{} labels, {} orders failed", summary.done, summary.failed);
    match reasons.0.first() {
        Some(&(index, failure)) if summary.done == 0 => {
            Err(Refused(failure.into(), format!("order {index}, and so were the others")))
        }
        _ => Ok(()),
    }
}

/// Why orders have no label.
struct Reasons(Vec<(u32, Failure)>);

impl Observer for Reasons {
    fn label(&mut self, label: &LabelOutcome) {
        if let Err(failure) = label.result {
            self.0.push((label.number.index, failure));
        }
    }
}
