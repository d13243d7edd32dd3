//! The words of the language, explained where they stand.
//!
//! Enters: a word and the words around it. Leaves: the form of the language that it belongs to. Always holds: what is said is what
//! the reference says, from the same table; a word that belongs to several forms is explained by the one that shares
//! most with its line.

use contingent_model::forms::{Form, TABLES, TEMPORAL_FORMS};

use crate::explanation::written_words;

/// The form that a word belongs to. `line` has the words of its line, the word among them; `declaration` is the word that begins
/// the declaration around it.
pub(super) fn form_of(word: &str, line: &[&str], declaration: Option<&str>) -> Option<&'static Form> {
    let mut best: Option<(Fit, &Form)> = None;
    for table in TABLES {
        // Words of time stand in other places too, and mean something else there.
        if table.title == TEMPORAL_FORMS.title && declaration != Some("question") {
            continue;
        }
        for form in table.forms {
            if let Some(fit) = fit(form, word, line, declaration)
                && best.is_none_or(|(most, _)| fit > most)
            {
                best = Some((fit, form));
            }
        }
    }
    best.map(|(_, form)| form)
}

/// How well a form fits; what comes first counts most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Whether the word is written in the form, and not only in what is said of it.
    is_written: bool,
    /// How many different words of the line are in the form.
    n_shared: usize,
    /// Whether the word is that by which the form is found.
    is_own: bool,
}

/// None where the word is not in the form, or the form's own word neither stands in the line nor begins the declaration.
fn fit(form: &Form, word: &str, line: &[&str], declaration: Option<&str>) -> Option<Fit> {
    let written = written_words(form.form);
    let said = quoted(form.meaning);
    let key = form.word.trim_start_matches('.');
    let own: Vec<&str> = key.split(' ').collect();
    let is_meant = declaration == Some(key) || own.iter().all(|part| line.contains(part));
    let is_written = written.contains(&word);
    if !is_meant || !(is_written || said.contains(&word)) {
        return None;
    }
    let mut shared: Vec<&str> = written.into_iter().chain(said).filter(|part| line.contains(part)).collect();
    shared.sort_unstable();
    shared.dedup();
    Some(Fit { is_written, n_shared: shared.len(), is_own: own.contains(&word) })
}

/// The words between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).flat_map(written_words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_councils_and_excitations_are_explained_by_the_form_of_their_line() {
        let lines: [(&str, &str, &[(&str, &str)]); 8] = [
            (
                "decision",
                "council of faction on issue with position stance, capability power, salience 1",
                &[
                    ("council", "council of"),
                    ("of", "council of"),
                    ("on", "council of"),
                    ("with", "council of"),
                    ("position", "council of"),
                    ("capability", "council of"),
                    ("salience", "council of"),
                ],
            ),
            (
                "decision",
                "choose council by challenge within 10 turns with logit(2)",
                &[
                    ("choose", "choose council by challenge"),
                    ("council", "choose council by challenge"),
                    ("by", "choose council by challenge"),
                    ("challenge", "choose council by challenge"),
                    ("within", "choose council by challenge"),
                    ("turns", "choose council by challenge"),
                    ("logit", "choose logit"),
                ],
            ),
            (
                "decision",
                "choose council by weighted median",
                &[
                    ("choose", "choose council by weighted mean"),
                    ("weighted", "choose council by weighted mean"),
                    ("median", "choose council by weighted mean"),
                ],
            ),
            ("decision", "option low at 0%", &[("option", "decision NAME"), ("at", "decision NAME")]),
            ("decision", "choose fixed wait", &[("choose", "choose fixed"), ("fixed", "choose fixed")]),
            (
                "event",
                "event attack at 1 per month once excites itself by 0.4 over 3 weeks",
                &[
                    ("event", "event NAME"),
                    ("at", "event NAME"),
                    ("once", "event NAME"),
                    ("excites", "excites EVENT"),
                    ("itself", "excites EVENT"),
                    ("by", "excites EVENT"),
                    ("over", "excites EVENT"),
                ],
            ),
            (
                "event",
                "excites reprisal by 0.2 over 2 weeks",
                &[("by", "excites EVENT"), ("over", "excites EVENT")],
            ),
            ("question", "P( within 26 weeks: fighters > 4 )", &[("within", "P( within")]),
        ];
        for (declaration, line, expected) in lines {
            let line = written_words(line);
            for (word, start) in expected {
                let form = form_of(word, &line, Some(declaration)).map_or("nothing", |form| form.form);
                assert!(form.starts_with(start), "`{word}` in {line:?} is explained by {form}");
            }
        }
        assert_eq!(form_of("stance", &["council", "stance"], Some("decision")), None, "a name of the model");
    }
}
