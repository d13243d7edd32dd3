use super::*;
use crate::answer::{
    ANSWER_SCHEMA, Bands, BaseRateSummary, ClippingSummary, ComparedMeasure, DesignSummary, Effect,
    EvidenceSummary, FailureSummary, GivenSummary, HangsOn, ModelSummary, NOT_VALIDATED, PolicyUnderView,
    Quantile, SensitivitySummary, Share, SpreadSummary, Trajectory, ViewAnswer,
};
use contingent_analysis::{Interval, in_100 as count_of_100, phrase};
use insta::assert_snapshot;

fn range(low: f64, high: f64) -> Range {
    Range { low: Some(low), high: Some(high) }
}

fn estimate(probability: f64, low: f64, high: f64) -> Estimate {
    let interval = Interval { low, high };
    let words = phrase(probability, interval);
    Estimate {
        probability: Some(probability),
        mean: None,
        quantiles: Vec::new(),
        never: None,
        interval: range(low, high),
        interval_method: Some(
            if probability == 0.0 {
                "upper_bound"
            } else if probability == 1.0 {
                "lower_bound"
            } else {
                "wilson"
            }
            .to_owned(),
        ),
        word_range: Some([words.low, words.high]),
        word_range_text: Some(words.range_text()),
        word: Some(words.words),
        in_100: Some(count_of_100(probability, interval)),
        n_runs: 20_000,
    }
}

fn question(estimate: Estimate) -> QuestionAnswer {
    QuestionAnswer {
        id: "campaign".to_owned(),
        label: "Will the group open a campaign against its rival by the end of February 2022?".to_owned(),
        kind: QuestionKind::Probability,
        written: "P( within 26 weeks: (posture == campaign) for 8 weeks )".to_owned(),
        resolves: "Yes if two of three named sources report a campaign of eight weeks or more.".to_owned(),
        when: "by 28 February 2022".to_owned(),
        unit: None,
        view: None,
        estimate: Some(estimate),
        unanswerable: None,
        spread: Some(SpreadSummary {
            simulation: 0.003_5,
            epistemic: Some(0.14),
            chance: Some(0.44),
            epistemic_distinguishable: true,
        }),
        views_gap: None,
        base_rate: None,
        given: None,
        views: Vec::new(),
        policies: Vec::new(),
        hangs_on: Vec::new(),
        sensitivity: None,
        curve: None,
        find_out: None,
        confidence: None,
        without_observed: None,
    }
}

fn hangs_on(label: &str, index: f64, half: f64, thirds: (f64, f64), claims: &[&str], tied: bool) -> HangsOn {
    HangsOn {
        assumption: label.replace(' ', "_"),
        label: label.to_owned(),
        index,
        interval: range((index - half).max(0.0), (index + half).min(1.0)),
        low_third: Some(thirds.0),
        high_third: Some(thirds.1),
        alternatives: None,
        direction: if thirds.0 < thirds.1 { Effect::Higher } else { Effect::Lower },
        distinguishable: true,
        tied_with_next: tied,
        claims: claims.iter().map(|&claim| claim.to_owned()).collect(),
        is_judgement: claims.is_empty(),
        brier_gain: None,
    }
}

fn policy(label: &str, difference: f64, low: f64, high: f64) -> PolicyAnswer {
    PolicyAnswer {
        id: "policy".to_owned(),
        label: label.to_owned(),
        estimate: None,
        compared: ComparedMeasure::Probability,
        difference: Some(difference),
        interval: Some(range(low, high)),
        distinguishable: low > 0.0 || high < 0.0,
        share_higher: 0.12,
        share_lower: 0.034,
        by_view: Vec::new(),
    }
}

fn answer(questions: Vec<QuestionAnswer>) -> Answer {
    Answer {
        schema: ANSWER_SCHEMA.to_owned(),
        version: "0.1.0".to_owned(),
        model: ModelSummary {
            title: "A rivalry in one country".to_owned(),
            hash: "3f2a9c0d11e4b7a8c6d5".to_owned(),
            purpose: "Compare what observers expect".to_owned(),
            not_for: "Any decision about persons; any use without its per-view table.".to_owned(),
            as_of: Some("2021-08-30".to_owned()),
            start: Some("2021-08-30".to_owned()),
            horizon: "2022-08-29".to_owned(),
        },
        seed: 7,
        design: DesignSummary {
            n_draws: 10_000,
            n_replications: 2,
            n_runs: 20_000,
            n_experiments: 4,
            complete: true,
        },
        questions,
        trajectories: Vec::new(),
        verification: None,
        evidence: EvidenceSummary {
            n_assumptions: 40,
            n_judgement_only: 12,
            n_our_reading: 20,
            n_sourced: 8,
            n_curves_and_data: 0,
            n_curves_and_data_judged: 0,
            n_claims: 14,
            n_sources: 9,
        },
        failures: FailureSummary::default(),
        clipping: ClippingSummary::default(),
        comparison: None,
        leaves_out: vec!["Neighbouring countries.".to_owned(), "Weather.".to_owned()],
        warnings: Vec::new(),
        validation_level: NOT_VALIDATED.to_owned(),
        run_directory: Some("runs/rivalry".to_owned()),
        words: "icd203".to_owned(),
        precision: None,
        observed: Vec::new(),
    }
}

fn text(answer: &Answer, width: usize) -> String {
    let hints = ["contingent answer rivalry.ctg --format json".to_owned()];
    let rendered = render_answer(answer, &RenderOptions { width, hints: &hints });
    anstream::adapter::strip_str(&rendered).to_string()
}

/// The text of one question alone.
fn question_text(question: QuestionAnswer) -> String {
    let all = text(&answer(vec![question]), 100);
    all.split("\nLimits\n").next().unwrap_or_default().to_owned()
}

fn full_question() -> QuestionAnswer {
    let mut full = question(estimate(0.312, 0.305, 0.319));
    full.views_gap = Some(range(0.12, 0.46));
    full.views = vec![
        ViewAnswer {
            id: "patient".to_owned(),
            label: "It waits".to_owned(),
            estimate: Some(estimate(0.12, 0.115, 0.125)),
            spread: None,
        },
        ViewAnswer {
            id: "eager".to_owned(),
            label: "It strikes early".to_owned(),
            estimate: Some(estimate(0.46, 0.449, 0.471)),
            spread: None,
        },
    ];
    let mut press = policy("Patrons press harder", 0.04, 0.03, 0.05);
    press.by_view = vec![PolicyUnderView {
        view: "patient".to_owned(),
        label: "It waits".to_owned(),
        difference: 0.012,
        interval: range(0.008, 0.016),
        distinguishable: true,
    }];
    let mut nothing = policy("An envoy is sent", 0.0, -0.000_3, 0.000_3);
    (nothing.share_higher, nothing.share_lower) = (0.0, 0.0);
    full.policies = vec![press, policy("Aid resumes", -0.004, -0.006, -0.002), nothing];
    full.sensitivity = Some(SensitivitySummary {
        n_assumptions: 40,
        n_distinguishable: 7,
        without_chance: true,
        on_ranks: false,
        variance_distinguishable: true,
    });
    let mut category = hangs_on("Posture of the patron", 0.21, 0.05, (0.2, 0.4), &["ali_patron"], true);
    category.alternatives = Some(["neutral".to_owned(), "hostile".to_owned()]);
    category.direction = Effect::Unordered;
    full.hangs_on = vec![
        hangs_on("Rate of recruitment in the east", 0.42, 0.07, (0.17, 0.46), &[], false),
        category,
        hangs_on("Cost of a campaign", 0.19, 0.05, (0.38, 0.24), &["rao_cost", "lee_cost"], true),
        hangs_on("Patience", 0.17, 0.04, (0.36, 0.26), &[], false),
        hangs_on("Fighters at the start", 0.03, 0.02, (0.29, 0.33), &["who"], false),
        hangs_on("Pay", 0.02, 0.015, (0.30, 0.33), &[], false),
    ];
    full.base_rate = Some(BaseRateSummary {
        low: 0.2,
        high: 0.4,
        claims: Vec::new(),
        judgement: Some("three of ten similar rivalries".to_owned()),
    });
    full
}

fn growing_fan() -> Trajectory {
    let times: Vec<f64> = (0..=52).map(f64::from).collect();
    let band = |share: f64| times.iter().map(|time| Some(2_000.0 + time * 60.0 * share)).collect();
    Trajectory {
        indicator: "fighters".to_owned(),
        label: "fighters of the rival".to_owned(),
        unit: "fighter".to_owned(),
        is_share: false,
        dates: times.iter().map(|time| format!("day {}", 7.0 * time)).collect(),
        time_unit: "week".to_owned(),
        n_runs: 500,
        bands: Bands { p05: band(-0.5), p25: band(0.0), p50: band(0.5), p75: band(1.2), p95: band(2.0) },
        times,
    }
}

#[test]
fn a_full_answer() {
    let mut full = answer(vec![full_question()]);
    full.trajectories = vec![growing_fan()];
    assert_snapshot!(text(&full, 100), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Unlikely (20-45%): 31 in 100 (simulation interval 30 to 32 in 100), by 28 February 2022, in this
      model.
      Rival views: across 3 readings, 12 to 46 in 100
        the model's own   ············●━···························  31 in 100 (30 to 32)
        It waits          ·····●···································  12 in 100 (11.5 to 12.5)
        It strikes early  ··················●━·····················  46 in 100 (45 to 47)
                          0                  50                 100
      What could be done, against doing nothing with the same draws and chance:
        Patrons press harder: 4 more in 100 (3 to 5); higher in 12%, lower in 3% of draws.
          Under the views: It waits: 1 more in 100 (1 to 2).
        Aid resumes: 0.4 fewer in 100 (0.2 to 0.6); higher in 12%, lower in 3% of draws.
        No difference that this ensemble can show: An envoy is sent (between 0.03 fewer and 0.03 more in
        100).
      What it hangs on (share of what we do not know; answer in 100 at low → high):
        1. Rate of recruitment in the east  42% (35-49%)   17 → 46                  judgement
        2= Posture of the patron            21% (16-26%)   neutral 20 → hostile 40  claims ali_patron
        2= Cost of a campaign               19% (14-24%)   38 → 24                  claims rao_cost, le…
        2= Patience                         17% (13-21%)   36 → 26                  judgement
        5. Fighters at the start            3% (1-5%)      29 → 33                  claims who
        = ranks that cannot be told apart. 2 more assumptions matter less. 33 others cannot be told from
        no effect.
      Spreads (standard deviations, never added up): simulation 0.4, what we do not know 14, between
      views 12 to 46 in 100; chance is 91% of what is open about one future.
      Base rate: 20 to 40 in 100 (judgement: three of ten similar rivalries).
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )

    Fighters of the rival (fighters)
     8,240 ┤                                                  ░░░░░░░░░░
           │                                        ░░░░░░░░░░░░░░░░░░░░
           │                               ░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒
           │                    ░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
     4,120 ┤           ░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒━━━━━━━━━━━━━━━━━━
           │ ▒━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
           │━━▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
         0 ┤                                     ░░░░░░░░░░░░░░░░░░░░░░░
            day 0                     day 182                    day 364
            ━ median, ▒ half of the runs, ░ nine in ten (500 runs)

    Limits
      Grounds:    32 of 40 assumptions are judgement (80%): 12 on judgement alone, 20 as our reading of
                  a claim; 8 take over a number that a claim states; 14 claims from 9 sources.
      Validation: none: not yet compared with events.
      Not for:    Any decision about persons; any use without its per-view table.
      Left out:   Neighbouring countries.
                  Weather.

    Provenance
      Model:      A rivalry in one country, as of 30 August 2021, horizon 29 August 2022, hash
                  3f2a9c0d11e4
      Runs:       20,000 runs in each of 4 experiments (10,000 draws of the assumptions, 2 replications
                  each), seed 7, version 0.1.0
      Written to: runs/rivalry
      Report:     runs/rivalry/report.html

    Next: contingent answer rivalry.ctg --format json
    ");
}

#[test]
fn an_effect_without_a_measurable_whole_has_no_share() {
    let mut thin = question(estimate(0.94, 0.93, 0.95));
    thin.hangs_on = vec![hangs_on("Chance that the rule fails", 1.0, 1.0, (0.97, 0.90), &["must"], false)];
    thin.sensitivity = Some(SensitivitySummary {
        n_assumptions: 2,
        n_distinguishable: 1,
        without_chance: true,
        on_ranks: false,
        variance_distinguishable: false,
    });
    assert_snapshot!(question_text(thin), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Very likely to almost certain (80-99%): 94 in 100 (simulation interval 93 to 95 in 100), by 28
      February 2022, in this model.
      What it hangs on (shares are too uncertain to tell; answer in 100 at low → high):
        1. Chance that the rule fails    97 → 90  claims must
        1 other cannot be told from no effect.
      Spreads (standard deviations, never added up): simulation 0.4, what we do not know 14 in 100;
      chance is 91% of what is open about one future.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

#[test]
fn a_narrow_terminal_is_kept_to() {
    let mut full = answer(vec![full_question()]);
    full.trajectories = vec![growing_fan()];
    for width in [60, 80, 100, 140] {
        for line in text(&full, width).lines() {
            assert!(line.chars().count() <= width, "{} in {width}: {line}", line.chars().count());
        }
    }
}

#[test]
fn colour_only_adds_to_the_text() {
    let full = answer(vec![full_question()]);
    let rendered = render_answer(&full, &RenderOptions::default());
    assert!(rendered.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&rendered).to_string().lines().count(), rendered.lines().count());
}

#[test]
fn an_interval_over_a_boundary_takes_two_words() {
    assert_snapshot!(question_text(question(estimate(0.44, 0.40, 0.48))), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Unlikely to roughly even chance (20-55%): about 45 in 100 (simulation interval 40 to 48 in 100),
      by 28 February 2022, in this model.
      Spreads (standard deviations, never added up): simulation 0.4, what we do not know 14 in 100;
      chance is 91% of what is open about one future.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

#[test]
fn what_never_happened_is_bounded_and_not_called_zero() {
    let mut never = answer(vec![question(estimate(0.0, 0.0, 0.000_299_5))]);
    never.questions[0].spread = Some(SpreadSummary {
        simulation: 0.0,
        epistemic: Some(0.0),
        chance: Some(0.0),
        epistemic_distinguishable: false,
    });
    never.questions[0].sensitivity = Some(SensitivitySummary {
        n_assumptions: 0,
        n_distinguishable: 0,
        without_chance: true,
        on_ranks: false,
        variance_distinguishable: false,
    });
    never.warnings = vec!["campaign: the answer reaches below 1 or above 99 in 100.".to_owned()];
    assert_snapshot!(text(&never, 100).split("\nLimits\n").next().unwrap(), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Almost no chance (below 1%): it happened in none of 20,000 runs, so at most 0.03 in 100 (95%
      confidence), by 28 February 2022, in this model.
      What it hangs on: nothing: no assumption varies, or the outcome never does.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
      Warning: The answer reaches below 1 or above 99 in 100.
    ");
}

#[test]
fn what_always_happened_is_bounded_too() {
    let sentence = question_text(question(estimate(1.0, 0.999_700_5, 1.0)));
    assert_snapshot!(sentence.lines().skip(1).take(2).map(str::trim).collect::<Vec<_>>().join("\n"), @r"
    Almost certain (above 99%): it happened in every one of 20,000 runs, so at least 99.97 in 100 (95%
    confidence), by 28 February 2022, in this model.
    ");
}

#[test]
fn a_condition_that_never_held_leaves_no_answer() {
    let mut none = question(estimate(0.5, 0.4, 0.6));
    none.estimate = None;
    none.spread = None;
    none.unanswerable = Some("the condition held in none of 20,000 runs".to_owned());
    assert_snapshot!(question_text(none), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      No answer: the condition held in none of 20,000 runs.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

#[test]
fn a_conditional_answer_says_how_many_runs_count() {
    let mut conditional = question(estimate(0.62, 0.57, 0.67));
    conditional.given = Some(GivenSummary { n_satisfied: 412, n_runs: 20_000, effective_runs: Some(377.4) });
    conditional.spread = Some(SpreadSummary {
        simulation: 0.025,
        epistemic: None,
        chance: None,
        epistemic_distinguishable: false,
    });
    assert_snapshot!(question_text(conditional), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Likely (55-80%): about 60 in 100 (simulation interval 57 to 67 in 100), by 28 February 2022, in
      this model, given its condition.
      Counts only the 412 of 20,000 runs in which its condition held (2 in 100), worth about 377
      independent ones.
      Spreads (standard deviations, never added up): simulation 2.5 in 100; what we do not know and
      chance cannot be told apart with one replication.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

#[test]
fn an_answer_that_hangs_on_nothing_says_so() {
    let mut chance = question(estimate(0.5, 0.493, 0.507));
    chance.spread = Some(SpreadSummary {
        simulation: 0.003_5,
        epistemic: Some(0.01),
        chance: Some(0.5),
        epistemic_distinguishable: false,
    });
    chance.sensitivity = Some(SensitivitySummary {
        n_assumptions: 12,
        n_distinguishable: 0,
        without_chance: true,
        on_ranks: false,
        variance_distinguishable: false,
    });
    assert_snapshot!(question_text(chance), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Roughly even chance (45-55%): 50 in 100 (simulation interval 49 to 51 in 100), by 28 February
      2022, in this model.
      What it hangs on: chance, as far as this ensemble can show; no assumption can be told from no
                        effect.
      Spreads (standard deviations, never added up): simulation 0.4 in 100; what we do not know is too
      small for this ensemble to measure; chance is 100% of what is open about one future.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

fn quantity(kind: QuestionKind, values: [Option<f64>; 5], mean: Option<f64>, unit: &str) -> QuestionAnswer {
    let mut found = question(estimate(0.5, 0.4, 0.6));
    found.kind = kind;
    found.unit = Some(unit.to_owned());
    let around = |value: Option<f64>| Range { low: value.map(|v| v * 0.99), high: value.map(|v| v * 1.01) };
    let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
        .into_iter()
        .zip(values)
        .map(|(probability, value)| Quantile { probability, value, interval: around(value), date: None })
        .collect();
    found.estimate = Some(Estimate {
        probability: None,
        mean,
        quantiles,
        never: None,
        interval: around(mean.or(values[2])),
        interval_method: None,
        word: None,
        word_range: None,
        word_range_text: None,
        in_100: None,
        n_runs: 20_000,
    });
    found
}

#[test]
fn a_quantity_has_a_median_a_range_and_a_mean() {
    let values = [1_200.0, 2_500.0, 3_421.0, 5_000.0, 7_900.0].map(Some);
    let mut fighters = quantity(QuestionKind::Quantity, values, Some(3_712.0), "fighter");
    fighters.when = "on 28 February 2022".to_owned();
    fighters.spread = Some(SpreadSummary {
        simulation: 14.0,
        epistemic: Some(1_500.0),
        chance: Some(900.0),
        epistemic_distinguishable: true,
    });
    let mut press = policy("Patrons press harder", -312.0, -350.0, -270.0);
    press.compared = ComparedMeasure::Mean;
    let mut envoy = policy("An envoy is sent", 12.0, -20.0, 44.0);
    envoy.compared = ComparedMeasure::Mean;
    fighters.policies = vec![press, envoy];
    let waits = [800.0, 1_500.0, 2_000.0, 2_600.0, 4_000.0].map(Some);
    fighters.views = vec![ViewAnswer {
        id: "patient".to_owned(),
        label: "It waits".to_owned(),
        estimate: quantity(QuestionKind::Quantity, waits, Some(2_100.0), "fighter").estimate,
        spread: None,
    }];
    fighters.views_gap = Some(range(2_100.0, 3_712.0));
    assert_snapshot!(question_text(fighters), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      Median 3,420 fighters (simulation interval 3,390 to 3,460), nine in ten runs between 1,200 and
      7,900, on 28 February 2022, in this model. Mean 3,710 fighters (simulation interval 3,670 to
      3,750).
      Rival views: across 2 readings, 2,100 to 3,710 fighters
        the model's own  ··────────━━━━━●━━━━━━━━━────────────────  median 3,420
        It waits         ────━━━●━━━────────······················  median 2,000
                         800               4,350             7,900
      What could be done, against doing nothing with the same draws and chance:
        Patrons press harder: 312 fewer fighters (270 to 350); higher in 12%, lower in 3% of draws.
        No difference that this ensemble can show: An envoy is sent (between 20 fewer and 44 more
        fighters).
      Spreads (standard deviations, never added up): simulation 14, what we do not know 1,500, chance
      900, between views 2,100 to 3,710 fighters.
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

#[test]
fn a_first_time_that_may_never_come_says_how_often_it_comes() {
    let values = [Some(9.0), Some(23.0), None, None, None];
    let mut first = quantity(QuestionKind::FirstTime, values, None, "week");
    first.when = "by 29 August 2022".to_owned();
    first.spread = None;
    if let Some(estimate) = &mut first.estimate {
        estimate.never = Some(Share { probability: 0.68, interval: range(0.673, 0.687) });
        estimate.quantiles[1].date = Some("2022-02-07".to_owned());
    }
    assert_snapshot!(question_text(first), @r"
    Will the group open a campaign against its rival by the end of February 2022?
      It comes at all in 32 of 100 runs (simulation interval 31 to 33 in 100) by 29 August 2022, in this
      model. In more than half of the runs it never comes; in a quarter of all runs it has come by 23
      weeks (7 February 2022).
      Base rate: none supplied.
      Resolves:  Yes if two of three named sources report a campaign of eight weeks or more.
      Written:   P( within 26 weeks: (posture == campaign) for 8 weeks )
    ");
}

#[test]
fn a_first_time_that_never_came_is_bounded() {
    let mut first = quantity(QuestionKind::FirstTime, [None; 5], None, "week");
    first.when = "by 29 August 2022".to_owned();
    if let Some(estimate) = &mut first.estimate {
        estimate.never = Some(Share { probability: 1.0, interval: range(0.999_7, 1.0) });
    }
    assert_snapshot!(question_text(first).lines().skip(1).take(2).map(str::trim).collect::<Vec<_>>().join("\n"), @r"
    It came in none of 20,000 runs by 29 August 2022, in this model, which bounds it at 0.03 in 100
    (95% confidence).
    ");
}

#[test]
fn warnings_about_the_whole_ensemble_stand_with_the_limits() {
    let mut troubled = answer(vec![question(estimate(0.3, 0.29, 0.31))]);
    troubled.design.n_experiments = 1;
    troubled.evidence = EvidenceSummary {
        n_assumptions: 1,
        n_judgement_only: 1,
        n_our_reading: 0,
        n_sourced: 0,
        n_curves_and_data: 3,
        n_curves_and_data_judged: 2,
        n_claims: 0,
        n_sources: 1,
    };
    troubled.leaves_out.clear();
    troubled.run_directory = None;
    troubled.failures =
        FailureSummary { n_runs: 1, share: 0.000_05, first: Some("pay at time 12: overflow".to_owned()) };
    troubled.warnings = vec!["1 run failed and is left out (under 0.1%).".to_owned()];
    let all = text(&troubled, 100);
    assert_snapshot!(all.split("\nLimits\n").nth(1).unwrap(), @r"
      Grounds:    1 of 1 assumption is judgement (100%): 1 on judgement alone, 0 as our reading of a
                  claim; 0 take over a number that a claim states; 0 claims from 1 source.
                  3 other lookups, inputs and units state their grounds; 2 of them judgement.
      Validation: none: not yet compared with events.
      Not for:    Any decision about persons; any use without its per-view table.
      Warning:    1 run failed and is left out (under 0.1%).
                  First failure: pay at time 12: overflow.

    Provenance
      Model:      A rivalry in one country, as of 30 August 2021, horizon 29 August 2022, hash
                  3f2a9c0d11e4
      Runs:       20,000 runs (10,000 draws of the assumptions, 2 replications each), seed 7, version
                  0.1.0

    Next: contingent answer rivalry.ctg --format json
    ");
}
