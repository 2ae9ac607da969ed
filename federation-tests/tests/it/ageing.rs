//! What time does: records pass their last day, heads expire, clocks are wrong.

use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::liar::Liar;
use engagement_federation_tests::origin::{Files, Origin};
use engagement_federation_tests::records::record;
use engagement_node::clock::Clock as _;
use engagement_node::store::Durability;
use engagement_node::store::audit::Actor;
use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::limits::HEAD_LIFE;
use engagement_protocol::signing::Verdict;
use engagement_protocol::time::Timestamp;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn nobody_finds_a_record_after_its_last_day_though_its_origin_is_gone() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    let mut short = record("kurz", "Kuchen backen");
    short.valid_until = START.day().plus_days(3);
    cluster.publish(origin, &[short, record("lang", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(follower, "").await.len(), 2);
    cluster.stop(origin).await;
    // The last day itself is still shown: it is inclusive.
    cluster.advance(DAY * 3);
    cluster.sweep(follower).await;
    assert_eq!(cluster.titles(follower, "kuchen").await.len(), 1);
    cluster.advance(DAY);
    let found = cluster.titles(follower, "").await;
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["Lesen üben"]);
    let path = format!("/api/v1/opportunities/{}/kurz", cluster.id(origin));
    assert_eq!(cluster.get(follower, &path).await.status, 410);
    cluster.check().await;
    // Back again, the origin leaves it out of its next state, and the copies follow.
    cluster.start(origin).await;
    let published = cluster.app(origin).publish().await.unwrap().unwrap();
    assert_eq!((published.changes, published.removed), (1, true));
    cluster.sync_until_quiet().await;
    for at in [origin, follower] {
        let counts = cluster.app(at).store();
        let id = cluster.id(origin).clone();
        let feed = engagement_protocol::id::Feed::Offers;
        let counts = counts.read(move |tx| tx.counts(&id, feed)).await.unwrap();
        assert_eq!(counts.opportunities, 1, "node {at}");
        // The origin can tell gone from never.
        let status = if at == origin { 410 } else { 404 };
        assert_eq!(cluster.get(at, &path).await.status, status, "node {at}");
    }
}

#[tokio::test]
async fn an_expired_head_raises_a_badge_and_deletes_nothing() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    cluster.stop(origin).await;
    cluster.advance(DAY * 2 - Duration::from_millis(1));
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    cluster.advance(Duration::from_millis(1));
    assert_eq!(cluster.coverage(follower).await, (1, 2, vec!["expired".to_owned()]));
    for _ in 0..100 {
        cluster.advance(DAY);
        cluster.sweep(follower).await;
    }
    assert_eq!(cluster.titles(follower, "lesen").await.len(), 1);
    cluster.check().await;
    // Signed again, the badge goes without a transfer.
    cluster.start(origin).await;
    let held = cluster.seq(follower, &cluster.id(origin).clone()).await;
    assert_eq!(cluster.app(origin).resign().await.unwrap().len(), 1);
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    assert_eq!(cluster.seq(follower, &cluster.id(origin).clone()).await, held);
}

#[tokio::test]
async fn an_expired_head_makes_a_reader_ask_its_other_sources() {
    let mut cluster = Cluster::new();
    let (origin, old, new) =
        (cluster.add("05558012").await, cluster.add("05558").await, cluster.add("055").await);
    let reader = cluster.add("05334002").await;
    let id = cluster.id(origin).clone();
    for relay in [old, new] {
        cluster.follow(relay, origin, Reach::Node(origin), false).await;
        cluster.follow(reader, relay, Reach::Node(relay), true).await;
    }
    cluster.follow(reader, origin, Reach::Relays, false).await;
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    // Both relays are asked in the order of their ids; each of them once stays behind.
    for (stale, fresh, title) in [(old, new, "Kochen"), (new, old, "Backen")] {
        cluster.advance(DAY * 3);
        cluster.publish(origin, &[record(title, title)]).await.unwrap();
        cluster.ask(fresh, &id).await;
        cluster.ask(reader, &id).await;
        assert_eq!(cluster.titles(reader, title).await.len(), 1, "{title}: relay {stale} is stale");
        cluster.sync_until_quiet().await;
    }
}

/// A year, roughly.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

#[tokio::test]
async fn a_node_whose_clock_is_a_year_off_signs_nothing_and_says_so() {
    for wrong in [START.plus(YEAR), START.minus(YEAR)] {
        let mut cluster = Cluster::new();
        let own = cluster.add("05558012").await;
        for id in ["05558016", "05558024"] {
            let peer = cluster.add(id).await;
            cluster.connect(own, peer, false).await;
            cluster.publish(peer, &[record(id, id)]).await.unwrap();
        }
        cluster.publish(own, &[record("vorher", "Vorlesen")]).await.unwrap();
        cluster.sync_until_quiet().await;
        let id = cluster.id(own).clone();
        let signed = cluster.state(own, &id).await.unwrap();
        cluster.clock(own).set(wrong);
        cluster.sweep(own).await;
        let refused = cluster.publish(own, &[record("nachher", "Nachlesen")]).await.unwrap_err();
        assert!(refused.is_transient());
        let said = refused.to_string();
        assert!(said.contains("Uhr") && said.contains("2 der 2 Gegenstellen"), "{said}");
        assert!(cluster.app(own).resign().await.is_err(), "nothing is signed again either");
        // Nothing was signed, the change is kept, and whoever watches the node learns why.
        assert_eq!(cluster.state(own, &id).await.unwrap(), signed);
        assert_eq!(cluster.status(own).await.pending, 1);
        let ready = cluster.get(own, "/readyz").await;
        assert_eq!(ready.status, 503);
        assert!(ready.text().contains("Uhr"), "{}", ready.text());
        assert_eq!(cluster.get(own, "/livez").await.status, 200);
        for peer in [1, 2] {
            cluster.sweep(peer).await;
            assert_eq!(cluster.titles(peer, "").await.len(), 2, "the last good state stays");
        }
        cluster.check().await;
        cluster.clock(own).set(cluster.clock(1).now());
        cluster.sweep(own).await;
        assert!(cluster.app(own).publish().await.unwrap().is_some());
        assert_eq!(cluster.get(own, "/readyz").await.status, 200);
        cluster.sync_until_quiet().await;
        for at in 0..3 {
            assert_eq!(cluster.titles(at, "nachlesen").await.len(), 1, "node {at}");
        }
    }
}

#[tokio::test]
async fn a_node_that_starts_with_a_wrong_clock_hears_the_time_before_it_may_sign() {
    let mut cluster = Cluster::new();
    let (own, peer) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(own, peer, false).await;
    cluster.publish(own, &[record("vorher", "Vorlesen")]).await.unwrap();
    cluster.sync_until_quiet().await;
    let id = cluster.id(own).clone();
    let signed = cluster.state(own, &id).await.unwrap();
    cluster.stop(own).await;
    cluster.clock(own).set(START.plus(YEAR));
    // Nothing but the question what was published before has been asked when it is free to sign.
    cluster.start(own).await;
    assert!(cluster.app(own).hold().is_none());
    let refused = cluster.publish(own, &[record("nachher", "Nachlesen")]).await.unwrap_err();
    assert!(refused.to_string().contains("Uhr"), "{refused}");
    assert_eq!(cluster.state(own, &id).await.unwrap(), signed);
}

#[tokio::test]
async fn a_feed_that_was_signed_in_the_future_begins_anew_under_another_key() {
    for lost in [true, false] {
        let mut cluster = Cluster::new();
        let (own, reader) = (cluster.add("05558012").await, cluster.add("05558016").await);
        cluster.follow(reader, own, Reach::Node(own), false).await;
        cluster.publish(own, &[record("vorher", "Vorlesen")]).await.unwrap();
        cluster.sync_until_quiet().await;
        let id = cluster.id(own).clone();
        // Nobody is there to say that the clock is wrong.
        cluster.clock(own).set(START.plus(YEAR));
        cluster.publish(own, &[record("falsch", "Mitten im Jahr darauf")]).await.unwrap();
        cluster.clock(own).set(cluster.clock(reader).now());
        let stuck = cluster.publish(own, &[record("richtig", "Nachlesen")]).await.unwrap_err();
        assert!(stuck.to_string().contains("rotate-key"), "{stuck}");
        let key = cluster.app(own).rotate_key(lost).await.unwrap();
        assert_eq!(
            cluster.app(own).publish().await.unwrap(),
            None,
            "what was pending went with it"
        );
        assert!(cluster.app(own).trouble().is_none());
        let url = Reach::Node(own);
        cluster.follow_key(reader, &id, key, url, false).await;
        cluster.sync_until_quiet().await;
        assert_eq!(cluster.titles(reader, "nachlesen").await.len(), 1, "lost: {lost}");
        assert_eq!(cluster.titles(reader, "").await.len(), 3);
        // And it stays so after a restart: nothing remembers the number from the future.
        cluster.stop(own).await;
        cluster.start(own).await;
        cluster.publish(own, &[record("danach", "Weiterlesen")]).await.unwrap();
        cluster.sync_until_quiet().await;
        assert_eq!(cluster.titles(reader, "weiterlesen").await.len(), 1);
    }
}

#[tokio::test]
async fn without_an_answer_signing_begins_when_the_minute_is_over_and_says_so_once() {
    let mut cluster = Cluster::new();
    let (own, peer) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(own, peer, false).await;
    cluster.publish(own, &[record("vorher", "Vorlesen")]).await.unwrap();
    cluster.stop(own).await;
    cluster.stop(peer).await;
    cluster.start(own).await;
    assert!(cluster.publish(own, &[record("nachher", "Nachlesen")]).await.is_err());
    // Somebody who can wait is no reason to take the node out of service.
    let ready = cluster.get(own, "/readyz").await;
    assert_eq!(ready.status, 200, "{}", ready.text());
    cluster.advance(Duration::from_secs(61));
    drop(engagement_node::jobs::due(cluster.app(own)).await);
    assert_eq!(cluster.status(own).await.pending, 0, "it went out without anybody asking");
    assert!(!cluster.app(own).released());
}

#[tokio::test]
async fn peers_refuse_a_state_from_the_future() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    // It follows nobody, so nobody tells it that its clock is wrong.
    cluster.follow(follower, origin, Reach::Node(origin), false).await;
    let id = cluster.id(origin).clone();
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    let held = cluster.seq(follower, &id).await;
    cluster.clock(origin).set(START.plus(DAY * 365));
    let mut late = record("b", "Kochen");
    late.valid_until = START.day().plus_days(999);
    cluster.publish(origin, &[late]).await.unwrap();
    cluster.sweep(follower).await;
    assert_eq!(cluster.seq(follower, &id).await, held);
    assert!(!cluster.error(follower, &id).is_empty());
    assert_eq!(cluster.titles(follower, "").await.len(), 1);
    cluster.check().await;
    // When that day has come, it is taken.
    cluster.clock(follower).set(START.plus(DAY * 365));
    cluster.sweep(follower).await;
    assert!(cluster.seq(follower, &id).await > held);
    cluster.check().await;
}

/// A reader, somebody who knows what time it is, and an origin that signs what it likes; the reader holds its
/// first state.
async fn reader_of_an_odd_origin(seed: u8, now: Timestamp) -> (Cluster, Origin, Liar) {
    let mut cluster = Cluster::new();
    let (reader, witness) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(reader, witness, false).await;
    cluster.publish(witness, &[record("w", "Zeuge")]).await.unwrap();
    let mut origin = Origin::new("05558024", seed);
    let server = Liar::with(state(&mut origin, "erster", now)).await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(reader, origin.id(), origin.key().clone(), url, false).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(reader, "erster").await.len(), 1);
    (cluster, origin, server)
}

fn state(origin: &mut Origin, title: &str, now: Timestamp) -> Files {
    let line = record("a", title).to_line().unwrap();
    origin.publish([line.bytes()], now)
}

#[tokio::test]
async fn a_number_that_only_a_wrong_clock_could_believe_is_let_go_of_when_the_clock_is_right() {
    let (cluster, mut origin, server) = reader_of_an_odd_origin(7, START).await;
    let id = origin.id().clone();
    cluster.clock(0).set(START.plus(DAY * 10));
    server.serve(state(&mut origin, "vorausgeeilt", START.plus(DAY * 5)));
    cluster.ask(0, &id).await;
    assert_eq!(
        cluster.titles(0, "vorausgeeilt").await.len(),
        1,
        "believed by a clock that is ahead"
    );
    // Right again. What the origin signs now is older by its number, for five days.
    let now = START.plus(Duration::from_secs(120));
    cluster.clock(0).set(now);
    server.serve(state(&mut Origin::new("05558024", 7), "gegenwärtig", now));
    // One round lets go, the next takes a first copy.
    cluster.sweep(0).await;
    cluster.sweep(0).await;
    assert_eq!(cluster.titles(0, "gegenwärtig").await.len(), 1);
    assert_eq!(cluster.titles(0, "vorausgeeilt").await.len(), 0);
    assert_eq!(cluster.error(0, &id), "");
    cluster.check().await;
}

#[tokio::test]
async fn a_clock_that_is_behind_brings_no_old_state_back() {
    let before = START.minus(DAY * 4);
    let (cluster, mut origin, server) = reader_of_an_odd_origin(8, START).await;
    let id = origin.id().clone();
    let held = cluster.seq(0, &id).await;
    // By this clock the state held comes from the future; the others say that the clock is wrong.
    cluster.clock(0).set(START.minus(DAY * 3));
    server.serve(state(&mut Origin::new("05558024", 8), "alt", before));
    for _ in 0..3 {
        cluster.sweep(0).await;
    }
    assert_eq!(cluster.seq(0, &id).await, held);
    assert_eq!(cluster.titles(0, "erster").await.len(), 1);
    server.serve(state(&mut origin, "neuer", START.plus(Duration::from_secs(60))));
    cluster.clock(0).set(START.plus(Duration::from_secs(120)));
    cluster.sweep(0).await;
    assert_eq!(cluster.titles(0, "neuer").await.len(), 1);
    cluster.check().await;
}

#[tokio::test]
async fn a_clock_that_jumps_by_years_makes_no_node_forget_what_it_signed() {
    let mut cluster = Cluster::new();
    let (own, peer) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(own, peer, false).await;
    cluster.publish(peer, &[record("p", "Backen")]).await.unwrap();
    cluster.publish(own, &[record("a", "Lesen")]).await.unwrap();
    cluster.sync_until_quiet().await;
    let id = cluster.id(own).clone();
    let old = cluster.state(peer, &id).await.unwrap().head;
    cluster.publish(own, &[record("b", "Kochen")]).await.unwrap();
    cluster.sweep(own).await;
    // Ten years ahead, and the peers say so. Everything that is done on schedule is done.
    let now = cluster.clock(own).now();
    cluster.clock(own).set(START.plus(DAY * 3650));
    cluster.sweep(own).await;
    cluster.app(own).purge().await.unwrap();
    cluster.clock(own).set(now);
    // A peer that has not caught up tells of the older state: that is no second installation.
    let keys = [cluster.key(own).clone()];
    let head = Head::verify_held(&old, &id, Feed::Offers, &keys).unwrap();
    assert_eq!(cluster.app(own).hear_own(&head, None).await.unwrap(), Verdict::Known);
    assert_eq!(cluster.app(own).hold(), None);
}

#[tokio::test]
async fn the_coverage_of_the_answer_before_is_believed_only_while_nothing_happens() {
    let mut origin = Origin::new("05558012", 1);
    let line = record("a", "Lesen üben").to_line().unwrap();
    let server = Liar::with(origin.publish([line.bytes()], START)).await;
    let mut cluster = Cluster::new();
    let follower = cluster.add("05558016").await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(follower, origin.id(), origin.key().clone(), url, false).await;
    cluster.sweep(follower).await;
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    // The clock stands still. Something is written.
    let (id, now) = (origin.id().clone(), cluster.clock(follower).now());
    let store = cluster.app(follower).store().clone();
    let dropped = store.write(Durability::Process, move |tx| {
        tx.drop_replica(&id, Feed::Offers, &Actor::Operator, now)
    });
    dropped.await.unwrap();
    assert_eq!(cluster.coverage(follower).await, (1, 2, vec!["never".to_owned()]));
    // It is fetched and indexed again.
    cluster.app(follower).sync().hurry();
    cluster.sweep(follower).await;
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    // A peer is heard of.
    let head = origin.sign(origin.head().seq + 1, Hash::of(b"nowhere"), START, HEAD_LIFE);
    assert_eq!(cluster.post(follower, "/ping", head).await.status, 202);
    assert_eq!(cluster.coverage(follower).await, (1, 2, vec!["behind".to_owned()]));
    cluster.check().await;
}
