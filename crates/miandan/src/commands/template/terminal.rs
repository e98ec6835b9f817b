//! A picture in a terminal: by the graphics protocols that terminals have, or in braille where there is none.

use std::env;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miandan_render::raster::{self, Bitmap};

use crate::args::Terminal;

/// What kitty takes in one piece of a picture.
const KITTY_PIECE: usize = 4096;

/// The columns of a terminal that does not say.
const COLUMNS: usize = 80;

/// The protocol of the terminal that the environment names. Nothing is asked of the terminal itself: one that does not
/// know the question would show it.
pub(super) fn detect() -> Terminal {
    by_environment(&|name| env::var(name).unwrap_or_default())
}

fn by_environment(value: &dyn Fn(&str) -> String) -> Terminal {
    let (term, program) = (value("TERM"), value("TERM_PROGRAM"));
    // Multiplexers pass none of them on by default.
    if term.starts_with("screen") || term.starts_with("tmux") {
        return Terminal::Braille;
    }
    if !value("KITTY_WINDOW_ID").is_empty()
        || ["xterm-kitty", "xterm-ghostty"].contains(&term.as_str())
        || program == "ghostty"
    {
        return Terminal::Kitty;
    }
    if ["iTerm.app", "WezTerm", "mintty", "vscode"].contains(&program.as_str()) {
        return Terminal::Iterm;
    }
    if ["foot", "mlterm", "contour", "yaft"].iter().any(|name| term.starts_with(name)) {
        return Terminal::Sixel;
    }
    Terminal::Braille
}

/// The columns of the terminal.
pub(super) fn columns() -> usize {
    terminal_size::terminal_size().map_or(COLUMNS, |(width, _)| usize::from(width.0)).max(8)
}

/// A picture in the words of a terminal, with a line end behind it.
pub(super) fn encode(bitmap: &Bitmap, terminal: Terminal, columns: usize) -> String {
    match terminal {
        Terminal::Auto => encode(bitmap, detect(), columns),
        Terminal::Kitty => kitty(bitmap),
        Terminal::Iterm => iterm(bitmap),
        Terminal::Sixel => sixel(bitmap),
        Terminal::Braille => braille(bitmap, columns),
    }
}

fn png(bitmap: &Bitmap) -> Vec<u8> {
    let mut picture = Vec::new();
    raster::png(bitmap, &mut picture);
    picture
}

/// Kitty's protocol: a PNG (`f=100`) in the stream (`t=d`), shown at once (`a=T`), in pieces of base64.
fn kitty(bitmap: &Bitmap) -> String {
    let picture = STANDARD.encode(png(bitmap));
    let mut text = String::with_capacity(picture.len() + 64);
    let pieces: Vec<&str> =
        picture.as_bytes().chunks(KITTY_PIECE).filter_map(|piece| std::str::from_utf8(piece).ok()).collect();
    for (index, piece) in pieces.iter().enumerate() {
        let more = u8::from(index + 1 < pieces.len());
        let keys = if index == 0 { "f=100,a=T,t=d,q=2," } else { "" };
        text.push_str(&format!("\x1b_G{keys}m={more};{piece}\x1b\\"));
    }
    text.push('\n');
    text
}

/// iTerm2's protocol: a file to be shown inside the line.
fn iterm(bitmap: &Bitmap) -> String {
    let picture = png(bitmap);
    let size = picture.len();
    format!("\x1b]1337;File=inline=1;size={size};preserveAspectRatio=1:{}\x07\n", STANDARD.encode(picture))
}

/// Sixel (DEC STD 070, VT330/VT340 Programmer Reference, chapter 14): bands of six rows, a character for a column of
/// each, black and white as two colours.
fn sixel(bitmap: &Bitmap) -> String {
    let (width, height) = (bitmap.width, bitmap.height);
    let mut text = format!("\x1bP0;1;0q\"1;1;{width};{height}#0;2;0;0;0#1;2;100;100;100");
    for top in (0..height).step_by(6) {
        let rows = 6.min(height - top);
        let whole = (1_u8 << rows) - 1;
        for (colour, ink) in [(0, true), (1, false)] {
            let bits = |x: usize| {
                let dark = (0..rows).fold(0_u8, |bits, y| bits | u8::from(bitmap.is_black(x, top + y)) << y);
                if ink { dark } else { whole & !dark }
            };
            text.push_str(&format!("#{colour}"));
            let mut x = 0;
            while x < width {
                let first = bits(x);
                let run = (x..width).take_while(|&at| bits(at) == first).count();
                let sign = char::from(b'?' + first);
                if run > 3 {
                    text.push_str(&format!("!{run}{sign}"));
                } else {
                    text.extend(std::iter::repeat_n(sign, run));
                }
                x += run;
            }
            text.push('$');
        }
        text.push('-');
    }
    text.push_str("\x1b\\\n");
    text
}

/// Two by four dots a character (Unicode 1.1, U+2800): a picture that any terminal shows, too coarse to read.
fn braille(bitmap: &Bitmap, columns: usize) -> String {
    // Which bit each of the dots is, column by column.
    const DOTS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
    let square = bitmap.width.div_ceil(2 * columns).max(1);
    let dark = |x: usize, y: usize| {
        let inside =
            (y * square..(y + 1) * square).flat_map(|y| (x * square..(x + 1) * square).map(move |x| (x, y)));
        2 * inside.filter(|&(x, y)| bitmap.is_black(x, y)).count() >= square * square
    };
    let mut text = String::new();
    for top in (0..bitmap.height.div_ceil(square)).step_by(4) {
        let mut line = String::new();
        for left in (0..bitmap.width.div_ceil(square)).step_by(2) {
            let mut bits = 0;
            for (x, column) in DOTS.iter().enumerate() {
                for (y, bit) in column.iter().enumerate() {
                    bits |= if dark(left + x, top + y) { *bit } else { 0 };
                }
            }
            line.push(char::from_u32(0x2800 + bits).unwrap_or(' '));
        }
        text.push_str(line.trim_end_matches('\u{2800}'));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use miandan_core::label::Resolution;

    use super::*;

    fn bitmap(width: usize, height: usize, dark: impl Fn(usize, usize) -> bool) -> Bitmap {
        let stride = width.div_ceil(8);
        let mut bits = vec![0; stride * height];
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).filter(|&(x, y)| dark(x, y)) {
            bits[y * stride + x / 8] |= 0x80 >> (x % 8);
        }
        Bitmap { width, height, stride, bits, resolution: Resolution::Dpi203 }
    }

    /// Reads a sixel picture back, as the manual describes it.
    fn read_sixel(text: &str, width: usize, height: usize) -> Vec<Vec<Option<u8>>> {
        let data = text.strip_prefix("\x1bP0;1;0q").unwrap().strip_suffix("\x1b\\\n").unwrap();
        let data = data.split_once("100;100;100").unwrap().1;
        let mut picture = vec![vec![None; width]; height];
        let (mut x, mut top, mut colour, mut repeat) = (0, 0, 0, 1);
        let mut rest = data.chars().peekable();
        let number = |rest: &mut std::iter::Peekable<std::str::Chars>| {
            let mut value = 0;
            while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                value = value * 10 + digit as usize;
                rest.next();
            }
            value
        };
        while let Some(sign) = rest.next() {
            match sign {
                '#' => colour = number(&mut rest) as u8,
                '!' => repeat = number(&mut rest),
                '$' => x = 0,
                '-' => (x, top) = (0, top + 6),
                sign => {
                    let bits = sign as u8 - b'?';
                    for _ in 0..std::mem::replace(&mut repeat, 1) {
                        for y in (0..6).filter(|y| bits >> y & 1 == 1) {
                            picture[top + y][x] = Some(colour);
                        }
                        x += 1;
                    }
                }
            }
        }
        picture
    }

    #[test]
    fn sixel_gives_the_picture_back() {
        let dark = |x: usize, y: usize| (x * 7 + y * 3).is_multiple_of(5) || x > 30;
        let picture = read_sixel(&sixel(&bitmap(41, 20, dark)), 41, 20);
        for (x, y) in (0..20).flat_map(|y| (0..41).map(move |x| (x, y))) {
            assert_eq!(picture[y][x], Some(u8::from(!dark(x, y))), "{x} {y}");
        }
    }

    #[test]
    fn kitty_and_iterm_give_the_file_back() {
        let picture = bitmap(608, 1040, |x, y| (x * x + y * 31) % 7 < 3);
        let mut data = String::new();
        for piece in kitty(&picture).trim_end().split("\x1b\\").filter(|piece| !piece.is_empty()) {
            let (keys, part) = piece.strip_prefix("\x1b_G").unwrap().split_once(';').unwrap();
            assert_eq!(keys.starts_with("f=100"), data.is_empty());
            assert!(part.len() <= KITTY_PIECE && (keys.ends_with("m=1") || part.len() < KITTY_PIECE));
            data.push_str(part);
        }
        assert_eq!(STANDARD.decode(data).unwrap(), png(&picture));
        let text = iterm(&picture);
        let data = text.trim_end_matches("\x07\n").rsplit(':').next().unwrap();
        assert_eq!(STANDARD.decode(data).unwrap(), png(&picture));
    }

    #[test]
    fn braille_fits_the_terminal() {
        let text = braille(&bitmap(608, 1040, |x, y| x == y), 80);
        assert!(text.lines().all(|line| line.chars().count() <= 80));
        assert_eq!(braille(&bitmap(4, 4, |x, _| x < 2), 80), "\u{28FF}\n");
    }

    #[test]
    fn terminals_are_told_by_their_environment() {
        let with = |pairs: &'static [(&str, &str)]| {
            by_environment(&|name| {
                pairs.iter().find(|(key, _)| *key == name).map_or("", |pair| pair.1).to_owned()
            })
        };
        for (pairs, terminal) in [
            (&[("TERM", "xterm-kitty")][..], Terminal::Kitty),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], Terminal::Iterm),
            (&[("TERM", "foot")], Terminal::Sixel),
            (&[("TERM", "tmux-256color"), ("KITTY_WINDOW_ID", "1")], Terminal::Braille),
            (&[("TERM", "linux")], Terminal::Braille),
            (&[], Terminal::Braille),
        ] {
            assert_eq!(with(pairs), terminal, "{pairs:?}");
        }
    }
}
