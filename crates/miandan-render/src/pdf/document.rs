//! Pages and fonts to a file (ISO 32000-1, 7.5), written from front to back.
//!
//! Which object has which number is known before anything is written: the catalogue, the information and the resources
//! first, then blocks of one page-tree node and its [`KIDS`] pages, then whatever is written at the end. So a page can
//! name its parent, and the tree is written last without keeping anything but where each page begins.

use std::io::{self, Write};

use miandan_core::label::LabelSize;
use miandan_core::pipe::{FontSubset, PageForm};
use pdf_writer::writers::{Catalog, DocumentInfo, Resources};
use pdf_writer::{Chunk, Dict, Filter, Finish, Name, Rect, Ref, TextStr};

use super::content::form_name;
use super::fonts::{self, compact};
use crate::deflate::deflate;

/// Children of a node of the page tree.
const KIDS: usize = 256;

const CATALOGUE: i32 = 1;
const INFORMATION: i32 = 2;
const RESOURCES: i32 = 3;
/// The node of the first block.
const FIRST_BLOCK: i32 = 4;
/// A node, and two objects for each of its pages.
const BLOCK: i32 = 1 + 2 * KIDS as i32;

/// A PDF that is being written.
///
/// Two small writes and one of the page itself are made for each page, so a file wants a [`std::io::BufWriter`].
#[derive(Debug)]
pub struct Document<W> {
    output: W,
    offset: u64,
    size: Option<LabelSize>,
    /// Where each page object begins, and in the lowest [`LENGTH_BITS`] bits its length, after which its content begins.
    pages: Vec<u64>,
    forms: Vec<OwnedForm>,
    text: Vec<u8>,
}

/// A form that is written at the end.
#[derive(Debug)]
struct OwnedForm {
    number: u16,
    size: LabelSize,
    stream: Vec<u8>,
}

/// So far a form may reach beyond its page, in micrometres.
const EDGE: f32 = 10_000.0;

/// A page object is about a hundred bytes long.
const LENGTH_BITS: u32 = 9;

impl<W: Write> Document<W> {
    /// Begins a document.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn new(output: W) -> io::Result<Self> {
        let (pages, forms, text) = (Vec::new(), Vec::new(), Vec::new());
        let mut document = Document { output, offset: 0, size: None, pages, forms, text };
        document.write(b"%PDF-1.7\n%\xE9\x9D\xA2\xE5\x8D\x95\n")?;
        Ok(document)
    }

    /// How many pages there are so far.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Takes a form that pages of this size may name. It is kept until the end; one that was taken before is passed over.
    ///
    /// # Errors
    /// When another form was taken under this number: pages of two templates or resolutions that were not told apart.
    pub fn form(&mut self, size: LabelSize, form: PageForm<'_>) -> io::Result<()> {
        let PageForm { number, stream } = form;
        match self.forms.iter().find(|known| known.number == number) {
            Some(known) if known.stream == stream && known.size == size => Ok(()),
            Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "two forms of a PDF have one number")),
            None => {
                self.forms.push(OwnedForm { number, size, stream: stream.to_vec() });
                Ok(())
            }
        }
    }

    /// The forms that were taken, in rising order of their numbers.
    pub fn forms(&self) -> impl Iterator<Item = PageForm<'_>> {
        let mut forms: Vec<_> = self.forms.iter().collect();
        forms.sort_unstable_by_key(|form| form.number);
        forms.into_iter().map(|form| PageForm { number: form.number, stream: &form.stream })
    }

    /// Adds a page whose content stream comes from [`PageEncoder::encode`](super::PageEncoder::encode).
    ///
    /// # Errors
    /// When the output cannot be written, or a document would have more objects than can be numbered.
    pub fn page(&mut self, size: LabelSize, deflated: &[u8]) -> io::Result<()> {
        let (page, parent) = numbers(self.pages.len()).ok_or_else(too_large)?;
        let usual = *self.size.get_or_insert(size);
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        write!(text, "{page} 0 obj\n<</Type/Page/Parent {parent} 0 R/Contents {} 0 R", page + 1)?;
        if size != usual {
            let [width, height] = points(size);
            write!(text, "/MediaBox[0 0 {width} {height}]")?;
        }
        text.extend_from_slice(b">>\nendobj\n");
        self.pages.push(self.offset << LENGTH_BITS | text.len() as u64);
        write!(text, "{} 0 obj\n<</Length {}/Filter/FlateDecode>>\nstream\n", page + 1, deflated.len())?;
        self.write(&text)?;
        self.text = text;
        self.write(deflated)?;
        self.write(b"\nendstream\nendobj\n")
    }

    /// Hands on what has been written so far, for who reads along.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Ends the document and gives back the output. `fonts` are the subsets of all faces that the pages draw with, at
    /// most one for a face; `id` names the document (ISO 32000-1, 14.4).
    ///
    /// # Errors
    /// When the output cannot be written, or has become larger than a cross-reference table can tell (9.9 GB).
    pub fn finish(mut self, fonts: &[FontSubset<'_>], id: [u8; 16]) -> io::Result<W> {
        if self.pages.is_empty() {
            // A page tree cannot be without a page.
            self.page(LabelSize::millimetres(76, 130), &deflate(b""))?;
        }
        let mut end = Ending { next: first_after(self.pages.len())?, others: Vec::new() };
        let mut font_numbers = Vec::new();
        for font in fonts {
            let first = end.numbers(fonts::OBJECTS)?;
            font_numbers.push((font.face, first));
            fonts::write(font, first, |chunk| self.chunk(&mut end, &chunk))?;
        }
        let mut form_numbers = Vec::new();
        let fonts_number = if self.forms.is_empty() { 0 } else { end.numbers(1)? };
        if !self.forms.is_empty() {
            self.chunk(&mut end, &font_names(&font_numbers, fonts_number))?;
        }
        let mut forms = std::mem::take(&mut self.forms);
        forms.sort_unstable_by_key(|form| form.number);
        for form in &forms {
            let number = end.numbers(1)?;
            form_numbers.push((form.number, number));
            self.chunk(&mut end, &form_object(form, number, fonts_number))?;
        }
        let root = self.tree(&mut end)?;
        self.chunk(&mut end, &catalogue(root))?;
        self.chunk(&mut end, &information())?;
        self.chunk(&mut end, &resources(&font_numbers, fonts_number, &form_numbers))?;
        self.table(end, id)?;
        self.output.flush()?;
        Ok(self.output)
    }

    /// Writes the page tree from its leaves to its root, whose number it answers.
    fn tree(&mut self, end: &mut Ending) -> io::Result<i32> {
        let pages = self.pages.len();
        let leaves = (0..pages).step_by(KIDS).map(|page| numbers(page).map(|(_, node)| node));
        let mut levels = vec![leaves.collect::<Option<Vec<i32>>>().ok_or_else(too_large)?];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let count = below.len().div_ceil(KIDS) as i32;
            let first = end.numbers(count)?;
            levels.push((first..first + count).collect());
        }
        let mut span = KIDS;
        for (depth, level) in levels.iter().enumerate() {
            for (index, &number) in level.iter().enumerate() {
                let count = (pages - index * span).min(span);
                let kids = |from: usize, to: usize| -> Vec<i32> {
                    match depth.checked_sub(1) {
                        None => (from..to.min(pages)).filter_map(|page| Some(numbers(page)?.0)).collect(),
                        Some(below) => levels[below][from..to.min(levels[below].len())].to_vec(),
                    }
                };
                let mut chunk = compact();
                let mut node = chunk.pages(Ref::new(number));
                node.count(count as i32);
                node.kids(kids(index * KIDS, (index + 1) * KIDS).into_iter().map(Ref::new));
                match levels.get(depth + 1) {
                    Some(above) => {
                        node.parent(Ref::new(above[index / KIDS]));
                    }
                    None => {
                        // The root: what all pages inherit.
                        let [width, height] = points(self.size.unwrap_or_default());
                        node.media_box(Rect::new(0.0, 0.0, width, height));
                        node.pair(Name(b"Resources"), Ref::new(RESOURCES));
                    }
                }
                node.finish();
                self.chunk(end, &chunk)?;
            }
            span = span.saturating_mul(KIDS);
        }
        Ok(levels.last().and_then(|level| level.first()).copied().unwrap_or(FIRST_BLOCK))
    }

    /// Writes the cross-reference table and the trailer. A table rather than a stream: it costs twenty bytes an object,
    /// and every reader there is understands it, those inside printers too.
    fn table(&mut self, mut end: Ending, id: [u8; 16]) -> io::Result<()> {
        let start = self.offset;
        if start > 9_999_999_999 {
            return Err(too_large());
        }
        end.others.sort_unstable();
        let mut others = end.others.into_iter().peekable();
        let mut text = format!("xref\n0 {}\n0000000000 65535 f\r\n", end.next).into_bytes();
        for number in 1..end.next {
            let offset = match others.next_if(|&(other, _)| other == number) {
                Some((_, offset)) => offset,
                None => self.page_object(number),
            };
            write!(text, "{offset:010} 00000 n\r\n")?;
            if text.len() > 1 << 16 {
                self.write(&text)?;
                text.clear();
            }
        }
        let id: String = id.iter().map(|byte| format!("{byte:02X}")).collect();
        write!(
            text,
            "trailer\n<</Size {}/Root {CATALOGUE} 0 R/Info {INFORMATION} 0 R/ID[<{id}><{id}>]>>\nstartxref\n{start}\n%%EOF\n",
            end.next
        )?;
        self.write(&text)
    }

    /// Where a page or its content is.
    fn page_object(&self, number: i32) -> u64 {
        let (block, place) = ((number - FIRST_BLOCK) / BLOCK, (number - FIRST_BLOCK) % BLOCK - 1);
        let page = self.pages.get(block as usize * KIDS + place as usize / 2).copied().unwrap_or(0);
        let offset = page >> LENGTH_BITS;
        if place % 2 == 0 { offset } else { offset + (page & ((1 << LENGTH_BITS) - 1)) }
    }

    /// Writes objects and remembers where the first is; a chunk has one.
    fn chunk(&mut self, end: &mut Ending, chunk: &Chunk) -> io::Result<()> {
        end.others.extend(chunk.refs().map(|id| (id.get(), self.offset)));
        self.write(chunk.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.offset += bytes.len() as u64;
        self.output.write_all(bytes)
    }
}

/// What is known of the objects that are written after the pages.
struct Ending {
    /// The lowest number that has not been given.
    next: i32,
    /// Number and offset of each object that is neither a page nor its content.
    others: Vec<(i32, u64)>,
}

impl Ending {
    fn numbers(&mut self, count: i32) -> io::Result<i32> {
        let first = self.next;
        self.next = first.checked_add(count).ok_or_else(too_large)?;
        Ok(first)
    }
}

/// The numbers of a page and of the node above it. The content of the page has the number after its own.
fn numbers(page: usize) -> Option<(i32, i32)> {
    let node = i32::try_from(page / KIDS).ok()?.checked_mul(BLOCK)?.checked_add(FIRST_BLOCK)?;
    Some((node.checked_add(1 + 2 * (page % KIDS) as i32)?, node))
}

/// The lowest number above those of so many pages.
fn first_after(pages: usize) -> io::Result<i32> {
    let (page, node) = numbers(pages).ok_or_else(too_large)?;
    Ok(if pages.is_multiple_of(KIDS) { node } else { page })
}

fn catalogue(root: i32) -> Chunk {
    let mut chunk = compact();
    let mut catalogue = chunk.indirect(Ref::new(CATALOGUE)).start::<Catalog<'_>>();
    catalogue.pages(Ref::new(root));
    // A label is printed at its own size, never fitted to the paper.
    catalogue.viewer_preferences().pair(Name(b"PrintScaling"), Name(b"None"));
    catalogue.finish();
    chunk
}

fn information() -> Chunk {
    let mut chunk = compact();
    let mut information = chunk.indirect(Ref::new(INFORMATION)).start::<DocumentInfo<'_>>();
    information.producer(TextStr(concat!("Miandan ", env!("CARGO_PKG_VERSION"))));
    information.finish();
    chunk
}

/// The names of fonts and forms in content streams: `F` and the number of the face, and those of
/// [`form_name`]. What forms need as well is an object of its own.
fn resources(fonts: &[(u8, i32)], fonts_number: i32, forms: &[(u16, i32)]) -> Chunk {
    let mut chunk = compact();
    let mut resources = chunk.indirect(Ref::new(RESOURCES)).start::<Resources<'_>>();
    if forms.is_empty() {
        if !fonts.is_empty() {
            name_fonts(&mut resources.insert(Name(b"Font")).dict(), fonts);
        }
    } else {
        resources.pair(Name(b"Font"), Ref::new(fonts_number));
        let mut names = resources.x_objects();
        for &(form, number) in forms {
            names.pair(Name(form_name(form).as_bytes()), Ref::new(number));
        }
        names.finish();
    }
    resources.finish();
    chunk
}

fn font_names(fonts: &[(u8, i32)], number: i32) -> Chunk {
    let mut chunk = compact();
    name_fonts(&mut chunk.indirect(Ref::new(number)).dict(), fonts);
    chunk
}

fn name_fonts(names: &mut Dict<'_>, fonts: &[(u8, i32)]) {
    for (face, number) in fonts {
        names.pair(Name(format!("F{face}").as_bytes()), Ref::new(*number));
    }
}

/// A form in the unit of the pages, which name it after they have set that.
fn form_object(form: &OwnedForm, number: i32, fonts_number: i32) -> Chunk {
    let mut chunk = compact();
    let mut object = chunk.form_xobject(Ref::new(number), &form.stream);
    object.filter(Filter::FlateDecode);
    let [width, height] = [form.size.width, form.size.height].map(|length| length as f32);
    // The edge of the page cuts; that of a form at the same place would be smoothed once more.
    object.bbox(Rect::new(-EDGE, -EDGE, width + EDGE, height + EDGE));
    object.resources().pair(Name(b"Font"), Ref::new(fonts_number));
    object.finish();
    chunk
}

/// A size in points.
fn points(size: LabelSize) -> [f32; 2] {
    [size.width, size.height].map(|length| (f64::from(length) * 72.0 / 25_400.0) as f32)
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "a PDF cannot have so many pages")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(pages: usize) -> Vec<u8> {
        let mut document = Document::new(Vec::new()).unwrap();
        for _ in 0..pages {
            document.page(LabelSize::millimetres(76, 130), b"content").unwrap();
        }
        assert_eq!(document.pages(), pages);
        document.finish(&[], [7; 16]).unwrap()
    }

    /// Follows the cross-reference table to each object and the tree to each page.
    fn check(file: &[u8], pages: usize) {
        let text = String::from_utf8_lossy(file).replace('\u{FFFD}', "?");
        let tail = text.rsplit_once("xref\n0 ").unwrap().1;
        let count: usize = tail.lines().next().unwrap().parse().unwrap();
        let offsets: Vec<usize> =
            tail.lines().skip(2).take(count - 1).map(|line| line[..10].parse().unwrap()).collect();
        let body = |number: usize| {
            let object = &file[offsets[number - 1]..];
            let end = object.windows(6).position(|window| window == b"endobj").unwrap();
            String::from_utf8_lossy(&object[..end]).into_owned()
        };
        for number in 1..count {
            assert!(body(number).starts_with(&format!("{number} 0 obj")), "{number}: {}", body(number));
        }
        let reference = |text: &str, key: &str| -> usize {
            let number = text.split_once(key).unwrap().1.trim_start();
            number.split(|other: char| !other.is_ascii_digit()).next().unwrap().parse().unwrap()
        };
        // Leaves in order, each naming the parent that names it.
        fn leaves(number: usize, body: &dyn Fn(usize) -> String, found: &mut Vec<usize>) -> usize {
            let node = body(number);
            let kids = node.split_once("/Kids[").or(node.split_once("/Kids [")).unwrap().1;
            let kids = kids.split_once(']').unwrap().0;
            let mut depth = 0;
            for kid in kids.split(" 0 R").filter(|kid| !kid.trim().is_empty()) {
                let kid: usize = kid.trim().parse().unwrap();
                assert!(body(kid).contains(&format!("/Parent {number} 0 R")), "{}", body(kid));
                if body(kid).contains("/Kids") {
                    depth = leaves(kid, body, found);
                } else {
                    found.push(kid);
                }
            }
            depth + 1
        }
        let root = reference(&body(CATALOGUE as usize), "/Pages");
        let mut found = Vec::new();
        let depth = leaves(root, &body, &mut found);
        assert_eq!(found.len(), pages);
        assert!(found.is_sorted());
        assert!(found.iter().all(|&page| body(page + 1).contains("content")));
        assert_eq!(reference(&body(root), "/Count"), pages);
        assert_eq!(
            depth,
            if pages <= KIDS {
                1
            } else if pages <= KIDS * KIDS {
                2
            } else {
                3
            }
        );
        assert!(body(root).contains("/MediaBox"));
    }

    #[test]
    fn every_object_is_where_the_table_says() {
        for pages in [1, 2, KIDS - 1, KIDS, KIDS + 1, 2 * KIDS, 2 * KIDS + 1, 700] {
            check(&document(pages), pages);
        }
    }

    #[test]
    fn a_page_of_another_size_says_so() {
        let mut document = Document::new(Vec::new()).unwrap();
        document.page(LabelSize::millimetres(76, 130), b"").unwrap();
        document.page(LabelSize::millimetres(100, 180), b"").unwrap();
        let file = document.finish(&[], [0; 16]).unwrap();
        let text = String::from_utf8_lossy(&file);
        assert_eq!(text.matches("/MediaBox").count(), 2);
        assert!(text.contains("/MediaBox[0 0 283.46457 510.2362]"), "{text}");
    }

    #[test]
    fn a_form_is_written_once_and_named_in_the_resources() {
        let size = LabelSize::millimetres(76, 130);
        let mut document = Document::new(Vec::new()).unwrap();
        document.page(size, b"content").unwrap();
        // Two workers answer the same forms, in whichever order they come.
        for (number, stream) in [(1, b"second"), (0, b"first_"), (1, b"second")] {
            document.form(size, PageForm { number, stream }).unwrap();
        }
        assert!(document.form(size, PageForm { number: 0, stream: b"other" }).is_err());
        assert!(
            document.form(LabelSize::millimetres(76, 90), PageForm { number: 0, stream: b"first_" }).is_err()
        );
        assert_eq!(document.forms().map(|form| form.number).collect::<Vec<_>>(), [0, 1]);
        let file = document.finish(&[], [0; 16]).unwrap();
        check(&file, 1);
        let text = String::from_utf8_lossy(&file);
        assert_eq!(text.matches("/Subtype/Form").count(), 2);
        assert_eq!((text.matches("first_").count(), text.matches("second").count()), (1, 1));
        let names = text.split_once("/XObject<<").unwrap().1;
        for (name, stream) in [("/S0 ", "first_"), ("/S1 ", "second")] {
            let number = names.split_once(name).unwrap().1.split(' ').next().unwrap();
            let object = text.split_once(&format!("\n{number} 0 obj")).unwrap().1;
            assert!(object.split_once("endobj").unwrap().0.contains(stream), "{object}");
        }
    }

    #[test]
    fn a_document_without_pages_is_a_document() {
        let file = Document::new(Vec::new()).unwrap().finish(&[], [0; 16]).unwrap();
        assert!(String::from_utf8_lossy(&file).contains("/Count 1"));
    }
}
