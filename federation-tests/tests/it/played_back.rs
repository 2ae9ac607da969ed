//! A database that was played back by hand, beside files that are newer than it.

use engagement_federation_tests::records::records;
use engagement_federation_tests::sim::executor::{Executor, Owner, at_once};
use engagement_federation_tests::sim::network::Network;
use engagement_federation_tests::sim::rng::Rng;
use engagement_federation_tests::sim::town::Town;

#[test]
fn an_index_that_is_ahead_of_its_database_is_begun_anew() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let files = tempfile::tempdir().unwrap();
    let mut executor = Executor::new(Rng::new(1));
    let network = Network::new(executor.handle().clone(), Rng::new(2));
    let home = files.path().join("node");
    let mut town = Town::new("05558012", 0, home, 1, executor.handle().clone());
    town.start(executor.handle(), &network).unwrap();
    at_once(town.publish(&records("vorher", 3))).unwrap();
    let backup = town.image(None);
    for n in 0..5 {
        at_once(town.publish(&records(&format!("nachher-{n}"), 2))).unwrap();
    }
    let ahead = town.running.as_ref().unwrap().app.index().applied();
    network.close(0);
    executor.end(Owner::Node(0));
    town.running = None;
    town.put(&backup);
    town.start(executor.handle(), &network).unwrap();
    // The change that comes now has a number that the index on the disk has seen before.
    at_once(town.publish(&records("neu", 1))).unwrap();
    let app = &town.running.as_ref().unwrap().app;
    assert!(app.index().applied() < ahead);
    assert_eq!(app.index().len(), 4, "three of the backup and the new one");
}
