//! Where nodes would like to stand: stress majorisation (Gansner, Koren and North 2005).
//!
//! Enters: a graph and the group of each node. Leaves: one point per node. Always holds: the same graph gives the same bits; only
//! exact operations are used. The points are wishes: labels do not fit them yet.

/// Most rounds of majorisation; far fewer are needed before nothing moves.
const MOST_ROUNDS: usize = 150;

/// Points whose distances come near to those of the graph, nodes of one group nearer together.
pub(super) fn wished_positions(
    n_nodes: usize,
    edges: &[(usize, usize)],
    group_of: &[usize],
) -> Vec<(f64, f64)> {
    let distances = graph_distances(n_nodes, edges);
    let wished = |i: usize, j: usize| {
        distances[i * n_nodes + j] * if group_of[i] == group_of[j] { 0.75 } else { 1.25 }
    };
    // A start on a circle, nodes of one group beside each other; points of a circle from a rational parametrisation.
    let mut order: Vec<usize> = (0..n_nodes).collect();
    order.sort_by_key(|&i| (group_of[i], i));
    let mut points = vec![(0.0, 0.0); n_nodes];
    let radius = 0.5 * n_nodes as f64;
    for (place, &node) in order.iter().enumerate() {
        let quarter = 4.0 * place as f64 / n_nodes as f64;
        let side = quarter.floor();
        let t = 2.0 * (quarter - side) - 1.0;
        let scale = 1.0 / (1.0 + t * t).sqrt();
        let (x, y) = (t * scale, scale);
        points[node] = match side as usize {
            0 => (radius * x, -radius * y),
            1 => (radius * y, radius * x),
            2 => (-radius * x, radius * y),
            _ => (-radius * y, -radius * x),
        };
    }
    for _ in 0..MOST_ROUNDS {
        let mut moved = 0.0_f64;
        for i in 0..n_nodes {
            let (mut x, mut y, mut weights) = (0.0, 0.0, 0.0);
            for j in (0..n_nodes).filter(|&j| j != i) {
                let wish = wished(i, j);
                let weight = 1.0 / (wish * wish);
                let (dx, dy) = (points[i].0 - points[j].0, points[i].1 - points[j].1);
                let length = (dx * dx + dy * dy).sqrt();
                let pull = if length > 1e-9 { wish / length } else { 0.0 };
                x += weight * (points[j].0 + pull * dx);
                y += weight * (points[j].1 + pull * dy);
                weights += weight;
            }
            if weights > 0.0 {
                let next = (x / weights, y / weights);
                moved = moved.max((next.0 - points[i].0).abs() + (next.1 - points[i].1).abs());
                points[i] = next;
            }
        }
        if moved < 1e-4 {
            break;
        }
    }
    points
}

/// Lengths of shortest ways, whatever the direction; what is not connected stands one step beyond the longest.
fn graph_distances(n_nodes: usize, edges: &[(usize, usize)]) -> Vec<f64> {
    let mut neighbours = vec![Vec::new(); n_nodes];
    for &(from, to) in edges {
        neighbours[from].push(to);
        neighbours[to].push(from);
    }
    let mut distances = vec![f64::INFINITY; n_nodes * n_nodes];
    for start in 0..n_nodes {
        let row = &mut distances[start * n_nodes..(start + 1) * n_nodes];
        row[start] = 0.0;
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &next in &neighbours[node] {
                if row[next].is_infinite() {
                    row[next] = row[node] + 1.0;
                    queue.push_back(next);
                }
            }
        }
    }
    let longest = distances.iter().copied().filter(|distance| distance.is_finite()).fold(1.0, f64::max);
    for distance in &mut distances {
        if distance.is_infinite() {
            *distance = longest + 1.0;
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_stand_nearer_than_others() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 4)];
        let points = wished_positions(5, &edges, &[0; 5]);
        let apart = |i: usize, j: usize| {
            let (dx, dy) = (points[i].0 - points[j].0, points[i].1 - points[j].1);
            (dx * dx + dy * dy).sqrt()
        };
        assert!(apart(0, 1) < apart(0, 2) && apart(0, 2) < apart(0, 3) && apart(0, 3) < apart(0, 4));
        assert_eq!(points, wished_positions(5, &edges, &[0; 5]));
    }
}
