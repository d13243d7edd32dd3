//! What the page says, case by case: nothing, always, never, ties, one, several, none.

mod common;

use common::{hangs_on, number, parsed, policy, probability, question, report, view};
use contingent_report::content::markdown::of_line;
use contingent_report::content::{Block, Line, Section};
use contingent_report::document::answer::QuestionAnswer;
use contingent_report::document::report::Report;
use contingent_report::page::sections;
use serde_json::{Value, json};

fn section<'a>(all: &'a [Section], id: &str) -> &'a Section {
    all.iter().find(|section| section.id == id).expect("a section of that id")
}

/// The lines of a block, without marks.
fn lines(block: &Block, found: &mut Vec<String>) {
    let mut add = |line: &Line| found.push(line.plain());
    match block {
        Block::Heading(line) | Block::Paragraph(_, line) => add(line),
        Block::Points(points) | Block::Numbered(points) => points.iter().for_each(add),
        Block::Facts(facts) => {
            found.extend(facts.iter().map(|(name, line)| format!("{name}: {}", line.plain())));
        }
        Block::Grid(grid) => grid.rows.iter().flatten().for_each(add),
        Block::Details { summary, blocks, .. } => {
            add(summary);
            of_all(blocks, found);
        }
        Block::Group(_, blocks) => of_all(blocks, found),
        Block::Row { label, number, range, blocks, .. } => {
            found.push(format!("{label} {number} {range}"));
            of_all(blocks, found);
        }
        Block::Figure { .. } | Block::Code(_) | Block::Attachments(_) | Block::Live(_) => {}
    }
}

fn of_all(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        lines(block, found);
    }
}

fn said(report: &Report, id: &str) -> Vec<String> {
    let mut found = Vec::new();
    of_all(&section(&sections(report), id).blocks, &mut found);
    found
}

fn answer_of(question: Value) -> String {
    said(&report(vec![question]), "answer")[0].clone()
}

fn judgements_of(question: Value) -> Vec<String> {
    said(&report(vec![question]), "judgements")
}

fn fact(question: Value, name: &str) -> String {
    let all = said(&report(vec![question]), "answer");
    let start = format!("{name}: ");
    all.iter().find_map(|line| line.strip_prefix(&start)).expect("the fact").to_owned()
}

#[test]
fn an_answer_has_its_word_its_range_and_its_number() {
    assert_eq!(
        answer_of(probability("it", 0.372, 0.36, 0.38)),
        "Unlikely (20–45%): 37 in 100, by 28 February 2022, in this model."
    );
}

#[test]
fn what_never_or_always_happened_is_said_so() {
    let mut never = probability("it", 0.0, 0.0, 0.000_15);
    never["estimate"]["interval_method"] = json!("upper_bound");
    never["estimate"]["word"] = json!("almost no chance");
    never["estimate"]["word_range_text"] = json!("below 5%");
    assert_eq!(
        answer_of(never.clone()),
        "Almost no chance (below 5%): in none of 20,000 runs, by 28 February 2022, in this model."
    );
    assert_eq!(fact(never, "Simulation interval"), "The runs allow at most 0.01 in 100 (95% confidence).");
    let mut always = probability("it", 1.0, 0.999_85, 1.0);
    always["estimate"]["interval_method"] = json!("lower_bound");
    always["estimate"]["word"] = json!("almost certain");
    always["estimate"]["word_range_text"] = json!("above 95%");
    assert_eq!(
        answer_of(always.clone()),
        "Almost certain (above 95%): in every one of 20,000 runs, by 28 February 2022, in this model."
    );
    assert_eq!(fact(always, "Simulation interval"), "The runs allow at least 99.98 in 100 (95% confidence).");
}

#[test]
fn an_interval_that_straddles_has_two_words() {
    let mut both = probability("it", 0.45, 0.44, 0.46);
    both["estimate"]["word"] = json!("unlikely to roughly even chance");
    both["estimate"]["word_range_text"] = json!("20-55%");
    assert_eq!(
        answer_of(both),
        "Unlikely to roughly even chance (20–55%): 45 in 100, by 28 February 2022, in this model."
    );
}

#[test]
fn no_answer_says_why() {
    let mut none = question("it", "probability");
    none["unanswerable"] = json!("the condition held in no run");
    assert_eq!(answer_of(none.clone()), "No answer: the condition held in no run.");
    assert_eq!(
        judgements_of(none),
        [
            "The model gives no answer to its first question: the condition held in no run. The other questions stand on their own."
        ]
    );
}

#[test]
fn a_first_time_that_never_comes_is_said_so() {
    let never = number("it", "first_time", "week", [None; 5], Some(1.0));
    assert!(answer_of(never).starts_with(
        "It came in none of 20,000 runs by 28 February 2022, in this model, which bounds it at"
    ));
    let seldom = number("it", "first_time", "week", [Some(3.0), Some(9.0), None, None, None], Some(0.6));
    assert_eq!(
        answer_of(seldom),
        "It comes at all in 40 of 100 runs (simulation interval 40.000 to 40.000 in 100) by 28 February 2022, in this model. In more \
         than half of the runs it never comes; in a quarter of all runs it has come by 9 weeks."
    );
    let once = number("it", "first_time", "week", [Some(1.0); 5], None);
    assert_eq!(
        answer_of(once),
        "It comes in every run by 28 February 2022, in this model: half of the time by 1 week, nine times in ten between after 1 \
         week and after 1 week."
    );
}

#[test]
fn a_number_has_its_unit() {
    let many = number(
        "it",
        "quantity",
        "fighter",
        [Some(1.0), Some(2.0), Some(2_530.0), Some(4.0), Some(9_000.0)],
        None,
    );
    assert_eq!(
        answer_of(many),
        "Median 2,530 fighters by 28 February 2022, in this model; nine in ten futures lie between 1 and 9,000."
    );
    let one = number("it", "quantity", "fighter", [Some(1.0); 5], None);
    assert!(answer_of(one).starts_with("Median 1 fighter by"));
    let share =
        number("it", "quantity", "share", [Some(0.1), Some(0.2), Some(0.34), Some(0.4), Some(0.5)], None);
    assert!(answer_of(share).starts_with("Median 34% by"));
}

#[test]
fn base_rates_are_told_or_missed() {
    let mut with = probability("it", 0.37, 0.36, 0.38);
    assert_eq!(
        fact(with.clone(), "Base rate"),
        "None supplied, so nothing here says how unusual this would be."
    );
    with["base_rate"] =
        json!({"low": 0.3, "high": 0.7, "claims": ["a"], "judgement": "in four of six years"});
    assert_eq!(fact(with.clone(), "Base rate"), "30 to 70 in 100 by judgement: in four of six years.");
    with["base_rate"] = json!({"low": 0.3, "high": 0.7, "claims": ["a"], "judgement": null});
    assert_eq!(fact(with.clone(), "Base rate"), "30 to 70 in 100 by the claim a.");
    with["base_rate"] = json!({"low": 0.4, "high": 0.7, "claims": ["a", "b"], "judgement": null});
    assert_eq!(fact(with.clone(), "Base rate"), "40 to 70 in 100 by the claims a, b.");
    let judged = judgements_of(with.clone());
    assert_eq!(judged[0], "The answer lies below what usually happens: 40 to 70 in 100 (the answer).");
    with["base_rate"] = json!({"low": 0.3, "high": 0.3, "claims": [], "judgement": null});
    assert_eq!(fact(with, "Base rate"), "30 in 100.");
}

#[test]
fn readings_part_agree_or_stand_alone() {
    let mut asked = probability("it", 0.37, 0.36, 0.38);
    asked["views"] = json!([view("Reading of A", 0.15), view("Reading of B", 0.84)]);
    asked["views_gap"] = json!({"low": 0.15, "high": 0.84});
    assert_eq!(
        judgements_of(asked.clone())[0],
        "The readings part: from 15 in 100 (Reading of A) to 84 in 100 (Reading of B); which of them one believes matters more than \
         any single number here (the readings side by side)."
    );
    assert_eq!(fact(asked.clone(), "Rival readings"), "15 to 84 in 100 across three readings.");
    asked["views"] = json!([view("Reading of A", 0.38)]);
    asked["views_gap"] = json!({"low": 0.37, "high": 0.38});
    assert_eq!(
        judgements_of(asked.clone())[0],
        "The readings agree. Both come to about the same answer, 37 to 38 in 100 (the readings side by side)."
    );
    asked["views"] = json!([view("Reading of A", 0.45)]);
    asked["views_gap"] = json!({"low": 0.37, "high": 0.45});
    assert_eq!(
        judgements_of(asked.clone())[0],
        "The readings part: from 37 in 100 (the model's own) to 45 in 100 (Reading of A) (the readings side by side)."
    );
    asked["views"] = json!([]);
    asked["views_gap"] = Value::Null;
    assert_eq!(
        said(&report(vec![asked]), "views"),
        ["The model holds one reading only, its own; a view sets a rival beside it."]
    );
}

#[test]
fn what_it_hangs_on_leads_ties_or_cannot_be_told() {
    let mut asked = probability("it", 0.37, 0.36, 0.38);
    asked["sensitivity"] = json!({"n_assumptions": 3, "n_distinguishable": 1, "without_chance": true, "on_ranks": false,
        "variance_distinguishable": true});
    asked["hangs_on"] = json!([hangs_on("Cost of war", 0.3, false)]);
    assert_eq!(
        judgements_of(asked.clone())[0],
        "The answer hangs most on ‘Cost of war’: 54 in 100 where it is low, 20 in 100 where it is high; it rests on judgement alone \
         (what it hangs on)."
    );
    asked["hangs_on"] =
        json!([hangs_on("A", 0.3, true), hangs_on("B", 0.3, true), hangs_on("C", 0.29, false)]);
    assert_eq!(
        judgements_of(asked.clone())[0],
        "No single assumption leads: the answer hangs most on ‘A’, ‘B’ and ‘C’, whose ranks cannot be told apart (what it hangs on)."
    );
    asked["hangs_on"] = json!([]);
    asked["sensitivity"]["n_distinguishable"] = json!(0);
    assert_eq!(
        said(&report(vec![asked.clone()]), "hangs-on")[0],
        "No single assumption can be told from no effect; together they matter."
    );
    asked["sensitivity"]["variance_distinguishable"] = json!(false);
    assert!(
        said(&report(vec![asked.clone()]), "hangs-on")[0]
            .starts_with("On chance, as far as these runs can show")
    );
    asked["sensitivity"]["n_assumptions"] = json!(0);
    assert!(said(&report(vec![asked]), "hangs-on")[0].starts_with("On nothing: no assumption varies"));
}

#[test]
fn policies_are_one_several_or_without_effect() {
    let mut asked = probability("it", 0.37, 0.36, 0.38);
    asked["policies"] = json!([policy("Press hard", 0.1, true)]);
    assert_eq!(
        judgements_of(asked.clone())[0],
        "The one policy, ‘Press hard’, changes the answer: 10 more in 100 (9 to 11) (what could be done)."
    );
    asked["policies"] = json!([policy("Press hard", 0.1, true), policy("Do less", -0.2, true)]);
    assert_eq!(
        judgements_of(asked.clone())[0],
        "Of the two policies, ‘Do less’ changes the answer most: 20 fewer in 100 (19 to 21) (what could be done)."
    );
    asked["policies"] = json!([policy("Press hard", 0.0, false)]);
    assert_eq!(
        judgements_of(asked.clone())[0],
        "The one policy makes no difference that these runs can show: Press hard (what could be done)."
    );
    asked["policies"] = json!([policy("Press hard", 0.0, false), policy("Do less", 0.0, false)]);
    assert_eq!(
        judgements_of(asked)[0],
        "None of the two policies makes a difference that these runs can show (what could be done)."
    );
}

#[test]
fn there_are_at_most_three_judgements_each_with_a_link() {
    let mut asked = probability("it", 0.37, 0.36, 0.38);
    asked["views"] = json!([view("A", 0.15)]);
    asked["views_gap"] = json!({"low": 0.15, "high": 0.37});
    asked["hangs_on"] = json!([hangs_on("Cost of war", 0.3, false)]);
    asked["policies"] = json!([policy("Press hard", 0.1, true)]);
    asked["spread"] =
        json!({"simulation": 0.004, "epistemic": 0.27, "chance": 0.4, "epistemic_distinguishable": true});
    let report = report(vec![asked]);
    let all = sections(&report);
    let [Block::Numbered(judged)] = section(&all, "judgements").blocks.as_slice() else {
        panic!("numbered points")
    };
    assert_eq!(judged.len(), 3);
    for line in judged {
        let ids: Vec<&str> = line
            .0
            .iter()
            .filter_map(|piece| match piece {
                contingent_report::content::Piece::Link(contingent_report::html::Target::Here(id), _) => {
                    Some(id.as_str())
                }
                _ => None,
            })
            .collect();
        assert_eq!(ids.len(), 1, "{}", line.plain());
        assert!(all.iter().any(|section| section.id == ids[0]), "{ids:?}");
    }
}

#[test]
fn the_three_spreads_are_kept_apart() {
    let mut asked = probability("it", 0.37, 0.36, 0.38);
    asked["sensitivity"] = json!({"n_assumptions": 3, "n_distinguishable": 0, "without_chance": true, "on_ranks": false,
        "variance_distinguishable": true});
    asked["spread"] =
        json!({"simulation": 0.004, "epistemic": 0.27, "chance": 0.4, "epistemic_distinguishable": true});
    let text = said(&report(vec![asked]), "hangs-on");
    assert_eq!(
        text[1],
        "Kept apart, and never added up (standard deviations): what more runs would settle, 0.4 points; what we do not know, 27 \
         points; chance, 69% of what is open about one future."
    );
}

#[test]
fn one_question_and_several_are_headed_rightly() {
    let one = report(vec![probability("a", 0.3, 0.2, 0.4)]);
    assert!(!sections(&one).iter().any(|section| section.id == "questions"));
    let two = report(vec![probability("a", 0.3, 0.2, 0.4), probability("b", 0.3, 0.2, 0.4)]);
    assert_eq!(section(&sections(&two), "questions").title, "The other question");
    let three = report(vec![
        probability("a", 0.3, 0.2, 0.4),
        question("b", "probability"),
        question("c", "quantity"),
    ]);
    assert_eq!(section(&sections(&three), "questions").title, "The other two questions");
}

/// Marks of text that was put together wrongly.
const BROKEN: [&str; 12] = ["  ", " .", " ,", "..", " ;", "( ", " )", ":.", "NaN", "inf ", "Some(", "1 runs"];

#[test]
fn no_sentence_is_put_together_wrongly() {
    let mut full = probability("it", 0.37, 0.36, 0.38);
    full["views"] = json!([view("A", 0.15), view("B", 0.84)]);
    full["views_gap"] = json!({"low": 0.15, "high": 0.84});
    full["hangs_on"] = json!([hangs_on("Cost of war", 0.3, true), hangs_on("Pull", 0.29, false)]);
    full["sensitivity"] = json!({"n_assumptions": 3, "n_distinguishable": 2, "without_chance": true, "on_ranks": false,
        "variance_distinguishable": true});
    full["policies"] = json!([policy("Press hard", 0.1, true), policy("Do less", 0.0, false)]);
    full["spread"] =
        json!({"simulation": 0.004, "epistemic": null, "chance": null, "epistemic_distinguishable": false});
    let cases: Vec<Value> = vec![
        full,
        probability("it", 0.37, 0.36, 0.38),
        question("it", "probability"),
        number("it", "first_time", "week", [None; 5], Some(1.0)),
        number("it", "first_time", "week", [Some(1.0), Some(2.0), Some(3.0), None, None], Some(0.3)),
        number("it", "quantity", "1", [Some(0.0), Some(0.1), Some(0.2), Some(0.3), Some(0.4)], None),
    ];
    let mut n_lines = 0;
    for case in cases {
        let _: QuestionAnswer = parsed(case.clone());
        for section in sections(&report(vec![case.clone(), case])) {
            let mut found = Vec::new();
            section.blocks.iter().for_each(|block| lines(block, &mut found));
            for line in found {
                n_lines += 1;
                let text = line.replace(": ", " ").replace("P( within 26 weeks x > 1 )", "");
                for mark in BROKEN {
                    assert!(!text.contains(mark), "`{mark}` in {}: {line}", section.id);
                }
            }
        }
    }
    assert!(n_lines > 200, "{n_lines} lines were looked at");
}

#[test]
fn a_line_is_the_same_text_in_markdown() {
    let line = Line::ours("a ").and_strong("b").and(" ").and_words("*c*").and_code("d");
    assert_eq!(of_line(&line), "a **b** \\*c\\*`d`");
}
