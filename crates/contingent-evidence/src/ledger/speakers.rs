//! Who speaks, by which names.
//!
//! Enters: speakers of ledgers and of a registry file. Leaves: the one name for any of a speaker's names. Always holds: a name
//! that no speaker has is itself; the first speaker who claims a name keeps it.

use std::collections::HashMap;

use crate::words::{LineHyphens, Words};

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speaker {
    /// The name.
    pub name: String,
    /// What the speaker is.
    pub role: Option<String>,
    /// Other names and spellings.
    pub aliases: Vec<String>,
}

/// Speakers by their names.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    speakers: Vec<Speaker>,
    by_name: HashMap<String, usize>,
}

impl Registry {
    /// Adds a speaker; of one that is known, the role and aliases that are new.
    pub fn add(&mut self, speaker: &Speaker) {
        let place = self.by_name.get(&folded(&speaker.name)).copied().unwrap_or_else(|| {
            self.speakers.push(Speaker { name: speaker.name.clone(), ..Speaker::default() });
            self.speakers.len() - 1
        });
        for name in std::iter::once(&speaker.name).chain(&speaker.aliases) {
            self.by_name.entry(folded(name)).or_insert(place);
        }
        let known = &mut self.speakers[place];
        known.role = known.role.take().or_else(|| speaker.role.clone());
        for alias in &speaker.aliases {
            if !known.aliases.contains(alias) && *alias != known.name {
                known.aliases.push(alias.clone());
            }
        }
    }

    /// The one name of whoever is called so.
    pub fn resolve<'n>(&'n self, name: &'n str) -> &'n str {
        self.speaker(name).map_or(name, |speaker| speaker.name.as_str())
    }

    /// Whoever is called so.
    pub fn speaker(&self, name: &str) -> Option<&Speaker> {
        self.by_name.get(&folded(name)).map(|&place| &self.speakers[place])
    }

    /// Every speaker, in the order in which they were added.
    pub fn speakers(&self) -> &[Speaker] {
        &self.speakers
    }
}

/// A name without case and marks.
fn folded(name: &str) -> String {
    let words = Words::of(name, LineHyphens::Join);
    (0..words.len()).map(|index| words.word(index)).collect::<Vec<_>>().join(" ")
}
