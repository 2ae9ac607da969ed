//! News travels at once; a flood of it costs little.

use std::time::Duration;

use engagement_federation_tests::cluster::Reach;
use engagement_federation_tests::cluster::{Cluster, START};
use engagement_federation_tests::liar::Liar;
use engagement_federation_tests::origin::Origin;
use engagement_federation_tests::records::record;
use engagement_node::jobs;
use engagement_protocol::hash::Hash;
use engagement_protocol::id::Feed;
use engagement_protocol::limits::HEAD_LIFE;

#[tokio::test]
async fn a_ping_makes_a_change_searchable_before_the_interval_is_over() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    assert!(cluster.app(follower).sync().due().is_empty(), "nobody is due yet");
    let mut change = record("b", "Kochen für viele");
    change.seats = Some(2);
    cluster.publish(origin, &[change.clone()]).await.unwrap();
    cluster.app(origin).publish_and_tell().await.unwrap();
    assert!(cluster.app(origin).take_news().is_empty(), "nothing new, nothing to tell");
    change.seats = Some(1);
    let put = cluster.app(origin);
    put.tell_soon(cluster.state(origin, &cluster.id(origin).clone()).await.unwrap().head);
    cluster.tell(origin).await;
    let due = cluster.app(follower).sync().due();
    assert_eq!(due, [(cluster.id(origin).clone(), Feed::Offers)]);
    for (node, feed) in due {
        jobs::round(cluster.app(follower), node, feed).await;
    }
    assert_eq!(cluster.titles(follower, "kochen").await.len(), 1);
    cluster.check().await;
}

#[tokio::test]
async fn a_flood_of_pings_causes_five_fetches_at_once_and_the_last_is_not_lost() {
    let mut origin = Origin::new("05558012", 1);
    let line = record("a", "Lesen üben").to_line().unwrap();
    let server = Liar::with(origin.publish([line.bytes()], START)).await;
    let mut cluster = Cluster::new();
    let follower = cluster.add("05558016").await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(follower, origin.id(), origin.key().clone(), url, false).await;
    cluster.sweep(follower).await;
    drop(server.take_seen());
    // A state is announced that the origin never serves, again and again.
    let seq = origin.head().seq + 1;
    let head = origin.sign(seq, Hash::of(b"nowhere"), START, HEAD_LIFE);
    let mut rounds = 0;
    for _ in 0..100 {
        let answer = cluster.post(follower, "/ping", head.clone()).await;
        assert_eq!(answer.status, 202);
        for (node, feed) in cluster.app(follower).sync().due() {
            jobs::round(cluster.app(follower), node, feed).await;
            rounds += 1;
        }
    }
    assert_eq!(rounds, 5);
    assert_eq!(server.take_seen().iter().filter(|seen| seen.path.ends_with("/head")).count(), 5);
    cluster.advance(Duration::from_secs(10));
    assert_eq!(cluster.app(follower).sync().due().len(), 1, "one more after ten seconds");
    assert_eq!(cluster.coverage(follower).await, (1, 2, vec!["behind".to_owned()]));
    cluster.check().await;
}

#[tokio::test]
async fn a_ping_that_nobody_signed_changes_nothing() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    let thief = Origin::new("05558012", 9);
    let stranger = Origin::new("05334002", 9);
    let seq = START.as_ms() + 1000;
    let forged = thief.sign(seq, Hash::of(b"x"), START, HEAD_LIFE);
    let foreign = stranger.sign(seq, Hash::of(b"x"), START, HEAD_LIFE);
    for (note, status) in
        [(forged, 403), (foreign, 404), (b"no note".to_vec(), 400), (vec![b'x'; 5000], 413)]
    {
        assert_eq!(cluster.post(follower, "/ping", note).await.status, status);
        assert!(cluster.app(follower).sync().due().is_empty());
    }
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    cluster.check().await;
}
