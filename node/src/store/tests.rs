//! What the store promises, on real files.

use std::collections::BTreeSet;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::opportunity::Source;
use engagement_protocol::time::Timestamp;

use super::audit::Actor;
use super::draft::{Draft, Status};
use super::{Durability, Store, StoreError, Threading};

const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

fn open(dir: &std::path::Path) -> Result<Store, StoreError> {
    Store::open(&dir.join("node.db"), "05558012", Threading::Own)
}

fn draft(id: &str, text: &str) -> Draft {
    Draft {
        id: id.parse().unwrap(),
        status: Status::Live,
        body: Some(format!(r#"{{"id":"{id}","title":"{text}"}}"#)),
        valid_until: "2030-01-01".parse().unwrap(),
        explicit_end: true,
        source: Source { system: "test".to_owned(), id: id.to_owned() },
        input: Hash::of(text.as_bytes()),
    }
}

#[tokio::test]
async fn what_fails_has_not_happened() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let refused = store
        .write(Durability::Full, |tx| {
            tx.put_draft(&draft("a", "x"), NOW)?;
            tx.audit(NOW, &Actor::Operator, "test", "a", "")?;
            Err::<(), _>(StoreError::Closed)
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Closed)));
    assert_eq!(store.read_here(|tx| tx.drafts()).unwrap(), []);
}

#[test]
fn what_every_search_asks_reads_no_more_than_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    for (statement, first) in [
        (super::change::PUT, "SEARCH r USING INDEX record_change"),
        (super::change::UNSEARCHED, "SEARCH r USING INDEX record_change"),
        (super::feed::SEARCHED, "SEARCH feed USING COVERING INDEX feed_searched"),
        (super::record::BY_ROW, "SEARCH r USING INTEGER PRIMARY KEY"),
    ] {
        let plan = store.read_here(|tx| {
            let mut explained = tx.tx.prepare(&format!("EXPLAIN QUERY PLAN {statement}"))?;
            let steps = explained.raw_query().mapped(|row| row.get::<_, String>("detail"));
            Ok::<_, StoreError>(steps.collect::<Result<Vec<_>, _>>()?)
        });
        let plan = plan.unwrap();
        assert!(plan[0].starts_with(first), "{statement}: {plan:?}");
    }
}

#[tokio::test]
async fn a_reader_cannot_write_and_sees_one_state() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let refused =
        store.read_here(|tx| tx.tx.execute("DELETE FROM draft", []).map_err(StoreError::from));
    assert!(refused.is_err());
}

#[test]
fn refuses_a_database_from_the_future_and_another_nodes() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let other = Store::open(&dir.path().join("node.db"), "05558016", Threading::Own);
    assert!(matches!(other, Err(StoreError::OtherNode { .. })));
    let raw = rusqlite::Connection::open(dir.path().join("node.db")).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    assert!(matches!(open(dir.path()), Err(StoreError::Newer { found: 99, .. })));
    let raw = rusqlite::Connection::open(dir.path().join("node.db")).unwrap();
    let tables: i64 =
        raw.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert!(tables > 10, "nothing was touched");
}

#[tokio::test]
async fn a_withdrawn_text_is_in_no_byte_of_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let marker = "Zwiebelturmpatenschaft";
    store
        .write(Durability::Full, move |tx| {
            tx.put_draft(&draft("a", marker), NOW)?;
            tx.put_draft(&draft("b", "bleibt"), NOW)
        })
        .await
        .unwrap();
    assert!(holds(dir.path(), marker));
    let gone = store
        .write(Durability::Full, |tx| tx.end_draft(&"a".parse().unwrap(), Status::Withdrawn, NOW))
        .await;
    assert!(gone.unwrap());
    assert!(store.checkpoint().await.unwrap());
    assert!(!holds(dir.path(), marker), "secure_delete and the emptied log leave nothing");
    assert!(holds(dir.path(), "bleibt"));
}

#[tokio::test]
async fn changes_are_handed_out_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let own: NodeId = "05558012".parse().unwrap();
    let line = |id: &str| {
        engagement_protocol::slice::Line::read(format!(r#"{{"id":"{id}"}}"#).as_bytes()).unwrap()
    };
    for id in ["a", "b", "c"] {
        let (own, line) = (own.clone(), line(id));
        store
            .write(Durability::Process, move |tx| {
                let begun = super::feed::FeedState::unpublished(own, Feed::Offers, NOW);
                let feed = tx.set_feed(&begun)?;
                let change = tx.next_change()?;
                tx.put_line(feed, &line, change).map(drop)
            })
            .await
            .unwrap();
    }
    let first = store.read_here(|tx| tx.changes(0, 2)).unwrap();
    assert_eq!((first.put.len(), first.up_to), (2, 2));
    let second = store.read_here(|tx| tx.changes(first.up_to, 2)).unwrap();
    assert_eq!((second.put.len(), second.up_to), (1, 3));
    assert!(second.put.iter().all(|changed| changed.local));
    let rows: BTreeSet<_> = first.put.iter().chain(&second.put).map(|c| c.row).collect();
    assert_eq!(rows.len(), 3);
    let (own2, place) = (own.clone(), line("b").place());
    store
        .write(Durability::Process, move |tx| {
            let feed = tx.feed(&own2, Feed::Offers)?.unwrap().row;
            let change = tx.next_change()?;
            tx.remove_line(feed, place, change).map(drop)
        })
        .await
        .unwrap();
    let third = store.read_here(|tx| tx.changes(3, 2)).unwrap();
    assert_eq!((third.put.len(), third.removed.len(), third.up_to), (0, 1, 4));
}

#[tokio::test]
async fn a_rotten_line_is_noticed_on_read_out() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let own: NodeId = "05558012".parse().unwrap();
    let node = own.clone();
    store
        .write(Durability::Full, move |tx| {
            let feed =
                tx.set_feed(&super::feed::FeedState::unpublished(node, Feed::Offers, NOW))?;
            let line = engagement_protocol::slice::Line::read(br#"{"id":"a","x":1}"#).unwrap();
            tx.put_line(feed, &line, 1).map(drop)
        })
        .await
        .unwrap();
    let raw = rusqlite::Connection::open(dir.path().join("node.db")).unwrap();
    raw.execute(r#"UPDATE record SET line = CAST('{"id":"a","x":2}' AS BLOB)"#, []).unwrap();
    let read = store.read_here(|tx| tx.record(&own, Feed::Offers, &"a".parse().unwrap()));
    assert!(matches!(read, Err(StoreError::Damaged(_))));
}

fn holds(dir: &std::path::Path, marker: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(marker.len()).any(|window| window == marker.as_bytes())
    })
}

#[test]
fn a_database_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("node.db");
    let _store = Store::open(&path, "05558012", Threading::Caller).unwrap();
    let files: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(Result::unwrap).collect();
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
