//! Our own register, what is believed of others, and which keys have passed on.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::register::belief::{Belief, Condition, Remembered};
use engagement_protocol::register::rotation::Rotation;
use engagement_protocol::register::{Row, Status};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StoreError, WriteTx, integer, number, parsed};

/// A row of our own register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What the feed says.
    pub row: Row,
    /// When all keys but the first end.
    pub keys_until: Option<Timestamp>,
}

const MEMBERS: &str = "SELECT id, name, keys, keys_until, url, status, register, successor
  FROM member ORDER BY id";
const PUT_MEMBER: &str = "INSERT INTO member (id, name, keys, keys_until, url, status, register,
    successor, updated_at)
  VALUES (:id, :name, :keys, :keys_until, :url, :status, :register, :successor, :now)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, keys = excluded.keys,
    keys_until = excluded.keys_until, url = excluded.url, status = excluded.status,
    register = excluded.register, successor = excluded.successor, updated_at = excluded.updated_at";
const BELIEVED: &str = "SELECT register, seq, confirmed_at FROM believed ORDER BY register";
const BELIEFS: &str =
    "SELECT register, id, line, condition, since FROM belief ORDER BY register, id";
const SET_BELIEVED: &str = "INSERT INTO believed (register, seq, confirmed_at)
  VALUES (:register, :seq, :confirmed_at)";
const SET_BELIEF: &str = "INSERT INTO belief (register, id, line, condition, since)
  VALUES (:register, :id, :line, :condition, :since)";
const CONFIRMED: &str = "SELECT register, seq FROM confirmed ORDER BY register";
const CONFIRM: &str = "INSERT INTO confirmed (register, seq) VALUES (:register, :seq)
  ON CONFLICT (register) DO UPDATE SET seq = excluded.seq";
const ROTATIONS: &str =
    "SELECT before_key, after_key, at FROM rotation WHERE node = :node ORDER BY at";
const SET_ROTATION: &str = "INSERT OR IGNORE INTO rotation (node, before_key, after_key, at)
  VALUES (:node, :before, :after, :now)";
const ANCHOR: &str = "SELECT note FROM anchor WHERE node = :node";
const SET_ANCHOR: &str = "INSERT INTO anchor (node, note, issued) VALUES (:node, :note, :issued)
  ON CONFLICT (node) DO UPDATE SET note = excluded.note, issued = excluded.issued
  WHERE excluded.issued > anchor.issued";
const DROP_ANCHOR: &str = "DELETE FROM anchor WHERE node = :node";
const HIDDEN: &str = "SELECT node FROM hidden ORDER BY node";
const IS_HIDDEN: &str = "SELECT 1 FROM hidden WHERE node = :node";
const HIDE: &str = "INSERT INTO hidden (node) VALUES (:node)";
const UNHIDE: &str = "DELETE FROM hidden WHERE node = :node";
const FORGET_ROWS: &str = "INSERT OR REPLACE INTO removal (row, change)
  SELECT r.row, :change FROM record r JOIN feed f ON f.row = r.feed WHERE f.node = :node";
const KEEP_ROWS: &str = "DELETE FROM removal WHERE row IN
  (SELECT r.row FROM record r JOIN feed f ON f.row = r.feed WHERE f.node = :node)";
const TOUCH_ROWS: &str = "UPDATE record SET change = :change
  WHERE feed IN (SELECT row FROM feed WHERE node = :node)";

impl ReadTx<'_> {
    /// Returns the rows of our own register.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn members(&self) -> Result<Vec<Member>, StoreError> {
        type Columns =
            (String, String, String, Option<i64>, Option<String>, String, bool, Option<String>);
        let mut statement = self.tx.prepare_cached(MEMBERS)?;
        let rows = statement
            .query_map([], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                    row.get(7)?,
                ))
            })?
            .collect::<Result<Vec<Columns>, _>>()?;
        rows.into_iter()
            .map(|(id, name, keys, until, url, status, register, successor)| {
                let row = Row {
                    id: parsed(&id, "eine Kennung im Register")?,
                    name,
                    keys: keys
                        .split_whitespace()
                        .map(|key| parsed(key, "ein Schlüssel im Register"))
                        .collect::<Result<_, _>>()?,
                    url,
                    status: status_of(&status)?,
                    register,
                    successor: successor
                        .map(|id| parsed(&id, "eine Kennung im Register"))
                        .transpose()?,
                };
                let keys_until = until.map(|until| Timestamp::from_ms(number(until)));
                Ok(Member { row, keys_until })
            })
            .collect()
    }

    /// Returns what is believed of each register.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn beliefs(&self) -> Result<BTreeMap<NodeId, Belief>, StoreError> {
        let mut beliefs = BTreeMap::new();
        let mut statement = self.tx.prepare_cached(BELIEVED)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let register: String = row.get(0)?;
            let belief = Belief {
                seq: row.get::<_, Option<i64>>(1)?.map(number),
                confirmed_at: row
                    .get::<_, Option<i64>>(2)?
                    .map(|at| Timestamp::from_ms(number(at))),
                rows: BTreeMap::new(),
            };
            beliefs.insert(parsed::<NodeId>(&register, "eine Kennung")?, belief);
        }
        let mut statement = self.tx.prepare_cached(BELIEFS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let damaged = || StoreError::Damaged("eine Zeile eines Registers".to_owned());
            let (register, line): (String, Vec<u8>) = (row.get(0)?, row.get(2)?);
            let (word, since): (String, Option<i64>) = (row.get(3)?, row.get(4)?);
            let line = Line::read(&line).map_err(|_| damaged())?;
            let known = Row::read(&line).map_err(|_| damaged())?;
            let since = Timestamp::from_ms(since.map_or(0, number));
            let condition = match word.as_str() {
                "active" => Condition::Active,
                "suspended" => Condition::Suspended { since },
                "left" => Condition::Left { since },
                "missing" => Condition::Missing { since },
                _ => return Err(damaged()),
            };
            let register: NodeId = parsed(&register, "eine Kennung")?;
            let belief = beliefs.entry(register).or_default();
            belief.rows.insert(known.id.clone(), Remembered { row: known, condition });
        }
        Ok(beliefs)
    }

    /// Returns the states that a person has confirmed, by register.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn confirmed(&self) -> Result<BTreeMap<NodeId, u64>, StoreError> {
        let mut statement = self.tx.prepare_cached(CONFIRMED)?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, String>(0)?, number(row.get(1)?))))?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(|(id, seq)| Ok((parsed(&id, "eine Kennung")?, seq))).collect()
    }

    /// Returns which keys of a node have passed on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn rotations(&self, node: &NodeId) -> Result<Vec<Rotation>, StoreError> {
        let mut statement = self.tx.prepare_cached(ROTATIONS)?;
        let rows = statement
            .query_map(named_params! {":node": node.as_str()}, |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|(before, after, at)| {
                Ok(Rotation {
                    before: parsed(&before, "ein Schlüssel")?,
                    after: parsed(&after, "ein Schlüssel")?,
                    at: Timestamp::from_ms(number(at)),
                })
            })
            .collect()
    }

    /// Returns the newest anchor note held of a node, as received.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn anchor_note(&self, node: &NodeId) -> Result<Option<Vec<u8>>, StoreError> {
        let key = named_params! {":node": node.as_str()};
        Ok(self.tx.prepare_cached(ANCHOR)?.query_row(key, |row| row.get(0)).optional()?)
    }

    /// Returns the nodes whose copies are kept and neither shown nor served.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn hidden(&self) -> Result<BTreeSet<NodeId>, StoreError> {
        let mut statement = self.tx.prepare_cached(HIDDEN)?;
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        rows.iter().map(|id| parsed(id, "eine Kennung")).collect()
    }

    /// Returns whether the copies of a node are neither shown nor served.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn is_hidden(&self, node: &NodeId) -> Result<bool, StoreError> {
        let key = named_params! {":node": node.as_str()};
        Ok(self.tx.prepare_cached(IS_HIDDEN)?.exists(key)?)
    }
}

impl WriteTx<'_> {
    /// Puts a row into our own register; the feed says it from the next publication on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn put_member(&self, member: &Member, now: Timestamp) -> Result<(), StoreError> {
        let row = &member.row;
        let keys: Vec<String> = row.keys.iter().map(VerifierKey::to_string).collect();
        self.tx.prepare_cached(PUT_MEMBER)?.execute(named_params! {
            ":id": row.id.as_str(), ":name": row.name, ":keys": keys.join(" "),
            ":keys_until": member.keys_until.map(|until| integer(until.as_ms())),
            ":url": row.url, ":status": row.status.as_str(), ":register": row.register,
            ":successor": row.successor.as_ref().map(NodeId::as_str), ":now": integer(now.as_ms()),
        })?;
        Ok(())
    }

    /// Remembers what is believed of each register, in place of what was.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn set_beliefs(&self, beliefs: &BTreeMap<NodeId, Belief>) -> Result<(), StoreError> {
        self.tx.execute("DELETE FROM believed", [])?;
        self.tx.execute("DELETE FROM belief", [])?;
        let mut put = self.tx.prepare_cached(SET_BELIEF)?;
        for (register, belief) in beliefs {
            self.tx.prepare_cached(SET_BELIEVED)?.execute(named_params! {
                ":register": register.as_str(), ":seq": belief.seq.map(integer),
                ":confirmed_at": belief.confirmed_at.map(|at| integer(at.as_ms())),
            })?;
            for known in belief.rows.values() {
                // It was read from a line, so it can be one.
                let Ok(line) = known.row.to_line() else { continue };
                let word = match known.condition {
                    Condition::Active => "active",
                    Condition::Suspended { .. } => "suspended",
                    Condition::Left { .. } => "left",
                    Condition::Missing { .. } => "missing",
                };
                put.execute(named_params! {
                    ":register": register.as_str(), ":id": known.row.id.as_str(),
                    ":line": line.bytes(), ":condition": word,
                    ":since": known.condition.since().map(|since| integer(since.as_ms())),
                })?;
            }
        }
        Ok(())
    }

    /// Writes down that a person believes this state of a register.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn confirm(&self, register: &NodeId, seq: u64) -> Result<(), StoreError> {
        let key = named_params! {":register": register.as_str(), ":seq": integer(seq)};
        self.tx.prepare_cached(CONFIRM)?.execute(key)?;
        Ok(())
    }

    /// Writes down that a key has passed on to another; the first word stays. Returns whether it is news.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn set_rotation(
        &self,
        before: &VerifierKey,
        after: &VerifierKey,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let changed = self.tx.prepare_cached(SET_ROTATION)?.execute(named_params! {
            ":node": before.node().as_str(), ":before": before.to_string(),
            ":after": after.to_string(), ":now": integer(now.as_ms()),
        })?;
        Ok(changed > 0)
    }

    /// Keeps a verified anchor note if it is newer than the one held. Returns whether it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn set_anchor_note(
        &self,
        node: &NodeId,
        note: &[u8],
        issued: Timestamp,
    ) -> Result<bool, StoreError> {
        let changed = self.tx.prepare_cached(SET_ANCHOR)?.execute(named_params! {
            ":node": node.as_str(), ":note": note, ":issued": integer(issued.as_ms()),
        })?;
        Ok(changed > 0)
    }

    /// Forgets the anchor note of a node.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn drop_anchor_note(&self, node: &NodeId) -> Result<(), StoreError> {
        self.tx.prepare_cached(DROP_ANCHOR)?.execute(named_params! {":node": node.as_str()})?;
        Ok(())
    }

    /// Hides exactly these nodes: the index forgets what they published, and learns again what comes back.
    /// Returns whether something changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn hide(&self, nodes: &BTreeSet<NodeId>) -> Result<bool, StoreError> {
        let before = self.hidden()?;
        if before == *nodes {
            return Ok(false);
        }
        let change = integer(self.next_change()?);
        for node in nodes.difference(&before) {
            let node = node.as_str();
            self.tx.execute(HIDE, named_params! {":node": node})?;
            self.tx.execute(FORGET_ROWS, named_params! {":node": node, ":change": change})?;
        }
        for node in before.difference(nodes) {
            let node = node.as_str();
            self.tx.execute(UNHIDE, named_params! {":node": node})?;
            self.tx.execute(KEEP_ROWS, named_params! {":node": node})?;
            self.tx.execute(TOUCH_ROWS, named_params! {":node": node, ":change": change})?;
        }
        Ok(true)
    }
}

fn status_of(word: &str) -> Result<Status, StoreError> {
    match word {
        "active" => Ok(Status::Active),
        "suspended" => Ok(Status::Suspended),
        "left" => Ok(Status::Left),
        _ => Err(StoreError::Damaged("eine Zeile des Registers".to_owned())),
    }
}
