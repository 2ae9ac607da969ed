//! The simulator: whole worlds of real nodes in one thread and in virtual time, each chosen by a number.
//!
//! A seed chooses how many nodes there are, who follows whom, which faults come and how strong. First things
//! go wrong, and safety is judged after every step; then everything is mended, and the world has to come
//! together again within two intervals and the longest pause after failures.
//!
//! | promise | means |
//! |---|---|
//! | S1 | a replica equals a set that its origin signed |
//! | S2 | no two accepted states with one number; an honest node never signs two |
//! | S3 | an accepted number never goes back |
//! | S4 | nothing is held that does not verify under a key valid now |
//! | S5, S6 | a search finds what a scan of everything held finds: nothing expired, nothing withdrawn |
//! | S7 | an erased record's words are in no file of an honest node |
//! | S8 | acknowledged writes survive every crash |
//! | S9 | what a served head names is durable |
//! | S10 | secrets never leave |
//! | S11 | no panic, no 5xx, no node that does not start |
//! | S12 | work under way, rows about others and answers asked for are bounded, every proof proves |
//! | S13 | what hostile origins do keeps nobody else's news |
//! | L1 | all honest replicas converge, and feeds say what editors were told |
//! | L3 | a node that was restored, copied or robbed of its key publishes again |
//! | L4 | whoever asks a node that is down says so, and stops saying so; receipts come |

pub mod batch;
pub mod clock;
pub mod executor;
pub mod ledger;
pub mod lie;
pub mod marks;
pub mod network;
pub mod oracle;
pub mod plan;
pub mod rng;
pub mod town;
pub mod trace;
pub mod villain;
pub mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use marks::Marks;
use oracle::Violation;
use plan::{Plan, Profile};
use rng::Rng;
use trace::Trace;
use world::World;

/// How the world of a seed went.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which seed.
    pub seed: u64,
    /// Steps taken.
    pub events: u64,
    /// Faults that met somebody.
    pub faults: u64,
    /// Marks reached.
    pub marks: Marks,
    /// The first broken promise.
    pub violation: Option<Violation>,
    /// The hash of all that happened.
    pub hash: String,
}

/// Runs the world of a seed, with files in `path`, which is emptied before and after; what broke a promise is left
/// for whoever has it `printed`.
#[must_use]
pub fn run(seed: u64, profile: Profile, path: &Path, printed: bool) -> Outcome {
    drop(std::fs::remove_dir_all(path));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut rng = Rng::new(seed);
        let plan = Plan::draw(profile, &mut rng);
        let mut world = World::new(plan, rng, path, Trace::new(printed));
        world.storm();
        world.calm();
        Outcome {
            seed,
            events: world.trace.steps(),
            faults: world.faults(),
            hash: world.trace.hash(),
            violation: world.oracle.violation.take(),
            marks: std::mem::take(&mut world.oracle.marks),
        }
    }));
    let broken = outcome.as_ref().is_ok_and(|outcome| outcome.violation.is_some());
    if broken && printed {
        println!("its files: {}", path.display());
    } else {
        drop(std::fs::remove_dir_all(path));
    }
    outcome.unwrap_or_else(|panic| Outcome {
        seed,
        events: 0,
        faults: 0,
        marks: Marks::default(),
        hash: String::new(),
        violation: Some(Violation { promise: "S11", node: 0, found: panicked(&*panic) }),
    })
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    format!("a panic: {}", text.unwrap_or_default())
}
