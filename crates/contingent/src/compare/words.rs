//! Comparisons in words.
//!
//! Enters: figures. Leaves: clauses and sentences. Always holds: printed parts of a gap sum to the printed gap.

use contingent_analysis::words::{fixed, range_text};

use crate::discover::words::number_in_100;
use crate::sensitivity::EstimateRecord;
use crate::sensitivity::words::three_digits;
use contingent_report::document::comparison::{
    ComparedNumber, NamedRecord, QuestionComparison, WaterfallRecord, WeightRecord,
};

/// A gap up to this is called agreement: what people say as 35 and 40 in 100.
pub(crate) const AGREEING: f64 = 0.05;

/// Parts that are named in a sentence.
const N_NAMED: usize = 3;

/// A number of a question: `36` in 100, or in its unit.
pub(crate) fn amount(question: &QuestionComparison, value: f64) -> String {
    if question.compared == ComparedNumber::Mean {
        three_digits(value)
    } else {
        number_in_100(value.clamp(0.0, 1.0))
    }
}

/// What follows an amount.
pub(crate) fn amount_unit(question: &QuestionComparison) -> String {
    match (&question.unit, question.compared) {
        (_, ComparedNumber::Probability | ComparedNumber::ShareThatComes) => " in 100".to_owned(),
        (Some(unit), _) if unit != "1" => format!(" {unit}"),
        _ => String::new(),
    }
}

/// The interval of an amount: `34 to 38`.
pub(crate) fn interval(question: &QuestionComparison, found: &EstimateRecord) -> String {
    if question.compared == ComparedNumber::Mean {
        format!("{} to {}", three_digits(found.low), three_digits(found.high))
    } else {
        range_text(100.0 * found.low, 100.0 * found.high)
    }
}

/// A change with its sign: `+8.3`, `-0.4`.
pub(crate) fn signed(text: &str) -> String {
    if text.starts_with('-') || text.chars().all(|c| matches!(c, '0' | '.')) {
        text.to_owned()
    } else {
        format!("+{text}")
    }
}

/// The parts of a waterfall and its gap as they are printed: as many decimals as show the gap with two digits, rounded so
/// that they sum (largest remainder).
pub(crate) fn rounded(question: &QuestionComparison, waterfall: &WaterfallRecord) -> (Vec<String>, String) {
    let factor = if question.compared == ComparedNumber::Mean { 1.0 } else { 100.0 };
    let size =
        waterfall.parts.iter().map(|part| part.part.value.abs()).fold(waterfall.gap.value.abs(), f64::max)
            * factor;
    let decimals = if factor == 100.0 {
        1
    } else {
        [100.0, 10.0, 1.0, 0.1, 0.01].iter().take_while(|&&bound| size < bound).count()
    };
    let mut step = 1.0;
    for _ in 0..decimals {
        step *= 0.1;
    }
    let in_steps = |value: f64| value * factor / step;
    let gap = in_steps(waterfall.gap.value).round();
    let exact: Vec<f64> = waterfall.parts.iter().map(|part| in_steps(part.part.value)).collect();
    let mut whole: Vec<f64> = exact.iter().map(|value| value.floor()).collect();
    let missing = gap - whole.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    // A part of exactly nothing stays nothing.
    let remainder = |place: usize| exact[place] - exact[place].floor();
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b)));
    for &place in order.iter().take(missing.max(0.0) as usize) {
        whole[place] += 1.0;
    }
    let shown = |steps: f64| signed(&fixed(steps * step, decimals));
    (whole.into_iter().map(shown).collect(), shown(gap))
}

/// The sentences of a question.
pub(super) fn sentences(
    question: &QuestionComparison,
    views: &[NamedRecord],
    policies: &[NamedRecord],
    weights: &[WeightRecord],
) -> Vec<String> {
    let label = |names: &[NamedRecord], id: &str| {
        names.iter().find(|named| named.id == id).map_or_else(|| id.to_owned(), |named| named.label.clone())
    };
    let unit = amount_unit(question);
    let mut said = Vec::new();
    if let Some(agreement) = &question.agreement {
        let of = |view: &str| {
            question
                .views
                .iter()
                .find(|value| value.view == view)
                .and_then(|value| value.value)
                .map_or_else(|| "?".to_owned(), |value| amount(question, value.value))
        };
        let (low, high) = (of(&agreement.lowest), of(&agreement.highest));
        let (lowest, highest) = (label(views, &agreement.lowest), label(views, &agreement.highest));
        said.push(if agreement.agree {
            let firm = if agreement.distinguishable { "" } else { "; their order cannot be told" };
            format!("The views agree: {low} to {high}{unit}{firm}.")
        } else {
            format!("The views part: from {low}{unit} ({lowest}) to {high} ({highest}).")
        });
    }
    if let Some(pooled) = &question.pooled {
        let shares: Vec<String> = weights
            .iter()
            .map(|weight| format!("{} {}%", label(views, &weight.view), fixed(100.0 * weight.share, 0)))
            .collect();
        said.push(format!(
            "Pooled with your weights ({}): {}{unit} ({}).",
            shares.join(", "),
            amount(question, pooled.value),
            interval(question, pooled)
        ));
    }
    if let Some(waterfall) = &question.waterfall {
        said.push(gap_sentence(question, waterfall, &unit));
    }
    for policy in policies {
        let changes: Vec<_> = question.policies.iter().filter(|change| change.policy == policy.id).collect();
        let told = changes.iter().filter(|change| change.distinguishable).count();
        let ups = changes
            .iter()
            .filter(|change| change.distinguishable && change.change.is_some_and(|change| change.value > 0.0))
            .count();
        let verdict = if told == 0 {
            "no change that can be told".to_owned()
        } else if told == changes.len() && ups == told {
            "more under every view".to_owned()
        } else if told == changes.len() && ups == 0 {
            "less under every view".to_owned()
        } else if ups > 0 && ups < told {
            format!("more under {ups}, less under {} of {} views", told - ups, changes.len())
        } else {
            let way = if ups > 0 { "more" } else { "less" };
            format!(
                "{way} under {told} of {} views, no change that can be told under the others",
                changes.len()
            )
        };
        said.push(format!("{}: {verdict}.", policy.label));
    }
    said
}

fn gap_sentence(question: &QuestionComparison, waterfall: &WaterfallRecord, unit: &str) -> String {
    let (parts, gap) = rounded(question, waterfall);
    let change = format!("{}{unit} to {}", amount(question, waterfall.from), amount(question, waterfall.to));
    let told: Vec<String> = waterfall
        .parts
        .iter()
        .zip(&parts)
        .filter(|(part, _)| part.distinguishable)
        .take(N_NAMED)
        .map(|(part, text)| format!("{text} from {}", part.label))
        .collect();
    if told.is_empty() {
        return format!("From {change} ({gap}): no single difference can be told to matter.");
    }
    format!("From {change} ({gap}): {}.", told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::QuestionKind;
    use contingent_report::document::comparison::PartRecord;

    fn question(compared: ComparedNumber) -> QuestionComparison {
        QuestionComparison {
            id: "q".to_owned(),
            label: "q".to_owned(),
            when: String::new(),
            kind: QuestionKind::Probability,
            compared,
            unit: None,
            views: Vec::new(),
            pooled: None,
            agreement: None,
            waterfall: None,
            policies: Vec::new(),
            sentences: Vec::new(),
        }
    }

    fn waterfall(parts: &[f64]) -> WaterfallRecord {
        let record = |value: f64| EstimateRecord { value, low: value, high: value, standard_error: 0.0 };
        WaterfallRecord {
            from: 0.3,
            to: 0.3 + parts.iter().sum::<f64>(),
            gap: record(parts.iter().sum()),
            parts: parts
                .iter()
                .map(|&part| PartRecord {
                    group: "g".to_owned(),
                    label: "g".to_owned(),
                    part: record(part),
                    distinguishable: true,
                    first: part,
                    last: part,
                })
                .collect(),
        }
    }

    #[test]
    fn printed_parts_sum_to_the_printed_gap() {
        for compared in [ComparedNumber::Probability, ComparedNumber::Mean] {
            for parts in [
                vec![0.033_33, 0.033_33, 0.033_34],
                vec![0.1, -0.044_4, 0.000_49, 0.000_49, 0.0],
                vec![-0.201_5, -0.100_4, 0.05],
                vec![0.000_2],
            ] {
                let (shown, gap) = rounded(&question(compared), &waterfall(&parts));
                let sum: f64 = shown.iter().map(|text| text.parse::<f64>().expect("a number")).sum();
                let gap: f64 = gap.parse().expect("a number");
                assert!((sum - gap).abs() < 1e-9, "{shown:?} against {gap}");
            }
        }
    }

    #[test]
    fn a_part_of_nothing_is_shown_as_nothing() {
        let (shown, gap) = rounded(&question(ComparedNumber::Probability), &waterfall(&[0.08, 0.0, -0.03]));
        assert_eq!(
            (shown, gap),
            (vec!["+8.0".to_owned(), "0.0".to_owned(), "-3.0".to_owned()], "+5.0".to_owned())
        );
    }
}
