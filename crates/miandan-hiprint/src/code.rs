//! Barcodes and QR codes: as elements of their own, and as texts that are shown as codes.

use crate::import::{Drawn, Importer};
use crate::item::{Box, Item};
use crate::mapping::Target;
use crate::note::{Kind, Outcome, Reason};
use crate::text;
use crate::write::{Tag, comment, fixed};

/// Codes of a label, a limit of the template language.
const CODES: usize = 16;

/// Points of the text below a code where an element does not say.
const TEXT: f64 = 10.5;

/// Points along a side in which a QR code of a waybill number fits: 25 modules of 0.375 mm, and four on each side, which hiprint
/// does not count.
const LEAST: f64 = 33.0 * 0.375 / 25.4 * 72.0;

/// Types of JsBarcode, without signs and in small letters, then those of bwip-js: ours, and whether it is the same symbology.
const LINEAR: &[(&str, &str, bool)] = &[
    ("", "code128", true),
    ("code128", "code128", true),
    ("code128a", "code128", true),
    ("code128b", "code128", true),
    ("code128c", "code128", true),
    ("code39", "code39", true),
    ("code39ext", "code128", false),
    ("code93", "code93", true),
    ("code93ext", "code93", true),
    ("ean13", "ean13", true),
    ("ean8", "ean8", true),
    ("upc", "upca", true),
    ("upca", "upca", true),
    ("upce", "upce", true),
    ("isbn", "ean13", false),
    ("itf", "c25inter", true),
    ("interleaved2of5", "c25inter", true),
    ("itf14", "itf14", true),
    ("codabar", "codabar", true),
    ("rationalizedcodabar", "codabar", true),
    ("gs1128", "ean128", true),
    ("sscc18", "ean128", true),
    ("ean14", "ean128", true),
    ("pdf417", "pdf417", true),
    ("pdf417compact", "pdf417", false),
];

/// Types of matrix codes of bwip-js.
const MATRIX: &[(&str, &str, bool)] = &[
    ("", "qrcode", true),
    ("qrcode", "qrcode", true),
    ("microqrcode", "qrcode", false),
    ("rectangularmicroqrcode", "qrcode", false),
    ("azteccode", "aztec", true),
    ("azteccodecompact", "aztec", true),
    ("datamatrix", "dataMatrix", true),
    ("datamatrixrectangular", "dataMatrix", false),
    ("gs1datamatrix", "gs1DataMatrix", true),
    ("gs1datamatrixrectangular", "gs1DataMatrix", false),
    ("pdf417", "pdf417", true),
    ("pdf417compact", "pdf417", false),
];

/// Types that can hold any text of ASCII, so that a fixed one is no risk.
const ANY_TEXT: &[&str] = &["code128", "qrcode", "aztec", "dataMatrix", "pdf417"];

pub(crate) fn draw(importer: &mut Importer<'_>, item: &mut Item<'_>) -> Option<Drawn> {
    let matrix =
        item.kind == Kind::QrCode || item.kind == Kind::Text && item.options.word("textType") == "qrcode";
    let symbology = symbology(item, matrix)?;
    let title = item.options.text("title");
    let (target, content) = match importer.target(item) {
        Ok(Some(target)) if target.is_personal() => {
            item.leave_out(Reason::PersonalInCode);
            return None;
        }
        Ok(Some(target)) => (Some(target), format!("<%={}%>", target.expression())),
        // Elements of their own have no text but that for tests.
        Ok(None) if item.kind != Kind::Text || !is_plain(&title) || !ANY_TEXT.contains(&symbology) => {
            item.leave_out(Reason::FixedCode);
            return None;
        }
        Ok(None) => (None, fixed(&title, item)),
        Err(()) if item.note.remarks.iter().any(|remark| remark.reason == Reason::UnknownField) => {
            let line = code(item, item.area, symbology, matrix, false).around("<%=_data.?%>");
            return Some(Drawn { lines: vec![comment(&line)], ..Drawn::default() });
        }
        Err(()) => return None,
    };
    if importer.codes == CODES {
        item.leave_out(Reason::TooManyCodes);
        return None;
    }
    let drawn = lines(item, symbology, matrix, &content, &title, target);
    importer.codes += usize::from(item.note.outcome != Outcome::LeftOut);
    Some(drawn)
}

/// What a code is called here. One that is not drawn is left out.
fn symbology(item: &mut Item<'_>, matrix: bool) -> Option<&'static str> {
    let (table, word) = match (item.kind, matrix) {
        (Kind::Text, true) => (MATRIX, ""),
        (Kind::Text, false) => (LINEAR, item.options.word("barcodeMode")),
        (_, true) => (MATRIX, item.options.word("qrcodeType")),
        (_, false) => (LINEAR, item.options.word("barcodeType")),
    };
    let word: String =
        word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let Some((_, symbology, same)) = table.iter().find(|row| row.0 == word) else {
        item.leave_out(Reason::Symbology);
        return None;
    };
    if !same {
        item.remark(Reason::SymbologyChanged);
    }
    Some(symbology)
}

/// Whether a text is one that every kind of code can hold.
fn is_plain(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'<')
}

/// The code, with its text below where it shows one, and under a condition where it may be empty.
fn lines(
    item: &mut Item<'_>,
    symbology: &'static str,
    matrix: bool,
    content: &str,
    title: &str,
    target: Option<Target>,
) -> Drawn {
    let shows_text = !item.options.is_true("hideTitle");
    let turned = item.quarters();
    let mut lines = Vec::new();
    let size = item.options.number("fontSize").ok().flatten().unwrap_or(TEXT);
    let strip = item.options.number("lineHeight").ok().flatten().unwrap_or(size * 1.5);
    let area = item.area;
    if matrix && shows_text && strip > 0.0 && strip < area.height / 2.0 {
        // The text below is an element of its own; both are turned together.
        let inner = match turned {
            0 => area,
            _ => Box { left: 0.0, top: 0.0, ..area },
        };
        let above = grown(Box { height: inner.height - strip, ..inner }, symbology, item);
        let below = Box { top: above.top + above.height, height: strip, ..inner };
        let symbol = code(item, above, symbology, true, false).around(content);
        // A code of its own has its title in front, once there is a value.
        let label =
            if item.kind == Kind::QrCode && target.is_some() { fixed(title, item) } else { String::new() };
        let label = if label.is_empty() { label } else { format!("{label}:") };
        let mut tag = Tag::new("text");
        below.write(&mut tag);
        text::font_size(item, &mut tag, "fontSize", TEXT);
        match item.options.word("textAlign") {
            "left" => {}
            "right" => tag.style("align", "right"),
            _ => tag.style("align", "center"),
        }
        tag.style("valign", "middle");
        tag.style("wrap", "false");
        let text = tag.around(&format!("{label}{content}"));
        if turned == 0 {
            lines.extend([symbol, text]);
        } else {
            let mut layout = Tag::new("layout");
            area.turned(turned).write(&mut layout);
            layout.style("rotation", &(u16::from(turned) * 90).to_string());
            lines.extend([
                layout.start(),
                format!("  {symbol}"),
                format!("  {text}"),
                "</layout>".to_owned(),
            ]);
        }
    } else {
        let area = grown(area.turned(turned), symbology, item);
        let mut tag = code(item, area, symbology, matrix, shows_text);
        if turned != 0 {
            tag.style("rotation", &(u16::from(turned) * 90).to_string());
        }
        lines.push(tag.around(content));
    }
    match target {
        Some(target) if !target.is_always() => {
            let mut all = vec![format!("<% if ({}) {{ %>", target.expression())];
            all.extend(lines.iter().map(|line| format!("  {line}")));
            all.push("<% } %>".to_owned());
            Drawn { lines: all, preludes: Vec::new() }
        }
        _ => Drawn { lines, preludes: Vec::new() },
    }
    .needs(target)
}

/// The box of a QR code, made larger about its middle where it would be too small.
fn grown(area: Box, symbology: &str, item: &mut Item<'_>) -> Box {
    if symbology != "qrcode" || area.width.min(area.height) >= LEAST {
        return area;
    }
    item.remark(Reason::CodeGrown);
    let (width, height) = (area.width.max(LEAST), area.height.max(LEAST));
    Box {
        left: (area.left - (width - area.width) / 2.0).max(area.left.min(0.0)),
        top: (area.top - (height - area.height) / 2.0).max(area.top.min(0.0)),
        width,
        height,
    }
}

/// The tag of a code.
fn code(item: &mut Item<'_>, area: Box, symbology: &'static str, matrix: bool, shows_text: bool) -> Tag {
    let mut tag = Tag::new("barcode");
    area.write(&mut tag);
    tag.attribute("type", symbology);
    if matrix {
        if symbology == "qrcode" {
            // Theirs are M, L, H, Q; ours are L, M, Q, H.
            let level = match item.number("qrCodeLevel").unwrap_or(0.0) as i64 {
                1 => "0",
                2 => "3",
                3 => "2",
                _ => "1",
            };
            tag.attribute("errorCorrection", level);
        }
    } else {
        // Theirs are stretched over their boxes.
        tag.attribute("ratioMode", "ignoreRatio");
        if shows_text {
            tag.style("hideText", "false");
            text::font_size(
                item,
                &mut tag,
                "fontSize",
                if item.kind == Kind::Text { text::SIZE } else { TEXT },
            );
        }
    }
    tag.style("align", "center");
    item.decorate(&mut tag, 0.0);
    item.z_index(&mut tag);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use miandan_render::template::Template;

    #[test]
    fn every_type_is_one_of_ours() {
        for (theirs, ours, _) in LINEAR.iter().chain(MATRIX) {
            assert!(
                theirs.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
                "{theirs}"
            );
            let source =
                format!("<page width=\"76\" height=\"130\"><barcode type=\"{ours}\" value=\"1\"/></page>");
            assert!(Template::compile(source.as_bytes()).is_ok(), "{ours}");
        }
    }
}
