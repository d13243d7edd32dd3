//! The command line: thin adapters around the driver library.
//!
//! Enters: arguments. Leaves: text on standard output (results) and standard error (progress, diagnostics),
//! and an exit code: 0 done, 1 the model or its checks failed, 2 wrong usage or a fault outside the model.

mod answer;
mod check;
mod claims;
mod compare;
mod completions;
mod council;
mod describe;
mod discover;
mod ensemble;
mod evidence;
mod explain;
mod fmt;
mod gap;
mod generate;
mod import;
mod new;
mod output;
#[cfg(feature = "png")]
mod png;
mod policies;
mod precision;
mod report;
mod sensitivity;
mod settings;
mod simulate;
mod watch_list;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use contingent_engine::Backend;

/// What a command ends with.
type Outcome = Result<ExitCode, Stop>;

/// Why a command stops early.
pub(crate) enum Stop {
    /// The model or its checks failed; exit code 1.
    Model(String),
    /// As [`Stop::Model`], with everything said already.
    Shown,
    /// Wrong usage or a fault outside the model: a full disk, a wrong setting; exit code 2.
    Fault(String),
    /// The user interrupted; exit code 130, as shells have it.
    Interrupted(String),
}

impl From<contingent_ensemble::Error> for Stop {
    fn from(error: contingent_ensemble::Error) -> Self {
        match error {
            contingent_ensemble::Error::Compile { .. } => Self::Model(error.to_string()),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<contingent_engine::CompileError> for Stop {
    fn from(error: contingent_engine::CompileError) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<contingent::project::OpenError> for Stop {
    fn from(error: contingent::project::OpenError) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<contingent::answer::BuildError> for Stop {
    fn from(error: contingent::answer::BuildError) -> Self {
        match error {
            // The runs went as they should; it is the model that as good as never does what was observed.
            contingent::answer::BuildError::ObservedTooRare { .. } => Self::Model(error.to_string()),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<contingent::observed::ObservedError> for Stop {
    fn from(error: contingent::observed::ObservedError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<contingent::discover::DiscoverError> for Stop {
    fn from(error: contingent::discover::DiscoverError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<contingent::discover::StoredElsewhere> for Stop {
    fn from(error: contingent::discover::StoredElsewhere) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(format!("cannot write the results: {error}"))
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(format!("cannot write the results as JSON: {error}"))
    }
}

/// Turns a debate about a conflict into a model you can run.
#[derive(Parser)]
#[command(
    name = "contingent",
    version,
    about,
    after_help = "Start with: contingent answer models/taliban-daesh-k"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer every question of a model: how likely, what it hangs on, where readings part, what helps
    Answer(AnswerArguments),
    /// Find the futures in which a question comes true, as conditions on the assumptions
    Discover(DiscoverArguments),
    /// Find what to watch: which indicators say most about each question, how early, at what threshold
    WatchList(WatchListArguments),
    /// Compare policies and their combinations: differences, regret, what is good enough, what to know first
    Policies(PoliciesArguments),
    /// Tell what the answers hang on: assumptions, or groups of them, in order of what they account for
    Sensitivity(sensitivity::SensitivityArguments),
    /// Put views side by side and tell where the gap between two comes from
    Compare(compare::CompareArguments),
    /// Draw the page of a run again, or write it as Markdown or as separate charts, without running anything
    Report(report::ReportArguments),
    /// Who said what: draft claims from articles, decide about them, check them against your copies
    Claims(claims::ClaimsArguments),
    /// Say what the assumptions of a model rest on: speakers, sources, independent origins
    Evidence(evidence::EvidenceArguments),
    /// Check a model and say what is wrong with it
    Check(CheckArguments),
    /// Tell a model in plain English, with its feedback loops
    Describe(DescribeArguments),
    /// Lay out the text of models
    Fmt(FmtArguments),
    /// Let the members of a table bargain, and draw where they stand after each turn
    Council(council::CouncilArguments),
    /// Run one future and give every variable at every time
    Simulate(SimulateArguments),
    /// Run an ensemble into a run directory of Parquet tables
    Run(RunArguments),
    /// Make a model of one that another program wrote: XMILE, as of Stella and Vensim
    Import(import::ImportArguments),
    /// Write a model for other programs: XMILE
    Export(import::ExportArguments),
    /// Write a small model to begin with
    New(new::NewArguments),
    /// Explain a diagnostic, a function or a word of the language
    Explain(explain::ExplainArguments),
    /// Print what a shell needs to complete commands
    Completions(completions::CompletionsArguments),
    /// Write the documents that are made from the program: reference, schemas, man pages
    #[command(hide = true)]
    Generate(generate::GenerateArguments),
    /// Serve an editor: the Language Server Protocol on standard input and output
    Lsp(LspArguments),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text for people
    Human,
    /// JSON with a versioned schema
    Json,
}

/// What runs a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BackendChoice {
    /// Whatever is faster
    Auto,
    /// The block interpreter
    Interpreter,
    /// Machine code, if the machine allows it
    Native,
}

impl BackendChoice {
    /// The back end, with a note where this machine has not what was asked for.
    fn backend(self) -> Backend {
        let backend = match self {
            Self::Auto => Backend::Automatic,
            Self::Interpreter => Backend::Interpreter,
            Self::Native => Backend::Native,
        };
        if self == Self::Native && backend.on_this_machine() != Backend::Native {
            output::note(
                "this machine does not run machine code of ours; the interpreter gives the same numbers",
            );
        }
        backend
    }
}

/// What the compiler can print of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Dump {
    /// The lossless syntax tree
    Syntax,
    /// The checked model: names, units, shapes of assumptions
    Model,
    /// The program that runs each step
    Program,
}

#[derive(Args)]
struct CheckArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// How diagnostics are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also print a form of the model
    #[arg(long, value_enum)]
    dump: Option<Dump>,
    /// Fail when there are warnings, too
    #[arg(long)]
    deny_warnings: bool,
}

/// How a description is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DescriptionFormat {
    /// Text for a terminal
    Human,
    /// Markdown
    Markdown,
    /// JSON with a versioned schema
    Json,
}

#[derive(Args)]
struct DescribeArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// How the description is printed
    #[arg(long, value_enum, default_value_t = DescriptionFormat::Human)]
    format: DescriptionFormat,
    /// Fill in a reporting checklist instead
    #[arg(long, value_enum)]
    checklist: Option<ChecklistStandard>,
    /// With `--checklist`: the answer of a run, for what only runs can tell (`answer.json` of a run directory)
    #[arg(long, value_name = "FILE", requires = "checklist")]
    answer: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ChecklistStandard {
    /// Overview, design concepts, details (Grimm et al. 2020)
    Odd,
    /// Reporting of system dynamics studies (Monks et al. 2019)
    StressSd,
    /// How a model was built, tested and used (Grimm et al. 2014)
    Trace,
}

#[derive(Args)]
struct FmtArguments {
    /// `.ctg` files, each with the files that it includes; directories, with every `.ctg` file below; `-` reads
    /// standard input and writes standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; say which files would change, and end with exit code 1 if there are any
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    diff: bool,
}

/// Which experiment is meant.
#[derive(Args)]
struct ExperimentArguments {
    /// Take the assumptions of this view; `answer` compares all views unless one is given
    #[arg(long)]
    view: Option<String>,
    /// Take the levers of this policy; `answer` compares all policies unless one is given
    #[arg(long)]
    policy: Option<String>,
    /// Set an assumption, lever or mechanism: `--set patrons.pressing=80%`, `--set fronts=off`, one element
    /// with `--set 'share[kabul]=20%'`; an element that is set keeps its value where all are set
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
}

/// How an ensemble is run and where it goes.
#[derive(Args)]
struct EnsembleArguments {
    /// Seed of every draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all cores unless given
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// What runs the program: machine code where it is made for many runs and the machine allows it, the
    /// interpreter, or machine code for any number of runs; the numbers are the same
    #[arg(long, value_enum, default_value_t = BackendChoice::Auto)]
    backend: BackendChoice,
    /// Run directory; `runs/` and the name of the model unless given
    #[arg(short, long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Args)]
struct SimulateArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    #[command(flatten)]
    experiment: ExperimentArguments,
    /// Draw chance instead of replacing it by its expectation
    #[arg(long)]
    chance: bool,
    /// Seed of the chance that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What runs the program: machine code where it is made for many runs and the machine allows it, the
    /// interpreter, or machine code for any number of runs; the numbers are the same
    #[arg(long, value_enum, default_value_t = BackendChoice::Auto)]
    backend: BackendChoice,
    /// Write every variable at every time as CSV; `-` is standard output
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

#[derive(Args)]
struct RunArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// Number of runs (one replication each, unless `--replications` says otherwise)
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Replications of each draw of the assumptions
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Do not sum up the indicators over the runs at every time
    #[arg(long)]
    no_series: bool,
    #[command(flatten)]
    experiment: ExperimentArguments,
    #[command(flatten)]
    ensemble: EnsembleArguments,
}

#[derive(Args)]
struct AnswerArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// Draws of the assumptions, for each view and policy
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    draws: u32,
    /// Replications of each draw, each with its own chance
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Your copy of a source, in any format: the answer says how many claims stand in it; `--copy NAME=FILE` says of
    /// which source
    #[arg(long = "copy", value_name = "FILE")]
    copies: Vec<String>,
    /// Run until the interval of every probability reaches at most this far to either side, such as `1%`, looking at
    /// numbers of draws that are fixed beforehand
    #[arg(long, value_name = "POINTS", conflicts_with = "draws")]
    precision: Option<String>,
    /// Take something as observed and count only the runs in which it holds: `--observed "attacks >= 3 at 2021-10-15"`,
    /// a condition on indicators, variables and events at a date or a time since the start; may be given several times
    #[arg(long, value_name = "CONDITION at TIME")]
    observed: Vec<String>,
    /// The scale of the words of likelihood
    #[arg(long, value_enum, default_value_t = Words::Icd203)]
    words: Words,
    /// What is aimed at, so that the report tells the regret of each policy: `QUESTION:maximise` or `QUESTION:minimise`; may
    /// be given several times
    #[arg(long, value_name = "QUESTION:SENSE")]
    objective: Vec<String>,
    /// Who answers for the report, as its first lines say
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    experiment: ExperimentArguments,
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Draw with the characters of ASCII only; this is also done on a terminal whose locale names another encoding than UTF-8
    #[arg(long)]
    ascii: bool,
}

/// A scale of words of likelihood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Words {
    /// Intelligence Community Directive 203, United States
    Icd203,
    /// Professional Head of Intelligence Assessment, United Kingdom; leaves gaps, in which both neighbours are given
    Phia,
}

/// Which answer of a question that asks for a probability is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum YesOrNo {
    /// The futures in which the answer is yes
    Yes,
    /// The futures in which the answer is no
    No,
}

#[derive(Args)]
struct DiscoverArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// Search for this question alone; may be given several times
    #[arg(long, value_name = "NAME")]
    question: Vec<String>,
    /// Search for the futures with this answer; yes unless given, or no where the answer is mostly yes
    #[arg(long = "where", value_enum, value_name = "ANSWER")]
    answer: Option<YesOrNo>,
    /// For a question that asks for a number: search for the futures in which it is above this
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["answer", "below"], allow_negative_numbers = true)]
    above: Option<String>,
    /// For a question that asks for a number: search for the futures in which it is below this
    #[arg(long, value_name = "NUMBER", conflicts_with = "answer", allow_negative_numbers = true)]
    below: Option<String>,
    /// Draws of the assumptions
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    draws: u32,
    /// Replications of each draw, each with its own chance
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Search the runs of this run directory instead of running the model
    #[arg(long, value_name = "RUN_DIRECTORY",
        conflicts_with_all = ["draws", "replications", "settings", "seed", "out"])]
    from: Option<PathBuf>,
    #[command(flatten)]
    experiment: ExperimentArguments,
    #[command(flatten)]
    ensemble: EnsembleArguments,
}

#[derive(Args)]
struct PoliciesArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// A question to aim at: `--objective campaign:minimise`, or `:maximise`, which is meant without; may be given several
    /// times. Regret and the value of knowledge are told for these
    #[arg(long, value_name = "QUESTION[:minimise]")]
    objective: Vec<String>,
    /// What is good enough: `--threshold "campaign <= 30%"`; may be given several times
    #[arg(long, value_name = "QUESTION <= BOUND")]
    threshold: Vec<String>,
    /// Also run every combination of policies that agree
    #[arg(long)]
    combine: bool,
    /// Try this many settings of the levers, spread over their ranges, and keep what no other beats
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    search: Option<u32>,
    /// Draws of the assumptions, for each view and alternative
    #[arg(long, default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1..))]
    draws: u32,
    /// Replications of each draw, each with its own chance
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Set an assumption, lever or mechanism, as in `answer`
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// Seed of every draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all cores unless given
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write the document and its tables to this directory, or the document alone to a file whose name ends in `.json`
    #[arg(long, short, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Args)]
struct WatchListArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// Watch for this question alone; may be given several times
    #[arg(long, value_name = "NAME")]
    question: Vec<String>,
    /// Look at the indicators on this day, a date or a time since the start; may be given several times. Unless given,
    /// an eighth, a quarter, a half and three quarters of the way to the end of each question
    #[arg(long, value_name = "DAY")]
    at: Vec<String>,
    /// Draws of the assumptions
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..))]
    draws: u32,
    /// Replications of each draw, each with its own chance
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Take the runs with trajectories of this run directory instead of running the model
    #[arg(long, value_name = "RUN_DIRECTORY", conflicts_with_all = ["draws", "replications", "settings", "seed"])]
    from: Option<PathBuf>,
    #[command(flatten)]
    experiment: ExperimentArguments,
    /// Seed of every draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all cores unless given
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write the document and its tables to this directory, or the document alone to a file whose name ends in `.json`
    #[arg(long, short, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Args)]
struct LspArguments {
    /// Taken for granted; some editors pass it to every server
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs the command line.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.command {
        Command::Answer(arguments) => answer::run(arguments),
        Command::Discover(arguments) => discover::run(arguments),
        Command::WatchList(arguments) => watch_list::run(arguments),
        Command::Policies(arguments) => policies::run(arguments),
        Command::Sensitivity(arguments) => sensitivity::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Claims(arguments) => claims::run(arguments),
        Command::Evidence(arguments) => evidence::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Describe(arguments) => describe::run(arguments),
        Command::Fmt(arguments) => fmt::run(arguments),
        Command::Council(arguments) => council::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
        Command::Run(arguments) => ensemble::run(arguments),
        Command::Import(arguments) => import::import(arguments),
        Command::Export(arguments) => import::export(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Generate(arguments) => generate::run(arguments),
        Command::Lsp(LspArguments { stdio: _ }) => lsp(),
    };
    match outcome {
        Ok(code) => code,
        Err(Stop::Shown) => ExitCode::from(1),
        Err(Stop::Model(message)) => {
            output::error(&message);
            ExitCode::from(1)
        }
        Err(Stop::Fault(message)) => {
            output::error(&message);
            ExitCode::from(2)
        }
        Err(Stop::Interrupted(message)) => {
            output::note(&message);
            ExitCode::from(130)
        }
    }
}

/// The definition of the command line, for completions, man pages and the reference.
fn command() -> clap::Command {
    Arguments::command()
}

/// Serves an editor. Exit code 1 when it went away without saying goodbye, as the protocol has it.
fn lsp() -> Outcome {
    Ok(if contingent::lsp::serve()? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Says that the program, not the user, is at fault.
pub(crate) fn report_panic() {
    output::error(concat!(
        "this is a mistake in contingent ",
        env!("CARGO_PKG_VERSION"),
        ", not in your model; nothing was written\nhelp: please report it with the model and the lines above"
    ));
}
