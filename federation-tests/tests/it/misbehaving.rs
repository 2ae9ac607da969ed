//! Origins that sign what they must not: two states with one number, older states, states that break rules.

use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::liar::Liar;
use engagement_federation_tests::origin::Origin;
use engagement_federation_tests::records::{record, records};
use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::index::SliceRef;
use engagement_protocol::opportunity::Opportunity;

fn lines(records: &[Opportunity]) -> Vec<Vec<u8>> {
    records.iter().map(|record| record.to_line().unwrap().bytes().to_vec()).collect()
}

fn slices(lines: &[Vec<u8>]) -> impl Iterator<Item = &[u8]> {
    lines.iter().map(Vec::as_slice)
}

/// A follower of an origin that a test signs for, which holds the origin's first state.
async fn follower(origin: &mut Origin) -> (Cluster, usize, Liar) {
    let first = lines(&records("erst", 5));
    let server = Liar::with(origin.publish(slices(&first), START)).await;
    let mut cluster = Cluster::new();
    let at = cluster.add("05558016").await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(at, origin.id(), origin.key().clone(), url, false).await;
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.titles(at, "").await.len(), 5);
    (cluster, at, server)
}

#[tokio::test]
async fn two_states_with_one_number_are_proved_and_the_first_is_kept() {
    let mut origin = Origin::new("05558012", 1);
    let (cluster, at, server) = follower(&mut origin).await;
    let first = origin.head().clone();
    let mut twin = Origin::new("05558012", 1);
    let other = lines(&records("zweit", 5));
    server.serve(twin.publish(slices(&other), START));
    assert_eq!((twin.head().seq, twin.head().index == first.index), (first.seq, false));
    cluster.sweep(at).await;
    assert!(
        cluster.error(at, origin.id()).contains("Beweis"),
        "{}",
        cluster.error(at, origin.id())
    );
    let status = cluster.status(at).await;
    assert_eq!(status.alarms.len(), 1);
    assert!(status.alarms[0].contains("05558012"), "{:?}", status.alarms);
    assert_eq!(cluster.seq(at, origin.id()).await, Some(first.seq));
    assert_eq!(cluster.titles(at, "erst").await.len(), 5);
    // A third party can check the proof with the key alone.
    let database = rusqlite::Connection::open(cluster.path(at).join("node.db")).unwrap();
    let (one, two): (Vec<u8>, Vec<u8>) = database
        .query_row("SELECT first, second FROM equivocation", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let verify = |note: &[u8]| {
        Head::verify(note, origin.id(), Feed::Offers, &[origin.key().clone()], START).unwrap()
    };
    let (one, two) = (verify(&one), verify(&two));
    assert_eq!((one.seq, one.index), (two.seq, first.index));
    assert_ne!(one.index, two.index);
    cluster.check().await;
    // A higher number proceeds; the alarm stays for a person to look at.
    server.serve(twin.publish(slices(&other), START.plus(Duration::from_secs(1))));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 5);
    assert_eq!(cluster.titles(at, "zweit").await.len(), 5);
    assert_eq!(cluster.status(at).await.alarms.len(), 1);
    cluster.check().await;
}

#[tokio::test]
async fn an_older_state_is_refused_and_its_origin_told_what_it_signed() {
    let mut origin = Origin::new("05558012", 1);
    let (cluster, at, server) = follower(&mut origin).await;
    let old = origin.files();
    let newer = lines(&records("neu", 7));
    server.serve(origin.publish(slices(&newer), START.plus(Duration::from_secs(5))));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "neu").await.len(), 7);
    let held = cluster.state(at, origin.id()).await.unwrap();
    server.serve(old);
    drop(server.take_seen());
    cluster.sweep(at).await;
    assert!(cluster.error(at, origin.id()).contains("älteren Stand"));
    assert_eq!(cluster.state(at, origin.id()).await.unwrap(), held);
    assert_eq!(cluster.titles(at, "neu").await.len(), 7);
    let seen = server.take_seen();
    let ping = seen.iter().find(|seen| seen.path == "/ping").expect("the origin is told");
    assert_eq!((ping.method.as_str(), &ping.sent), ("POST", &held.head));
    cluster.check().await;
}

#[tokio::test]
async fn a_state_that_breaks_a_rule_is_refused_once_and_not_fetched_again() {
    let mut origin = Origin::new("05558012", 1);
    let (cluster, at, server) = follower(&mut origin).await;
    let held = cluster.seq(at, origin.id()).await;
    let line = |id: &str| record(id, id).to_line().unwrap().bytes().to_vec();
    let (mut a, mut b) = (line("a"), line("b"));
    if Hash::of(b"a") < Hash::of(b"b") {
        std::mem::swap(&mut a, &mut b);
    }
    let joined = |parts: &[&[u8]]| parts.join(&b'\n');
    let broken: [(&str, Vec<u8>); 5] = [
        ("disorder", joined(&[&a, &b, b""])),
        ("twice", joined(&[&a, &a, b""])),
        ("open end", a.clone()),
        ("empty line", joined(&[&a, b"", b""])),
        ("no id", b"{\"title\":\"x\"}\n".to_vec()),
    ];
    for (at_number, (name, slice)) in (1..).zip(broken) {
        let seq = START.as_ms() + at_number;
        let reference = SliceRef::to(&slice);
        let index = format!("{} {}\n", reference.hash, reference.length);
        server.serve(origin.sign_objects(seq, index.as_bytes(), &[slice], START));
        cluster.sweep(at).await;
        assert!(cluster.error(at, origin.id()).contains("Regel"), "{name}");
        drop(server.take_seen());
        cluster.sweep(at).await;
        let objects = server.take_seen().iter().filter(|seen| seen.path.starts_with("/o/")).count();
        assert_eq!(objects, 0, "{name}: not fetched again");
        assert_eq!(cluster.seq(at, origin.id()).await, held, "{name}");
        assert_eq!(cluster.titles(at, "erst").await.len(), 5, "{name}");
        cluster.check().await;
    }
    for index in ["", "\n", "x 1\n", &format!("{} 007\n", Hash::of(b"x"))] {
        let seq = START.as_ms() + 100 + u64::try_from(index.len()).unwrap();
        server.serve(origin.sign_objects(seq, index.as_bytes(), &[], START));
        cluster.sweep(at).await;
        assert!(!cluster.error(at, origin.id()).is_empty(), "{index:?}");
        assert_eq!(cluster.seq(at, origin.id()).await, held, "{index:?}");
        cluster.check().await;
    }
    // The next good state heals everything.
    let good = lines(&records("gut", 4));
    server.serve(origin.publish(slices(&good), START.plus(Duration::from_secs(9))));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 4);
    assert_eq!(cluster.error(at, origin.id()), "");
    cluster.check().await;
}
