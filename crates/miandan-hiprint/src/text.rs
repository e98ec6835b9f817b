//! Texts: what they say, and how they are set.

use crate::import::{Drawn, Importer};
use crate::item::Item;
use crate::note::Reason;
use crate::write::{Tag, comment, fixed, number};

/// Points of the type where an element does not say.
pub(crate) const SIZE: f64 = 9.0;

/// Points from line to line where an element does not say, whatever the size of its type.
const PITCH: f64 = 9.75;

/// The most points from line to line.
const MOST_PITCH: f64 = 600.0;

/// Distance of baselines at `lineHeight:100%`, in ems.
const NORMAL_PITCH: f64 = 1.2;

pub(crate) fn draw(importer: &Importer<'_>, item: &mut Item<'_>) -> Option<Drawn> {
    let field = item.options.text("field");
    let title = item.options.text("title");
    let title = fixed(&title, item);
    let hidden = item.options.is_true("hideTitle");
    let label = if field.is_empty() {
        title
    } else if hidden || title.is_empty() {
        String::new()
    } else {
        format!("{title}：")
    };
    let target = importer.target(item);
    let content = match target {
        Ok(Some(target)) => format!("{label}<%={}%>", target.expression()),
        Ok(None) if label.is_empty() => {
            item.leave_out(Reason::NoContent);
            return None;
        }
        Ok(None) => label,
        Err(()) if item.note.remarks.iter().any(|remark| remark.reason == Reason::UnknownField) => {
            // Ready to be completed and taken out of its comment.
            let line = set(item).around(&format!("{label}<%=_data.?%>"));
            return Some(Drawn { lines: vec![comment(&line)], ..Drawn::default() });
        }
        Err(()) => return None,
    };
    let line = set(item).around(&content);
    Some(Drawn::line(line).needs(target.ok().flatten()))
}

/// The tag of a text in its box.
fn set(item: &mut Item<'_>) -> Tag {
    let mut tag = Tag::new("text");
    let mut style = Tag::new("text");
    let size = font_size(item, &mut style, "fontSize", SIZE);
    let turn = item.turn();
    let given = item.size("lineHeight");
    if given.is_some_and(|pitch| pitch > MOST_PITCH) {
        item.remark(Reason::LineHeight);
    }
    let pitch = given.unwrap_or(PITCH).min(MOST_PITCH);
    let middle = item.options.word("textContentVerticalAlign");
    // CSS centres the type in its line, the template language begins a line with its type.
    let lead = (pitch - size) / 2.0;
    let mut area = item.area;
    let plain = !item.is_decorated() && turn.degrees == 0.0;
    let inner = if turn.degrees == 0.0 && middle.is_empty() { lead } else { 0.0 };
    item.decorate(&mut style, inner);
    if plain {
        match middle {
            "middle" => {}
            "bottom" => area.height -= lead.max(0.0),
            _ => {
                area.top += lead;
                area.height -= lead.max(0.0);
            }
        }
        // What is higher than its box stands below it in hiprint as well.
        if area.height < size {
            area.top -= if middle == "middle" { (size - area.height) / 2.0 } else { 0.0 };
            area.height = size;
        }
    }
    let quarters = turn.exactly();
    area = quarters.map_or(area, |quarters| area.turned(quarters));
    area.write(&mut tag);
    face(item, &mut style);
    line_height(item, &mut style, size, given.is_some(), pitch);
    align(item, &mut style, "textAlign");
    if matches!(middle, "middle" | "bottom") {
        style.style("valign", middle);
    }
    match item.options.word("textContentWrap") {
        "nowrap" => style.style("wrap", "false"),
        "clip" | "ellipsis" => {
            style.style("wrap", "false");
            style.style("overflow", "hidden");
        }
        _ => {}
    }
    match quarters {
        Some(0) => {}
        Some(quarters) => style.style("rotation", &(u16::from(quarters) * 90).to_string()),
        None => style.style("rotation", &number(turn.degrees)),
    }
    item.z_index(&mut style);
    tag.with_style_of(style)
}

/// The size of type, in points, and its property.
pub(crate) fn font_size(item: &mut Item<'_>, style: &mut Tag, name: &str, usual: f64) -> f64 {
    let given = item.size(name).filter(|size| *size > 0.0).unwrap_or(usual);
    let size = given.clamp(1.0, 400.0);
    if size != given {
        item.remark(Reason::FontSize);
    }
    style.style("fontSize", &number(size));
    size
}

/// Weight, family, colour, underline and spacing.
fn face(item: &mut Item<'_>, style: &mut Tag) {
    if is_bold(&item.options.text("fontWeight")) {
        style.style("fontWeight", "bold");
    }
    let family = item.options.word("fontFamily");
    let safe = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    if !family.is_empty() && family.chars().count() <= 60 && family.chars().all(safe) {
        style.style("fontFamily", family);
    }
    if item.ink("color").is_some_and(|ink| !ink.black) {
        style.style("fontColor", "#ffffff");
    }
    match item.options.word("textDecoration") {
        "" | "none" => {}
        "underline" => style.style("fontUnderline", "true"),
        _ => item.remark(Reason::Decoration),
    }
    match item.number("letterSpacing") {
        Some(spacing) if spacing != 0.0 && spacing.abs() <= 400.0 => {
            style.style("letterSpacing", &number(spacing))
        }
        _ => {}
    }
}

/// Whether a weight of CSS is bold.
pub(crate) fn is_bold(weight: &str) -> bool {
    matches!(weight, "bold" | "bolder") || weight.parse::<f64>().is_ok_and(|weight| weight >= 600.0)
}

/// The distance of lines, where there can be more than one.
fn line_height(item: &mut Item<'_>, style: &mut Tag, size: f64, given: bool, pitch: f64) {
    if item.area.height < pitch.max(size) + size {
        return;
    }
    if pitch < size {
        if given {
            item.remark(Reason::LineHeight);
        }
    } else {
        let percent = (pitch / (size * NORMAL_PITCH) * 100.0).round();
        if percent > 500.0 {
            item.remark(Reason::LineHeight);
        }
        if percent != 100.0 {
            style.style("lineHeight", &format!("{}%", percent.min(500.0)));
        }
    }
}

/// Where lines stand in their box.
pub(crate) fn align(item: &mut Item<'_>, style: &mut Tag, name: &str) {
    match item.options.word(name) {
        word @ ("center" | "right") => style.style("align", word),
        "justify" => item.remark(Reason::Justified),
        _ => {}
    }
}
