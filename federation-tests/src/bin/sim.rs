//! `sim`: runs worlds of simulated nodes, each chosen by a number, and says which promise was broken where.
//!
//! It ends with failure if a promise was broken, if the same seed went two ways, or if a batch that is large
//! enough never reached one of the states worth reaching.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use engagement_federation_tests::sim::batch::{self, Batch};
use engagement_federation_tests::sim::plan::Profile;
use mimalloc::MiMalloc;

// Like the node.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Runs worlds of simulated nodes.
#[derive(Debug, Parser)]
struct Options {
    /// How many seeds.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Takes the first seed from a text, a commit's name for one.
    #[arg(long, conflicts_with = "seed")]
    from: Option<String>,
    /// calm, hostile or statewide; calm and hostile in turn if none is given.
    #[arg(long)]
    profile: Option<Profile>,
    /// Prints what happens.
    #[arg(long)]
    trace: bool,
    /// Runs every seed twice and compares the hashes of all that happened.
    #[arg(long)]
    twice: bool,
    /// Begins no more seeds after so many seconds.
    #[arg(long)]
    seconds: Option<u64>,
    /// Runs the seeds of a file, one a line: `SEED PROFILE`, and why it is kept.
    #[arg(long)]
    regressions: Option<PathBuf>,
    /// Plants a bug, and fails unless a seed finds it; `all` for each in turn.
    #[arg(long)]
    plant: Option<String>,
    /// How often each planted bug has to be found; the median of the hunts is told.
    #[arg(long, default_value_t = 5)]
    hunts: usize,
}

fn main() -> ExitCode {
    let options = Options::parse();
    // The front door's time-outs want to be made in a runtime; nothing is ever run by it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime can be made");
    let _entered = runtime.enter();
    let first = options.from.as_deref().map_or(options.seed, batch::seed_of);
    let batch = Batch {
        first,
        count: options.seeds,
        profile: options.profile,
        printed: options.trace,
        twice: options.twice,
        hunts: options.hunts,
        seconds: options.seconds,
    };
    let went_well = match (&options.regressions, &options.plant) {
        (Some(file), _) => batch.regressions(file),
        (None, Some(name)) => batch.plant(name),
        (None, None) => batch.run(),
    };
    if went_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
