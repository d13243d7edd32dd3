//! How links run: curves that keep clear of nodes.
//!
//! Enters: rectangles of nodes, links, what else is in the way. Leaves: one curve per link, from edge to edge of its nodes. Always
//! holds: links between the same two nodes run apart; the same input gives the same bits.

use super::geometry::{Rectangle, cross};

/// Points of a curve that are looked at.
const N_SAMPLES: usize = 24;
/// How far the middle of a curve is moved aside, as a share of the length of the straight way.
const BENDS: [f64; 13] = [0.0, 0.1, -0.1, 0.2, -0.2, 0.32, -0.32, 0.46, -0.46, 0.65, -0.65, 0.9, -0.9];

/// A cubic curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    pub(super) points: [(f64, f64); 4],
}

impl Curve {
    /// The point at a share of the parameter.
    pub(super) fn at(&self, t: f64) -> (f64, f64) {
        let s = 1.0 - t;
        let [a, b, c, d] = self.points;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        (
            weights[0] * a.0 + weights[1] * b.0 + weights[2] * c.0 + weights[3] * d.0,
            weights[0] * a.1 + weights[1] * b.1 + weights[2] * c.1 + weights[3] * d.1,
        )
    }

    /// The part between two parameters (de Casteljau).
    fn between(&self, from: f64, to: f64) -> Self {
        let mix = |a: (f64, f64), b: (f64, f64), t: f64| (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
        let split = |[a, b, c, d]: [(f64, f64); 4], t: f64| {
            let (ab, bc, cd) = (mix(a, b, t), mix(b, c, t), mix(c, d, t));
            let (abc, bcd) = (mix(ab, bc, t), mix(bc, cd, t));
            let middle = mix(abc, bcd, t);
            ([a, ab, abc, middle], [middle, bcd, cd, d])
        };
        let (_, later) = split(self.points, from);
        let share = if from < 1.0 { (to - from) / (1.0 - from) } else { 0.0 };
        let (part, _) = split(later, share);
        Self { points: part }
    }

    fn samples(&self) -> Vec<(f64, f64)> {
        (0..=N_SAMPLES).map(|i| self.at(i as f64 / N_SAMPLES as f64)).collect()
    }

    /// The direction in which it ends, of length one.
    pub(super) fn end_direction(&self) -> (f64, f64) {
        let (from, to) = (self.at(0.94), self.points[3]);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        if length > 1e-9 { (dx / length, dy / length) } else { (1.0, 0.0) }
    }
}

/// Curves for all links; `obstacles` are names that links should not run across.
pub(super) fn routes(
    nodes: &[Rectangle],
    edges: &[(usize, usize)],
    obstacles: &[Rectangle],
    (width, height): (f64, f64),
) -> Vec<Curve> {
    // Short links are settled first: they have the least choice.
    let length = |&(from, to): &(usize, usize)| {
        let (a, b) = (nodes[from].middle(), nodes[to].middle());
        (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)
    };
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by(|&a, &b| length(&edges[a]).total_cmp(&length(&edges[b])).then(a.cmp(&b)));
    let mut settled: Vec<Option<(Curve, Vec<(f64, f64)>, Rectangle)>> = vec![None; edges.len()];
    for edge in order {
        let (from, to) = edges[edge];
        let mut best: Option<(f64, Curve, Vec<(f64, f64)>)> = None;
        for bend in BENDS {
            let curve = bent(nodes[from], nodes[to], bend);
            let points = curve.samples();
            let bounds = bounds_of(&points);
            let mut price = 5.0 * bend.abs() + 6.0 * bend * bend;
            for (node, rectangle) in nodes.iter().enumerate().filter(|&(node, _)| node != from && node != to)
            {
                let near = rectangle.grown(5.0);
                if node != from && near.touches(bounds) {
                    price += 2.5 * points.iter().filter(|&&point| near.holds(point)).count() as f64;
                }
            }
            for obstacle in obstacles.iter().filter(|obstacle| obstacle.touches(bounds)) {
                price += points.iter().filter(|&&point| obstacle.holds(point)).count() as f64;
            }
            price += 4.0
                * points
                    .iter()
                    .filter(|point| {
                        point.0 < 2.0 || point.0 > width - 2.0 || point.1 < 2.0 || point.1 > height - 2.0
                    })
                    .count() as f64;
            for (other, placed) in settled.iter().enumerate() {
                let Some((other_curve, other_points, other_bounds)) = placed else { continue };
                if !other_bounds.grown(1.0).touches(bounds.grown(1.0)) {
                    continue;
                }
                let (other_from, other_to) = edges[other];
                if (other_from, other_to) == (to, from) || (other_from, other_to) == (from, to) {
                    // Two links between the same nodes: their middles keep apart.
                    let (a, b) = (curve.at(0.5), other_curve.at(0.5));
                    if (a.0 - b.0).abs() + (a.1 - b.1).abs() < 16.0 {
                        price += 30.0;
                    }
                    continue;
                }
                price += 0.7 * f64::from(u8::from(curves_cross(&points, other_points)));
                // Heads on the same spot hide each other.
                if other_to == to {
                    let (a, b) = (curve.points[3], other_curve.points[3]);
                    if (a.0 - b.0).abs() + (a.1 - b.1).abs() < 14.0 {
                        price += 1.5;
                    }
                }
            }
            if best.as_ref().is_none_or(|(least, ..)| price < *least - 1e-9) {
                best = Some((price, curve, points));
            }
        }
        settled[edge] = best.map(|(_, curve, points)| {
            let bounds = bounds_of(&points);
            (curve, points, bounds)
        });
    }
    let straight = Curve { points: [(0.0, 0.0); 4] };
    settled.into_iter().map(|one| one.map_or(straight, |(curve, ..)| curve)).collect()
}

fn curves_cross(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
    // Every second sample is enough to see a crossing.
    a.windows(3)
        .step_by(2)
        .any(|first| b.windows(3).step_by(2).any(|second| cross(first[0], first[2], second[0], second[2])))
}

fn bounds_of(points: &[(f64, f64)]) -> Rectangle {
    let (mut x0, mut y0, mut x1, mut y1) =
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for &(x, y) in points {
        x0 = x0.min(x);
        x1 = x1.max(x);
        y0 = y0.min(y);
        y1 = y1.max(y);
    }
    Rectangle { x: x0 - 0.5, y: y0 - 0.5, width: x1 - x0 + 1.0, height: y1 - y0 + 1.0 }
}

/// A curve from the edge of one node to the edge of another.
fn bent(from: Rectangle, to: Rectangle, bend: f64) -> Curve {
    let (a, b) = (from.middle(), to.middle());
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let aside = (-bend * dy * 4.0 / 3.0, bend * dx * 4.0 / 3.0);
    let whole = Curve {
        points: [
            a,
            (a.0 + 0.3 * dx + aside.0, a.1 + 0.3 * dy + aside.1),
            (a.0 + 0.7 * dx + aside.0, a.1 + 0.7 * dy + aside.1),
            b,
        ],
    };
    // Where it last leaves the first node and first enters the second, by halving.
    let crossing = |inside: &dyn Fn((f64, f64)) -> bool, mut within: f64, mut outside: f64| {
        for _ in 0..24 {
            let middle = f64::midpoint(within, outside);
            if inside(whole.at(middle)) { within = middle } else { outside = middle }
        }
        outside
    };
    let (near, far) = (from.grown(1.0), to.grown(3.0));
    let start = crossing(&|point| near.holds(point), 0.0, 0.5);
    let end = crossing(&|point| far.holds(point), 1.0, 0.5);
    whole.between(start, end.max(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(x: f64, y: f64) -> Rectangle {
        Rectangle { x, y, width: 80.0, height: 24.0 }
    }

    #[test]
    fn links_begin_and_end_at_edges_and_go_round_what_is_between() {
        let nodes = [node(0.0, 100.0), node(150.0, 100.0), node(300.0, 100.0)];
        let curves = routes(&nodes, &[(0, 2), (2, 0), (0, 1)], &[], (400.0, 300.0));
        for curve in &curves[..2] {
            assert!((0..=100).all(|i| !nodes[1].holds(curve.at(f64::from(i) / 100.0))), "{curve:?}");
        }
        let (there, back) = (curves[0].at(0.5), curves[1].at(0.5));
        assert!((there.1 - back.1).abs() > 16.0);
        let straight = curves[2];
        assert!((straight.points[0].0 - 81.0).abs() < 0.1 && (straight.points[3].0 - 147.0).abs() < 0.1);
        assert!((straight.end_direction().0 - 1.0).abs() < 1e-9);
    }
}
