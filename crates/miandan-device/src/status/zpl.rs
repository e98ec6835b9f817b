//! The answer to `~HS`, after Zebra's *ZPL II Programming Guide*: three lines between STX and ETX.

use super::{Answer, Fault, Faults, Status};

/// A clone held a counter of its paper in the place of the labels left: what is not below this is no such number.
const MOST_LABELS: u32 = 10_000;

/// Longer than any answer.
const MOST: usize = 256;

pub(super) fn three_lines(bytes: &[u8]) -> Answer {
    let mut lines: [&[u8]; 3] = [b""; 3];
    let mut rest = &bytes[..bytes.len().min(MOST)];
    for line in &mut lines {
        // Ends of lines stand between them; some printers leave them out.
        while let [b'\r' | b'\n', after @ ..] = rest {
            rest = after;
        }
        let after = match rest {
            [] => return Answer::Incomplete,
            [0x02, after @ ..] => after,
            _ => return Answer::Unreadable,
        };
        let Some(end) = after.iter().position(|byte| *byte == 0x03) else {
            let possible = after.iter().all(|byte| is_of_line(*byte)) && bytes.len() < MOST;
            return if possible { Answer::Incomplete } else { Answer::Unreadable };
        };
        (*line, rest) = (&after[..end], &after[end + 1..]);
        if !line.iter().all(|byte| is_of_line(*byte)) {
            return Answer::Unreadable;
        }
    }
    read(lines).map_or(Answer::Unreadable, Answer::Whole)
}

fn is_of_line(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b',' || byte == b' '
}

fn read([first, second, _]: [&[u8]; 3]) -> Option<Status> {
    // aaa,b,c,dddd,eee,f,g,h,iii,j,k,l and mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www
    let first = fields::<12>(first)?;
    let second = fields::<11>(second)?;
    let mut faults = Faults::default();
    faults.add_if(Fault::PaperOut, flag(first[1])?);
    faults.add_if(Fault::Paused, flag(first[2])?);
    faults.add_if(Fault::BufferFull, flag(first[5])?);
    // Its settings are lost.
    faults.add_if(Fault::Other, flag(first[9])?);
    // Too cold, too hot.
    let (cold, hot) = (flag(first[10])?, flag(first[11])?);
    faults.add_if(Fault::Overheated, cold || hot);
    faults.add_if(Fault::HeadOpen, flag(second[2])?);
    faults.add_if(Fault::RibbonOut, flag(second[3])?);
    // Of the label in work there are several signs: formats received, one that has begun, labels of it left, and one
    // that waits to be taken.
    let left = Some(second[8]).filter(|left| *left < MOST_LABELS);
    let waiting = flag(second[7])?;
    let begun = flag(first[7])?;
    faults.add_if(Fault::Printing, first[4] > 0 || begun || waiting || left.is_some_and(|left| left > 0));
    Some(Status { faults, labels_left: left })
}

/// Exactly so many numbers.
fn fields<const N: usize>(line: &[u8]) -> Option<[u32; N]> {
    let mut parts = line.split(|byte| *byte == b',');
    let mut fields = [0; N];
    for field in &mut fields {
        let text = std::str::from_utf8(parts.next()?).ok()?.trim();
        *field = text.parse().ok()?;
    }
    // Later firmware may say more.
    Some(fields)
}

fn flag(number: u32) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(first: &str, second: &str) -> Vec<u8> {
        format!("\x02{first}\x03\r\n\x02{second}\x03\r\n\x021234,0\x03\r\n").into_bytes()
    }

    const REST: [&str; 2] = ["030,0,0,1440,000,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000"];

    fn status(first: &str, second: &str) -> Status {
        match three_lines(&answer(first, second)) {
            Answer::Whole(status) => status,
            other => panic!("{first} {second}: {other:?}"),
        }
    }

    #[test]
    fn a_printer_at_rest_is_ready() {
        let status = status(REST[0], REST[1]);
        assert!(status.is_ready());
        assert_eq!(status.labels_left, Some(0));
    }

    #[test]
    fn every_flag_is_a_fault() {
        let one = |line: &str, at: usize| {
            let mut fields: Vec<_> = line.split(',').collect();
            fields[at] = "1";
            fields.join(",")
        };
        for (at, fault) in [
            (1, Fault::PaperOut),
            (2, Fault::Paused),
            (4, Fault::Printing),
            (5, Fault::BufferFull),
            (7, Fault::Printing),
            (9, Fault::Other),
            (10, Fault::Overheated),
            (11, Fault::Overheated),
        ] {
            let faults = status(&one(REST[0], at), REST[1]).faults;
            assert_eq!(faults.iter().collect::<Vec<_>>(), [fault], "first line, {at}");
        }
        for (at, fault) in
            [(2, Fault::HeadOpen), (3, Fault::RibbonOut), (7, Fault::Printing), (8, Fault::Printing)]
        {
            let faults = status(REST[0], &one(REST[1], at)).faults;
            assert_eq!(faults.iter().collect::<Vec<_>>(), [fault], "second line, {at}");
        }
    }

    #[test]
    fn a_count_that_cannot_be_is_none() {
        use miandan_core::printer::StatusDialect;
        let odd = status(REST[0], "000,0,0,0,0,2,4,0,01300000,1,000");
        assert_eq!(odd.labels_left, None);
        assert!(odd.is_ready() && !odd.is_done(StatusDialect::Zpl), "nothing is known to be printed");
        assert_eq!(status(REST[0], "000,0,0,0,0,2,4,0,00009999,1,000").labels_left, Some(9999));
    }

    #[test]
    fn what_is_cut_short_is_incomplete_and_what_is_odd_is_no_status() {
        let whole = answer(REST[0], REST[1]);
        // The last line is whole with its ETX.
        for end in 0..whole.len() - 2 {
            assert_eq!(three_lines(&whole[..end]), Answer::Incomplete, "{end}");
        }
        for (first, second) in [
            ("030,0,0,1440,000,0,0,0,000,0,0", REST[1]),
            ("030,2,0,1440,000,0,0,0,000,0,0,0", REST[1]),
            ("030,,0,1440,000,0,0,0,000,0,0,0", REST[1]),
            ("030,0,0,1440,99999999999,0,0,0,000,0,0,0", REST[1]),
            (REST[0], "000,0,0,0,0,2,4,0,-1,1,000"),
            (REST[0], ""),
        ] {
            assert_eq!(three_lines(&answer(first, second)), Answer::Unreadable, "{first} {second}");
        }
        assert_eq!(three_lines(b"hello"), Answer::Unreadable);
        assert_eq!(three_lines(&[b"\x02", &[b'0'; 400][..]].concat()), Answer::Unreadable);
    }
}
