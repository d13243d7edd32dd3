//! What must hold of every chart: escaping, words, tables, labels that do not overlap, contrast.
//!
//! Every chart is drawn from plain, extreme and hostile data at the widths of a telephone, a column and a page.

use contingent_report::chart::{
    Axis, Band, Bar, Condition, Conditions, Curve, CurveLine, DotPlot, Fan, FanGrid, Frame, Mark, Measure,
    Part, Point, Policies, PolicyBar, ProbabilityStrip, Span, Threshold, Times, Tornado, ViewDot, Views,
    Waterfall, WordRange, conditions, curve, dot_plot, fan, fan_grid, policies, probability_strip, tornado,
    views, waterfall,
};
use contingent_report::figure::{Figure, STYLE, standalone};

const PAYLOAD: &str = "</title><script>alert(1)</script>\"'&<img src=x onerror=y> ]]>";
const WIDTHS: [f64; 3] = [340.0, 640.0, 1_000.0];

fn frame(width: f64) -> Frame {
    Frame { id: "it".to_owned(), width }
}

fn weeks(n: usize, is_dated: bool) -> Times {
    let day = jiff::civil::date(2021, 8, 30);
    let date = |i: i64| day.checked_add(jiff::Span::new().days(7 * i)).expect("it is there").to_string();
    Times {
        values: (0..n).map(|i| i as f64).collect(),
        unit: "week".to_owned(),
        dates: if is_dated { (0_i64..).take(n).map(date).collect() } else { Vec::new() },
    }
}

fn number(unit: &str) -> Measure {
    Measure::Number { unit: unit.to_owned() }
}

fn a_fan(width: f64, label: &str, n: usize, is_dated: bool) -> Fan {
    let line = |share: f64| -> Vec<Option<f64>> {
        (0..n).map(|i| if i == 3 { None } else { Some(1_000.0 + share * i as f64 * 20.0) }).collect()
    };
    let band = |percent: u8, share: f64| Band { percent, low: line(-share), high: line(share) };
    Fan {
        frame: frame(width),
        title: label.to_owned(),
        measure: number("fighter"),
        times: weeks(n, is_dated),
        bands: vec![band(50, 0.2), band(95, 1.0), band(80, 0.5)],
        median: line(0.05),
        paths: vec![line(0.3), line(-0.3)],
        recorded: vec![Point { time: -20.0, value: 900.0 }, Point { time: -3.0, value: 1_000.0 }],
        threshold: Some(Threshold { value: 1_500.0, label: label.to_owned() }),
        ghost: Some(line(0.06)),
        marks: vec![
            Mark { time: 10.0, label: label.to_owned() },
            Mark { time: 11.0, label: label.to_owned() },
        ],
        axis: Axis { low: 0.0, high: 3_500.0, is_log: false },
        n_runs: 2_000,
    }
}

fn a_tornado(width: f64, label: &str, n: usize) -> Tornado {
    let bar = |i: usize| Bar {
        label: format!("{label} {i}"),
        rank: i + 1,
        is_tied: i > 2,
        low: if i == 4 { None } else { Some(0.37 - 0.3 / (i + 1) as f64) },
        high: Some(if i == 5 { 0.2 } else { 0.37 + 0.5 / (i + 1) as f64 }),
        ends: if i == 1 {
            [label.to_owned(), "off".to_owned()]
        } else {
            ["low".to_owned(), "high".to_owned()]
        },
        share: 0.3,
        interval: Span { low: -0.01, high: 0.4 },
    };
    Tornado {
        frame: frame(width),
        title: label.to_owned(),
        measure: Measure::InHundred,
        base: 0.37,
        bars: (0..n).map(bar).collect(),
        axis: Axis::of_probabilities(),
    }
}

fn some_views(width: f64, label: &str) -> Views {
    let row = |i: usize| ViewDot {
        label: format!("{label} {i}"),
        is_base: i == 0,
        value: if i == 2 { None } else { Some(0.2 * i as f64) },
        interval: Some(Span { low: 0.1, high: 0.3 }),
        spread: (i == 1).then_some(Span { low: 0.0, high: 1.0 }),
        note: (i == 2).then(|| label.to_owned()),
    };
    Views {
        frame: frame(width),
        title: label.to_owned(),
        measure: Measure::InHundred,
        rows: (0..6).map(row).collect(),
        base_rate: Some(Span { low: 0.9, high: 1.0 }),
        axis: Axis::of_probabilities(),
    }
}

fn some_policies(width: f64, label: &str) -> Policies {
    let row = |i: usize| PolicyBar {
        label: format!("{label} {i}"),
        difference: (i != 3).then_some(0.1 - 0.05 * i as f64),
        interval: (i != 3).then_some(Span { low: 0.09 - 0.05 * i as f64, high: 0.12 - 0.05 * i as f64 }),
        distinguishable: i != 2,
        across_views: (i == 1).then_some(Span { low: -0.1, high: 0.2 }),
        worst: (i < 3).then(|| (0.84, label.to_owned())),
        share_higher: 0.3,
        share_lower: 0.001,
    };
    Policies {
        frame: frame(width),
        title: label.to_owned(),
        measure: Measure::InHundred,
        rows: (0..5).map(row).collect(),
        axis: Axis::holding([-0.1, 0.2]),
    }
}

fn a_curve(width: f64, label: &str, n_lines: usize) -> Curve {
    let n = 60;
    let line = |k: usize| CurveLine {
        label: if n_lines == 1 { String::new() } else { format!("{label} {k}") },
        probability: (0..n).map(|i| (0.01 * i as f64 * (1.0 + 0.05 * k as f64)).min(1.0)).collect(),
        low: vec![0.0; n],
        high: vec![1.0; n],
        is_ghost: k == 1,
    };
    Curve {
        frame: frame(width),
        title: label.to_owned(),
        times: weeks(n, n_lines == 1),
        is_held: false,
        lines: (0..n_lines).map(line).collect(),
        marks: vec![Mark { time: 26.0, label: label.to_owned() }],
    }
}

fn some_dots(width: f64, label: &str, values: Vec<Option<f64>>) -> DotPlot {
    let finite: Vec<f64> = values.iter().copied().flatten().collect();
    DotPlot {
        frame: frame(width),
        title: label.to_owned(),
        measure: number("death"),
        threshold: Some(Threshold { value: 40.0, label: label.to_owned() }),
        times: None,
        axis: Axis::fitting(&finite),
        values,
        n_runs: 20_000,
    }
}

fn a_waterfall(width: f64, label: &str, n: usize) -> Waterfall {
    let parts: Vec<Part> = (0..n)
        .map(|i| Part {
            label: format!("{label} {i}"),
            value: if i == 1 { -0.1 } else { 0.3 / (1 + i) as f64 },
            interval: Some(Span { low: 0.0, high: 0.31 / (1 + i) as f64 }),
            distinguishable: i < 4,
        })
        .collect();
    let to = 0.1 + parts.iter().map(|part| part.value).sum::<f64>();
    Waterfall {
        frame: frame(width),
        title: label.to_owned(),
        measure: Measure::InHundred,
        from: (label.to_owned(), 0.1),
        to: (label.to_owned(), to),
        parts,
    }
}

fn some_conditions(width: f64, label: &str) -> Conditions {
    let condition = Condition {
        label: label.to_owned(),
        words: label.to_owned(),
        range: Some(Span { low: 0.0, high: 1.0 }),
        low: Some(0.2),
        high: None,
        alternatives: Vec::new(),
    };
    let category = Condition {
        alternatives: vec![(label.to_owned(), true), ("b".to_owned(), false)],
        ..condition.clone()
    };
    Conditions { frame: frame(width), title: label.to_owned(), rows: vec![condition, category] }
}

fn a_strip(width: f64, label: &str, value: f64) -> ProbabilityStrip {
    ProbabilityStrip {
        frame: frame(width),
        title: label.to_owned(),
        words: WordRange::icd203(),
        value,
        interval: Some(Span { low: (value - 0.02).max(0.0), high: (value + 0.02).min(1.0) }),
        views: Some(Span { low: 0.02, high: 0.97 }),
        base_rate: Some(Span { low: 0.3, high: 0.7 }),
    }
}

/// Every chart with a label in every place, at a width.
fn all(width: f64, label: &str) -> Vec<(&'static str, Figure)> {
    let rising: Vec<Option<f64>> =
        (0..50).map(|i| if i < 40 { Some(f64::from(i) * 2.0) } else { None }).collect();
    let ratios: Vec<Option<f64>> = (0..50).map(|i| Some(f64::from(i * i * i + 1))).collect();
    let mut figures = vec![
        ("fan", fan(&a_fan(width, label, 105, true))),
        ("undated fan", fan(&a_fan(width, label, 12, false))),
        ("long fan", fan(&a_fan(width, label, 1_500, true))),
        ("grid", {
            let panels = (0..5).map(|_| a_fan(width, label, 40, true)).collect();
            fan_grid(&FanGrid { frame: frame(width), title: label.to_owned(), panels })
        }),
        ("dots", dot_plot(&some_dots(width, label, rising))),
        ("dots over ratios", dot_plot(&some_dots(width, label, ratios))),
        ("one stack", dot_plot(&some_dots(width, label, vec![Some(7.0); 50]))),
        ("tornado", tornado(&a_tornado(width, label, 8))),
        ("views", views(&some_views(width, label))),
        ("policies", policies(&some_policies(width, label))),
        ("curve", curve(&a_curve(width, label, 1))),
        ("curves", curve(&a_curve(width, label, 6))),
        ("waterfall", waterfall(&a_waterfall(width, label, 14))),
        ("conditions", conditions(&some_conditions(width, label))),
    ];
    figures.extend(
        [0.0, 0.04, 0.37, 0.5, 0.98, 1.0]
            .map(|value| ("strip", probability_strip(&a_strip(width, label, value)))),
    );
    figures
}

/// Texts of a drawing with the boxes that they take, from the attributes that all texts have.
fn labels(svg: &str) -> Vec<(String, [f64; 4])> {
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(tag[from..].split('"').next().unwrap_or_default().to_owned())
    };
    let mut found = Vec::new();
    for part in svg.split("<text ").skip(1) {
        let (tag, rest) = part.split_once('>').expect("it is there");
        let tag = format!(" {tag}");
        let text = rest.split("</text>").next().expect("it is there");
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
        let number =
            |name: &str| attribute(&tag, name).expect("it is there").parse::<f64>().expect("it is there");
        let (size, is_bold) = match attribute(&tag, "class").expect("it is there").as_str() {
            "label" => (13.0, false),
            "strong" => (13.0, true),
            "alert" => (12.0, true),
            "sign" => (14.0, true),
            _ => (12.0, false),
        };
        // A narrow measure of our own, so that the test does not lean on what it tests: letters are at least 0.42 of the size wide
        // on average in Latin text.
        let letters = text.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).count() as f64;
        let width = letters * size * if is_bold { 0.47 } else { 0.42 };
        let left = match attribute(&tag, "text-anchor").as_deref() {
            Some("middle") => number("x") - width / 2.0,
            Some("end") => number("x") - width,
            _ => number("x"),
        };
        let baseline = number("y");
        found.push((text, [left, baseline - 0.7 * size, left + width, baseline + 0.15 * size]));
    }
    found
}

#[test]
fn labels_do_not_overlap_at_any_width() {
    let mut compared = 0;
    for width in WIDTHS {
        for label in [
            "Cost of a campaign",
            "What raids bring against a campaign that the whole council would have to carry",
        ] {
            for (name, figure) in all(width, label) {
                let placed = labels(&figure.svg);
                for (i, (text, a)) in placed.iter().enumerate() {
                    for (other, b) in &placed[i + 1..] {
                        compared += 1;
                        let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                        assert!(
                            apart,
                            "{name} at {width}: \u{2018}{text}\u{2019} {a:?} and \u{2018}{other}\u{2019} {b:?}"
                        );
                    }
                }
            }
        }
    }
    assert!(compared > 10_000);
}

#[test]
fn labels_stay_within_the_drawing() {
    for width in WIDTHS {
        for (name, figure) in
            all(width, "What raids bring against a campaign that the whole council would have to carry")
        {
            let height: f64 = figure
                .svg
                .split("viewBox=\"0 0 ")
                .nth(1)
                .expect("it is there")
                .split([' ', '"'])
                .nth(1)
                .expect("it is there")
                .parse()
                .expect("it is there");
            let placed = labels(&figure.svg);
            assert!(name == "conditions" || placed.len() > 3, "{name}");
            for (text, place) in placed {
                let inside = place[0] >= -1.0
                    && place[2] <= width + 1.0
                    && place[1] >= -1.0
                    && place[3] <= height + 1.0;
                assert!(inside, "{name} at {width}: \u{2018}{text}\u{2019} {place:?} in {width} x {height}");
            }
        }
    }
}

#[test]
fn no_text_leaves_its_place() {
    for (name, figure) in all(640.0, PAYLOAD) {
        assert!(!figure.svg.contains("<script") && !figure.svg.contains("<img"), "{name}");
        // Only what we open stands in angle brackets.
        for part in figure.svg.split('<').skip(1) {
            let tag: String = part.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '/').collect();
            let ours = ["svg", "title", "desc", "g", "rect", "circle", "path", "line", "text"];
            assert!(ours.contains(&tag.trim_start_matches('/')), "{name}: <{tag}");
        }
        assert!(figure.title.contains("<script>"), "{name}: plain text stays as it is");
        assert!(standalone(&figure).starts_with("<?xml"), "{name}");
    }
}

#[test]
fn every_chart_has_words_and_a_table_and_the_same_bytes_twice() {
    for width in WIDTHS {
        for ((name, figure), (_, again)) in all(width, "Cost").into_iter().zip(all(width, "Cost")) {
            assert_eq!(figure, again, "{name}");
            assert!(figure.description.len() > 30 && !figure.caption.is_empty(), "{name}");
            assert!(
                figure.svg.contains("<title id=\"it-title\">")
                    && figure.svg.contains("<desc id=\"it-desc\">"),
                "{name}"
            );
            assert!(!figure.table.rows.is_empty() && !figure.table.caption.is_empty(), "{name}");
            assert!(figure.table.rows.iter().all(|row| row.len() == figure.table.head.len()), "{name}");
            assert!(!figure.svg.contains("NaN") && !figure.svg.contains("inf"), "{name}");
        }
    }
}

#[test]
fn charts_of_nothing_are_drawn_all_the_same() {
    let nothing = Times::default();
    let empty_fan = Fan {
        times: nothing.clone(),
        bands: Vec::new(),
        median: Vec::new(),
        paths: Vec::new(),
        recorded: Vec::new(),
        threshold: None,
        ghost: None,
        marks: Vec::new(),
        axis: Axis { low: 0.0, high: 0.0, is_log: false },
        ..a_fan(640.0, "Nothing", 2, false)
    };
    let figures = [
        fan(&empty_fan),
        fan_grid(&FanGrid { frame: frame(640.0), title: "Nothing".to_owned(), panels: Vec::new() }),
        dot_plot(&some_dots(640.0, "Nothing", Vec::new())),
        dot_plot(&some_dots(640.0, "Never", vec![None; 50])),
        tornado(&a_tornado(640.0, "Nothing", 0)),
        curve(&Curve {
            times: nothing,
            lines: Vec::new(),
            marks: Vec::new(),
            ..a_curve(640.0, "Nothing", 1)
        }),
        waterfall(&a_waterfall(640.0, "Nothing", 0)),
        views(&Views { rows: Vec::new(), ..some_views(640.0, "Nothing") }),
        policies(&Policies { rows: Vec::new(), ..some_policies(640.0, "Nothing") }),
        conditions(&Conditions { rows: Vec::new(), ..some_conditions(640.0, "Nothing") }),
    ];
    for figure in figures {
        assert!(figure.svg.starts_with("<svg ") && figure.svg.ends_with("</svg>"), "{}", figure.title);
        assert!(!figure.svg.contains("NaN"), "{}", figure.svg);
    }
}

#[test]
fn a_dot_plot_counts_its_dots_above_the_threshold() {
    let values = (1..=50).map(|i| Some(f64::from(i))).collect();
    let figure = dot_plot(&some_dots(640.0, "Deaths", values));
    assert!(
        figure.caption.starts_with("10 of 50 equally likely futures lie above 40 deaths."),
        "{}",
        figure.caption
    );
    assert_eq!(figure.svg.matches("class=\"dot above\"").count(), 10);
    assert_eq!(figure.svg.matches("data-value=").count(), 50);
    let values = (0..50).map(|i| if i < 31 { Some(f64::from(i)) } else { None }).collect();
    let figure = dot_plot(&some_dots(640.0, "Deaths", values));
    assert!(figure.caption.contains("In 19 of 50 it never comes"), "{}", figure.caption);
    assert_eq!(figure.svg.matches("dot never").count(), 19);
}

#[test]
fn a_waterfall_gathers_what_is_small_and_loses_nothing() {
    let data = a_waterfall(640.0, "Part", 14);
    let figure = waterfall(&data);
    assert!(figure.svg.contains("5 smaller differences"));
    assert_eq!(figure.table.rows.len(), 16);
}

/// The luminance of `#rrggbb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let channel = |i: usize| {
        let part = f64::from(u8::from_str_radix(&colour[i..i + 2], 16).expect("it is there")) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            contingent_engine::math::pow((part + 0.055) / 1.055, 2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A property of the rule of a class.
fn property(class: &str, name: &str) -> String {
    let rule = STYLE
        .lines()
        .find(|line| line.contains(&format!("{class}{{")) || line.contains(&format!("{class},")))
        .expect("it is there");
    let body = rule.split('{').nth(1).expect("it is there").trim_end_matches('}');
    let found = body.split(';').find_map(|part| part.strip_prefix(&format!("{name}:")));
    found.unwrap_or_else(|| panic!("{class} has no {name}: {rule}")).to_owned()
}

#[test]
fn colours_pass_contrast_on_all_grounds_that_they_stand_on() {
    let grounds = ["#ffffff", "#eef4fa", "#fbf1e9", "#eef6ee", "#f4f0f9", "#faf6e4", "#eef5f5"];
    for class in [".quiet", ".alert", " text"] {
        for ground in grounds {
            assert!(contrast(&property(class, "fill"), ground) >= 4.5, "{class} on {ground}");
        }
    }
    for (class, name) in [
        (".median", "stroke"),
        (".threshold", "stroke"),
        (".dot", "fill"),
        (".dot.above", "stroke"),
        (".dot.never", "stroke"),
        (".high", "fill"),
        (".low", "stroke"),
        (".point", "fill"),
        (".spread", "stroke"),
        (".band", "stroke"),
        (".line", "stroke"),
        (".dash-1", "stroke"),
        (".dash-2", "stroke"),
        (".dash-3", "stroke"),
        (".dash-4", "stroke"),
        (".dash-5", "stroke"),
        (".inside", "fill"),
        (".wire", "stroke"),
        (".auxiliary .outline", "stroke"),
    ] {
        assert!(contrast(&property(class, name), "#ffffff") >= 3.0, "{class}");
    }
    for (class, name) in [(".wire", "stroke"), (".negative .wire", "stroke"), (".mixed .wire", "stroke")] {
        for ground in grounds {
            assert!(contrast(&property(class, name), ground) >= 3.0, "{class} on {ground}");
        }
    }
}
