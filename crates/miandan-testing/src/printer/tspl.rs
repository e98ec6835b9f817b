//! TSPL, after the *TSPL/TSPL2 Programming Manual* of TSC: a command a line, `BITMAP` with bytes counted by its width and
//! height, the picture kept until `CLS`.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::stream::{Stream, numbers};
use super::{Fault, Sheet, inverted};

/// Gprinter's printers have room for so many bytes of a picture that was deflated.
const DEFLATED_AT_ONCE: usize = 18 * 1024;

/// Reads what is sent to a printer of a resolution.
///
/// # Errors
/// What is no TSPL, or not in an order that printers accept.
pub fn read(bytes: &[u8], dpi: u32) -> Result<Vec<Sheet>, Fault> {
    let mut stream = Stream::new(bytes);
    let mut sheets = Vec::new();
    let mut size = None;
    let mut reference = [0, 0];
    let mut sheet: Option<Sheet> = None;
    let mut settings = Sheet::default();
    while !stream.is_at_end() {
        let command = stream.until(b" \r")?.to_owned();
        if command == "BITMAP" {
            stream.expect(b" ")?;
            let sheet = sheet.as_mut().ok_or_else(|| stream.fault("BITMAP before CLS"))?;
            bitmap(&mut stream, sheet, reference)?;
            continue;
        }
        let value = stream.until(b"\r")?.trim_start().to_owned();
        stream.expect(b"\r\n")?;
        let fault = |what: &str| format!("{command} {value}: {what}");
        match command.as_str() {
            "SIZE" => {
                let [width, height] = lengths(&value)?.map(|length| dots(length, dpi));
                if width == 0 || height == 0 {
                    return Err(fault("no size"));
                }
                size = Some([width, height]);
                // A new size needs a new picture.
                sheet = None;
            }
            "GAP" | "BLINE" => {
                if lengths(&value)?.iter().any(|length| !(0.0..=25.4).contains(length)) {
                    return Err(fault("0 to 25.4 mm"));
                }
            }
            "DIRECTION" => within(&numbers(&value, ',')?, &[(0, 1), (0, 1)])?,
            "REFERENCE" => {
                let place = numbers(&value, ',')?;
                within(&place, &[(0, 9999), (0, 9999)])?;
                reference = [place[0] as usize, place[1] as usize];
            }
            "SPEED" => within(&numbers(&value, ',')?, &[(1, 18)])?,
            "DENSITY" => within(&numbers(&value, ',')?, &[(0, 15)])?,
            "SET" if ["REPRINT ON", "REPRINT OFF"].contains(&value.as_str()) => {}
            "FEED" => within(&numbers(&value, ',')?, &[(1, 9999)])?,
            "CLS" => {
                let [width, height] = size.ok_or_else(|| fault("before SIZE"))?;
                sheet = Some(Sheet::new(width, height));
            }
            "PRINT" => {
                let copies = numbers(&value, ',')?;
                within(&copies, &[(1, 65535), (1, 65535)])?;
                let mut printed = sheet.clone().ok_or_else(|| fault("before CLS"))?;
                settings.set(&command, &value);
                printed.settings = settings.settings.clone();
                let copies = copies.iter().product::<i64>() as usize;
                sheets.extend(std::iter::repeat_n(printed, copies));
            }
            _ => return Err(fault("is not known")),
        }
        settings.set(&command, &value);
    }
    Ok(sheets)
}

/// `x,y,bytes across,dots down,mode,` and the bytes; 0 is black.
fn bitmap(stream: &mut Stream<'_>, sheet: &mut Sheet, [left, top]: [usize; 2]) -> Result<(), Fault> {
    let [x, y, across, down, mode] = stream.numbers(b',')?;
    let bytes = match mode {
        0 => stream.take(across * down)?.to_vec(),
        3 => {
            let [length] = stream.numbers(b',')?;
            let mut inflated = Vec::new();
            let deflated = stream.take(length)?;
            let read = ZlibDecoder::new(deflated).read_to_end(&mut inflated);
            read.map_err(|error| stream.fault(&error.to_string()))?;
            if inflated.len() > DEFLATED_AT_ONCE {
                return Err(stream.fault("more than a printer has room for"));
            }
            inflated
        }
        _ => return Err(stream.fault("a mode that is not meant")),
    };
    if bytes.len() != across * down {
        return Err(stream.fault("a picture of another size"));
    }
    stream.expect(b"\r\n")?;
    sheet.put(left + x, top + y, across, &inverted(&bytes));
    Ok(())
}

/// Two lengths in millimetres. Without a space before the unit they would be inches.
fn lengths(text: &str) -> Result<[f64; 2], Fault> {
    let lengths: Vec<f64> =
        text.split(',').filter_map(|length| length.strip_suffix(" mm")?.parse().ok()).collect();
    lengths.try_into().map_err(|_| format!("{text:?}: two lengths with ` mm` are wanted"))
}

fn dots(millimetres: f64, dpi: u32) -> usize {
    // What is called 203 dpi has eight dots a millimetre.
    let density = if dpi == 203 { 8.0 } else { f64::from(dpi) / 25.4 };
    (millimetres * density).round() as usize
}

/// Each number within its bounds; those at the end may be missing.
fn within(numbers: &[i64], bounds: &[(i64, i64)]) -> Result<(), Fault> {
    let fine = numbers.len() <= bounds.len()
        && numbers.iter().zip(bounds).all(|(number, (least, most))| (least..=most).contains(&number));
    if fine { Ok(()) } else { Err(format!("{numbers:?} is not within {bounds:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_a_picture_may_look_like_commands() {
        let mut label = b"SIZE 2 mm,1 mm\r\nCLS\r\nBITMAP 0,0,2,8,0,".to_vec();
        label.extend(b"PRINT 1,1\r\nCLS\r\n");
        label.extend(b"\r\nPRINT 1,1\r\n");
        let sheets = read(&label, 203).unwrap();
        assert_eq!(sheets.len(), 1);
        assert_eq!(sheets[0].rows(), inverted(b"PRINT 1,1\r\nCLS\r\n"));
    }

    #[test]
    fn what_printers_do_not_accept_is_a_fault() {
        for wrong in [
            "SIZE 2mm,1mm\r\n",
            "CLS\r\n",
            "SIZE 2 mm,1 mm\r\nBITMAP 0,0,1,1,0,x\r\n",
            "SIZE 2 mm,1 mm\r\nCLS\r\nBITMAP 0,0,1,2,0,x\r\n",
            "DIRECTION 90\r\n",
            "DENSITY 16\r\n",
            "PRINT 1,1\r\n",
            "TEXT 1,1\r\n",
        ] {
            assert!(read(wrong.as_bytes(), 203).is_err(), "{wrong}");
        }
    }
}
