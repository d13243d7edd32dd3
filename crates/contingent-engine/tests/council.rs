//! Bargaining against the reference run of the KAPSARC Toolkit, averages against the EU car emission table.

use contingent_engine::council::{Bargaining, Council, CouncilError};

/// `dummyData_3Dim.csv` of the toolkit (MIT licence): power, then position and salience on three dimensions, in hundredths.
const REFERENCE: [[f64; 7]; 7] = [
    [102.543, 75.79, 49.53, 6.37, 5.91, 70.45, 28.15],
    [53.393, 82.72, 30.33, 73.50, 21.22, 64.00, 24.79],
    [129.643, 82.45, 48.47, 90.89, 13.55, 0.07, 34.62],
    [75.920, 62.52, 20.76, 50.82, 39.24, 62.33, 22.21],
    [63.224, 82.34, 40.96, 45.77, 25.43, 73.31, 22.59],
    [120.048, 84.48, 22.92, 33.70, 39.35, 88.11, 15.42],
    [54.178, 70.96, 31.75, 33.46, 27.93, 90.36, 26.03],
];

/// The toolkit's history of positions for it, in hundredths: a row a member and dimension, a column a state.
const POSITIONS: [[f64; 11]; 21] = [
    [75.8, 79.5, 80.6, 80.6, 78.5, 78.5, 78.5, 78.5, 78.6, 78.6, 78.6],
    [6.4, 44.7, 34.2, 35.0, 30.5, 30.5, 31.2, 31.2, 31.5, 31.8, 31.8],
    [70.5, 72.0, 75.9, 76.1, 74.0, 74.0, 74.0, 74.0, 74.0, 74.1, 74.1],
    [82.7, 78.9, 76.0, 78.3, 79.0, 79.0, 79.1, 78.5, 79.9, 78.6, 78.6],
    [73.5, 56.3, 27.5, 30.5, 30.6, 30.6, 30.9, 31.2, 34.4, 31.8, 31.8],
    [64.0, 72.5, 72.0, 73.8, 74.2, 74.2, 74.3, 74.0, 75.2, 74.1, 74.1],
    [82.5, 82.5, 82.5, 82.5, 82.5, 82.5, 82.5, 82.5, 82.5, 82.5, 82.5],
    [90.9, 90.9, 90.9, 90.9, 90.9, 90.9, 90.9, 90.9, 90.9, 90.9, 90.9],
    [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
    [62.5, 65.8, 66.7, 66.7, 66.7, 66.7, 67.1, 67.1, 67.1, 67.1, 67.1],
    [50.8, 50.8, 50.2, 50.2, 50.2, 50.2, 50.1, 50.1, 50.1, 50.1, 50.1],
    [62.3, 63.0, 63.5, 63.5, 63.5, 63.5, 63.7, 63.7, 63.7, 63.7, 63.7],
    [82.3, 79.5, 81.5, 78.3, 78.5, 78.5, 78.6, 80.5, 78.6, 78.6, 78.6],
    [45.8, 44.7, 35.8, 30.5, 30.5, 30.5, 30.6, 34.6, 31.6, 31.6, 31.6],
    [73.3, 72.0, 79.1, 73.8, 74.0, 74.0, 74.1, 75.9, 74.0, 74.1, 74.1],
    [84.5, 84.4, 80.6, 80.7, 80.6, 80.5, 80.5, 80.5, 79.9, 79.9, 79.9],
    [33.7, 34.1, 34.2, 34.3, 34.7, 34.6, 34.6, 34.6, 34.4, 34.4, 34.4],
    [88.1, 86.3, 75.9, 76.3, 76.1, 75.9, 75.9, 75.9, 75.2, 75.2, 75.2],
    [71.0, 75.6, 76.0, 77.4, 77.4, 80.5, 78.5, 78.5, 78.7, 78.7, 78.6],
    [33.5, 24.8, 27.5, 28.7, 28.7, 34.6, 31.2, 31.2, 31.3, 31.3, 31.6],
    [90.4, 72.0, 72.0, 73.0, 73.0, 75.9, 74.0, 74.0, 74.1, 74.1, 74.1],
];

/// The toolkit's history of probabilities of winning: a row a member, a column a state.
const WINNING: [[f64; 11]; 7] = [
    [0.0047, 0.6059, 0.3618, 0.2234, 0.2420, 0.4040, 0.4031, 0.3546, 0.4593, 0.3962, 0.3340],
    [0.0302, 0.0509, 0.3087, 0.3684, 0.2457, 0.1811, 0.1290, 0.3546, 0.2960, 0.3962, 0.3340],
    [0.0054, 0.0096, 0.0256, 0.0158, 0.0096, 0.0339, 0.0072, 0.0571, 0.0194, 0.0074, 0.0183],
    [0.1492, 0.1406, 0.1887, 0.1674, 0.0823, 0.2564, 0.0533, 0.2768, 0.1131, 0.0507, 0.0957],
    [0.6001, 0.6059, 0.1152, 0.3684, 0.2420, 0.4040, 0.0446, 0.3115, 0.4593, 0.1730, 0.1512],
    [0.1447, 0.1217, 0.3618, 0.0649, 0.3687, 0.1246, 0.3628, 0.3115, 0.2960, 0.3530, 0.4009],
    [0.0656, 0.0713, 0.3087, 0.1602, 0.0517, 0.1246, 0.4031, 0.3546, 0.1123, 0.0198, 0.1512],
];

fn reference() -> (Council, Vec<f64>) {
    let columns = |first: usize| -> Vec<f64> {
        REFERENCE
            .iter()
            .flat_map(|row| (0..3).map(move |dimension| row[first + 2 * dimension] / 100.0))
            .collect()
    };
    let council = Council::new(REFERENCE.iter().map(|row| row[0]).collect(), columns(2)).expect("a council");
    (council, columns(1))
}

fn reference_run() -> Bargaining {
    let (council, positions) = reference();
    council.bargain(&positions, 100)
}

/// Whether a number prints as another with so many decimals.
#[track_caller]
fn prints_as(value: f64, printed: f64, decimals: usize, what: &str) {
    assert_eq!(format!("{value:.decimals$}"), format!("{printed:.decimals$}"), "{what}");
}

/// Challenger, target, its probability and gain, the same as the target sees it, and what it offers itself and the target.
type Offer = (usize, usize, [f64; 4], [f64; 3], [f64; 3]);

#[test]
fn the_first_turn_is_the_reference_s_to_every_printed_decimal() {
    let bargaining = reference_run();
    let first = &bargaining.turns[0];
    for (member, risk) in [-0.500, -0.459, -0.499, -0.274, 1.0, -0.232, -0.430].into_iter().enumerate() {
        prints_as(first.risk[member], risk, 3, "risk");
    }
    for (member, chance) in [0.0047, 0.0302, 0.0054, 0.1492, 0.6001, 0.1447, 0.0656].into_iter().enumerate() {
        prints_as(first.winning[member], chance, 4, "winning");
    }
    let offers: [Offer; 7] = [
        (0, 6, [0.7643, 0.0947, 0.7660, 0.0925], [75.61, 24.78, 71.95], [75.61, 24.79, 71.95]),
        (1, 0, [0.7964, 0.2810, 0.7952, 0.2840], [81.69, 73.16, 64.50], [81.69, 73.16, 64.50]),
        (2, 6, [0.8334, 0.4711, 0.8331, 0.4626], [82.26, 82.56, 2.06], [82.26, 82.56, 2.06]),
        (3, 0, [0.8056, 0.2839, 0.8008, 0.3035], [65.82, 50.76, 63.02], [65.82, 50.76, 63.02]),
        (4, 0, [0.5836, 0.0116, 0.7586, 0.1164], [79.54, 44.72, 72.05], [79.54, 44.71, 72.05]),
        (5, 1, [0.8510, 0.2986, 0.8518, 0.3252], [84.39, 34.05, 86.34], [84.39, 34.05, 86.34]),
        (6, 1, [0.3970, 0.0286, 0.3981, 0.0295], [78.93, 56.33, 72.52], [78.93, 56.33, 72.52]),
    ];
    assert_eq!(first.bargains.len(), offers.len());
    for (bargain, (challenger, target, seen, own, theirs)) in first.bargains.iter().zip(offers) {
        assert_eq!((bargain.challenger, bargain.target), (challenger, target));
        let ours = [bargain.probability, bargain.gain, bargain.probability_by_target, bargain.gain_by_target];
        for (ours, printed) in ours.into_iter().zip(seen) {
            prints_as(ours, printed, 4, "a contest");
        }
        for dimension in 0..3 {
            prints_as(
                100.0 * bargain.challenger_moves_to[dimension],
                own[dimension],
                2,
                "the challenger's move",
            );
            prints_as(100.0 * bargain.target_moves_to[dimension], theirs[dimension], 2, "the target's move");
        }
    }
    // Which offers are taken, by challenger; member 2 stays.
    assert_eq!(first.taken, [Some(4), Some(6), None, Some(3), Some(4), Some(5), Some(0)]);
}

#[test]
fn positions_and_probabilities_move_as_in_the_reference_until_they_rest() {
    let bargaining = reference_run();
    assert!(bargaining.settled);
    assert_eq!(bargaining.turns.len(), 11, "ten steps between eleven states");
    for (state, turn) in bargaining.turns.iter().enumerate() {
        for (at, row) in POSITIONS.iter().enumerate() {
            prints_as(100.0 * turn.positions[at], row[state], 1, &format!("position {at} in state {state}"));
        }
        for (member, row) in WINNING.iter().enumerate() {
            prints_as(turn.winning[member], row[state], 4, &format!("winning of {member} in state {state}"));
        }
    }
}

#[test]
fn bargaining_does_not_depend_on_the_order_or_the_unit_of_members() {
    let (council, positions) = reference();
    let order = [4, 2, 6, 0, 5, 1, 3];
    let rows = |values: &[f64]| -> Vec<f64> {
        order.iter().flat_map(|&member| values[3 * member..3 * member + 3].to_vec()).collect()
    };
    let salience: Vec<f64> =
        REFERENCE.iter().flat_map(|row| [row[2] / 100.0, row[4] / 100.0, row[6] / 100.0]).collect();
    let shuffled = Council::new(order.iter().map(|&member| REFERENCE[member][0]).collect(), rows(&salience))
        .expect("a council")
        .bargain(&rows(&positions), 100);
    let straight = council.bargain(&positions, 100);
    assert_eq!(shuffled.turns.len(), straight.turns.len());
    for (one, other) in shuffled.turns.iter().zip(&straight.turns) {
        for (place, &member) in order.iter().enumerate() {
            for dimension in 0..3 {
                let (a, b) = (one.positions[3 * place + dimension], other.positions[3 * member + dimension]);
                assert!(
                    (a - b).abs() < 1.5e-4,
                    "sums in another order may round an offer the other way: {a} {b}"
                );
            }
        }
    }
}

#[test]
fn members_who_agree_do_not_bargain() {
    let council = Council::new(vec![1.0, 2.0, 3.0], vec![0.5, 0.2, 1.0]).expect("a council");
    let bargaining = council.bargain(&[0.4; 3], 100);
    assert!(bargaining.settled);
    for turn in &bargaining.turns {
        assert!(turn.bargains.is_empty(), "{turn:?}");
        assert_eq!(turn.positions, [0.4; 3]);
        assert_eq!(turn.winning, [1.0; 3], "one place");
        assert_eq!(turn.risk, [0.0; 3]);
    }
}

/// Capability, position in years and salience in hundredths of the EU car emission decision (Bueno de Mesquita 1994; Scholz,
/// Calbert & Smith 2011).
const EMISSIONS: [(f64, f64, f64); 10] = [
    (0.08, 4.0, 80.0),
    (0.08, 7.0, 40.0),
    (0.03, 4.0, 20.0),
    (0.16, 4.0, 80.0),
    (0.16, 10.0, 60.0),
    (0.16, 10.0, 60.0),
    (0.16, 10.0, 90.0),
    (0.05, 7.0, 10.0),
    (0.05, 4.0, 100.0),
    (0.08, 7.0, 70.0),
];

#[test]
fn averages_are_those_published_for_car_emissions() {
    let scale = |years: f64| (years - 4.0) / 6.0;
    let council = Council::new(
        EMISSIONS.iter().map(|row| row.0).collect(),
        EMISSIONS.iter().map(|row| row.2 / 100.0).collect(),
    )
    .expect("a council");
    let positions: Vec<f64> = EMISSIONS.iter().map(|row| scale(row.1)).collect();
    prints_as(4.0 + 6.0 * council.weighted_mean(&positions)[0], 7.38996, 5, "weighted mean");
    prints_as(4.0 + 6.0 * council.weighted_median(&positions)[0], 7.0, 12, "weighted median");
}

#[test]
fn numbers_that_make_no_council_are_refused_with_their_place() {
    let two = |salience: [f64; 2]| Council::new(vec![1.0, 1.0], salience.to_vec()).map(|_| ());
    assert_eq!(Council::new(vec![1.0], vec![0.5]).map(|_| ()), Err(CouncilError::TooFew));
    assert_eq!(
        Council::new(vec![1.0, 0.0], vec![0.5, 0.5]).map(|_| ()),
        Err(CouncilError::Capability { member: 1, value: 0.0 })
    );
    assert_eq!(two([0.5, 1.5]), Err(CouncilError::Salience { member: 1, dimension: 0, value: 1.5 }));
    assert_eq!(two([0.0, 0.5]), Err(CouncilError::TotalSalience { member: 0, total: 0.0 }));
    let wide = Council::new(vec![1.0; 2], vec![0.5, 0.4, 0.6, 0.5]).map(|_| ());
    assert!(matches!(wide, Err(CouncilError::TotalSalience { member: 1, .. })), "{wide:?}");
    let council = Council::new(vec![1.0; 2], vec![0.5; 2]).expect("a council");
    assert_eq!(
        council.check_positions(&[0.5, -0.1]),
        Err(CouncilError::Position { member: 1, dimension: 0, value: -0.1 })
    );
    assert!(matches!(
        Council::new(vec![1.0; 201], vec![0.5; 201]),
        Err(CouncilError::TooMany { n_members: 201 })
    ));
}
