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
use super::table::{Target, Total};

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

/// Standard error of the difference of the gains of two boxes, draws as independent units: a draw with r runs and
/// h hits weighs `2 g (h - p r) - g^2 r` in the gain, with g the deviation of the share of hits of its part from p.
fn error_of_difference(
    trajectory: &Trajectory,
    target: &Target,
    draws: &[u32],
    first: usize,
    second: usize,
) -> f64 {
    let whole = trajectory.boxes[0].inside;
    let mean = whole.share();
    let parts = |place: usize| {
        let inside = trajectory.boxes[place].inside;
        let outside = Total { runs: whole.runs - inside.runs, hits: whole.hits - inside.hits };
        [inside.share() - mean, outside.share() - mean]
    };
    let (first_parts, second_parts) = (parts(first), parts(second));
    let n = draws.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for (&draw, &left_at) in draws.iter().zip(&trajectory.left_at) {
        let (runs, hits) = (target.counts[draw as usize], target.hits[draw as usize]);
        let excess = hits - mean * runs;
        let g = first_parts[usize::from(left_at as usize <= first)];
        let h = second_parts[usize::from(left_at as usize <= second)];
        let weight = 2.0 * (g - h) * excess - (g * g - h * h) * runs;
        sum += weight;
        squares += weight * weight;
    }
    let to_gain = n / whole.runs;
    let average = sum / n;
    to_gain * ((squares / n - average * average).max(0.0) / n).sqrt()
}
