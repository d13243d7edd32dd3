//! Sine, cosine, tangent and their inverses, from exact operations.
//!
//! Enters: nodes. Leaves: nodes. Always holds: the same bits on every machine, since only operations of the graph are
//! used; errors stay below 4e-16 relative to the larger of the result and 1 while the angle is below a million.
//! The polynomials are those of FDLIBM (Sun Microsystems 1993), `k_sin.c`, `k_cos.c` and `s_atan.c`; the angle is
//! reduced by parts of pi/2 of 33 bits each, so that their multiples are exact (Cody and Waite 1980).

use super::Lowering;
use crate::graph::{Node, Unary};

/// pi/2 in three parts, the first two of 33 bits.
const HALF_TURN_PARTS: [f64; 3] =
    [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];
/// (sin r - r) / r^3 in powers of r^2, for |r| up to pi/4.
const SINE: [f64; 6] = [
    -1.666_666_666_666_663_2e-1,
    8.333_333_333_322_49e-3,
    -1.984_126_982_985_795e-4,
    2.755_731_370_707_006_8e-6,
    -2.505_076_025_340_686_3e-8,
    1.589_690_995_211_55e-10,
];
/// (cos r - 1 + r^2 / 2) / r^4 in powers of r^2, for |r| up to pi/4.
const COSINE: [f64; 6] = [
    4.166_666_666_666_66e-2,
    -1.388_888_888_887_411e-3,
    2.480_158_728_947_673e-5,
    -2.755_731_435_139_066_3e-7,
    2.087_572_321_298_175e-9,
    -1.135_964_755_778_819_5e-11,
];
/// (atan z - z) / -z^3 in powers of z^2, for |z| up to 7/16.
const ARC_TANGENT: [f64; 11] = [
    3.333_333_333_333_293e-1,
    -1.999_999_999_987_648_3e-1,
    1.428_571_427_250_346_6e-1,
    -1.111_111_040_546_235_6e-1,
    9.090_887_133_436_507e-2,
    -7.691_876_205_044_83e-2,
    6.661_073_137_387_531e-2,
    -5.833_570_133_790_573_5e-2,
    4.976_877_994_615_932e-2,
    -3.653_157_274_421_691_6e-2,
    1.628_582_011_536_578_2e-2,
];

impl Lowering<'_> {
    /// The sine of `x`, or with `quarters` = 1 that of `x` plus a quarter of a turn, which is its cosine.
    pub(super) fn sine(&mut self, x: Node, quarters: f64) -> Node {
        let graph = &mut self.graph;
        let per_quarter = graph.constant(std::f64::consts::FRAC_2_PI);
        let quotient = graph.multiply(x, per_quarter);
        let whole = graph.unary(Unary::Round, quotient);
        let mut rest = x;
        for part in HALF_TURN_PARTS {
            let part = graph.constant(part);
            let product = graph.multiply(whole, part);
            rest = graph.subtract(rest, product);
        }
        let square = graph.multiply(rest, rest);
        let tail = self.polynomial(&SINE, square);
        let graph = &mut self.graph;
        let cube = graph.multiply(square, rest);
        let tail = graph.multiply(cube, tail);
        let sine = graph.add(rest, tail);
        let tail = self.polynomial(&COSINE, square);
        let graph = &mut self.graph;
        let fourth = graph.multiply(square, square);
        let tail = graph.multiply(fourth, tail);
        let half = graph.constant(0.5);
        let one = graph.constant(1.0);
        let half_square = graph.multiply(half, square);
        let cosine = graph.subtract(one, half_square);
        let cosine = graph.add(cosine, tail);
        // Which quarter of the turn, 0 to 3.
        let shift = graph.constant(quarters);
        let quarter = graph.add(whole, shift);
        let quarter_turns = graph.constant(0.25);
        let turns = graph.multiply(quarter, quarter_turns);
        let turns = graph.unary(Unary::Floor, turns);
        let four = graph.constant(4.0);
        let turns = graph.multiply(turns, four);
        let quarter = graph.subtract(quarter, turns);
        let two = graph.constant(2.0);
        let is_lower = graph.less_or_equal(two, quarter);
        let halves = graph.multiply(is_lower, two);
        let in_half = graph.subtract(quarter, halves);
        let is_cosine = graph.equal(in_half, one);
        let value = graph.select(is_cosine, cosine, sine);
        let negated = graph.unary(Unary::Negate, value);
        graph.select(is_lower, negated, value)
    }

    /// The angle between -pi/2 and pi/2 whose tangent is `x`.
    pub(super) fn arc_tangent(&mut self, x: Node) -> Node {
        let graph = &mut self.graph;
        let (zero, one) = (graph.constant(0.0), graph.constant(1.0));
        let size = graph.unary(Unary::Absolute, x);
        let is_steep = graph.less(one, size);
        let inverse = graph.divide(one, size);
        let flat = graph.select(is_steep, inverse, size);
        // tan(pi/8): what lies above it is turned back by pi/4.
        let eighth = graph.constant(std::f64::consts::SQRT_2 - 1.0);
        let is_turned = graph.less(eighth, flat);
        let below = graph.subtract(flat, one);
        let above = graph.add(flat, one);
        let turned = graph.divide(below, above);
        let z = graph.select(is_turned, turned, flat);
        let square = graph.multiply(z, z);
        let tail = self.polynomial(&ARC_TANGENT, square);
        let graph = &mut self.graph;
        let tail = graph.multiply(square, tail);
        let tail = graph.multiply(z, tail);
        let angle = graph.subtract(z, tail);
        let quarter = graph.constant(std::f64::consts::FRAC_PI_4);
        let turned_back = graph.add(quarter, angle);
        let angle = graph.select(is_turned, turned_back, angle);
        let half = graph.constant(std::f64::consts::FRAC_PI_2);
        let complement = graph.subtract(half, angle);
        let angle = graph.select(is_steep, complement, angle);
        let negated = graph.unary(Unary::Negate, angle);
        let is_negative = graph.less(x, zero);
        graph.select(is_negative, negated, angle)
    }

    /// The angle between -pi/2 and pi/2 whose sine is `x`.
    pub(super) fn arc_sine(&mut self, x: Node) -> Node {
        let graph = &mut self.graph;
        let one = graph.constant(1.0);
        let below = graph.subtract(one, x);
        let above = graph.add(one, x);
        let product = graph.multiply(below, above);
        let cosine = graph.unary(Unary::SquareRoot, product);
        let tangent = graph.divide(x, cosine);
        self.arc_tangent(tangent)
    }

    /// The angle between 0 and pi whose cosine is `x`.
    pub(super) fn arc_cosine(&mut self, x: Node) -> Node {
        let graph = &mut self.graph;
        let one = graph.constant(1.0);
        let below = graph.subtract(one, x);
        let above = graph.add(one, x);
        let ratio = graph.divide(below, above);
        let tangent = graph.unary(Unary::SquareRoot, ratio);
        let half = self.arc_tangent(tangent);
        self.graph.add(half, half)
    }

    /// A polynomial from its coefficients, the constant one first (Horner's scheme).
    fn polynomial(&mut self, coefficients: &[f64], x: Node) -> Node {
        let graph = &mut self.graph;
        let mut value = graph.constant(0.0);
        for &coefficient in coefficients.iter().rev() {
            let product = graph.multiply(value, x);
            let coefficient = graph.constant(coefficient);
            value = graph.add(product, coefficient);
        }
        value
    }
}
