//! `sim`: runs worlds of simulated nodes, each chosen by a number, and says which promise was broken where.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use engagement_federation_tests::sim::marks::{self, Marks};
use engagement_federation_tests::sim::oracle::Violation;
use engagement_federation_tests::sim::plan::Profile;
use engagement_federation_tests::sim::{self, Outcome};

/// Runs worlds of simulated nodes.
#[derive(Debug, Parser)]
struct Options {
    /// Runs this one seed.
    #[arg(long, conflicts_with_all = ["seeds", "first"])]
    seed: Option<u64>,
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long = "seed-from", visible_alias = "from", default_value_t = 1)]
    first: u64,
    /// calm, hostile, statewide; all but statewide in turn if none is given.
    #[arg(long)]
    profile: Option<Profile>,
    /// Prints what happens.
    #[arg(long)]
    trace: bool,
    /// Runs every seed twice and compares.
    #[arg(long)]
    twice: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("the runtime that time-outs of the front door are made in");
    let _entered = runtime.enter();
    println!("{options:?} {}", marks::ALL.len());
    let path = folder();
    let (first, count) = options.seed.map_or((options.first, options.seeds), |seed| (seed, 1));
    let mut marks = Marks::default();
    for seed in first..first + count {
        let profile = options.profile.unwrap_or(Profile::Hostile);
        let outcome: Outcome = sim::run(seed, profile, &path, options.trace);
        marks.add(&outcome.marks);
        println!(
            "{seed} {} {} {:?} {}",
            outcome.events, outcome.faults, outcome.violation, outcome.hash
        );
        let _v: Option<Violation> = outcome.violation;
    }
    println!("missed {:?}", marks.missed());
    ExitCode::SUCCESS
}

fn folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    base.join(format!("engagementnetz-sim-{}", std::process::id()))
}
