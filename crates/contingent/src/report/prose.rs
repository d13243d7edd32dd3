//! The model told in prose, as a report holds it.
//!
//! Enters: a model and its texts. Leaves: sections. Always holds: the words are those of `contingent describe`; what other
//! sections of a report say already is left out.

use contingent_model::CheckedModel;
use contingent_syntax::{FileId, ast, parse};

use super::ReportSources;
use crate::describe::{self, Level, Part};
use contingent_report::document::report::{
    DescriptionKind, DescriptionLevel, DescriptionParagraph, DescriptionSection,
};

/// The typed views of the texts of a model.
pub(super) fn files(texts: ReportSources<'_>) -> Vec<ast::File> {
    texts
        .sources
        .files
        .iter()
        .take(texts.n_files)
        .enumerate()
        .map(|(place, file)| parse(FileId(place as u32), &file.text).file)
        .collect()
}

/// The prose of a model.
pub(super) fn description(model: &CheckedModel, texts: ReportSources<'_>) -> Vec<DescriptionSection> {
    describe::describe(model, &files(texts))
        .sections
        .into_iter()
        .filter(|section| {
            !matches!(
                section.part,
                Part::Asks | Part::Assumes | Part::Reads | Part::Settles | Part::Evidence | Part::LeavesOut
            )
        })
        .map(|section| DescriptionSection {
            heading: section.heading,
            about: if section.part == Part::FeedsBack {
                DescriptionKind::Loops
            } else {
                DescriptionKind::Other
            },
            paragraphs: section
                .paragraphs
                .into_iter()
                .map(|paragraph| DescriptionParagraph {
                    level: match paragraph.level {
                        Level::Text => DescriptionLevel::Text,
                        Level::Heading => DescriptionLevel::Heading,
                        Level::Entry => DescriptionLevel::Entry,
                        Level::Point => DescriptionLevel::Point,
                    },
                    title: paragraph.title,
                    text: paragraph.text,
                })
                .collect(),
        })
        .collect()
}
