//! Draws a template with the sample waybill: `show_template TEMPLATE.xml OUT.png [203|300]`.
//!
//! A problem of the template is printed with its place.

use std::error::Error;
use std::fs;

use miandan_core::label::Resolution;
use miandan_render::frame::Frame;
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::shipped;
use miandan_render::template::Template;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [template, out, rest @ ..] = &arguments[..] else {
        return Err("usage: show_template TEMPLATE.xml OUT.png [203|300]".into());
    };
    let dpi = rest.first().map_or(Ok(203), |dpi| dpi.parse())?;
    let resolution = Resolution::from_dpi(dpi).ok_or("the resolution is 203 or 300")?;
    let template = Template::compile(&fs::read(template)?)?;
    let mut frame = Frame::default();
    let mut bitmap = Bitmap::default();
    template.layout(&shipped::sample(), resolution, &mut frame).map_err(|failure| {
        format!("{} {}", failure.code, failure.field.map_or("", |field| field.as_str()))
    })?;
    for page in 0..frame.pages() {
        Rasteriser::new().draw_page(&frame, page, &mut bitmap);
        let mut picture = Vec::new();
        png(&bitmap, &mut picture);
        let name = if page == 0 { out.clone() } else { format!("{out}-{}.png", page + 1) };
        fs::write(name, picture)?;
    }
    Ok(())
}
