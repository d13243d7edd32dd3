//! `contingent claims review` in a terminal, driven by keystrokes.
//!
//! Enters: keys, a changed size, signals. Leaves: what the screen shows and what the ledger holds. Always holds: the program runs in a
//! terminal of its own (a pair of pseudo-terminals), whose screen is read as a terminal would show it.

#![cfg(unix)]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

const ARTICLE: &str = "The road to the lamp market\n\n\
    “We do not expect a long siege, and nobody here wants one,” said Obed Marrin, an envoy of the northern league.\n\n\
    Traders were less sure. Hanna Quell, a seller of lamps, said that prices would double before the month was out unless \
    the pass was cleared.\n\nThe league has to reopen the road, Marrin said.\n";

const MODEL: &str = "model \"Will the siege last?\" {\n  purpose \"Show claims\"\n  not_for \"Any real decision\"\n  time 2024-01-01 to 2024-12-30 step 1 week\n}\n\
    unit lamp\nassume siege_length: week = 4 to 9  because judgement \"a guess\"\nstock stored: lamp = 100\n\
    flow sold: stored -> = stored / siege_length\n";

const LEDGER: &str = "ledgers/market.claims.toml";

/// How long a test waits for something new on the screen.
const LOOK: Duration = Duration::from_millis(20);
/// Looks that a test takes at the screen before it gives up.
const LOOKS: usize = 1500;

struct Terminal {
    child: Child,
    keys: File,
    shown: Receiver<Vec<u8>>,
    screen: vt100::Parser,
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

impl Terminal {
    /// Starts a review of the ledger in `directory`.
    fn review(directory: &Path, columns: u16, rows: u16) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&controller).expect("a terminal of ours");
        unlockpt(&controller).expect("an open terminal");
        tcsetwinsize(&controller, size(columns, rows)).expect("a size");
        let name = ptsname(&controller, Vec::new()).expect("its name").into_string().expect("UTF-8");
        let end = || {
            let file = File::options().read(true).write(true).open(&name).expect("its other end");
            Stdio::from(file)
        };
        let child = Command::new(env!("CARGO_BIN_EXE_contingent"))
            .current_dir(directory)
            .args(["claims", "review", LEDGER, "--copy", "market.txt", "--model", "siege.ctg"])
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("the program starts");
        let keys = File::from(controller);
        let mut output = keys.try_clone().expect("the terminal can be read");
        let (send, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = output.read(&mut bytes) {
                if n == 0 || send.send(bytes[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, shown, screen: vt100::Parser::new(rows, columns, 0) }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("the terminal takes keys");
    }

    /// Takes what the program shows within a fiftieth of a second.
    fn look(&mut self) {
        match self.shown.recv_timeout(LOOK) {
            Ok(bytes) => self.screen.process(&bytes),
            Err(RecvTimeoutError::Timeout) => {}
            // The terminal is closed; its process still has to end.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(LOOK),
        }
    }

    /// Waits until the screen shows some words.
    fn wait_for(&mut self, words: &str) {
        for _ in 0..LOOKS {
            self.look();
            if self.screen.screen().contents().contains(words) {
                return;
            }
        }
        panic!("`{words}` is not on the screen:\n{}", self.screen.screen().contents());
    }

    fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.screen_mut().set_size(rows, columns);
        tcsetwinsize(&self.keys, size(columns, rows)).expect("a size");
        self.signal(Signal::WINCH);
    }

    fn signal(&self, signal: Signal) {
        let number = i32::try_from(self.child.id()).expect("a number of a process");
        kill_process(Pid::from_raw(number).expect("a process"), signal).expect("the process runs");
    }

    /// Waits for the end, and reads what was still shown.
    fn end(mut self) -> (ExitStatus, vt100::Parser) {
        for _ in 0..LOOKS {
            self.look();
            if let Some(status) = self.child.try_wait().expect("the program can be waited for") {
                while let Ok(bytes) = self.shown.recv_timeout(Duration::from_millis(200)) {
                    self.screen.process(&bytes);
                }
                return (status, self.screen);
            }
        }
        let _ = self.child.kill();
        panic!("the review does not end:\n{}", self.screen.screen().contents());
    }
}

#[expect(clippy::disallowed_methods, reason = "the test writes its article and its model")]
fn drafted() -> TempDir {
    let directory = TempDir::new().expect("a directory");
    std::fs::write(directory.path().join("market.txt"), ARTICLE).expect("the article can be written");
    std::fs::write(directory.path().join("siege.ctg"), MODEL).expect("the model can be written");
    let status = Command::new(env!("CARGO_BIN_EXE_contingent"))
        .current_dir(directory.path())
        .args(["claims", "extract", "market.txt", "-o", "ledgers"])
        .output()
        .expect("the program starts")
        .status;
    assert!(status.success());
    directory
}

#[expect(clippy::disallowed_methods, reason = "the test reads the ledger")]
fn ledger(directory: &TempDir) -> String {
    std::fs::read_to_string(directory.path().join(LEDGER)).expect("the ledger is there")
}

/// All that is kept of a review: the ledger, and the journal beside it while the ledger is not written.
#[expect(clippy::disallowed_methods, reason = "the test reads the ledger and its journal")]
fn kept(directory: &TempDir) -> String {
    // The journal first: it goes away only after the ledger holds what it says.
    let journal =
        std::fs::read_to_string(directory.path().join(format!("{LEDGER}.journal"))).unwrap_or_default();
    journal + &ledger(directory)
}

/// What `claims list` says of the ledger: it must still be one.
fn listed(directory: &TempDir) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_contingent"))
        .current_dir(directory.path())
        .args(["claims", "list", LEDGER])
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_review_goes_through_its_keys_in_a_terminal() {
    let directory = drafted();
    let mut terminal = Terminal::review(directory.path(), 100, 32);
    terminal.wait_for("1 of 3; 0 accepted, 0 rejected, 3 to decide");
    terminal.wait_for("“We do not expect a long siege, and nobody here wants one,” said Obed Marrin");
    terminal.wait_for("a accept");
    // Our own words, in letters of one and of two columns.
    terminal.press("a");
    terminal.wait_for("in our words");
    terminal.press("Keine lange Belagerung – 長い包囲はない");
    terminal.wait_for("長い包囲はない");
    terminal.press("\r");
    terminal.wait_for("2 of 3; 1 accepted");
    assert!(kept(&directory).contains("Keine lange Belagerung – 長い包囲はない"));
    // Kind, grade and a link to an assumption of the model.
    terminal.press("k");
    terminal.wait_for("1 of 3;");
    terminal.press("t\u{15}");
    terminal.wait_for("several with commas");
    terminal.press("forecast, causal\r");
    terminal.wait_for("forecast, causal;");
    terminal.press("gb7\r");
    terminal.wait_for("a letter A to F and a number 1 to 6");
    terminal.press("\u{7f}2\r");
    terminal.wait_for("graded B2");
    terminal.press("lsie");
    terminal.wait_for("Tab completes: siege_length");
    terminal.press("\t\r");
    terminal.wait_for("behind: siege_length");
    let text = kept(&directory);
    assert!(text.contains("grade = \"B2\"") && text.contains("siege_length"), "{text}");
    // Rejecting, and taking it back.
    terminal.press("nr");
    terminal.wait_for("1 rejected, 1 to decide");
    terminal.press("u");
    terminal.wait_for("is as it was");
    terminal.wait_for("0 rejected, 2 to decide");
    // Another size: what matters stays in sight.
    terminal.resize(40, 14);
    terminal.wait_for("2 of 3; 2 to decide");
    terminal.wait_for("q quit");
    terminal.resize(100, 32);
    terminal.wait_for("1 accepted, 0 rejected, 2 to decide");
    terminal.press("?");
    terminal.wait_for("any key goes back");
    terminal.press("xq");
    let (status, screen) = terminal.end();
    assert!(status.success());
    assert!(!screen.screen().alternate_screen(), "the screen from before is back");
    assert!(screen.screen().contents().contains("1 accepted, 0 rejected, 2 to decide"));
    assert!(listed(&directory).contains("1 accepted, 0 rejected, 2 drafts"));
}

#[test]
fn an_interrupt_keeps_what_was_being_typed() {
    for interrupt in [None, Some(Signal::TERM), Some(Signal::INT)] {
        let directory = drafted();
        let mut terminal = Terminal::review(directory.path(), 90, 26);
        terminal.wait_for("1 of 3;");
        terminal.press("jeHalf a thought");
        terminal.wait_for("Half a thought");
        match interrupt {
            None => terminal.press("\u{3}"),
            Some(signal) => terminal.signal(signal),
        }
        let (status, screen) = terminal.end();
        assert!(status.success(), "{interrupt:?}");
        assert!(!screen.screen().alternate_screen(), "the screen from before is back");
        assert!(ledger(&directory).contains("says = \"Half a thought\""), "{interrupt:?}");
        assert!(listed(&directory).contains("0 accepted, 0 rejected, 3 drafts"), "nothing is accepted by it");
    }
}

#[test]
fn a_kill_between_keys_loses_no_decision() {
    let directory = drafted();
    for (keys, shown, kept) in [
        ("r", "1 rejected", "0 accepted, 1 rejected, 2 drafts"),
        ("aPrices double.\r", "1 accepted", "1 accepted, 1 rejected, 1 drafts"),
        ("r", "2 rejected", "1 accepted, 2 rejected, 0 drafts"),
    ] {
        let mut terminal = Terminal::review(directory.path(), 90, 26);
        terminal.wait_for("of 3;");
        terminal.press(keys);
        terminal.wait_for(shown);
        terminal.press("eand th");
        terminal.wait_for("and th");
        terminal.signal(Signal::KILL);
        let (status, _) = terminal.end();
        assert!(!status.success());
        let now = listed(&directory).replace("1 draft\n", "1 drafts\n");
        assert!(now.contains(kept), "{kept} in\n{now}");
    }
}

/// A ledger of many claims, none of which anybody has decided about.
#[expect(clippy::disallowed_methods, reason = "the test writes a ledger")]
fn long_ledger(n_claims: usize) -> TempDir {
    use std::fmt::Write as _;
    let directory = drafted();
    let path = directory.path().join(LEDGER);
    let drafted = std::fs::read_to_string(&path).expect("the ledger is there");
    let (head, claims) = drafted.split_once("[[claim]]").expect("a claim");
    let claim =
        claims.split("[[claim]]").next().expect("a claim").split("[[uncaptured]]").next().expect("a claim");
    assert!(claim.contains("id = \"c1\""));
    let mut text = head.to_owned();
    for number in 1..=n_claims {
        let _ = write!(text, "[[claim]]{}", claim.replace("id = \"c1\"", &format!("id = \"c{number}\"")));
    }
    std::fs::write(&path, text).expect("the ledger can be written");
    directory
}

#[test]
fn a_kill_among_decisions_about_thousands_of_claims_loses_none() {
    let directory = long_ledger(5000);
    let n_bytes = ledger(&directory).len();
    let mut terminal = Terminal::review(directory.path(), 90, 26);
    terminal.wait_for("of 5000;");
    terminal.press("rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr");
    terminal.wait_for("40 rejected");
    terminal.press("aPrices double.\r");
    terminal.wait_for("1 accepted");
    terminal.signal(Signal::KILL);
    let (status, _) = terminal.end();
    assert!(!status.success());
    // Either they are in a journal that is short beside the ledger, or it was quiet long enough to write the ledger.
    let journal = std::fs::metadata(directory.path().join(format!("{LEDGER}.journal")));
    assert!(
        journal.is_ok_and(|file| (file.len() as usize) < n_bytes / 10)
            || ledger(&directory).contains("Prices double.")
    );
    let now = listed(&directory);
    assert!(now.contains("1 accepted, 40 rejected, 4959 drafts"), "{}", &now[..200]);
    // The next review puts them into the ledger, and leaves no journal.
    let mut terminal = Terminal::review(directory.path(), 90, 26);
    terminal.wait_for("40 rejected");
    terminal.press("uq");
    let (status, _) = terminal.end();
    assert!(status.success());
    assert!(ledger(&directory).contains("Prices double."));
    assert!(!directory.path().join(format!("{LEDGER}.journal")).exists());
}
