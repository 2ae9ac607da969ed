//! Withdrawn is gone: from answers at once, from every file after the purge.

use std::path::Path;
use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::records::{record, records};
use engagement_federation_tests::sim::oracle::erased;
use engagement_node::jobs::timetable;
use engagement_node::store::draft::Status;
use engagement_node::store::{Durability, StoreError};

/// A word that stands in no other record, and what its stem leaves of it.
const MARKER: &str = "Zyxwvutinnen";
const STEM: &str = "zyxwvut";

/// Returns which files below `path` hold `text`, in small or capital letters.
pub(crate) fn files_with(path: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files_with(&entry.path(), text));
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).unwrap().to_ascii_lowercase();
            let text = text.to_ascii_lowercase();
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_withdrawn_record_is_gone_from_every_answer_and_every_file() {
    let mut cluster = Cluster::new();
    for id in ["05558012", "05558", "05334002"] {
        cluster.add(id).await;
    }
    // Origin, relay, and a reader that knows the relay alone.
    cluster.connect(0, 1, true).await;
    cluster.connect(1, 2, true).await;
    cluster.follow(2, 0, Reach::Relays, false).await;
    cluster.publish(0, &records("lesen", 30)).await.unwrap();
    let mut marked = record("weg", &format!("Vorlesen mit {MARKER}"));
    marked.description = format!("Beschreibung {MARKER}");
    cluster.publish(0, &[marked]).await.unwrap();
    cluster.sync_until_quiet().await;
    for at in 0..3 {
        assert_eq!(cluster.titles(at, MARKER).await.len(), 1, "node {at}");
        assert!(!files_with(cluster.path(at), MARKER).is_empty(), "node {at} holds the text");
        assert!(!files_with(cluster.path(at), STEM).is_empty(), "node {at} holds the stem");
    }
    cluster.withdraw(0, &["weg"]).await;
    cluster.sync_until_quiet().await;
    let path = format!("/api/v1/opportunities/{}/weg", cluster.id(0));
    for at in 0..3 {
        assert_eq!(cluster.titles(at, MARKER).await.len(), 0, "node {at}");
        assert_eq!(cluster.titles(at, "").await.len(), 30, "node {at}");
        // The origin can tell gone from never.
        let status = if at == 0 { 410 } else { 404 };
        assert_eq!(cluster.get(at, &path).await.status, status, "node {at}");
    }
    let ids = cluster.app(0).store().read(|tx| tx.drafts()).await.unwrap();
    assert!(ids.iter().all(|draft| (draft.id.as_str() == "weg") == draft.body.is_none()));
    // Copies forget at once; the origin serves the replaced slice for ten more minutes.
    cluster.purge().await;
    for at in 1..3 {
        assert_eq!(files_with(cluster.path(at), STEM), [""; 0], "node {at}");
    }
    cluster.advance(Duration::from_secs(600));
    cluster.purge().await;
    for at in 0..3 {
        assert_eq!(files_with(cluster.path(at), STEM), [""; 0], "node {at}");
        assert_eq!(cluster.titles(at, "lesen").await.len(), 30, "node {at}: the others stay");
    }
    cluster.check().await;
}

#[tokio::test]
async fn a_changed_text_is_gone_from_every_file_too() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &records("lesen", 5)).await.unwrap();
    cluster.publish(origin, &[record("eins", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster.publish(origin, &[record("eins", "Vorlesen mit Kindern")]).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster.advance(Duration::from_secs(600));
    cluster.purge().await;
    for at in [origin, follower] {
        assert_eq!(files_with(cluster.path(at), STEM), [""; 0], "node {at}");
        assert_eq!(cluster.titles(at, "kindern").await.len(), 1, "node {at}");
    }
    cluster.check().await;
}

#[tokio::test]
async fn a_peer_that_is_followed_no_longer_leaves_nothing_behind() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &[record("eins", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    cluster.publish(follower, &records("eigen", 3)).await.unwrap();
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(follower, "").await.len(), 4);
    let id = cluster.id(origin).clone();
    cluster.unfollow(follower, &id).await;
    assert_eq!(cluster.titles(follower, "").await.len(), 3, "gone without a restart");
    assert_eq!(cluster.get(follower, &format!("/n/{id}/offers/head")).await.status, 404);
    assert_eq!(cluster.get(follower, &format!("/n/{id}/node")).await.status, 404);
    cluster.check().await;
    cluster.purge().await;
    assert_eq!(files_with(cluster.path(follower), STEM), [""; 0]);
    assert_eq!(files_with(cluster.path(follower), "ehrenamt@05558012.example"), [""; 0]);
}

#[tokio::test]
async fn a_publication_that_is_broken_off_is_made_up_for_by_the_timetable() {
    let mut cluster = Cluster::new();
    let own = cluster.add("05558012").await;
    cluster.publish(own, &records("lesen", 3)).await.unwrap();
    cluster.publish(own, &[record("weg", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    let app = cluster.app(own);
    let id = "weg".parse().unwrap();
    let withdrawn =
        app.store().write(Durability::Full, move |tx| tx.end_draft(&id, Status::Withdrawn, START));
    assert!(withdrawn.await.unwrap());
    {
        // Asked once and dropped: the transaction is on its way, and nobody waits for it any more.
        let publishing = app.publish();
        tokio::pin!(publishing);
        assert!(futures_util::poll!(publishing).is_pending());
    }
    // The writer takes one job after another: behind this one, the publication is done.
    app.store().write(Durability::Process, |_| Ok::<_, StoreError>(())).await.unwrap();
    assert_eq!(cluster.status(own).await.live, 3);
    let last = app.store().read(|tx| tx.last_change()).await.unwrap();
    assert!(app.index().applied() < last, "the index is behind");
    cluster.advance(Duration::from_secs(600));
    timetable::run_due(app).await;
    assert_eq!(cluster.get(own, "/readyz").await.status, 200);
    assert_eq!(cluster.titles(own, MARKER).await.len(), 0);
    assert_eq!(files_with(cluster.path(own), STEM), [""; 0], "and its traces are purged");
    assert_eq!(cluster.titles(own, "").await.len(), 3);
    cluster.check().await;
}

#[tokio::test]
async fn a_replaced_object_is_served_for_ten_minutes_and_in_no_file_after_that() {
    let mut cluster = Cluster::new();
    let town = cluster.add("05558012").await;
    let marked = record("weg", &format!("Vorlesen mit {MARKER}"));
    cluster.publish(town, &[marked]).await.unwrap();
    let id = cluster.id(town).clone();
    let index = cluster.state(town, &id).await.unwrap().index;
    let index = String::from_utf8(index).unwrap();
    let slices = index.lines().filter_map(|line| line.split_once(' '));
    let path = slices.filter(|(_, length)| *length != "0").map(|(hash, _)| format!("/o/{hash}"));
    let [path] = &path.collect::<Vec<_>>()[..] else { panic!("one slice: {index}") };
    cluster.withdraw(town, &["weg"]).await;
    // Whoever is in the middle of fetching the state before finds it whole.
    for (passed, status) in [(0, 200), (599, 200), (1, 404)] {
        cluster.advance(Duration::from_secs(passed));
        cluster.purge().await;
        assert_eq!(cluster.get(town, path).await.status, status, "after {passed} s more");
    }
    assert_eq!(files_with(cluster.path(town), MARKER), Vec::<String>::new());
}

#[tokio::test]
async fn a_withdrawn_word_stands_in_no_dictionary_of_the_index() {
    let mut cluster = Cluster::new();
    let (town, reader) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.follow(reader, town, Reach::Node(town), false).await;
    // In one segment with others: it stays, and with it the words of what is only marked as deleted.
    let mut together = records("bleibt", 5);
    together.push(record("weg", &format!("Vorlesen mit {MARKER}")));
    cluster.publish(town, &together).await.unwrap();
    cluster.sync_until_quiet().await;
    let knows = |at: usize| {
        let terms = erased::terms(&cluster.path(at).join("index")).unwrap();
        terms.iter().any(|term| term.starts_with(STEM))
    };
    assert!([town, reader].into_iter().all(knows), "the index knows the word");
    cluster.withdraw(town, &["weg"]).await;
    cluster.sync_until_quiet().await;
    cluster.purge().await;
    assert!(![town, reader].into_iter().any(knows), "and forgets it");
    assert_eq!(cluster.titles(reader, "bleibt").await.len(), 5);
}
