//! Colours of CSS, of which paper has two.

/// Black or white, and whether the colour was exactly that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ink {
    pub(crate) black: bool,
    pub(crate) exact: bool,
}

impl Ink {
    /// As the template language writes it.
    pub(crate) fn as_str(self) -> &'static str {
        if self.black { "#000000" } else { "#ffffff" }
    }
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Type and lines: they are black unless they are as good as white, since grey ones are meant to be seen.
    Stroke,
    /// Areas: whichever is nearer.
    Area,
}

/// The ink of a colour. Nothing if it is transparent, an error if it cannot be read.
pub(crate) fn ink(text: &str, used: Use) -> Result<Option<Ink>, ()> {
    let text = text.trim().to_ascii_lowercase();
    let rgb = match &*text {
        "" | "none" | "transparent" => return Ok(None),
        "black" => [0; 3],
        "white" => [255; 3],
        "red" => [255, 0, 0],
        "green" => [0, 128, 0],
        "blue" => [0, 0, 255],
        "gray" | "grey" => [128; 3],
        "yellow" => [255, 255, 0],
        "orange" => [255, 165, 0],
        _ => match text.strip_prefix('#') {
            Some(digits) => hexadecimal(digits).ok_or(())?,
            None => match function(&text).ok_or(())? {
                (_, alpha) if alpha < 0.05 => return Ok(None),
                (rgb, _) => rgb,
            },
        },
    };
    // Luma as in ITU-R BT.601, as the template language has it.
    let [red, green, blue] = rgb.map(u32::from);
    let luma = red * 299 + green * 587 + blue * 114;
    let black = luma < if used == Use::Stroke { 230_000 } else { 127_500 };
    Ok(Some(Ink { black, exact: rgb == [0; 3] || rgb == [255; 3] }))
}

fn hexadecimal(digits: &str) -> Option<[u8; 3]> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let byte = |shift: u32| (value >> shift) as u8;
    match digits.len() {
        3 => Some([8, 4, 0].map(|shift| (byte(shift) & 0xF) * 17)),
        6 => Some([16, 8, 0].map(byte)),
        8 => Some([24, 16, 8].map(byte)),
        _ => None,
    }
}

/// `rgb(1, 2, 3)` and `rgba(1, 2, 3, 0.5)`.
fn function(text: &str) -> Option<([u8; 3], f64)> {
    let inside =
        text.strip_prefix("rgb")?.trim_start_matches('a').trim().strip_prefix('(')?.strip_suffix(')')?;
    let parts: Option<Vec<f64>> =
        inside.split([',', ' ', '/']).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
    match parts?[..] {
        [red, green, blue] => Some(([red, green, blue].map(|tone| tone as u8), 1.0)),
        [red, green, blue, alpha] => Some(([red, green, blue].map(|tone| tone as u8), alpha)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let of = |black, exact| Ok(Some(Ink { black, exact }));
        for (text, expected) in [
            ("#000", of(true, true)),
            ("#FFFFFF", of(false, true)),
            ("#fff0", Err(())),
            ("#e8e8e8", of(false, false)),
            ("rgb(10, 20, 30)", of(true, false)),
            ("rgba(0,0,0,0)", Ok(None)),
            ("rgba(255, 255, 255, 1)", of(false, true)),
            ("red", of(true, false)),
            ("", Ok(None)),
            ("#", Err(())),
            ("#+12", Err(())),
            ("url(x)", Err(())),
            ("rgb(1,2)", Err(())),
        ] {
            assert_eq!(ink(text, Use::Area), expected, "{text}");
        }
        assert_eq!(ink("#aaa", Use::Stroke), of(true, false));
        assert_eq!(ink("#fefefe", Use::Stroke), of(false, false));
    }
}
