//! Copies arrive, however long the way, and equal what their origins signed.

use std::collections::BTreeSet;

use engagement_federation_tests::cluster::{Cluster, Reach};
use engagement_federation_tests::records::{record, records};
use engagement_protocol::head::Head;
use engagement_protocol::index::Index;

const TOWNS: [&str; 6] = ["05", "05558", "05558012", "05558016", "05558024", "05334002"];

/// Six nodes; each knows the addresses of its neighbours only, and relays.
async fn line() -> Cluster {
    let mut cluster = Cluster::new();
    for id in TOWNS {
        cluster.add(id).await;
    }
    for at in 0..TOWNS.len() {
        for of in (0..TOWNS.len()).filter(|of| *of != at) {
            let neighbour = at.abs_diff(of) == 1;
            let reach = if neighbour { Reach::Node(of) } else { Reach::Relays };
            cluster.follow(at, of, reach, neighbour).await;
        }
    }
    cluster
}

#[tokio::test]
async fn six_nodes_in_a_line_converge_through_relays_alone() {
    let cluster = line().await;
    for at in 0..TOWNS.len() {
        let name = format!("ort{at}");
        cluster.publish(at, &records(&name, 5 + at)).await.unwrap();
    }
    cluster.sync_until_quiet().await;
    let all = cluster.titles(0, "").await;
    assert_eq!(all.len(), (0..6).map(|at| 5 + at).sum::<usize>());
    for at in 0..TOWNS.len() {
        assert_eq!(cluster.titles(at, "").await, all, "node {at}");
        assert_eq!(cluster.coverage(at).await, (6, 6, vec![]), "node {at}");
    }
    // What the last node serves of the first is what the first serves of itself, byte for byte.
    let origin = cluster.id(0).clone();
    let head = cluster.get(0, "/f/offers/head").await;
    let relayed = cluster.get(5, &format!("/n/{origin}/offers/head")).await;
    assert_eq!((head.status, &relayed.body), (200, &head.body));
    let head = Head::peek(&head.body).unwrap();
    let index = cluster.get(0, &format!("/o/{}", head.index)).await;
    let read = Index::verify(&index.body, head.index).unwrap();
    let slices = read.slices().iter().filter(|slice| !slice.is_empty()).map(|slice| slice.hash);
    let objects: BTreeSet<_> = slices.chain([head.index]).collect();
    assert!(objects.len() > 2, "an index and several slices");
    for hash in objects {
        let (first, last) = (
            cluster.get(0, &format!("/o/{hash}")).await,
            cluster.get(5, &format!("/o/{hash}")).await,
        );
        assert_eq!((first.status, last.status), (200, 200), "{hash}");
        assert_eq!(first.body, last.body, "{hash}");
    }
}

#[tokio::test]
async fn what_was_published_while_a_follower_was_down_arrives_in_its_first_round() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &[record("vorher", "Vorlesen im Krankenhaus")]).await.unwrap();
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(follower, "").await.len(), 1);
    cluster.stop(follower).await;
    for batch in records("nachher", 50).chunks(10) {
        cluster.publish(origin, batch).await.unwrap();
    }
    cluster.start(follower).await;
    assert_eq!(cluster.titles(follower, "").await.len(), 1, "searches are answered at once");
    cluster.check().await;
    cluster.sweep(follower).await;
    assert_eq!(cluster.titles(follower, "").await.len(), 51);
    assert_eq!(cluster.titles(follower, "").await, cluster.titles(origin, "").await);
    cluster.check().await;
}
