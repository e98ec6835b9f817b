//! Lists on A4 pages.
//!
//! A page is drawn as a label is: by a template (`paper/*.xml`), which sees the rows as the goods of a waybill. So nothing
//! of an order ever becomes part of a template, and a page number is what `n/m` is on a label.
//!
//! Lists are longer than a label may be. They are laid out twice: first to find where each page ends, then page by page,
//! when it is known how many there are. Rows are asked for twice and not kept.

use std::collections::VecDeque;
use std::io::{self, Write};

use miandan_core::font::MissingGlyph;
use miandan_core::label::{LabelNumber, Resolution};
use miandan_core::order::Item;
use miandan_core::waybill::Waybill;
use miandan_render::frame::{self, Frame, Shape};
use miandan_render::pdf::{self, Document, OwnedSubset, PageEncoder};
use miandan_render::template::Template;
use ring::digest;

use super::heading::Heading;
use super::lists::ListError;

/// Boxes to tick on the first attempt at a page, and at most: a label may have 4,000 elements, and a row has up to twenty.
const BOXES: [usize; 2] = [48, 96];

/// What is never split between pages.
pub(super) struct Unit {
    /// What the template makes of it is its own affair.
    pub(super) items: Vec<Item>,
    /// How many boxes to tick the template draws for it, at least one: by them a page tells what is on it.
    pub(super) boxes: usize,
}

/// The content of a list.
pub(super) trait Sheet {
    /// From now on the units come from the first again.
    fn restart(&mut self);

    /// The next unit; `None` behind the last.
    fn next(&mut self) -> Result<Option<Unit>, ListError>;
}

/// Writes a list as a PDF and answers how many pages it has.
pub(super) fn write(
    template: &str,
    sheet: &mut impl Sheet,
    heading: &Heading,
    summary: &str,
    out: impl Write,
) -> Result<usize, ListError> {
    let mut paper = Paper::new(template, heading, summary)?;
    let pages = paper.break_into_pages(sheet)?;
    sheet.restart();
    let mut document = Document::new(out).map_err(ListError::Write)?;
    let mut encoder = PageEncoder::new();
    let mut digest = digest::Context::new(&digest::SHA256);
    let mut stream = Vec::new();
    for (number, &units) in (1..).zip(&pages) {
        paper.waybill.number = Some(LabelNumber { index: number, count: pages.len() as u32 });
        paper.waybill.items.clear();
        for _ in 0..units {
            paper.waybill.items.extend(sheet.next()?.map(|unit| unit.items).unwrap_or_default());
        }
        paper.lay_out()?;
        stream.clear();
        encoder.encode(&paper.frame, &mut stream);
        digest.update(&(stream.len() as u64).to_le_bytes());
        digest.update(&stream);
        document.page(paper.template.size(), &stream).map_err(ListError::Write)?;
    }
    let mut identifier = [0; 16];
    identifier.copy_from_slice(&digest.finish().as_ref()[..16]);
    // The faces are the bundled ones, and only what pages drew is asked for.
    let fonts = pdf::subset(&paper.frame.faces, &encoder.take_used())
        .map_err(|error| ListError::Write(io::Error::other(error)))?;
    let fonts: Vec<_> = fonts.iter().map(OwnedSubset::borrow).collect();
    document.finish(&fonts, identifier).map_err(ListError::Write)?;
    Ok(pages.len())
}

/// The first characters of a text on one line, and an ellipsis for the others.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(most).is_some() {
        cut.push('…');
    }
    cut
}

/// A page while it is laid out.
struct Paper {
    template: Template,
    waybill: Waybill,
    frame: Frame,
}

impl Paper {
    fn new(template: &str, heading: &Heading, summary: &str) -> Result<Paper, ListError> {
        let template = Template::compile(template.as_bytes())
            .map_err(|error| ListError::Layout(error.problem.code()))?;
        let waybill = Waybill {
            order_id: cut(&heading.batch, 40),
            // A template cannot ask whether there is a time.
            payment_id: if heading.printed_at > 0 { "timed".to_owned() } else { String::new() },
            service: summary.to_owned(),
            printed_at: heading.printed_at,
            ..Waybill::default()
        };
        let mut frame = Frame::default();
        // Goods whose name has a rare character in it are fetched all the same.
        frame.faces.missing = MissingGlyph::Box;
        Ok(Paper { template, waybill, frame })
    }

    fn lay_out(&mut self) -> Result<(), ListError> {
        self.template
            .layout(&self.waybill, Resolution::Dpi300, &mut self.frame)
            .map_err(|failure| ListError::Layout(failure.code))
    }

    /// How many units stand on each page.
    fn break_into_pages(&mut self, sheet: &mut impl Sheet) -> Result<Vec<usize>, ListError> {
        let mut pages = Vec::new();
        let mut waiting: VecDeque<Unit> = VecDeque::new();
        let mut ended = false;
        let [mut wanted, most] = BOXES;
        loop {
            let mut boxes: usize = waiting.iter().map(|unit| unit.boxes).sum();
            while boxes < wanted && !ended {
                match sheet.next()? {
                    Some(unit) => {
                        boxes += unit.boxes;
                        waiting.push_back(unit);
                    }
                    None => ended = true,
                }
            }
            if waiting.is_empty() {
                return Ok(pages);
            }
            self.waybill.items.clear();
            self.waybill.items.extend(waiting.iter().flat_map(|unit| &unit.items).cloned());
            self.lay_out()?;
            if self.frame.pages() == 1 && !ended && wanted < most {
                // There is room for more.
                wanted = most.min(2 * wanted);
                continue;
            }
            // Only the first page: on it everything stands as it will when the page is drawn alone.
            let mut room = boxes_on_first(&self.frame);
            let fits = |unit: &Unit, room: &mut usize| {
                let fits = unit.boxes <= *room;
                *room = room.saturating_sub(unit.boxes);
                fits
            };
            let mut units = 0;
            while waiting.front().is_some_and(|unit| fits(unit, &mut room)) {
                waiting.pop_front();
                units += 1;
            }
            if units == 0 {
                return Err(ListError::Layout(miandan_core::Code::TemplateRefused));
            }
            pages.push(units);
        }
    }
}

/// How many boxes to tick stand on the first page. Nothing else in our templates is an outline.
fn boxes_on_first(frame: &Frame) -> usize {
    let is_box =
        |item: &&frame::Item| matches!(item, frame::Item::Outline(outline) if outline.shape == Shape::Square);
    frame.page(0).iter().filter(is_box).count()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use miandan_render::template::Template;

    use super::super::samples::{NOW, Sample, sealed};
    use super::super::{Arrangement, Heading, PackingList, PickList, Work};
    use super::*;

    const TEMPLATES: [&str; 2] = [include_str!("paper/pick.xml"), include_str!("paper/packing.xml")];

    #[test]
    fn lists_name_nothing_personal() {
        for source in TEMPLATES {
            let template = Template::compile(source.as_bytes()).unwrap();
            assert_eq!(template.fields().iter().count(), 0);
            assert_eq!(template.remarks(), []);
        }
    }

    /// Orders with everything that makes a page hard to fill: long names, many lines, none, characters that no font has.
    fn samples(count: usize) -> Vec<Sample> {
        (0..count)
            .map(|number| {
                let kinds = [1, 1, 2, 1, 5, 0, 3, 40][number % 8];
                let goods: Vec<(String, u32)> = (0..kinds)
                    .map(|kind| (format!("SKU-{}", (number * 7 + kind * 13) % 60), 1 + (kind % 3) as u32))
                    .collect();
                let goods: Vec<_> = goods.iter().map(|(sku, count)| (sku.as_str(), *count)).collect();
                let mut sample = Sample::new(number).with(&goods);
                if number % 9 == 0 {
                    let long = |kind: usize| ("W".repeat(300 + kind), "很长的商品名称\n".repeat(60), 2);
                    sample.goods.extend((0..number % 20).map(long));
                }
                if number % 11 == 0 {
                    sample.goods.push(("<%= 1 %>".to_owned(), "\u{10FFFD}&lt;]]>".to_owned(), 1));
                }
                sample
            })
            .collect()
    }

    /// How many pages the tree of a PDF of ours counts.
    fn counted(pdf: &[u8]) -> usize {
        pdf.windows(12).filter(|window| *window == b"/Type/Page/P").count()
    }

    #[test]
    fn long_lists_have_many_pages_and_every_unit_once() {
        let orders = sealed(&samples(120));
        let work = Work::read(&orders, NOW).unwrap();
        let sequence = work.sequence(&Arrangement::default());
        let heading = Heading { batch: "261111-003".to_owned(), printed_at: NOW };
        let list = PickList::new(&work, &sequence);
        let packing = PackingList::new(&orders, &sequence);
        let write = |pdf: &mut Vec<u8>, packing_list: bool| {
            let out = Cursor::new(pdf);
            if packing_list { packing.write_pdf(&heading, out) } else { list.write_pdf(&heading, out) }
                .unwrap()
        };
        for packing_list in [false, true] {
            let [mut pdf, mut again] = [Vec::new(), Vec::new()];
            let pages = write(&mut pdf, packing_list);
            assert!(pages > 1, "{pages}");
            assert_eq!(counted(&pdf), pages);
            write(&mut again, packing_list);
            assert!(pdf == again, "equal lists are equal bytes");
        }
    }

    /// Units of some number of boxes each, which are what the template of the pick list draws.
    struct Many {
        units: usize,
        next: usize,
        seen: usize,
    }

    impl Sheet for Many {
        fn restart(&mut self) {
            self.next = 0;
        }

        fn next(&mut self) -> Result<Option<Unit>, ListError> {
            if self.next == self.units {
                return Ok(None);
            }
            self.next += 1;
            self.seen += 1;
            let name = "商".repeat(self.next * 37 % 120);
            let items = vec![
                Item { sku: format!("S{}", self.next), name, count: 1 },
                Item { sku: "row".to_owned(), name: "001".to_owned(), count: 1 },
            ];
            Ok(Some(Unit { items, boxes: 1 }))
        }
    }

    #[test]
    fn every_unit_is_drawn_on_the_page_where_it_was_counted() {
        for units in [1, 2, 39, 40, 41, 100, 333] {
            let mut sheet = Many { units, next: 0, seen: 0 };
            let mut paper =
                Paper::new(TEMPLATES[0], &Heading { batch: String::new(), printed_at: NOW }, "").unwrap();
            let pages = paper.break_into_pages(&mut sheet).unwrap();
            assert_eq!(pages.iter().sum::<usize>(), units);
            assert_eq!(sheet.seen, units, "each is asked for once to find the pages");
            sheet.restart();
            for &units in &pages {
                paper.waybill.items.clear();
                for _ in 0..units {
                    paper.waybill.items.extend(sheet.next().unwrap().unwrap().items);
                }
                paper.lay_out().unwrap();
                assert_eq!((paper.frame.pages(), boxes_on_first(&paper.frame)), (1, units));
            }
        }
    }

    #[test]
    fn a_heading_without_anything_is_drawn() {
        let list = PickList::new(&Work::from_headers([], NOW), &[]);
        assert_eq!(list.write_pdf(&Heading::default(), Vec::new()).unwrap(), 1);
    }

    #[test]
    fn texts_are_cut_to_one_line() {
        assert_eq!(cut("杯\n子\t1", 4), "杯 子 …");
        assert_eq!(cut("杯子", 2), "杯子");
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let work = Work::from_headers([], NOW);
        let list = PickList::new(&work, &[]);
        let full: &mut [u8] = &mut [0; 100];
        let told = list.write_pdf(&Heading { batch: String::new(), printed_at: NOW }, full);
        assert!(matches!(told, Err(ListError::Write(_))));
    }
}
