//! The mark of a copy: 补打 and its number, in the cell that the template keeps blank for it.
//!
//! It is drawn here and not by templates, over whatever else may stand there, so that no template can leave it out; where
//! there is no room for it the label is refused. A parcel with an unmarked copy on it looks like two parcels.

use miandan_core::label::{LabelSize, Micrometres, Resolution};

use super::text::FLOOR;
use crate::frame::{FaceId, Fill, Frame, Ink, Item, Outline, Rect, Shape, Text};
use crate::template::{Problem, Template, TemplateError};

/// What stands before the number.
const WORD: &str = "补打";

/// The line around the mark: three dots at 203 dpi.
const LINE: Micrometres = 375;

/// What stays blank between the line and the mark.
const INSIDE: Micrometres = 250;

/// The copy for which a template is asked whether it has room. A label that is printed more often than that is somebody's
/// mistake; it still has its mark, or is refused.
const MANY: u16 = 99;

/// A mark that fits its cell.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    frame: Rect,
    line: Micrometres,
    text: Text,
    cids: Vec<u16>,
}

impl Template {
    /// Whether copies of its labels can carry their mark: it has a cell for it (`REPRINT_MARK`) that is on the sheet and
    /// large enough. Of a template that has none a copy is refused.
    #[must_use]
    pub fn marks_copies(&self) -> bool {
        [Resolution::Dpi203, Resolution::Dpi300]
            .into_iter()
            .all(|resolution| self.mark_of_copy(MANY, resolution).is_ok())
    }

    /// The mark of a copy.
    pub(super) fn mark_of_copy(&self, copy: u16, resolution: Resolution) -> Result<Mark, TemplateError> {
        let problem = Problem::NoReprintCell;
        let cell = self.reprint_mark().ok_or(TemplateError { problem, line: 1, column: 1 })?;
        Mark::in_cell(cell.rect, self.size(), copy, resolution).ok_or(TemplateError {
            problem,
            line: cell.line,
            column: cell.column,
        })
    }

    /// Draws a mark on the first page, and on the others as well where nothing that flows can reach its cell.
    pub(super) fn draw_mark(&self, mark: Mark, frame: &mut Frame) {
        let cell = mark.frame;
        let everywhere =
            self.body_top().is_some_and(|top| cell.y + cell.height <= top || cell.y >= self.body_bottom());
        let pages = if everywhere { frame.pages() } else { 1 };
        let Mark { frame: rect, line, text, cids } = mark;
        let start = frame.cids.len() as u32;
        frame.cids.extend(cids);
        // From the last page to the first, so that what is put into one does not move the others that are still to come.
        for page in (0..pages).rev() {
            let blank = Fill { rect, shape: Shape::Square, ink: Ink::White };
            let outline = Outline { rect, shape: Shape::Square, line, dash: 0 };
            let text = Text { start, ..text };
            put(frame, page, [Item::Fill(blank), Item::Outline(outline), Item::Text(text)]);
        }
    }
}

impl Mark {
    /// The largest mark that fits a cell, if the cell is on the sheet and that can be read.
    fn in_cell(cell: Rect, sheet: LabelSize, copy: u16, resolution: Resolution) -> Option<Self> {
        let (right, bottom) = (cell.x.checked_add(cell.width)?, cell.y.checked_add(cell.height)?);
        if cell.x < 0 || cell.y < 0 || right > sheet.width || bottom > sheet.height {
            return None;
        }
        let (x, y) = (resolution.snap(cell.x), resolution.snap(cell.y));
        let frame = Rect { x, y, width: resolution.snap(right) - x, height: resolution.snap(bottom) - y };
        let line = resolution.snap(LINE);
        let around = 2 * (line + INSIDE);

        let face = &miandan_fonts::BOLD;
        let metrics = face.metrics();
        let em = i64::from(metrics.units_per_em);
        let words = format!("{WORD} {copy}");
        let cids = words.chars().map(|character| face.cid(character)).collect::<Option<Vec<u16>>>()?;
        let advance: i64 = cids.iter().map(|&cid| i64::from(face.advance(cid))).sum();
        // Ideographs fill their em.
        let most =
            (i64::from(frame.width - around) * em / advance.max(1)).min(i64::from(frame.height - around));
        let most = Micrometres::try_from(most).ok()?;
        // Whole dots, downwards: it must not touch the line.
        let dots =
            (1..=resolution.dots(most.max(0))).rev().find(|&dots| resolution.micrometres(dots) <= most)?;
        let size = resolution.micrometres(dots);
        if size < FLOOR {
            return None;
        }
        let width = (advance * i64::from(size) / em) as Micrometres;
        let box_middle = i32::from(metrics.ideographic_top) + i32::from(metrics.ideographic_bottom);
        let rise = (i64::from(box_middle) * i64::from(size) / em / 2) as Micrometres;
        let text = Text {
            x: resolution.snap(frame.x + (frame.width - width) / 2),
            y: resolution.snap(frame.y + frame.height / 2 + rise),
            face: FaceId::Bold,
            size,
            length: cids.len() as u32,
            ..Text::default()
        };
        Some(Mark { frame, line, text, cids })
    }
}

/// Puts more onto a page, over what is there.
fn put(frame: &mut Frame, page: usize, items: [Item; 3]) {
    let end = frame.breaks.get(page).map_or(frame.items.len(), |&end| end as usize);
    frame.breaks.iter_mut().skip(page).for_each(|at| *at += items.len() as u32);
    frame.items.splice(end..end, items);
}

#[cfg(test)]
mod tests {
    use miandan_core::Code;
    use miandan_core::waybill::Waybill;
    use proptest::prelude::*;

    use super::*;
    use crate::shipped::{self, ONE_PART_76X130};

    /// What is drawn of a copy on a page of 76 × 60 mm.
    fn layout(copy: u16, layouts: &str) -> Result<Frame, Code> {
        let source = format!("<page width=\"76\" height=\"60\">{layouts}<text>x</text></page>");
        let template = Template::compile(source.as_bytes()).unwrap();
        let mut frame = Frame::default();
        let waybill = Waybill { copy, ..shipped::sample() };
        template.layout(&waybill, Resolution::Dpi203, &mut frame).map_err(|failure| failure.code)?;
        Ok(frame)
    }

    fn cell(left: &str, top: &str, width: &str, height: &str) -> String {
        format!(
            "<layout id=\"REPRINT_MARK\" left=\"{left}\" top=\"{top}\" width=\"{width}\" height=\"{height}\"/>"
        )
    }

    fn words(frame: &Frame, text: &Text) -> String {
        let cids = &frame.cids[text.start as usize..][..text.length as usize];
        let known = |c: char| miandan_fonts::BOLD.cid(c).map(|cid| (cid, c));
        let characters: Vec<_> = "补打 0123456789".chars().filter_map(known).collect();
        let character = |cid: &u16| characters.iter().find(|(known, _)| known == cid).unwrap().1;
        cids.iter().map(character).collect()
    }

    #[test]
    fn a_copy_is_the_first_print_with_a_mark_over_it() {
        let first = layout(0, &cell("36", "2", "15", "7")).unwrap();
        for copy in [1, 9, 10, 99] {
            let marked = layout(copy, &cell("36", "2", "15", "7")).unwrap();
            let (before, mark) = marked.items.split_at(first.items.len());
            assert_eq!(before, first.items);
            let rect = Rect { x: 36_000, y: 2_000, width: 15_000, height: 7_000 };
            let [Item::Fill(blank), Item::Outline(outline), Item::Text(text)] = mark else {
                panic!("{mark:?}");
            };
            assert_eq!((blank.rect, blank.ink, outline.rect, outline.line), (rect, Ink::White, rect, 375));
            assert_eq!(words(&marked, text), format!("补打 {copy}"));
            assert_eq!((text.face, text.ink), (FaceId::Bold, Ink::Black));
            assert!(text.size >= 3_500, "{} micrometres for copy {copy}", text.size);
        }
    }

    #[test]
    fn a_cell_in_which_nothing_could_be_read_is_none() {
        for bad in [
            String::new(),
            cell("36", "2", "15", "3"),
            cell("36", "2", "6", "7"),
            cell("36", "2", "0", "7"),
            cell("62", "2", "15", "7"),
            cell("-1", "2", "15", "7"),
            cell("36", "54", "15", "7"),
            cell("36", "-1", "15", "7"),
            cell("<%=36%>", "2", "15", "7"),
            "<layout left=\"0\" top=\"0\" width=\"70\" height=\"50\">".to_owned()
                + &cell("36", "2", "15", "7")
                + "</layout>",
        ] {
            assert!(layout(0, &bad).is_ok(), "{bad}");
            assert_eq!(layout(1, &bad).unwrap_err(), Code::TemplateRefused, "{bad}");
        }
        // At the edges of the sheet, and the least that the linter takes.
        assert!(layout(1, &cell("61", "53", "15", "7")).is_ok());
        assert!(layout(99, &cell("36", "2", "12", "5")).is_ok());
    }

    proptest! {
        /// Whatever the cell, a copy is refused or its mark can be read and stays inside.
        #[test]
        fn a_mark_stays_in_its_cell(
            x in -2_000..90_000i32,
            y in -2_000..70_000i32,
            width in -1..2_000_000i32,
            height in -1..2_000_000i32,
            wide in 1..40_000i32,
            high in 1..20_000i32,
            usual: bool,
            copy in 1..=u16::MAX,
        ) {
            let cell = if usual { Rect { x, y, width: wide, height: high } } else { Rect { x, y, width, height } };
            for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
                let Some(mark) = Mark::in_cell(cell, LabelSize::millimetres(76, 60), copy, resolution) else {
                    continue;
                };
                let face = &miandan_fonts::BOLD;
                let metrics = face.metrics();
                let scaled = |units: i64| (units * i64::from(mark.text.size) / i64::from(metrics.units_per_em)) as i32;
                let advance = mark.cids.iter().map(|&cid| i64::from(face.advance(cid))).sum();
                let (frame, text) = (mark.frame, mark.text);
                let inner = |from: i32, to: i32| [from + mark.line, to - mark.line];
                let [left, right] = inner(frame.x, frame.x + frame.width);
                let [top, bottom] = inner(frame.y, frame.y + frame.height);
                prop_assert!(text.size >= FLOOR);
                prop_assert!(text.x >= left && text.x + scaled(advance) <= right);
                prop_assert!(text.y - scaled(i64::from(metrics.ideographic_top)) >= top);
                prop_assert!(text.y - scaled(i64::from(metrics.ideographic_bottom)) <= bottom);
                // Rounded to dots, nothing more.
                prop_assert!((frame.x - cell.x).abs() <= 63 && (frame.width - cell.width).abs() <= 126);
                prop_assert!((frame.y - cell.y).abs() <= 63 && (frame.height - cell.height).abs() <= 126);
            }
        }
    }

    #[test]
    fn who_has_no_cell_is_told_where_and_why() {
        let template = Template::compile(b"<page width=\"76\" height=\"60\"><text>x</text></page>").unwrap();
        assert!(!template.marks_copies());
        let waybill = Waybill { copy: 1, ..shipped::sample() };
        let fault = template.fault(&waybill, Resolution::Dpi203).unwrap();
        assert_eq!((fault.problem, fault.line, fault.column), (Problem::NoReprintCell, 1, 1));
        assert!(Template::compile(ONE_PART_76X130.as_bytes()).unwrap().marks_copies());
    }

    #[test]
    fn what_stands_in_the_cell_is_covered() {
        let taken = cell("36", "2", "15", "7")
            + "<rect left=\"30\" top=\"0\" width=\"30\" height=\"10\" style=\"fillColor:#000000\"/>";
        let frame = layout(1, &taken).unwrap();
        assert!(matches!(frame.items[..], [.., Item::Fill(Fill { ink: Ink::White, .. }), _, Item::Text(_)]));
    }

    #[test]
    fn of_several_pages_the_first_is_marked_and_the_others_where_nothing_else_stands() {
        let rows = "<tr><td><text>x</text></td></tr>".repeat(60);
        for (cell, marks) in [(cell("36", "2", "15", "7"), true), (cell("36", "12", "15", "7"), false)] {
            let source = format!(
                "<page width=\"76\" height=\"60\" splitable=\"true\"><header height=\"10\"/>{cell}\
                 <table left=\"2\" top=\"20\" width=\"70\">{rows}</table></page>"
            );
            let template = Template::compile(source.as_bytes()).unwrap();
            let mut frame = Frame::default();
            let waybill = Waybill { copy: 1, ..shipped::sample() };
            template.layout(&waybill, Resolution::Dpi203, &mut frame).unwrap();
            assert!(frame.pages() > 2);
            for page in 0..frame.pages() {
                let marked = matches!(
                    frame.page(page),
                    [.., Item::Fill(Fill { ink: Ink::White, .. }), Item::Outline(_), Item::Text(_)]
                );
                assert_eq!(marked, page == 0 || marks, "page {page}");
            }
        }
    }
}
