//! A key passes on to another without anybody doing anything by hand.

use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::process::{Home, wait_until};
use engagement_federation_tests::records::{record, records};
use engagement_protocol::key::SigningKey;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn the_register_takes_a_new_key_by_itself_and_nobody_misses_an_offer() {
    let mut cluster = Cluster::new();
    let (reader, kreis) = (cluster.add("05334002").await, cluster.add("05558").await);
    let (town, pinned) = (cluster.add("05558012").await, cluster.add("05554016").await);
    cluster.publish(town, &records("alt", 3)).await.unwrap();
    cluster.list(kreis, &[cluster.row(town)]).await;
    cluster.believe(reader, kreis).await;
    // The town hears from somebody what day it is.
    cluster.believe(town, kreis).await;
    cluster.follow(pinned, town, Reach::Node(town), false).await;
    cluster.sync_until_quiet().await;
    let id = cluster.id(town).clone();
    let old = cluster.app(town).key();
    let new = cluster.app(town).rotate_key(false).await.unwrap();
    assert!(cluster.app(town).rotate_key(false).await.is_err(), "one at a time");
    cluster.publish(town, &[record("neu", "Etwas Neues")]).await.unwrap();
    // Nobody has heard of it yet, and everybody can read it.
    for at in [reader, pinned, kreis] {
        cluster.ask(at, &id).await;
        assert_eq!(cluster.titles(at, "").await.len(), 4, "node {at}");
        assert_eq!(cluster.error(at, &id), "", "node {at}");
    }
    cluster.advance(Duration::from_secs(3600));
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.listed(kreis, &id).await.unwrap().keys, [new.clone(), old.clone()]);
    for at in [reader, pinned, kreis] {
        assert_eq!(cluster.accepted_keys(at, &id), [new.clone(), old.clone()], "node {at}");
    }
    // Seven days later the old key counts no more, anywhere.
    for _ in 0..7 {
        cluster.advance(DAY);
        cluster.tend().await;
        cluster.sync_until_quiet().await;
    }
    cluster.tend().await;
    cluster.sync_until_quiet().await;
    for at in [reader, pinned, kreis] {
        assert_eq!(cluster.accepted_keys(at, &id), std::slice::from_ref(&new), "node {at}");
        assert_eq!(cluster.titles(at, "").await.len(), 4, "node {at}");
        assert_eq!(cluster.error(at, &id), "", "node {at}");
    }
    let secret = std::fs::read_to_string(cluster.path(town).join("node.key")).unwrap();
    assert_eq!(secret.lines().count(), 1, "the old secret is gone");
    let notes = cluster.status(pinned).await.notes;
    assert!(notes.iter().any(|note| note.contains(&new.to_string())), "{notes:?}");
    // And once more, after a restart.
    cluster.stop(town).await;
    cluster.start(town).await;
    let third = cluster.app(town).rotate_key(false).await.unwrap();
    cluster.advance(DAY);
    cluster.list(kreis, &[]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.accepted_keys(pinned, &id), [third, new]);
}

#[tokio::test]
async fn a_clock_that_jumps_does_not_end_the_week_in_which_both_keys_sign() {
    let mut cluster = Cluster::new();
    let (town, kreis) = (cluster.add("05558012").await, cluster.add("05558").await);
    let alone = cluster.add("05554016").await;
    cluster.connect(town, kreis, false).await;
    cluster.sync_until_quiet().await;
    let secrets = |cluster: &Cluster, at| {
        let file = std::fs::read_to_string(cluster.path(at).join("node.key")).unwrap();
        file.lines().count()
    };
    for at in [town, alone] {
        cluster.app(at).rotate_key(false).await.unwrap();
        cluster.clock(at).set(START.plus(DAY * 10));
    }
    for at in [town, alone] {
        cluster.app(at).tend_trust().await.unwrap();
    }
    assert_eq!(secrets(&cluster, town), 2, "others say that it is another day");
    assert_eq!(secrets(&cluster, alone), 2, "nobody says what day it is");
    for at in [town, kreis] {
        cluster.clock(at).set(START.plus(DAY * 8));
    }
    cluster.ask(town, &cluster.id(kreis).clone()).await;
    cluster.app(town).tend_trust().await.unwrap();
    assert_eq!(secrets(&cluster, town), 1);
}

#[tokio::test]
async fn a_new_key_that_the_old_one_did_not_sign_is_nobodys() {
    let mut cluster = Cluster::new();
    let (reader, kreis) = (cluster.add("05334002").await, cluster.add("05558").await);
    let town = cluster.add("05558012").await;
    cluster.publish(town, &records("alt", 3)).await.unwrap();
    cluster.list(kreis, &[cluster.row(town)]).await;
    cluster.believe(reader, kreis).await;
    cluster.sync_until_quiet().await;
    let id = cluster.id(town).clone();
    let old = cluster.app(town).key();
    let new = cluster.app(town).rotate_key(true).await.unwrap();
    cluster.publish(town, &records("neu", 2)).await.unwrap();
    cluster.advance(DAY);
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.accepted_keys(reader, &id), [old]);
    assert!(cluster.error(reader, &id).contains("Schlüssel"));
    assert_eq!(cluster.titles(reader, "").await.len(), 3, "the last good state stays");
    // The register's operator reads the new key on the telephone.
    cluster.list(kreis, &[cluster.row(town)]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.accepted_keys(reader, &id), [new]);
    assert_eq!(cluster.titles(reader, "").await.len(), 5);
}

#[test]
fn the_commands_say_which_key_does_what_and_print_no_secret() {
    let town = Home::init("05558012");
    let path = town.path().join("node.key");
    let secrets = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    let before = std::fs::read_to_string(&path).unwrap();
    let server = town.serve();
    let rotated = town.expect(&["rotate-key"]);
    let key = rotated.lines().last().unwrap().to_owned();
    assert_ne!(key, town.key);
    let both = std::fs::read_to_string(&path).unwrap();
    let kept = secrets(&both);
    assert_eq!(kept.len(), 2);
    assert_eq!(SigningKey::from_secret_text(&kept[0]).unwrap().verifier().to_string(), key);
    assert_eq!(kept[1], before.trim());
    let said = town.expect(&["keys"]);
    for word in ["node.key", "seal.key", "Verloren", "set-key", &key, &town.key] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let seal = std::fs::read_to_string(town.path().join("seal.key")).unwrap();
    for secret in kept.iter().map(String::as_str).chain([seal.trim()]) {
        // Base64 may hold a plus as well: the end of it is secret enough.
        let secret = &secret[secret.len() - 20..];
        assert!(!said.contains(secret) && !rotated.contains(secret));
    }
    let again = town.run(&["rotate-key"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("läuft noch bis"), "{}", again.err);
    assert_eq!(server.terminate(), Some(0));
    // The file is gone: the node gets another key without any running node.
    std::fs::remove_file(&path).unwrap();
    assert!(town.expect(&["keys"]).contains("rotate-key --lost"));
    let lost = town.expect(&["rotate-key", "--lost"]);
    let third = lost.lines().last().unwrap();
    assert!(third != key && third != town.key);
    let server = town.serve();
    wait_until("it signs with the third", || {
        town.run(&["check", &server.url, "--key", third]).code == Some(0)
    });
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
