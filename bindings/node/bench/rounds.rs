//! Prints a batch from Rust and says how many seconds the call took: what `bench.js` measures the Node package against.
//!
//! `rounds pdf|png COMPONENT ORDERS KEY ISSUER.pub NOW OUT`
#![allow(clippy::print_stdout)] // a program: it talks

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use miandan_print::{BatchOptions, ComponentOptions, LabelForm, Labels, Orders, PdfOutput};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [form, program, orders, key, issuer, now, out] = arguments.as_slice() else {
        return Err("usage: rounds pdf|png COMPONENT ORDERS KEY ISSUER.pub NOW OUT".into());
    };
    let template = miandan_templates::find("one-part-76x130").ok_or("no template")?.template;
    let orders = Arc::new(Orders::open(Path::new(orders))?);

    let began = Instant::now();
    let mut component = ComponentOptions::new(PathBuf::from(program));
    component.keys.push(key.into());
    component.trust.push(issuer.into());
    component.state = ComponentOptions::state_beside(Path::new(key));
    let mut batch = BatchOptions::new(Arc::clone(&orders), component, template.as_bytes());
    batch.now = now.parse()?;
    let done = if form == "pdf" {
        let cancel = false.into();
        batch.batch(&cancel).print(PdfOutput::create(Path::new(out))?, &mut ())?.done
    } else {
        let mut bytes = 0;
        let mut done = 0;
        for label in Labels::start(batch, LabelForm::Png)? {
            let pages = label?.pages.map_err(|failure| failure.code.as_str())?;
            bytes += pages.iter().map(Vec::len).sum::<usize>();
            done += 1;
        }
        assert!(bytes > 0, "labels have pages");
        done
    };
    println!("{}", began.elapsed().as_secs_f64());
    assert_eq!(done, orders.len(), "every order has a label");
    Ok(())
}
