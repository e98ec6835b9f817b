//! Finds in a stream where labels end and where something is asked.

use super::Speech;

/// What is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A question: `?`, `S` or `H`, after its last or most telling letter.
    Question(u8),
    /// A label, whole.
    Label(Vec<u8>),
}

/// A stream so far.
#[derive(Debug)]
pub(super) struct Splitter {
    speech: Speech,
    /// The label that comes.
    label: Vec<u8>,
    /// Where the line in it begins that comes.
    line: usize,
    /// Bytes of a picture that still have to come: nothing is looked for in them.
    picture: usize,
    /// What may be the beginning of a question.
    held: Vec<u8>,
    /// How many bytes were no part of a question.
    taken: u64,
}

impl Splitter {
    pub(super) fn new(speech: Speech) -> Self {
        Splitter { speech, label: Vec::new(), line: 0, picture: 0, held: Vec::new(), taken: 0 }
    }

    /// The length of what there is of the label that comes.
    pub(super) fn begun(&self) -> usize {
        self.label.len()
    }

    /// How many bytes of labels there were since it was last asked.
    pub(super) fn taken(&mut self) -> u64 {
        std::mem::take(&mut self.taken)
    }

    /// The connection is at its end: what is not whole is lost.
    pub(super) fn end(&mut self) {
        self.taken += self.held.len() as u64;
        *self = Splitter { taken: self.taken, ..Splitter::new(self.speech) };
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Vec<Item> {
        let mut items = Vec::new();
        while let [first, rest @ ..] = bytes {
            let in_picture = self.picture.min(bytes.len());
            if in_picture > 0 {
                self.label.extend_from_slice(&bytes[..in_picture]);
                self.taken += in_picture as u64;
                self.picture -= in_picture;
                self.line = self.label.len();
                bytes = &bytes[in_picture..];
                continue;
            }
            bytes = rest;
            self.held.push(*first);
            match self.question() {
                Some(true) => {
                    self.held.clear();
                    items.push(Item::Question(match self.speech {
                        Speech::Zpl => b'H',
                        Speech::Tspl | Speech::TsplSunmi => *first,
                    }));
                }
                Some(false) => {}
                None => {
                    // The last byte may begin another one.
                    let last = self.held.pop();
                    for byte in std::mem::take(&mut self.held) {
                        items.extend(self.take(byte));
                    }
                    let Some(last) = last else { continue };
                    self.held.push(last);
                    if self.question().is_none() {
                        self.held.clear();
                        items.extend(self.take(last));
                    }
                }
            }
        }
        items
    }

    /// Whether what is held is a question, or may become one.
    fn question(&self) -> Option<bool> {
        let questions: &[&[u8]] = match self.speech {
            Speech::Zpl => &[b"~HS"],
            Speech::Tspl => &[b"\x1B!?", b"\x1B!S"],
            Speech::TsplSunmi => &[b"\x1B!?"],
        };
        let question = questions.iter().find(|question| question.starts_with(&self.held))?;
        Some(question.len() == self.held.len())
    }

    fn take(&mut self, byte: u8) -> Option<Item> {
        if self.label.is_empty() && byte.is_ascii_whitespace() {
            // Ends of lines between labels and after questions.
            return None;
        }
        self.taken += 1;
        self.label.push(byte);
        let line = &self.label[self.line..];
        let ends = match (self.speech, byte) {
            (Speech::Zpl, b'Z') => self.label.ends_with(b"^XZ"),
            (Speech::Tspl | Speech::TsplSunmi, b',') if line.starts_with(b"BITMAP ") => {
                self.picture = picture(line).unwrap_or(0);
                false
            }
            (Speech::Tspl | Speech::TsplSunmi, b'\n') => {
                let ends = line.starts_with(b"PRINT ");
                self.line = self.label.len();
                ends
            }
            _ => false,
        };
        ends.then(|| {
            self.line = 0;
            Item::Label(std::mem::take(&mut self.label))
        })
    }
}

/// The bytes after `BITMAP x,y,across,down,mode,`, and after the length that mode 3 has in addition.
fn picture(line: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(line.strip_prefix(b"BITMAP ")?).ok()?;
    let numbers: Vec<usize> =
        text.strip_suffix(',')?.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    match numbers[..] {
        [_, _, across, down, mode] if mode != 3 => across.checked_mul(down),
        [_, _, _, _, 3, length] => Some(length),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(speech: Speech, stream: &[u8], step: usize) -> Vec<Item> {
        let mut splitter = Splitter::new(speech);
        stream.chunks(step).flat_map(|chunk| splitter.feed(chunk)).collect()
    }

    #[test]
    fn labels_end_with_their_print_command_wherever_the_stream_is_cut() {
        let label = b"SIZE 2 mm,1 mm\r\nCLS\r\nBITMAP 0,0,2,8,0,PRINT 1,1\r\n\x1B!?^X\r\nPRINT 1,1\r\n";
        let short = b"CLS\r\nBITMAP 0,0,9,9,3,4,\nPRI\r\nPRINT 1\r\n";
        let stream = [&b"\x1B!?"[..], label, b"\x1B!S\r\n", short, b"\x1B!!"].concat();
        for step in 1..stream.len() {
            let items = split(Speech::Tspl, &stream, step);
            let expected = [
                Item::Question(b'?'),
                Item::Label(label.to_vec()),
                Item::Question(b'S'),
                Item::Label(short.to_vec()),
            ];
            assert_eq!(items, expected, "{step}");
        }
        let format = b"^XA^PW8^LL8^FO0,0^GFA,1,1,1,FF^FS^PQ1,0,1,Y^XZ";
        let stream = [&b"~HS\r\n"[..], format, b"\n~~HS", format].concat();
        for step in 1..stream.len() {
            let second = [b"~", &format[..]].concat();
            let expected = [
                Item::Question(b'H'),
                Item::Label(format.to_vec()),
                Item::Question(b'H'),
                Item::Label(second),
            ];
            assert_eq!(split(Speech::Zpl, &stream, step), expected, "{step}");
        }
    }

    #[test]
    fn bytes_of_labels_are_counted_and_those_of_questions_are_not() {
        let mut splitter = Splitter::new(Speech::Tspl);
        splitter.feed(b"\x1B!?CLS\r\n\x1B!?\x1B");
        assert_eq!(splitter.taken(), 5);
        assert_eq!(splitter.begun(), 5);
        splitter.end();
        assert_eq!((splitter.taken(), splitter.begun()), (1, 0), "what was held was of a label");
    }
}
