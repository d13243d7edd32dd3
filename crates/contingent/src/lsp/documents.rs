//! The texts that are open in the editor.
//!
//! Enters: what the editor says about its texts. Leaves: the texts as they stand there. Always holds: changes are
//! applied in the order in which they were made, each to the text that the one before it left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::position::{Encoding, LineIndex, path_of};

/// A text that is open.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// The address as the editor writes it.
    pub(super) uri: Uri,
    /// The editor's count of its versions.
    pub(super) version: i32,
    /// The whole text.
    pub(super) text: String,
}

/// All open texts, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents(BTreeMap<PathBuf, Document>);

impl Documents {
    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String) -> PathBuf {
        let path = path_of(&uri);
        self.0.insert(path.clone(), Document { uri, version, text });
        path
    }

    pub(super) fn close(&mut self, uri: &Uri) -> PathBuf {
        let path = path_of(uri);
        self.0.remove(&path);
        path
    }

    /// Applies the changes of one notification.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Option<PathBuf> {
        let path = path_of(uri);
        let document = self.0.get_mut(&path)?;
        document.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    document.text = whole.text;
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let lines = LineIndex::new(&document.text);
                    let start = lines.offset(&document.text, part.range.start, encoding) as usize;
                    let end = lines.offset(&document.text, part.range.end, encoding) as usize;
                    document.text.replace_range(start..end.max(start), &part.text);
                }
            }
        }
        Some(path)
    }

    pub(super) fn at(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Document)> {
        self.0.iter()
    }
}
