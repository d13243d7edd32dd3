//! Where nodes and groups stand.
//!
//! Enters: sizes of labels, links, groups, a width. Leaves: rectangles. Always holds: nodes of a group stand in rows within its box
//! and boxes do not touch, so that labels cannot overlap; the same graph gives the same bits.
//!
//! The order of groups and of nodes comes from a stress layout and is then improved by exchanges of two (a local search, as in
//! crossing minimisation by adjacent exchange: Di Battista et al. 1999), for as long as one lowers a cost of crossings, of links that
//! run across nodes, of length and of height.

use super::geometry::{Rectangle, cross};
use super::stress::wished_positions;

/// Room between nodes of a row.
const NODE_GAP: f64 = 22.0;
/// Room between rows.
const ROW_GAP: f64 = 32.0;
/// Room inside of a box.
const PADDING: f64 = 18.0;
/// Room for the name of a group.
const HEADER: f64 = 24.0;
/// Room between boxes.
const GROUP_GAP: f64 = 30.0;
/// Most sweeps of exchanges.
const MOST_SWEEPS: usize = 8;

/// What is to be laid out.
pub(super) struct Plan<'a> {
    /// Width and height of each node.
    pub(super) sizes: &'a [(f64, f64)],
    /// The group of each node, 0 to `n_groups`.
    pub(super) group_of: &'a [usize],
    /// Width of the name of each group.
    pub(super) name_widths: &'a [f64],
    /// From node to node.
    pub(super) edges: &'a [(usize, usize)],
    /// The width to keep.
    pub(super) width: f64,
}

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) nodes: Vec<Rectangle>,
    pub(super) groups: Vec<Rectangle>,
    pub(super) height: f64,
}

/// The order that decides a layout.
#[derive(Clone)]
struct Arrangement {
    groups: Vec<usize>,
    /// Nodes of each group, row after row.
    rows: Vec<Vec<Vec<usize>>>,
}

/// Lays out a plan.
pub(super) fn lay_out(plan: &Plan<'_>) -> Layout {
    let n_groups = plan.name_widths.len();
    let wished = wished_positions(plan.sizes.len(), plan.edges, plan.group_of);
    let mut members = vec![Vec::new(); n_groups];
    for (node, &group) in plan.group_of.iter().enumerate() {
        members[group].push(node);
    }
    let rows: Vec<Vec<Vec<usize>>> = members.iter().map(|nodes| rows_of(plan, nodes, &wished)).collect();
    let middle = |group: usize| {
        let n = members[group].len().max(1) as f64;
        let sum = members[group]
            .iter()
            .fold((0.0, 0.0), |sum, &node| (sum.0 + wished[node].0, sum.1 + wished[node].1));
        (sum.0 / n, sum.1 / n)
    };
    let mut groups: Vec<usize> = (0..n_groups).filter(|&group| !members[group].is_empty()).collect();
    // Reading order of the middles: bands of height from the top, each from the left.
    let middles: Vec<(f64, f64)> = (0..n_groups).map(middle).collect();
    groups.sort_by(|&a, &b| middles[a].1.total_cmp(&middles[b].1).then(a.cmp(&b)));
    let band = (groups.len() as f64).sqrt().ceil() as usize;
    for part in groups.chunks_mut(band.max(1)) {
        part.sort_by(|&a, &b| middles[a].0.total_cmp(&middles[b].0).then(a.cmp(&b)));
    }
    let mut best = Arrangement { groups, rows };
    let mut layout = placed(plan, &best);
    let mut least = cost(plan, &layout);
    for _ in 0..MOST_SWEEPS {
        let before = least;
        for exchange in exchanges(&best) {
            let mut other = best.clone();
            exchange.apply(&mut other);
            let tried = placed(plan, &other);
            let price = cost(plan, &tried);
            if price < least - 1e-9 {
                (best, layout, least) = (other, tried, price);
            }
        }
        if least >= before {
            break;
        }
    }
    layout
}

/// Nodes of a group in rows: as many as make the box somewhat wider than high, by wished height, then from left to right.
fn rows_of(plan: &Plan<'_>, nodes: &[usize], wished: &[(f64, f64)]) -> Vec<Vec<usize>> {
    let area: f64 =
        nodes.iter().map(|&node| (plan.sizes[node].0 + NODE_GAP) * (plan.sizes[node].1 + ROW_GAP)).sum();
    let widest = nodes.iter().map(|&node| plan.sizes[node].0).fold(0.0, f64::max);
    let limit = (1.9 * area).sqrt().max(widest + NODE_GAP).min(plan.width - 2.0 * PADDING + NODE_GAP);
    let mut order = nodes.to_vec();
    order.sort_by(|&a, &b| wished[a].1.total_cmp(&wished[b].1).then(a.cmp(&b)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut filled = f64::INFINITY;
    for node in order {
        let width = plan.sizes[node].0 + NODE_GAP;
        if filled + width > limit {
            rows.push(Vec::new());
            filled = 0.0;
        }
        filled += width;
        if let Some(row) = rows.last_mut() {
            row.push(node);
        }
    }
    for row in &mut rows {
        row.sort_by(|&a, &b| wished[a].0.total_cmp(&wished[b].0).then(a.cmp(&b)));
    }
    rows
}

/// An exchange of two.
#[derive(Clone, Copy)]
enum Exchange {
    Groups(usize, usize),
    /// Of a group, two places (row, position).
    Nodes(usize, (usize, usize), (usize, usize)),
}

impl Exchange {
    fn apply(self, arrangement: &mut Arrangement) {
        match self {
            Self::Groups(a, b) => arrangement.groups.swap(a, b),
            Self::Nodes(group, a, b) => {
                let rows = &mut arrangement.rows[group];
                let (first, second) = (rows[a.0][a.1], rows[b.0][b.1]);
                rows[a.0][a.1] = second;
                rows[b.0][b.1] = first;
            }
        }
    }
}

fn exchanges(arrangement: &Arrangement) -> Vec<Exchange> {
    let mut found = Vec::new();
    let n = arrangement.groups.len();
    found.extend((0..n).flat_map(|a| (a + 1..n).map(move |b| Exchange::Groups(a, b))));
    for (group, rows) in arrangement.rows.iter().enumerate() {
        let places: Vec<(usize, usize)> = rows
            .iter()
            .enumerate()
            .flat_map(|(row, nodes)| (0..nodes.len()).map(move |i| (row, i)))
            .collect();
        for (i, &a) in places.iter().enumerate() {
            found.extend(places[i + 1..].iter().map(|&b| Exchange::Nodes(group, a, b)));
        }
    }
    found
}

/// The layout of an arrangement: boxes in shelves, low ones on top of each other beside high ones.
fn placed(plan: &Plan<'_>, arrangement: &Arrangement) -> Layout {
    let sizes: Vec<(f64, f64)> = arrangement
        .rows
        .iter()
        .zip(plan.name_widths)
        .map(|(rows, name)| box_size(plan, rows, *name))
        .collect();
    // Shelves of columns of groups.
    let mut shelves: Vec<Vec<Vec<usize>>> = Vec::new();
    let (mut shelf_width, mut shelf_height, mut column_height, mut column_width) =
        (f64::INFINITY, 0.0_f64, 0.0, 0.0_f64);
    for &group in &arrangement.groups {
        let (width, height) = sizes[group];
        let column = shelves.last_mut().and_then(|shelf| shelf.last_mut());
        if let Some(column) = column
            && column_height + GROUP_GAP + height <= shelf_height
            && shelf_width - column_width + column_width.max(width) <= plan.width
        {
            column.push(group);
            column_height += GROUP_GAP + height;
            shelf_width += (width - column_width).max(0.0);
            column_width = column_width.max(width);
            continue;
        }
        if shelf_width + GROUP_GAP + width > plan.width || shelves.is_empty() {
            shelves.push(Vec::new());
            (shelf_width, shelf_height) = (-GROUP_GAP, 0.0);
        }
        if let Some(shelf) = shelves.last_mut() {
            shelf.push(vec![group]);
        }
        shelf_width += GROUP_GAP + width;
        shelf_height = shelf_height.max(height);
        (column_width, column_height) = (width, height);
    }
    let mut layout = Layout {
        nodes: vec![Rectangle::default(); plan.sizes.len()],
        groups: vec![Rectangle::default(); sizes.len()],
        height: 0.0,
    };
    let mut top = 0.0;
    for shelf in &shelves {
        let widths: Vec<f64> = shelf
            .iter()
            .map(|column| column.iter().map(|&group| sizes[group].0).fold(0.0, f64::max))
            .collect();
        let heights: Vec<f64> = shelf
            .iter()
            .map(|column| {
                column.iter().map(|&group| sizes[group].1).sum::<f64>()
                    + GROUP_GAP * (column.len() - 1) as f64
            })
            .collect();
        let height = heights.iter().copied().fold(0.0, f64::max);
        let free = plan.width - widths.iter().sum::<f64>() - GROUP_GAP * (shelf.len() - 1) as f64;
        // What is left over goes to the boxes, so that shelves are flush; a box grows by a half at most.
        let mut left = 0.0;
        let shares: Vec<f64> =
            widths.iter().map(|&width| (free.max(0.0) / shelf.len() as f64).min(0.5 * width)).collect();
        left += (free.max(0.0) - shares.iter().sum::<f64>()) / 2.0;
        for ((column, width), (share, used)) in shelf.iter().zip(&widths).zip(shares.iter().zip(&heights)) {
            let stretch = (height - used) / column.len() as f64;
            let mut y = top;
            for &group in column {
                let frame = Rectangle {
                    x: left,
                    y,
                    width: width + share,
                    height: sizes[group].1 + stretch.min(60.0),
                };
                place_rows(plan, &arrangement.rows[group], frame, &mut layout.nodes);
                layout.groups[group] = frame;
                y += frame.height + GROUP_GAP;
            }
            left += width + share + GROUP_GAP;
        }
        top += height + GROUP_GAP;
    }
    layout.height = (top - GROUP_GAP).max(0.0);
    layout
}

fn box_size(plan: &Plan<'_>, rows: &[Vec<usize>], name_width: f64) -> (f64, f64) {
    let width = rows.iter().map(|row| row_width(plan, row)).fold(name_width, f64::max);
    let height: f64 = rows.iter().map(|row| row_height(plan, row)).sum();
    let gaps = ROW_GAP * rows.len().saturating_sub(1) as f64;
    (width + 2.0 * PADDING, HEADER + height + gaps + PADDING)
}

fn row_width(plan: &Plan<'_>, row: &[usize]) -> f64 {
    row.iter().map(|&node| plan.sizes[node].0).sum::<f64>() + NODE_GAP * row.len().saturating_sub(1) as f64
}

fn row_height(plan: &Plan<'_>, row: &[usize]) -> f64 {
    row.iter().map(|&node| plan.sizes[node].1).fold(0.0, f64::max)
}

/// Nodes of a box: rows spread over its height, nodes over the width, every second row drawn in so that links find a way.
fn place_rows(plan: &Plan<'_>, rows: &[Vec<usize>], frame: Rectangle, nodes: &mut [Rectangle]) {
    let used: f64 = rows.iter().map(|row| row_height(plan, row)).sum();
    let free = frame.height - HEADER - PADDING - used;
    let gap = if rows.len() > 1 { free / (rows.len() - 1) as f64 } else { 0.0 };
    let mut y = frame.y + HEADER + if rows.len() > 1 { 0.0 } else { free / 2.0 };
    for (i, row) in rows.iter().enumerate() {
        let height = row_height(plan, row);
        let room = frame.width - 2.0 * PADDING - row_width(plan, row);
        let between = (room / (row.len() as f64 + 0.5)).clamp(0.0, 60.0);
        let slack = (room - between * row.len().saturating_sub(1) as f64).max(0.0);
        let mut x = frame.x
            + PADDING
            + slack
                * if rows.len() < 2 {
                    0.5
                } else if i % 2 == 0 {
                    0.3
                } else {
                    0.7
                };
        for &node in row {
            let (width, own) = plan.sizes[node];
            nodes[node] = Rectangle { x, y: y + (height - own) / 2.0, width, height: own };
            x += width + NODE_GAP + between;
        }
        y += height + gap;
    }
}

/// Crossings of straight links between the middles of nodes, those that share an end left out.
pub(super) fn n_crossings(edges: &[(usize, usize)], nodes: &[Rectangle]) -> usize {
    let ends: Vec<((f64, f64), (f64, f64))> =
        edges.iter().map(|&(from, to)| (nodes[from].middle(), nodes[to].middle())).collect();
    let mut n = 0;
    for (i, &(from, to)) in edges.iter().enumerate() {
        for (j, &(other_from, other_to)) in edges.iter().enumerate().skip(i + 1) {
            let share = from == other_from || from == other_to || to == other_from || to == other_to;
            if !share && cross(ends[i].0, ends[i].1, ends[j].0, ends[j].1) {
                n += 1;
            }
        }
    }
    n
}

fn cost(plan: &Plan<'_>, layout: &Layout) -> f64 {
    let mut hits = 0_usize;
    let mut length = 0.0;
    for &(from, to) in plan.edges {
        let (a, b) = (layout.nodes[from].middle(), layout.nodes[to].middle());
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        length += (dx * dx + dy * dy).sqrt();
        hits += layout
            .nodes
            .iter()
            .enumerate()
            .filter(|&(node, rectangle)| node != from && node != to && rectangle.is_crossed(a, b))
            .count();
    }
    // An exchange that makes a row too wide is never taken.
    let right = layout.groups.iter().map(|group| group.x + group.width).fold(0.0, f64::max);
    let overflow = 1e6 * (right - plan.width).max(0.0);
    overflow
        + n_crossings(plan.edges, &layout.nodes) as f64
        + 1.5 * hits as f64
        + length / 160.0
        + layout.height / 40.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random, the same each time (xorshift; Marsaglia 2003).
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, n: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 33) as usize % n
        }
    }

    fn random_plan(chance: &mut Chance) -> (Vec<(f64, f64)>, Vec<usize>, Vec<f64>, Vec<(usize, usize)>, f64) {
        let n = 3 + chance.below(18);
        let n_groups = 1 + chance.below(5);
        let sizes = (0..n)
            .map(|_| (50.0 + chance.below(90) as f64, if chance.below(2) == 0 { 24.0 } else { 39.0 }))
            .collect();
        let group_of = (0..n).map(|_| chance.below(n_groups)).collect();
        let names = (0..n_groups).map(|_| 40.0 + chance.below(120) as f64).collect();
        let mut edges: Vec<(usize, usize)> = (0..n + chance.below(n))
            .map(|_| (chance.below(n), chance.below(n)))
            .filter(|(a, b)| a != b)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        (sizes, group_of, names, edges, [340.0, 640.0, 1_000.0][chance.below(3)])
    }

    #[test]
    fn nothing_overlaps_on_random_graphs_and_the_search_never_adds_crossings_for_nothing() {
        let mut chance = Chance(0x2545_f491_4f6c_dd1d);
        let (mut before, mut after) = (0, 0);
        for case in 0..50 {
            let (sizes, group_of, name_widths, edges, width) = random_plan(&mut chance);
            let plan =
                Plan { sizes: &sizes, group_of: &group_of, name_widths: &name_widths, edges: &edges, width };
            let layout = lay_out(&plan);
            for (i, a) in layout.nodes.iter().enumerate() {
                for b in &layout.nodes[i + 1..] {
                    assert!(!a.touches(*b), "case {case}: {a:?} {b:?}");
                }
                let group = layout.groups[group_of[i]];
                let (x, y) = (a.x + a.width, a.y + a.height);
                assert!(a.x >= group.x && a.y >= group.y + 20.0, "case {case}");
                assert!(
                    x <= group.x + group.width + 1e-6 && y <= group.y + group.height + 1e-6,
                    "case {case}"
                );
                assert!(a.x >= -1e-6 && x <= width + 1e-6, "case {case}: {a:?} in {width}");
            }
            let used: Vec<Rectangle> =
                layout.groups.iter().copied().filter(|group| group.width > 0.0).collect();
            for (i, a) in used.iter().enumerate() {
                assert!(used[i + 1..].iter().all(|b| !a.touches(*b)), "case {case}");
            }
            assert_eq!(layout, lay_out(&plan), "case {case}");
            let wished = wished_positions(sizes.len(), &edges, &group_of);
            let mut members = vec![Vec::new(); name_widths.len()];
            for (node, &group) in group_of.iter().enumerate() {
                members[group].push(node);
            }
            let rows = members.iter().map(|nodes| rows_of(&plan, nodes, &wished)).collect();
            let groups = (0..members.len()).filter(|&group| !members[group].is_empty()).collect();
            before += n_crossings(&edges, &placed(&plan, &Arrangement { groups, rows }).nodes);
            after += n_crossings(&edges, &layout.nodes);
        }
        assert!(2 * after < before, "{after} crossings after the search, {before} before");
    }

    #[test]
    fn a_ring_and_a_tree_have_no_crossing() {
        let sizes = [(80.0, 24.0); 7];
        for edges in [
            vec![(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 0)],
            vec![(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)],
        ] {
            let plan =
                Plan { sizes: &sizes, group_of: &[0; 7], name_widths: &[60.0], edges: &edges, width: 600.0 };
            assert_eq!(n_crossings(&edges, &lay_out(&plan).nodes), 0, "{edges:?}");
        }
    }
}
