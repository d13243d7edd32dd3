//! A strip: one estimate drawn on a line, so that estimates below each other can be compared.
//!
//! Enters: positions on a shared axis. Leaves: text of a fixed width. Always holds: the point is always drawn, on top
//! of its interval.

/// The shared axis of some strips.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) width: usize,
}

impl Axis {
    fn position(self, value: f64) -> usize {
        let last = self.width - 1;
        if self.high <= self.low {
            return last / 2;
        }
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        (share * last as f64).round() as usize
    }

    /// A strip with a thin outer range, a thick inner range and a point; ranges may be absent.
    pub(super) fn strip(self, outer: Option<(f64, f64)>, inner: Option<(f64, f64)>, point: f64) -> String {
        let mut cells = vec!['·'; self.width];
        for (range, symbol) in [(outer, '─'), (inner, '━')] {
            if let Some((low, high)) = range {
                for cell in &mut cells[self.position(low)..=self.position(high)] {
                    *cell = symbol;
                }
            }
        }
        cells[self.position(point)] = '●';
        cells.into_iter().collect()
    }

    /// Labels below the ends and the middle of the axis.
    pub(super) fn labels(self, show: impl Fn(f64) -> String) -> String {
        let (low, middle, high) = (show(self.low), show(f64::midpoint(self.low, self.high)), show(self.high));
        let mut cells = vec![' '; self.width];
        let mut place = |text: &str, start: usize| {
            for (cell, letter) in cells.iter_mut().skip(start).zip(text.chars()) {
                *cell = letter;
            }
        };
        let length = |text: &str| text.chars().count();
        if length(&low) + length(&middle) + length(&high) + 4 <= self.width {
            place(&middle, (self.width - length(&middle)) / 2);
        }
        place(&low, 0);
        place(&high, self.width.saturating_sub(length(&high)));
        cells.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_shows_point_over_ranges_and_its_axis() {
        let axis = Axis { low: 0.0, high: 1.0, width: 21 };
        assert_eq!(axis.strip(None, Some((0.2, 0.4)), 0.3), "····━━●━━············");
        assert_eq!(axis.strip(Some((0.0, 1.0)), Some((0.5, 0.75)), 1.0), "──────────━━━━━━────●");
        assert_eq!(axis.labels(|value| format!("{}", 100.0 * value)), "0        50       100");
    }
}
