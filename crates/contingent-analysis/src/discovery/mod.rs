//! Scenario discovery: in which futures does it happen, said as boxes in the assumptions (Bryant and Lempert 2010).
//!
//! Enters: a [`DrawTable`] of assumptions and a [`Target`], how often the outcome came in each draw. Leaves: a
//! [`Discovery`]: at most a few boxes with coverage, density and mass, what each restriction is worth, the trade-off
//! curve, the stability of the search, and a regression tree as a second opinion. Always holds: every figure is
//! measured on draws that had no part in the search; the same table, target and seed give the same bits.
//!
//! **Noise.** What is searched for is p(theta), the chance of the outcome given the assumptions, of which a draw with
//! few replications shows only a toss or two. Averages over a box of hundreds of draws are unbiased for the average of
//! p(theta) all the same; what the tosses do is to lead the search astray, towards slabs that were lucky. So a random
//! half of the draws is searched; a quarter, which had no part in that, prunes restrictions that chance explains and decides
//! whether there is a box at all; and the last quarter, which had no part in either, gives every figure.
//!
//! **Procedure**, on the searched half: peel (`peel`), take a box (`choose`); by the deciding quarter, drop the
//! restriction with the weakest quasi-p-value as long as it exceeds the level divided by the number of restrictions;
//! paste (`paste`), and prune and paste again until nothing is dropped. The same is done with the densest leaves of a tree
//! (`tree`), which finds regions that hide from peeling because their like lies at the other end of an assumption; the
//! better box is taken. Then bounds are written with few digits, and the box is measured. What lies in it is set aside
//! and the search begins again, until a box fails its test or enough are found (Friedman and Fisher 1999, section 10:
//! covering).

mod choose;
mod figures;
mod paste;
mod peel;
mod region;
mod stability;
mod table;
mod tree;

#[cfg(test)]
mod tests;

use contingent_engine::random::{StreamKey, stream_hash, uniform_pair};

use crate::order::all_ascending;
use crate::special::Z_95;
use crate::threads;

use self::figures::{measure, quasi_p_value, share_of};
use self::peel::{Peeling, Trajectory, peel};

pub use self::figures::{Figures, Share};
pub use self::region::{Region, Restriction};
pub use self::stability::Stability;
pub use self::table::{DrawTable, Target};
pub use self::tree::{Branch, Leaf, Node, Tree};

/// How the search goes; the defaults are those that the validation was made with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscoveryOptions {
    /// Key of the random halves.
    pub seed: u64,
    /// Boxes at most.
    pub most_boxes: usize,
    /// Share of the box that one slab takes off: 5%, patient enough and the usual choice.
    pub slab: f64,
    /// Share of the runs that a box holds at least.
    pub smallest: f64,
    /// A box is claimed when chance makes one as dense with no more than this probability.
    pub box_level: f64,
    /// Restrictions are kept when chance explains any of a box with no more than this probability.
    pub restriction_level: f64,
    /// A box is claimed when its density is at least so many times the share of hits in all futures.
    pub least_lift: f64,
    /// Other halvings of the draws on which the search is repeated.
    pub n_resamples: u32,
    /// Leaves of the tree at most; none grows no tree.
    pub most_leaves: usize,
}

impl Default for DiscoveryOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            most_boxes: 3,
            slab: 0.05,
            smallest: 0.03,
            box_level: 0.01,
            restriction_level: 0.05,
            least_lift: 1.1,
            n_resamples: 10,
            most_leaves: 8,
        }
    }
}

/// Leaves of the tree that are tried as beginnings of a box.
const N_LEAVES_TRIED: usize = 3;

/// Fewer draws than this are not searched: the smallest box would rest on a handful.
pub const FEWEST_DRAWS: usize = 200;

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As many boxes as were allowed were found.
    EnoughBoxes,
    /// The next box could be chance, or is hardly denser than all futures together.
    NotConvincing,
    /// The outcome came in every run, or in none.
    AlwaysTheSame,
    /// There were fewer than [`FEWEST_DRAWS`] draws.
    TooFewDraws,
    /// No assumption varies.
    NothingVaries,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// Hits in all futures.
    pub base: Share,
    /// Draws with a run that counts.
    pub n_draws: usize,
    /// The boxes, in the order in which they were found; each is measured outside of those before it.
    pub boxes: Vec<FoundBox>,
    /// Why there are no more.
    pub ending: Ending,
    /// The search for the first box, from the whole to the smallest; measured on the measuring quarter.
    pub curve: Vec<CurvePoint>,
    /// All boxes together; absent when there is none.
    pub together: Option<Together>,
    /// The second opinion; absent when nothing was searched.
    pub tree: Option<Tree>,
}

/// One box.
#[derive(Clone, Debug)]
pub struct FoundBox {
    /// What it demands.
    pub region: Region,
    /// What it amounts to. Coverage and mass are of all futures, those of earlier boxes included; the density is among
    /// the futures of this box that lie in no earlier one.
    pub figures: Figures,
    /// Share of hits in all futures that lie in no earlier box.
    pub remaining_share: Share,
    /// Quasi-p-value of the whole box, on the measuring quarter.
    pub p_value: f64,
    /// Per restriction, in the order of the region: what it is worth.
    pub worth: Vec<RestrictionWorth>,
    /// How the search fares on other halves.
    pub stability: Stability,
}

/// What one restriction does for its box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestrictionWorth {
    /// The assumption.
    pub assumption: usize,
    /// How likely the box would be as dense, or denser, by chance if this restriction meant nothing; of draws that had no
    /// part in keeping it.
    pub p_value: f64,
    /// Density of the box without it.
    pub density_without: f64,
    /// Coverage of the box without it, of all hits.
    pub coverage_without: f64,
}

/// One box on the way from the whole to the smallest.
#[derive(Clone, Debug)]
pub struct CurvePoint {
    /// What it demands.
    pub region: Region,
    /// Share of all hits inside.
    pub coverage: f64,
    /// Share of hits among the runs inside.
    pub density: f64,
    /// Share of all runs inside.
    pub mass: f64,
    /// Draws inside in the measuring quarter.
    pub n_draws: usize,
    /// Whether the rule took this one, before pruning and pasting.
    pub is_chosen: bool,
}

/// All boxes together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// Share of all hits in one of the boxes.
    pub coverage: Share,
    /// Share of all runs in one of the boxes.
    pub mass: f64,
    /// Share of hits in the boxes.
    pub density: Share,
    /// Share of hits outside all boxes.
    pub density_outside: Share,
    /// Of the variance of p(theta) over the draws, the share that telling in which box a future lies accounts for; absent
    /// with one replication per draw or when that variance cannot be told from nothing.
    pub explained: Option<f64>,
}

/// Searches for boxes in which the outcome comes more often than elsewhere.
///
/// # Panics
/// When the target is not of the draws of the table.
pub fn discover(table: &DrawTable, target: &Target, options: &DiscoveryOptions) -> Discovery {
    assert_eq!(table.n_draws(), target.per_draw.len(), "a target of the same draws");
    let draws = target.draws();
    let mut discovery = Discovery {
        base: share_of(target, &draws),
        n_draws: draws.len(),
        boxes: Vec::new(),
        ending: Ending::EnoughBoxes,
        curve: Vec::new(),
        together: None,
        tree: None,
    };
    let whole = target.total(&draws);
    let reason = if whole.hits == 0.0 || whole.hits == whole.runs {
        Some(Ending::AlwaysTheSame)
    } else if draws.len() < FEWEST_DRAWS {
        Some(Ending::TooFewDraws)
    } else if table.n_varying() == 0 {
        Some(Ending::NothingVaries)
    } else {
        None
    };
    if let Some(reason) = reason {
        discovery.ending = reason;
        return discovery;
    }
    let parts = Parts::of(&draws, options.seed, 0);
    let ((), tree) = threads::join(
        || find_boxes(&mut discovery, &Searcher { table, target, options }, &parts),
        || {
            (options.most_leaves > 0)
                .then(|| tree::grow(table, target, &parts.search, &parts.not_searched(), options))
        },
    );
    discovery.tree = tree;
    discovery
}

/// Looks for one box after the other, each among what the earlier ones left.
fn find_boxes(discovery: &mut Discovery, searcher: &Searcher<'_>, parts: &Parts) {
    let Searcher { table, target, options } = *searcher;
    let mut active = parts.clone();
    while discovery.boxes.len() < options.most_boxes {
        let first = discovery.boxes.is_empty();
        let (candidate, trajectory) = searcher.search(&active);
        if first {
            discovery.curve = curve(&trajectory, candidate.as_ref(), table, target, &parts.measure);
        }
        let found = candidate
            .and_then(|candidate| searcher.convince(&candidate.region, &active, parts, discovery.base.value));
        let Some(found) = found else {
            discovery.ending = Ending::NotConvincing;
            break;
        };
        let outside = |draws: &[u32]| -> Vec<u32> {
            draws.iter().copied().filter(|&draw| !found.region.holds(table, draw as usize)).collect()
        };
        active = Parts {
            search: outside(&active.search),
            decide: outside(&active.decide),
            measure: outside(&active.measure),
        };
        discovery.boxes.push(found);
        let fewest = active.decide.len().min(active.measure.len());
        if active.search.len() < FEWEST_DRAWS / 2 || fewest < FEWEST_DRAWS / 4 {
            discovery.ending = Ending::NotConvincing;
            break;
        }
    }
    discovery.together = together(&discovery.boxes, table, target, &parts.measure);
}

/// The draws in three parts.
#[derive(Clone, Debug)]
struct Parts {
    /// A half, in which boxes are looked for.
    search: Vec<u32>,
    /// A quarter, which prunes boxes and decides whether there is one.
    decide: Vec<u32>,
    /// A quarter, on which they are measured.
    measure: Vec<u32>,
}

impl Parts {
    /// Parts some draws at random: by the order of a number keyed with the seed, the parting and the draw, so that
    /// another question or a further draw changes nothing of the order.
    fn of(draws: &[u32], seed: u64, parting: u32) -> Self {
        let keys = StreamKey::new(seed, stream_hash("scenario discovery", "halves", 0)).round_keys();
        let numbers: Vec<f64> =
            draws.iter().map(|&draw| uniform_pair(&keys, draw, parting, 0, 0).0).collect();
        let shuffled = all_ascending(&numbers);
        let (search, rest) = shuffled.split_at(shuffled.len() / 2);
        let (decide, measure) = rest.split_at(rest.len() / 2);
        let ascending = |part: &[u32]| {
            let mut part: Vec<u32> = part.iter().map(|&place| draws[place as usize]).collect();
            part.sort_unstable();
            part
        };
        Self { search: ascending(search), decide: ascending(decide), measure: ascending(measure) }
    }

    /// The draws that were not searched, ascending.
    fn not_searched(&self) -> Vec<u32> {
        merged(&[&self.decide, &self.measure])
    }

    /// All draws, ascending.
    fn all(&self) -> Vec<u32> {
        merged(&[&self.search, &self.decide, &self.measure])
    }
}

fn merged(parts: &[&[u32]]) -> Vec<u32> {
    let mut draws = parts.concat();
    draws.sort_unstable();
    draws
}

struct Searcher<'a> {
    table: &'a DrawTable,
    target: &'a Target,
    options: &'a DiscoveryOptions,
}

/// A box that the searching half suggests, and which box of the trajectory it began as; none where it began as a leaf.
struct Candidate {
    region: Region,
    chosen: Option<usize>,
}

impl Searcher<'_> {
    /// Peels, chooses, pastes, prunes and writes the bounds; the deciding part has a say in the pruning alone.
    fn search(&self, parts: &Parts) -> (Option<Candidate>, Trajectory) {
        let peeling = Peeling { slab: self.options.slab, smallest: self.options.smallest };
        let peel = || {
            let trajectory = peel(self.table, self.target, &parts.search, peeling);
            let chosen = choose::choose(&trajectory, self.target, &parts.search);
            let peeled = chosen.map(|chosen| self.refine(&trajectory.boxes[chosen].region, parts));
            (trajectory, chosen, peeled)
        };
        let leaves = || {
            let leaves = tree::densest_leaves(self.table, self.target, &parts.search, N_LEAVES_TRIED);
            threads::map(&leaves, |leaf| self.refine(leaf, parts))
        };
        let ((trajectory, chosen, peeled), refined_leaves) = threads::join(peel, leaves);
        let mut best = peeled.clone().unwrap_or_default();
        let mut is_leaf = false;
        for refined in refined_leaves {
            if !refined.restrictions.is_empty()
                && choose::is_better(self.table, self.target, &parts.search, &refined, &best)
            {
                best = refined;
                is_leaf = true;
            }
        }
        let candidate = (peeled.is_some() || is_leaf).then(|| Candidate {
            region: paste::round_bounds(&best, self.table, self.target, &parts.search),
            chosen: chosen.filter(|_| !is_leaf),
        });
        (candidate, trajectory)
    }

    /// Prunes and pastes a box until nothing is dropped.
    fn refine(&self, region: &Region, parts: &Parts) -> Region {
        let smallest = self.options.smallest * self.target.total(&parts.search).runs;
        let paste = |region: &Region| paste::paste(region, self.table, self.target, &parts.search, smallest);
        let prune = |mut region: Region| {
            while let Some(weakest) = self.weakest_restriction(&region, &parts.decide) {
                region = region.without(weakest);
            }
            region
        };
        let mut region = paste(&prune(region.clone()));
        // New bounds are new restrictions, and are put to the same test; each round leaves fewer or ends.
        loop {
            let pruned = prune(region.clone());
            if pruned == region {
                return region;
            }
            region = paste(&pruned);
        }
    }

    /// The restriction with the largest quasi-p-value, when that exceeds the level divided by the number of
    /// restrictions (Bonferroni).
    fn weakest_restriction(&self, region: &Region, decide: &[u32]) -> Option<usize> {
        let n = region.restrictions.len();
        let (p_value, weakest) = self
            .restriction_p_values(region, decide)
            .into_iter()
            .zip(&region.restrictions)
            .map(|(p_value, (assumption, _))| (p_value, *assumption))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        (p_value > self.options.restriction_level / n as f64).then_some(weakest)
    }

    /// The quasi-p-value of each restriction: how likely a part of the box without it, as large as the box, would be as
    /// dense.
    fn restriction_p_values(&self, region: &Region, draws: &[u32]) -> Vec<f64> {
        let (members, nearly) = region.members_and_near_misses(self.table, draws);
        let inside = self.target.total(&members);
        nearly
            .into_iter()
            .map(|missing_one| {
                let mut wider = [members.as_slice(), &missing_one].concat();
                wider.sort_unstable();
                let expected = self.target.total(&wider).share();
                quasi_p_value(self.target, &wider, inside, members.len(), expected)
            })
            .collect()
    }

    /// The box as a finding, when the deciding part bears it out.
    fn convince(&self, region: &Region, active: &Parts, parts: &Parts, base: f64) -> Option<FoundBox> {
        if region.restrictions.is_empty() {
            return None;
        }
        let (table, target) = (self.table, self.target);
        // A later box has to stand out from all futures, not only from what the earlier ones left.
        let p_value = |active: &[u32], whole: &[u32]| {
            let members = region.members(table, active);
            let inside = target.total(&members);
            let expected = target.total(active).share().max(target.total(whole).share());
            (quasi_p_value(target, active, inside, members.len(), expected), inside.share())
        };
        let (decided, density) = p_value(&active.decide, &parts.decide);
        if decided > self.options.box_level || density < self.options.least_lift * base {
            return None;
        }
        let members = region.members(table, &active.measure);
        let all = target.total(&parts.measure);
        let figures = measure(target, &members, &parts.measure);
        let worth = region
            .restrictions
            .iter()
            .zip(self.restriction_p_values(region, &active.measure))
            .map(|(&(assumption, _), p_value)| {
                let wider = target.total(&region.without(assumption).members(table, &active.measure));
                RestrictionWorth {
                    assumption,
                    p_value,
                    density_without: wider.share(),
                    coverage_without: if all.hits > 0.0 { wider.hits / all.hits } else { 0.0 },
                }
            })
            .collect();
        Some(FoundBox {
            region: region.clone(),
            figures,
            remaining_share: share_of(target, &active.measure),
            p_value: p_value(&active.measure, &parts.measure).0,
            worth,
            stability: stability::resample(self, region, active),
        })
    }
}

fn curve(
    trajectory: &Trajectory,
    candidate: Option<&Candidate>,
    table: &DrawTable,
    target: &Target,
    check: &[u32],
) -> Vec<CurvePoint> {
    let whole = target.total(check);
    let mut members = check.to_vec();
    trajectory
        .boxes
        .iter()
        .enumerate()
        .map(|(place, peeled)| {
            members = peeled.region.members(table, &members);
            let inside = target.total(&members);
            CurvePoint {
                region: peeled.region.clone(),
                coverage: if whole.hits > 0.0 { inside.hits / whole.hits } else { 0.0 },
                density: inside.share(),
                mass: inside.runs / whole.runs,
                n_draws: members.len(),
                is_chosen: candidate.is_some_and(|candidate| candidate.chosen == Some(place)),
            }
        })
        .collect()
}

fn together(boxes: &[FoundBox], table: &DrawTable, target: &Target, check: &[u32]) -> Option<Together> {
    if boxes.is_empty() {
        return None;
    }
    let part_of = |draw: u32| {
        boxes.iter().position(|found| found.region.holds(table, draw as usize)).unwrap_or(boxes.len())
    };
    let mut parts = vec![Vec::new(); boxes.len() + 1];
    for &draw in check {
        parts[part_of(draw)].push(draw);
    }
    let outside = share_of(target, &parts[boxes.len()]);
    let mut covered: Vec<u32> = parts[..boxes.len()].concat();
    covered.sort_unstable();
    let figures = measure(target, &covered, check);
    Some(Together {
        coverage: figures.coverage,
        mass: figures.mass,
        density: figures.density,
        density_outside: outside,
        explained: explained(target, check, &parts),
    })
}

/// The share of the variance of p(theta) that lies between parts of the draws. Numerator and denominator are both freed
/// of the chance in them: the mean square of the parts' deviations less the sampling variance of their means, and the
/// mean product of two runs of one draw.
fn explained(target: &Target, draws: &[u32], parts: &[Vec<u32>]) -> Option<f64> {
    let whole = target.total(draws);
    let mean = whole.share();
    let (mut pairs, mut products, mut squares) = (0.0, 0.0, 0.0);
    for &draw in draws {
        let table::Total { runs, hits } = target.per_draw[draw as usize];
        let excess = hits - mean * runs;
        let own = hits * (1.0 - mean) * (1.0 - mean) + (runs - hits) * mean * mean;
        let product = excess * excess - own;
        pairs += runs * (runs - 1.0);
        products += product;
        squares += product * product;
    }
    if pairs <= 0.0 || products <= Z_95 * squares.sqrt() {
        return None;
    }
    let between: f64 = parts
        .iter()
        .filter(|part| part.len() >= 2)
        .map(|part| {
            let total = target.total(part);
            let share = total.share();
            let scatter: f64 = part
                .iter()
                .map(|&draw| {
                    let residual =
                        target.per_draw[draw as usize].hits - share * target.per_draw[draw as usize].runs;
                    residual * residual
                })
                .sum();
            let n = part.len() as f64;
            let of_mean = n / (n - 1.0) * scatter / (total.runs * total.runs);
            total.runs / whole.runs * ((share - mean) * (share - mean) - of_mean)
        })
        .sum();
    Some((between / (products / pairs)).clamp(0.0, 1.0))
}
