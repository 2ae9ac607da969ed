//! The simulator itself: the same seed goes the same way, and what it judges can be broken.

use engagement_federation_tests::sim::plan::Profile;
use engagement_federation_tests::sim::{self, batch, oracle};

#[test]
fn the_same_seed_goes_the_same_way() {
    // Entered, not run in: a future that gives way has to come back to the simulator, not to this runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let path = batch::folder();
    let run = || sim::run(9, Profile::Hostile, &path, false);
    let (first, second) = (run(), run());
    assert_eq!(first.violation, None);
    assert_eq!((first.events, &first.hash), (second.events, &second.hash));
    let other = sim::run(13, Profile::Hostile, &path, false);
    assert_ne!(first.hash, other.hash);
}

#[test]
fn a_commit_chooses_its_seeds() {
    assert_eq!(batch::seed_of("abc"), batch::seed_of("abc\n"));
    assert_ne!(batch::seed_of("abc"), batch::seed_of("abd"));
}

#[test]
fn rows_that_are_not_the_signed_state_are_told_apart() {
    let line = |id: &str| format!("{{\"id\":\"{id}\"}}").into_bytes();
    let bytes = [line("a"), b"\n".to_vec()].concat();
    let index = format!("{} {}\n", oracle::note::hash(&bytes), bytes.len());
    assert_eq!(oracle::rows::differs(&[line("a")], index.as_bytes()), None);
    assert!(oracle::rows::differs(&[line("b")], index.as_bytes()).is_some());
    assert!(oracle::rows::differs(&[], index.as_bytes()).is_some());
    assert!(oracle::rows::differs(&[line("a"), line("a")], index.as_bytes()).is_some());
}

#[test]
fn no_bug_is_planted_where_nobody_asks_for_it() {
    use engagement_protocol::planted::{Bug, has};
    assert!(Bug::ALL.iter().all(|bug| !has(*bug)));
    let names: std::collections::BTreeSet<_> = Bug::ALL.iter().map(|bug| bug.as_str()).collect();
    assert_eq!(names.len(), Bug::ALL.len(), "each by a name of its own");
}
