//! Many seeds in a row: counts, marks, and the one command that replays what failed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use engagement_node::clock::{Clock as _, SystemClock};

use super::marks::{self, Marks};
use super::oracle::note;
use super::plan::Profile;
use super::{Outcome, run};

/// A batch of so many seeds has to reach every mark.
const ALL_MARKS_FROM: u64 = 1_000;

/// Which seeds are run, and how.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The first seed.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// One profile, or calm and hostile in turn.
    pub profile: Option<Profile>,
    /// Whether everything that happens is printed.
    pub printed: bool,
    /// Whether each seed is run twice.
    pub twice: bool,
    /// How often a planted bug has to be found.
    pub hunts: usize,
    /// After how many seconds no more seeds are begun.
    pub seconds: Option<u64>,
}

#[derive(Debug, Default)]
struct Sum {
    seeds: u64,
    events: u64,
    faults: u64,
    marks: Marks,
    broken: u64,
}

/// Returns the seed that a text stands for.
#[must_use]
pub fn seed_of(text: &str) -> u64 {
    let digits = note::hash(text.trim().as_bytes());
    digits.get(..10).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(1)
}

impl Batch {
    /// Runs the seeds; returns whether every promise was kept and, in a large batch, every mark reached.
    #[must_use]
    pub fn run(&self) -> bool {
        let clock = SystemClock::new();
        let mut sum = Sum::default();
        for seed in self.first..self.first.saturating_add(self.count) {
            if self.is_over(&clock) {
                break;
            }
            self.one(seed, self.profile_of(seed), &mut sum);
        }
        let missed = sum.marks.missed();
        sum.print(clock.monotonic());
        let complete = sum.seeds < ALL_MARKS_FROM || self.profile.is_some() || missed.is_empty();
        sum.broken == 0 && complete
    }

    /// Runs the seeds of a file; returns whether every promise was kept.
    #[must_use]
    pub fn regressions(&self, file: &Path) -> bool {
        let clock = SystemClock::new();
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut sum = Sum::default();
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            if self.is_over(&clock) {
                println!("the time is up: not all of them were run");
                break;
            }
            let mut words = line.split_whitespace();
            let seed = words.next().and_then(|word| word.parse().ok());
            let profile = words.next().and_then(|word| word.parse().ok());
            let (Some(seed), Some(profile)) = (seed, profile) else {
                println!("not a regression: {line}");
                return false;
            };
            self.one(seed, profile, &mut sum);
        }
        sum.print(clock.monotonic());
        sum.broken == 0 && sum.seeds > 0
    }

    /// Plants bugs, `all` or one by its name; returns whether each was found.
    #[cfg(not(feature = "planted"))]
    #[must_use]
    pub fn plant(&self, name: &str) -> bool {
        println!("{name}: this program was built without the feature `planted`");
        false
    }

    /// Plants bugs, `all` or one by its name; returns whether each was found.
    #[cfg(feature = "planted")]
    #[must_use]
    pub fn plant(&self, name: &str) -> bool {
        use engagement_protocol::planted::{Bug, plant};
        let bugs: Vec<_> =
            Bug::ALL.into_iter().filter(|bug| name == "all" || bug.as_str() == name).collect();
        if bugs.is_empty() {
            println!("{name}: all, or one of {:?}", Bug::ALL.map(Bug::as_str));
        }
        let mut found_all = !bugs.is_empty();
        println!("{:<12} {:>6} {:>6} {:>6}  found as", "planted", "median", "least", "most");
        for bug in bugs {
            plant(Some(bug));
            let (mut hunts, promises) = self.hunt();
            plant(None);
            hunts.sort_unstable();
            found_all &= !hunts.is_empty();
            match hunts.get(hunts.len() / 2) {
                Some(median) => println!(
                    "{:<12} {median:>6} {:>6} {:>6}  {}",
                    bug.as_str(),
                    hunts.first().unwrap_or(median),
                    hunts.last().unwrap_or(median),
                    promises.into_iter().collect::<Vec<_>>().join(", "),
                ),
                None => println!("{:<12} not found in {} seeds", bug.as_str(), self.count),
            }
        }
        found_all
    }

    /// Runs seeds until a bug was found as often as wanted; returns how many seeds each hunt took, and what was broken.
    #[cfg(feature = "planted")]
    fn hunt(&self) -> (Vec<u64>, std::collections::BTreeSet<&'static str>) {
        let (mut hunts, mut promises, mut since) =
            (Vec::new(), std::collections::BTreeSet::new(), 0);
        let path = folder();
        for seed in self.first..self.first.saturating_add(self.count) {
            since += 1;
            if let Some(violation) = run(seed, self.profile_of(seed), &path, false).violation {
                hunts.push(since);
                promises.insert(violation.promise);
                since = 0;
            }
            if hunts.len() == self.hunts {
                break;
            }
        }
        (hunts, promises)
    }

    fn is_over(&self, clock: &SystemClock) -> bool {
        self.seconds.is_some_and(|seconds| clock.monotonic().as_secs() >= seconds)
    }

    fn one(&self, seed: u64, profile: Profile, sum: &mut Sum) {
        let path = folder();
        let outcome = run(seed, profile, &path, self.printed);
        sum.add(&outcome);
        if let Some(violation) = &outcome.violation {
            sum.broken += 1;
            println!(
                "seed {seed}: {} broken at node {}: {}\n  again: cargo run --release -p federation-tests --bin sim -- --seed {seed} --profile {} --trace",
                violation.promise,
                violation.node,
                violation.found,
                profile.as_str(),
            );
        }
        if self.printed {
            println!("seed {seed}: hash {}", outcome.hash);
        }
        if self.twice {
            let again = run(seed, profile, &path, false);
            if (again.hash.as_str(), again.events) != (outcome.hash.as_str(), outcome.events) {
                sum.broken += 1;
                println!("seed {seed}: went another way the second time");
            }
        }
    }

    fn profile_of(&self, seed: u64) -> Profile {
        let mixed = if seed.is_multiple_of(4) { Profile::Calm } else { Profile::Hostile };
        self.profile.unwrap_or(mixed)
    }
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.events += outcome.events;
        self.faults += outcome.faults;
        self.marks.add(&outcome.marks);
    }

    fn print(&self, took: Duration) {
        let (seconds, missed) = (took.as_secs_f64(), self.marks.missed());
        println!(
            "{} seeds in {seconds:.0} s, {} events, {} faults injected, {} of {} marks hit, {} violations",
            self.seeds,
            self.events,
            self.faults,
            marks::ALL.len() - missed.len(),
            marks::ALL.len(),
            self.broken,
        );
        for mark in missed {
            println!("  never reached: {mark}");
        }
    }
}

/// Returns where the files of a world lie: in memory where there is such a place, because a hundred worlds a
/// minute would wear out a disk.
#[must_use]
pub fn folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    base.join(format!("engagementnetz-sim-{}", std::process::id()))
}
