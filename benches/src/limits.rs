//! The models by hand: what the machine can do when nothing has to be general.
//!
//! Enters: the parameters of a block. Leaves: functions that run it. Always holds: a step is written for one lane
//! and looped over lanes, which compilers turn into vector code; functions such as exp are those of the engine,
//! inlined; jumps are made by Gillespie's direct method with a fast sequential generator, a run at a time.

use contingent_engine::math;
use contingent_engine::random::{RoundKeys, StreamKey, poisson_lanes, stream_hash, uniform_pair};

use crate::cases::N_LANES;

/// Lanes that are worked on side by side: few enough for the first-level cache.
const WIDTH: usize = 64;
/// Sectors of the large model.
pub(crate) const N_SECTORS: usize = 60;

/// How a limit is compared with the engine.
pub(crate) enum Tolerance {
    /// Each run, by this relative difference: sums are taken in another order.
    EachRun(f64),
    /// The mean over runs: the random numbers are others.
    Mean,
}

/// What a limit computed.
pub(crate) struct Results {
    pub(crate) outcomes: Vec<f64>,
    pub(crate) n_jumps: f64,
}

/// A model by hand.
pub(crate) struct Limit {
    pub(crate) run: Box<dyn Fn() -> Results + Sync>,
    pub(crate) tolerance: Tolerance,
}

type Lanes = [f64; WIDTH];

/// Calls a function compiled for the vectors of this machine.
macro_rules! for_this_machine {
    ($name:ident, $inner:ident, ($($argument:ident: $type:ty),*) $(-> $result:ty)?) => {
        fn $name($($argument: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($($argument: $type),*) $(-> $result)? {
                    $inner($($argument),*)
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    #[expect(unsafe_code, reason = "the line above checked that the machine has the instructions")]
                    // SAFETY: the only requirement of `wide` is that the machine has AVX2.
                    return unsafe { wide($($argument),*) };
                }
            }
            $inner($($argument),*)
        }
    };
}

fn outcomes(parameters: &[f64], run: fn(&Lanes) -> Lanes) -> Vec<f64> {
    let (blocks, _) = parameters.as_chunks::<WIDTH>();
    blocks.iter().flat_map(run).collect()
}

fn limit(parameters: &[f64], tolerance: f64, run: fn(&Lanes) -> Lanes) -> Limit {
    let parameters = parameters.to_vec();
    assert_eq!(parameters.len(), N_LANES, "one parameter per run");
    Limit {
        run: Box::new(move || Results { outcomes: outcomes(&parameters, run), n_jumps: 0.0 }),
        tolerance: Tolerance::EachRun(tolerance),
    }
}

/// A table of straight lines, written out.
#[inline(always)]
#[expect(clippy::inline_always, reason = "loops over lanes vectorise only where all is inlined")]
fn lookup<const N: usize>(x: f64, points: &[(f64, f64); N]) -> f64 {
    let mut value = points[0].1;
    for i in 0..N - 1 {
        let ((x0, y0), (x1, y1)) = (points[i], points[i + 1]);
        let here = y0 + (x - x0) * ((y1 - y0) / (x1 - x0));
        value = if x >= x0 { here } else { value };
    }
    if x >= points[N - 1].0 { points[N - 1].1 } else { value }
}

/// The ten stocks of `models/ten-stocks.ctg`.
pub(crate) fn ten_stocks(parameters: &[f64]) -> Limit {
    limit(parameters, 1e-9, ten_stocks_block)
}

const READINESS: [(f64, f64); 6] = [(0.0, 0.0), (0.2, 0.05), (0.4, 0.2), (0.6, 0.5), (0.8, 0.8), (1.0, 1.0)];

for_this_machine!(ten_stocks_block, ten_stocks_inner, (beta: &Lanes) -> Lanes);

#[inline(always)]
#[expect(clippy::inline_always, reason = "loops over lanes vectorise only where all is inlined")]
fn ten_stocks_inner(beta: &Lanes) -> Lanes {
    let start = [900.0, 50.0, 5.0, 1.0, 0.1, 1.0, 0.3, 0.6, 0.7, 0.05];
    let mut s: [Lanes; 10] = start.map(|value| [value; WIDTH]);
    let dt = 0.25;
    for step in 0..1_000 {
        let t = f64::from(step) * dt;
        let shock = if (40.0..53.0).contains(&t) { 0.01 } else { 0.0 };
        for lane in 0..WIDTH {
            let [calm, mob, rad, det, rep, eco, gri, leg, cap, fo] = std::array::from_fn(|i| s[i][lane]);
            let total = calm + mob + rad + det;
            let (mob_share, rad_share) = (mob / total, rad / total);
            let ready = lookup(gri, &READINESS);
            let fear = math::exp(-1.5 * rep);
            let recruit = calm * (0.002 + beta[lane] * mob_share) * ready * fear;
            let demobilise = mob / 12.0 * (1.0 - gri * 0.5);
            let protest = mob_share * (1.0 + 0.5 * rad_share);
            let radicalise = mob * 0.02 * rep * gri * (1.0 + fo);
            let deradicalise = rad / 80.0;
            let (wish, most) = (mob * rep * 0.05, cap * 0.01 * total);
            let arrest = if wish < most { wish } else { most };
            let arrest_radical = rad * rep * 0.08;
            let release = det / 30.0;
            let wanted = (protest * 4.0 + rad_share * 8.0) * 1.2 - 0.1;
            let wanted = if wanted > 0.0 { wanted } else { 0.0 };
            let wanted = if wanted < 1.0 { wanted } else { 1.0 };
            let poor = 1.0 - eco;
            let poor = if poor > 0.0 { poor } else { 0.0 };
            let target = math::logistic(eco * 2.0 - rep - det / total * 5.0);
            s[0][lane] = calm + dt * (demobilise + deradicalise + release - recruit);
            s[1][lane] = mob + dt * (recruit - demobilise - radicalise - arrest);
            s[2][lane] = rad + dt * (radicalise - deradicalise - arrest_radical);
            s[3][lane] = det + dt * (arrest + arrest_radical - release);
            s[4][lane] = rep + dt * ((wanted - rep) / 6.0);
            s[5][lane] = eco + dt * (0.01 * eco * (1.0 - eco / 1.5) - eco * (0.05 * protest + shock));
            s[6][lane] = gri + dt * ((0.03 * poor + 0.02 * rep) * (1.0 - gri) - gri * leg / 25.0);
            s[7][lane] = leg + dt * ((target - leg) / 20.0);
            s[8][lane] = cap + dt * (0.02 * eco * (1.0 - cap) - cap * (0.01 * rep + 0.01 * (1.0 - leg)));
            s[9][lane] = fo + dt * (0.5 * rad_share * (1.0 - fo) - fo / 40.0);
        }
    }
    std::array::from_fn(|lane| {
        let total = s[0][lane] + s[1][lane] + s[2][lane] + s[3][lane];
        10.0 * s[1][lane] / total + 20.0 * s[2][lane] / total + s[6][lane]
    })
}

/// The sectors of the large model.
pub(crate) fn sectors(parameters: &[f64]) -> Limit {
    limit(parameters, 1e-9, sectors_block)
}

const EFFECT: [(f64, f64); 5] = [(0.0, 0.2), (0.5, 0.6), (1.0, 1.0), (1.5, 1.3), (2.0, 1.5)];

for_this_machine!(sectors_block, sectors_inner, (pull: &Lanes) -> Lanes);

#[inline(always)]
#[expect(clippy::inline_always, reason = "loops over lanes vectorise only where all is inlined")]
fn sectors_inner(pull: &Lanes) -> Lanes {
    let mut levels: [Lanes; N_SECTORS] = std::array::from_fn(|i| [1.0 + i as f64 * 0.01; WIDTH]);
    for _ in 0..400 {
        let mut before = levels[N_SECTORS - 1];
        for level in &mut levels {
            let old = *level;
            for lane in 0..WIDTH {
                let x = old[lane];
                let response = lookup(before[lane] / (x + 0.5), &EFFECT);
                let strain = math::exp(-0.5 * x);
                level[lane] = x + 0.5 * (x * pull[lane] * response - x * 0.03 * (1.0 - 0.5 * strain));
            }
            before = old;
        }
    }
    levels[0]
}

/// The four regions of `models/mixed.ctg`, with the same random numbers.
pub(crate) fn mixed(parameters: &[f64]) -> Limit {
    let parameters = parameters.to_vec();
    let keys = |what: &str| -> [RoundKeys; 4] {
        ["north", "east", "south", "west"]
            .map(|region| StreamKey::new(7, stream_hash(what, region, 0)).round_keys())
    };
    let (weather, attacks) = (keys("weather"), keys("attacks"));
    Limit {
        run: Box::new(move || {
            let (blocks, _) = parameters.as_chunks::<WIDTH>();
            let run =
                |(i, growth): (usize, &Lanes)| mixed_block(growth, (i * WIDTH) as u32, &weather, &attacks);
            Results { outcomes: blocks.iter().enumerate().flat_map(run).collect(), n_jumps: 0.0 }
        }),
        tolerance: Tolerance::EachRun(1e-6),
    }
}

const ALARM: [(f64, f64); 4] = [(0.0, 0.0), (2.0, 0.4), (6.0, 0.9), (12.0, 1.0)];

/// Fighters, fear, wealth, and the three levels of a delay.
type Region = [Lanes; 6];

for_this_machine!(
    mixed_block,
    mixed_inner,
    (growth: &Lanes, first_draw: u32, weather: &[RoundKeys; 4], attacks: &[RoundKeys; 4]) -> Lanes
);

#[inline(always)]
#[expect(clippy::inline_always, reason = "loops over lanes vectorise only where all is inlined")]
fn mixed_inner(growth: &Lanes, first_draw: u32, weather: &[RoundKeys; 4], attacks: &[RoundKeys; 4]) -> Lanes {
    let mut regions: [Region; 4] =
        [[[100.0; WIDTH], [0.2; WIDTH], [1.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]]; 4];
    // Two steps' worth of uniforms come from one call of the generator.
    let mut uniforms = [[[[0.5; WIDTH]; 2]; 2]; 4];
    let (mut means, mut counts) = ([0.0; WIDTH], [0.0; WIDTH]);
    for step in 0..520_u32 {
        let parity = step as usize % 2;
        for (i, region) in regions.iter_mut().enumerate() {
            if parity == 0 {
                for (kind, keys) in [&weather[i], &attacks[i]].into_iter().enumerate() {
                    let [even, odd] = &mut uniforms[i][kind];
                    for lane in 0..WIDTH {
                        let pair = uniform_pair(keys, first_draw + lane as u32, 0, step / 2, 0);
                        (even[lane], odd[lane]) = pair;
                    }
                }
            }
            let [fighters, fear, wealth, a, b, c] = region;
            for lane in 0..WIDTH {
                let at_least_one = if fighters[lane] > 1.0 { fighters[lane] } else { 1.0 };
                means[lane] = 2.0 * math::pow(at_least_one / 100.0, 0.7);
            }
            poisson_lanes(&means, &uniforms[i][1][parity], &mut counts);
            for lane in 0..WIDTH {
                let x = fighters[lane];
                let noise = math::normal_quantile(uniforms[i][0][parity][lane]);
                let joining = x * growth[lane] * math::exp(-x / 400.0) * math::exp(0.1 * noise);
                if step == 0 {
                    // As if what joins had always been what it is at the start.
                    for level in [&mut *a, &mut *b, &mut *c] {
                        level[lane] = joining * 4.0;
                    }
                }
                let (la, lb, lc) = (a[lane], b[lane], c[lane]);
                let out = lc / 4.0;
                let leaving = out * 0.5 + x * 0.005 * math::log(1.0 + fear[lane]);
                a[lane] = la + joining - la / 4.0;
                b[lane] = lb + la / 4.0 - lb / 4.0;
                c[lane] = lc + lb / 4.0 - out;
                fighters[lane] = x + joining - leaving;
                let alarmed = lookup(counts[lane], &ALARM);
                let f = fear[lane];
                fear[lane] = f + alarmed * (1.0 - f) * 0.05 - f / 10.0;
                let w = wealth[lane];
                wealth[lane] = w + 0.01 * w * (1.0 - w / 2.0) - 0.002 * w * counts[lane];
            }
        }
    }
    std::array::from_fn(|lane| regions.iter().map(|region| region[0][lane]).sum())
}

/// A fast sequential generator: xoshiro256++ (Blackman and Vigna 2021).
struct Sequential([u64; 4]);

impl Sequential {
    fn new(seed: u64) -> Self {
        use contingent_engine::random::mix;
        Self(std::array::from_fn(|i| mix(seed.wrapping_mul(4).wrapping_add(i as u64))))
    }

    #[inline]
    fn uniform(&mut self) -> f64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        ((result >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
    }

    #[inline]
    #[expect(clippy::disallowed_methods, reason = "the limit may take the machine's own logarithm")]
    fn waiting_time(&mut self, rate: f64) -> f64 {
        -self.uniform().ln() / rate
    }
}

fn by_runs(parameters: &[f64], run: fn(f64, &mut Sequential) -> (f64, f64)) -> Limit {
    let parameters = parameters.to_vec();
    Limit {
        run: Box::new(move || {
            let mut results = Results { outcomes: Vec::with_capacity(parameters.len()), n_jumps: 0.0 };
            for (i, &parameter) in parameters.iter().enumerate() {
                let (outcome, n_jumps) = run(parameter, &mut Sequential::new(i as u64));
                results.outcomes.push(outcome);
                results.n_jumps += n_jumps;
            }
            results
        }),
        tolerance: Tolerance::Mean,
    }
}

/// `models/birth-death.ctg`.
pub(crate) fn birth_death(parameters: &[f64]) -> Limit {
    by_runs(parameters, |birth, random| {
        let (mut x, mut t, mut n_jumps) = (1_000.0, 0.0, 0.0);
        loop {
            let (up, down) = (birth * x, 1.1 * x);
            let rate = up + down;
            if rate == 0.0 {
                break;
            }
            t += random.waiting_time(rate);
            if t >= 50.0 {
                break;
            }
            x += if random.uniform() * rate < up { 1.0 } else { -1.0 };
            n_jumps += 1.0;
        }
        (x, n_jumps)
    })
}

fn epidemic_run(contacts: f64, random: &mut Sequential) -> (f64, f64) {
    let (mut s, mut i, mut t, mut n_jumps) = (990.0, 10.0, 0.0, 0.0);
    while i > 0.0 {
        let (up, down) = (contacts * s * i / 1_000.0, i);
        let rate = up + down;
        t += random.waiting_time(rate);
        if t >= 20.0 {
            break;
        }
        if random.uniform() * rate < up {
            s -= 1.0;
            i += 1.0;
        } else {
            i -= 1.0;
        }
        n_jumps += 1.0;
    }
    (1_000.0 - s, n_jumps)
}

/// `models/sir.ctg`.
pub(crate) fn epidemic(parameters: &[f64]) -> Limit {
    by_runs(parameters, epidemic_run)
}

/// The mean number of jumps, from some runs by hand.
pub(crate) fn epidemic_jumps(contacts: f64) -> f64 {
    let runs = (0..50).map(|seed| epidemic_run(contacts, &mut Sequential::new(1_000 + seed)).1);
    runs.sum::<f64>() / 50.0
}
