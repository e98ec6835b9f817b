//! Angles other than quarter turns, and directions in whole numbers.
//!
//! Sines are summed here and rounded, rather than asked of the system's library, whose last digit differs from one
//! system to the next: the same label is the same bytes everywhere.

use crate::frame::Turn;

/// Hundredths of a degree in a whole turn.
const WHOLE: i64 = 36_000;

/// Hundredths of a degree in a quarter turn.
const QUARTER: i64 = WHOLE / 4;

/// An angle, clockwise, in hundredths of a degree: from 0 up to, but not including, 36,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Angle(u16);

impl Angle {
    /// No angle at all.
    pub const NONE: Angle = Angle(0);

    /// So many hundredths of a degree clockwise; whole turns do not count.
    #[must_use]
    pub const fn hundredths(hundredths: i64) -> Self {
        Angle(hundredths.rem_euclid(WHOLE) as u16)
    }

    /// The angle in hundredths of a degree, below 36,000.
    #[must_use]
    pub const fn in_hundredths(self) -> u16 {
        self.0
    }

    /// The turn that it is, if it is a whole number of quarters.
    #[must_use]
    pub const fn turn(self) -> Option<Turn> {
        match self.0 {
            0 => Some(Turn::None),
            9_000 => Some(Turn::Quarter),
            18_000 => Some(Turn::Half),
            27_000 => Some(Turn::ThreeQuarters),
            _ => None,
        }
    }

    /// Where the x axis points after the turn.
    #[must_use]
    pub fn direction(self) -> Direction {
        let hundredths = i64::from(self.0);
        let (quarters, rest) = (hundredths / QUARTER, hundredths % QUARTER);
        // Nearly all text stands upright, and is asked for each run of it.
        let (across, down) = if rest == 0 { (Direction::ONE, 0) } else { (sine(QUARTER - rest), sine(rest)) };
        let (x, y) = match quarters {
            0 => (across, down),
            1 => (-down, across),
            2 => (-across, -down),
            _ => (down, -across),
        };
        Direction { x, y }
    }
}

/// A direction of length [`Direction::ONE`], y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// To the right.
    pub x: i64,
    /// Downwards.
    pub y: i64,
}

impl Direction {
    /// The length of a direction.
    pub const ONE: i64 = 1_000_000_000;

    /// Where a point goes when what is around the origin is turned, rounded; each coordinate at most 2^32 either way.
    #[must_use]
    pub const fn turn(self, [x, y]: [i64; 2]) -> [i64; 2] {
        // The sums are at most 2^32.5 times 10^9, which is below 2^63.
        [rounded(x * self.x - y * self.y), rounded(x * self.y + y * self.x)]
    }
}

/// A product with a part of a direction, as a length.
const fn rounded(product: i64) -> i64 {
    (product + Direction::ONE / 2).div_euclid(Direction::ONE)
}

/// The sine of an angle up to a quarter turn, by its series: the first term left out is below 10^-15.
fn sine(hundredths: i64) -> i64 {
    let angle = hundredths as f64 * (std::f64::consts::PI / 18_000.0);
    let (mut term, mut sum) = (angle, angle);
    for step in 1..10 {
        let at = f64::from(2 * step);
        term *= -angle * angle / (at * (at + 1.0));
        sum += term;
    }
    (sum * Direction::ONE as f64).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_are_exact() {
        for (quarters, x, y) in [(0, 1, 0), (1, 0, 1), (2, -1, 0), (3, 0, -1), (4, 1, 0), (-1, 0, -1)] {
            let angle = Angle::hundredths(quarters * QUARTER);
            let one = Direction::ONE;
            assert_eq!(angle.direction(), Direction { x: x * one, y: y * one });
            assert_eq!(angle.turn().map(|turn| turn as i64), Some(quarters.rem_euclid(4)));
            assert_eq!(angle.direction().turn([1 << 32, 7]), [x * (1 << 32) - y * 7, y * (1 << 32) + x * 7]);
        }
        assert_eq!(Angle::hundredths(4_500).turn(), None);
    }

    #[test]
    fn directions_are_as_the_library_says() {
        for hundredths in (0..WHOLE).step_by(7) {
            let Direction { x, y } = Angle::hundredths(hundredths).direction();
            let radians = (hundredths as f64 / 100.0).to_radians();
            let near = |found: i64, expected: f64| (found as f64 - expected * 1e9).abs() <= 1.0;
            assert!(near(x, radians.cos()) && near(y, radians.sin()), "{hundredths}");
        }
    }

    #[test]
    fn the_farthest_points_do_not_overflow() {
        for hundredths in 0..WHOLE {
            let far = 1 << 32;
            let [x, y] = Angle::hundredths(hundredths).direction().turn([far, -far]);
            assert!((x as f64).hypot(y as f64) - (far as f64) * std::f64::consts::SQRT_2 < 10.0);
        }
    }
}
