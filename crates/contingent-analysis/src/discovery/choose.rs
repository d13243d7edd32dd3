//! Which box of a trajectory is taken.
//!
//! Enters: a trajectory and the searched draws. Leaves: the position of a box. Always holds: the box that would
//! sharpen the forecast most is taken, unless one with fewer restrictions does as well within one standard error.
//!
//! Telling whether a future lies in a box takes `f (1 - f) (d_in - d_out)^2` off the expected Brier score, with f the
//! mass of the box and d the share of hits inside and outside: the variance between the two parts. The box with the
//! largest gain is the one whose membership goes best with p(theta), whatever density chance allows; a planted box is
//! recovered exactly, where rules on coverage times density ask for a density that chance may forbid. The standard
//! error is that of the difference of two gains over the same draws (the rule of one standard error: Breiman et al.
//! 1984, section 3.4.3).

use super::peel::Trajectory;
use super::region::Region;
use super::table::{DrawTable, Target, Total};

/// Position of the box taken; none when no box has more hits than the whole.
pub(super) fn choose(trajectory: &Trajectory, target: &Target, draws: &[u32]) -> Option<usize> {
    let whole = trajectory.boxes[0].inside;
    let gain = |place: usize| trajectory.boxes[place].inside.gain(whole);
    let best = (1..trajectory.boxes.len()).max_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(b.cmp(&a)))?;
    if gain(best) <= 0.0 {
        return None;
    }
    let n_restricted = |place: usize| trajectory.boxes[place].region.restrictions.len();
    let as_good = |place: usize| {
        gain(place) > 0.0
            && gain(best) - gain(place) <= error_of_difference(trajectory, target, draws, best, place)
    };
    (1..trajectory.boxes.len())
        .filter(|&place| n_restricted(place) < n_restricted(best) && as_good(place))
        .chain([best])
        .min_by(|&a, &b| {
            n_restricted(a).cmp(&n_restricted(b)).then(gain(b).total_cmp(&gain(a))).then(a.cmp(&b))
        })
}

/// Whether the gain of one box exceeds that of another by more than one standard error of the difference; the whole
/// space has none.
pub(super) fn is_better(
    table: &DrawTable,
    target: &Target,
    draws: &[u32],
    region: &Region,
    than: &Region,
) -> bool {
    let whole = target.total(draws);
    let memberships: Vec<[bool; 2]> =
        draws.iter().map(|&draw| [region, than].map(|region| region.holds(table, draw as usize))).collect();
    let inside = |which: usize| {
        let mut total = Total::default();
        for (&draw, membership) in draws.iter().zip(&memberships) {
            if membership[which] {
                total.add(target.per_draw[draw as usize]);
            }
        }
        total
    };
    let (one, other) = (inside(0), inside(1));
    let error = error_of_gains(target, draws, whole, [one, other], memberships.into_iter());
    one.gain(whole) > 0.0 && one.gain(whole) - other.gain(whole).max(0.0) > error
}

fn error_of_difference(
    trajectory: &Trajectory,
    target: &Target,
    draws: &[u32],
    first: usize,
    second: usize,
) -> f64 {
    let inside = [first, second].map(|place| trajectory.boxes[place].inside);
    let memberships =
        trajectory.left_at.iter().map(|&left_at| [left_at as usize > first, left_at as usize > second]);
    error_of_gains(target, draws, trajectory.boxes[0].inside, inside, memberships)
}

/// Standard error of the difference of the gains of two boxes, draws as independent units: a draw with r runs and
/// h hits weighs `2 g (h - p r) - g^2 r` in the gain, with g the deviation of the share of hits of its part from p.
/// `memberships` says of each draw whether it lies in the first and in the second.
fn error_of_gains(
    target: &Target,
    draws: &[u32],
    whole: Total,
    inside: [Total; 2],
    memberships: impl Iterator<Item = [bool; 2]>,
) -> f64 {
    let mean = whole.share();
    let parts = inside.map(|inside| {
        let outside = Total { runs: whole.runs - inside.runs, hits: whole.hits - inside.hits };
        let deviation = |part: Total| if part.runs > 0.0 { part.share() - mean } else { 0.0 };
        [deviation(inside), deviation(outside)]
    });
    let n = draws.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for (&draw, is_inside) in draws.iter().zip(memberships) {
        let Total { runs, hits } = target.per_draw[draw as usize];
        let excess = hits - mean * runs;
        let g = parts[0][usize::from(!is_inside[0])];
        let h = parts[1][usize::from(!is_inside[1])];
        let weight = 2.0 * (g - h) * excess - (g * g - h * h) * runs;
        sum += weight;
        squares += weight * weight;
    }
    let to_gain = n / whole.runs;
    let average = sum / n;
    to_gain * ((squares / n - average * average).max(0.0) / n).sqrt()
}
