//! A node's key is what the configuration says now.

use std::sync::Arc;
use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::liar::{Liar, Reply};
use engagement_federation_tests::origin::Origin;
use engagement_federation_tests::records::records;
use engagement_protocol::id::Feed;
use engagement_protocol::opportunity::Opportunity;
use tokio::sync::{Notify, Semaphore};

fn publish(
    origin: &mut Origin,
    records: &[Opportunity],
    at: u64,
) -> engagement_federation_tests::origin::Files {
    let lines: Vec<Vec<u8>> =
        records.iter().map(|record| record.to_line().unwrap().bytes().to_vec()).collect();
    origin.publish(lines.iter().map(Vec::as_slice), START.plus(Duration::from_secs(at)))
}

#[tokio::test]
async fn a_feed_under_another_key_is_not_taken() {
    let mut thief = Origin::new("05558012", 9);
    let honest = Origin::new("05558012", 1);
    let server = Liar::with(publish(&mut thief, &records("falsch", 3), 0)).await;
    let mut cluster = Cluster::new();
    let at = cluster.add("05558016").await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(at, honest.id(), honest.key().clone(), url, false).await;
    cluster.sweep(at).await;
    let error = cluster.error(at, honest.id());
    assert!(error.contains("Schlüssel"), "{error}");
    assert_eq!(cluster.titles(at, "").await.len(), 0);
    assert_eq!(cluster.coverage(at).await, (1, 2, vec!["never".to_owned()]));
    cluster.check().await;
}

#[tokio::test]
async fn a_new_key_drops_the_copy_and_fetches_it_anew() {
    let mut old = Origin::new("05558012", 1);
    let mut new = Origin::new("05558012", 2);
    let server = Liar::with(publish(&mut old, &records("alt", 6), 0)).await;
    let mut cluster = Cluster::new();
    let at = cluster.add("05558016").await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(at, old.id(), old.key().clone(), url.clone(), false).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(at, "alt").await.len(), 6);
    cluster.follow_key(at, new.id(), new.key().clone(), url, false).await;
    assert_eq!(cluster.titles(at, "").await.len(), 0, "nothing is shown that does not verify now");
    cluster.check().await;
    // Still the old key's state is offered: refused. Then the new one's.
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 0);
    server.serve(publish(&mut new, &records("neu", 4), 1));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 4);
    assert_eq!(cluster.coverage(at).await, (2, 2, vec![]));
    cluster.check().await;
}

#[tokio::test]
async fn numbers_that_a_thief_burned_go_with_the_key() {
    let mut stolen = Origin::new("05558012", 1);
    let mut new = Origin::new("05558012", 2);
    // The thief signs as far ahead as anybody accepts.
    let server = Liar::with(publish(&mut stolen, &records("dieb", 1), 0)).await;
    let far =
        stolen.sign_objects(START.as_ms() + 24 * 3600 * 1000, &server_index(&stolen), &[], START);
    let mut files = stolen.files();
    files.extend(far);
    server.serve(files);
    let mut cluster = Cluster::new();
    let at = cluster.add("05558016").await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(at, stolen.id(), stolen.key().clone(), url.clone(), false).await;
    cluster.sweep(at).await;
    assert_eq!(cluster.seq(at, stolen.id()).await, Some(START.as_ms() + 24 * 3600 * 1000));
    cluster.check().await;
    cluster.follow_key(at, new.id(), new.key().clone(), url, false).await;
    server.serve(publish(&mut new, &records("echt", 3), 60));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 3);
    assert_eq!(cluster.coverage(at).await, (2, 2, vec![]), "the thief's number is forgotten");
    assert_eq!(cluster.error(at, new.id()), "");
    cluster.check().await;
}

fn server_index(origin: &Origin) -> Vec<u8> {
    origin.files()[&format!("/o/{}", origin.head().index)].clone()
}

#[tokio::test]
async fn a_peer_that_goes_while_it_is_being_asked_leaves_no_copy() {
    for new_key in [false, true] {
        let mut origin = Origin::new("05558012", 1);
        let other = Origin::new("05558012", 2);
        let server = Liar::with(publish(&mut origin, &records("spaet", 3), 0)).await;
        let mut cluster = Cluster::new();
        let at = cluster.add("05558016").await;
        let url = Reach::Url(server.url().to_owned());
        cluster.follow_key(at, origin.id(), origin.key().clone(), url.clone(), false).await;
        // Every object waits until the configuration has changed.
        let (gate, asked) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let (held, arrived) = (Arc::clone(&gate), Arc::clone(&asked));
        server.lie(move |path, truth| {
            let mut reply = Reply::of(truth);
            if path.starts_with("/o/") {
                arrived.notify_one();
                reply.after = Some(Arc::clone(&held));
            }
            reply
        });
        let app = cluster.app(at).clone();
        let id = origin.id().clone();
        let round =
            tokio::spawn(async move { engagement_node::jobs::round(&app, id, Feed::Offers).await });
        asked.notified().await;
        if new_key {
            cluster.follow_key(at, origin.id(), other.key().clone(), url, false).await;
        } else {
            cluster.unfollow(at, origin.id()).await;
        }
        gate.add_permits(1000);
        round.await.unwrap();
        assert_eq!(cluster.titles(at, "").await.len(), 0, "new key: {new_key}");
        assert_eq!(cluster.seq(at, origin.id()).await, None, "new key: {new_key}");
        cluster.check().await;
    }
}
