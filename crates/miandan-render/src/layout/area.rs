//! Areas: templates of data in clear, drawn over the first page of a label where they say that they stand.
//!
//! An area is laid out in its place and not moved there, so its edges and symbols stand on the dots of the label's grid. It
//! never flows to another page.

use miandan_core::free::FreeData;
use miandan_core::pipe::{Failure, Place, TemplateKind};

use super::{Sheet, Trouble};
use crate::frame::{Frame, Rect};
use crate::template::{Problem, Template, TemplateError, View};

/// An area over a label.
#[derive(Clone, Copy, Debug)]
pub struct Area<'a> {
    /// One of data in clear. Its outermost layout says where it stands.
    pub template: &'a Template,
    /// What it shows.
    pub data: &'a FreeData,
}

impl Area<'_> {
    /// Draws the area over the first page of a label.
    pub(super) fn lay_over(&self, label: View<'_>, frame: &mut Frame) -> Result<(), Failure> {
        let Area { template, data } = *self;
        let page = template.area();
        if template.kind() != TemplateKind::Free || !lies_within(page, frame) {
            let TemplateError { problem, line, column } =
                template.place(Problem::AreaOutside, template.root());
            return Err(Failure { place: Some(Place { line, column }), ..Failure::from(problem.code()) });
        }
        let view = View::of_data(data, label.waybill);
        let before = frame.items.len();
        let sheet = Sheet { page, bottom: page.y + template.body_bottom(), flow: None };
        let drawn = match template.evaluate(view) {
            Ok(scene) => template.draw(&scene, sheet, frame, None).map(|_| ()),
            Err(fault) => Err((Trouble::Refused(fault.problem), fault.offset)),
        };
        drawn.map_err(|fault| template.failure(view, fault))?;
        move_to_first_page(frame, before);
        Ok(())
    }
}

fn lies_within(area: Rect, frame: &Frame) -> bool {
    let fits = |start: i32, length: i32, side: i32| {
        start >= 0 && start.checked_add(length).is_some_and(|end| end <= side)
    };
    fits(area.x, area.width, frame.size.width) && fits(area.y, area.height, frame.size.height)
}

/// Puts the items from a place on at the end of the first page.
fn move_to_first_page(frame: &mut Frame, from: usize) {
    let Some(&end) = frame.breaks.first() else { return };
    let count = frame.items.len() - from;
    if let Some(items) = frame.items.get_mut(end as usize..) {
        items.rotate_right(count);
    }
    frame.breaks.iter_mut().for_each(|start| *start += count as u32);
}
