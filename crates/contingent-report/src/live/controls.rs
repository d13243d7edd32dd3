//! The controls of the live re-run, with the printed baseline that they begin from.
//!
//! Enters: a [`Live`] document. Leaves: [`Html`]. Always holds: what needs the script is not there until the script runs, and what
//! it would show at first stands printed beside; every control has a label, and a slider for something that is not known names the
//! claims behind it and who made them.

use crate::document::live::{Live, LiveChoice, LiveControl, LiveControlKind};
use crate::html::{Element, Html, element};
use crate::words::number::Unit;
use crate::words::text::capitalised;

/// The steps of a slider, from its lowest value to its highest.
const N_STEPS: u32 = 200;

/// From this ratio of its ends on, equal distances on a slider are equal ratios.
const LOG_FROM: f64 = 30.0;

/// What stands on the page before the script runs: the places of controls, answer and charts.
pub fn places(live: &Live) -> Html {
    let charts = ["live-curve", "live-dots", "live-fan"].into_iter().map(|id| {
        element("figure").attribute("data-chart", id).flag("hidden").child(element("figcaption").either_way())
    });
    element("div")
        .id("live")
        .class("live")
        .child(element("p").id("live-still").text(
            "Where scripts run, sliders stand here, and the model is run again in this page as they move.",
        ))
        .child(element("form").id("live-form").class("live-form").flag("hidden"))
        .child(element("p").id("live-note").flag("hidden").text("These are the settings of the report."))
        .child(
            element("p")
                .id("live-answer")
                .attribute("role", "status")
                .attribute("aria-live", "polite")
                .either_way()
                .text(&live.baseline.sentence),
        )
        .child(element("div").id("live-charts").children(charts))
        .child(element("p").id("live-status").text(&format!(
            "{}, fewer than the report has, so that they can be made again at once.",
            crate::words::text::count(live.baseline.n_runs, "future")
        )))
        .into()
}

/// The controls, which the script puts into their place.
pub fn controls(live: &Live) -> Html {
    let choices = element("div")
        .class("live-choices")
        .child(choice("question", "Question", None, &live.questions, ""))
        .children(some_choice("indicator", "Indicator over time", None, &live.indicators, ""))
        .children(some_choice(
            "view",
            "Reading",
            Some("the model's own"),
            &live.views,
            live.view.as_deref().unwrap_or(""),
        ))
        .children(some_choice(
            "policy",
            "What is done",
            Some("nothing beyond what is set below"),
            &live.policies,
            "",
        ));
    let of = |kind: LiveControlKind| {
        live.controls.iter().enumerate().filter(move |(_, control)| control.kind == kind)
    };
    let group = |kind: LiveControlKind, legend: &str, hint: &str| {
        (of(kind).next().is_some()).then(|| {
            element("fieldset")
                .child(element("legend").text(legend))
                .child(element("p").class("live-grounds").text(hint))
                .child(
                    element("div")
                        .class("live-controls")
                        .children(of(kind).map(|(place, control)| one(place, control))),
                )
        })
    };
    let mut form: Html = choices.into();
    for fields in [
        group(LiveControlKind::Lever, "Ours to set", "Each stands where the model has it."),
        group(
            LiveControlKind::Assumption,
            "What is not known",
            "The report draws each of these anew in every run. A slider that is moved fixes it at one value.",
        ),
    ]
    .into_iter()
    .flatten()
    {
        form.push(fields);
    }
    let button = |id: &str, text: &str| element("button").attribute("type", "button").id(id).text(text);
    form.push(
        element("div")
            .class("live-row")
            .child(button("live-reset", "Back to the report"))
            .child(button("live-link", "Copy a link with these settings")),
    );
    form
}

/// Whether a browser found the same numbers; until it has tried, the digests that it has to find.
pub fn verdict(live: &Live) -> Html {
    let digests: Vec<&str> = live.baseline.digests.iter().map(|digest| digest.digest.as_str()).collect();
    let text = format!("Digests of the numbers behind the charts that can be moved: {}.", digests.join(", "));
    element("p").id("live-check").attribute("role", "status").text(&text).into()
}

/// A choice, unless there is nothing to choose.
fn some_choice(
    name: &str,
    label: &str,
    none: Option<&str>,
    choices: &[LiveChoice],
    chosen: &str,
) -> Option<Element> {
    (choices.len() + usize::from(none.is_some()) > 1).then(|| choice(name, label, none, choices, chosen))
}

fn choice(name: &str, label: &str, none: Option<&str>, choices: &[LiveChoice], chosen: &str) -> Element {
    let id = format!("live-{name}");
    let option = |value: &str, text: &str, is_first: bool| {
        let option = element("option").attribute("value", value).either_way().text(text);
        if is_first { option.flag("selected").attribute("data-first", "") } else { option }
    };
    let first = none.map(|text| option("", text, chosen.is_empty()));
    let has_none = none.is_some();
    let rest = choices.iter().enumerate().map(|(place, choice)| {
        let is_first = if has_none || !chosen.is_empty() { choice.name == chosen } else { place == 0 };
        option(&choice.name, &choice.label, is_first)
    });
    element("div")
        .child(element("label").attribute("for", &id).text(label))
        .child(element("select").id(&id).attribute("autocomplete", "off").children(first).children(rest))
}

fn one(place: usize, control: &LiveControl) -> Element {
    let id = format!("live-control-{place}");
    let unit = if control.is_share { String::new() } else { Unit(&control.unit).plural() };
    let said = |value: f64| Unit(if control.is_share { "share" } else { &control.unit }).with(value);
    let untouched = match control.kind {
        LiveControlKind::Lever => said(control.middle),
        LiveControlKind::Assumption if control.alternatives.is_empty() => {
            format!("as drawn: {} to {} in nine of ten runs", said(control.low), said(control.high))
        }
        LiveControlKind::Assumption => "as drawn".to_owned(),
    };
    let shared = |made: Element| {
        let made = made
            .id(&id)
            .attribute("data-name", &control.name)
            .attribute("data-low", &control.low.to_string())
            .attribute("data-high", &control.high.to_string())
            .attribute("data-middle", &control.middle.to_string())
            .attribute("data-untouched", &untouched)
            .attribute("autocomplete", "off");
        let made = if control.is_share { made.attribute("data-share", "1") } else { made };
        let made = if unit.is_empty() { made } else { made.attribute("data-unit", &unit) };
        let made = if is_log(control) { made.attribute("data-log", "1") } else { made };
        match control.kind {
            LiveControlKind::Lever => made,
            LiveControlKind::Assumption => made.attribute("data-questions", &control.questions.join(" ")),
        }
    };
    let (made, output) = if control.alternatives.is_empty() {
        let slider = element("input")
            .attribute("type", "range")
            .attribute("min", "0")
            .attribute("max", &N_STEPS.to_string())
            .attribute("value", &(N_STEPS / 2).to_string());
        (shared(slider), element("output").id(&format!("{id}-value")).attribute("for", &id).text(&untouched))
    } else {
        let options = control.alternatives.iter().enumerate();
        let select = element("select")
            .child(element("option").attribute("value", "").text(&untouched))
            .children(options.map(|(value, name)| {
                element("option").attribute("value", &value.to_string()).either_way().text(name)
            }));
        (shared(select), element("output").id(&format!("{id}-value")))
    };
    element("div")
        .class("live-control")
        .child(element("label").attribute("for", &id).either_way().text(&control.label))
        .child(made)
        .child(
            element("div").class("live-row").child(output).child(
                element("button")
                    .attribute("type", "button")
                    .id(&format!("{id}-back"))
                    .attribute("aria-label", &format!("Put back: {}", control.label))
                    .text("put back"),
            ),
        )
        .children(control.grounds.iter().map(|ground| {
            let speaker = ground.speaker.as_deref().unwrap_or("The source");
            element("p")
                .class("live-grounds")
                .either_way()
                .text(&format!("{speaker}: {} ", ground.says))
                .child(element("code").text(&ground.claim))
        }))
        .children(control.judgement.iter().map(|judgement| {
            element("p")
                .class("live-grounds")
                .either_way()
                .text(&introduced(judgement, control.grounds.is_empty()))
        }))
}

/// A judgement with what it is; one that says so itself is not introduced twice.
fn introduced(judgement: &str, stands_alone: bool) -> String {
    let says =
        |words: &str| judgement.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    if says("our reading") || says("judgement") {
        return capitalised(judgement);
    }
    format!("{}: {judgement}", if stands_alone { "Judgement" } else { "Our reading" })
}

fn is_log(control: &LiveControl) -> bool {
    control.low > 0.0 && control.high / control.low >= LOG_FROM
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::live::{LiveAnswer, LiveGround};

    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

    fn control(kind: LiveControlKind, alternatives: &[&str]) -> LiveControl {
        LiveControl {
            kind,
            name: "loss[east]".to_owned(),
            label: HOSTILE.to_owned(),
            unit: "1/week".to_owned(),
            is_share: false,
            low: 0.01,
            high: 0.5,
            middle: 0.1,
            alternatives: alternatives.iter().map(|name| (*name).to_owned()).collect(),
            grounds: vec![LiveGround {
                claim: "ali_said".to_owned(),
                says: HOSTILE.to_owned(),
                speaker: Some("Obaid Ali".to_owned()),
            }],
            judgement: Some(HOSTILE.to_owned()),
            questions: vec!["one".to_owned()],
        }
    }

    fn live() -> Live {
        let choice = || vec![LiveChoice { name: "one".to_owned(), label: HOSTILE.to_owned() }];
        Live {
            seed: 1,
            n_draws: 1_000,
            n_preview_draws: 150,
            n_replications: 2,
            words: "icd203".to_owned(),
            view: None,
            fixed: Vec::new(),
            model: String::new(),
            kernel: String::new(),
            controls: vec![
                control(LiveControlKind::Lever, &[]),
                control(LiveControlKind::Assumption, &[]),
                control(LiveControlKind::Assumption, &["calm", HOSTILE]),
            ],
            views: choice(),
            policies: choice(),
            questions: choice(),
            indicators: choice(),
            digests: Vec::new(),
            baseline: LiveAnswer {
                question: "one".to_owned(),
                label: HOSTILE.to_owned(),
                sentence: HOSTILE.to_owned(),
                short: "37 in 100".to_owned(),
                curve: None,
                dots: None,
                fan: None,
                n_runs: 2_000,
                n_failed_runs: 0,
                digests: Vec::new(),
            },
        }
    }

    #[test]
    fn what_the_modeller_wrote_stays_text() {
        let made = controls(&live());
        assert!(!made.as_str().contains("<script") && !made.as_str().contains("<img"));
        assert!(made.as_str().matches("&lt;script&gt;").count() > 8);
    }

    #[test]
    fn every_control_has_a_label_and_names_its_claim_and_speaker() {
        let made = controls(&live());
        let text = made.as_str();
        for id in [
            "live-question",
            "live-view",
            "live-policy",
            "live-control-0",
            "live-control-1",
            "live-control-2",
        ] {
            assert_eq!(text.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
            assert!(text.contains(&format!("<label for=\"{id}\"")), "{id}");
        }
        assert!(
            text.matches("Obaid Ali: ").count() == 3 && text.matches("<code>ali_said</code>").count() == 3
        );
        // With one indicator there is nothing to choose.
        assert!(!text.contains("live-indicator"));
    }

    #[test]
    fn a_judgement_is_introduced_once() {
        assert_eq!(introduced("our reading: a reason, not a bar", false), "Our reading: a reason, not a bar");
        assert_eq!(introduced("counts at the gates", true), "Judgement: counts at the gates");
        assert_eq!(introduced("counts at the gates", false), "Our reading: counts at the gates");
        assert_eq!(
            introduced("\u{5e9}\u{5dc}\u{5d5}\u{5dd}", true),
            "Judgement: \u{5e9}\u{5dc}\u{5d5}\u{5dd}"
        );
    }

    #[test]
    fn what_needs_the_script_is_hidden_until_it_runs() {
        let made = places(&live());
        assert!(made.as_str().contains("<form id=\"live-form\" class=\"live-form\" hidden></form>"));
        assert_eq!(
            made.as_str().matches("<figure ").count(),
            made.as_str().matches(" hidden><figcaption").count()
        );
        assert!(!made.as_str().contains("<input") && !made.as_str().contains("<script"));
        assert!(made.as_str().contains("2,000 futures, fewer than the report has"));
    }
}
