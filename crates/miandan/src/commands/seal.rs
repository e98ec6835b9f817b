//! `miandan seal`: what a platform does. Plain orders in, sealed orders out, batch by batch.
//!
//! This is the one command whose process holds clear text. It prints nothing and starts no component.
//! When an order is bad, none is sealed; the others are looked at all the same, so that all that is wrong is said at
//! once.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;

use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_seal::StationPublic;
use miandan_seal::issue::{IssuerKey, OrderProblem, PlainOrder, SealError, SealOptions, seal_batch};
use ring::rand::SystemRandom;
use serde_json::json;

use crate::args::Seal;
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files::{self, LineFile};
use crate::input::{At, Orders, Problem, Reason, Stop};
use crate::interrupt;
use crate::messages;

/// How many bad orders are told at most.
const TOLD: usize = 20;

pub fn run(console: Console, arguments: &Seal) -> Outcome {
    let issuer = issuer_key(console, &arguments.issuer)?;
    let stations: Vec<_> =
        arguments.to.iter().map(|path| station(console, path)).collect::<Result<_, _>>()?;
    let iat = clock::now();
    let options = SealOptions {
        aud: arguments.merchant.clone(),
        stn: arguments.station.clone(),
        iat,
        nbf: iat,
        exp: iat + arguments.expires,
        mask: masking(arguments),
        max: arguments.max_prints,
    };
    let batch =
        Batch { issuer: &issuer, stations: &stations, options: &options, random: SystemRandom::new() };
    // Where signals cannot be caught, Ctrl-C ends the program as it ends any other.
    let _ = interrupt::end_with(interrupted(console, arguments));
    let mut reader = Reader::open(console, arguments)?;
    let mut output = LineFile::create(console, &arguments.out)?;
    let (mut count, mut batches) = (0, 0);
    loop {
        let (mut places, mut orders) = reader.batch(arguments.batch_size as usize)?;
        if orders.is_empty() {
            break;
        }
        while !orders.is_empty() {
            match batch.seal(&orders) {
                Ok(sealed) => {
                    if reader.problems.is_empty() {
                        sealed.iter().try_for_each(|sealed| output.line(sealed))?;
                        (count, batches) = (count + orders.len(), batches + 1);
                    }
                    break;
                }
                Err(SealError::Order { index, problem, .. }) => {
                    orders.remove(index);
                    reader.refuse(places.remove(index), problem);
                }
                Err(error) => return Err(refused(console, &error)),
            }
        }
    }
    reader.finish(arguments, batches > 0 && files::is_dash(&arguments.out))?;
    if count == 0 {
        let message = console.fill(messages::NO_ORDERS, &[("file", &arguments.input.display())]);
        let hint = messages::NO_PLAIN_ORDERS_HINT.get(console.language);
        return Err(Failure::new(Exit::Input, "INPUT", message).hint(hint));
    }
    output.finish()?;
    if console.json && !files::is_dash(&arguments.out) {
        console
            .data(&json!({"event": "sealed", "orders": count, "batches": batches, "file": files::text(&arguments.out)}))?;
    }
    let values: [(&str, &dyn Display); 4] = [
        ("count", &count),
        ("batches", &batches),
        ("stations", &stations.len()),
        ("file", &arguments.out.display()),
    ];
    console.say(&console.fill(messages::SEALED, &values));
    Ok(Exit::Done)
}

/// What is said at Ctrl-C.
fn interrupted(console: Console, arguments: &Seal) -> impl FnOnce() + Send + 'static {
    let is_out = files::is_dash(&arguments.out);
    let hint = if is_out { messages::SEAL_INTERRUPTED_STDOUT } else { messages::SEAL_INTERRUPTED_OUT };
    let hint = console.fill(hint, &[("file", &arguments.out.display())]);
    let message = messages::INTERRUPTED.get(console.language).to_owned();
    let failure = Failure::new(Exit::Interrupted, "INTERRUPTED", message).hint(hint);
    move || console.fail(&failure)
}

fn station(console: Console, path: &Path) -> Result<StationPublic, Failure> {
    StationPublic::parse(&files::read(console, path)?).map_err(|error| bad_key(console, path, &error))
}

/// The key of an issuer, from a file or a credential.
pub(super) fn issuer_key(console: Console, path: &Path) -> Result<IssuerKey, Failure> {
    let path = &files::credential(console, path)?;
    IssuerKey::parse(&files::read(console, path)?).map_err(|error| bad_key(console, path, &error))
}

/// A file that is not the key file it should be.
pub(super) fn bad_key(console: Console, path: &Path, why: &dyn Display) -> Failure {
    let values: [(&str, &dyn Display); 2] = [("file", &path.display()), ("why", why)];
    Failure::new(Exit::Refused, "KEY", console.fill(messages::BAD_KEY_FILE, &values))
        .hint(messages::BAD_KEY_FILE_HINT.get(console.language))
}

/// What the command line says of masking; nothing is signed where it says nothing.
fn masking(arguments: &Seal) -> Option<Masking> {
    let Seal { mask_name, mask_phone, mask_address, .. } = arguments;
    if mask_name.is_none() && mask_phone.is_none() && mask_address.is_none() {
        return None;
    }
    // The command line admits only words that are settings.
    let name = mask_name.as_deref().and_then(ShownName::from_word).unwrap_or(Masking::DEFAULT.name);
    let phone = mask_phone.as_deref().and_then(ShownPhone::from_word).unwrap_or(Masking::DEFAULT.phone);
    let address =
        mask_address.as_deref().and_then(ShownAddress::from_word).unwrap_or(Masking::DEFAULT.address);
    Some(Masking { name, phone, address })
}

/// What all batches of a run share.
struct Batch<'a> {
    issuer: &'a IssuerKey,
    stations: &'a [StationPublic],
    options: &'a SealOptions,
    random: SystemRandom,
}

impl Batch<'_> {
    fn seal(&self, orders: &[PlainOrder]) -> Result<Vec<String>, SealError> {
        seal_batch(self.issuer, self.stations, orders, self.options, &self.random)
    }
}

fn refused(console: Console, error: &SealError) -> Failure {
    Failure::new(Exit::Refused, "SEAL", error.to_string()).hint(messages::SEAL_HINT.get(console.language))
}

/// Reads plain orders and keeps what is wrong with them.
struct Reader<'a> {
    console: Console,
    orders: Orders<'a>,
    seen: HashMap<String, At>,
    problems: Vec<Problem>,
    ended: bool,
}

impl<'a> Reader<'a> {
    fn open(console: Console, arguments: &'a Seal) -> Result<Self, Failure> {
        let orders = Orders::open(console, arguments)?;
        Ok(Reader { console, orders, seen: HashMap::new(), problems: Vec::new(), ended: false })
    }

    /// Where the next orders stand, and they; none at the end, and when enough is wrong.
    fn batch(&mut self, size: usize) -> Result<(Vec<At>, Vec<PlainOrder>), Failure> {
        let (mut places, mut orders) = (Vec::new(), Vec::new());
        while orders.len() < size && !self.ended && self.problems.len() < TOLD {
            match self.orders.next() {
                Ok(None) => self.ended = true,
                Ok(Some((at, order))) => {
                    // The same order twice would be printed twice.
                    let id = format!("{}\0{}", order.order_id, order.waybill_no);
                    match self.seen.get(&id) {
                        Some(&first) => self.problems.push(Problem::new(at, Reason::OrderTwice(first))),
                        None => {
                            self.seen.insert(id, at);
                            places.push(at);
                            orders.push(order);
                        }
                    }
                }
                Err(Stop::Problem(problem)) => {
                    self.ended = problem.last;
                    self.problems.push(problem);
                }
                Err(Stop::Unreadable(error)) => return Err(self.orders.unreadable(&error)),
            }
        }
        Ok((places, orders))
    }

    /// Keeps what the sealing says of an order.
    fn refuse(&mut self, at: At, problem: OrderProblem) {
        let field = match problem {
            OrderProblem::Name(member) => Some(member),
            OrderProblem::FieldTooLong(id) | OrderProblem::Virtual(id) => Some(id.as_str()),
            _ => None,
        };
        let place = self.orders.place(at, field);
        self.problems.push(Problem::new(place, Reason::Sealing(problem)));
    }

    /// Says what is wrong, in the order of the input. `is_out`: some sealed orders are on standard output already.
    fn finish(&mut self, arguments: &Seal, is_out: bool) -> Result<(), Failure> {
        let console = self.console;
        self.problems.sort_by(|one, other| one.place.cmp(&other.place));
        self.problems.truncate(TOLD);
        let is_all = self.ended;
        let hint = if is_out { messages::BAD_ORDER_HINT_STDOUT } else { messages::BAD_ORDER_HINT };
        let message = match &self.problems[..] {
            [] => return Ok(()),
            [one] => {
                if console.json {
                    console.data(&one.event(console))?;
                }
                one.text(console)
            }
            several => {
                for problem in several {
                    if console.json {
                        console.data(&problem.event(console))?;
                    } else {
                        console.complain(&problem.text(console));
                    }
                }
                let text = if is_all { messages::BAD_ORDERS } else { messages::BAD_ORDERS_MORE };
                console.fill(text, &[("file", &arguments.input.display()), ("count", &several.len())])
            }
        };
        Err(Failure::new(Exit::Input, "INPUT", message).hint(hint.get(console.language)))
    }
}
