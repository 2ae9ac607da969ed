//! A database that was played back by hand, beside files that are newer than it.

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::{record, records};

#[tokio::test]
async fn an_index_that_is_ahead_of_its_database_is_begun_anew() {
    let mut cluster = Cluster::new();
    let at = cluster.add("05558012").await;
    cluster.publish(at, &records("vorher", 3)).await.unwrap();
    cluster.stop(at).await;
    let database = cluster.path(at).join("node.db");
    let backup = std::fs::read(&database).unwrap();
    cluster.start(at).await;
    for n in 0..5 {
        cluster.publish(at, &records(&format!("nachher-{n}"), 2)).await.unwrap();
    }
    cluster.stop(at).await;
    std::fs::write(&database, backup).unwrap();
    cluster.start(at).await;
    // The change that comes now has a number that the index on the disk has seen before.
    cluster.publish(at, &[record("neu-1", "Neu dazugekommen")]).await.unwrap();
    cluster.check().await;
    let found = cluster.titles(at, "").await;
    let expected = ["vorher Nummer 0", "vorher Nummer 1", "vorher Nummer 2", "Neu dazugekommen"];
    assert_eq!(found, expected.map(str::to_owned).into());
}
