//! The module that pages carry answers as this crate does, to the bit, the word and the byte of every drawing.
//!
//! Runs the committed module in node through the worker of pages. Where node is missing the comparison is left out, loudly.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use contingent_analysis::Scale;
use contingent_kernel::early::until_answered;
use contingent_kernel::part::{join, write_part};
use contingent_kernel::{Ground, Request, Session};
use contingent_model::{CheckedModel, check, load};
use contingent_report::live::{Axes, WIDTH, figures, packed};

/// Quantities of many kinds: counts, first times, a condition, a category, subscripts, jumps one by one.
const SMALL: &str = r#"
model "Small" {
  purpose "To compare bits"
  not_for "Any decision"
  time 2024-01-01 to 2024-12-30 step 1 week
}
unit fighter
subscript region { kabul, east }
assume growth = 1% to 8% per week because judgement "made up"
assume loss[region] = 1% to 5% per week because judgement "made up"
assume mood: one of calm, angry = calm 60%, angry 40% because judgement "made up"
lever aid: share = 20% range 0% to 100%
whole stock band[region]: fighter = 100 fighter
flow joining[region]: -> band[region] = poisson(band * growth * (1 + noise))
flow leaving[region]: band[region] -> = poisson(band * loss * (1 + aid))
aux noise: 1 = exp(normal(0, 0.3) * match mood { calm: 0.2, angry: 1 }) - 1
indicator total "All of them": fighter = sum(band over region)
view bold "A bold view" { growth = 5% to 12% per week because judgement "made up" }
policy help "Help" from 2024-03-01 { aid = 80% }
question many "Are there many?" { P( within 26 weeks: sum(band over region) > 400 fighter ), resolves "by a count" }
question how_many "How many?" { distribution( sum(band over region) at 52 weeks ), resolves "by a count" }
question first "When are there many?" { distribution( first time sum(band over region) > 400 fighter ), resolves "by a count" }
question few "Few at the end, if many at first?" {
  P( at 52 weeks: sum(band over region) < 300 fighter )
  given within 26 weeks: sum(band over region) > 300 fighter
  resolves "by a count"
}
"#;

struct Case {
    model: &'static str,
    files: Vec<(String, String)>,
    seed: u64,
    requests: Vec<Request>,
}

impl Case {
    fn checked(&self) -> CheckedModel {
        let text_of = |wanted: &str| {
            let found = self.files.iter().find(|(name, _)| name == wanted);
            found.map(|(_, text)| text.clone()).ok_or_else(|| "there is no such file".to_owned())
        };
        let main = text_of("model.ctg").expect("the main file");
        let checked = check(load("model.ctg", main, &mut |name| text_of(name)));
        checked.model.unwrap_or_else(|| panic!("{}: {:?}", self.model, checked.diagnostics))
    }
}

impl Case {
    /// The model that ends with a question, the first where it has no name.
    fn ending_with(&self, question: &str) -> Option<CheckedModel> {
        let model = self.checked();
        let at = model.questions.iter().position(|known| question.is_empty() || known.name == question);
        until_answered(model, at.expect("the model has the question"))
    }
}

fn request(question: &str, view: Option<&str>, policy: Option<&str>, settings: &[(&str, f64)]) -> Request {
    Request {
        question: question.to_owned(),
        indicator: String::new(),
        view: view.map(str::to_owned),
        policy: policy.map(str::to_owned),
        n_draws: 150,
        settings: settings.iter().map(|&(name, value)| (name.to_owned(), value)).collect(),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[expect(clippy::disallowed_methods, reason = "the test reads models, the module and the worker")]
fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts of the founding case, the main file first.
fn founding() -> Vec<(String, String)> {
    let folder = root().join("models/taliban-daesh-k");
    let main = text(&folder.join("model.ctg"));
    let mut names = vec!["model.ctg".to_owned()];
    names.extend(
        main.lines()
            .filter_map(|line| Some(line.trim().strip_prefix("include \"")?.split('"').next()?.to_owned())),
    );
    names.into_iter().map(|name| (name.clone(), text(&folder.join(name)))).collect()
}

fn readme() -> Vec<(String, String)> {
    let readme = text(&root().join("README.md"));
    let block = readme.split("```ctg\n").nth(1).and_then(|rest| rest.split("```").next());
    vec![("model.ctg".to_owned(), block.expect("the README has a model").to_owned())]
}

fn cases() -> Vec<Case> {
    let small = || vec![("model.ctg".to_owned(), SMALL.to_owned())];
    let mut cases = Vec::new();
    for seed in [1, 20_210_830, u64::MAX] {
        cases.push(Case {
            model: "small",
            files: small(),
            seed,
            requests: vec![
                request("many", None, None, &[]),
                request("how_many", Some("bold"), None, &[]),
                request("first", None, Some("help"), &[]),
                request("few", Some("bold"), Some("help"), &[("aid", 0.35)]),
                request("how_many", None, None, &[("loss[east]", 0.03), ("mood", 1.0)]),
            ],
        });
    }
    for seed in [1, 7] {
        cases.push(Case {
            model: "README",
            files: readme(),
            seed,
            requests: vec![
                request("", None, None, &[]),
                request("large", None, None, &[("spread_rate", 0.02)]),
            ],
        });
    }
    let founding = founding();
    cases.push(Case {
        model: "founding",
        seed: 1,
        requests: vec![
            request("", None, None, &[]),
            request("strength_end", Some("ruttig"), None, &[]),
            request("campaign_begins", None, Some("press_hard"), &[("taliban.momentum", 0.3)]),
            request("weaker_after_campaign", Some("ali"), Some("together"), &[]),
        ],
        files: founding,
    });
    cases
}

/// What this crate answers, as the lines that the script prints.
fn native(cases: &[Case]) -> String {
    let mut lines = String::new();
    for case in cases {
        let ground = Ground { seed: case.seed, n_replications: 2, words: Scale::Icd203, fixed: Vec::new() };
        let mut session =
            Session::new(case.checked(), ground).unwrap_or_else(|error| panic!("{}: {error}", case.model));
        let first = case.requests[0].clone();
        for request in &case.requests {
            let is_missing = session.missing(request).expect("it is meant").is_some();
            let is_early = is_missing && case.ending_with(&request.question).is_some();
            let baseline = session
                .answer(&Request {
                    question: request.question.clone(),
                    indicator: request.indicator.clone(),
                    ..first.clone()
                })
                .expect("the baseline runs");
            let answer = session.answer(request).expect("the request is met");
            let is_other = request.view != first.view
                || request.policy != first.policy
                || request.settings != first.settings
                || request.n_draws != first.n_draws;
            let axes = Axes::of(&baseline);
            let early = if is_early { " (early)" } else { "" };
            let (sentence, short) = (&answer.sentence, &answer.short);
            let _ = writeln!(lines, "{} {}: {sentence} / {short}{early}", case.model, case.seed);
            for digest in &answer.digests {
                let _ = writeln!(lines, "{} {} {}", digest.of, digest.name, digest.digest);
            }
            for figure in figures(&answer, is_other.then_some(&baseline), &axes, WIDTH) {
                let _ = writeln!(lines, "{} {}", figure.id, figure.svg);
            }
        }
    }
    lines
}

#[test]
fn a_model_that_was_stored_and_restored_gives_the_same_answers() {
    for case in cases() {
        let ground =
            || Ground { seed: case.seed, n_replications: 2, words: Scale::Icd203, fixed: Vec::new() };
        let stored = contingent_model::stored::store(&case.checked());
        let restored = contingent_model::stored::restore(&stored).expect("it was stored");
        let mut known = Session::new(case.checked(), ground()).expect("it opens");
        let mut found = Session::new(restored, ground()).expect("it opens");
        for request in &case.requests {
            let known = known.answer(request).expect("the request is met");
            assert_eq!(found.answer(request).expect("the request is met"), known, "{}", case.model);
        }
        assert_eq!(found.digests(), known.digests());
        assert!(contingent_model::stored::restore(&stored[..stored.len() / 2]).is_none());
    }
}

#[test]
fn a_model_that_ends_with_its_question_gives_the_sentence_of_the_whole() {
    let (mut n_early, mut n_late) = (0, 0);
    for case in cases() {
        let ground =
            || Ground { seed: case.seed, n_replications: 2, words: Scale::Icd203, fixed: Vec::new() };
        let mut whole = Session::new(case.checked(), ground()).expect("it opens");
        for request in &case.requests {
            let Some(model) = case.ending_with(&request.question) else {
                n_late += 1;
                continue;
            };
            assert!(model.clock.n_steps < case.checked().clock.n_steps);
            let known = whole.answer(request).expect("the request is met");
            let mut early = Session::new(model, ground()).expect("it opens");
            let found = early.answer(request).expect("the request is met");
            assert_eq!(
                (&found.sentence, &found.short, found.n_runs),
                (&known.sentence, &known.short, known.n_runs)
            );
            n_early += 1;
        }
    }
    assert!(n_early >= 5 && n_late >= 5, "{n_early} and {n_late}");
}

/// Parts as several workers make them: each with a session of its own.
#[test]
fn runs_that_several_workers_share_have_the_bits_of_one() {
    for case in cases() {
        let ground =
            || Ground { seed: case.seed, n_replications: 2, words: Scale::Icd203, fixed: Vec::new() };
        let open = || Session::new(case.checked(), ground()).expect("it opens");
        let mut alone = open();
        let known: Vec<_> =
            case.requests.iter().map(|request| alone.answer(request).expect("the request is met")).collect();
        for n_workers in 2..=4 {
            let mut workers: Vec<_> = (0..n_workers).map(|_| open()).collect();
            for (request, known) in case.requests.iter().zip(&known) {
                if let Some(n_runs) = workers[0].missing(request).expect("it is meant") {
                    let end = |worker: usize| (n_runs * worker).div_ceil(n_workers);
                    let mut parts = workers.iter_mut().enumerate().map(|(worker, session)| {
                        session.run_part(request, end(worker)..end(worker + 1)).expect("it runs")
                    });
                    let first = parts.next().expect("the first worker");
                    let others: Vec<Vec<u8>> = parts.map(|part| write_part(&part)).collect();
                    let others: Vec<&[u8]> = others.iter().map(Vec::as_slice).collect();
                    assert!(join(first.clone(), &others[1..]).is_none(), "a part is missing");
                    assert!(join(first.clone(), &[&others[0][1..]]).is_none(), "a part is damaged");
                    workers[0].keep(join(first, &others).expect("the parts belong together"));
                }
                assert_eq!(&workers[0].answer(request).expect("the request is met"), known);
            }
            assert_eq!(workers[0].digests(), alone.digests());
        }
    }
}

#[test]
fn the_module_in_node_gives_the_bits_words_and_drawings_of_this_crate() {
    let has_node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !has_node.is_ok_and(|status| status.success()) {
        let mut err = std::io::stderr();
        let _ = writeln!(err, "SKIPPED: node is not there, so the module was not compared with this crate");
        return;
    }
    let cases = cases();
    let mut lines = Vec::new();
    for case in &cases {
        let mut settings = vec!["seed".to_owned(), case.seed.to_string()];
        settings.extend(["replications", "2", "words", "icd203"].map(str::to_owned));
        lines.push(format!("open {} {}", case.model, case.seed));
        lines.push(packed(&contingent_model::stored::store(&case.checked())));
        lines.push(hex(&contingent_kernel::write(&settings)));
        for request in &case.requests {
            let mut texts = vec!["draws".to_owned(), request.n_draws.to_string()];
            texts.extend(["question".to_owned(), request.question.clone()]);
            for (key, value) in [("view", &request.view), ("policy", &request.policy)] {
                texts.extend(value.iter().flat_map(|value| [key.to_owned(), value.clone()]));
            }
            for (name, value) in &request.settings {
                texts.extend(["set".to_owned(), name.clone(), value.to_string()]);
            }
            lines.push("ask".to_owned());
            lines.push(hex(&contingent_kernel::write(&texts)));
        }
    }
    let live = root().join("crates/contingent-report/src/live");
    let known = native(&cases);
    assert!(known.lines().count() > 60, "there is something to compare");
    // Nothing jumps between steps in these models, so that both modules run them.
    for module in ["kernel.wasm.packed", "kernel.steps.wasm.packed"] {
        let mut child = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/module.mjs"))
            .args([live.join("worker.js"), live.join(module)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        child.stdin.take().expect("its input").write_all(lines.join("\n").as_bytes()).expect("node reads");
        let output = child.wait_with_output().expect("node ends");
        assert!(output.status.success(), "node failed");
        let found = String::from_utf8(output.stdout).expect("UTF-8");
        for (found, known) in found.lines().zip(known.lines()) {
            assert_eq!(found, known, "{module}");
        }
        assert_eq!(found.lines().count(), known.lines().count(), "{module}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
