//! What following a feed costs.

use engagement_federation_tests::cluster::{Cluster, Reach};
use engagement_federation_tests::liar::Liar;
use engagement_federation_tests::process::{Home, Server};
use engagement_federation_tests::records::{record, records};

#[tokio::test]
async fn an_unchanged_peer_costs_one_question_and_no_body() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    let (id, key) = (cluster.id(origin).clone(), cluster.key(origin).clone());
    let counter = Liar::before(cluster.url(origin)).await;
    cluster.publish(origin, &records("lesen", 20)).await.unwrap();
    cluster.follow_key(follower, &id, key, Reach::Url(counter.url().to_owned()), false).await;
    // The first round brings the state, the second its entity tag.
    cluster.sweep(follower).await;
    cluster.sweep(follower).await;
    assert_eq!(cluster.titles(follower, "").await.len(), 20);
    drop(counter.take_seen());
    cluster.sweep(follower).await;
    let seen = counter.take_seen();
    let [only] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((only.path.as_str(), only.status, only.bytes), ("/f/offers/head", 304, 0));
    assert!(only.conditional);
    cluster.check().await;
}

#[tokio::test]
async fn one_change_among_five_hundred_moves_less_than_12_kb() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    let (id, key) = (cluster.id(origin).clone(), cluster.key(origin).clone());
    let counter = Liar::before(cluster.url(origin)).await;
    // As long as real ones: 1.4 KB at the median, and texts that differ.
    let long: Vec<_> = records("lesen", 500)
        .into_iter()
        .enumerate()
        .map(|(at, mut record)| {
            let words = (0..100).map(|word| format!("wort{}", (at * 7919 + word * 104_729) % 9973));
            record.description = words.collect::<Vec<_>>().join(" ");
            record
        })
        .collect();
    assert!(long[0].to_line().unwrap().bytes().len() > 1000);
    cluster.publish(origin, &long).await.unwrap();
    cluster.follow_key(follower, &id, key, Reach::Url(counter.url().to_owned()), false).await;
    cluster.sync_until_quiet().await;
    drop(counter.take_seen());
    cluster.publish(origin, &[record("lesen-7", "Hochbeete bauen")]).await.unwrap();
    cluster.sweep(follower).await;
    assert_eq!(cluster.titles(follower, "hochbeete").await.len(), 1);
    let seen = counter.take_seen();
    let moved: usize = seen.iter().map(|seen| seen.bytes).sum();
    assert_eq!(seen.len(), 3, "head, index and one slice: {seen:?}");
    assert!(moved < 12_000, "{moved} bytes");
    cluster.check().await;
}

#[test]
fn what_is_freed_is_given_back_unless_the_operator_says_otherwise() {
    const NAME: &str = "MIMALLOC_PURGE_DELAY";
    let home = Home::init("05558012");
    let server = home.serve();
    assert_eq!(server.environment(NAME).as_deref(), Some("0"));
    assert_eq!(server.terminate(), Some(0));
    let server = Server::start(home.command(&["serve"]).env(NAME, "100"));
    assert_eq!(server.environment(NAME).as_deref(), Some("100"));
    assert_eq!(server.terminate(), Some(0));
}
