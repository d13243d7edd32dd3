//! Functions whose sensitivity indices are known, on inputs uniform between 0 and 1.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::disallowed_methods, reason = "test functions need no fixed bits")]

use std::f64::consts::PI;

/// A function with its indices.
pub(crate) struct Known {
    /// Its name.
    pub(crate) name: &'static str,
    /// Number of inputs.
    pub(crate) n: usize,
    /// The function.
    pub(crate) value: fn(&[f64]) -> f64,
    /// Its least and largest value, or bounds of them: scaled into 0.1..0.9 it is a probability with the same indices.
    pub(crate) range: (f64, f64),
    /// First-order indices.
    pub(crate) first: Vec<f64>,
    /// Total indices.
    pub(crate) total: Vec<f64>,
}

impl Known {
    /// The function as a probability.
    pub(crate) fn probability(&self, x: &[f64]) -> f64 {
        let (low, high) = self.range;
        0.1 + 0.8 * ((self.value)(x) - low) / (high - low)
    }
}

/// Ishigami and Homma 1990 with a = 7, b = 0.1, and a fourth input that does nothing.
pub(crate) fn ishigami() -> Known {
    fn value(x: &[f64]) -> f64 {
        let x: Vec<f64> = x.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin() * x[1].sin() + 0.1 * x[2] * x[2] * x[2] * x[2] * x[0].sin()
    }
    let (a, b) = (7.0, 0.1);
    let one = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let two = a * a / 8.0;
    let one_and_three = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
    let whole = one + two + one_and_three;
    Known {
        name: "Ishigami",
        n: 4,
        value,
        range: (-10.75, 17.75),
        first: vec![one / whole, two / whole, 0.0, 0.0],
        total: vec![(one + one_and_three) / whole, two / whole, one_and_three / whole, 0.0],
    }
}

/// The coefficients of [`sobol_g`].
const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

/// Sobol's g function (Saltelli and Sobol 1995).
pub(crate) fn sobol_g() -> Known {
    fn value(x: &[f64]) -> f64 {
        x.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
    }
    let partial = |a: f64| 1.0 / (3.0 * (1.0 + a) * (1.0 + a));
    let whole = G.iter().map(|&a| 1.0 + partial(a)).product::<f64>() - 1.0;
    let most: f64 = G.iter().map(|a| (2.0 + a) / (1.0 + a)).product();
    Known {
        name: "Sobol G",
        n: 8,
        value,
        range: (0.0, most),
        first: G.iter().map(|&a| partial(a) / whole).collect(),
        total: G.iter().map(|&a| partial(a) * ((whole + 1.0) / (1.0 + partial(a))) / whole).collect(),
    }
}

/// `x0 + 0.64 x1` and six inputs that do nothing: 0.71 and 0.29, as in the check that made naive indices unusable.
pub(crate) fn linear() -> Known {
    fn value(x: &[f64]) -> f64 {
        x[0] + (29.0_f64 / 71.0).sqrt() * x[1]
    }
    let mut first = vec![0.71, 0.29];
    first.resize(8, 0.0);
    Known {
        name: "Linear",
        n: 8,
        value,
        range: (0.0, 1.0 + (29.0_f64 / 71.0).sqrt()),
        total: first.clone(),
        first,
    }
}

/// `u0 + 3 u0 u1 + u2 / 2` with `u = x - 1/2`: the variance is 1/12 + 1/16 + 1/48 = 1/6. A fourth input does nothing.
pub(crate) fn interacting() -> Known {
    fn value(x: &[f64]) -> f64 {
        let u = |input: usize| x[input] - 0.5;
        u(0) + 3.0 * u(0) * u(1) + 0.5 * u(2)
    }
    Known {
        name: "Interacting",
        n: 4,
        value,
        range: (-1.5, 1.5),
        first: vec![0.5, 0.0, 0.125, 0.0],
        total: vec![0.875, 0.375, 0.125, 0.0],
    }
}

/// The function of Morris 1991 with the remaining coefficients alternating in sign.
pub(crate) fn morris() -> Known {
    fn value(x: &[f64]) -> f64 {
        let w: Vec<f64> = x
            .iter()
            .enumerate()
            .map(
                |(i, &x)| {
                    if matches!(i, 2 | 4 | 6) { 2.0 * (1.1 * x / (x + 0.1) - 0.5) } else { 2.0 * (x - 0.5) }
                },
            )
            .collect();
        let alternating = |n: usize| if n.is_multiple_of(2) { 1.0 } else { -1.0 };
        let mut y = 0.0;
        for i in 0..20 {
            y += w[i] * if i < 10 { 20.0 } else { alternating(i + 1) };
            for j in i + 1..20 {
                y += w[i] * w[j] * if j < 6 { -15.0 } else { alternating(i + j + 2) };
                for k in j + 1..5 {
                    y -= 10.0 * w[i] * w[j] * w[k];
                    for l in k + 1..4 {
                        y += 5.0 * w[i] * w[j] * w[k] * w[l];
                    }
                }
            }
        }
        y
    }
    Known {
        name: "Morris",
        n: 20,
        value,
        // Bounds that no value reaches: the sum of the sizes of all coefficients.
        range: (-750.0, 750.0),
        first: Vec::new(),
        total: Vec::new(),
    }
}

/// Effects of an input over steps of half its range.
#[derive(Clone, Copy)]
pub(crate) struct Effects {
    /// Mean absolute effect.
    pub(crate) mu_star: f64,
    /// Standard deviation of the effects.
    pub(crate) sigma: f64,
}

/// The effects of [`morris`], by independent draws.
pub(crate) fn morris_effects(n: usize) -> Vec<Effects> {
    let function = morris();
    let mut stream = super::common::Stream::new(77);
    (0..function.n)
        .map(|j| {
            let (mut size, mut sum, mut squares) = (0.0, 0.0, 0.0);
            for _ in 0..n / function.n {
                let mut x: Vec<f64> = (0..function.n).map(|_| stream.uniform()).collect();
                x[j] *= 0.5;
                let low = (function.value)(&x);
                x[j] += 0.5;
                let effect = (function.value)(&x) - low;
                size += effect.abs();
                sum += effect;
                squares += effect * effect;
            }
            let n = (n / function.n) as f64;
            let mu = sum / n;
            Effects { mu_star: size / n, sigma: (squares / n - mu * mu).sqrt() }
        })
        .collect()
}

/// The mean of the first ten of `n` inputs.
pub(crate) fn many(n: usize) -> Known {
    Known {
        name: "Ten of many",
        n,
        value: |x| x[..10].iter().sum(),
        range: (0.0, 10.0),
        first: Vec::new(),
        total: Vec::new(),
    }
}
