//! Answers of printers that speak TSPL: `ESC ! ?` and `ESC ! S` of the *TSPL/TSPL2 Programming Manual*, and what Sunmi has
//! in place of the first.

use super::{Answer, Fault, Faults, Status};

/// The bits of TSC and Gprinter (GP-2120T manual), from the lowest.
const BITS: [Fault; 8] = [
    Fault::HeadOpen,
    Fault::PaperJam,
    Fault::PaperOut,
    Fault::RibbonOut,
    Fault::Paused,
    Fault::Printing,
    Fault::CoverOpen,
    Fault::Overheated,
];

fn status(faults: Faults) -> Answer {
    Answer::Whole(Status { faults, labels_left: None })
}

fn bits(byte: u8) -> Faults {
    (0..8).filter(|bit| byte >> bit & 1 == 1).map(|bit| BITS[bit]).collect()
}

pub(super) fn one_byte(bytes: &[u8]) -> Answer {
    match bytes {
        [] => Answer::Incomplete,
        [byte, ..] => status(bits(*byte)),
    }
}

/// Bit 0 is that it is ready. One that is neither ready nor printing, nor says why, is not well.
pub(super) fn one_byte_of_sunmi(bytes: &[u8]) -> Answer {
    let [byte, ..] = bytes else { return Answer::Incomplete };
    let mut faults = bits(byte & !1);
    if faults.is_empty() && byte & 1 == 0 {
        faults.add(Fault::Other);
    }
    status(faults)
}

/// `STX message warning error error ETX CR LF`, with bit 6 set in each of the four.
pub(super) fn four_bytes(bytes: &[u8]) -> Answer {
    let frame = [Some(0x02), None, None, None, None, Some(0x03), Some(b'\r'), Some(b'\n')];
    let fits = |(byte, expected): (&u8, Option<u8>)| match expected {
        Some(expected) => *byte == expected,
        None => byte & 0xC0 == 0x40,
    };
    if !bytes.iter().zip(frame).all(fits) {
        return Answer::Unreadable;
    }
    let [_, message, warning, first, second, ..] = *bytes else { return Answer::Incomplete };
    if bytes.len() < frame.len() {
        return Answer::Incomplete;
    }
    let mut faults = Faults::default();
    match message {
        b'@' => {}
        // Moving back, cutting, feeding, printing a batch, drawing; and a label that has to be taken first.
        b'B' | b'C' | b'F' | b'P' | b'W' | b'L' => faults.add(Fault::Printing),
        b'`' | b'K' => faults.add(Fault::Paused),
        _ => faults.add(Fault::Other),
    }
    faults.add_if(Fault::BufferFull, warning & 0x08 != 0);
    // Head, motor; cutter, memory and what is not said are other errors.
    faults.add_if(Fault::Overheated, first & 0x03 != 0);
    faults.add_if(Fault::Other, first & 0x3C != 0);
    faults.add_if(Fault::PaperOut, second & 0x01 != 0);
    faults.add_if(Fault::PaperJam, second & 0x02 != 0);
    faults.add_if(Fault::RibbonOut, second & 0x04 != 0);
    faults.add_if(Fault::Other, second & 0x18 != 0);
    faults.add_if(Fault::HeadOpen, second & 0x20 != 0);
    status(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(answer: Answer) -> Vec<Fault> {
        match answer {
            Answer::Whole(status) => status.faults.iter().collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_byte_has_the_bits_of_its_maker() {
        assert_eq!(faults(one_byte(&[0])), []);
        for (bit, fault) in BITS.into_iter().enumerate() {
            assert_eq!(faults(one_byte(&[1 << bit])), [fault]);
        }
        assert_eq!(faults(one_byte(&[0x24])), [Fault::PaperOut, Fault::Printing]);
        assert_eq!(faults(one_byte(&[0x01])), [Fault::HeadOpen]);
        assert_eq!(faults(one_byte_of_sunmi(&[0x01])), []);
        assert_eq!(faults(one_byte_of_sunmi(&[0x00])), [Fault::Other], "not ready, and does not say why");
        assert_eq!(faults(one_byte_of_sunmi(&[0x20])), [Fault::Printing]);
        assert_eq!(faults(one_byte_of_sunmi(&[0xC0])), [Fault::CoverOpen, Fault::Overheated]);
        assert_eq!(one_byte(&[]), Answer::Incomplete);
    }

    #[test]
    fn four_bytes_are_those_of_the_manual() {
        let read = |four: &[u8; 4]| faults(four_bytes(&[b"\x02", &four[..], b"\x03\r\n"].concat()));
        assert_eq!(read(b"@@@@"), []);
        assert_eq!(read(b"P@@@"), [Fault::Printing]);
        assert_eq!(read(b"`@@@"), [Fault::Paused]);
        assert_eq!(read(b"@H@@"), [Fault::BufferFull]);
        assert_eq!(read(b"E@A@"), [Fault::Overheated, Fault::Other]);
        assert_eq!(read(b"E@@A"), [Fault::PaperOut, Fault::Other]);
        assert_eq!(read(b"@@@B"), [Fault::PaperJam]);
        assert_eq!(read(b"@@@D"), [Fault::RibbonOut]);
        assert_eq!(read(b"@@@`"), [Fault::HeadOpen]);
        assert_eq!(read(b"@@H@"), [Fault::Other], "the cutter");
        assert_eq!(read(b"Z@@@"), [Fault::Other], "what the manual does not have");
    }

    #[test]
    fn what_is_cut_short_or_shifted_is_no_status() {
        let whole = b"\x02@@@@\x03\r\n";
        for end in 0..whole.len() {
            assert_eq!(four_bytes(&whole[..end]), Answer::Incomplete);
        }
        for wrong in [&b"@@@@\x03\r\n"[..], b"\x02@@@\x03\r\n", b"\x02\0\0\0\0\x03\r\n", b"\x02@@@@\r\n"] {
            assert_eq!(four_bytes(wrong), Answer::Unreadable);
        }
    }
}
