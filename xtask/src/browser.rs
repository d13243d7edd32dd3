//! The tests of pages in real browsers.
//!
//! Enters: nothing. Leaves: what `tests/browser` says. Always holds: no browser is fetched, those of the system are used; where one or
//! node is missing the tests are left out and that is said loudly.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{cargo, finish, root, say, target_directory};

/// How to get what is missing.
const HELP: &str =
    "on Debian, `apt-get install chromium nodejs npm` (and `firefox-esr` for the second browser)";

/// Whether a command can be started.
pub(crate) fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The browser that the tests drive: that of the environment, else the first that the system has.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests may name a browser")]
fn chromium() -> Option<String> {
    let named = std::env::var("CONTINGENT_CHROMIUM").ok();
    let known = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
    named.into_iter().chain(known).find(|program| has(program))
}

/// Why the tests cannot be run here; none when they can.
fn missing() -> Option<&'static str> {
    if !has("node") || !has("npm") {
        Some("node and npm are not there")
    } else if chromium().is_none() {
        Some("there is no Chromium")
    } else {
        None
    }
}

/// Runs the tests where they can be run; says loudly that they were left out where not. Where `CONTINGENT_BROWSERS` is `required`, as
/// in continuous integration, a machine without a browser fails.
#[expect(clippy::disallowed_methods, reason = "continuous integration says that it has browsers")]
pub(crate) fn test_where_possible() -> Result<(), String> {
    let is_required = std::env::var("CONTINGENT_BROWSERS").is_ok_and(|value| value == "required");
    match missing() {
        Some(missing) if !is_required => {
            say(&format!("xtask: PAGES WERE NOT TRIED IN ANY BROWSER: {missing}\nhelp: {HELP}"));
            Ok(())
        }
        _ => test(false),
    }
}

/// Runs the tests; fails when they cannot be run. What is aimed at and not reached yet fails where `with_aims`.
pub(crate) fn test(with_aims: bool) -> Result<(), String> {
    if let Some(missing) = missing() {
        return Err(format!("the browser tests cannot be run: {missing}\nhelp: {HELP}"));
    }
    let folder = root().join("tests/browser");
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    say("xtask: npm ci in tests/browser");
    finish(install, "npm ci")?;
    cargo(&["build", "--release", "--package", "contingent"], &[])?;
    let binary =
        target_directory().join("release").join(format!("contingent{}", std::env::consts::EXE_SUFFIX));
    let pages: PathBuf = target_directory().join("browser-pages");
    let mut command = Command::new("node");
    command
        .arg("run.mjs")
        .current_dir(&folder)
        .env("CONTINGENT", binary)
        .env("CONTINGENT_ROOT", root())
        .env("CONTINGENT_PAGES", pages);
    if with_aims {
        command.env("CONTINGENT_AIMS", "required");
    }
    if let Some(chromium) = chromium() {
        command.env("CONTINGENT_CHROMIUM", chromium);
    }
    say("xtask: node run.mjs in tests/browser");
    finish(command, "the browser tests")
}
