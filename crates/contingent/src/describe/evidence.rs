//! Who said what.
//!
//! Enters: sources and claims. Leaves: their section. Always holds: every claim stands under its source, with who
//! said it and how.

use contingent_model::SourceId;

use super::{Section, Story, list};
use crate::answer::iso_date_in_words;

impl Story<'_> {
    pub(super) fn evidence(&self) -> Section {
        let mut section = Section::new("Who said what").of(super::Part::Evidence);
        if self.model.sources.is_empty() {
            return section;
        }
        section.text("All of it in our words, never quoted.");
        for (i, source) in self.model.sources.iter().enumerate() {
            let mut parts: Vec<String> = Vec::new();
            parts.extend(source.publisher.clone());
            parts.extend(source.date.map(|date| iso_date_in_words(&date.to_string())));
            parts.extend(source.grade.as_deref().map(grade));
            parts.extend(source.url.clone());
            let claims: Vec<_> =
                self.model.claims.iter().filter(|claim| claim.source == SourceId(i as u32)).collect();
            let mut text = parts.join("; ");
            if claims.is_empty() {
                if !text.is_empty() {
                    text += ". ";
                }
                text += "The model takes nothing from it";
            }
            section.entry(&source.name, &source.title, &text);
            for claim in claims {
                let voice = match claim.voice.as_deref() {
                    Some("direct") => "in the speaker's own words",
                    Some("mixed") => "partly in the speaker's own words",
                    Some("reported") => "as reported",
                    _ => "",
                };
                let marks = [claim.role.clone().unwrap_or_default(), list(&claim.kinds), voice.to_owned()];
                let marks: Vec<String> = marks.into_iter().filter(|mark| !mark.is_empty()).collect();
                let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join("; ")) };
                let speaker = claim.speaker.as_deref().unwrap_or("The source itself");
                section.point(
                    Some(&claim.name),
                    &format!("{speaker}{marks}: {}", super::sentences(&claim.says)),
                );
            }
        }
        section
    }
}

/// An Admiralty grade in words (NATO AJP-2.1, reliability and credibility).
fn grade(grade: &str) -> String {
    let mut letters = grade.chars();
    let reliability = match letters.next() {
        Some('A') => "reliable",
        Some('B') => "usually reliable",
        Some('C') => "fairly reliable",
        Some('D') => "not usually reliable",
        Some('E') => "unreliable",
        _ => "of unknown reliability",
    };
    let credibility = match letters.next() {
        Some('1') => "confirmed",
        Some('2') => "probably true",
        Some('3') => "possibly true",
        Some('4') => "doubtful",
        Some('5') => "improbable",
        _ => "its truth cannot be judged",
    };
    format!("graded {grade}: {reliability}, {credibility}")
}
