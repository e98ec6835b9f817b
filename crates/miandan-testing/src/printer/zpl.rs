//! ZPL II, after Zebra's *ZPL II Programming Guide*: formats between `^XA` and `^XZ`, pictures in `^GFA` with its limit, its
//! counts, and its alternative data compression scheme.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;

use super::stream::{Stream, numbers};
use super::{Fault, Sheet};

/// The most that the guide lets the counts of `^GF` be.
const MOST: usize = 99_999;

/// Reads formats.
///
/// # Errors
/// What is no ZPL, or no label.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Fault> {
    let mut stream = Stream::new(bytes);
    let mut sheets = Vec::new();
    loop {
        while stream.skip(b"\n") || stream.skip(b"\r") {}
        if stream.is_at_end() {
            return Ok(sheets);
        }
        stream.expect(b"^XA")?;
        sheets.push(format(&mut stream)?);
    }
}

fn format(stream: &mut Stream<'_>) -> Result<Sheet, Fault> {
    let (mut width, mut length, mut home, mut origin) = (None, None, [0, 0], [0, 0]);
    let mut settings = Sheet::default();
    let mut pictures = Vec::new();
    loop {
        while stream.skip(b"\n") || stream.skip(b"\r") {}
        stream.expect(b"^")?;
        let command = String::from_utf8_lossy(stream.take(2)?).into_owned();
        let number = |value: &str| numbers(value, ',').map(|numbers| numbers[0] as usize);
        if command == "XZ" {
            break;
        }
        let value = stream.until(b"^\n")?.to_owned();
        match command.as_str() {
            "PW" => width = Some(number(&value)?),
            "LL" => length = Some(number(&value)?),
            "LH" => home = pair(&value)?,
            "FO" => origin = pair(&value)?,
            "GF" => {
                let (across, rows) = picture(&value)?;
                pictures.push(([home[0] + origin[0], home[1] + origin[1]], across, rows));
            }
            "FS" => {}
            "PO" if ["N", "I"].contains(&value.as_str()) => {}
            "MN" if ["N", "Y", "M"].contains(&value.as_str()) => {}
            "PR" if (2..=14).contains(&number(&value)?) => {}
            "MD" if (-30..=30).contains(&numbers(&value, ',')?[0]) => {}
            "JZ" if ["Y", "N"].contains(&value.as_str()) => {}
            "PQ" if value.starts_with("1,") => {}
            _ => return Err(stream.fault(&format!("^{command}{value} is not known"))),
        }
        settings.set(&command, &value);
    }
    let (Some(width), Some(length)) = (width, length) else { return Err(stream.fault("no ^PW or ^LL")) };
    if !settings.settings.contains_key("PQ") {
        return Err(stream.fault("no ^PQ"));
    }
    let mut sheet = Sheet::new(width, length);
    sheet.settings = settings.settings;
    for ([x, y], across, rows) in pictures {
        sheet.put(x, y, across, &rows);
    }
    Ok(sheet)
}

fn pair(value: &str) -> Result<[usize; 2], Fault> {
    match numbers(value, ',')?[..] {
        [x, y] if (0..=32000).contains(&x) && (0..=32000).contains(&y) => Ok([x as usize, y as usize]),
        _ => Err(format!("{value:?} is no place")),
    }
}

/// `A,bytes sent,bytes of the picture,bytes of a row,` and the data.
fn picture(value: &str) -> Result<(usize, Vec<u8>), Fault> {
    let parts: Vec<_> = value.splitn(5, ',').collect();
    let [kind, sent, count, across, data] = parts[..] else { return Err("^GF is cut short".to_owned()) };
    let number = |text: &str| text.parse::<usize>().map_err(|_| format!("{text:?} in ^GF"));
    let (sent, count, across) = (number(sent)?, number(count)?, number(across)?);
    if kind != "A" || sent != count || count == 0 || count > MOST || across == 0 || count % across != 0 {
        return Err(format!("^GF{kind},{sent},{count},{across}"));
    }
    let rows = match data.strip_prefix(":Z64:") {
        Some(text) => z64(text)?,
        None => digits(data, count, across)?,
    };
    if rows.len() == count { Ok((across, rows)) } else { Err(format!("{} bytes of {count}", rows.len())) }
}

/// Base64 of a zlib stream, a colon, and the checksum of the base64.
fn z64(text: &str) -> Result<Vec<u8>, Fault> {
    let (text, sum) = text.rsplit_once(':').ok_or("no checksum")?;
    let told = u16::from_str_radix(sum, 16).ok().filter(|_| sum.len() == 4).ok_or("no checksum")?;
    let mut register = 0u16;
    for byte in text.bytes() {
        for bit in (0..8).rev() {
            let out = register >> 15 == 1;
            let next = u16::from(out) ^ u16::from(byte >> bit & 1);
            register = (register << 1) ^ if next == 1 { 0x1021 } else { 0 };
        }
    }
    if register != told {
        return Err(format!("the checksum is {register:04X}, not {told:04X}"));
    }
    let deflated = STANDARD.decode(text).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    ZlibDecoder::new(&deflated[..]).read_to_end(&mut rows).map_err(|error| error.to_string())?;
    Ok(rows)
}

/// Hexadecimal digits, with counts before them and signs for the rest of a row.
fn digits(data: &str, count: usize, across: usize) -> Result<Vec<u8>, Fault> {
    let in_row = across * 2;
    let mut nibbles: Vec<u8> = Vec::with_capacity(count * 2);
    let mut repeat = 0;
    for sign in data.bytes() {
        let here = nibbles.len() % in_row;
        match sign {
            b'G'..=b'Y' => repeat += usize::from(sign - b'G') + 1,
            b'g'..=b'z' => repeat += (usize::from(sign - b'g') + 1) * 20,
            b'0'..=b'9' | b'A'..=b'F' => {
                let digit = if sign <= b'9' { sign - b'0' } else { sign - b'A' + 10 };
                let times = std::mem::take(&mut repeat).max(1);
                nibbles.extend(std::iter::repeat_n(digit, times));
                if here + times > in_row {
                    return Err("a count goes over the end of its row".to_owned());
                }
            }
            b',' => nibbles.resize(nibbles.len() - here + in_row, 0),
            b':' if here == 0 && nibbles.len() >= in_row => {
                nibbles.extend_from_within(nibbles.len() - in_row..);
            }
            _ => return Err(format!("{:?} in ^GF", char::from(sign))),
        }
        if nibbles.len() > count * 2 {
            return Err("more than was told".to_owned());
        }
    }
    if repeat != 0 {
        return Err("a count without a digit".to_owned());
    }
    Ok(nibbles.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_signs_are_those_of_the_guide() {
        // The guide's own examples of counts: M is 7, h is 40, and both stand before one digit.
        assert_eq!(digits("hMB,", 24, 24), Ok([vec![0xBB; 23], vec![0xB0]].concat()));
        assert_eq!(digits("FF,:", 8, 4), Ok(vec![0xFF, 0, 0, 0, 0xFF, 0, 0, 0]));
        for wrong in [":", "I", "KF", "!", "FFF"] {
            assert!(digits(wrong, 1, 1).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_checksum_is_found() {
        assert!(z64("eJwDAAAAAAE=:0000").unwrap_err().contains("checksum"));
        assert!(z64("eJwDAAAAAAE=").is_err());
    }

    #[test]
    fn only_labels_are_read() {
        for wrong in ["^XA^XZ", "^XA^PW8^LL8^XZ", "^XA^FT0,0^XZ", "^XA^PW8^LL8^PQ2^XZ", "^PW8"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
