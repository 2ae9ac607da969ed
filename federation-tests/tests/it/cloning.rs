//! Two installations with one key: noticed within one ping or poll, and one of them stops.

use std::time::Duration;

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::{record, records};
use engagement_protocol::id::Feed;
use engagement_protocol::signing::Hold;

/// A town, a peer, and a second installation of the town, which starts with the same files.
async fn cloned() -> (Cluster, usize) {
    let mut cluster = Cluster::new();
    cluster.add("05558012").await;
    cluster.add("05558016").await;
    cluster.connect(0, 1, false).await;
    cluster.publish(0, &records("alt", 3)).await.unwrap();
    cluster.sync_until_quiet().await;
    let copy = cluster.add_clone(0).await;
    cluster.advance(Duration::from_secs(60));
    (cluster, copy)
}

#[tokio::test]
async fn a_clone_is_noticed_by_the_answer_to_one_ping() {
    let (mut cluster, copy) = cloned().await;
    let id = cluster.id(0).clone();
    // The clone publishes and the peer takes it, as it is signed with the town's key.
    cluster.publish(copy, &[record("dort", "Vom zweiten Rechner")]).await.unwrap();
    cluster.move_to(1, 0, copy).await;
    cluster.ask(1, &id).await;
    assert_eq!(cluster.titles(1, "").await.len(), 4);
    // The town tells the peer of its own state, and hears that a higher number is held.
    let head = cluster.state(0, &id).await.unwrap().head;
    cluster.app(0).tell(&head).await;
    let hold = cluster.app(0).hold();
    assert!(matches!(hold, Some(Hold::Elsewhere { feed: Feed::Offers, .. })), "{hold:?}");
    assert!(cluster.publish(0, &[record("hier", "Vom hiesigen Rechner")]).await.is_err());
    let alarms = cluster.status(0).await.alarms;
    assert!(alarms.iter().any(|alarm| alarm.contains("Jemand anders")), "{alarms:?}");
    // No restart makes the other's state ours.
    cluster.stop(0).await;
    cluster.advance(Duration::from_secs(60));
    cluster.start(0).await;
    assert!(matches!(cluster.app(0).hold(), Some(Hold::Elsewhere { .. })));
    assert_eq!(cluster.titles(0, "rechner").await.len(), 0, "nothing was adopted");
    // The other one is switched off, and the operator says so.
    cluster.stop(copy).await;
    cluster.app(0).allow_signing().await;
    assert_eq!(cluster.app(0).hold(), None);
    assert_eq!(cluster.titles(0, "zweiten").await.len(), 1, "what it published is adopted");
    assert_eq!(cluster.titles(0, "hiesigen").await.len(), 1, "and what was pending is published");
}

#[tokio::test]
async fn a_clone_is_noticed_by_one_poll() {
    let (mut cluster, copy) = cloned().await;
    let id = cluster.id(0).clone();
    cluster.publish(copy, &[record("dort", "Vom zweiten Rechner")]).await.unwrap();
    cluster.move_to(1, 0, copy).await;
    cluster.ask(1, &id).await;
    assert_eq!(cluster.app(0).hold(), None);
    assert!(cluster.app(0).own_due(), "one peer is asked every minute");
    let _released = cluster.app(0).ask_own().await;
    assert!(matches!(cluster.app(0).hold(), Some(Hold::Elsewhere { .. })));
    assert_eq!(cluster.status(0).await.live, 3, "what is held stays");
}

#[tokio::test]
async fn the_operators_word_counts_without_a_restart() {
    let (mut cluster, copy) = cloned().await;
    let id = cluster.id(0).clone();
    cluster.publish(copy, &[record("dort", "Vom zweiten Rechner")]).await.unwrap();
    cluster.move_to(1, 0, copy).await;
    cluster.ask(1, &id).await;
    let _released = cluster.app(0).ask_own().await;
    assert!(matches!(cluster.app(0).hold(), Some(Hold::Elsewhere { .. })));
    // The other installation is off; the peers still hold what it has signed since this one began.
    cluster.stop(copy).await;
    cluster.advance(Duration::from_secs(60));
    cluster.app(0).allow_signing().await;
    assert_eq!(cluster.app(0).hold(), None);
    assert_eq!(cluster.titles(0, "zweiten").await.len(), 1, "what it published is adopted");
    cluster.move_to(1, 0, 0).await;
    cluster.publish(0, &[record("hier", "Vom hiesigen Rechner")]).await.unwrap();
    cluster.ask(1, &id).await;
    assert_eq!(cluster.titles(1, "hiesigen").await.len(), 1);
}

#[tokio::test]
async fn the_clone_that_lags_behind_is_told_by_a_ping_and_stops() {
    let (mut cluster, copy) = cloned().await;
    let id = cluster.id(0).clone();
    cluster.publish(0, &[record("hier", "Vom ersten Rechner")]).await.unwrap();
    cluster.ask(1, &id).await;
    // The peer meets the clone, which offers an older state, and answers with what it holds.
    cluster.move_to(1, 0, copy).await;
    cluster.ask(1, &id).await;
    assert!(cluster.error(1, &id).contains("älteren Stand"), "{}", cluster.error(1, &id));
    let hold = cluster.app(copy).hold();
    assert!(matches!(hold, Some(Hold::Elsewhere { .. })), "{hold:?}");
    assert!(cluster.publish(copy, &[record("dort", "Vom zweiten Rechner")]).await.is_err());
    assert_eq!(cluster.app(0).hold(), None, "the one whose state is known goes on");
}

#[tokio::test]
async fn a_ping_about_ourselves_that_we_have_not_signed_changes_nothing() {
    use engagement_federation_tests::origin::Origin;
    use engagement_protocol::hash::Hash;
    use engagement_protocol::limits::HEAD_LIFE;
    let (cluster, _) = cloned().await;
    let thief = Origin::new("05558012", 99);
    let now = cluster.app(0).clock().now();
    let forged = thief.sign(now.as_ms(), Hash::of(b"x"), now, HEAD_LIFE);
    assert_eq!(cluster.post(0, "/ping", forged).await.status, 403);
    assert_eq!(cluster.app(0).hold(), None);
    let known = cluster.state(0, &cluster.id(0).clone()).await.unwrap().head;
    assert_eq!(cluster.post(0, "/ping", known).await.status, 202);
    assert_eq!(cluster.app(0).hold(), None);
}
