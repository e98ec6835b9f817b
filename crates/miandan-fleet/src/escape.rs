//! Texts where only some bytes may stand: every other byte is written as a mark and two hexadecimal digits, as in a URI (RFC 3986
//! section 2.1, where the mark is `%`).

/// Writes a text; `is_plain` says which bytes stand for themselves. The mark itself must not be one of them.
pub(crate) fn escape(text: &str, mark: char, is_plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("{mark}{byte:02X}"));
        }
    }
    out
}

/// Reads what [`escape`] wrote; `None` of what it cannot have written, as far as the digits and the text's own form tell.
pub(crate) fn unescape(text: &str, mark: u8) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte != mark {
            bytes.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}
