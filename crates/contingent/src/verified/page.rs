//! The page of published models: `docs/verified.md`.
//!
//! Enters: what became of each figure. Leaves: Markdown, with a table a model. Always holds: numbers are printed to seven
//! digits, so that the page is the same on every machine.

use std::fmt::Write as _;

use contingent_model::Source;

use super::{Compared, Origin, VerifiedModel, measure};

/// What is not here, and why: a published model is written from its own equations, or says that it is not.
const LEFT_OUT: &str = "\
## Left out

Of Atkinson, Gutfraind and Kress, \"When do armed revolts succeed: lessons from Lanchester theory\" (*Journal of the
Operational Research Society* 63, 2012; arXiv 1106.4358) only the abstract was at hand. The property that it states is shown by
`divided-population`, whose equations are ours; several sets of equations have it, so the model proves nothing about the
paper's own, which can be added when the paper can be read. Of Coyle 1985, Anderson 2011 and Pruyt and Kwakkel 2011 neither
equations nor numbers were at hand.
";

/// A source in one line.
pub(super) fn citation(source: &Source) -> String {
    let year = source.date.map(|date| format!(", {}", date.year())).unwrap_or_default();
    match &source.publisher {
        Some(publisher) => format!("{}. {publisher}{year}", source.title),
        None => format!("{}{year}", source.title),
    }
}

/// The page.
pub fn page(models: &[VerifiedModel]) -> String {
    let all = || models.iter().flat_map(|model| &model.compared);
    let n = |origin: Origin| all().filter(|compared| compared.figure.origin == origin).count();
    let n_missed = all().filter(|compared| !compared.is_reproduced()).count();
    let estimates: Vec<&Compared> = all().filter(|compared| compared.error.is_some()).collect();
    let mut text = String::from(
        "<!-- Written by `cargo xtask verified`; do not edit. -->\n\n# Published models, and the numbers known of them\n\n\
         Each model stands in a folder of `models/verified/` with what it is for, its sources in our own words and its \
         figures\n(`figures.csv`). The program runs it as any other model and compares. `contingent simulate \
         models/verified/NAME`\nand `contingent answer models/verified/NAME` run it for you.\n\n",
    );
    let _ = writeln!(
        text,
        "A figure is *published* when its source prints it, *derived* when it follows from the equations by another way \
         than\nrunning them (a closed form, a table of states), and *from memory* when it was not checked against the \
         source. Of {}\nfigures {} are published, {} derived and {} from memory; {}.\n",
        all().count(),
        n(Origin::Published),
        n(Origin::Derived),
        n(Origin::FromMemory),
        if n_missed == 0 {
            "all are reproduced".to_owned()
        } else {
            format!("{n_missed} are NOT reproduced")
        }
    );
    let _ = writeln!(
        text,
        "Means, variances and shares are of {} runs. Their difference is given in standard errors; 3 are allowed for a \
         mean\nand a share and 5 for a variance unless the file says otherwise. Of {} such figures one beyond 3 would be \
         expected by chance in {:.0}%\nof all seeds.\n",
        grouped(measure::N_RUNS),
        estimates.len(),
        // Two-sided normal tail beyond 3 standard errors: 0.27%.
        100.0 * (1.0 - 0.9973_f64.powi(i32::try_from(estimates.len()).unwrap_or(i32::MAX)))
    );
    for model in models {
        let _ = writeln!(
            text,
            "## {}\n\n`models/verified/{}`: {}\n",
            model.title,
            model.folder,
            model.sources.join("; ")
        );
        text.push_str("| figure | known | ours | difference | origin | how it is known |\n|---|---:|---:|---:|---|---|\n");
        for compared in &model.compared {
            let figure = &compared.figure;
            let mut what = match figure.at {
                Some(at) => format!("{} of `{}` at {at}", figure.measure.name(), figure.name),
                None => format!("{} of `{}`", figure.measure.name(), figure.name),
            };
            if let Some(view) = &figure.view {
                let _ = write!(what, ", view `{view}`");
            }
            let difference = match compared.error {
                Some(error) if error > 0.0 => {
                    format!("{:+.2} s.e.", (compared.found - figure.expected) / error)
                }
                _ => number(compared.found - figure.expected, 2),
            };
            let mark = if compared.is_reproduced() { "" } else { " **not reproduced**" };
            let _ = writeln!(
                text,
                "| {what} | {} | {} | {difference}{mark} | {} | {} |",
                number(figure.expected, 7),
                number(compared.found, 7),
                figure.origin.name(),
                figure.note.replace('|', "\\|")
            );
        }
        text.push('\n');
    }
    text.push_str(LEFT_OUT);
    text
}

/// A number to some digits.
fn number(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let rounded: f64 = format!("{value:.*e}", digits - 1).parse().unwrap_or(value);
    if (1e-4..1e9).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

fn grouped(n: u32) -> String {
    if n >= 1000 { format!("{},{:03}", n / 1000, n % 1000) } else { n.to_string() }
}
