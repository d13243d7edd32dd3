//! Decisions of a review that are not yet in their ledger.
//!
//! Enters: claims as they were decided, one by one. Leaves: a small file beside the ledger, to which each decision adds a record, and the
//! ledger with the records put in. Always holds: a record that was cut off is left out, and none before it is lost; records are put only
//! into the ledger for which they were written.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use contingent_evidence::ledger::{ClaimEntry, Ledger, SourceEntry};
use sha2::{Digest as _, Sha256};

/// The ending that is added to the name of a ledger.
const ENDING: &str = ".journal";
const HEAD: &str = "# decisions of a review that are not yet in the ledger with SHA-256 ";
const RECORD: &str = "# record ";

/// The file beside a ledger.
pub fn journal_path(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(ENDING);
    PathBuf::from(name)
}

/// A ledger names its source; the records of a journal need none.
fn of_no_source() -> SourceEntry {
    SourceEntry { id: "journal".to_owned(), ..SourceEntry::default() }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A journal under way.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
}

impl Journal {
    /// The journal of a ledger, which has no file before its first record.
    pub fn new(ledger: &Path) -> Self {
        Self { path: journal_path(ledger), file: None }
    }

    /// Adds claims as they are now. `base` is the text of the ledger that they are to be put into.
    ///
    /// # Errors
    ///
    /// Those of the file; a record that was written in part is left out when the journal is read.
    pub fn append<'c>(
        &mut self,
        base: &str,
        claims: impl IntoIterator<Item = &'c ClaimEntry>,
    ) -> io::Result<()> {
        let mut text = String::new();
        if self.file.is_none() || !self.path.exists() {
            self.file = Some(OpenOptions::new().create(true).write(true).truncate(true).open(&self.path)?);
            let _ = writeln!(text, "{HEAD}{}", hash(base));
        }
        for claim in claims {
            let body =
                Ledger { source: of_no_source(), claims: vec![claim.clone()], ..Ledger::default() }.write();
            let _ = writeln!(text, "{RECORD}{} {}", body.len(), hash(&body));
            text.push_str(&body);
            text.push('\n');
        }
        match &mut self.file {
            // One call: whatever kills the program, the records before this one are whole.
            Some(file) => file.write_all(text.as_bytes()),
            None => Ok(()),
        }
    }

    /// Whether something was written that is not in the ledger yet.
    pub fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// Takes the file away: everything in it is in the ledger.
    pub fn clear(&mut self) {
        self.file = None;
        remove(&self.path);
    }
}

/// Takes the journal of a ledger away, when the ledger holds what it says.
pub fn forget_journal(ledger: &Path) {
    remove(&journal_path(ledger));
}

fn remove(path: &Path) {
    // A journal that cannot be removed is found to say nothing new when it is read.
    let _ = std::fs::remove_file(path);
}

/// The claims of a journal, in the order in which they were decided, and the hash of the ledger that they belong to.
fn records(text: &str) -> Option<(&str, Vec<ClaimEntry>)> {
    let (head, mut rest) = text.split_once('\n')?;
    let base = head.strip_prefix(HEAD)?;
    let mut claims = Vec::new();
    while let Some((line, body)) = rest.split_once('\n') {
        let Some((length, sum)) = line.strip_prefix(RECORD).and_then(|line| line.split_once(' ')) else {
            break;
        };
        let Some(body) = length.parse().ok().and_then(|length: usize| body.get(..length)) else { break };
        if hash(body) != sum {
            break;
        }
        // What is whole and cannot be read was written by another version: what follows may depend on it.
        let Ok(ledger) = Ledger::read(body) else { break };
        claims.extend(ledger.claims);
        rest = rest[line.len() + 1 + body.len()..].trim_start_matches('\n');
    }
    Some((base, claims))
}

/// Puts the decisions of a review that did not end into its ledger; how many records there were.
///
/// # Errors
///
/// The reason, with what to do, when the ledger was changed after the journal was written and lacks what it says.
pub(super) fn replay(path: &Path, text: &str, ledger: &mut Ledger) -> Result<usize, String> {
    let journal = journal_path(path);
    let written = match std::fs::read(&journal) {
        // A program that was killed may have written half a letter; what stands before it counts.
        Ok(written) => {
            let n_valid = std::str::from_utf8(&written).map_or_else(|error| error.valid_up_to(), str::len);
            String::from_utf8_lossy(&written[..n_valid]).into_owned()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => {
            return Err(format!(
                "the decisions of an interrupted review cannot be read from `{}`: {error}\nhelp: make that file readable, or delete \
                 it with what it holds",
                journal.display()
            ));
        }
    };
    let Some((base, claims)) = records(&written) else { return Ok(0) };
    let places: std::collections::HashMap<String, usize> =
        ledger.claims.iter().enumerate().map(|(place, claim)| (claim.id.clone(), place)).collect();
    // What was decided last about each claim.
    let mut last: std::collections::BTreeMap<usize, ClaimEntry> = std::collections::BTreeMap::new();
    let n_records = claims.len();
    let mut n_gone = 0;
    for claim in claims {
        match places.get(&claim.id) {
            Some(&place) => {
                last.insert(place, claim);
            }
            None => n_gone += 1,
        }
    }
    let differs = n_gone > 0 || last.iter().any(|(&place, claim)| ledger.claims[place] != *claim);
    if !differs {
        return Ok(0);
    }
    if base != hash(text) {
        return Err(format!(
            "it was changed after a review of it was interrupted, and the last decisions of that review are only in `{}`\n\
             help: put in by hand what you want of them, then delete that file",
            journal.display()
        ));
    }
    for (place, claim) in last {
        ledger.claims[place] = claim;
    }
    Ok(n_records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contingent_evidence::ledger::State;

    const LEDGER: &str = "claims = 1\n\n[source]\nid = \"market\"\nfile = \"market.txt\"\n\n[[claim]]\nid = \"c1\"\nstatus = \"draft\"\n\n[[claim]]\nid = \"c2\"\nstatus = \"draft\"\n";

    fn decided() -> (tempfile::TempDir, PathBuf, Ledger) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("market.claims.toml");
        let mut ledger = Ledger::read(LEDGER).expect("a ledger");
        for claim in &mut ledger.claims {
            claim.state = State::Accepted;
            claim.says = Some("Ours — “quoted”.".to_owned());
        }
        let mut journal = Journal::new(&path);
        for claim in &ledger.claims {
            journal.append(LEDGER, [claim]).expect("a record");
        }
        (directory, path, ledger)
    }

    #[test]
    fn records_are_put_into_the_ledger_they_belong_to() {
        let (_directory, path, decided) = decided();
        let mut ledger = Ledger::read(LEDGER).expect("a ledger");
        assert_eq!(replay(&path, LEDGER, &mut ledger), Ok(2));
        assert_eq!(ledger.claims, decided.claims);
        // Once the ledger holds them, they say nothing new.
        let saved = decided.update(LEDGER);
        assert_eq!(replay(&path, &saved, &mut ledger), Ok(0));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the file is cut on purpose")]
    fn a_record_that_was_cut_off_is_left_out_and_none_before_it() {
        let (_directory, path, decided) = decided();
        let journal = journal_path(&path);
        let whole = std::fs::read(&journal).expect("the journal");
        let mut seen = [false; 3];
        for length in 0..=whole.len() {
            std::fs::write(&journal, &whole[..length]).expect("a cut journal");
            let mut ledger = Ledger::read(LEDGER).expect("a ledger");
            let n_records = replay(&path, LEDGER, &mut ledger).expect("no conflict");
            assert_eq!(ledger.claims[..n_records], decided.claims[..n_records]);
            assert_eq!(ledger.n_in(State::Accepted), n_records);
            // Half a letter takes no record with it that was whole.
            let n_whole =
                whole[..length].windows(RECORD.len()).filter(|part| *part == RECORD.as_bytes()).count();
            assert!(n_records + 1 >= n_whole, "{length}");
            seen[n_records] = true;
        }
        assert_eq!(seen, [true; 3]);
    }

    #[test]
    fn records_are_not_put_into_a_ledger_that_was_changed_since() {
        let (_directory, path, _) = decided();
        let changed = LEDGER.replace("status = \"draft\"", "status = \"rejected\"");
        let mut ledger = Ledger::read(&changed).expect("a ledger");
        let reason = replay(&path, &changed, &mut ledger).expect_err("a conflict");
        assert!(reason.contains(".journal`") && reason.contains("help:"), "{reason}");
        assert_eq!(ledger.n_in(State::Rejected), 2);
    }
}
