//! What is measured: models, and how much of each one piece of work does.
//!
//! Enters: the models of `benches/models`, and one that is made here. Leaves: [`Case`]s. Always holds: a piece of
//! work is one block of runs with parameters of its own; equations are stocks, flows and auxiliaries, each
//! element of each once a step.

use std::cell::RefCell;
use std::fmt::Write as _;

use contingent_engine::{
    Backend, Block, BlockResult, Configuration, Program, Workspace, compile, quantile, run_block,
};
use contingent_model::{CheckedModel, VariableKind, check, load};

use crate::limits::{self, Limit};

/// Runs of a block.
pub(crate) const N_LANES: usize = 256;

/// A model beside its limit.
pub(crate) struct Case {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    program: Program,
    interpreted: Program,
    parameters: Vec<f64>,
    /// What the engine does in a piece of work, in the unit.
    amount: Amount,
    limit: Limit,
    n_steps: usize,
}

/// How much a piece of work is.
enum Amount {
    /// Equations a step.
    Equations(usize),
    /// Jumps of a run on average.
    Jumps(f64),
}

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

pub(crate) fn model(text: &str) -> CheckedModel {
    let checked = check(load("model.ctg", text.to_owned(), &mut |_| Err("there is no such file".to_owned())));
    let found: Vec<&str> = checked.diagnostics.iter().map(|found| found.headline.as_str()).collect();
    checked.model.unwrap_or_else(|| panic!("a model of the benchmarks has mistakes: {found:?}"))
}

/// The values of all parameters in all lanes, at quantiles spread evenly.
fn parameters(model: &CheckedModel, n_lanes: usize) -> Vec<f64> {
    let mut values = Vec::new();
    for variable in &model.variables {
        let VariableKind::Assumption { distributions, .. } = &variable.kind else { continue };
        for distribution in distributions {
            for lane in 0..n_lanes {
                let u = (lane as f64 + 0.5) / n_lanes as f64;
                values.push(quantile::quantile(distribution, u));
            }
        }
    }
    values
}

pub(crate) fn n_equations(model: &CheckedModel) -> usize {
    let moving = model.variables.iter().filter(|variable| {
        matches!(
            variable.kind,
            VariableKind::Stock { .. } | VariableKind::Flow { .. } | VariableKind::Auxiliary { .. }
        )
    });
    moving.map(|variable| model.n_elements(&variable.subscripts)).sum()
}

impl Case {
    fn new(
        key: &'static str,
        name: &'static str,
        text: &str,
        limit: fn(&[f64]) -> Limit,
        jumps: Option<fn(f64) -> f64>,
    ) -> Self {
        let model = model(text);
        let program = compile(&model, &Configuration::default()).expect("the model is small");
        let parameters = parameters(&model, N_LANES);
        let limit = limit(&parameters);
        let (unit, amount) = match jumps {
            None => ("equations", Amount::Equations(n_equations(&model))),
            Some(jumps) => {
                let mean = parameters.iter().map(|&p| jumps(p)).sum::<f64>() / parameters.len() as f64;
                ("jumps", Amount::Jumps(mean))
            }
        };
        let interpreted = program.clone().with_backend(Backend::Interpreter);
        Self {
            key,
            name,
            unit,
            program,
            interpreted,
            parameters,
            amount,
            limit,
            n_steps: model.clock.n_steps,
        }
    }

    fn run(&self, program: &Program) -> BlockResult {
        let draws: Vec<u32> = (0..N_LANES as u32).collect();
        let block =
            Block { seed: 7, draws: &draws, replications: &[0; N_LANES], parameters: &self.parameters };
        WORKSPACE.with_borrow_mut(|workspace| run_block(program, &block, workspace))
    }

    /// One block of the engine; what it did.
    pub(crate) fn run_engine(&self) -> f64 {
        self.run_counted(&self.program)
    }

    /// As [`Self::run_engine`], by the block interpreter. Exact jumps are made the same way by both.
    pub(crate) fn run_interpreter(&self) -> f64 {
        self.run_counted(&self.interpreted)
    }

    fn run_counted(&self, program: &Program) -> f64 {
        let result = std::hint::black_box(self.run(program));
        assert!(result.failures.is_empty(), "no run fails");
        match self.amount {
            Amount::Equations(n) => (n * self.n_steps * N_LANES) as f64,
            Amount::Jumps(mean) => mean * N_LANES as f64,
        }
    }

    /// One block by hand; what it did.
    pub(crate) fn run_limit(&self) -> f64 {
        match (&self.amount, (self.limit.run)()) {
            (Amount::Equations(n), results) => {
                std::hint::black_box(&results.outcomes);
                (n * self.n_steps * results.outcomes.len()) as f64
            }
            (Amount::Jumps(_), results) => results.n_jumps,
        }
    }

    /// Panics unless the limit computes what the engine does.
    pub(crate) fn compare(&self) {
        let (engine, by_hand) = (self.run(&self.program).outcomes, (self.limit.run)().outcomes);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        if let Amount::Jumps(expected) = self.amount {
            let by_hand = (self.limit.run)().n_jumps / N_LANES as f64;
            assert!((by_hand / expected - 1.0).abs() < 0.1, "{}: {by_hand} {expected} jumps", self.key);
        }
        match self.limit.tolerance {
            limits::Tolerance::EachRun(relative) => {
                assert_eq!(engine.len(), by_hand.len(), "{}", self.key);
                for (lane, (a, b)) in engine.iter().zip(&by_hand).enumerate() {
                    assert!((a - b).abs() <= relative * a.abs(), "{} lane {lane}: {a} {b}", self.key);
                }
            }
            limits::Tolerance::Mean => {
                let (a, b) = (mean(&engine), mean(&by_hand));
                let spread = engine.iter().map(|x| (x - a).powi(2)).sum::<f64>().sqrt() / engine.len() as f64;
                assert!((a - b).abs() <= 5.0 * spread, "{}: {a} {b}", self.key);
            }
        }
    }
}

/// Everything that is measured.
pub(crate) fn all() -> Vec<Case> {
    vec![
        Case::new(
            "ten-stocks",
            "ten stocks, 1,000 steps",
            include_str!("../models/ten-stocks.ctg"),
            limits::ten_stocks,
            None,
        ),
        Case::new(
            "mixed",
            "four regions, 520 steps, 4 Poisson and 4 normal draws",
            include_str!("../models/mixed.ctg"),
            limits::mixed,
            None,
        ),
        Case::new("world", "sixty sectors, 400 steps", &sectors(), limits::sectors, None),
        Case::new(
            "birth-death",
            "birth and death, exact",
            include_str!("../models/birth-death.ctg"),
            limits::birth_death,
            // The integral of the mean number, times both rates.
            Some(|birth| {
                let growth = birth - 1.1;
                let alive = if growth.abs() < 1e-9 {
                    50_000.0
                } else {
                    1_000.0 * (contingent_engine::math::exp(growth * 50.0) - 1.0) / growth
                };
                alive * (birth + 1.1)
            }),
        ),
        Case::new(
            "sir",
            "epidemic, exact",
            include_str!("../models/sir.ctg"),
            limits::epidemic,
            Some(limits::epidemic_jumps),
        ),
    ]
}

/// A model of the size of World3: sixty sectors in a ring, six equations each.
pub(crate) fn sectors() -> String {
    let mut text = String::from(
        "model \"Sixty sectors\" {\n  purpose \"Measure the engine on many variables\"\n  not_for \"Any decision\"\n  \
         time 0 to 200 years step 0.5 years\n}\n\
         assume pull = 1% to 3% per year because judgement \"made up, so that runs differ\"\n\
         lookup effect(x: 1): 1 = (0, 0.2) (0.5, 0.6) (1, 1) (1.5, 1.3) (2, 1.5)\n",
    );
    for i in 0..limits::N_SECTORS {
        let before = (i + limits::N_SECTORS - 1) % limits::N_SECTORS;
        let _ = write!(
            text,
            "signed stock level_{i}: 1 = {}\n\
             aux ratio_{i} = level_{before} / (level_{i} + 0.5)\n\
             aux response_{i} = effect(ratio_{i})\n\
             aux strain_{i} = exp(-0.5 * level_{i})\n\
             flow gain_{i}: -> level_{i} = level_{i} * pull * response_{i}\n\
             flow loss_{i}: level_{i} -> = level_{i} * 3% per year * (1 - 0.5 * strain_{i})\n",
            1.0 + i as f64 * 0.01
        );
    }
    text.push_str(
        "question level_at_end \"How high is the first level?\" {\n  distribution( level_0 at 200 years )\n  \
         resolves \"Never: the model only measures the engine.\"\n}\n",
    );
    text
}

/// What is counted in instructions.
pub(crate) const COUNTED: [&str; 6] = ["compile", "ten-stocks", "mixed", "sectors", "birth-death", "sir"];

/// One small piece of work that always takes the same instructions, up to the placing of hash tables.
pub(crate) fn count(case: &str) -> Result<(), String> {
    let sectors = sectors();
    let (text, n_lanes) = match case {
        "compile" => {
            std::hint::black_box(
                compile(&model(&sectors), &Configuration::default()).map_err(|e| e.to_string())?,
            );
            return Ok(());
        }
        "ten-stocks" => (include_str!("../models/ten-stocks.ctg"), 256),
        "mixed" => (include_str!("../models/mixed.ctg"), 256),
        "sectors" => (sectors.as_str(), 256),
        "birth-death" => (include_str!("../models/birth-death.ctg"), 8),
        "sir" => (include_str!("../models/sir.ctg"), 8),
        _ => return Err(format!("there is no case `{case}`")),
    };
    let model = model(text);
    let program = compile(&model, &Configuration::default()).map_err(|error| error.to_string())?;
    let draws: Vec<u32> = (0..n_lanes as u32).collect();
    let block = Block {
        seed: 7,
        draws: &draws,
        replications: &vec![0; n_lanes],
        parameters: &parameters(&model, n_lanes),
    };
    std::hint::black_box(run_block(&program, &block, &mut Workspace::default()));
    Ok(())
}
