//! Which model a file belongs to, and what the checker says of it.
//!
//! Enters: open texts and files. Leaves: one checked model for every file that is open. Always holds: open text
//! stands in place of the file on disk; a file that no model includes is checked alone, as part of a model of which
//! the rest is not known.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use contingent_engine::quantile::central;
use contingent_engine::{Block, ChanceMode, Configuration, Recording, compile, run_block};
use contingent_model::{Checked, CheckedModel, Loaded, VariableKind, check, load};
use contingent_syntax::{FileId, Span};
use gen_lsp_types::{Location, Position, Range, Uri};

use super::documents::Documents;
use super::position::{Encoding, LineIndex, normal, path_of, uri_of};
use crate::project;

/// How many folders upwards a model is looked for.
const MAX_LEVELS: usize = 6;

/// How many files are looked at below the folders that are open in the editor.
const MAX_SEARCHED: usize = 2000;

/// A model of which some file is open.
pub(super) struct OpenModel {
    /// What the checker found.
    pub(super) checked: Checked,
    /// Where each file lies.
    pub(super) paths: Vec<PathBuf>,
    /// The lines of each file.
    pub(super) lines: Vec<LineIndex>,
    /// Whether no model includes the file, so that it is checked alone.
    pub(super) is_alone: bool,
    /// Values at the start, by name of the element; computed when they are asked for.
    values: OnceCell<HashMap<String, f64>>,
}

/// A place in an open model.
#[derive(Clone, Copy)]
pub(super) struct Place<'w> {
    pub(super) model: &'w OpenModel,
    pub(super) file: FileId,
    pub(super) offset: u32,
}

impl OpenModel {
    fn new(loaded: Loaded, directory: &Path, is_alone: bool) -> Self {
        let checked = check(loaded);
        let paths = checked.sources.files.iter().map(|file| normal(&directory.join(&file.name))).collect();
        let lines = checked.sources.files.iter().map(|file| LineIndex::new(&file.text)).collect();
        Self { checked, paths, lines, is_alone, values: OnceCell::new() }
    }

    pub(super) fn file(&self, path: &Path) -> Option<FileId> {
        self.paths.iter().position(|known| known == path).map(|i| FileId(i as u32))
    }

    pub(super) fn text(&self, file: FileId) -> &str {
        &self.checked.sources.file(file).text
    }

    pub(super) fn range(&self, span: Span, encoding: Encoding) -> Range {
        self.lines[span.file.0 as usize].range(self.text(span.file), span, encoding)
    }

    /// The value of every variable at the start, central values in place of what is not known and expectations in
    /// place of chance, by the name of the element and in the unit that is shown; empty when the model does not run.
    pub(super) fn values_at_start(&self) -> &HashMap<String, f64> {
        self.values.get_or_init(|| self.checked.model.as_ref().and_then(values_at_start).unwrap_or_default())
    }
}

fn values_at_start(model: &CheckedModel) -> Option<HashMap<String, f64>> {
    let mut model = model.clone();
    // Only the start is looked at: one step, and nothing that looks further.
    model.clock.n_steps = 1;
    model.questions.clear();
    model.indicators.clear();
    model.observations.clear();
    let configuration = Configuration {
        mechanisms: model
            .variables
            .iter()
            .enumerate()
            .filter_map(|(i, variable)| match variable.kind {
                VariableKind::Mechanism { default, .. } => {
                    Some((contingent_model::VariableId(i as u32), default))
                }
                _ => None,
            })
            .collect(),
        chance: ChanceMode::Expected,
        recording: Recording::Everything,
        ..Configuration::default()
    };
    let program = compile(&model, &configuration).ok()?;
    let parameters: Vec<f64> = program
        .parameters()
        .iter()
        .map(|parameter| match &model.variable(parameter.variable).kind {
            VariableKind::Assumption { distributions, .. } => central(&distributions[parameter.element]),
            _ => f64::NAN,
        })
        .collect();
    let block = Block { seed: 1, draws: &[0], replications: &[0], parameters: &parameters };
    let result = run_block(&program, &block, &mut contingent_engine::Workspace::default());
    let at_start = result.recorded.iter().zip(program.recorded());
    Some(at_start.map(|(value, column)| (column.name.clone(), value / column.unit.scale)).collect())
}

/// Everything that is known while the editor runs.
#[derive(Default)]
pub struct Workspace {
    pub(super) documents: Documents,
    pub(super) encoding: Encoding,
    pub(super) folders: Vec<PathBuf>,
    /// Models by the path of their main file.
    models: BTreeMap<PathBuf, OpenModel>,
    /// The main file of the model that each open file belongs to.
    homes: BTreeMap<PathBuf, PathBuf>,
    changed: BTreeSet<PathBuf>,
    /// Whether files may have appeared, gone or come to belong elsewhere.
    is_unsettled: bool,
}

impl Workspace {
    /// Takes a text that was opened in the editor.
    pub fn open(&mut self, uri: Uri, version: i32, text: String) {
        let path = self.documents.open(uri, version, text);
        self.changed.insert(path);
        self.is_unsettled = true;
    }

    /// Replaces the whole text of an open file.
    pub fn replace(&mut self, uri: &Uri, version: i32, text: String) {
        let whole = gen_lsp_types::TextDocumentContentChangeWholeDocument { text };
        self.change(uri, version, vec![whole.into()]);
    }

    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<gen_lsp_types::TextDocumentContentChangeEvent>,
    ) {
        let Some(path) = self.documents.change(uri, version, changes, self.encoding) else { return };
        // A model that was lost to a fault of ours is looked for again.
        self.is_unsettled |= self.homes.get(&path).is_none_or(|main| !self.models.contains_key(main));
        self.changed.insert(path);
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        let path = self.documents.close(uri);
        self.homes.remove(&path);
        self.changed.insert(path);
        self.is_unsettled = true;
    }

    /// Takes note that files changed outside of the editor.
    pub(super) fn files_changed(&mut self) {
        self.changed.extend(self.models.values().flat_map(|model| model.paths.iter().cloned()));
        self.is_unsettled = true;
    }

    pub(super) fn is_stale(&self) -> bool {
        self.is_unsettled || !self.changed.is_empty()
    }

    pub(super) fn models(&self) -> impl Iterator<Item = &OpenModel> {
        self.models.values()
    }

    /// The model of an open file, or of a file that is part of one.
    pub(super) fn model_of(&self, uri: &Uri) -> Option<(&OpenModel, FileId)> {
        let path = path_of(uri);
        let home = self.homes.get(&path).and_then(|main| self.models.get(main));
        let model = home.or_else(|| self.models.values().find(|model| model.file(&path).is_some()))?;
        Some((model, model.file(&path)?))
    }

    pub(super) fn place(&self, uri: &Uri, position: Position) -> Option<Place<'_>> {
        let (model, file) = self.model_of(uri)?;
        let offset = model.lines[file.0 as usize].offset(model.text(file), position, self.encoding);
        Some(Place { model, file, offset })
    }

    pub(super) fn uri(&self, path: &Path) -> Uri {
        self.documents.at(path).map_or_else(|| uri_of(path), |document| document.uri.clone())
    }

    pub(super) fn location(&self, model: &OpenModel, span: Span) -> Location {
        let uri = self.uri(&model.paths[span.file.0 as usize]);
        Location { uri, range: model.range(span, self.encoding) }
    }

    /// Checks again whatever a change may have touched.
    pub fn refresh(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        for (main, model) in std::mem::take(&mut self.models) {
            let is_touched = model.paths.iter().any(|path| changed.contains(path));
            let model = if is_touched {
                let Some(renewed) = self.read_model(&main, model.is_alone) else {
                    self.is_unsettled = true;
                    continue;
                };
                self.is_unsettled |= renewed.paths != model.paths;
                renewed
            } else {
                model
            };
            self.models.insert(main, model);
        }
        // A file may become a main file, or stop being one, at every change.
        self.is_unsettled |= changed.iter().any(|path| {
            let is_main = self.documents.at(path).is_some_and(|document| has_model_block(&document.text));
            let was_main = self.homes.get(path) == Some(path) && !self.is_alone(path);
            is_main != was_main
        });
        if std::mem::take(&mut self.is_unsettled) {
            self.settle();
        }
    }

    fn is_alone(&self, main: &Path) -> bool {
        self.models.get(main).is_some_and(|model| model.is_alone)
    }

    /// Finds the model of every open file anew.
    fn settle(&mut self) {
        let paths: Vec<PathBuf> = self.documents.iter().map(|(path, _)| path.clone()).collect();
        let mut homes = BTreeMap::new();
        for path in paths {
            let found = self.main_file(&path);
            let is_alone = found.is_none();
            let main = found.unwrap_or_else(|| path.clone());
            let is_known = self.models.get(&main).is_some_and(|model| model.is_alone == is_alone);
            if !is_known && let Some(model) = self.read_model(&main, is_alone) {
                self.models.insert(main.clone(), model);
            }
            homes.insert(path, main);
        }
        self.models.retain(|main, _| homes.values().any(|home| home == main));
        self.homes = homes;
    }

    fn read(&self, path: &Path) -> Result<String, String> {
        match self.documents.at(path) {
            Some(document) => Ok(document.text.clone()),
            None => project::read(path),
        }
    }

    fn load(&self, main: &Path) -> Option<Loaded> {
        let text = self.read(main).ok()?;
        let directory = main.parent().map(Path::to_owned).unwrap_or_default();
        let name = main.file_name()?.to_string_lossy().into_owned();
        Some(load(&name, text, &mut |include| self.read(&normal(&directory.join(include)))))
    }

    fn read_model(&self, main: &Path, is_alone: bool) -> Option<OpenModel> {
        let mut loaded = self.load(main)?;
        // The rest of the model is not known, so that a name that is not declared here is no mistake.
        loaded.is_incomplete |= is_alone;
        Some(OpenModel::new(loaded, main.parent().unwrap_or(Path::new("")), is_alone))
    }

    /// The main file of the model that a file is part of: itself, or the nearest one above it that includes it.
    fn main_file(&self, path: &Path) -> Option<PathBuf> {
        if self.read(path).is_ok_and(|text| has_model_block(&text)) {
            return Some(path.to_owned());
        }
        if let Some((main, _)) =
            self.models.iter().find(|(_, model)| !model.is_alone && model.file(path).is_some())
        {
            return Some(main.clone());
        }
        let mut looked = BTreeSet::new();
        let above = path.ancestors().skip(1).take(MAX_LEVELS).flat_map(|folder| candidates(folder, self));
        let main = above.into_iter().find(|main| looked.insert(main.clone()) && self.includes(main, path));
        main.or_else(|| {
            let mut left = MAX_SEARCHED;
            let mut mains = Vec::new();
            for folder in &self.folders {
                search(folder, &mut left, &mut mains);
            }
            mains.into_iter().find(|main| looked.insert(main.clone()) && self.includes(main, path))
        })
    }

    /// The other models near a file that it is part of too, checked anew: several models may share their files, and
    /// only one of them is that of the editor.
    pub(super) fn others_with(&self, home: &OpenModel, path: &Path) -> Vec<OpenModel> {
        let mut looked: BTreeSet<PathBuf> = home.paths.first().cloned().into_iter().collect();
        let above = path.ancestors().skip(1).take(MAX_LEVELS).flat_map(|folder| candidates(folder, self));
        let mut mains: Vec<PathBuf> = above.collect();
        let mut left = MAX_SEARCHED;
        for folder in &self.folders {
            search(folder, &mut left, &mut mains);
        }
        let others =
            mains.into_iter().filter(|main| looked.insert(main.clone()) && self.includes(main, path));
        others.filter_map(|main| self.read_model(&main, false)).collect()
    }

    fn includes(&self, main: &Path, path: &Path) -> bool {
        if main == path || !self.read(main).is_ok_and(|text| has_model_block(&text)) {
            return false;
        }
        let directory = main.parent().unwrap_or(Path::new(""));
        self.load(main).is_some_and(|loaded| {
            loaded.sources.files.iter().any(|file| normal(&directory.join(&file.name)) == path)
        })
    }
}

/// Whether a text has a `model` block, by the first word of its lines.
fn has_model_block(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start().strip_prefix("model").is_some_and(|rest| rest.trim_start().starts_with('"'))
    })
}

/// The files of a folder that may be the main file of a model: `model.ctg` first.
fn candidates(folder: &Path, workspace: &Workspace) -> Vec<PathBuf> {
    let mut found = files_in(folder);
    let open = workspace.documents.iter().map(|(path, _)| path).filter(|path| path.parent() == Some(folder));
    found.extend(open.cloned());
    found.retain(|path| is_model_text(path));
    found.sort_by_key(|path| (!path.ends_with(project::MAIN_FILE), path.clone()));
    found.dedup();
    found
}

fn is_model_text(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ctg")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).take(MAX_SEARCHED).collect()
}

/// Model files below a folder, hidden folders left out.
fn search(folder: &Path, left: &mut usize, found: &mut Vec<PathBuf>) {
    let mut entries = files_in(folder);
    entries.sort();
    for path in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if *left == 0 || is_hidden {
            continue;
        }
        *left -= 1;
        if path.is_dir() && !path.is_symlink() && !path.ends_with("target") && !path.ends_with("node_modules")
        {
            search(&path, left, found);
        } else if is_model_text(&path) {
            found.push(path);
        }
    }
}
