//! A page of a file: grey tones, and how large they are on paper.

/// A page as grey tones.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    width: usize,
    height: usize,
    tones: Vec<u8>,
    /// How many pixels a millimetre has, where the file says it.
    pub dots_per_millimetre: Option<f64>,
    /// Whether it was drawn from lines and letters, so that its pixels are ours and not those of a printer.
    pub drawn: bool,
}

impl Page {
    /// A page of as many tones as it has pixels, row by row from the top, 0 for black; nothing else is one.
    #[must_use]
    pub fn new(width: usize, height: usize, tones: Vec<u8>) -> Option<Self> {
        let whole = width > 0 && height > 0 && width.checked_mul(height) == Some(tones.len());
        whole.then_some(Page { width, height, tones, dots_per_millimetre: None, drawn: false })
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The tones, row by row from the top, 0 for black.
    #[must_use]
    pub fn tones(&self) -> &[u8] {
        &self.tones
    }

    /// The tones of a row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.tones[y * self.width..][..self.width]
    }

    /// The tone that parts ink from paper: what makes each of both as even as it can be (N. Otsu, 1979).
    pub(crate) fn threshold(&self) -> u8 {
        let mut counts = [0u64; 256];
        for &tone in &self.tones {
            counts[usize::from(tone)] += 1;
        }
        let weigh = |(tone, &count): (usize, &u64)| tone as f64 * count as f64;
        let (all, sum) = (self.tones.len() as f64, counts.iter().enumerate().map(weigh).sum::<f64>());
        let (mut dark, mut dark_sum, mut best, mut threshold) = (0.0, 0.0, 0.0, 128);
        for (tone, &count) in counts.iter().enumerate() {
            dark += count as f64;
            dark_sum += tone as f64 * count as f64;
            let light = all - dark;
            if dark > 0.0 && light > 0.0 {
                let apart = dark_sum / dark - (sum - dark_sum) / light;
                let between = dark * light * apart * apart;
                if between > best {
                    (best, threshold) = (between, tone);
                }
            }
        }
        // A page of two tones has its threshold at the darker one; the middle stands more of what compression does.
        let next = counts.iter().enumerate().skip(threshold + 1).find(|(_, count)| **count > 0);
        let middle = next.map_or(threshold, |(next, _)| usize::midpoint(threshold, next));
        middle.min(254) as u8
    }
}

/// A rectangle of pixels: left and top belong to it, right and bottom do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub left: usize,
    /// The first row.
    pub top: usize,
    /// The column after the last.
    pub right: usize,
    /// The row after the last.
    pub bottom: usize,
}

impl Area {
    /// Pixels across.
    #[must_use]
    pub fn width(self) -> usize {
        self.right.saturating_sub(self.left)
    }

    /// Pixels down.
    #[must_use]
    pub fn height(self) -> usize {
        self.bottom.saturating_sub(self.top)
    }

    /// The same in a page whose rows and columns have changed places.
    pub(crate) fn transposed(self) -> Self {
        Area { left: self.top, top: self.left, right: self.bottom, bottom: self.right }
    }

    /// The smallest one that holds this one and another.
    pub(crate) fn joined(self, other: Self) -> Self {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// One pixel.
    pub(crate) fn of_pixel(x: usize, y: usize) -> Self {
        Area { left: x, top: y, right: x + 1, bottom: y + 1 }
    }

    /// The smallest one that holds all of some points, and one pixel at least.
    pub(crate) fn around(points: impl IntoIterator<Item = (usize, usize)>) -> Option<Self> {
        points.into_iter().map(|(x, y)| Area::of_pixel(x, y)).reduce(Area::joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_parts_ink_from_paper() {
        for (dark, light) in [(0, 255), (60, 90), (0, 1), (254, 255)] {
            let page = Page::new(10, 10, [vec![dark; 30], vec![light; 70]].concat()).unwrap();
            assert!((dark..light).contains(&page.threshold()), "{dark} {light}: {}", page.threshold());
        }
        assert_eq!(Page::new(1, 1, vec![7]).unwrap().threshold(), 128);
        assert_eq!(Page::new(2, 2, vec![7]), None);
        assert_eq!(Page::new(0, 2, vec![]), None);
    }

    #[test]
    fn an_area_is_around_points() {
        let area = Area::around([(3, 9), (5, 2)]).unwrap();
        assert_eq!(area, Area { left: 3, top: 2, right: 6, bottom: 10 });
        assert_eq!((area.width(), area.height()), (3, 8));
        assert_eq!(area.transposed().transposed(), area);
        assert_eq!(Area::around([]), None);
    }
}
