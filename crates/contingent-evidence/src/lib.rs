//! From articles to claims that can be checked.
//!
//! Enters: the bytes of an article, a transcript or a report. Leaves: its text in one normal form, drafts of who said what in
//! it, ledgers of such drafts, pins that find the words again in another copy.
//! Always holds: nothing here reads a file, a clock or the environment; every position is counted in the normal form of the text;
//! no sentence of a source is kept in a ledger, only positions, counts and hashes.

pub mod draft;
pub mod evaluation;
pub mod export;
pub mod extract;
pub mod ledger;
pub mod pin;
pub mod read;
pub mod text;
pub mod verify;
pub mod words;
