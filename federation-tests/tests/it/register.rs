//! A register decides whom others follow, and the local operator decides more.

use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::liar::{Liar, Reply};
use engagement_federation_tests::origin::Origin;
use engagement_federation_tests::records::records;
use engagement_node::config::anchors::Anchor;
use engagement_node::store::Durability;
use engagement_protocol::key::SigningKey;
use engagement_protocol::register::anchor::AnchorNote;
use engagement_protocol::register::{Row, Status};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A reader that believes the Land; the Land lists the Kreis and Aachen, the Kreis its town.
struct State {
    cluster: Cluster,
    reader: usize,
    land: usize,
    kreis: usize,
    town: usize,
}

async fn state() -> State {
    let mut cluster = Cluster::new();
    let reader = cluster.add("05334002").await;
    let (land, kreis) = (cluster.add("05").await, cluster.add("05558").await);
    let town = cluster.add("05558012").await;
    cluster.publish(town, &records("vorlesen", 3)).await.unwrap();
    cluster.publish(kreis, &records("musizieren", 2)).await.unwrap();
    cluster.publish(land, &[]).await.unwrap();
    cluster.list(kreis, &[cluster.row(town)]).await;
    cluster.list(land, &[Row { register: true, ..cluster.row(kreis) }]).await;
    cluster.believe(reader, land).await;
    cluster.sync_until_quiet().await;
    State { cluster, reader, land, kreis, town }
}

#[tokio::test]
async fn one_anchor_is_enough_for_the_whole_state() {
    let State { cluster, reader, land, kreis, town } = state().await;
    assert_eq!(cluster.titles(reader, "").await.len(), 5);
    assert_eq!(cluster.get(land, "/f/members/head").await.status, 200);
    assert_eq!(cluster.get(reader, "/n/05/members/head").await.status, 200, "and relays it");
    assert_eq!(cluster.get(town, "/f/members/head").await.status, 404, "the town keeps none");
    // Whoever keeps a register follows whom it lists.
    assert_eq!(cluster.titles(land, "").await.len(), 5);
    assert_eq!(cluster.titles(kreis, "").await.len(), 5);
    assert!(cluster.status(reader).await.alarms.is_empty());
    // A new town appears by the register's word alone.
    let mut cluster = cluster;
    let new = cluster.add("05558016").await;
    cluster.publish(new, &records("radfahren", 4)).await.unwrap();
    cluster.list(kreis, &[cluster.row(new)]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(reader, "radfahren").await.len(), 4);
}

#[tokio::test]
async fn a_suspended_node_disappears_at_once_and_is_kept_as_evidence() {
    let State { cluster, reader, kreis, town, .. } = state().await;
    let id = cluster.id(town).clone();
    let held = cluster.state(reader, &id).await.unwrap();
    let object = format!("/o/{}", engagement_protocol::hash::Hash::of(&held.index));
    let paths = [format!("/n/{id}/offers/head"), format!("/n/{id}/node"), object];
    for path in &paths {
        assert_eq!(cluster.get(reader, path).await.status, 200, "{path}");
    }
    let row = cluster.row(town);
    cluster.list(kreis, &[Row { status: Status::Suspended, ..row.clone() }]).await;
    cluster.sweep(reader).await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 0);
    let page = format!("/api/v1/opportunities/{id}/vorlesen-0");
    assert_eq!(cluster.get(reader, &page).await.status, 404);
    for path in &paths {
        assert_eq!(cluster.get(reader, path).await.status, 404, "{path}");
    }
    assert_eq!(cluster.post(reader, "/ping", held.head.clone()).await.status, 404);
    assert!(cluster.keeps(reader, &id).await);
    cluster.check().await;
    // Its own operator is told.
    let mut cluster = cluster;
    cluster.believe(town, kreis).await;
    cluster.sync_until_quiet().await;
    let alarms = cluster.status(town).await.alarms;
    assert!(alarms.iter().any(|alarm| alarm.contains("gesperrt")), "{alarms:?}");
    // It stays so over a restart, and what was kept is shown again when the register says so.
    cluster.stop(reader).await;
    cluster.start(reader).await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 0);
    cluster.list(kreis, &[row]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3);
}

#[tokio::test]
async fn a_node_that_has_left_is_kept_for_thirty_days() {
    let State { cluster, reader, kreis, town, .. } = state().await;
    let id = cluster.id(town).clone();
    cluster.list(kreis, &[Row { status: Status::Left, ..cluster.row(town) }]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3);
    cluster.advance(DAY * 29);
    cluster.tend().await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3);
    cluster.advance(DAY);
    cluster.tend().await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 0);
    assert!(!cluster.keeps(reader, &id).await);
    cluster.check().await;
}

#[tokio::test]
async fn a_suspended_register_takes_its_towns_with_it_after_a_fortnight_and_an_alarm() {
    let State { cluster, reader, land, kreis, town } = state().await;
    let id = cluster.id(town).clone();
    let row = Row { register: true, status: Status::Suspended, ..cluster.row(kreis) };
    cluster.list(land, &[row]).await;
    cluster.sweep(reader).await;
    assert_eq!(
        cluster.titles(reader, "musizieren").await.len(),
        0,
        "the register itself is hidden"
    );
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3, "its town is not");
    let alarms = cluster.status(reader).await.alarms;
    assert!(alarms.iter().any(|alarm| alarm.contains(id.as_str())), "{alarms:?}");
    for (days, kept) in [(14, true), (29, true), (1, false)] {
        cluster.advance(DAY * days);
        cluster.tend().await;
        assert_eq!(cluster.keeps(reader, &id).await, kept, "{days} days later");
    }
    cluster.check().await;
}

#[tokio::test]
async fn a_register_is_believed_for_its_own_prefix_alone() {
    let mut cluster = Cluster::new();
    let (reader, kreis) = (cluster.add("05334002").await, cluster.add("05558").await);
    let foreign = cluster.add("05554016").await;
    cluster.publish(foreign, &records("fremd", 2)).await.unwrap();
    cluster.list(kreis, &[cluster.row(foreign)]).await;
    cluster.believe(reader, kreis).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(reader, "").await.len(), 0);
    assert_eq!(cluster.seq(reader, &cluster.id(foreign).clone()).await, None);
    let notes = cluster.status(reader).await.notes;
    assert!(notes.iter().any(|note| note.contains("nicht zuständig")), "{notes:?}");
    // The Kreis itself does not follow beyond its own prefix either.
    assert_eq!(cluster.titles(kreis, "").await.len(), 0);
}

#[tokio::test]
async fn blocks_and_pins_go_before_every_register() {
    let State { mut cluster, reader, kreis, town, .. } = state().await;
    let id = cluster.id(town).clone();
    let honest = cluster.app(town).key();
    // The register gives the town another key; a pin does not care.
    cluster.follow(reader, town, Reach::Node(town), false).await;
    let thief = Origin::new(id.as_str(), 9);
    cluster.list(kreis, &[Row { keys: vec![thief.key().clone()], ..cluster.row(town) }]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.accepted_keys(reader, &id), [honest]);
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3);
    let notes = cluster.status(reader).await.notes;
    assert!(notes.iter().any(|note| note.contains("05558") && note.contains("peers")), "{notes:?}");
    cluster.block(reader, std::slice::from_ref(&id)).await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 0);
    assert!(!cluster.keeps(reader, &id).await);
    assert_eq!(
        cluster.post(reader, "/ping", cluster.state(town, &id).await.unwrap().head).await.status,
        404
    );
    cluster.check().await;
}

#[tokio::test]
async fn a_stolen_key_is_healed_by_one_row() {
    let State { mut cluster, reader, kreis, town, .. } = state().await;
    let id = cluster.id(town).clone();
    // The thief has the town's key, moves its numbers a day ahead and empties it.
    let secret = std::fs::read_to_string(cluster.path(town).join("node.key")).unwrap();
    let stolen = SigningKey::from_secret_text(secret.trim()).unwrap();
    let mut thief = Origin::with_key(stolen);
    let far = START.plus(Duration::from_secs(24 * 3600 - 1));
    let emptied = thief.publish([], START);
    let index = emptied[&format!("/o/{}", thief.head().index)].clone();
    let server = Liar::with(thief.sign_objects(far.as_ms(), &index, &[], START)).await;
    // Its clock is right: otherwise the register would doubt its own, and sign nothing.
    server.lie(|_, truth| Reply::of(truth).header("date", "Fri, 02 Jan 2026 01:00:00 GMT"));
    let row = Row { url: Some(server.url().to_owned()), ..cluster.row(town) };
    cluster.list(kreis, std::slice::from_ref(&row)).await;
    cluster.advance(Duration::from_secs(3600));
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 0, "a stolen key can empty a feed");
    assert_eq!(cluster.seq(reader, &id).await, Some(far.as_ms()));
    // The town makes a new key; the register changes one row.
    let key = cluster.app(town).rotate_key(true).await.unwrap();
    let url = Some(cluster.url(town).to_owned());
    cluster.list(kreis, &[Row { keys: vec![key.clone()], url, ..row }]).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.accepted_keys(reader, &id), [key]);
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3);
    assert_eq!(cluster.coverage(reader).await.2, [""; 0], "the thief's number is forgotten");
    // The thief's feed is refused from now on.
    cluster.follow(reader, kreis, Reach::Url(server.url().to_owned()), true).await;
    cluster.sweep(reader).await;
    assert_eq!(cluster.titles(reader, "vorlesen").await.len(), 3);
    cluster.check().await;
}

#[tokio::test]
async fn half_a_register_waits_for_a_person() {
    let mut cluster = Cluster::new();
    let (reader, kreis) = (cluster.add("05334002").await, cluster.add("05558").await);
    let towns = ["05558004", "05558008", "05558012", "05558020"];
    let row = |id: &str, status| {
        let key = Origin::new(id, 1).key().clone();
        let id = id.parse().unwrap();
        let name = "Stadt".to_owned();
        Row { id, name, keys: vec![key], url: None, status, register: false, successor: None }
    };
    cluster.list(kreis, &towns.map(|id| row(id, Status::Active))).await;
    cluster.believe(reader, kreis).await;
    cluster.sync_until_quiet().await;
    let followed = |cluster: &Cluster| {
        let towns =
            towns.iter().map(|id| cluster.accepted_keys(reader, &id.parse().unwrap()).len());
        towns.sum::<usize>()
    };
    assert_eq!(followed(&cluster), 4);
    cluster
        .list(kreis, &[row(towns[0], Status::Suspended), row(towns[1], Status::Suspended)])
        .await;
    cluster.sync_until_quiet().await;
    assert_eq!(followed(&cluster), 4, "not believed");
    let alarms = cluster.status(reader).await.alarms;
    assert!(alarms.iter().any(|alarm| alarm.contains("register accept 05558")), "{alarms:?}");
    // The feed itself is held as its origin signed it.
    let members = cluster.app(reader).store().read(|tx| tx.feeds()).await.unwrap();
    let seq = members.iter().find(|s| s.feed.as_str() == "members").unwrap().seq;
    let id = cluster.id(kreis).clone();
    cluster.confirm(reader, &id, seq).await;
    assert_eq!(followed(&cluster), 2);
    assert!(cluster.status(reader).await.alarms.is_empty());
}

#[tokio::test]
async fn an_anchors_key_is_set_by_its_recovery_key() {
    let State { mut cluster, reader, land, .. } = state().await;
    let recovery = SigningKey::from_seed("05".parse().unwrap(), &[77; 32]);
    let appoint = |cluster: &Cluster, seconds: u64| {
        let issued = START.plus(Duration::from_secs(seconds));
        let keys = vec![cluster.app(land).key()];
        AnchorNote { node: "05".parse().unwrap(), keys, issued }.sign(&recovery).unwrap()
    };
    let publish = async |cluster: &Cluster, seconds| {
        let note = appoint(cluster, seconds);
        let node = note.node.clone();
        let set = cluster.app(land).store().write(Durability::Full, move |tx| {
            tx.set_anchor_note(&node, note.bytes(), note.issued)
        });
        assert!(set.await.unwrap());
    };
    // A new installation knows the recovery key alone.
    let fresh = cluster.add("05558016").await;
    let anchor = Anchor {
        id: "05".parse().unwrap(),
        url: Some(cluster.url(land).to_owned()),
        key: None,
        recovery: Some(recovery.verifier().clone()),
        relay: false,
    };
    cluster.believe_anchor(fresh, anchor).await;
    cluster.tend().await;
    assert!(cluster.accepted_keys(fresh, cluster.id(land)).is_empty(), "nothing was said yet");
    publish(&cluster, 1).await;
    cluster.tend().await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(fresh, "").await.len(), 5);
    // The working key is lost: the note of the safe is enough.
    let key = cluster.app(land).rotate_key(true).await.unwrap();
    // A relay may have been asked first, which holds the state before.
    cluster.sweep(fresh).await;
    let of = cluster.id(land).clone();
    cluster.ask(fresh, &of).await;
    cluster.ask(fresh, &of).await;
    let said = cluster.error(fresh, &of);
    assert!(said.contains("Schlüssel"), "{said:?}");
    publish(&cluster, 2).await;
    cluster.tend().await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.accepted_keys(fresh, cluster.id(land)), [key]);
    assert_eq!(cluster.error(fresh, cluster.id(land)), "");
    assert_eq!(cluster.titles(fresh, "").await.len(), 5);
    // Whoever has only the old key written down goes on with what it holds.
    assert_eq!(cluster.titles(reader, "").await.len(), 5);
    assert!(cluster.error(reader, cluster.id(land)).contains("Schlüssel"));
}
