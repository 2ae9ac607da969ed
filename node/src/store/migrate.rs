//! Brings a database to the newest version: numbered, forward only, each in one transaction.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, named_params};

use super::StoreError;

/// The steps, oldest first; `PRAGMA user_version` says how many were taken.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("restored.sql"),
    include_str!("register.sql"),
    include_str!("searched.sql"),
];

const NODE: &str = "SELECT value FROM meta WHERE name = 'node'";
const SET_NODE: &str = "INSERT INTO meta (name, value) VALUES ('node', :node), ('change', '0')";

/// Returns the newest version that this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

pub(super) fn run(connection: &mut Connection, node: &str) -> Result<(), StoreError> {
    let known = known();
    // Nothing is written where nothing has to be: on a full disk a node still reads.
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found == known && connection.query_row(NODE, [], |row| row.get::<_, String>(0))? == node {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (taken, step) in (0..).zip(STEPS) {
        if taken >= found {
            tx.execute_batch(step)?;
        }
    }
    tx.pragma_update(None, "user_version", known)?;
    let owner: Option<String> = tx.query_row(NODE, [], |row| row.get(0)).optional()?;
    match owner {
        None => drop(tx.execute(SET_NODE, named_params! {":node": node})?),
        Some(found) if found != node => {
            return Err(StoreError::OtherNode { found, expected: node.to_owned() });
        }
        Some(_) => {}
    }
    tx.commit()?;
    Ok(())
}
