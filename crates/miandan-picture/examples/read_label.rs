//! Says what can be read in pictures of labels: `cargo run -p miandan-picture --example read_label -- label.png`.

use std::error::Error;

use miandan_picture::{Document, read};

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args_os().skip(1) {
        let document = Document::open(std::fs::read(&path)?)?;
        for index in 0..document.pages() {
            let reading = read(&document.page(index)?);
            println!("{} page {}", path.display(), index + 1);
            for symbol in &reading.symbols {
                let (kind, area) = (symbol.kind.as_str(), symbol.area);
                println!(
                    "  {kind} at ({}, {}), {} x {}: module {:.2}, quiet {:?}, uneven {:?}, contrast {:.2}: {}",
                    area.left,
                    area.top,
                    area.width(),
                    area.height(),
                    symbol.module,
                    symbol.quiet,
                    symbol.uneven,
                    symbol.contrast,
                    symbol.text
                );
            }
            for number in &reading.numbers {
                println!("  number at ({}, {}): {}", number.area.left, number.area.top, number.text);
            }
        }
    }
    Ok(())
}
