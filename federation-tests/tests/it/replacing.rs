//! A lost or stolen key is replaced: whatever it had signed counts no more, and the new one signs everything.

use std::sync::Arc;
use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach};
use engagement_federation_tests::liar::{Liar, Reply};
use engagement_federation_tests::records::{record, records};
use engagement_node::feed::FeedError;
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::signing::Verdict;
use tokio::sync::{Notify, Semaphore};

const HOUR: Duration = Duration::from_secs(3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Returns whether the own state of a town is signed by `key`.
async fn is_signed_by(cluster: &Cluster, town: usize, key: &VerifierKey) -> bool {
    let id = cluster.id(town).clone();
    let head = cluster.state(town, &id).await.unwrap().head;
    Head::verify_held(&head, &id, Feed::Offers, std::slice::from_ref(key)).is_ok()
}

#[tokio::test]
async fn a_thiefs_state_that_is_still_on_its_way_does_not_come_in_under_the_new_key() {
    let mut cluster = Cluster::new();
    let (town, peer) = (cluster.add("05558012").await, cluster.add("05558016").await);
    let (id, stolen) = (cluster.id(town).clone(), cluster.key(town).clone());
    let before = Liar::before(cluster.url(peer)).await;
    cluster.follow(peer, town, Reach::Node(town), false).await;
    cluster.follow(town, peer, Reach::Url(before.url().to_owned()), false).await;
    cluster.publish(town, &records("alt", 6)).await.unwrap();
    cluster.sync_until_quiet().await;
    // The thief publishes while the node is down, and the neighbour takes it.
    let copy = cluster.add_clone(town).await;
    cluster.stop(town).await;
    cluster.advance(HOUR);
    cluster.publish(copy, &[record("dieb", "Vom Dieb")]).await.unwrap();
    let there = Reach::Url(cluster.url(copy).to_owned());
    cluster.follow_key(peer, &id, stolen.clone(), there, false).await;
    cluster.sweep(peer).await;
    assert_eq!(cluster.titles(peer, "").await.len(), 7);
    cluster.stop(copy).await;
    cluster.advance(HOUR);
    // At first the neighbour tells nothing; then it tells, and hands out pieces slowly.
    before.lie(|path, truth| {
        let mut reply = Reply::of(truth);
        if path.starts_with("/n/") {
            reply.status = 404;
        }
        reply
    });
    cluster.start(town).await;
    let (gate, asked) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
    let (held, arrived) = (Arc::clone(&gate), Arc::clone(&asked));
    before.lie(move |path, truth| {
        let mut reply = Reply::of(truth);
        if path.starts_with("/o/") {
            arrived.notify_one();
            reply.after = Some(Arc::clone(&held));
        }
        reply
    });
    let app = cluster.app(town).clone();
    let asking = tokio::spawn(async move { app.ask_own().await });
    asked.notified().await;
    // Meanwhile the operator says that this is not the town's, and makes a new key.
    cluster.app(town).disown().await.unwrap();
    let new = cluster.app(town).rotate_key(true).await.unwrap();
    gate.add_permits(1000);
    asking.await.unwrap();
    assert_eq!(cluster.titles(town, "").await.len(), 6, "nothing of the thief's");
    assert!(is_signed_by(&cluster, town, &new).await);
    cluster.publish(town, &[record("neu", "Unter dem neuen Schlüssel")]).await.unwrap();
    assert!(is_signed_by(&cluster, town, &new).await);
    assert_eq!(cluster.titles(town, "").await.len(), 7);
}

#[tokio::test]
async fn what_the_stolen_key_has_signed_is_not_held_against_the_new_one() {
    let mut cluster = Cluster::new();
    let town = cluster.add("05558012").await;
    let (id, stolen) = (cluster.id(town).clone(), cluster.key(town).clone());
    cluster.publish(town, &records("alt", 2)).await.unwrap();
    let copy = cluster.add_clone(town).await;
    cluster.advance(HOUR);
    cluster.publish(copy, &[record("dieb", "Vom Dieb")]).await.unwrap();
    let told = cluster.state(copy, &id).await.unwrap().head;
    let told = Head::verify_held(&told, &id, Feed::Offers, &[stolen]).unwrap();
    // It was heard and verified; before it is judged, the key is another.
    let new = cluster.app(town).rotate_key(true).await.unwrap();
    assert_eq!(cluster.app(town).hear_own(&told, None).await.unwrap(), Verdict::Old);
    assert_eq!(cluster.app(town).hold(), None);
    cluster.stop(town).await;
    cluster.start(town).await;
    assert_eq!(cluster.app(town).hold(), None, "nothing of it was written down");
    cluster.publish(town, &[record("neu", "Unter dem neuen Schlüssel")]).await.unwrap();
    assert!(is_signed_by(&cluster, town, &new).await);
}

#[tokio::test]
async fn a_receipt_for_a_state_under_the_stolen_key_is_none() {
    let mut cluster = Cluster::new();
    let (town, peer) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(town, peer, false).await;
    cluster.publish(town, &records("alt", 2)).await.unwrap();
    cluster.sync_until_quiet().await;
    assert!(cluster.app(peer).publish_heads().await.unwrap());
    assert_eq!(cluster.app(town).collect_receipts().await.unwrap().arrived, 1);
    let new = cluster.app(town).rotate_key(true).await.unwrap();
    assert!(is_signed_by(&cluster, town, &new).await, "with the number that it had");
    assert_eq!(cluster.app(town).receipts().await.unwrap().arrived, 0);
    // The peer still holds, and lists, the state under the key before.
    assert_eq!(cluster.app(town).collect_receipts().await.unwrap().arrived, 0);
    let id = cluster.id(town).clone();
    cluster.follow_key(peer, &id, new, Reach::Node(town), false).await;
    cluster.sync_until_quiet().await;
    cluster.advance(HOUR);
    assert!(cluster.app(peer).publish_heads().await.unwrap());
    assert_eq!(cluster.app(town).collect_receipts().await.unwrap().arrived, 1);
}

#[tokio::test]
async fn a_key_that_cannot_be_written_changes_nothing_and_what_was_due_stays_due() {
    let mut cluster = Cluster::new();
    let town = cluster.add("05558012").await;
    cluster.publish(town, &records("alt", 2)).await.unwrap();
    let clock = cluster.app(town).clock();
    let (now, monotonic, peer) = (clock.now(), clock.monotonic(), "05".parse().unwrap());
    cluster.app(town).gate().peer_said(&peer, now.plus(YEAR), monotonic);
    let second = cluster.app(town).rotate_key(true).await.unwrap();
    // A folder stands where the third would be written first.
    let next = cluster.path(town).join("node.key.new");
    std::fs::create_dir(&next).unwrap();
    let refused = cluster.app(town).rotate_key(true).await;
    assert!(refused.is_err(), "{refused:?}");
    std::fs::remove_dir(&next).unwrap();
    assert_eq!(cluster.app(town).key(), second);
    cluster.stop(town).await;
    cluster.start(town).await;
    assert_eq!(cluster.app(town).key(), second, "after a restart too");
    cluster.publish(town, &[record("neu", "Unter dem zweiten")]).await.unwrap();
    assert!(is_signed_by(&cluster, town, &second).await);
}

#[tokio::test]
async fn a_key_that_is_replaced_while_nothing_may_be_signed_signs_everything_later() {
    for restarted in [false, true] {
        let mut cluster = Cluster::new();
        let (town, reader) = (cluster.add("05558012").await, cluster.add("05558016").await);
        cluster.publish(town, &records("alt", 3)).await.unwrap();
        let old = cluster.key(town).clone();
        let clock = cluster.app(town).clock();
        let (now, monotonic) = (clock.now(), clock.monotonic());
        let (peer, wrong) = ("05".parse().unwrap(), now.plus(YEAR));
        cluster.app(town).gate().peer_said(&peer, wrong, monotonic);
        let new = cluster.app(town).rotate_key(true).await.unwrap();
        assert!(is_signed_by(&cluster, town, &old).await, "nothing was signed");
        let refused = cluster.publish(town, &[record("neu", "Vorgemerkt")]).await;
        assert!(matches!(refused, Err(FeedError::Clock(_))), "{refused:?}");
        if restarted {
            cluster.stop(town).await;
            cluster.start(town).await;
        } else {
            cluster.app(town).gate().peer_said(&peer, now, monotonic);
        }
        // What the timetable does every minute is enough.
        cluster.app(town).publish().await.unwrap();
        assert!(is_signed_by(&cluster, town, &new).await, "restarted: {restarted}");
        let id = cluster.id(town).clone();
        cluster.follow_key(reader, &id, new.clone(), Reach::Node(town), false).await;
        cluster.sync_until_quiet().await;
        assert_eq!(cluster.titles(reader, "").await.len(), 4, "restarted: {restarted}");
    }
}

#[tokio::test]
async fn a_key_file_that_was_put_back_by_hand_makes_no_state_ours() {
    let mut cluster = Cluster::new();
    let town = cluster.add("05558012").await;
    let path = cluster.path(town).join("node.key");
    let before = std::fs::read(&path).unwrap();
    cluster.app(town).rotate_key(true).await.unwrap();
    cluster.publish(town, &records("neu", 2)).await.unwrap();
    cluster.stop(town).await;
    std::fs::write(&path, before).unwrap();
    cluster.start(town).await;
    let refused = cluster.publish(town, &[record("mehr", "Mehr")]).await;
    assert!(matches!(refused, Err(FeedError::Head(_))), "{refused:?}");
}
