//! Just enough of a PDF reader to see everything that is in one of our files, written from the standard (ISO 32000-1)
//! and not from the writer. Foreign readers look at the same files in `.ci/run`.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Every stream of a file, inflated, in the order of the file.
pub fn streams(file: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    let mut rest = file;
    while let Some(start) = find(rest, b"stream\n") {
        // `/Length n` stands in the dictionary before the keyword.
        let dictionary = &rest[..start];
        let length = dictionary.windows(8).rposition(|window| window == b"/Length ").map(|at| {
            let digits: String = dictionary[at + 8..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .map(|&byte| byte as char)
                .collect();
            digits.parse::<usize>().unwrap()
        });
        let Some(length) = length else { break };
        let body = &rest[start + 7..start + 7 + length];
        let mut inflated = Vec::new();
        ZlibDecoder::new(body).read_to_end(&mut inflated).expect("a stream is deflated");
        streams.push(inflated);
        rest = &rest[start + 7 + length..];
        let end = find(rest, b"endstream").expect("a stream ends");
        rest = &rest[end + 9..];
    }
    streams
}

/// The text of each page, run after run, in the order of drawing.
pub fn pages(file: &[u8]) -> Vec<String> {
    streams(file)
        .into_iter()
        .filter(|stream| find(stream, b"Tj\n").is_some())
        .map(|page| text(&page))
        .collect()
}

/// Shown strings are hexadecimal, two bytes a character id.
fn text(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let mut text = String::new();
    for line in page.lines() {
        let Some(hex) = line.strip_suffix(">Tj").and_then(|line| line.rsplit_once('<')).map(|(_, hex)| hex)
        else {
            continue;
        };
        for id in hex.as_bytes().chunks(4) {
            let id = u16::from_str_radix(std::str::from_utf8(id).unwrap(), 16).unwrap();
            // Both faces have the same character map.
            text.push(miandan_fonts::REGULAR.character(id).expect("every id has a character"));
        }
    }
    text
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}
