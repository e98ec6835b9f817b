//! How tall content is that says no height of its own: what a row of a table needs to know.

use std::ops::Range;

use miandan_core::label::{Micrometres, Resolution};

use super::boxes::{Axis, Share, children_of, floats, in_order, place};
use super::text::{Setting, Typesetter};
use super::{Trouble, picture, table};
use crate::frame::{Rect, Turn};
use crate::template::{Node, NodeKind, Problem, Scene};

/// The height of a barcode that says none, where the height of its box depends on it.
const BARCODE: Micrometres = 10_000;

/// Tables within tables; each measures what is in it once more.
pub(super) const TABLES: usize = 4;

/// Measures within one label.
pub(super) struct Ruler<'r> {
    pub(super) resolution: Resolution,
    pub(super) typesetter: &'r mut Typesetter,
    /// How many tables around what is measured.
    pub(super) tables: usize,
}

impl Ruler<'_> {
    /// The height of elements side by side in a box of this width.
    pub(super) fn children(
        &mut self,
        scene: &Scene,
        range: Range<usize>,
        width: Micrometres,
        vertical: bool,
    ) -> Result<Micrometres, Trouble> {
        let order = in_order(scene, range);
        let mut across = Share::new(width);
        for &index in &order {
            let node = &scene.nodes[index];
            if floats(node, Axis::Across, vertical) {
                across.want(node.width);
            }
        }
        let parent = Rect { width, ..Rect::default() };
        let (mut stacked, mut lowest) = (0, 0);
        for index in order {
            let node = &scene.nodes[index];
            let shared = floats(node, Axis::Across, vertical).then(|| across.give(node.width));
            let width = place(node, parent, shared, None).width;
            let height = self.node(scene, index, width)?;
            if floats(node, Axis::Down, vertical) {
                stacked = height.saturating_add(stacked);
            } else {
                lowest = lowest.max(node.top.unwrap_or(0).saturating_add(height));
            }
        }
        Ok(stacked.max(lowest))
    }

    /// The height of one element in a box of this width.
    pub(super) fn node(
        &mut self,
        scene: &Scene,
        index: usize,
        width: Micrometres,
    ) -> Result<Micrometres, Trouble> {
        let node = &scene.nodes[index];
        if let Some(height) = node.height {
            return Ok(height);
        }
        let style = scene.style(node);
        let [top, right, bottom, left] = around(scene, node);
        let inner = (width - left - right).max(0);
        let content = match node.kind {
            NodeKind::Line([_, y0, _, y1]) => return Ok(y0.max(y1).max(0)),
            NodeKind::Rect | NodeKind::Circle | NodeKind::Round { .. } => 0,
            NodeKind::Barcode { .. } => BARCODE,
            NodeKind::Image(image) => {
                image.picture.and_then(|index| scene.pictures.get(index)).map_or(0, |picture| {
                    let [across, down] = picture::turned(picture, style.turn).map(|side| side as i64);
                    (i64::from(inner) * down / across).min(i64::from(Micrometres::MAX / 4)) as Micrometres
                })
            }
            NodeKind::Text | NodeKind::PageIndex => {
                let text = &scene.text[node.text.clone()];
                let setting = Setting::of_text(style);
                self.typesetter.height(text, inner, &setting, self.resolution)?
            }
            NodeKind::Layout { .. } if matches!(style.turn, Turn::Quarter | Turn::ThreeQuarters) => inner,
            NodeKind::Layout { vertical } | NodeKind::Margin { vertical } => {
                self.children(scene, children_of(scene, index), inner, vertical)?
            }
            NodeKind::Table => {
                if self.tables >= TABLES {
                    return Err(Problem::TooDeep.into());
                }
                self.tables += 1;
                let height = table::height(scene, index, inner, self)?;
                self.tables -= 1;
                height
            }
            NodeKind::Row => 0,
            NodeKind::Cell { .. } => self.children(scene, children_of(scene, index), inner, false)?,
        };
        Ok(content.saturating_add(top + bottom).max(0))
    }
}

/// What stands around the content of an element: margin, border and padding.
fn around(scene: &Scene, node: &Node) -> [Micrometres; 4] {
    let style = scene.style(node);
    let border = match (node.kind, style.border_width) {
        // The lines of a table run between its cells, and it counts them itself.
        (NodeKind::Table | NodeKind::Cell { .. }, _) | (_, None) => [0; 4],
        (_, Some(widths)) => widths,
    };
    std::array::from_fn(|side| style.margin[side] + border[side] + style.padding[side])
}
