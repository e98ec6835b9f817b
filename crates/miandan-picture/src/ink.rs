//! What is black on a page and what is not.

use crate::page::{Area, Page};

/// Ink or paper, pixel by pixel.
#[derive(Clone, Debug)]
pub(crate) struct Ink {
    pub(crate) width: usize,
    pub(crate) height: usize,
    black: Vec<bool>,
}

impl Ink {
    pub(crate) fn of(page: &Page) -> Self {
        let threshold = page.threshold();
        let black = page.tones().iter().map(|&tone| tone <= threshold).collect();
        Ink { width: page.width(), height: page.height(), black }
    }

    pub(crate) fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.black[y * self.width + x]
    }

    pub(crate) fn row(&self, y: usize) -> &[bool] {
        &self.black[y * self.width..][..self.width]
    }

    /// Rows as columns.
    pub(crate) fn transposed(&self) -> Self {
        let mut black = Vec::with_capacity(self.black.len());
        for x in 0..self.width {
            black.extend((0..self.height).map(|y| self.black[y * self.width + x]));
        }
        Ink { width: self.height, height: self.width, black }
    }

    /// Takes the ink of an area away.
    pub(crate) fn clear(&mut self, area: Area) {
        for y in area.top..area.bottom.min(self.height) {
            let right = area.right.min(self.width);
            self.black[y * self.width..][area.left.min(right)..right].fill(false);
        }
    }

    /// Whether there is no ink in an area; outside of the page there is none.
    pub(crate) fn is_clear(&self, area: Area) -> bool {
        let right = area.right.min(self.width);
        let left = area.left.min(right);
        (area.top..area.bottom.min(self.height)).all(|y| !self.row(y)[left..right].contains(&true))
    }

    /// Pixels with ink.
    pub(crate) fn count(&self) -> usize {
        self.black.iter().filter(|&&black| black).count()
    }

    /// The smallest area that holds all ink.
    pub(crate) fn extent(&self) -> Option<Area> {
        let rows = (0..self.height).filter_map(|y| {
            let row = self.row(y);
            let left = row.iter().position(|&black| black)?;
            let right = row.iter().rposition(|&black| black)?;
            Some([(left, y), (right, y)])
        });
        Area::around(rows.flatten())
    }

    /// Black as 0, white as 255.
    pub(crate) fn tones(&self) -> Vec<u8> {
        self.black.iter().map(|&black| if black { 0 } else { 255 }).collect()
    }
}

/// The lengths of a row's runs in turn, the first and the last of them white, and perhaps of no length.
pub(crate) fn runs(row: &[bool]) -> Vec<usize> {
    let mut runs = vec![0];
    let mut black = false;
    for &pixel in row {
        if pixel != black {
            runs.push(0);
            black = pixel;
        }
        if let Some(last) = runs.last_mut() {
            *last += 1;
        }
    }
    if black {
        runs.push(0);
    }
    runs
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A page of letters: `#` is ink.
    pub(crate) fn drawn(rows: &[&str]) -> Ink {
        let width = rows.first().map_or(0, |row| row.len());
        let black = rows.iter().flat_map(|row| row.bytes().map(|byte| byte == b'#')).collect();
        Ink { width, height: rows.len(), black }
    }

    #[test]
    fn runs_begin_and_end_white() {
        let of = |text: &str| runs(&text.bytes().map(|byte| byte == b'#').collect::<Vec<_>>());
        assert_eq!(of("..##.#"), [2, 2, 1, 1, 0]);
        assert_eq!(of("#."), [0, 1, 1]);
        assert_eq!(of(""), [0]);
        assert_eq!(of("..."), [3]);
    }

    #[test]
    fn ink_is_counted_cleared_and_turned() {
        let mut ink = drawn(&["....", ".##.", ".#.."]);
        assert_eq!(ink.count(), 3);
        assert_eq!(ink.extent(), Some(Area { left: 1, top: 1, right: 3, bottom: 3 }));
        assert!(ink.is_clear(Area { left: 2, top: 2, right: 9, bottom: 9 }));
        assert!(!ink.is_clear(Area { left: 0, top: 0, right: 2, bottom: 2 }));
        let turned = ink.transposed();
        assert!(turned.is_black(1, 2) && !turned.is_black(2, 2) && !turned.is_black(9, 9));
        ink.clear(Area { left: 0, top: 0, right: 3, bottom: 2 });
        assert_eq!(ink.count(), 1);
        ink.clear(Area { left: 0, top: 0, right: 30, bottom: 20 });
        assert_eq!(ink.extent(), None);
    }
}
