//! EPL2, after Zebra's *EPL Programming Guide*: a command a line, the picture cleared by `N`, `GW` with bytes counted by its
//! width and height, 0 for black.

use super::stream::{Stream, numbers};
use super::{Fault, Sheet, inverted};

/// Reads what is sent to a printer of a resolution.
///
/// # Errors
/// What is no EPL2, or no label.
pub fn read(bytes: &[u8], dpi: u32) -> Result<Vec<Sheet>, Fault> {
    let mut stream = Stream::new(bytes);
    let mut sheets = Vec::new();
    let mut printer = Printer {
        dpi,
        width: None,
        length: None,
        reference: [0, 0],
        pictures: Vec::new(),
        settings: Sheet::default(),
    };
    while !stream.is_at_end() {
        if stream.skip(b"\n") {
            continue;
        }
        if stream.skip(b"GW") {
            let [x, y, across] = stream.numbers(b',')?;
            let down = stream.number()?;
            // A comma or the end of the line stands before the bytes.
            if !stream.skip(b",") {
                stream.expect(b"\n")?;
            }
            let rows = inverted(stream.take(across * down)?);
            stream.expect(b"\n")?;
            printer.pictures.push(([x, y], across, rows));
            continue;
        }
        let line = stream.until(b"\n")?.to_owned();
        stream.expect(b"\n")?;
        printer.line(&line, &mut sheets).map_err(|what| stream.fault(&what))?;
    }
    Ok(sheets)
}

struct Printer {
    dpi: u32,
    width: Option<usize>,
    length: Option<usize>,
    reference: [usize; 2],
    /// Since the last `N`: where, bytes across, rows.
    pictures: Vec<([usize; 2], usize, Vec<u8>)>,
    settings: Sheet,
}

impl Printer {
    fn line(&mut self, line: &str, sheets: &mut Vec<Sheet>) -> Result<(), Fault> {
        let (command, value) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
        let number = || numbers(value, ',').map(|numbers| numbers[0]);
        match command {
            "N" if value.is_empty() => self.pictures.clear(),
            "q" => self.width = Some(number()? as usize),
            "Q" => self.length = Some(self.form(value)?),
            "R" => match numbers(value, ',')?[..] {
                [x, y] => self.reference = [x as usize, y as usize],
                _ => return Err(line.to_owned()),
            },
            "S" if (0..=6).contains(&number()?) => {}
            "D" if (0..=15).contains(&number()?) => {}
            "Z" if ["T", "B"].contains(&value) => {}
            "P" if number()? == 1 => sheets.push(self.print()?),
            _ => return Err(format!("{line} is not known")),
        }
        self.settings.set(command, value);
        Ok(())
    }

    /// The length of the form; a gap, a mark after B, or 0 for endless paper; an offset, which a mark has to have.
    fn form(&self, value: &str) -> Result<usize, Fault> {
        let wrong = || format!("Q{value}");
        let (length, second) = value.split_once(',').ok_or_else(wrong)?;
        let (mark, second) = second.strip_prefix('B').map_or((false, second), |mark| (true, mark));
        let (gap, offset) =
            second.split_once('+').map_or((second, None), |(gap, offset)| (gap, Some(offset)));
        let gap: u32 = gap.parse().map_err(|_| wrong())?;
        let least = if self.dpi == 203 { 16 } else { 18 };
        let fine = (least..=240).contains(&gap) && (!mark || offset.is_some());
        if !(fine || gap == 0 && !mark) || offset.is_some_and(|offset| offset.parse::<u32>().is_err()) {
            return Err(wrong());
        }
        length.parse().ok().filter(|length| *length <= 65535).ok_or_else(wrong)
    }

    fn print(&self) -> Result<Sheet, Fault> {
        let width = self.width.ok_or("no q")?;
        // Without Q the printer has measured the label; that it holds the picture is all that is known of it here.
        let bottom = |([_, y], across, rows): &([usize; 2], usize, Vec<u8>)| y + rows.len() / across.max(&1);
        let bottom = self.pictures.iter().map(bottom).max().unwrap_or(0);
        let length = self.length.unwrap_or(self.reference[1] + bottom);
        let mut sheet = Sheet::new(width, length);
        sheet.settings = self.settings.settings.clone();
        for ([x, y], across, rows) in &self.pictures {
            sheet.put(self.reference[0] + x, self.reference[1] + y, *across, rows);
        }
        Ok(sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_cleared_before_the_next() {
        let label = b"\nN\nq8\nQ2,16\nGW0,0,1,2,\x0F\n\nP1\nN\nP1\n";
        let sheets = read(label, 203).unwrap();
        assert_eq!([sheets[0].rows(), sheets[1].rows()], [vec![0xF0, 0xF5], vec![0, 0]]);
    }

    #[test]
    fn the_bytes_may_begin_on_a_line_of_their_own() {
        let sheets = read(b"N\nq8\nGW0,0,1,1\n\x0F\nGW0,1,1,1\n\xF0\nP1\n", 203).unwrap();
        assert_eq!((sheets[0].height, sheets[0].rows()), (2, vec![0xF0, 0x0F]));
    }

    #[test]
    fn what_is_no_label_is_a_fault() {
        for wrong in ["P1\n", "q8\nQ2\nP1\n", "Q2,15\n", "Q2,B24\n", "D16\n", "GW0,0,2,2,x\n", "A1\n", "P2\n"]
        {
            assert!(read(wrong.as_bytes(), 203).is_err(), "{wrong}");
        }
        assert!(read(b"Q2,16\n", 300).is_err());
    }
}
