//! Just enough of a PDF reader to see everything that is in one of our files, written from the standard (ISO 32000-1)
//! and not from the writer. Foreign readers look at the same files in `.ci/run`.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Every stream of a file, inflated, in the order of the file.
pub fn streams(file: &[u8]) -> Vec<Vec<u8>> {
    objects(file).into_iter().map(|(_, stream)| stream).collect()
}

/// What stands before the data of each stream since the one before, and the data, inflated.
fn objects(file: &[u8]) -> Vec<(&[u8], Vec<u8>)> {
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
        streams.push((dictionary, inflated));
        rest = &rest[start + 7 + length..];
        let end = find(rest, b"endstream").expect("a stream ends");
        rest = &rest[end + 9..];
    }
    streams
}

/// The text of each page, run after run, in the order of drawing: that of the forms that it names comes first.
pub fn pages(file: &[u8]) -> Vec<String> {
    let (forms, others): (Vec<_>, Vec<_>) =
        objects(file).into_iter().partition(|(dictionary, _)| find(dictionary, b"/Subtype/Form").is_some());
    // Their names stand in the resources, each with the number of its object.
    let resources = find(file, b"/XObject<<").map_or(String::new(), |at| {
        String::from_utf8_lossy(&file[at + 10..at + 10 + find(&file[at + 10..], b">>").unwrap()]).into_owned()
    });
    let form = |name: &str| {
        let number = resources.split_once(&format!("/{name} ")).expect("a form has an object").1;
        let object = format!("\n{} 0 obj", number.split(' ').next().unwrap());
        let found = forms.iter().find(|(dictionary, _)| find(dictionary, object.as_bytes()).is_some());
        text(&found.expect("an object of a form").1)
    };
    let page = |(_, page): (_, Vec<u8>)| {
        let content = String::from_utf8_lossy(&page).into_owned();
        let names = content.lines().filter_map(|line| line.strip_prefix('/')?.strip_suffix(" Do"));
        find(&page, b"Tj\n").map(|_| names.map(form).collect::<String>() + &text(&page))
    };
    others.into_iter().filter_map(page).collect()
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
