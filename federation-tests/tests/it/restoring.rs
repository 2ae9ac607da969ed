//! A restored backup heals: what is published comes back, what was withdrawn stays away.

use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::records::{record, records};
use engagement_node::feed::FeedError;
use engagement_node::feed::permit::Held;
use engagement_node::store::difference::What;
use engagement_node::store::draft::Status;
use engagement_node::store::{Durability, StoreError, backup};
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::signing::{CACHED, Hold, PATIENCE, WITHHELD};

/// A town and three neighbours that hold its copy.
async fn town() -> Cluster {
    let mut cluster = Cluster::new();
    for id in ["05558012", "05558016", "05558024", "05334002"] {
        cluster.add(id).await;
    }
    for peer in 1..4 {
        cluster.connect(0, peer, false).await;
    }
    cluster.publish(0, &records("alt", 6)).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster
}

/// Takes a backup of a node's database.
fn back_up(cluster: &Cluster, at: usize) -> tempfile::TempDir {
    let kept = tempfile::tempdir().unwrap();
    let (from, to) = (cluster.path(at).join("node.db"), kept.path().join("backup"));
    backup::write(&from, &to, &[], cluster.app(at).clock().now()).unwrap();
    kept
}

/// Stops a node and puts the backup back; the fence stays, as `restore` leaves it.
async fn put_back(cluster: &mut Cluster, at: usize, kept: &tempfile::TempDir) {
    cluster.stop(at).await;
    let to = cluster.path(at).join("node.db");
    backup::put_back(&kept.path().join("backup"), &to).unwrap();
    std::fs::remove_dir_all(cluster.path(at).join("index")).unwrap();
}

async fn differences(cluster: &Cluster) -> Vec<(String, What)> {
    let read = cluster.app(0).store().read(|tx| tx.differences()).await.unwrap();
    read.into_iter().map(|one| (one.id.to_string(), one.what)).collect()
}

#[tokio::test]
async fn what_was_published_comes_back_and_what_was_withdrawn_stays_away() {
    let mut cluster = town().await;
    let kept = back_up(&cluster, 0);
    cluster.advance(Duration::from_secs(3600));
    cluster.publish(0, &[record("neu", "Neu seit der Sicherung")]).await.unwrap();
    let mut changed = record("alt-1", "Geändert seit der Sicherung");
    changed.seats = Some(2);
    cluster.publish(0, &[changed]).await.unwrap();
    cluster.withdraw(0, &["alt-0"]).await;
    cluster.sync_until_quiet().await;
    let before = cluster.titles(1, "").await;
    cluster.advance(Duration::from_secs(3600));
    put_back(&mut cluster, 0, &kept).await;
    cluster.start(0).await;
    // The published state is back before anything was signed, and nobody was told anything new.
    assert_eq!(cluster.titles(0, "").await, before);
    let id = cluster.id(0).clone();
    assert_eq!(cluster.seq(0, &id).await, cluster.seq(1, &id).await);
    let expected = [("alt-0", What::Withheld), ("alt-1", What::Replaced), ("neu", What::Added)];
    let expected = expected.map(|(id, what)| (id.to_owned(), what));
    assert_eq!(differences(&cluster).await, expected);
    assert_eq!(cluster.status(0).await.differences, 3);
    // What follows is published over it, and the others take it: no rollback, no lie.
    cluster.publish(0, &[record("danach", "Nach der Rückkehr")]).await.unwrap();
    cluster.sync_until_quiet().await;
    for at in 0..4 {
        let titles = cluster.titles(at, "").await;
        assert_eq!(titles.len(), 7, "node {at}: {titles:?}");
        assert!(!titles.contains("alt Nummer 0"), "node {at}: withdrawn is gone");
        assert_eq!(cluster.error(at, &id), "", "node {at}");
    }
}

#[tokio::test]
async fn nothing_older_than_what_is_held_is_adopted() {
    let mut cluster = town().await;
    let id = cluster.id(0).clone();
    // One peer sleeps through all that follows: it holds an older state than the backup.
    cluster.stop(1).await;
    cluster.advance(Duration::from_secs(3600));
    cluster.publish(0, &[record("neu", "Vor der Sicherung")]).await.unwrap();
    let kept = back_up(&cluster, 0);
    let held = cluster.seq(0, &id).await;
    cluster.advance(Duration::from_secs(3600));
    cluster.withdraw(0, &["alt-0"]).await;
    cluster.sync_until_quiet().await;
    let newest = cluster.seq(2, &id).await;
    assert!(newest > held);
    cluster.advance(Duration::from_secs(3600));
    put_back(&mut cluster, 0, &kept).await;
    // Who knows better tells, and is gone: only the older state is to be had.
    let node = id.clone();
    let told = cluster.app(2).store().read(move |tx| tx.feed(&node, Feed::Offers)).await.unwrap();
    cluster.stop(2).await;
    cluster.stop(3).await;
    cluster.start(1).await;
    cluster.start(0).await;
    cluster.app(0).ping(&told.unwrap().head).await;
    cluster.app(0).ask_own().await;
    assert_eq!(
        cluster.app(0).hold(),
        Some(Hold::Restored { feed: Feed::Offers, seq: newest.unwrap() })
    );
    assert_eq!(cluster.seq(0, &id).await, held);
    assert_eq!(differences(&cluster).await, []);
    cluster.start(2).await;
    cluster.app(0).ask_own().await;
    assert_eq!(cluster.seq(0, &id).await, newest);
    assert_eq!(differences(&cluster).await, [("alt-0".to_owned(), What::Withheld)]);
}

#[tokio::test]
async fn a_state_that_nobody_has_any_more_is_not_waited_for() {
    let mut cluster = town().await;
    let id = cluster.id(0).clone();
    let kept = back_up(&cluster, 0);
    let held = cluster.seq(0, &id).await;
    let theirs = back_up(&cluster, 1);
    cluster.advance(Duration::from_secs(3600));
    cluster.publish(0, &[record("neu", "Nach der Sicherung")]).await.unwrap();
    cluster.stop(2).await;
    cluster.stop(3).await;
    cluster.sync_until_quiet().await;
    let newest = cluster.seq(1, &id).await.unwrap();
    cluster.advance(Duration::from_secs(3600));
    put_back(&mut cluster, 0, &kept).await;
    // The only peer tells what it holds, and is away before that is fetched; then it is put back itself.
    let node = id.clone();
    let told = cluster.app(1).store().read(move |tx| tx.feed(&node, Feed::Offers)).await.unwrap();
    cluster.stop(1).await;
    cluster.start(0).await;
    let told = Head::verify_held(&told.unwrap().head, &id, Feed::Offers, &[cluster.key(0).clone()]);
    let by = cluster.id(1).clone();
    cluster.app(0).hear_own(&told.unwrap(), Some(&by)).await.unwrap();
    let hold = Some(Hold::Restored { feed: Feed::Offers, seq: newest });
    cluster.advance(CACHED);
    cluster.app(0).ask_own().await;
    assert_eq!(cluster.app(0).hold(), hold, "who is away takes nothing back");
    cluster.start(1).await;
    put_back(&mut cluster, 1, &theirs).await;
    for peer in 1..4 {
        cluster.start(peer).await;
    }
    cluster.app(0).ask_own().await;
    assert_eq!(cluster.app(0).hold(), hold, "who has nothing takes nothing back");
    cluster.sync_until_quiet().await;
    cluster.app(0).ask_own().await;
    assert_eq!(cluster.app(0).hold(), None);
    assert_eq!(cluster.seq(0, &id).await, held);
}

#[tokio::test]
async fn what_was_withdrawn_is_told_from_what_was_over_by_itself() {
    let mut cluster = town().await;
    let mut short = [record("weg", "Zurückgezogen"), record("vorbei", "Von selbst vorbei")];
    short.iter_mut().for_each(|one| one.valid_until = START.day().plus_days(1));
    cluster.publish(0, &short).await.unwrap();
    let kept = back_up(&cluster, 0);
    cluster.advance(Duration::from_secs(3600));
    cluster.withdraw(0, &["weg"]).await;
    cluster.sync_until_quiet().await;
    // The published state is of a day on which neither was over: only one of them can be missing from it.
    cluster.advance(Duration::from_secs(2 * 86_400));
    put_back(&mut cluster, 0, &kept).await;
    cluster.start(0).await;
    assert_eq!(differences(&cluster).await, [("weg".to_owned(), What::Withheld)]);
    let drafts = cluster.app(0).store().read(|tx| tx.drafts()).await.unwrap();
    let status = |id| drafts.iter().find(|draft| draft.id.as_str() == id).unwrap().status;
    assert_eq!(status("weg"), Status::Withdrawn, "nobody prolongs it by mistake");
    assert_eq!(status("vorbei"), Status::Live);
}

#[tokio::test]
async fn nothing_is_signed_before_the_peers_have_told() {
    let mut cluster = town().await;
    let kept = back_up(&cluster, 0);
    cluster.advance(Duration::from_secs(3600));
    cluster.withdraw(0, &["alt-0"]).await;
    cluster.sync_until_quiet().await;
    cluster.advance(Duration::from_secs(3600));
    for peer in 1..4 {
        cluster.stop(peer).await;
    }
    put_back(&mut cluster, 0, &kept).await;
    cluster.start(0).await;
    // Searches are answered, changes are accepted, nothing is signed: the fence knows better than the database.
    assert_eq!(cluster.titles(0, "").await.len(), 6);
    let refused = cluster.publish(0, &[record("neu", "Vorgemerkt")]).await;
    let contradiction = Hold::Contradiction { missing: 3, wanted: 3 };
    assert!(matches!(refused, Err(FeedError::Permit(Held(hold))) if hold == contradiction));
    assert_eq!(cluster.get(0, "/readyz").await.status, 503);
    cluster.advance(PATIENCE * 2);
    assert!(!cluster.app(0).ask_own().await, "an hour of silence is no answer");
    assert_eq!(cluster.app(0).hold(), Some(contradiction));
    // One peer is enough to know better; then what is withheld is not published, what is new is.
    cluster.start(1).await;
    let _released = cluster.app(0).ask_own().await;
    assert_eq!(differences(&cluster).await, [("alt-0".to_owned(), What::Withheld)]);
    cluster.start(2).await;
    cluster.start(3).await;
    assert!(cluster.app(0).ask_own().await, "now everybody has told");
    cluster.app(0).publish().await.unwrap();
    assert_eq!(cluster.get(0, "/readyz").await.status, 200);
    cluster.sync_until_quiet().await;
    for at in 0..4 {
        assert_eq!(cluster.titles(at, "").await.len(), 6, "node {at}");
        assert_eq!(cluster.titles(at, "vorgemerkt").await.len(), 1, "node {at}");
    }
}

#[tokio::test]
async fn a_node_whose_memory_agrees_waits_a_minute_for_silent_peers() {
    let mut cluster = town().await;
    for peer in 1..4 {
        cluster.stop(peer).await;
    }
    cluster.stop(0).await;
    cluster.start(0).await;
    let asking = Hold::Asking { missing: 3, wanted: 3 };
    assert_eq!(cluster.app(0).hold(), Some(asking));
    assert!(cluster.app(0).publish().await.is_err());
    cluster.advance(PATIENCE);
    assert_eq!(cluster.app(0).hold(), None);
    cluster.publish(0, &[record("neu", "Nach einer Minute")]).await.unwrap();
    assert_eq!(cluster.titles(0, "").await.len(), 7);
}

#[tokio::test]
async fn the_operator_can_release_or_erase_what_is_withheld_and_time_erases_it() {
    let mut cluster = town().await;
    let kept = back_up(&cluster, 0);
    cluster.advance(Duration::from_secs(3600));
    cluster.withdraw(0, &["alt-0", "alt-1", "alt-2"]).await;
    cluster.sync_until_quiet().await;
    cluster.advance(Duration::from_secs(3600));
    put_back(&mut cluster, 0, &kept).await;
    cluster.start(0).await;
    assert_eq!(differences(&cluster).await.len(), 3);
    let now = cluster.app(0).clock().now();
    let (released, erased) = ("alt-0".parse().unwrap(), "alt-1".parse().unwrap());
    let decided = cluster.app(0).store().write(Durability::Full, move |tx| {
        Ok::<_, StoreError>((tx.release(&released, now)?, tx.forget_difference(&erased)?))
    });
    assert_eq!(decided.await.unwrap(), (true, true));
    cluster.app(0).publish().await.unwrap();
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(1, "").await.len(), 4, "released everywhere");
    assert_eq!(differences(&cluster).await.len(), 1);
    cluster.advance(WITHHELD - Duration::from_secs(1));
    cluster.purge().await;
    assert_eq!(differences(&cluster).await.len(), 1);
    cluster.advance(Duration::from_secs(1));
    cluster.purge().await;
    assert_eq!(differences(&cluster).await, []);
}

#[tokio::test]
async fn a_thief_who_empties_a_town_while_its_node_is_down_deletes_nothing() {
    let mut cluster = town().await;
    let copy = clone_of(&mut cluster).await;
    cluster.stop(0).await;
    cluster.advance(Duration::from_secs(3600));
    // The thief has the key, and withdraws everything in the town's name.
    cluster.start(copy).await;
    let all: Vec<String> = (0..6).map(|n| format!("alt-{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    cluster.withdraw(copy, &all).await;
    let (id, url) = (cluster.id(0).clone(), cluster.url(copy).to_owned());
    for peer in 1..4 {
        let key = cluster.key(0).clone();
        cluster.follow_key(peer, &id, key, Reach::Url(url.clone()), false).await;
        cluster.sweep(peer).await;
        assert_eq!(cluster.titles(peer, "").await.len(), 0);
    }
    cluster.stop(copy).await;
    cluster.advance(Duration::from_secs(3600));
    cluster.start(0).await;
    // Nothing is shown that is not published, and nothing is lost.
    assert_eq!(differences(&cluster).await.len(), 6);
    assert_eq!(cluster.app(0).disown().await.unwrap(), 6);
    let drafts = cluster.app(0).store().read(|tx| tx.drafts()).await.unwrap();
    assert_eq!(drafts.iter().filter(|draft| draft.body.is_some()).count(), 6);
    assert_eq!(cluster.app(0).hold(), Some(Hold::Disowned), "a new key is demanded");
    cluster.stop(0).await;
    cluster.start(0).await;
    assert_eq!(cluster.app(0).hold(), Some(Hold::Disowned), "after a restart too");
    assert!(cluster.app(0).publish().await.is_err());
    // What the new key signs first is the town's own again, and not the thief's empty feed.
    cluster.app(0).rotate_key(true).await.unwrap();
    assert_eq!(cluster.titles(0, "").await.len(), 6);
}

/// Adds a stopped node with the files of the town: the same key, the same database.
async fn clone_of(cluster: &mut Cluster) -> usize {
    let copy = cluster.add_clone(0).await;
    cluster.stop(copy).await;
    copy
}

#[tokio::test]
async fn the_newest_signature_is_remembered_however_long_nothing_is_published() {
    let cluster = town().await;
    let id = cluster.id(0).clone();
    let state = cluster.state(0, &id).await.unwrap();
    cluster.advance(Duration::from_secs(60 * 24 * 3600));
    cluster.purge().await;
    let index = engagement_protocol::hash::Hash::of(&state.index);
    let known =
        cluster.app(0).store().read(move |tx| tx.has_signed(Feed::Offers, state.seq, index));
    assert!(known.await.unwrap());
}
