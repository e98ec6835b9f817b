//! What every label of a template draws alike, as form XObjects (ISO 32000-1, 8.10): written once in a document, and named
//! by the pages.
//!
//! What belongs to a form follows from the template and the resolution alone: it is what the labels of a few made-up
//! waybills have in common. So it does not depend on which labels a worker saw. Whether a page can name a form follows from
//! the page: it must have all that the form draws, and drawing that first must not change what is seen. Else the page is
//! drawn whole; so the made-up waybills cannot make a label wrong, only longer.
//!
//! # When what is drawn first looks the same
//!
//! A form is drawn before the rest of its page, so an item of the form changes places with the items of the rest that were
//! laid out before it. Nothing else changes its place. Two items may change places
//!
//! - if both put nothing but black on the paper: what either covers is black in the end, and where edges are smoothed the
//!   shares of white that both leave are multiplied, in either order;
//! - or if they are so far apart that they share no pixel ([`bounds`]).
//!
//! Viewers draw rectangles of one path and those of several by other rules. So a path of rectangles is in the form as a whole
//! or not at all, and neither is it joined to another one there, nor are two in the rest of the page.

mod bounds;
mod made_up;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use miandan_core::label::Resolution;
use miandan_core::pipe::PageForm;
use miandan_core::waybill::Waybill;

use super::page::PageEncoder;
use super::picture::WHOLE;
use crate::faces::Faces;
use crate::frame::{Bars, Frame, Image, Item, Matrix, Text};
use crate::template::Template;
use bounds::{Bounds, Path, Ruler};

/// Pages with more items than this name no form: comparing all with all takes longer than is saved.
const ITEMS: usize = 400;

/// So many items at most are taken out of what labels have in common before they are drawn whole.
const ROUNDS: usize = 64;

/// A form with a shorter content stream saves nothing.
const LEAST: usize = 128;

/// Forms of one template: what usual orders share, and what all of them do.
const EACH: u16 = 2;

/// The forms of a template for one resolution, none or a few. The pages of a document name them by their numbers.
#[derive(Debug, Default)]
pub struct Forms {
    forms: Vec<Form>,
    ruler: Option<Ruler>,
}

#[derive(Debug)]
struct Form {
    number: u16,
    /// What it draws.
    frame: Frame,
    parts: Vec<Part>,
    pictures: bool,
    /// Deflated.
    stream: Vec<u8>,
}

/// What has to be known of an item of a form.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Whether its rectangles belong to the path of those of the item before it.
    joined: bool,
    black: bool,
    bounds: Option<Bounds>,
}

impl Forms {
    /// The forms of a template whose labels are set in these faces. `template_number` tells the templates of a document apart.
    #[must_use]
    pub fn new(template: &Template, template_number: u16, resolution: Resolution, faces: &Faces) -> Self {
        let usual = frames(template, resolution, faces, &made_up::usual());
        let all = frames(template, resolution, faces, &made_up::unusual());
        let mut forms = Forms { forms: Vec::new(), ruler: Some(Ruler::default()) };
        // A template that cannot be laid out for one of them may say something of it.
        if usual.len() == 2 {
            forms.add(template_number, 0, &usual);
            let most = forms.forms.first().map(|form| form.parts.len());
            let every: Vec<Frame> = usual.into_iter().chain(all).collect();
            if most.is_some() {
                forms.add(template_number, 1, &every);
            }
            if let [.., before, last] = &forms.forms[..]
                && before.parts.len() == last.parts.len()
            {
                forms.forms.pop();
            }
        }
        forms
    }

    /// What a document has to be given.
    pub fn streams(&self) -> impl Iterator<Item = PageForm<'_>> {
        self.forms.iter().map(|form| PageForm { number: form.number, stream: &form.stream })
    }

    /// What the forms draw, one frame each.
    pub(super) fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.forms.iter().map(|form| &form.frame)
    }

    /// The number of the first form that may be drawn before the rest of a page; `drawn` then says for each item of the page
    /// whether the form draws it.
    pub(super) fn of_page(&self, frame: &Frame, page: usize, drawn: &mut Vec<bool>) -> Option<u16> {
        let ruler = self.ruler.as_ref().filter(|_| frame.page(page).len() <= ITEMS)?;
        let fits = |form: &&Form| {
            frame.resolution == form.frame.resolution
                && frame.size == form.frame.size
                && frame.faces == form.frame.faces
                && form.is_in(frame, page, drawn)
                && form.obstacle(frame, page, drawn, ruler).is_none()
        };
        self.forms.iter().find(fits).map(|form| form.number)
    }

    /// Adds the form of what labels have in common, if that is worth it.
    fn add(&mut self, template: u16, place: u16, labels: &[Frame]) {
        let Some(number) = template.checked_mul(EACH).and_then(|first| first.checked_add(place)) else {
            return;
        };
        let Some(ruler) = &self.ruler else { return };
        let Some(form) = Form::of(labels, ruler) else { return };
        let mut encoder = PageEncoder::new();
        let mut stream = Vec::new();
        if encoder.encode_form(&form.frame, &form.breaks(), &mut stream) >= LEAST {
            self.forms.push(Form { number, stream, ..form });
        }
    }
}

impl Form {
    /// What labels have in common and may be drawn first on each of them.
    fn of(labels: &[Frame], ruler: &Ruler) -> Option<Form> {
        let (first, others) = labels.split_first()?;
        let mut frame = first.clone();
        frame.items = first.page(0).to_vec();
        frame.breaks.clear();
        for other in others {
            let items = common(&frame, other)?;
            frame.items = items;
        }
        let drawn = &mut Vec::new();
        // Each round takes one item away.
        for _ in 0..ROUNDS {
            let mut form = Form {
                number: 0,
                parts: frame.items.iter().map(|item| part(item, &frame, ruler)).collect(),
                pictures: frame.items.iter().any(|item| matches!(item, Item::Image(_))),
                frame,
                stream: Vec::new(),
            };
            if !form.is_in(first, 0, drawn) {
                return None;
            }
            form.join(first, drawn);
            let mut obstacle = None;
            for label in labels {
                if !form.is_in(label, 0, drawn) {
                    return None;
                }
                obstacle = obstacle.or(form.obstacle(label, 0, drawn, ruler));
            }
            match obstacle {
                None => return Some(form),
                Some(place) => {
                    frame = form.frame;
                    frame.items.remove(place);
                }
            }
        }
        None
    }

    /// Where the content stream must not join rectangles.
    fn breaks(&self) -> Vec<bool> {
        self.parts.iter().map(|part| !part.joined).collect()
    }

    /// Whether a page has all that the form draws, in its order; and which of its items that is.
    fn is_in(&self, frame: &Frame, page: usize, drawn: &mut Vec<bool>) -> bool {
        drawn.clear();
        let mut parts = self.frame.items.iter().peekable();
        for item in frame.page(page) {
            drawn.push(parts.next_if(|part| same(part, &self.frame, item, frame)).is_some());
        }
        parts.peek().is_none()
    }

    /// Notes which items of the form are one path with the one before, as they are on a page.
    fn join(&mut self, frame: &Frame, drawn: &[bool]) {
        let mut place = 0;
        let mut open = None;
        for (item, &drawn) in frame.page(0).iter().zip(drawn) {
            let path = bounds::path(item, frame);
            if drawn {
                self.parts[place].joined =
                    matches!((open, path), (Some((ink, true)), Path::Adds(adds)) if ink == adds);
                place += 1;
            }
            open = match path {
                Path::Keeps => open,
                Path::Adds(ink) => Some((ink, drawn)),
                Path::Ends => None,
            };
        }
    }

    /// The place of the first item that must not be drawn before the rest of a page; none if the page may be cut.
    fn obstacle(&self, frame: &Frame, page: usize, drawn: &[bool], ruler: &Ruler) -> Option<usize> {
        let items = frame.page(page);
        if self.pictures {
            // Many pictures of a page share the samples that a few may have.
            let pictures = frame.items.iter().filter(|item| matches!(item, Item::Image(_))).count();
            if pictures > WHOLE {
                return self.frame.items.iter().position(|item| matches!(item, Item::Image(_)));
            }
        }
        let mut place = 0;
        // The ink of the path that is open, and whether the form draws it.
        let mut open = None;
        // Whether anything but black was drawn by the rest.
        let mut light = false;
        for (at, (item, &by_form)) in items.iter().zip(drawn).enumerate() {
            let path = bounds::path(item, frame);
            let joined = match (open, path) {
                (Some((ink, of_form)), Path::Adds(adds)) if ink == adds => Some(of_form),
                _ => None,
            };
            if by_form {
                let part = &self.parts[place];
                if joined != part.joined.then_some(true) || path == Path::Keeps {
                    return Some(place);
                }
                if light || !part.black {
                    let rest = items[..at].iter().zip(drawn).filter(|&(_, &drawn)| !drawn);
                    for (item, _) in rest {
                        let swaps = part.black && bounds::is_black(item)
                            || part.bounds.is_some_and(|bounds| ruler.apart(item, frame, bounds));
                        if !swaps {
                            return Some(place);
                        }
                    }
                }
                place += 1;
            } else {
                if joined == Some(true) {
                    return Some(place.saturating_sub(1));
                }
                light |= !bounds::is_black(item);
            }
            open = match path {
                Path::Keeps => open,
                Path::Adds(ink) => Some((ink, by_form)),
                Path::Ends => None,
            };
        }
        None
    }
}

fn part(item: &Item, frame: &Frame, ruler: &Ruler) -> Part {
    Part { joined: false, black: bounds::is_black(item), bounds: ruler.bounds(item, frame) }
}

/// The labels of those waybills that have one.
fn frames(template: &Template, resolution: Resolution, faces: &Faces, waybills: &[Waybill]) -> Vec<Frame> {
    let label = |waybill| {
        let mut frame = Frame { faces: faces.clone(), ..Frame::default() };
        template.layout(waybill, resolution, &mut frame).ok().map(|()| frame)
    };
    waybills.iter().filter_map(label).collect()
}

/// The longest row of items that the first pages of two frames have in the same order; nothing where that takes too long.
fn common(one: &Frame, other: &Frame) -> Option<Vec<Item>> {
    let (a, b) = (one.page(0), other.page(0));
    if a.len() > ITEMS || b.len() > ITEMS {
        return None;
    }
    let width = b.len() + 1;
    // The length of the longest row from these places on.
    let mut longest = vec![0_u16; (a.len() + 1) * width];
    let mut alike = vec![false; a.len() * b.len()];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let is = same(&a[i], one, &b[j], other);
            alike[i * b.len() + j] = is;
            longest[i * width + j] = if is {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut row) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if alike[i * b.len() + j] {
            row.push(a[i].clone());
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    Some(row)
}

/// Whether two items draw the same at the same place.
fn same(one: &Item, of: &Frame, other: &Item, of_other: &Frame) -> bool {
    match (one, other) {
        (Item::Text(a), Item::Text(b)) => {
            Text { start: b.start, ..*a } == *b
                && run(&of.cids, a.start, a.length) == run(&of_other.cids, b.start, b.length)
        }
        (Item::Bars(a), Item::Bars(b)) => {
            Bars { start: b.start, ..*a } == *b && a.row_widths(of).eq(b.row_widths(of_other))
        }
        (Item::Matrix(a), Item::Matrix(b)) => {
            Matrix { start: b.start, ..*a } == *b
                && run(&of.rows, a.start, a.side.into()) == run(&of_other.rows, b.start, b.side.into())
        }
        (Item::Image(a), Item::Image(b)) => {
            !a.computed
                && Image { picture: b.picture, ..*a } == *b
                && a.picture(of).zip(b.picture(of_other)).is_some_and(|(one, other)| Arc::ptr_eq(one, other))
        }
        _ => one == other,
    }
}

fn run<T>(all: &[T], start: u32, length: u32) -> Option<&[T]> {
    all.get(start as usize..(start as usize).checked_add(length as usize)?)
}
