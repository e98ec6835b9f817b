//! Data URLs (RFC 2397) whose data is base64 (RFC 4648).

use super::PictureError;

/// The bytes of a data URL, or nothing if the text is none. What it says of its type does not matter.
///
/// # Errors
/// [`PictureError::Broken`] for a data URL that is not base64.
pub(super) fn read(text: &str) -> Result<Option<Vec<u8>>, PictureError> {
    let Some(rest) = text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).map(|_| &text[5..])
    else {
        return Ok(None);
    };
    let (kind, data) = rest.split_once(',').ok_or(PictureError::Broken)?;
    let is_base64 = kind.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    if !is_base64 {
        return Err(PictureError::Broken);
    }
    base64(data).map(Some)
}

/// Base64 of either alphabet, with white space between and with or without padding.
fn base64(text: &str) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut word, mut bits, mut padded) = (0u32, 0, false);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                padded = true;
                continue;
            }
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => return Err(PictureError::Broken),
        };
        if padded {
            return Err(PictureError::Broken);
        }
        word = word << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_standard() {
        // RFC 4648, 10.
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9v\n YmFy", "foobar"),
            ("Zm8", "fo"),
        ] {
            assert_eq!(base64(text).unwrap(), bytes.as_bytes(), "{text}");
        }
        assert_eq!(base64("-_+/").unwrap(), [0xFB, 0xFF, 0xBF]);
        assert!(base64("Zg==Zg").is_err() && base64("Z!").is_err());
    }

    #[test]
    fn only_data_urls_are_read() {
        assert_eq!(read("DATA:image/png;charset=x;BASE64,Zm9v"), Ok(Some(b"foo".to_vec())));
        assert_eq!(read("http://x"), Ok(None));
        assert_eq!(read("面单图"), Ok(None));
        assert_eq!(read("data:image/png,Zm9v"), Err(PictureError::Broken));
        assert_eq!(read("data:image/png;base64"), Err(PictureError::Broken));
    }
}
