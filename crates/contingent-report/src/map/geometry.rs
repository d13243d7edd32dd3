//! Rectangles and segments.
//!
//! Enters: numbers. Leaves: answers to whether things touch. Always holds: exact operations only.

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rectangle {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rectangle {
    pub(super) fn middle(self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub(super) fn grown(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    pub(super) fn holds(self, (x, y): (f64, f64)) -> bool {
        x > self.x && x < self.x + self.width && y > self.y && y < self.y + self.height
    }

    pub(super) fn touches(self, other: Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    /// Whether a segment passes through (Liang and Barsky 1984).
    pub(super) fn is_crossed(self, from: (f64, f64), to: (f64, f64)) -> bool {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (direction, gap) in [
            (-dx, from.0 - self.x),
            (dx, self.x + self.width - from.0),
            (-dy, from.1 - self.y),
            (dy, self.y + self.height - from.1),
        ] {
            if direction == 0.0 {
                if gap <= 0.0 {
                    return false;
                }
            } else {
                let at = gap / direction;
                if direction < 0.0 {
                    enter = enter.max(at);
                } else {
                    leave = leave.min(at);
                }
            }
        }
        enter < leave
    }
}

/// Whether two segments cross in their inside.
pub(super) fn cross(a: (f64, f64), b: (f64, f64), c: (f64, f64), d: (f64, f64)) -> bool {
    let side =
        |p: (f64, f64), q: (f64, f64), r: (f64, f64)| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    let (first, second) = (side(a, b, c), side(a, b, d));
    let (third, fourth) = (side(c, d, a), side(c, d, b));
    first * second < 0.0 && third * fourth < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cross_and_pass() {
        assert!(cross((0.0, 0.0), (2.0, 2.0), (0.0, 2.0), (2.0, 0.0)));
        assert!(!cross((0.0, 0.0), (2.0, 2.0), (2.0, 2.0), (4.0, 0.0)));
        let square = Rectangle { x: 1.0, y: 1.0, width: 2.0, height: 2.0 };
        assert!(square.is_crossed((0.0, 2.0), (4.0, 2.0)));
        assert!(square.is_crossed((0.0, 0.0), (4.0, 4.0)));
        assert!(!square.is_crossed((0.0, 0.0), (4.0, 0.5)));
        assert!(!square.is_crossed((0.0, 2.0), (0.9, 2.0)));
        assert!(square.touches(square.grown(1.0)) && !square.touches(Rectangle { x: 3.0, ..square }));
    }
}
