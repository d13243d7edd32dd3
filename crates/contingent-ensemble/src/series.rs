//! What is kept of time series when there are too many runs to keep them: summaries that merge exactly.
//!
//! Enters: values of many runs, in any order and in any parts. Leaves: numbers, means, standard deviations,
//! extremes and quantiles. Always holds: all that is kept is whole numbers and extremes, so the same values give
//! the same summary to the bit however they were spread over threads, parts and machines; a quantile is within
//! 1/128 of the true one.

/// Leading bits of the mantissa that tell buckets apart: 64 buckets for every doubling.
const MANTISSA_BITS: u32 = 6;

/// A sum of doubles without any rounding: whole numbers of 32 bits, with room for 2^42 summands each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ExactSum {
    parts: Window<i128>,
}

impl ExactSum {
    fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let exponent = ((bits >> 52) & 0x7ff) as i32;
        let fraction = i128::from(bits & ((1 << 52) - 1));
        // Subnormal numbers have the exponent of the least normal ones and no hidden bit.
        let (mantissa, exponent) =
            if exponent == 0 { (fraction, -1074) } else { (fraction | (1 << 52), exponent - 1075) };
        let signed = if value < 0.0 { -mantissa } else { mantissa };
        *self.parts.at(exponent.div_euclid(32)) += signed << exponent.rem_euclid(32);
    }

    fn merge(&mut self, other: &Self) {
        for (position, &part) in other.parts.iter() {
            *self.parts.at(position) += part;
        }
    }

    /// The sum, the same for equal sums however they came about.
    fn value(&self) -> f64 {
        let mut carry: i128 = 0;
        let mut digits: Vec<(i32, f64)> = Vec::new();
        let mut next = self.parts.first;
        for (position, &part) in self.parts.iter() {
            let sum = part + carry;
            digits.push((position, (sum & 0xffff_ffff) as f64));
            carry = sum >> 32;
            next = position + 1;
        }
        // What is above the highest part, in full: below 2^96 it is far from the end of the range.
        let mut value = scaled(carry as f64, 32 * next);
        for (position, digit) in digits.into_iter().rev() {
            value += scaled(digit, 32 * position);
        }
        value
    }
}

/// `value` times 2^n for any n that a part can have; a factor below the normal numbers is made of two.
fn scaled(value: f64, n: i32) -> f64 {
    let power = |n: i32| f64::from_bits(((n + 1023).clamp(1, 2046) as u64) << 52);
    if n < -1022 { value * power(n + 200) * power(-200) } else { value * power(n) }
}

/// Numbers at whole positions, of which those between the first and the last used are kept.
#[derive(Clone, Debug, Default)]
struct Window<T> {
    first: i32,
    values: Vec<T>,
}

impl<T: Copy + Default + PartialEq> Window<T> {
    fn at(&mut self, position: i32) -> &mut T {
        if self.values.is_empty() {
            self.first = position;
        }
        if position < self.first {
            let n = (self.first - position) as usize;
            self.values.splice(0..0, std::iter::repeat_n(T::default(), n));
            self.first = position;
        }
        let place = (position - self.first) as usize;
        if place >= self.values.len() {
            self.values.resize(place + 1, T::default());
        }
        &mut self.values[place]
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = (i32, &T)> + ExactSizeIterator {
        let first = self.first;
        self.values
            .iter()
            .enumerate()
            .map(move |(place, value)| (first.saturating_add_unsigned(place as u32), value))
    }
}

impl<T: Copy + Default + PartialEq> PartialEq for Window<T> {
    /// Positions that hold nothing make no difference.
    fn eq(&self, other: &Self) -> bool {
        let used = |(_, value): &(i32, &T)| **value != T::default();
        self.iter().filter(used).eq(other.iter().filter(used))
    }
}

impl<T: Copy + Default + Eq> Eq for Window<T> {}

/// How often a value lay in which bucket; the bucket of a positive number is its leading bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Buckets {
    negative: Window<u64>,
    n_zero: u64,
    positive: Window<u64>,
}

impl Buckets {
    fn add(&mut self, value: f64) {
        let key = (value.abs().to_bits() >> (52 - MANTISSA_BITS)) as i32;
        if value > 0.0 {
            *self.positive.at(key) += 1;
        } else if value < 0.0 {
            *self.negative.at(key) += 1;
        } else {
            self.n_zero += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        for (key, n) in other.positive.iter() {
            *self.positive.at(key) += n;
        }
        for (key, n) in other.negative.iter() {
            *self.negative.at(key) += n;
        }
        self.n_zero += other.n_zero;
    }

    /// The middle of the bucket in which the value of rank `rank`, from 1, lies.
    fn at_rank(&self, rank: u64) -> f64 {
        let middle = |key: i32| {
            let low = f64::from_bits((key as u64) << (52 - MANTISSA_BITS));
            let high = f64::from_bits((key as u64 + 1) << (52 - MANTISSA_BITS));
            low + (high - low) / 2.0
        };
        let mut n_below = 0;
        for (key, n) in self.negative.iter().rev() {
            n_below += n;
            if n_below >= rank {
                return -middle(key);
            }
        }
        n_below += self.n_zero;
        if n_below >= rank {
            return 0.0;
        }
        for (key, n) in self.positive.iter() {
            n_below += n;
            if n_below >= rank {
                return middle(key);
            }
        }
        f64::NAN
    }
}

/// Values of one thing at one time over many runs.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    n: u64,
    n_not_finite: u64,
    sum: ExactSum,
    squares: ExactSum,
    /// Bits of the least and the greatest value.
    extremes: Option<(u64, u64)>,
    buckets: Buckets,
}

impl Summary {
    /// Takes a value in; one that is not finite, or whose square is not, is only counted.
    pub fn add(&mut self, value: f64) {
        let square = value * value;
        if !square.is_finite() {
            self.n_not_finite += 1;
            return;
        }
        // The two zeros are one number.
        let value = value + 0.0;
        self.n += 1;
        self.sum.add(value);
        self.squares.add(square);
        self.buckets.add(value);
        let (low, high) = self.extremes.map_or((value, value), |(low, high)| {
            (f64::from_bits(low).min(value), f64::from_bits(high).max(value))
        });
        self.extremes = Some((low.to_bits(), high.to_bits()));
    }

    /// Takes in all that another summary took in.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.n_not_finite += other.n_not_finite;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
        self.buckets.merge(&other.buckets);
        self.extremes = match (self.extremes, other.extremes) {
            (Some((low, high)), Some((other_low, other_high))) => {
                let low = f64::from_bits(low).min(f64::from_bits(other_low));
                let high = f64::from_bits(high).max(f64::from_bits(other_high));
                Some((low.to_bits(), high.to_bits()))
            }
            (one, other) => one.or(other),
        };
    }

    /// Number of finite values.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Number of values that were not finite, or too large to be squared.
    pub fn n_not_finite(&self) -> u64 {
        self.n_not_finite
    }

    /// The mean; not-a-number of nothing.
    pub fn mean(&self) -> f64 {
        self.sum.value() / self.n as f64
    }

    /// The standard deviation of the population that the values are drawn from; not-a-number of fewer than two.
    pub fn standard_deviation(&self) -> f64 {
        if self.n < 2 {
            return f64::NAN;
        }
        let (sum, n) = (self.sum.value(), self.n as f64);
        ((self.squares.value() - sum * (sum / n)) / (n - 1.0)).max(0.0).sqrt()
    }

    /// The least value; not-a-number of nothing.
    pub fn minimum(&self) -> f64 {
        self.extremes.map_or(f64::NAN, |extremes| f64::from_bits(extremes.0))
    }

    /// The greatest value; not-a-number of nothing.
    pub fn maximum(&self) -> f64 {
        self.extremes.map_or(f64::NAN, |extremes| f64::from_bits(extremes.1))
    }

    /// The value that a share `p` of the values do not exceed, to within 1/128; not-a-number of nothing.
    pub fn quantile(&self, p: f64) -> f64 {
        if self.n == 0 {
            return f64::NAN;
        }
        let rank = ((p * self.n as f64).ceil() as u64).clamp(1, self.n);
        self.buckets.at_rank(rank).clamp(self.minimum(), self.maximum())
    }
}

/// Summaries of several things at several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesSummary {
    /// `n_times` x `n_recorded`.
    cells: Vec<Summary>,
    n_recorded: usize,
}

impl SeriesSummary {
    /// Summaries of nothing yet.
    pub fn new(n_times: usize, n_recorded: usize) -> Self {
        Self { cells: vec![Summary::default(); n_times * n_recorded], n_recorded }
    }

    /// About how many bytes one takes. Buckets are kept between the least and the greatest value: here twelve
    /// doublings between them are reckoned with.
    #[cfg(feature = "native")]
    pub(crate) fn typical_bytes(n_times: usize, n_recorded: usize) -> u64 {
        let cell = size_of::<Summary>() + (12 << MANTISSA_BITS) * 8 + 128;
        (n_times as u64).saturating_mul(n_recorded as u64).saturating_mul(cell as u64)
    }

    /// Takes in a block of runs, `n_times` x `n_recorded` x `n_lanes`, without those of `failed` lanes.
    pub(crate) fn add_block(&mut self, recorded: &[f64], n_lanes: usize, failed: &[bool]) {
        for (cell, values) in self.cells.iter_mut().zip(recorded.chunks_exact(n_lanes)) {
            for (&value, _) in values.iter().zip(failed).filter(|(_, failed)| !**failed) {
                cell.add(value);
            }
        }
    }

    /// Takes in all that another took in. Panics when it is of other times or things.
    pub fn merge(&mut self, other: &Self) {
        assert!(
            self.cells.len() == other.cells.len() && self.n_recorded == other.n_recorded,
            "summaries of different things"
        );
        for (cell, other) in self.cells.iter_mut().zip(&other.cells) {
            cell.merge(other);
        }
    }

    /// The summary of one thing at one time. Panics when a position is out of range.
    pub fn at(&self, time_index: usize, recorded_index: usize) -> &Summary {
        assert!(recorded_index < self.n_recorded, "position out of range");
        &self.cells[time_index * self.n_recorded + recorded_index]
    }

    /// Number of times.
    pub fn n_times(&self) -> usize {
        self.cells.len().checked_div(self.n_recorded).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of many sizes and both signs.
    fn numbers(n: u64) -> Vec<f64> {
        (0..n)
            .map(|i| {
                let bits = contingent_engine::random::mix(i);
                let size = (bits >> 58) as i32 - 32;
                scaled((bits & 0xffff_ffff) as f64 - 2e9, size)
            })
            .collect()
    }

    fn of(values: &[f64]) -> Summary {
        let mut summary = Summary::default();
        for &value in values {
            summary.add(value);
        }
        summary
    }

    #[test]
    fn parts_in_any_order_give_the_same_bits() {
        let values = numbers(5_000);
        let whole = of(&values);
        for n in [1, 7, 100] {
            let mut parts: Vec<Summary> = values.chunks(n).map(of).collect();
            parts.reverse();
            let mut merged = Summary::default();
            for part in &parts {
                merged.merge(part);
            }
            assert_eq!(merged, whole);
            assert_eq!(merged.mean().to_bits(), whole.mean().to_bits());
            assert_eq!(merged.standard_deviation().to_bits(), whole.standard_deviation().to_bits());
            assert_eq!(merged.quantile(0.3).to_bits(), whole.quantile(0.3).to_bits());
        }
    }

    #[test]
    fn sums_are_exact_where_doubles_cancel() {
        let mut sum = ExactSum::default();
        for value in [1e300, 1.0, -1e300, 2.0_f64.powi(-1074), 3.5, -1e-20, 1e-20] {
            sum.add(value);
        }
        assert_eq!(sum.value(), 4.5);
        let mut small = ExactSum::default();
        for _ in 0..3 {
            small.add(f64::from_bits(5));
        }
        assert_eq!(small.value().to_bits(), 15);
        assert_eq!(ExactSum::default().value(), 0.0);
        let mut negative = ExactSum::default();
        negative.add(-7.25);
        assert_eq!(negative.value(), -7.25);
    }

    #[test]
    fn moments_extremes_and_quantiles_are_those_of_the_values() {
        let mut values: Vec<f64> = (0..=1_000).map(|i| f64::from(i) * 0.25 - 50.0).collect();
        let summary = of(&values);
        assert_eq!((summary.n(), summary.minimum(), summary.maximum()), (1_001, -50.0, 200.0));
        assert!((summary.mean() - 75.0).abs() < 1e-12);
        let expected = (0.25 * 0.25 * 1_001.0 * 1_002.0 / 12.0_f64).sqrt();
        assert!((summary.standard_deviation() - expected).abs() < 1e-9);
        values.sort_by(f64::total_cmp);
        for p in [0.0, 0.05, 0.19, 0.2, 0.5, 0.95, 1.0] {
            let rank = ((p * 1_001.0_f64).ceil() as usize).clamp(1, 1_001);
            let (found, known) = (summary.quantile(p), values[rank - 1]);
            assert!((found - known).abs() <= known.abs() / 128.0, "{p}: {found} {known}");
        }
    }

    #[test]
    fn what_is_not_finite_is_counted_apart() {
        let summary = of(&[1.0, f64::NAN, f64::INFINITY, 1e200, -0.0]);
        assert_eq!((summary.n(), summary.n_not_finite()), (2, 3));
        assert!(Summary::default().mean().is_nan() && Summary::default().quantile(0.5).is_nan());
    }
}
