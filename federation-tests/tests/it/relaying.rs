//! Relays tell what changes: readers ask them, spare the origins, and notice when a relay falls silent.

use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach};
use engagement_federation_tests::liar::{Liar, Reply};
use engagement_federation_tests::records::{record, records};
use engagement_node::app::status::Status;
use engagement_node::jobs;
use engagement_protocol::id::{Feed, NodeId};

const RELAY: usize = 0;
const ORIGIN: usize = 1;
const READER: usize = 2;

/// A relay, an origin, and a reader that knows both; the origin is reached through a server that counts.
async fn network() -> (Cluster, Liar) {
    let mut cluster = Cluster::new();
    for id in ["05558", "05558012"] {
        cluster.add(id).await;
    }
    cluster.add_reader("05558016").await;
    cluster.connect(RELAY, ORIGIN, false).await;
    cluster.follow(RELAY, READER, Reach::Node(READER), false).await;
    let counter = Liar::before(cluster.url(ORIGIN)).await;
    let direct = Reach::Url(counter.url().to_owned());
    cluster.follow(READER, ORIGIN, direct, false).await;
    cluster.follow(READER, RELAY, Reach::Node(RELAY), true).await;
    cluster.publish(ORIGIN, &records("alt", 3)).await.unwrap();
    cluster.publish(RELAY, &[]).await.unwrap();
    settle(&cluster).await;
    (cluster, counter)
}

/// Lets everybody read everything, and the relay say so.
async fn settle(cluster: &Cluster) {
    cluster.sync_until_quiet().await;
    cluster.advance(Duration::from_secs(10));
    assert!(cluster.app(RELAY).publish_heads().await.unwrap());
    cluster.sync_until_quiet().await;
    drop(cluster.app(READER).take_news());
}

/// Runs what is due on the reader, as its timetable would.
async fn run_due(cluster: &Cluster) -> Vec<(NodeId, Feed)> {
    let mut ran = Vec::new();
    loop {
        let due = cluster.app(READER).sync().due();
        if due.is_empty() {
            return ran;
        }
        for (node, feed) in due {
            jobs::round(cluster.app(READER), node.clone(), feed).await;
            ran.push((node, feed));
        }
    }
}

#[tokio::test]
async fn a_reader_learns_from_the_relay_and_spares_the_origin() {
    let (cluster, counter) = network().await;
    drop(counter.take_seen());
    for _ in 0..5 {
        cluster.advance(Duration::from_secs(70));
        let _ran = run_due(&cluster).await;
    }
    assert_eq!(counter.take_seen().len(), 0, "nothing changed: the origin is not asked");
    // The relay's list says so each minute: that confirms what is held.
    let age = |status: Status| {
        status.peers.iter().find(|peer| peer.id.as_str() == "05558012").unwrap().age_s
    };
    assert!(age(cluster.status(READER).await).is_some_and(|age| age <= 70));
    // What it lists no longer is not confirmed by it any more, whatever else it lists.
    cluster.publish(ORIGIN, &[record("still", "Davon weiß der Leser nichts")]).await.unwrap();
    cluster.sweep(RELAY).await;
    cluster.advance(Duration::from_secs(10));
    assert!(cluster.app(RELAY).publish_heads().await.unwrap());
    let held = cluster.seq(READER, cluster.id(ORIGIN)).await;
    jobs::round(cluster.app(READER), cluster.id(RELAY).clone(), Feed::Heads).await;
    assert_eq!(cluster.seq(READER, cluster.id(ORIGIN)).await, held);
    assert!(age(cluster.status(READER).await).is_some_and(|age| age >= 80));
    cluster.advance(Duration::from_secs(70));
    let _ran = run_due(&cluster).await;
    drop(counter.take_seen());
    cluster.publish(ORIGIN, &[record("neu", "Neu über das Relais")]).await.unwrap();
    cluster.sweep(RELAY).await;
    cluster.advance(Duration::from_secs(10));
    assert!(cluster.app(RELAY).publish_heads().await.unwrap());
    cluster.advance(Duration::from_secs(70));
    let _ran = run_due(&cluster).await;
    assert_eq!(cluster.titles(READER, "relais").await.len(), 1, "within one interval");
    assert_eq!(counter.take_seen().len(), 0, "the relay had all of it");
    let network = cluster.get(READER, "/api/v1/network").await.json();
    let origin = network.as_array().unwrap().iter().find(|node| node["id"] == "05558012").unwrap();
    assert_eq!((&origin["state"], &origin["source"]), (&"complete".into(), &"05558".into()));
    cluster.check().await;
}

#[tokio::test]
async fn a_re_signed_head_is_taken_from_the_relays_list() {
    let (cluster, counter) = network().await;
    let id = cluster.id(ORIGIN).clone();
    cluster.advance(Duration::from_secs(12 * 3600));
    assert_eq!(cluster.app(ORIGIN).resign().await.unwrap().len(), 1);
    cluster.sweep(RELAY).await;
    assert!(cluster.app(RELAY).publish_heads().await.unwrap());
    drop(counter.take_seen());
    let relay = cluster.id(RELAY).clone();
    jobs::round(cluster.app(READER), relay, Feed::Heads).await;
    let (held, signed) = (cluster.state(READER, &id).await, cluster.state(ORIGIN, &id).await);
    assert_eq!(held.unwrap().head, signed.unwrap().head);
    assert_eq!(counter.take_seen().len(), 0);
}

#[tokio::test]
async fn the_origin_is_asked_once_a_day_and_sooner_when_the_relay_is_silent() {
    let (mut cluster, counter) = network().await;
    let origin = (cluster.id(ORIGIN).clone(), Feed::Offers);
    cluster.advance(Duration::from_secs(70));
    let _ran = run_due(&cluster).await;
    drop(counter.take_seen());
    cluster.stop(RELAY).await;
    // After three intervals without an answer the relay is not healthy: ten minutes, jittered.
    let mut asked_after = Vec::new();
    for minute in 1..=22 {
        cluster.advance(Duration::from_secs(60));
        if run_due(&cluster).await.contains(&origin) {
            asked_after.push(minute);
        }
    }
    assert!((9..=12).contains(&asked_after[0]), "{asked_after:?}");
    assert_eq!(asked_after.len(), 2, "every ten minutes: {asked_after:?}");
    assert_eq!(cluster.coverage(READER).await.0, 3, "nobody's outage is mine");
    // The relay is back and tells again; the origin is spared again, but for one cross-check a day.
    cluster.start(RELAY).await;
    cluster.sync_until_quiet().await;
    // What it said before it stopped still stands.
    assert!(!cluster.app(RELAY).publish_heads().await.unwrap());
    cluster.sync_until_quiet().await;
    let mut asked = 0;
    // A day and the most that jitter adds to it.
    for _ in 0..27 * 2 {
        cluster.advance(Duration::from_secs(1800));
        let heads = (cluster.id(RELAY).clone(), Feed::Heads);
        for app in [RELAY, ORIGIN] {
            drop(cluster.app(app).resign().await.unwrap());
        }
        cluster.sweep(RELAY).await;
        let _changed = cluster.app(RELAY).publish_heads().await.unwrap();
        // The list first, as a minute's interval would have it.
        jobs::round(cluster.app(READER), heads.0, heads.1).await;
        asked += run_due(&cluster).await.iter().filter(|name| **name == origin).count();
    }
    assert_eq!(asked, 1, "in a day");
}

#[tokio::test]
async fn a_head_that_is_not_signed_again_for_14_hours_is_asked_for_directly() {
    let (cluster, counter) = network().await;
    drop(counter.take_seen());
    cluster.advance(Duration::from_secs(14 * 3600));
    let relay = cluster.id(RELAY).clone();
    drop(cluster.app(RELAY).resign().await.unwrap());
    jobs::round(cluster.app(READER), relay, Feed::Heads).await;
    let due = cluster.app(READER).sync().due();
    assert!(due.contains(&(cluster.id(ORIGIN).clone(), Feed::Offers)), "{due:?}");
}

#[tokio::test]
async fn what_a_relay_lists_counts_only_under_the_origins_key() {
    let (mut cluster, _counter) = network().await;
    // The relay's list is the origin's word or nothing: under a key that is not the origin's it says nothing.
    let stranger = engagement_federation_tests::origin::Origin::new("05558012", 77);
    let id = cluster.id(ORIGIN).clone();
    let nowhere = Reach::Url("http://127.0.0.1:1".to_owned());
    cluster.follow_key(READER, &id, stranger.key().clone(), nowhere, false).await;
    let relay = cluster.id(RELAY).clone();
    jobs::round(cluster.app(READER), relay, Feed::Heads).await;
    assert_eq!(cluster.seq(READER, &id).await, None);
    assert_eq!(cluster.titles(READER, "").await.len(), 0);
    cluster.check().await;
}

#[tokio::test]
async fn any_node_serves_the_feed_of_an_origin_that_is_down() {
    let (mut cluster, counter) = network().await;
    cluster.publish(ORIGIN, &[record("neu", "Kurz vor dem Ausfall")]).await.unwrap();
    cluster.sweep(RELAY).await;
    cluster.stop(ORIGIN).await;
    counter.lie(|_, truth| Reply { status: 503, ..Reply::of(truth) });
    cluster.sweep(READER).await;
    assert_eq!(cluster.titles(READER, "ausfall").await.len(), 1);
    assert_eq!(cluster.coverage(READER).await.2, [""; 0]);
    // What is held is complete, and whoever looks after the node is told all the same that the origin is not there.
    let origin = cluster.id(ORIGIN).clone();
    assert!(cluster.error(READER, &origin).contains("503"), "{}", cluster.error(READER, &origin));
    cluster.check().await;
}

#[tokio::test]
async fn heads_are_published_at_most_every_ten_seconds_and_only_when_something_changed() {
    let (cluster, _counter) = network().await;
    let head = cluster.get(RELAY, "/f/heads/head").await;
    assert_eq!(head.status, 200);
    cluster.advance(Duration::from_secs(60));
    assert!(!cluster.app(RELAY).publish_heads().await.unwrap(), "nothing has changed");
    cluster.publish(ORIGIN, &[record("a", "Eins")]).await.unwrap();
    cluster.sweep(RELAY).await;
    assert!(cluster.app(RELAY).publish_heads().await.unwrap());
    cluster.publish(ORIGIN, &[record("b", "Zwei")]).await.unwrap();
    cluster.sweep(RELAY).await;
    cluster.advance(Duration::from_secs(9));
    assert!(!cluster.app(RELAY).publish_heads().await.unwrap(), "nine seconds are too soon");
    cluster.advance(Duration::from_secs(1));
    assert!(cluster.app(RELAY).publish_heads().await.unwrap());
    assert_ne!(cluster.get(RELAY, "/f/heads/head").await.body, head.body);
    cluster.check().await;
}

#[tokio::test]
async fn relays_do_not_wait_for_each_other() {
    // The origin tells nobody: each relay could find its news in the other's list, if that one asked.
    let mut cluster = Cluster::new();
    for id in ["05", "05558", "05558012"] {
        cluster.add(id).await;
    }
    for (at, other) in [(0, 1), (1, 0)] {
        cluster.follow(at, other, Reach::Node(other), true).await;
        cluster.follow(at, 2, Reach::Node(2), false).await;
    }
    cluster.publish(2, &records("alt", 2)).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster.advance(Duration::from_secs(10));
    for relay in [0, 1] {
        assert!(cluster.app(relay).publish_heads().await.unwrap());
    }
    cluster.sync_until_quiet().await;
    cluster.advance(Duration::from_secs(70));
    let origin = cluster.id(2).clone();
    for relay in [0, 1] {
        let due = cluster.app(relay).sync().due();
        assert!(due.contains(&(origin.clone(), Feed::Offers)), "{relay}: {due:?}");
    }
}

#[tokio::test]
async fn where_nobody_has_chosen_a_relay_the_nearest_two_above_are() {
    let mut cluster = Cluster::new();
    // Land, Regierungsbezirk and Kreis relay; so does a neighbour, who is not asked for it.
    for id in ["05", "055", "05558", "05558016"] {
        let at = cluster.add(id).await;
        cluster.publish(at, &[]).await.unwrap();
    }
    let town = cluster.add_reader("05558012").await;
    for of in 0..4 {
        cluster.follow(town, of, Reach::Node(of), false).await;
    }
    cluster.sync_until_quiet().await;
    let relays = |cluster: &Cluster| {
        let followed = cluster.app(town).sync().followed();
        let relays = followed.peers.iter().filter(|(_, peer)| peer.relay);
        relays.map(|(id, _)| id.to_string()).collect::<Vec<_>>()
    };
    // Once it has read what they say of themselves.
    cluster.advance(Duration::from_secs(70));
    cluster.sweep(town).await;
    cluster.app(town).tend_trust().await.unwrap();
    assert_eq!(relays(&cluster), ["055", "05558"]);
    // The operator's word goes before.
    cluster.follow(town, 0, Reach::Node(0), true).await;
    assert_eq!(relays(&cluster), ["05"]);
}
