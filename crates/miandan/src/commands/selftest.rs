//! `miandan selftest`: a page that shows which dots of a print head are dead, and where the QR codes of labels come to lie.

use std::fmt::{Display, Write as _};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use miandan_core::label::{LabelSize, Resolution};
use miandan_core::printer::{Language, Profile};
use miandan_core::waybill::Waybill;
use miandan_device::{Device, DeviceOptions, DeviceUri};
use miandan_render::frame::Frame;
use miandan_render::printer::Encoder;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_render::template::Template;
use serde_json::json;

use super::profile;
use crate::args::SelfTest;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{devices, selftest as texts};
use crate::settings::{ChosenPrinter, Settings};

/// Rows of the comb: in each, every eighth dot prints, so that ticks stand a millimetre apart at 203 dpi.
const ROWS: usize = 8;

/// Where the comb stands, in millimetres from the top: below its ruler.
const COMB_TOP: f64 = 24.0;
/// The height of a row of the comb, in millimetres.
const ROW: f64 = 2.0;
/// A code of the page says this. It is no waybill number, and no token.
const CODE: &str = "MIANDAN-SELFTEST";

pub fn run(console: Console, arguments: &SelfTest) -> Outcome {
    let settings = Settings::find(console, None)?;
    let typed = arguments.printer.iter().cloned().collect::<Vec<_>>();
    let chosen = settings.choose(console, &typed)?.into_iter().next();
    let called = arguments.profile.clone();
    let called = called.or_else(|| chosen.as_ref().and_then(|printer| printer.profile.clone()));
    let called = called.or_else(|| settings.profile.value.clone());
    let printer = called.as_deref().map(|name| profile::find(console, name)).transpose()?;
    let plain = Profile::plain(Language::Tspl, Resolution::Dpi203, 832);
    let spoken = printer.as_ref().map_or(plain, |printer| printer.profile);
    let size = arguments.size;
    spoken.fits(size).map_err(|error| usage(console, &error, texts::SIZE_HINT))?;
    let bitmap = page(&spoken, size, called.as_deref().unwrap_or("-"));

    match (chosen, &arguments.out) {
        (Some(chosen), _) => {
            let Some(printer) = printer else {
                let message = texts::NO_PROFILE.get(console.language);
                return Err(usage(console, &message, texts::NO_PROFILE_HINT));
            };
            let options =
                DeviceOptions { pacing: printer.pacing, status: printer.status, ..DeviceOptions::default() };
            send(console, &chosen, options, &stream(console, &spoken, &bitmap)?)?;
        }
        // The command line asks for one of the two.
        (None, out) => {
            let out = out.as_deref().unwrap_or(Path::new("-"));
            let is_picture = out.extension().is_some_and(|end| end.eq_ignore_ascii_case("png"));
            let bytes = if is_picture { png(&bitmap) } else { stream(console, &spoken, &bitmap)? };
            if files::is_dash(out) {
                console.bytes(&bytes)?;
            } else {
                std::fs::write(out, bytes).map_err(|error| files::unwritable(console, out, &error))?;
            }
        }
    }
    console.say(&texts::WHAT_NOW.get(console.language));
    Ok(Exit::Done)
}

fn usage(console: Console, what: &dyn Display, hint: crate::language::Text) -> Failure {
    Failure::new(Exit::Usage, "USAGE", what.to_string()).hint(hint.get(console.language))
}

fn stream(console: Console, profile: &Profile, bitmap: &Bitmap) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    Encoder::new()
        .encode(profile, bitmap, &mut bytes)
        .map_err(|error| usage(console, &error, texts::SIZE_HINT))?;
    Ok(bytes)
}

fn png(bitmap: &Bitmap) -> Vec<u8> {
    let mut bytes = Vec::new();
    raster::png(bitmap, &mut bytes);
    bytes
}

fn send(
    console: Console,
    chosen: &ChosenPrinter,
    options: DeviceOptions,
    label: &[u8],
) -> Result<(), Failure> {
    let failed = |why: &dyn Display| {
        let printer = chosen.label();
        let values: [(&str, &dyn Display); 2] = [("printer", &printer), ("why", why)];
        Failure::new(Exit::Printer, "PRINTER", console.fill(texts::NOT_SENT, &values))
            .hint(texts::NOT_SENT_HINT.get(console.language))
    };
    // It was read as a place when it was chosen.
    let uri: DeviceUri = chosen.uri.parse().map_err(|error| failed(&error))?;
    let mut device = Device::open(&uri, options).map_err(|error| failed(&error))?;
    let sent = device.send("miandan selftest", label, &AtomicBool::new(false));
    sent.map_err(|error| failed(&devices::why(console.language, error.why())))?;
    if console.json {
        console.data(&json!({"event": "sent", "printer": chosen.uri, "bytes": label.len()}))?;
    }
    Ok(())
}

/// The page: what printer it is, the comb, a black band, and codes as labels have them.
fn page(profile: &Profile, size: LabelSize, called: &str) -> Bitmap {
    let resolution = profile.resolution;
    let template = Template::compile(source(profile, size, called).as_bytes()).expect("it is ours");
    let mut frame = Frame::default();
    template.layout(&Waybill::default(), resolution, &mut frame).expect("it needs nothing of a waybill");
    let mut bitmap = Bitmap::default();
    Rasteriser::new().draw(&frame, &mut bitmap);
    comb(&mut bitmap);
    raster::move_codes_aside(&frame, 0, profile.qr_offset, &mut bitmap);
    bitmap
}

fn source(profile: &Profile, size: LabelSize, called: &str) -> String {
    let [width, height] = [size.width, size.height].map(|length| f64::from(length) / 1000.0);
    let dots = profile.resolution.dots(size.width);
    let dot = width / f64::from(dots);
    let called: String = called.chars().filter(|&c| !c.is_control() && !"<>&%".contains(c)).collect();
    let dpi = profile.resolution.dpi();
    let mut page = format!(
        r#"<page xmlns="http://cloudprint.cainiao.com/print" width="{width}" height="{height}">
        <text left="2" top="1.5" width="{inner}" height="6" style="fontSize:13;fontWeight:bold;valign:middle;wrap:false">自检 selftest</text>
        <text left="2" top="7.5" width="{inner}" height="4" style="fontSize:8;valign:middle;wrap:false">{called}  {dpi} dpi  {dots} dots  qr_offset_dots {offset}</text>
        <text left="2" top="11.5" width="{inner}" height="7" style="fontSize:7">每一点都应有一条短线。缺线：点号 = 上方刻度 + 行号（首行为 0）。Every dot has a tick. Where one is missing: number = ruler above + row (the first is 0).</text>"#,
        inner = width - 4.0,
        offset = profile.qr_offset,
    );
    // The ruler: a mark every eight dots, a number every eighty, where there is room for it.
    for number in (0..dots).step_by(80).filter(|number| f64::from(*number) * dot + 7.0 < width) {
        let left = f64::from(number) * dot + 0.3;
        let _ = write!(
            page,
            r#"<text left="{left:.3}" top="18.6" width="7" height="2.6" style="fontSize:6.5;valign:middle;wrap:false">{number}</text>"#
        );
    }
    let band = COMB_TOP + ROW * ROWS as f64 + 1.5;
    let codes = band + 5.5;
    let _ = write!(
        page,
        r#"<round left="0" top="{band}" width="{width}" height="4" radius="0" style="fillColor:#000000"/>
        <barcode left="4" top="{codes}" width="{bars}" height="13" type="code128" style="hideText:false;fontSize:8">{CODE}</barcode>"#,
        bars = width - 8.0,
    );
    let top = codes + 15.0;
    let middle = (width >= 68.0).then_some(width / 2.0 - 10.0);
    for left in [3.0, width - 23.0].into_iter().chain(middle) {
        let _ = write!(
            page,
            r#"<barcode left="{left:.3}" top="{top}" width="20" height="20" type="qrcode" errorCorrection="1">{CODE}</barcode>"#
        );
    }
    page.push_str("</page>");
    page
}

/// Ticks of one dot each: in the first row every eighth dot from the first on, in the next from the second on.
fn comb(bitmap: &mut Bitmap) {
    let per_millimetre = |length: f64| {
        let micrometres = (length * 1000.0).round() as i32;
        usize::try_from(bitmap.resolution.dots(micrometres)).unwrap_or(0)
    };
    let (top, row) = (per_millimetre(COMB_TOP), per_millimetre(ROW));
    let ruler = per_millimetre(1.0);
    for x in 0..bitmap.width {
        let first = top + x % ROWS * row;
        let ticks = first..first + row;
        let marks = if x % 80 == 0 { ruler * 2 } else { ruler };
        let mark = if x % 8 == 0 { top - marks..top } else { 0..0 };
        for y in ticks.chain(mark).filter(|&y| y < bitmap.height) {
            bitmap.bits[y * bitmap.stride + x / 8] |= 0x80 >> (x % 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dot_has_its_tick_and_its_band() {
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            let profile = Profile::plain(Language::Tspl, resolution, 1280);
            let bitmap = page(&profile, LabelSize { width: 76_000, height: 130_000 }, "tsc <&> 百分之%");
            let at = |length: f64| resolution.dots((length * 1000.0) as i32) as usize;
            for x in 0..bitmap.width {
                let black: Vec<usize> = (0..ROWS)
                    .filter(|row| bitmap.is_black(x, at(COMB_TOP + ROW * *row as f64 + ROW / 2.0)))
                    .collect();
                assert_eq!(black, [x % ROWS], "dot {x}");
                assert!(bitmap.is_black(x, at(COMB_TOP + ROW * ROWS as f64 + 3.0)), "band at {x}");
            }
        }
    }

    #[test]
    fn codes_of_the_page_are_read_and_moved_with_those_of_labels() {
        let read = |qr_offset: i16| {
            let profile = Profile { qr_offset, ..Profile::plain(Language::Tspl, Resolution::Dpi203, 832) };
            let bitmap = page(&profile, LabelSize { width: 100_000, height: 150_000 }, "tsc");
            let document = miandan_picture::Document::open(png(&bitmap)).unwrap();
            let symbols = miandan_picture::read(&document.page(0).unwrap()).symbols;
            assert!(symbols.iter().all(|symbol| symbol.text == CODE), "{symbols:?}");
            let qr = symbols.iter().filter(|symbol| symbol.kind == miandan_picture::Kind::Qr);
            qr.map(|symbol| symbol.area.left).collect::<std::collections::BTreeSet<_>>()
        };
        let (still, moved) = (read(0), read(-6));
        assert_eq!(still.len(), 3);
        assert_eq!(still.iter().map(|left| left - 6).collect::<std::collections::BTreeSet<_>>(), moved);
    }
}
