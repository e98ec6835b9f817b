//! Text in UTF-8 or GB18030, decoded as it streams. Bytes that are no text are an error, never a replacement character.

use std::fmt;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use crate::args::EncodingName;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Chance does not make so many characters of valid UTF-8 out of another encoding.
const TELLING: usize = 8;

/// The encoding and how many bytes of byte order mark stand before the text; `None` for UTF-16.
///
/// `guess` says whether anything but UTF-8 is thought of where nothing was said, `whole` whether `ahead` is all there
/// is. A text that begins as UTF-8 and then goes wrong is a damaged UTF-8 text: decoded as GB18030 it might well come
/// out as other characters without a complaint.
pub fn choose(
    said: EncodingName,
    guess: bool,
    ahead: &[u8],
    whole: bool,
) -> Option<(&'static Encoding, usize)> {
    if ahead.starts_with(b"\xFF\xFE") || ahead.starts_with(b"\xFE\xFF") {
        return None;
    }
    let mark = if ahead.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let encoding = match said {
        EncodingName::Utf8 => UTF_8,
        // GB18030 has a byte order mark of its own, which nobody writes.
        EncodingName::Gb18030 => return Some((GB18030, 0)),
        EncodingName::Auto if mark > 0 || !guess => UTF_8,
        EncodingName::Auto => match std::str::from_utf8(ahead) {
            Ok(_) => UTF_8,
            Err(error) if error.error_len().is_none() && !whole => UTF_8,
            Err(error) => {
                let valid = String::from_utf8_lossy(&ahead[..error.valid_up_to()]);
                let telling = valid.chars().filter(|character| !character.is_ascii()).count();
                if telling >= TELLING { UTF_8 } else { GB18030 }
            }
        },
    };
    Some((encoding, mark))
}

/// The bytes are not in the encoding that this names.
#[derive(Debug)]
pub struct Undecodable(pub &'static str);

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.0)
    }
}

impl std::error::Error for Undecodable {}

/// A stream as UTF-8. An error comes after everything that stands before it was read.
pub struct Decoded<R> {
    source: R,
    decoder: Decoder,
    text: Vec<u8>,
    from: usize,
    to: usize,
    malformed: bool,
    ended: bool,
}

impl<R: BufRead> Decoded<R> {
    pub fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        let text = vec![0; 64 * 1024];
        Decoded { source, decoder, text, from: 0, to: 0, malformed: false, ended: false }
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.from == self.to {
            if self.malformed {
                let is_utf8 = self.decoder.encoding() == UTF_8;
                let error = Undecodable(if is_utf8 { "UTF-8" } else { "GB18030" });
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
            if self.ended {
                return Ok(&[]);
            }
            let bytes = self.source.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, last);
            self.source.consume(read);
            (self.from, self.to) = (0, written);
            match result {
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.malformed = true,
            }
        }
        Ok(&self.text[self.from..self.to])
    }

    fn consume(&mut self, count: usize) {
        self.from += count;
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(target)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &[u8], whole: bool) -> &'static str {
        choose(EncodingName::Auto, true, text, whole).map_or("UTF-16", |(encoding, _)| encoding.name())
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "订单号,收件人,详细地址\n1,𠮷田旻,学府路277号";
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(name(text.as_bytes(), true), "UTF-8");
        assert_eq!(name(&text.as_bytes()[..4], false), "UTF-8", "cut inside a character");
        assert_eq!(name(&gb, true), "gb18030");
        assert_eq!(name("order_id\n1".as_bytes(), true), "UTF-8");
        assert_eq!(name(b"\xFF\xFEa\0", true), "UTF-16");
        let mut damaged = text.as_bytes().to_vec();
        damaged.push(0xFF);
        assert_eq!(name(&damaged, true), "UTF-8", "not mistaken for GB18030");
        assert_eq!(choose(EncodingName::Auto, false, &gb, true).map(|(e, _)| e.name()), Some("UTF-8"));
    }

    #[test]
    fn text_comes_before_the_error() {
        let text = "张三".repeat(50_000);
        let (gb, _, _) = GB18030.encode(&text);
        let mut read = String::new();
        Decoded::new(&gb[..], GB18030).read_to_string(&mut read).unwrap();
        assert!(read == text);
        let mut decoded = Decoded::new(&b"ab\xFFcd"[..], UTF_8);
        assert_eq!(decoded.fill_buf().unwrap(), b"ab");
        decoded.consume(2);
        assert!(decoded.fill_buf().unwrap_err().get_ref().unwrap().is::<Undecodable>());
    }
}
