//! Who did what: every write names its [`Actor`] and leaves a row.

use engagement_protocol::id::NodeId;
use engagement_protocol::time::Timestamp;
use rusqlite::named_params;

use super::{StoreError, WriteTx, integer};

/// Who changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Whoever runs commands on the machine.
    Operator,
    /// An import from this system.
    Import(String),
    /// A job of the timetable.
    Job(&'static str),
    /// Another node's signed feed.
    Peer(NodeId),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::Import(system) => write!(f, "import:{system}"),
            Self::Job(name) => write!(f, "job:{name}"),
            Self::Peer(node) => write!(f, "peer:{node}"),
        }
    }
}

const INSERT: &str = "INSERT INTO audit (at, actor, action, object, detail)
  VALUES (:at, :actor, :action, :object, :detail)";

impl WriteTx<'_> {
    /// Writes down who did what; `detail` holds numbers and codes, never a person's words.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn audit(
        &self,
        at: Timestamp,
        actor: &Actor,
        action: &'static str,
        object: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(INSERT)?.execute(named_params! {
            ":at": integer(at.as_ms()), ":actor": actor.to_string(), ":action": action,
            ":object": object, ":detail": detail,
        })?;
        Ok(())
    }
}
