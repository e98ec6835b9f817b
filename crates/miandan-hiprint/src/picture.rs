//! Pictures: what is in the design as a data URL. Nothing is fetched.

use miandan_render::template::{Problem, Template};

use crate::import::{Drawn, Importer};
use crate::item::Item;
use crate::note::Reason;
use crate::write::Tag;

/// Pictures of a label, a limit of the template language.
const PICTURES: usize = 16;

/// Pictures of a design that are looked at: broken ones cost time as well.
const LOOKED_AT: usize = 2 * PICTURES;

/// Bytes of the source of a picture: the most that a template can have.
const SOURCE: usize = 240 << 10;

pub(crate) fn draw(importer: &mut Importer<'_>, item: &mut Item<'_>) -> Option<Drawn> {
    let source = item.options.word("src");
    if !item.options.text("field").is_empty() {
        item.leave_out(Reason::PictureField);
        return None;
    }
    if source.is_empty() {
        item.leave_out(Reason::NoContent);
        return None;
    }
    if !source.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        item.leave_out(Reason::PictureElsewhere);
        return None;
    }
    if source.len() > SOURCE || importer.pictures.len() == PICTURES || importer.looked_at == LOOKED_AT {
        item.leave_out(Reason::PictureTooLarge);
        return None;
    }
    let source: String = source.chars().filter(|c| !c.is_whitespace()).collect();
    if !source.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>&\"'%".contains(&byte)) {
        item.leave_out(Reason::PictureBroken);
        return None;
    }
    // All of them are decoded each time.
    importer.looked_at += 1;
    importer.pictures.push(source);
    if let Err(reason) = compiles(&importer.pictures) {
        importer.pictures.pop();
        item.leave_out(reason);
        return None;
    }
    let quarters = item.quarters();
    let mut tag = Tag::new("image");
    item.area.turned(quarters).write(&mut tag);
    match item.options.word("fit") {
        "contain" => {}
        "cover" | "none" | "scale-down" => item.remark(Reason::PictureFit),
        // An `img` fills its box unless it is told otherwise.
        _ => tag.attribute("ratioMode", "ignoreRatio"),
    }
    if item.options.is_set("borderRadius") {
        item.remark(Reason::Rounded);
    }
    if quarters != 0 {
        tag.style("rotation", &(u16::from(quarters) * 90).to_string());
    }
    item.z_index(&mut tag);
    // It is long, so it comes last.
    tag.attribute("src", importer.pictures.last()?);
    Some(Drawn::line(tag.empty()))
}

/// Whether a template can have all these pictures. That is left to the compiler of templates, which knows the limits and has
/// the decoders.
fn compiles(pictures: &[String]) -> Result<(), Reason> {
    let images: String = pictures.iter().map(|source| format!("<image src=\"{source}\"/>")).collect();
    let source = format!("<page width=\"76\" height=\"130\">{images}</page>");
    match Template::compile(source.as_bytes()) {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.problem {
            Problem::ImageTooLarge | Problem::TooLarge => Reason::PictureTooLarge,
            _ => Reason::PictureBroken,
        }),
    }
}
