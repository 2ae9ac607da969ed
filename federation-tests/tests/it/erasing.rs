//! Erased at once, and for good: no replaced object, no backup, no restored database brings it back.

use std::time::Duration;

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::process::{Home, wait_until};
use engagement_federation_tests::records::{record, records};
use engagement_node::store::draft::Status;
use engagement_node::store::{Durability, StoreError, backup};
use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, RecordId};

use super::removing::files_with;

const MARKER: &str = "Zyxwvutinnen";
const STEM: &str = "zyxwvut";

async fn erase(cluster: &Cluster, at: usize, id: &str) {
    let (id, now): (RecordId, _) = (id.parse().unwrap(), cluster.app(at).clock().now());
    let erased = cluster.app(at).store().write(Durability::Full, move |tx| {
        tx.erase_soon(&id)?;
        tx.end_draft(&id, Status::Withdrawn, now).map(drop)
    });
    erased.await.map_err(|error: StoreError| error).unwrap();
    cluster.app(at).publish().await.unwrap();
    cluster.app(at).purge_soon();
    cluster.app(at).purge().await.unwrap();
}

#[tokio::test]
async fn erasing_keeps_no_replaced_object_and_readers_find_the_new_state() {
    let mut cluster = Cluster::new();
    let (origin, reader) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, reader, false).await;
    cluster.publish(origin, &records("lesen", 4)).await.unwrap();
    cluster.publish(origin, &[record("weg", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    let before = cluster.get(origin, "/f/offers/head").await;
    let old = Head::peek(&before.body).unwrap();
    assert_eq!(cluster.get(origin, &format!("/o/{}", old.index)).await.status, 200);
    cluster.sync_until_quiet().await;
    // An earlier change of the record left its text in a replaced object.
    let changed = record("weg", &format!("Anders mit {MARKER}"));
    cluster.publish(origin, &[changed]).await.unwrap();
    assert!(!files_with(cluster.path(origin), STEM).is_empty());
    erase(&cluster, origin, "weg").await;
    assert_eq!(files_with(cluster.path(origin), STEM), [""; 0], "not ten minutes later: now");
    assert_eq!(cluster.get(origin, &format!("/o/{}", old.index)).await.status, 404);
    // Whoever was in the middle of a transfer gets 404, reads the head again, and is complete.
    cluster.sweep(reader).await;
    assert_eq!(cluster.titles(reader, "").await.len(), 4);
    assert_eq!(cluster.error(reader, &cluster.id(origin).clone()), "");
    cluster.purge().await;
    assert_eq!(files_with(cluster.path(reader), STEM), [""; 0]);
    // The next ordinary withdrawal keeps its objects again.
    cluster.withdraw(origin, &["lesen-0"]).await;
    let old = Head::peek(&cluster.get(origin, "/f/offers/head").await.body).unwrap();
    cluster.withdraw(origin, &["lesen-1"]).await;
    assert_eq!(cluster.get(origin, &format!("/o/{}", old.index)).await.status, 200);
    cluster.check().await;
}

#[tokio::test]
async fn another_feed_that_is_published_in_between_does_not_end_the_erasing() {
    let mut cluster = Cluster::new();
    let (origin, peer) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, peer, false).await;
    cluster.publish(peer, &records("dort", 2)).await.unwrap();
    cluster.publish(origin, &records("lesen", 4)).await.unwrap();
    cluster.publish(origin, &[record("weg", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    let app = cluster.app(origin);
    let (id, now): (RecordId, _) = ("weg".parse().unwrap(), app.clock().now());
    let erased = app.store().write(Durability::Full, move |tx| {
        tx.erase_soon(&id)?;
        tx.end_draft(&id, Status::Withdrawn, now).map(drop)
    });
    erased.await.map_err(|error: StoreError| error).unwrap();
    // The list of what this node holds goes out before the offers do.
    cluster.sweep(origin).await;
    cluster.advance(Duration::from_secs(10));
    assert!(app.publish_heads().await.unwrap());
    app.publish().await.unwrap();
    app.purge_soon();
    app.purge().await.unwrap();
    assert_eq!(files_with(cluster.path(origin), STEM), [""; 0]);
}

#[tokio::test]
async fn what_was_erased_after_the_backup_stays_erased_after_the_restore() {
    let mut cluster = Cluster::new();
    for id in ["05558012", "05558016"] {
        cluster.add(id).await;
    }
    cluster.connect(0, 1, false).await;
    cluster.publish(0, &records("lesen", 3)).await.unwrap();
    cluster.publish(0, &[record("weg", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    cluster.sync_until_quiet().await;
    let kept = tempfile::tempdir().unwrap();
    let file = kept.path().join("backup");
    let database = cluster.path(0).join("node.db");
    backup::write(&database, &file, &[], cluster.app(0).clock().now()).unwrap();
    cluster.advance(Duration::from_secs(60));
    erase(&cluster, 0, "weg").await;
    cluster.sync_until_quiet().await;
    cluster.purge().await;
    cluster.advance(Duration::from_secs(60));
    cluster.stop(0).await;
    backup::put_back(&file, &database).unwrap();
    std::fs::remove_dir_all(cluster.path(0).join("index")).unwrap();
    cluster.start(0).await;
    for at in 0..2 {
        assert_eq!(cluster.titles(at, MARKER).await.len(), 0, "node {at}");
        assert_eq!(cluster.titles(at, "").await.len(), 3, "node {at}");
    }
    let published = cluster.publish(0, &[record("neu", "Danach")]).await.unwrap();
    assert!(published.is_some());
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(1, MARKER).await.len(), 0);
    assert_eq!(files_with(cluster.path(1), STEM), [""; 0], "it never left the restored node");
    // After seven days nothing of it is left there either.
    cluster.advance(engagement_protocol::signing::WITHHELD);
    cluster.purge().await;
    cluster.advance(Duration::from_secs(600));
    cluster.purge().await;
    assert_eq!(files_with(cluster.path(0), STEM), [""; 0]);
    let id = cluster.id(0).clone();
    let held = cluster
        .app(0)
        .store()
        .read(move |tx| tx.record(&id, Feed::Offers, &"weg".parse().unwrap()));
    assert_eq!(held.await.unwrap(), None);
}

#[tokio::test]
async fn a_backup_holds_none_of_the_others_opportunities_and_nothing_that_is_going() {
    let mut cluster = Cluster::new();
    for id in ["05558012", "05558016"] {
        cluster.add(id).await;
    }
    cluster.connect(0, 1, false).await;
    cluster.publish(1, &[record("fremd", "Bei den Nachbarn Qwrtzpinnen")]).await.unwrap();
    cluster.publish(0, &[record("weg", &format!("Vorlesen mit {MARKER}"))]).await.unwrap();
    cluster.publish(0, &[record("bleibt", "Eigenes Bxtlminnen")]).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster.withdraw(0, &["weg"]).await;
    let kept = tempfile::tempdir().unwrap();
    let file = kept.path().join("backup");
    let database = cluster.path(0).join("node.db");
    backup::write(&database, &file, &[], cluster.app(0).clock().now()).unwrap();
    assert_eq!(files_with(kept.path(), "bxtlminnen").len(), 1, "what is ours is in it");
    assert_eq!(files_with(kept.path(), "qwrtzpinnen"), [""; 0]);
    assert_eq!(files_with(kept.path(), STEM), [""; 0], "served for ten more minutes, not saved");
}

#[test]
fn backup_restore_and_recover_from_the_command_line() {
    use std::os::unix::fs::PermissionsExt as _;
    let (town, helper) = (Home::init("05558012"), Home::init("05558016"));
    let import = super::commands::file(&town, "gruppe", 5);
    let _printed = town.expect(&["import", &import]);
    let served = town.serve();
    let helping = helper.serve();
    helper.follow(&town, &served.url);
    let total = |home: &Home| home.json(&["search", "vorlesen", "--json"])["total"].as_u64();
    wait_until("the helper holds all", || total(&helper) == Some(5));
    // One file, readable by its owner alone, taken while the node serves.
    let file = town.path().join("sicherung").display().to_string();
    let said = town.expect(&["backup", &file]);
    assert!(said.contains("5 eigene Angebote") && said.contains("privaten Schlüssel"), "{said}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let refused = town.run(&["restore", &file]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("läuft bereits"), "{}", refused.err);
    let gone = town.list()[0]["id"].as_str().unwrap().to_owned();
    let erased = town.expect(&["withdraw", &gone, "--erase"]);
    assert!(erased.contains("1 zurückgezogen"), "{erased}");
    wait_until("the helper drops it", || total(&helper) == Some(4));
    assert_eq!(served.terminate(), Some(0));
    let said = town.expect(&["restore", &file]);
    assert!(said.contains("Ersetzt wird") && said.contains("Zurückgespielt"), "{said}");
    assert!(said.contains("node.key"), "the key stays: {said}");
    assert_eq!(total(&town), Some(5), "as the backup has it, until the node starts");
    // The disk is lost; the key was kept elsewhere.
    let lost = tempfile::tempdir().unwrap();
    for name in ["node.key", "seal.key"] {
        std::fs::copy(town.path().join(name), lost.path().join(name)).unwrap();
    }
    let clock = engagement_node::clock::SystemClock::new();
    let recovered = engagement_federation_tests::process::run(
        std::process::Command::new(engagement_federation_tests::process::program())
            .args(["recover", "--id", "05558012", "--from", &helping.url, "--allow-loopback"])
            .args(["--listen", "127.0.0.1:0", "--dir"])
            .arg(lost.path()),
    );
    let took = engagement_node::clock::Clock::monotonic(&clock);
    assert_eq!(recovered.code, Some(0), "{}{}", recovered.out, recovered.err);
    assert!(recovered.out.contains("4 eigene Angebote zurückgeholt"), "{}", recovered.out);
    assert!(took < Duration::from_secs(60), "{took:?}");
    // Key and disk are lost: the records are taken over under the old key, for a new one.
    let bare = tempfile::tempdir().unwrap();
    let anew = engagement_federation_tests::process::run(
        std::process::Command::new(engagement_federation_tests::process::program())
            .args(["recover", "--id", "05558012", "--from", &helping.url, "--allow-loopback"])
            .args(["--key", &town.key, "--listen", "127.0.0.1:0", "--dir"])
            .arg(bare.path()),
    );
    assert_eq!(anew.code, Some(0), "{}{}", anew.out, anew.err);
    assert!(anew.out.contains("4 eigene Angebote zurückgeholt"), "{}", anew.out);
    assert!(anew.out.contains("register set-key 05558012"), "{}", anew.out);
}
