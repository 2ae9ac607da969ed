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

#[test]
fn nobody_is_told_that_all_is_clean_while_a_purge_is_under_way() {
    use engagement_federation_tests::records::record;
    use engagement_federation_tests::sim::executor::{Executor, at_once};
    use engagement_federation_tests::sim::network::Network;
    use engagement_federation_tests::sim::oracle::erased;
    use engagement_federation_tests::sim::rng::Rng;
    use engagement_federation_tests::sim::town::Town;
    use engagement_node::store::draft::Status;
    use engagement_node::store::{Durability, StoreError};
    use std::task::{Context, Poll, Waker};

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let (files, word) = (tempfile::tempdir().unwrap(), "zorbbbbbbb".to_owned());
    let executor = Executor::new(Rng::new(1));
    let network = Network::new(executor.handle().clone(), Rng::new(2));
    let path = files.path().join("node");
    let mut town = Town::new("05558012", 0, path.clone(), 3, executor.handle().clone());
    town.start(executor.handle(), &network).unwrap();
    let app = town.running.as_ref().unwrap().app.clone();
    let now = app.clock().now();
    let record = record("weg", &format!("Hilfe bei {word} gesucht"));
    let id = record.id.clone();
    at_once(town.publish(&[record])).unwrap();
    let erase = app.store().write(Durability::Full, move |tx| {
        tx.erase_soon(&id)?;
        tx.end_draft(&id, Status::Withdrawn, now)
    });
    at_once(erase).map_err(|error: StoreError| error).unwrap();
    at_once(app.publish()).unwrap();
    let left = || erased::find(&path, std::slice::from_ref(&word)).unwrap();
    assert!(left().is_some() && !app.is_clean());
    let mut purge = std::pin::pin!(app.purge());
    let mut context = Context::from_waker(Waker::noop());
    loop {
        let step = purge.as_mut().poll(&mut context);
        assert!(!app.is_clean() || left().is_none(), "it says that all is clean: {:?}", left());
        if let Poll::Ready(done) = step {
            done.unwrap();
            break;
        }
    }
    assert!(app.is_clean() && left().is_none());
}

#[test]
fn what_has_survived_one_power_failure_survives_the_next() {
    use engagement_federation_tests::records::record;
    use engagement_federation_tests::sim::executor::{Executor, Owner, at_once};
    use engagement_federation_tests::sim::network::Network;
    use engagement_federation_tests::sim::rng::Rng;
    use engagement_federation_tests::sim::town::Town;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let files = tempfile::tempdir().unwrap();
    let mut executor = Executor::new(Rng::new(1));
    let network = Network::new(executor.handle().clone(), Rng::new(2));
    let path = files.path().join("node");
    let mut town = Town::new("05558012", 0, path, 3, executor.handle().clone());
    town.start(executor.handle(), &network).unwrap();
    at_once(town.publish(&[record("da", "Schon veröffentlicht")])).unwrap();
    let mut kept = Vec::new();
    // The second comes before the new life has forced anything onto the disk.
    for _ in 0..2 {
        let mut least = |least: u64, all: u64| {
            kept.push((least, all));
            least
        };
        let image = town.image(Some(&mut least));
        network.close(0);
        executor.end(Owner::Node(0));
        town.running = None;
        town.put(&image);
        town.start(executor.handle(), &network).unwrap();
    }
    let [(first, _), (second, _)] = kept[..] else { panic!("two failures: {kept:?}") };
    assert!(first > 0 && second == first, "{kept:?}");
    let app = &town.running.as_ref().unwrap().app;
    let drafts = at_once(app.store().read(|tx| tx.drafts())).unwrap();
    assert_eq!(drafts.len(), 1);
}
