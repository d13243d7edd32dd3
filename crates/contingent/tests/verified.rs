//! Published models, `models/verified`, held to the numbers that are known of them.
//!
//! Every model is read, checked and run as a user's would be. A figure without chance must agree to the difference that
//! its file allows. An estimate of 10,000 runs must lie within the standard errors that its file allows, 3 for means and
//! shares and 5 for variances: of 36 means and shares one beyond 3 comes by chance in 9% of all seeds, and the seed is
//! fixed, so that a failure is a change of the program.

use std::path::{Path, PathBuf};

use contingent::verified::{FIGURES, Origin, page, verify, verify_model};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads the page that is committed")]
fn every_figure_is_reproduced_and_the_page_is_fresh() {
    let models = verify(&root().join("models/verified")).expect("every model runs");
    let mut n_compared = 0;
    for model in &models {
        assert!(!model.sources.is_empty(), "`{}` names no source", model.folder);
        for compared in &model.compared {
            n_compared += 1;
            assert!(
                compared.is_reproduced(),
                "`{}` line {}: `{}` is {} and not {} ({:.2} of what is allowed)",
                model.folder,
                compared.figure.line,
                compared.figure.name,
                compared.found,
                compared.figure.expected,
                compared.share_of_allowed()
            );
        }
    }
    assert!(models.len() >= 12 && n_compared >= 60, "{} models, {n_compared} figures", models.len());
    let committed = std::fs::read_to_string(root().join("docs/verified.md")).unwrap_or_default();
    assert_eq!(committed, page(&models), "docs/verified.md is stale: run `cargo xtask verified`");
}

/// A model of three steps with these figures, below a folder of its own.
fn with_figures(figures: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    let text = "model \"Decay\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 0 to 3 weeks step 1 week\n}\n\
                stock x: 1 = 8\nflow out: x -> = x * 50% per week\naux small = x < 3\n";
    write(&folder.path().join("model.ctg"), text);
    write(
        &folder.path().join(FIGURES),
        &format!("name,measure,at,view,expected,allowed,origin,note\n{figures}"),
    );
    folder
}

#[expect(clippy::disallowed_methods, reason = "the test writes files as a user does")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("the file is written");
}

#[test]
fn a_figure_that_is_not_reproduced_is_told_from_one_that_is() {
    let folder = with_figures(
        "x,value,2,,2,1e-12,derived,halves\nx,value,2,,2.1,0.01,published,wrong\n\
         small,first,,,2,0,derived,8 4 2\nx,least,,,1,0,from memory,8 4 2 1\n",
    );
    let model = verify_model(folder.path()).expect("it runs");
    let reproduced: Vec<bool> =
        model.compared.iter().map(contingent::verified::Compared::is_reproduced).collect();
    assert_eq!(reproduced, [true, false, true, true]);
    assert_eq!(model.compared[3].figure.origin, Origin::FromMemory);
    assert!(page(&[model]).contains("1 are NOT reproduced"));
}

#[test]
fn a_figure_that_names_nothing_of_its_model_is_an_error() {
    for (figures, reason) in [
        ("y,value,2,,2,1,derived,n\n", "the model has no `y`"),
        ("x,value,2.5,,2,1,derived,n\n", "no step at 2.5"),
        ("x,value,9,,2,1,derived,n\n", "no step at 9"),
        ("x,value,2,slow,2,1,derived,n\n", "no view `slow`"),
        ("", "no figures"),
    ] {
        let folder = with_figures(figures);
        let error = verify_model(folder.path()).expect_err("it is refused");
        assert!(error.contains(reason), "{error} does not say {reason}");
    }
    let empty = tempfile::tempdir().expect("there is room for files");
    assert!(verify(empty.path()).expect_err("nothing was compared").contains("no folder"));
}
