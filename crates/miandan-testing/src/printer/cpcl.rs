//! CPCL, after Zebra's *CPCL Programming Manual*: sessions from a line that begins with `!` to `PRINT`, pictures as bytes
//! (`CG`) or digits (`EG`), 1 for black.

use super::stream::{Stream, numbers};
use super::{Fault, Sheet};

/// Reads sessions.
///
/// # Errors
/// What is no CPCL, or no label.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Fault> {
    let mut stream = Stream::new(bytes);
    let mut sheets = Vec::new();
    while !stream.is_at_end() {
        sheets.push(session(&mut stream)?);
    }
    Ok(sheets)
}

fn session(stream: &mut Stream<'_>) -> Result<Sheet, Fault> {
    let mut settings = Sheet::default();
    stream.expect(b"! ")?;
    let first = stream.until(b"\r")?;
    stream.expect(b"\r\n")?;
    let first = numbers(first, ' ')?;
    // Offset, resolutions, height, quantity. The manual has 200 for the resolutions, others write down those of the head.
    let [0, _, _, height @ 1..=i64::MAX, 1] = first[..] else { return Err(format!("! {first:?}")) };
    settings.set("!", &first.iter().map(i64::to_string).collect::<Vec<_>>().join(" "));
    let mut sheet: Option<Sheet> = None;
    loop {
        let command = stream.until(b" \r")?.to_owned();
        if let "CG" | "EG" = command.as_str() {
            stream.expect(b" ")?;
            let [across, down, x, y] = stream.numbers(b' ')?;
            let rows = if command == "CG" {
                stream.take(across * down)?.to_vec()
            } else {
                stream.take(across * down * 2)?.chunks(2).map(byte).collect::<Result<_, _>>()?
            };
            stream.expect(b"\r\n")?;
            let sheet = sheet.as_mut().ok_or_else(|| stream.fault("no PAGE-WIDTH"))?;
            sheet.put(x, y, across, &rows);
            continue;
        }
        let value = stream.until(b"\r")?.trim_start().to_owned();
        stream.expect(b"\r\n")?;
        let number = || numbers(&value, ' ').map(|numbers| numbers[0]);
        match command.as_str() {
            "PAGE-WIDTH" => sheet = Some(Sheet::new(number()? as usize, height as usize)),
            "TONE" if (-99..=200).contains(&number()?) => {}
            "SPEED" if (0..=5).contains(&number()?) => {}
            "POSTFEED" if number()? > 0 => {}
            "PAGE-HEIGHT" if number()? > 0 => {}
            "PRESENT-AT" if numbers(&value, ' ')?.len() == 2 => {}
            "FORM" if value.is_empty() => {}
            "PRINT" if value.is_empty() => break,
            _ => return Err(stream.fault(&format!("{command} {value} is not known"))),
        }
        settings.set(&command, &value);
    }
    let mut sheet = sheet.ok_or_else(|| stream.fault("no PAGE-WIDTH"))?;
    sheet.settings = settings.settings;
    Ok(sheet)
}

fn byte(digits: &[u8]) -> Result<u8, Fault> {
    let text = std::str::from_utf8(digits).map_err(|error| error.to_string())?;
    u8::from_str_radix(text, 16).map_err(|_| format!("{text:?} are no digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_bytes_or_digits() {
        let digits = b"! 0 200 200 2 1\r\nPAGE-WIDTH 16\r\nEG 2 2 0 0 F0F00F0F\r\nFORM\r\nPRINT\r\n";
        let bytes = b"! 0 200 200 2 1\r\nPAGE-WIDTH 16\r\nCG 2 2 0 0 \xF0\xF0\x0F\x0F\r\nFORM\r\nPRINT\r\n";
        let sheets = read(digits).unwrap();
        assert_eq!(sheets, read(bytes).unwrap());
        assert_eq!(sheets[0].rows(), [0xF0, 0xF0, 0x0F, 0x0F]);
        assert!(sheets[0].dot(0, 0) && !sheets[0].dot(4, 0) && !sheets[0].dot(99, 0));
    }

    #[test]
    fn what_is_no_label_is_a_fault() {
        for wrong in [
            "! 0 200 200 2 1\r\nPRINT\r\n",
            "! 0 200 200 0 1\r\nPAGE-WIDTH 8\r\nPRINT\r\n",
            "! 0 200 200 2 1\r\nPAGE-WIDTH 8\r\nTONE 4294967294\r\nPRINT\r\n",
            "! 0 200 200 2 1\r\nPAGE-WIDTH 8\r\nCG 2 2 0 0 x\r\nPRINT\r\n",
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
