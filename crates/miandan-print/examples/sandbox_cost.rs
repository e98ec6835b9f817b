//! What the sandbox costs: `sandbox_cost COMPONENT KEY TRUST ORDERS NOW ROUNDS`. `benches/sandbox` uses it.
//!
//! In each round one component starts with every layer and one with none, in turn first; each is asked for single
//! labels and for blocks of 64, request by request in turn, so that a machine whose speed drifts slows both.
//! Prints one JSON object: for each of start, label and block, in microseconds of either side, the fastest tenth
//! and the quartiles.
#![cfg(unix)]
#![allow(clippy::print_stdout, clippy::disallowed_methods)] // a program's answer; it starts components both ways

use std::error::Error;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelNumber, Purpose, Resolution};
use miandan_core::pipe::{self, Answer, LabelAnswer, MAX_ANSWER, RenderLabel, Request, TemplateKind};
use miandan_core::stamp::Stamp;
use miandan_render::shipped::ONE_PART_76X130;

const BLOCK: usize = 64;
/// Requests a round: of a single label, of a block.
const SINGLES: usize = 24;
const BLOCKS: usize = 6;

/// With the sandbox and without.
const SIDES: [bool; 2] = [true, false];

/// Microseconds of either side.
type Times = [Vec<f64>; 2];

struct Component {
    child: Child,
    pipe: UnixStream,
    frame: Vec<u8>,
    buffer: Vec<u8>,
}

impl Component {
    /// Starts one and waits until it is ready; answers how long that took as well.
    fn start(program: &str, key: &str, trust: &str, sandbox: bool) -> Result<(Self, f64), Box<dyn Error>> {
        let began = Instant::now();
        let (pipe, theirs) = UnixStream::pair()?;
        let mut command = Command::new(program);
        command.args(["--key", key, "--trust", trust]).env_clear().stdin(Stdio::from(OwnedFd::from(theirs)));
        if !sandbox {
            command.arg("--dangerous-without-sandbox");
        }
        let child = command.spawn()?;
        let mut component = Component { child, pipe, frame: Vec::new(), buffer: Vec::new() };
        let Answer::Ready(_) = component.answer()? else { return Err("the component refused".into()) };
        Ok((component, began.elapsed().as_secs_f64() * 1e6))
    }

    fn answer(&mut self) -> Result<Answer<'_>, Box<dyn Error>> {
        let (kind, body) = pipe::read_frame(&mut self.pipe, &mut self.buffer, MAX_ANSWER)?;
        Ok(Answer::decode(kind, body)?)
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<Answer<'_>, Box<dyn Error>> {
        request.encode(&mut self.frame);
        pipe::write_frame(&mut self.pipe, &self.frame)?;
        self.answer()
    }

    /// Has labels made, every one of which must come.
    fn print(&mut self, orders: &[&[u8]], now: u64) -> Result<f64, Box<dyn Error>> {
        let stamp = Stamp::first(LabelNumber { index: 1, count: 1 }, 0);
        let labels = orders.iter().map(|&sealed| RenderLabel::sealed(stamp, sealed)).collect();
        let (format, resolution, purpose) = (Format::Pdf, Resolution::Dpi203, Purpose::Print);
        let began = Instant::now();
        let missing = MissingGlyph::Refuse;
        let request = Request::Render { template: 0, format, resolution, purpose, missing, now, labels };
        let answer = self.ask(&request)?;
        let took = began.elapsed().as_secs_f64() * 1e6;
        let Answer::Labels { labels, .. } = answer else { return Err("no labels".into()) };
        let done = labels.iter().filter(|label| matches!(label, LabelAnswer::Done { .. })).count();
        if done == orders.len() { Ok(took) } else { Err("a label could not be made".into()) }
    }
}

impl Drop for Component {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, key, trust, orders, now, rounds] = arguments.as_slice() else {
        return Err("usage: sandbox_cost COMPONENT KEY TRUST ORDERS NOW ROUNDS".into());
    };
    let orders = std::fs::read(orders)?;
    let orders: Vec<&[u8]> =
        orders.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).take(BLOCK).collect();
    if orders.len() < BLOCK {
        return Err("64 orders are needed".into());
    }
    let now = now.parse()?;
    let [mut starts, mut labels, mut blocks]: [Times; 3] = Default::default();
    for round in 0..rounds.parse::<usize>()? {
        let mut components: [Option<Component>; 2] = [None, None];
        for turn in [round % 2, 1 - round % 2] {
            let (mut component, took) = Component::start(program, key, trust, SIDES[turn])?;
            starts[turn].push(took);
            let template = component.ask(&Request::Template {
                kind: TemplateKind::Waybill,
                source: ONE_PART_76X130.as_bytes(),
            })?;
            assert!(matches!(template, Answer::Template(_)), "the template that we ship");
            component.print(&orders, now)?; // what is made once is made here
            components[turn] = Some(component);
        }
        for index in 0..SINGLES + BLOCKS {
            for turn in [index % 2, 1 - index % 2] {
                let component = components[turn].as_mut().expect("both were started");
                if index < SINGLES {
                    labels[turn].push(component.print(&orders[index..=index], now)?);
                } else {
                    blocks[turn].push(component.print(&orders, now)?);
                }
            }
        }
    }
    let written = [("start", &mut starts), ("label", &mut labels), ("block", &mut blocks)]
        .map(|(name, [on, off])| format!(r#""{name}":{{"on":{},"off":{}}}"#, shares(on), shares(off)));
    println!("{{{}}}", written.join(","));
    Ok(())
}

fn shares(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!("[{:.1},{:.1},{:.1},{:.1}]", at(0.1), at(0.25), at(0.5), at(0.75))
}
