//! What the labels of sealed orders look like, one a line as JSON: `drawn_labels COMPONENT ORDERS KEY ISSUER.pub`.
//!
//! They come from a component, masked and laid out, as they do for `miandan print --pdf-engine printpdf`.

use std::error::Error;
use std::io::{BufWriter, Stdout, Write, stdout};
use std::path::PathBuf;
use std::time::SystemTime;

use miandan_core::label::{Format, LabelSize, Resolution};
use miandan_core::pipe::{FontSubset, Pages};
use miandan_print::{Batch, ComponentOptions, Orders, Output, OutputError};
use miandan_render::frame::{FaceId, Frame, Ink, Item, Shape, Turn};
use miandan_render::{shipped, wire};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [component, orders, key, issuer] = &arguments[..] else {
        return Err("COMPONENT ORDERS KEY ISSUER.pub".into());
    };
    let mut options = ComponentOptions::new(component.clone());
    options.keys.push(key.clone());
    options.trust.push(issuer.clone());
    let orders = Orders::open(orders)?;
    let mut batch = Batch::new(&orders, &options, shipped::ONE_PART_76X130.as_bytes());
    batch.now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    batch.print(Lines(BufWriter::new(stdout())), &mut ())?;
    Ok(())
}

/// Writes each label down.
struct Lines(BufWriter<Stdout>);

impl Output for Lines {
    fn format(&self) -> Format {
        Format::Frame
    }

    fn begin(&mut self, _: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, _: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let failed = |error| OutputError { path: "standard output".into(), error };
        for page in label.iter() {
            let frame = wire::decode(page).map_err(|error| failed(std::io::Error::other(error)))?;
            let items: Vec<Value> = frame.items.iter().filter_map(|item| drawn(&frame, item)).collect();
            let label = json!({"size": [frame.size.width, frame.size.height], "items": items});
            writeln!(self.0, "{label}").map_err(failed)?;
        }
        Ok(())
    }

    fn finish(mut self, _: &[FontSubset<'_>]) -> Result<(), OutputError> {
        self.0.flush().map_err(|error| OutputError { path: "standard output".into(), error })
    }
}

/// An item as `README.md` has it. The label that is measured has no picture.
fn drawn(frame: &Frame, item: &Item) -> Option<Value> {
    let ink = |ink| if ink == Ink::Black { "black" } else { "white" };
    let radius = |shape| match shape {
        Shape::Square => 0,
        Shape::Rounded(radius) => radius,
        Shape::Ellipse => -1,
    };
    let turns = |turn| turn as u8;
    let dot = dot(frame.resolution);
    let dots = |dots: i32| f64::from(dots) * dot;
    Some(match item {
        Item::Fill(fill) => {
            let r = fill.rect;
            json!(["fill", r.x, r.y, r.width, r.height, ink(fill.ink), radius(fill.shape)])
        }
        Item::Outline(outline) => {
            let r = outline.rect;
            json!(["outline", r.x, r.y, r.width, r.height, outline.line, radius(outline.shape), outline.dash])
        }
        Item::Stroke(stroke) => {
            let ([x1, y1], [x2, y2]) = (stroke.from, stroke.to);
            json!(["stroke", x1, y1, x2, y2, stroke.line, stroke.dash])
        }
        Item::Text(text) => {
            let face = frame.faces.get(text.face)?;
            let said: String = text.cids(frame).iter().filter_map(|&cid| face.character(cid)).collect();
            let weight = if text.face == FaceId::Bold { "bold" } else { "regular" };
            json!([
                "text",
                text.x,
                text.y,
                text.size,
                weight,
                ink(text.ink),
                turns(text.turn),
                text.spacing,
                said
            ])
        }
        Item::Bars(bars) => {
            let (x, y) = (dots(bars.x), dots(bars.y));
            let (module, length) = (f64::from(bars.module) * dot, dots(bars.length));
            let turned = u8::from(bars.turn != Turn::None);
            json!(["bars", x, y, module, length, turned, bars.widths(frame)])
        }
        Item::Matrix(matrix) => {
            let row = |row: &u128| -> String {
                (0..matrix.side).map(|at| if row >> at & 1 == 1 { '1' } else { '0' }).collect()
            };
            let rows: Vec<String> = matrix.rows(frame).iter().map(row).collect();
            json!(["matrix", dots(matrix.x), dots(matrix.y), f64::from(matrix.module) * dot, rows])
        }
        Item::Image(_) => return None,
    })
}

/// A dot in micrometres.
fn dot(resolution: Resolution) -> f64 {
    let (numerator, denominator) = resolution.dot();
    f64::from(numerator) / f64::from(denominator)
}
