//! ESC/POS, after Epson's *ESC/POS Application Programming Guide* and the manuals of HPRT: rasters of `GS v 0` one below the
//! other, 1 for black, at the left margin of `GS L`.

use super::stream::Stream;
use super::{Fault, Sheet};

/// Reads what is sent to a printer with a head of so many dots. A label begins where the printer is told to begin anew.
///
/// # Errors
/// What is no ESC/POS, or does not fit all printers.
pub fn read(bytes: &[u8], head: usize) -> Result<Vec<Sheet>, Fault> {
    let mut stream = Stream::new(bytes);
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut margin = 0;
    while !stream.is_at_end() {
        let command = [stream.byte()?, stream.byte()?];
        if command == [0x1B, b'@'] {
            sheets.push(Sheet::new(head, 0));
            margin = 0;
            continue;
        }
        let sheet = sheets.last_mut().ok_or_else(|| stream.fault("nothing was begun"))?;
        match command {
            [0x1D, b'P'] => {
                let units = [stream.byte()?, stream.byte()?];
                sheet.set("GS P", &format!("{} {}", units[0], units[1]));
            }
            [0x1D, b'L'] => margin = word(&mut stream)?,
            [0x1D, b'v'] => {
                stream.expect(&[b'0', 0])?;
                let (across, down) = (word(&mut stream)?, word(&mut stream)?);
                // Some makes do not read the high bytes.
                if across == 0 || across > 255 || down == 0 || down > 255 {
                    return Err(stream.fault("a raster that not every printer takes"));
                }
                let rows = stream.take(across * down)?;
                let top = sheet.height;
                sheet.height += down;
                sheet.dots.resize(sheet.width * sheet.height, false);
                sheet.put(margin, top, across, rows);
            }
            [0x1B, b'J'] => {
                let before = sheet.settings.get("ESC J").and_then(|fed| fed.parse().ok()).unwrap_or(0);
                let fed: usize = before + usize::from(stream.byte()?);
                sheet.set("ESC J", &fed.to_string());
            }
            [0x1D, 0x0C] => sheet.set("GS FF", ""),
            [first, second] => return Err(stream.fault(&format!("{first:02X} {second:02X} is not known"))),
        }
    }
    Ok(sheets)
}

/// Two bytes, the lower one first.
fn word(stream: &mut Stream<'_>) -> Result<usize, Fault> {
    Ok(usize::from(stream.byte()?) | usize::from(stream.byte()?) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rasters_stand_below_each_other() {
        let label = b"\x1B@\x1DL\x01\x00\x1Dv0\x00\x01\x00\x01\x00\xFF\x1Dv0\x00\x01\x00\x01\x00\x81\x1BJ\xFF\x1BJ\x01";
        let sheets = read(label, 16).unwrap();
        assert_eq!(sheets[0].rows(), [0x7F, 0x80, 0x40, 0x80]);
        assert_eq!(sheets[0].settings["ESC J"], "256");
    }

    #[test]
    fn what_not_every_printer_takes_is_a_fault() {
        for wrong in [
            &b"\x1Dv0\x00\x01\x00\x01\x00\xFF"[..],
            b"\x1B@\x1Dv0\x00\x01\x00\x00\x01",
            b"\x1B@\x1Dv0\x00\x01\x00\x01\x00",
            b"\x1B@hello",
        ] {
            assert!(read(wrong, 16).is_err(), "{wrong:?}");
        }
    }
}
