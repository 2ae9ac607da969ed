//! The oracle: proves again, from stored bytes alone, that everything held is what its origin signed.
//!
//! It uses none of the code that wrote the rows: it reads lines, cuts and hashes them anew, and compares
//! with the head. So it finds what a broken disk, a torn write or a mistake of ours left behind.

use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::index::Index;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::slice;
use serde::Serialize;

use crate::store::feed::FeedState;
use crate::store::{ReadTx, StoreError};
use crate::sync::followed::Followed;

/// What was proved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Feeds whose rows equal what was signed.
    pub feeds: usize,
    /// Records in them.
    pub records: u64,
    /// What does not hold, in sentences.
    pub broken: Vec<String>,
}

impl Proof {
    /// Returns whether everything holds.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.broken.is_empty()
    }
}

/// Proves every feed held: ours under `own`, the others under the keys followed.
///
/// # Errors
///
/// [`StoreError`] if the database cannot be read at all.
pub fn store(tx: &ReadTx<'_>, own: &VerifierKey, followed: &Followed) -> Result<Proof, StoreError> {
    let mut proof = Proof::default();
    for state in tx.feeds()? {
        let keys = if state.node == *own.node() {
            std::slice::from_ref(own)
        } else {
            followed.kept_keys(&state.node, state.feed)
        };
        if keys.is_empty() {
            proof.broken.push(format!(
                "{}/{}: Kopie eines Feeds, dem hier niemand folgt",
                state.node, state.feed
            ));
            continue;
        }
        match feed(tx, &state, keys)? {
            Ok(records) => {
                proof.feeds += 1;
                proof.records += records;
            }
            Err(reason) => proof.broken.push(format!("{}/{}: {reason}", state.node, state.feed)),
        }
    }
    Ok(proof)
}

fn feed(
    tx: &ReadTx<'_>,
    state: &FeedState,
    keys: &[VerifierKey],
) -> Result<Result<u64, String>, StoreError> {
    let head = match Head::verify_held(&state.head, &state.node, state.feed, keys) {
        Ok(head) => head,
        Err(error) => return Ok(Err(format!("Kopf: {error}"))),
    };
    if head.seq != state.seq {
        return Ok(Err(format!("Nummer {} steht neben dem Kopf {}", state.seq, head.seq)));
    }
    let index = match Index::verify(&state.index, head.index) {
        Ok(index) => index,
        Err(error) => return Ok(Err(format!("Verzeichnis: {error}"))),
    };
    let mut slices = vec![Vec::new(); index.slices().len()];
    let mut records = 0;
    let read = tx.each_record(&state.node, state.feed, |stored| {
        records += 1;
        if let Some(slice) = slices.get_mut(usize::from(stored.line.place().prefix(index.k()))) {
            slice.push(stored.line);
        }
        Ok::<_, StoreError>(())
    });
    match read {
        Err(StoreError::Damaged(what)) => return Ok(Err(format!("{what} ist beschädigt"))),
        other => other?,
    }
    for (position, (lines, named)) in slices.iter().zip(index.slices()).enumerate() {
        let bytes = slice::write(lines.iter().map(engagement_protocol::slice::Line::bytes));
        if Hash::of(&bytes) != named.hash {
            return Ok(Err(format!(
                "Abschnitt {position} gleicht nicht dem unterschriebenen Stand"
            )));
        }
    }
    Ok(Ok(records))
}
