//! What a simulated printer answers, after the manuals of its language.

use super::Speech;

/// How it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) paper_out: bool,
    pub(super) head_open: bool,
    pub(super) jam: bool,
    pub(super) paused: bool,
    pub(super) buffer_full: bool,
    /// Labels that it holds, with the one that it prints.
    pub(super) labels: usize,
}

impl Condition {
    /// Whether it prints nothing until somebody comes.
    pub(super) fn is_stopped(&self) -> bool {
        self.paper_out || self.head_open || self.jam || self.paused
    }

    fn is_printing(&self) -> bool {
        self.labels > 0 && !self.is_stopped()
    }
}

/// The answer to a question; none if it is silent.
pub(super) fn answer(speech: Speech, question: u8, condition: &Condition) -> Option<Vec<u8>> {
    let bits = |bits: &[(bool, u8)]| bits.iter().map(|(set, bit)| u8::from(*set) << bit).sum::<u8>();
    match (speech, question) {
        (Speech::Tspl, b'S') => {
            let message = match condition {
                Condition { paused: true, .. } => b'`',
                condition if condition.is_printing() => b'P',
                _ => b'@',
            };
            let warning = b'@' | bits(&[(condition.buffer_full, 3)]);
            let error =
                b'@' | bits(&[(condition.paper_out, 0), (condition.jam, 1), (condition.head_open, 5)]);
            Some(vec![0x02, message, warning, b'@', error, 0x03, b'\r', b'\n'])
        }
        (Speech::Tspl | Speech::TsplSunmi, _) => {
            let well = !condition.is_stopped() && !condition.is_printing();
            let lowest = if speech == Speech::Tspl { condition.head_open } else { well };
            let cover = speech == Speech::TsplSunmi && condition.head_open;
            Some(vec![bits(&[
                (lowest, 0),
                (condition.jam, 1),
                (condition.paper_out, 2),
                (condition.paused, 4),
                (condition.is_printing(), 5),
                (cover, 6),
            ])])
        }
        (Speech::Zpl, _) if condition.paper_out || condition.head_open || condition.jam => None,
        (Speech::Zpl, _) => {
            let (paused, full) = (u8::from(condition.paused), u8::from(condition.buffer_full));
            let (formats, left) = (condition.labels.saturating_sub(1), condition.labels.min(1));
            let text = format!(
                "\x02030,0,{paused},1440,{formats:03},{full},0,0,000,0,0,0\x03\r\n\
                 \x02000,0,0,0,0,2,4,0,{left:08},1,000\x03\r\n\x021234,0\x03\r\n"
            );
            Some(text.into_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_tells_the_truth_in_its_own_way() {
        let rest = Condition::default();
        let printing = Condition { labels: 1, ..rest };
        let open = Condition { head_open: true, labels: 1, ..rest };
        let byte = |speech, condition| answer(speech, b'?', &condition).map(|bytes| bytes[0]);
        assert_eq!([rest, printing, open].map(|now| byte(Speech::Tspl, now)), [Some(0), Some(0x20), Some(1)]);
        let sunmi = [rest, printing, open].map(|now| byte(Speech::TsplSunmi, now));
        assert_eq!(sunmi, [Some(1), Some(0x20), Some(0x40)]);
        assert_eq!(answer(Speech::Tspl, b'S', &open).unwrap(), b"\x02@@@`\x03\r\n");
        assert_eq!(answer(Speech::Tspl, b'S', &printing).unwrap(), b"\x02P@@@\x03\r\n");
        assert_eq!(answer(Speech::Zpl, b'H', &open), None);
        let text = String::from_utf8(answer(Speech::Zpl, b'H', &printing).unwrap()).unwrap();
        assert!(text.contains(",00000001,1,"), "{text}");
    }
}
