//! Tables: columns as wide as their cells say, rows as tall as their cells need, and lines between the cells.
//!
//! Where content flows to more pages a table is split between rows, and its headings are repeated. What does not fit
//! otherwise is refused rather than cut.

use std::ops::Range;

use miandan_core::label::Micrometres;
use miandan_core::pipe::MAX_PAGES;

use super::boxes::{self, Drawing, children_of, shrunk};
use super::natural::{Ruler, TABLES};
use super::text::Typesetter;
use super::{Pen, Trouble};
use crate::frame::{Fill, Item, Rect, Shape};
use crate::template::{CellLine, NodeKind, Problem, Scene, Style};

/// Columns of a table. More would be narrower than a character on the widest page.
const COLUMNS: usize = 128;

/// A cell and where it stands in the grid.
#[derive(Clone, Copy)]
struct Cell {
    /// Its node.
    index: usize,
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
}

/// The grid of a table. Edges are on whole dots, from the top left corner of the table.
struct Grid {
    cells: Vec<Cell>,
    /// Edges of columns, one more than there are columns.
    across: Vec<Micrometres>,
    /// Edges of rows, one more than there are rows.
    down: Vec<Micrometres>,
    /// Whether a row is one of headings.
    headings: Vec<bool>,
    /// For each place of the grid the number of its cell, from 1; 0 for none.
    places: Vec<u16>,
}

/// The height of a table in a box of this width.
pub(super) fn height(
    scene: &Scene,
    index: usize,
    width: Micrometres,
    ruler: &mut Ruler,
) -> Result<Micrometres, Trouble> {
    Ok(Grid::new(scene, index, width, ruler)?.down.last().copied().unwrap_or(0))
}

/// Draws a table from the top left corner of a rectangle.
pub(super) fn draw(
    scene: &Scene,
    index: usize,
    rect: Rect,
    pen: &mut Pen,
    typesetter: &mut Typesetter,
) -> Result<(), Trouble> {
    if pen.tables >= TABLES {
        return Err(Problem::TooDeep.into());
    }
    let mut ruler = Ruler { resolution: pen.resolution, typesetter, tables: pen.tables + 1 };
    let grid = Grid::new(scene, index, rect.width, &mut ruler)?;
    let [x, y] = [rect.x, rect.y].map(|length| pen.resolution.snap(length));
    let dot = pen.resolution.micrometres(1);
    let Some(flow) = pen.flow else {
        let height = grid.down.last().copied().unwrap_or(0);
        if y.saturating_add(height) > pen.bottom.saturating_add(dot) {
            return Err(Problem::TableDoesNotFit.into());
        }
        return draw_grid(scene, index, &grid, [x, y], pen, typesetter);
    };
    let rows = grid.headings.len();
    // A table of nothing but headings repeats none of them.
    let headings = grid.headings.iter().take_while(|&&heading| heading).count() % rows.max(1);
    let repeated = grid.down[headings];
    let ends = grid.groups(headings);
    let (mut from, mut first, mut top, mut above) = (0, 0, y, 0);
    for end in ends {
        let height = grid.down[end] - grid.down[from];
        let used = above + grid.down[from] - grid.down[first];
        let bottom = flow.bottom(pen.page).saturating_add(dot);
        if top.saturating_add(used).saturating_add(height) > bottom {
            let part = grid.part(first..from, if above > 0 { headings } else { 0 }, pen);
            draw_grid(scene, index, &part, [x, top], pen, typesetter)?;
            let page = pen.page + 1;
            if page >= MAX_PAGES {
                return Err(Problem::TooManyPages.into());
            }
            pen.page = page;
            pen.bottom = flow.bottom(page);
            (first, top) = (from, pen.resolution.snap(flow.top(page)));
            above = if from > 0 { repeated } else { 0 };
            if top.saturating_add(above).saturating_add(height) > pen.bottom.saturating_add(dot) {
                return Err(Problem::TableDoesNotFit.into());
            }
        }
        from = end;
    }
    let part = grid.part(first..rows, if above > 0 { headings } else { 0 }, pen);
    pen.lowest = pen.lowest.max(top + part.down.last().copied().unwrap_or(0));
    draw_grid(scene, index, &part, [x, top], pen, typesetter)
}

/// Draws a table or a part of it on one page.
fn draw_grid(
    scene: &Scene,
    index: usize,
    grid: &Grid,
    [x, y]: [Micrometres; 2],
    pen: &mut Pen,
    typesetter: &mut Typesetter,
) -> Result<(), Trouble> {
    let (Some(&width), Some(&height)) = (grid.across.last(), grid.down.last()) else { return Ok(()) };
    if grid.headings.is_empty() {
        return Ok(());
    }
    let whole = Rect { x, y, width, height };
    let style = scene.style(&scene.nodes[index]);
    for cell in &grid.cells {
        if let Some(ink) = scene.style(&scene.nodes[cell.index]).background {
            let rect = moved(grid.outside(cell), x, y);
            pen.push(Item::Fill(Fill { rect, shape: Shape::Square, ink }))?;
        }
    }
    grid.lines(style, whole, pen)?;
    if let Some(widths) = style.border_width {
        boxes::border(whole, widths, style, pen)?;
    }
    pen.tables += 1;
    // What stands in a cell stays together.
    let flow = pen.flow.take();
    for cell in &grid.cells {
        let node = &scene.nodes[cell.index];
        let inner = shrunk(moved(grid.inside(cell, style, pen), x, y), scene.style(node).padding);
        boxes::children(
            scene,
            children_of(scene, cell.index),
            inner,
            false,
            &mut Drawing { pen, typesetter },
        )?;
    }
    pen.tables -= 1;
    pen.flow = flow;
    Ok(())
}

fn moved(rect: Rect, x: Micrometres, y: Micrometres) -> Rect {
    Rect { x: rect.x + x, y: rect.y + y, ..rect }
}

impl Grid {
    fn new(scene: &Scene, index: usize, width: Micrometres, ruler: &mut Ruler) -> Result<Grid, Trouble> {
        let mut grid = Grid::places(scene, index)?;
        grid.set_widths(scene, width, ruler);
        grid.set_heights(scene, index, ruler)?;
        Ok(grid)
    }

    /// Finds the place of every cell.
    fn places(scene: &Scene, index: usize) -> Result<Grid, Trouble> {
        let rows: Vec<usize> = boxes::siblings(scene, children_of(scene, index)).collect();
        let mut cells = Vec::new();
        let mut headings = Vec::with_capacity(rows.len());
        // For how many more rows each column is taken by a cell above.
        let mut taken: Vec<usize> = Vec::new();
        for (row, &index) in rows.iter().enumerate() {
            let mut column = 0;
            let mut heading = false;
            for index in boxes::siblings(scene, children_of(scene, index)) {
                let NodeKind::Cell { heading: is_heading, columns, rows: deep } = scene.nodes[index].kind
                else {
                    continue;
                };
                heading |= is_heading;
                while taken.get(column).is_some_and(|&rows| rows > 0) {
                    column += 1;
                }
                // A cell ends where another already stands.
                let free =
                    (column..COLUMNS).take_while(|&at| taken.get(at).is_none_or(|&rows| rows == 0)).count();
                let columns = usize::from(columns).min(free);
                let deep = usize::from(deep).min(rows.len() - row);
                if columns == 0 {
                    return Err(Problem::ElementLimit.into());
                }
                if taken.len() < column + columns {
                    taken.resize(column + columns, 0);
                }
                taken[column..column + columns].fill(deep);
                cells.push(Cell { index, row, column, rows: deep, columns });
                column += columns;
            }
            taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
            headings.push(heading);
        }
        let columns = taken.len();
        let mut places = vec![0; columns * rows.len()];
        for (number, cell) in (1..).zip(&cells) {
            for row in cell.row..cell.row + cell.rows {
                places[row * columns + cell.column..][..cell.columns].fill(number);
            }
        }
        Ok(Grid { cells, across: vec![0; columns + 1], down: vec![0; rows.len() + 1], headings, places })
    }

    /// Columns are as wide as the widest cell that says so; the others share what is left. Together they are never
    /// wider than the table.
    fn set_widths(&mut self, scene: &Scene, width: Micrometres, ruler: &Ruler) {
        let count = self.across.len() - 1;
        let width = i64::from(width.max(0));
        let mut wanted: Vec<Option<i64>> = vec![None; count];
        for cell in self.cells.iter().filter(|cell| cell.columns == 1) {
            let node = &scene.nodes[cell.index];
            let own = match node.share {
                Some(share) => Some(width * i64::from(share) / 10_000),
                None => node.width.map(i64::from),
            };
            wanted[cell.column] = wanted[cell.column].max(own);
        }
        let known: i64 = wanted.iter().flatten().sum();
        let others = wanted.iter().filter(|width| width.is_none()).count() as i64;
        // A column that says nothing has at least half its even share.
        let least = if others > 0 { width * others / (2 * count as i64) } else { 0 };
        let room = width - least;
        let rest = if others > 0 { (width - known).max(least) / others } else { 0 };
        let mut edge = 0;
        for (column, wanted) in wanted.into_iter().enumerate() {
            edge += match wanted {
                Some(wanted) if known > room => wanted * room / known,
                Some(wanted) => wanted,
                None => rest,
            };
            self.across[column + 1] = ruler.resolution.snap(edge as Micrometres);
        }
    }

    /// Rows are as tall as their tallest cell. What spans several only makes the last of them taller.
    fn set_heights(&mut self, scene: &Scene, index: usize, ruler: &mut Ruler) -> Result<(), Trouble> {
        let style = scene.style(&scene.nodes[index]);
        let mut heights = vec![0; self.down.len() - 1];
        for spanning in [false, true] {
            for cell in self.cells.iter().filter(|cell| (cell.rows > 1) == spanning) {
                let [line_down, line_across] =
                    lines_of(style, self.headings[cell.row]).map(|line| ruler.resolution.snap(line.width));
                let outer = self.across[cell.column + cell.columns] - self.across[cell.column];
                let node = &scene.nodes[cell.index];
                let needed = match node.height {
                    Some(_) if spanning => 0,
                    Some(height) => height,
                    None => ruler
                        .node(scene, cell.index, (outer - line_across).max(0))?
                        .saturating_add(2 * line_down),
                };
                let rows = &mut heights[cell.row..cell.row + cell.rows];
                let have: i64 = rows.iter().map(|&height: &Micrometres| i64::from(height)).sum();
                let missing = i64::from(needed) - have;
                if let Some(last) = rows.last_mut()
                    && missing > 0
                {
                    *last += missing as Micrometres;
                }
            }
        }
        let mut edge = 0_i64;
        for (row, height) in heights.into_iter().enumerate() {
            edge += i64::from(height);
            // No page is that long, so where exactly it ends there does not matter.
            self.down[row + 1] = ruler.resolution.snap(edge.min(1 << 30) as Micrometres);
        }
        Ok(())
    }

    /// Where each group of rows ends that cannot be split: those with a cell in common, and the headings with what
    /// follows them.
    fn groups(&self, headings: usize) -> Vec<usize> {
        let rows = self.headings.len();
        let mut joined = vec![false; rows + 1];
        joined[..=headings].fill(true);
        for cell in &self.cells {
            joined[cell.row + 1..cell.row + cell.rows].fill(true);
        }
        (1..=rows).filter(|&end| end == rows || !joined[end]).collect()
    }

    /// Some rows of the grid, under so many of its first ones.
    fn part(&self, rows: Range<usize>, headings: usize, pen: &Pen) -> Grid {
        let columns = self.across.len() - 1;
        let chosen = || (0..headings).chain(rows.clone());
        let mut part = Grid {
            cells: Vec::new(),
            across: self.across.clone(),
            down: vec![0],
            headings: chosen().map(|row| self.headings[row]).collect(),
            places: chosen()
                .flat_map(|row| &self.places[row * columns..(row + 1) * columns])
                .copied()
                .collect(),
        };
        let mut edge = 0;
        for row in chosen() {
            edge += self.down[row + 1] - self.down[row];
            part.down.push(pen.resolution.snap(edge));
        }
        for cell in &self.cells {
            let row = if rows.contains(&cell.row) {
                headings + cell.row - rows.start
            } else if cell.row < headings {
                cell.row
            } else {
                continue;
            };
            part.cells.push(Cell { row, ..*cell });
        }
        part
    }

    /// The cell from the middle of its lines.
    fn outside(&self, cell: &Cell) -> Rect {
        let [x, right] = [self.across[cell.column], self.across[cell.column + cell.columns]];
        let [y, bottom] = [self.down[cell.row], self.down[cell.row + cell.rows]];
        Rect { x, y, width: right - x, height: bottom - y }
    }

    /// The cell between its lines.
    fn inside(&self, cell: &Cell, style: &Style, pen: &Pen) -> Rect {
        let [down, across] = lines_of(style, self.headings[cell.row]).map(|line| pen.line(line.width));
        let x = line_start(&self.across, cell.column, across, pen) + across;
        let right = line_start(&self.across, cell.column + cell.columns, across, pen);
        let y = line_start(&self.down, cell.row, down, pen) + down;
        let bottom = line_start(&self.down, cell.row + cell.rows, down, pen);
        Rect { x, y, width: (right - x).max(0), height: (bottom - y).max(0) }
    }

    fn place(&self, row: usize, column: usize) -> u16 {
        self.places[row * (self.across.len() - 1) + column]
    }

    /// The lines between cells, each run of equal ones as one.
    fn lines(&self, style: &Style, whole: Rect, pen: &mut Pen) -> Result<(), Trouble> {
        let (rows, columns) = (self.down.len() - 1, self.across.len() - 1);
        let own_edges = style.border_width.is_some();
        // Between two places stands a line unless both belong to one cell, or neither to any.
        for edge in 0..=rows {
            if own_edges && (edge == 0 || edge == rows) {
                continue;
            }
            let heading = self.headings[edge.saturating_sub(1)];
            let [line, upright] = lines_of(style, heading);
            let [width, upright] = [line.width, upright.width].map(|width| pen.line(width));
            let y = line_start(&self.down, edge, width, pen);
            let drawn = |column| {
                let above = edge.checked_sub(1).map_or(0, |row| self.place(row, column));
                let below = if edge < rows { self.place(edge, column) } else { 0 };
                above != below
            };
            for [from, to] in runs(columns, drawn) {
                let x = line_start(&self.across, from, upright, pen);
                let right = line_start(&self.across, to, upright, pen) + upright;
                let rect = Rect { x, y, width: right - x, height: width };
                boxes::rule(moved(rect, whole.x, whole.y), line.kind, style.line_ink, pen)?;
            }
        }
        for edge in 0..=columns {
            if own_edges && (edge == 0 || edge == columns) {
                continue;
            }
            for heading in [true, false] {
                let [_, line] = lines_of(style, heading);
                let width = pen.line(line.width);
                let x = line_start(&self.across, edge, width, pen);
                let drawn = |row| {
                    let left = edge.checked_sub(1).map_or(0, |column| self.place(row, column));
                    let right = if edge < columns { self.place(row, edge) } else { 0 };
                    left != right && self.headings[row] == heading
                };
                for [from, to] in runs(rows, drawn) {
                    let (y, bottom) = (self.down[from], self.down[to]);
                    let rect = Rect { x, y, width, height: bottom - y };
                    boxes::rule(moved(rect, whole.x, whole.y), line.kind, style.line_ink, pen)?;
                }
            }
        }
        Ok(())
    }
}

/// The horizontal and the vertical line of the cells of a row.
fn lines_of(style: &Style, heading: bool) -> [CellLine; 2] {
    std::array::from_fn(|axis| {
        let own = if heading { style.heading_lines[axis] } else { None };
        own.or(style.cell_lines[axis]).unwrap_or_default()
    })
}

/// Where the line on an edge begins: inside the table at its first and last edge, else with the edge in its middle.
fn line_start(edges: &[Micrometres], edge: usize, width: Micrometres, pen: &Pen) -> Micrometres {
    let at = edges[edge];
    if edge == 0 {
        at
    } else if edge + 1 == edges.len() {
        at - width
    } else {
        pen.resolution.snap(at - width / 2)
    }
}

/// The runs of places for which something is so, as the first and the one after the last.
fn runs(count: usize, is: impl Fn(usize) -> bool) -> Vec<[usize; 2]> {
    let mut found: Vec<[usize; 2]> = Vec::new();
    for at in (0..count).filter(|&at| is(at)) {
        match found.last_mut() {
            Some([_, end]) if *end == at => *end = at + 1,
            _ => found.push([at, at + 1]),
        }
    }
    found
}
