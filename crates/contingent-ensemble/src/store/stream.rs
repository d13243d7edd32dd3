//! Writing the runs of an experiment part by part.
//!
//! Enters: parts in order, then the totals. Leaves: the tables of draws and runs that a whole result gives, and a
//! table of the indicators over time. Always holds: no more than a part is kept; draws that no finished run
//! reached are not written.

use std::path::Path;

use contingent_model::CheckedModel;

use super::table::{Column, TableWriter, Values};
use super::{RunDirectory, draws_column, file_error, likelihood_column, outcome_column, position};
use crate::manifest::{ColumnRecord, FileRecord};
use crate::stream::{Part, Totals};
use crate::{Design, Error, Experiment};

/// The tables of an experiment that are being written.
#[derive(Debug)]
pub struct RunStream<'a> {
    model: &'a CheckedModel,
    design: Design,
    view: String,
    policy: String,
    /// Relative paths of draws and of runs as they are called while they grow.
    paths: [String; 2],
    tables: Option<[TableWriter; 2]>,
    columns: [Vec<ColumnRecord>; 2],
    /// The first draw that is not written yet.
    next_draw: u32,
    directory: std::path::PathBuf,
}

impl RunStream<'_> {
    /// Writes a part, the one after the last.
    pub fn append(&mut self, part: &Part) -> Result<(), Error> {
        if self.tables.is_none() {
            self.next_draw = part.first_draw;
        }
        let (design, first_run) = (self.design, part.first_run);
        let mut runs = vec![
            position("draw", move |row| design.draw_of(first_run + row)),
            position("replication", move |row| design.replication_of(first_run + row)),
        ];
        for (outcome, values) in part.outcomes.iter().zip(&part.outcome_values) {
            runs.push(outcome_column(self.model, outcome, values));
        }
        for (observation, values) in self.model.observations.iter().zip(&part.log_likelihoods) {
            runs.push(likelihood_column(&observation.name, values));
        }
        // A draw whose replications lie in two parts is written with the first; those of runs that did not
        // finish are left out.
        let end =
            if part.n_runs == 0 { self.next_draw } else { design.draw_of(first_run + part.n_runs - 1) + 1 };
        let (first_draw, n_draws) = (self.next_draw, end.saturating_sub(self.next_draw) as usize);
        let offset = (first_draw - part.first_draw) as usize;
        let mut draws = vec![position("draw", move |row| first_draw + row as u32)];
        for (parameter, values) in part.parameters.iter().zip(&part.parameter_values) {
            draws.push(draws_column(self.model, parameter, &values[offset.min(values.len())..]));
        }
        let [draws_table, runs_table] = match &mut self.tables {
            Some(tables) => tables,
            none => {
                self.columns = [&draws, &runs].map(|columns| columns.iter().map(Column::record).collect());
                let [draws_path, runs_path] =
                    [&self.paths[0], &self.paths[1]].map(|path| place(&self.directory, path));
                none.insert([
                    TableWriter::create(&draws_path?, &draws)?,
                    TableWriter::create(&runs_path?, &runs)?,
                ])
            }
        };
        draws_table.append(n_draws, &draws)?;
        runs_table.append(part.n_runs, &runs)?;
        self.next_draw = self.next_draw.max(end);
        Ok(())
    }
}

/// The path of a file to be, with the folders it lies in.
fn place(directory: &Path, relative: &str) -> Result<std::path::PathBuf, Error> {
    let path = relative.split('/').fold(directory.to_owned(), |path, part| path.join(part));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|reason| file_error("create", folder, reason))?;
    }
    Ok(path)
}

impl<'a> RunDirectory<'a> {
    /// Begins the tables of an experiment that comes in parts. Fails as [`RunDirectory::write_result`] does; a
    /// view is written by one stream only.
    pub fn stream(&mut self, experiment: &Experiment) -> Result<RunStream<'a>, Error> {
        let view = experiment.view_name(self.model).to_owned();
        let policy = experiment.policy_name(self.model).to_owned();
        if self.drawn_with.contains_key(&view) {
            return Err(Error::ExperimentTwice { view, policy });
        }
        let settings = &experiment.settings;
        self.drawn_with
            .insert(view.clone(), (settings.assumptions.clone(), settings.assumption_elements.clone()));
        Ok(RunStream {
            model: self.model,
            design: self.design,
            paths: [
                format!("draws/view={view}/draws.parquet"),
                format!("runs/view={view}/policy={policy}/growing.parquet"),
            ],
            view,
            policy,
            tables: None,
            columns: [Vec::new(), Vec::new()],
            next_draw: 0,
            directory: self.partial.clone(),
        })
    }

    /// Closes the tables of an experiment and writes the indicators over time, if they were summed up.
    pub fn finish_stream(&mut self, mut stream: RunStream<'_>, totals: &Totals) -> Result<(), Error> {
        if stream.tables.is_none() {
            // Tables without rows.
            stream.append(&Part::empty(totals, stream.model.observations.len()))?;
        }
        let RunStream { view, policy, paths, tables, columns, .. } = stream;
        let [draws, runs] = tables.expect("they were begun above");
        let last = totals.runs.start + totals.n_finished_runs;
        let named = format!("runs/view={view}/policy={policy}/shard={}-{last}.parquet", totals.runs.start);
        let [draws_path, _] = paths;
        for ((table, columns), relative) in [draws, runs].into_iter().zip(columns).zip([draws_path, named]) {
            let (n_rows, written) = (table.n_rows(), table.path().to_owned());
            table.finish()?;
            let path = self.place_of(&relative)?;
            std::fs::rename(&written, &path).map_err(|reason| file_error("put into place", &path, reason))?;
            let n_bytes = std::fs::metadata(&path)
                .map_err(|reason| file_error("read the size of", &path, reason))?
                .len();
            self.files.push(FileRecord { path: relative, n_bytes, n_rows: Some(n_rows), columns });
        }
        if totals.series.n_times() > 0 && totals.n_finished_runs > 0 {
            self.write_series(totals, &format!("series/view={view}/policy={policy}/series.parquet"))?;
        }
        self.complete &= totals.is_complete();
        self.experiments.push(super::totals_record(self.model, totals));
        Ok(())
    }

    /// A row per time: of every indicator its mean, standard deviation, extremes and quantiles.
    fn write_series(&mut self, totals: &Totals, relative: &str) -> Result<(), Error> {
        let dt = self.model.clock.dt;
        let mut columns = vec![
            position("step", |row| row as u32),
            Column {
                name: "time".to_owned(),
                unit: self.model.clock.time_unit.clone(),
                values: Values::Number(Box::new(move |row| row as f64 * dt)),
            },
        ];
        let readings: [(&str, fn(&crate::Summary) -> f64); 9] = [
            ("mean", |cell| cell.mean()),
            ("sd", |cell| cell.standard_deviation()),
            ("minimum", |cell| cell.minimum()),
            ("p5", |cell| cell.quantile(0.05)),
            ("p25", |cell| cell.quantile(0.25)),
            ("p50", |cell| cell.quantile(0.5)),
            ("p75", |cell| cell.quantile(0.75)),
            ("p95", |cell| cell.quantile(0.95)),
            ("maximum", |cell| cell.maximum()),
        ];
        for (index, recorded) in totals.recorded.iter().enumerate() {
            let scale = recorded.unit.scale;
            for (name, reading) in readings {
                columns.push(Column {
                    name: format!("{}.{name}", recorded.name),
                    unit: recorded.unit.text.clone(),
                    values: Values::NumberOrNone(Box::new(move |row| {
                        let value = reading(totals.series.at(row, index)) / scale;
                        (!value.is_nan()).then_some(value)
                    })),
                });
            }
        }
        self.write_table(relative, totals.series.n_times(), &columns)
    }
}
