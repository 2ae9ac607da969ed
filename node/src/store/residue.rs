//! What moved rows leave behind: bytes of their text in pages that are in use.
//!
//! `secure_delete` overwrites a row that is deleted where it stands then. But when SQLite spreads rows over pages anew, it
//! leaves copies in the free middle of the pages that they came from, and whoever is deleted later is still to
//! be read there. [`overwrite`] fills that middle with zeros, through SQLite itself: in one transaction, so that no crash and no
//! reader meets half a page.

use std::ops::Range;

use rusqlite::{Connection, TransactionBehavior};

/// The size of the header that stands before everything else in the first page.
const FILE_HEADER: usize = 100;

/// From so many pages on the number of a page could be taken for the kind of one: see [`free_middle`].
const MOST_PAGES: i64 = 1 << 25;

const PAGES: &str = "SELECT pgno, data FROM sqlite_dbpage WHERE schema = 'main'";
const PUT: &str = "UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1 AND schema = 'main'";

/// Makes sure that SQLite was built with its table of pages: a node that could not keep its word about what is erased
/// does not start.
pub(super) fn expect(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare(PAGES).map(drop)
}

/// Overwrites what moved rows have left behind. Returns in how many pages something stood.
pub(super) fn overwrite(connection: &mut Connection) -> rusqlite::Result<usize> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pages: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    if pages >= MOST_PAGES {
        return Ok(0);
    }
    let mut found = Vec::new();
    {
        let mut all = tx.prepare_cached(PAGES)?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let (number, page) = (row.get::<_, i64>(0)?, row.get_ref(1)?.as_blob()?);
            if let Some(middle) = free_middle(number, page)
                && page.get(middle.clone()).is_some_and(|bytes| bytes.iter().any(|byte| *byte != 0))
            {
                let mut clean = page.to_vec();
                clean.get_mut(middle).unwrap_or_default().fill(0);
                found.push((number, clean));
            }
        }
    }
    for (number, clean) in &found {
        tx.prepare_cached(PUT)?.execute((number, clean))?;
    }
    tx.commit()?;
    Ok(found.len())
}

/// Returns which bytes of a page belong to no row: those between the list of its rows and the first of them.
///
/// Pages of trees say in their first byte what they are. All others begin with the number of a page, whose first byte is 0 or 1
/// in every database below [`MOST_PAGES`].
fn free_middle(number: i64, page: &[u8]) -> Option<Range<usize>> {
    let header = if number == 1 { FILE_HEADER } else { 0 };
    let size = match page.get(header)? {
        2 | 5 => 12,
        10 | 13 => 8,
        _ => return None,
    };
    let two = |at: usize| {
        page.get(header + at..).and_then(|rest| rest.first_chunk()).copied().map(u16::from_be_bytes)
    };
    let (rows, first) = (usize::from(two(3)?), usize::from(two(5)?));
    let first = if first == 0 { 1 << 16 } else { first };
    let from = header + size + 2 * rows;
    (from <= first && first <= page.len()).then_some(from..first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::params;

    use super::*;

    fn open(dir: &std::path::Path) -> Connection {
        let connection = Connection::open(dir.join("a.db")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;
                 CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, text TEXT);",
            )
            .unwrap();
        connection
    }

    /// Returns how often a word stands in the database file once the log is empty.
    fn count(connection: &Connection, dir: &std::path::Path, word: &str) -> usize {
        let empty = "PRAGMA wal_checkpoint(TRUNCATE)";
        assert_eq!(connection.query_row(empty, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
        let bytes = std::fs::read(dir.join("a.db")).unwrap();
        bytes.windows(word.len()).filter(|bytes| *bytes == word.as_bytes()).count()
    }

    /// Puts rows, and deletes those that do not stay.
    fn stir(connection: &Connection, rows: &[(u16, u16, bool)]) {
        for (id, len, stays) in rows {
            let word = if *stays { "Stay" } else { "Zorb" };
            let text = word.repeat(usize::from(*len));
            connection
                .execute(
                    "INSERT OR REPLACE INTO t VALUES (?1, ?2, ?3)",
                    params![id, format!("{word}{id}"), text],
                )
                .unwrap();
        }
        connection.execute("DELETE FROM t WHERE name LIKE 'Zorb%'", []).unwrap();
    }

    #[test]
    fn sqlite_alone_leaves_something_behind() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = open(dir.path());
        let short = |number: u32| u16::try_from(number).unwrap();
        let row =
            |at: u32| (short(at * 7919 % 401), short(20 + at * 37 % 200), at.is_multiple_of(3));
        let rows: Vec<_> = (0..400).map(row).collect();
        stir(&connection, &rows);
        assert!(count(&connection, dir.path(), "Zorb") > 0, "or there is nothing to be done here");
        assert!(overwrite(&mut connection).unwrap() > 0);
        assert_eq!(count(&connection, dir.path(), "Zorb"), 0);
        assert_eq!(overwrite(&mut connection).unwrap(), 0, "once is enough");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn whatever_was_written_nothing_of_what_is_gone_stays_and_all_else_does(
            rows in prop::collection::vec((0u16..2_000, 0u16..1_500, any::<bool>()), 1..120),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let mut connection = open(dir.path());
            stir(&connection, &rows);
            let all = "SELECT group_concat(id || name || text) FROM (SELECT * FROM t ORDER BY id)";
            let before: Option<String> = connection.query_row(all, [], |row| row.get(0)).unwrap();
            overwrite(&mut connection).unwrap();
            prop_assert_eq!(count(&connection, dir.path(), "Zorb"), 0);
            let sound: String =
                connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            prop_assert_eq!(sound, "ok");
            drop(connection);
            let again = Connection::open(dir.path().join("a.db")).unwrap();
            let after: Option<String> = again.query_row(all, [], |row| row.get(0)).unwrap();
            prop_assert_eq!(before, after);
        }
    }
}
