//! What a page calls: a few functions over the memory of the module.
//!
//! Enters: lists of texts (see [`crate::message`]) that the page wrote into the memory it was given. Leaves: lists of texts. Always
//! holds: a fault of the page or of the model is a reply that begins with `error`; a panic stops the module, and what it said can
//! still be read with `complaint`.
//!
//! A page calls `reserve(n)`, writes n bytes to the address it gets, calls `model`, `open` or `answer`, and reads `reply_length()`
//! bytes at `reply()`. With several workers, one of them calls `missing`, all of them `part`, and the first `join`
//! and `answer`. The messages:
//!
//! - `model`: a checked model as [`contingent_model::stored`] writes it. Reply: `read`.
//! - `open`: `seed` N, `replications` N, `words` NAME, `fixed` NAME ELEMENT VALUE (ELEMENT empty for all). Reply: `opened`.
//! - `answer`: `question` NAME, `indicator` NAME, `view` NAME, `policy` NAME, `draws` N, `width` PIXELS, `set` NAME VALUE. Reply:
//!   `question` NAME, `sentence` TEXT, `short` TEXT, `runs` N, `failed` N, `digest` `question`|`indicator` NAME DIGEST, `figure` ID
//!   SVG CAPTION. The first is taken for the baseline.
//!   With `early` before all, nothing but `sentence` to `failed`, from a model that ends with the question.
//! - `missing`: as `answer`. Reply: `missing` N, the runs that have to be made first; 0 when they were made, or when the
//!   question looks to the end and can't be answered early.
//! - `part`: as `answer`, after `from` N and `to` N. Makes these runs. Reply: nothing when they are the first, which are kept, else the
//!   runs in the bytes of [`crate::part`].
//! - `join`: the bytes of all parts after the first, each after its length in 32 bits. Reply: `joined`.

use std::cell::RefCell;

use contingent_analysis::Scale;
use contingent_ensemble::EnsembleResult;
use contingent_model::CheckedModel;
use contingent_model::stored::restore;
use contingent_report::document::live::{LiveAnswer, LiveFixed};
use contingent_report::live::{Axes, WIDTH, figures};

use crate::early::until_answered;
use crate::message;
use crate::part::write_part;
use crate::session::{Ground, Request, Session, position_of};

/// What is kept between calls.
#[derive(Default)]
struct State {
    input: Vec<u8>,
    reply: Vec<u8>,
    /// The model as it was stored, and how it is run.
    stored: Vec<u8>,
    ground: Option<Ground>,
    session: Option<Session<CheckedModel>>,
    /// A question with the model that ends with it, where it ends before the whole does.
    early: Option<(String, Option<Session<CheckedModel>>)>,
    /// The request for the baseline, with the question and the indicator left open.
    baseline: Option<Request>,
    /// Its answer to the question and the indicator that were last asked about.
    shown: Option<(Request, LiveAnswer)>,
    /// The first part of runs that others complete.
    part: Option<(EnsembleResult, Asked)>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
    static COMPLAINT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Memory for a message of `n` bytes.
#[unsafe(no_mangle)]
extern "C" fn reserve(n: usize) -> *mut u8 {
    STATE.with_borrow_mut(|state| {
        state.input.clear();
        state.input.resize(n, 0);
        state.input.as_mut_ptr()
    })
}

/// Where the last reply stands.
#[unsafe(no_mangle)]
extern "C" fn reply() -> *const u8 {
    STATE.with_borrow(|state| state.reply.as_ptr())
}

/// How long it is.
#[unsafe(no_mangle)]
extern "C" fn reply_length() -> usize {
    STATE.with_borrow(|state| state.reply.len())
}

/// Where what a panic said stands.
#[unsafe(no_mangle)]
extern "C" fn complaint() -> *const u8 {
    COMPLAINT.with_borrow(|complaint| complaint.as_ptr())
}

/// How long it is.
#[unsafe(no_mangle)]
extern "C" fn complaint_length() -> usize {
    COMPLAINT.with_borrow(String::len)
}

/// Takes a model.
#[unsafe(no_mangle)]
extern "C" fn model() {
    std::panic::set_hook(Box::new(|panic| COMPLAINT.set(panic.to_string())));
    respond(|state| {
        state.stored.clone_from(&state.input);
        Ok(vec!["read".to_owned()])
    });
}

/// Opens the model.
#[unsafe(no_mangle)]
extern "C" fn open() {
    respond(|state| {
        let texts = texts(&state.input)?;
        let ground = ground(&texts)?;
        let model = restore(&state.stored).ok_or("the model in this page was stored for another program")?;
        state.session = Some(Session::new(model, ground.clone()).map_err(|error| error.to_string())?);
        state.ground = Some(ground);
        state.early = None;
        state.baseline = None;
        state.shown = None;
        state.part = None;
        Ok(vec!["opened".to_owned()])
    });
}

/// Answers a request.
#[unsafe(no_mangle)]
extern "C" fn answer() {
    respond(|state| {
        let texts = texts(&state.input)?;
        let asked = asked(&texts)?;
        let said = |error: crate::session::SessionError| error.to_string();
        if asked.is_early {
            let session = session(state, &asked)?.ok_or(LOOKS_TO_THE_END)?;
            return Ok(words_of(&session.answer(&asked.request).map_err(said)?));
        }
        let Asked { request, width, .. } = asked;
        let session = state.session.as_mut().ok_or("no model is open")?;
        let first = state.baseline.get_or_insert_with(|| request.clone()).clone();
        let first =
            Request { question: request.question.clone(), indicator: request.indicator.clone(), ..first };
        if state.shown.as_ref().is_none_or(|(asked, _)| *asked != first) {
            state.shown = Some((first.clone(), session.answer(&first).map_err(said)?));
        }
        let (_, baseline) = state.shown.as_ref().ok_or("the baseline was lost")?;
        let axes = Axes::of(baseline);
        if request == first {
            return Ok(texts_of(baseline, None, &axes, width));
        }
        let answer = session.answer(&request).map_err(said)?;
        Ok(texts_of(&answer, Some(baseline), &axes, width))
    });
}

/// Tells how many runs a request needs.
#[unsafe(no_mangle)]
extern "C" fn missing() {
    respond(|state| {
        let texts = texts(&state.input)?;
        let asked = asked(&texts)?;
        let missing = match session(state, &asked)? {
            Some(session) => session.missing(&asked.request).map_err(|error| error.to_string())?,
            None => None,
        };
        Ok(vec!["missing".to_owned(), missing.unwrap_or(0).to_string()])
    });
}

/// Makes some runs of a request.
#[unsafe(no_mangle)]
extern "C" fn part() {
    let mut made = None;
    respond(|state| {
        let texts = texts(&state.input)?;
        let ["from", from, "to", to, rest @ ..] = texts.as_slice() else {
            return Err("the page asked for runs without saying which".to_owned());
        };
        let runs = number(&mut [*from].into_iter())?..number(&mut [*to].into_iter())?;
        let asked = asked(rest)?;
        let session = session(state, &asked)?.ok_or(LOOKS_TO_THE_END)?;
        let part = session.run_part(&asked.request, runs.clone()).map_err(|error| error.to_string())?;
        if runs.start == 0 {
            state.part = Some((part, asked));
        } else {
            made = Some(write_part(&part));
        }
        Ok(Vec::new())
    });
    if let Some(made) = made {
        STATE.with_borrow_mut(|state| state.reply = made);
    }
}

/// Completes the first part of runs with all others.
#[unsafe(no_mangle)]
extern "C" fn join() {
    respond(|state| {
        let (first, asked) = state.part.take().ok_or("no part was run")?;
        let parts = message::pieces(&state.input).ok_or(UNREADABLE)?;
        let whole = crate::part::join(first, &parts)
            .ok_or("the workers of this page did not make the runs that were asked for")?;
        session(state, &asked)?.ok_or(LOOKS_TO_THE_END)?.keep(whole);
        Ok(vec!["joined".to_owned()])
    });
}

/// The session that a request is for; none where a question cannot be answered early.
fn session<'s>(
    state: &'s mut State,
    Asked { request, is_early, .. }: &Asked,
) -> Result<Option<&'s mut Session<CheckedModel>>, String> {
    if !is_early {
        return Ok(Some(state.session.as_mut().ok_or("no model is open")?));
    }
    if state.early.as_ref().is_none_or(|(question, _)| *question != request.question) {
        let found = restore(&state.stored)
            .and_then(|model| {
                let names = model.questions.iter().map(|question| &question.name);
                let at = position_of(&request.question, names)?;
                until_answered(model, at)
            })
            .zip(state.ground.clone())
            .and_then(|(model, ground)| Session::new(model, ground).ok())
            .zip(state.session.as_ref())
            .map(|(session, whole)| session.with_draws_of(whole));
        state.early = Some((request.question.clone(), found));
    }
    Ok(state.early.as_mut().and_then(|(_, session)| session.as_mut()))
}

fn respond(work: impl FnOnce(&mut State) -> Result<Vec<String>, String>) {
    STATE.with_borrow_mut(|state| {
        let texts = work(state).unwrap_or_else(|reason| vec!["error".to_owned(), reason]);
        state.reply = message::write(&texts);
    });
}

/// A request as a page makes it.
struct Asked {
    request: Request,
    /// Of the drawings, in pixels.
    width: f64,
    /// Whether the sentence alone is wanted, from a model that ends with the question.
    is_early: bool,
}

/// What is said where a question cannot be answered early.
const LOOKS_TO_THE_END: &str = "the question looks to the end";

/// What is said of a message that is none.
const UNREADABLE: &str = "the page wrote a message that cannot be read";

/// The texts of a message.
fn texts(input: &[u8]) -> Result<Vec<&str>, String> {
    message::read(input).ok_or_else(|| UNREADABLE.to_owned())
}

/// What follows in a message, as text.
fn next<'a>(texts: &mut impl Iterator<Item = &'a str>) -> Result<&'a str, String> {
    texts.next().ok_or_else(|| "the page wrote a message that ends too early".to_owned())
}

/// What follows in a message, as a number.
fn number<'a, N: std::str::FromStr>(texts: &mut impl Iterator<Item = &'a str>) -> Result<N, String> {
    let text = next(texts)?;
    text.parse().map_err(|_| format!("the page wrote `{text}` where a number belongs"))
}

fn ground(texts: &[&str]) -> Result<Ground, String> {
    let mut ground = Ground { seed: 0, n_replications: 1, words: Scale::default(), fixed: Vec::new() };
    let mut texts = texts.iter().copied();
    while let Some(key) = texts.next() {
        match key {
            "seed" => ground.seed = number(&mut texts)?,
            "replications" => ground.n_replications = number(&mut texts)?,
            "words" => ground.words = Scale::named(next(&mut texts)?).unwrap_or_default(),
            "fixed" => {
                let name = next(&mut texts)?.to_owned();
                let element = next(&mut texts)?;
                let element = if element.is_empty() { None } else { element.parse().ok() };
                ground.fixed.push(LiveFixed { name, element, value: number(&mut texts)? });
            }
            other => return Err(format!("the page wrote `{other}`, which means nothing")),
        }
    }
    Ok(ground)
}

fn asked(texts: &[&str]) -> Result<Asked, String> {
    let mut request = Request { n_draws: 1, ..Request::default() };
    let (mut width, mut is_early) = (WIDTH, false);
    let mut texts = texts.iter().copied();
    while let Some(key) = texts.next() {
        match key {
            "question" => request.question = next(&mut texts)?.to_owned(),
            "indicator" => request.indicator = next(&mut texts)?.to_owned(),
            "view" => request.view = Some(next(&mut texts)?.to_owned()),
            "policy" => request.policy = Some(next(&mut texts)?.to_owned()),
            "early" => is_early = true,
            "draws" => request.n_draws = number(&mut texts)?,
            "width" => width = number::<f64>(&mut texts)?.clamp(320.0, 1_200.0),
            "set" => request.settings.push((next(&mut texts)?.to_owned(), number(&mut texts)?)),
            other => return Err(format!("the page wrote `{other}`, which means nothing")),
        }
    }
    Ok(Asked { request, width, is_early })
}

/// The sentence of an answer, and on how much it rests.
fn words_of(answer: &LiveAnswer) -> Vec<String> {
    vec![
        "question".to_owned(),
        answer.question.clone(),
        "sentence".to_owned(),
        answer.sentence.clone(),
        "short".to_owned(),
        answer.short.clone(),
        "runs".to_owned(),
        answer.n_runs.to_string(),
        "failed".to_owned(),
        answer.n_failed_runs.to_string(),
    ]
}

fn texts_of(answer: &LiveAnswer, baseline: Option<&LiveAnswer>, axes: &Axes, width: f64) -> Vec<String> {
    let mut texts = words_of(answer);
    for digest in &answer.digests {
        texts.extend(["digest".to_owned(), digest.of.clone(), digest.name.clone(), digest.digest.clone()]);
    }
    for figure in figures(answer, baseline, axes, width) {
        texts.extend(["figure".to_owned(), figure.id, figure.svg, figure.caption]);
    }
    texts
}
