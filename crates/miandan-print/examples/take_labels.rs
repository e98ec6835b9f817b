//! Takes all labels of a batch one by one, as what a printer is sent: the Rust call beside which `benches/embedding` measures
//! those of other languages. `take_labels ORDERS KEY ISSUER.pub`.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement: it talks, and asks the clock"
)]

use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

use miandan_print::printer::find_profile;
use miandan_print::{BatchOptions, ComponentOptions, LabelForm, Labels, Orders, component_path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [orders, key, issuer] = arguments.as_slice() else {
        return Err("usage: take_labels ORDERS KEY ISSUER.pub".into());
    };
    let mut component = ComponentOptions::new(component_path(None)?);
    component.keys.push(key.into());
    component.trust.push(issuer.into());
    let orders = Arc::new(Orders::open(orders.as_ref())?);
    let mut batch = BatchOptions::new(orders, component, miandan_render::shipped::ONE_PART_76X130.as_bytes());
    batch.now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let profile = find_profile("tsc").ok_or("no such profile")?.read()?.profile;
    let mut bytes = 0;
    for label in Labels::start(batch, LabelForm::Printer(profile))? {
        bytes += label?.pages.map_err(|failure| failure.code.as_str())?.iter().map(Vec::len).sum::<usize>();
    }
    println!("{bytes}");
    Ok(())
}
