//! Order systems and printers around a running agent: so many connections print so many sealed orders, and every label is
//! looked for at the printers. `benches/agent` starts the agent, and this with it.
//!
//!     load --orders FILE --port WS --printers PORT,PORT… --connections N --tasks N [--pace PER_SECOND | --window N]
//!          [--warm-up N] [--every N]
//!
//! One order is one task. With `--pace` each connection prints so many a second, whatever becomes of those before; without
//! it, it has `--window` tasks on their way. Every line on standard output is a JSON object: how many tasks are settled, every
//! so many; at the end what was counted, and how long what took.
#![allow(clippy::print_stdout, reason = "a program")]

mod barcode;
mod book;
mod clients;
mod printers;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use book::Book;
use clients::{Client, Pace};
use miandan_testing::Random;

/// Nothing comes for so long: it is over.
const PATIENCE: Duration = Duration::from_secs(60);

/// What nobody expects any more would have come after so long.
const SILENCE: Duration = Duration::from_millis(500);

/// What the command line says.
struct Arguments {
    orders: PathBuf,
    port: u16,
    printers: Vec<u16>,
    connections: usize,
    tasks: usize,
    pace: Option<f64>,
    window: usize,
    warm_up: usize,
    every: usize,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut read = Arguments {
            orders: PathBuf::new(),
            port: 0,
            printers: Vec::new(),
            connections: 1,
            tasks: 1,
            pace: None,
            window: 1,
            warm_up: 0,
            every: usize::MAX,
        };
        while let Some(option) = words.next() {
            let value = words.next().ok_or("every option has a value")?;
            match option.as_str() {
                "--orders" => read.orders = value.into(),
                "--port" => read.port = value.parse()?,
                "--printers" => read.printers = value.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--connections" => read.connections = value.parse()?,
                "--tasks" => read.tasks = value.parse()?,
                "--pace" => read.pace = Some(value.parse()?),
                "--window" => read.window = value.parse()?,
                "--warm-up" => read.warm_up = value.parse()?,
                "--every" => read.every = value.parse()?,
                _ => return Err(format!("{option} is not known").into()),
            }
        }
        if read.printers.is_empty() || read.connections == 0 || read.tasks < read.connections {
            return Err("a printer, a connection and a task for each connection are needed".into());
        }
        Ok(read)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let book = Arc::new(Book::read(&arguments.orders, arguments.tasks)?);
    for &port in &arguments.printers {
        printers::start(port, Arc::clone(&book)).await?;
    }
    let mut tasks: Vec<Vec<usize>> = vec![Vec::new(); arguments.connections];
    (0..arguments.tasks).for_each(|order| tasks[order % arguments.connections].push(order));
    let mut connected = Vec::with_capacity(arguments.connections);
    for (place, tasks) in tasks.into_iter().enumerate() {
        let printer = format!("P{:02}", place % arguments.printers.len() + 1);
        let pace = match arguments.pace {
            Some(rate) => {
                Pace::Rate(rate, Random((place as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
            }
            None => Pace::Window(arguments.window),
        };
        connected.push(Client::connect(arguments.port, Arc::clone(&book), printer, tasks, pace).await?);
    }
    let began = Instant::now();
    let clients: Vec<_> = connected.into_iter().map(|client| tokio::spawn(client.run(began))).collect();
    let all = arguments.tasks;
    let (mut said, mut last, mut since) = (0, 0, Instant::now());
    while book.settled() < all || book.printed() < all {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let settled = book.settled();
        while settled - said >= arguments.every {
            said += arguments.every;
            println!("{}", serde_json::json!({ "settled": said, "seconds": began.elapsed().as_secs_f64() }));
        }
        let now = settled + book.printed();
        if now != last {
            (last, since) = (now, Instant::now());
        }
        if since.elapsed() > PATIENCE {
            break;
        }
    }
    let took = began.elapsed();
    tokio::time::sleep(SILENCE).await;
    clients.iter().for_each(tokio::task::JoinHandle::abort);
    println!("{}", book.report(took, arguments.warm_up * arguments.connections));
    Ok(())
}
