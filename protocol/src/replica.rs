//! The replica: a verified copy of another node's feed (`SPEC.md` section 11).
//!
//! ```text
//! Replica::consider(head, source) -> Decision    is it news, a re-signing, lag, a rollback, a lie?
//! Replica::transfer(head) -> Transfer            what to fetch; checks what came
//! Transfer::finish() -> Applied                  commit this in one transaction
//! ```
//!
//! A replica equals a state that its origin signed, or it did not move. It does not matter who brought
//! the bytes: a relay, a cache and the origin are checked alike.

use std::collections::BTreeMap;

use crate::hash::Hash;
use crate::head::Head;
use crate::index::{Index, IndexError, SliceRef};
use crate::limits::FEED_RECORDS;
use crate::planted::{self, Bug};
use crate::slice::{self, Line, SliceError};
use crate::time::Timestamp;
use crate::verify::Verified;

/// Who brought a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The node that signs the feed.
    Origin,
    /// Anybody else.
    Relay,
}

/// What a replica makes of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A newer state: fetch it.
    Fetch,
    /// The state held, signed again later: keep this head.
    Resigned,
    /// The head held, or an earlier signing of the same state.
    Same,
    /// An older state from a relay, which has not caught up.
    Lagging {
        /// The number held.
        held: u64,
        /// The number offered.
        offered: u64,
    },
    /// An older state from the origin itself: a restored backup, or somebody else with its key.
    RolledBack {
        /// The number held.
        held: u64,
        /// The number offered.
        offered: u64,
    },
    /// Two states with one number: the origin lied. Both notes prove it to anybody.
    Equivocation(Box<Equivocation>),
    /// An expired head, and nothing held: a first copy must be fresh.
    Expired,
    /// This very state was fetched before and broke a rule.
    RefusedBefore,
}

/// Two signed heads with one `seq` and different indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivocation {
    /// The note of the head held.
    pub first: Vec<u8>,
    /// The note of the other.
    pub second: Vec<u8>,
}

/// What is held of one feed.
#[derive(Debug, Clone, Default)]
pub struct Replica {
    held: Option<(Verified<Head>, Index)>,
}

impl Replica {
    /// A copy of which nothing is held yet.
    #[must_use]
    pub const fn empty() -> Self {
        Self { held: None }
    }

    /// A copy that equals `head`.
    #[must_use]
    pub const fn resume(head: Verified<Head>, index: Index) -> Self {
        Self { held: Some((head, index)) }
    }

    /// Returns the head that the copy equals.
    #[must_use]
    pub fn head(&self) -> Option<&Verified<Head>> {
        self.held.as_ref().map(|(head, _)| head)
    }

    /// Returns the index of the state held.
    #[must_use]
    pub fn index(&self) -> Option<&Index> {
        self.held.as_ref().map(|(_, index)| index)
    }

    /// Decides what a verified head means.
    ///
    /// `refused` are the states, as (seq, index), that were fetched before and broke a rule.
    #[must_use]
    pub fn consider(
        &self,
        head: &Verified<Head>,
        source: Source,
        now: Timestamp,
        refused: &[(u64, Hash)],
    ) -> Decision {
        if refused.contains(&(head.seq, head.index)) {
            return Decision::RefusedBefore;
        }
        let Some((held, _)) = &self.held else {
            return if head.is_expired(now) { Decision::Expired } else { Decision::Fetch };
        };
        if head.seq > held.seq {
            return Decision::Fetch;
        }
        if head.seq < held.seq && !planted::has(Bug::LowerSeq) {
            let (held, offered) = (held.seq, head.seq);
            return match source {
                Source::Origin => Decision::RolledBack { held, offered },
                Source::Relay => Decision::Lagging { held, offered },
            };
        }
        if head.index != held.index && planted::has(Bug::EqualSeq) {
            return Decision::Fetch;
        }
        if head.seq < held.seq {
            return Decision::Fetch;
        }
        if head.index != held.index {
            return Decision::Equivocation(Box::new(Equivocation {
                first: held.bytes().to_vec(),
                second: head.bytes().to_vec(),
            }));
        }
        if head.issued > held.issued { Decision::Resigned } else { Decision::Same }
    }

    /// Begins to fetch the state of `head`.
    #[must_use]
    pub fn transfer(&self, head: Verified<Head>) -> Transfer {
        Transfer { head, held: self.index().cloned(), stage: Stage::Index }
    }
}

/// What a transfer needs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// The index: an object of this hash, at most [`crate::limits::INDEX_BYTES`] long.
    Index(Hash),
    /// The hashes of my own records cut by this many bits: the feed's k changed.
    Recut {
        /// How many bits.
        k: u8,
    },
    /// These slices, in any order.
    Slices(Vec<(u16, SliceRef)>),
    /// Nothing: [`Transfer::finish`].
    Nothing,
}

/// A state on its way; holds verified slices until all are there.
#[derive(Debug, Clone)]
pub struct Transfer {
    head: Verified<Head>,
    held: Option<Index>,
    stage: Stage,
}

#[derive(Debug, Clone)]
enum Stage {
    Index,
    Recut(Index),
    Slices { index: Index, missing: BTreeMap<u16, SliceRef>, lines: BTreeMap<u16, Vec<Line>> },
}

/// Why a transfer does not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// The index breaks a rule.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A slice breaks a rule.
    #[error("slice {position}: {error}")]
    Slice {
        /// Which slice.
        position: u16,
        /// Which rule.
        error: SliceError,
    },
    /// The feed has more records than allowed.
    #[error("the feed has {records} records, at most {FEED_RECORDS} are allowed")]
    TooManyRecords {
        /// How many it has.
        records: u64,
    },
    /// Something was brought that was not asked for.
    #[error("this was not asked for now")]
    NotWanted,
}

impl TransferError {
    /// Returns whether another source may bring better bytes for the same head.
    ///
    /// Bytes that do not match their hash are the carrier's fault. Bytes that match and break a rule are
    /// the origin's: the head is refused and its state not fetched again.
    #[must_use]
    pub const fn is_carriers_fault(&self) -> bool {
        matches!(
            self,
            Self::Index(IndexError::Hash | IndexError::TooLarge)
                | Self::Slice { error: SliceError::Hash, .. }
                | Self::NotWanted
        )
    }
}

/// A complete, verified state.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The head that the copy equals from now on.
    pub head: Verified<Head>,
    /// The index it names.
    pub index: Index,
    /// The slices that differ from what was held, with all their records.
    pub slices: BTreeMap<u16, Vec<Line>>,
}

impl Transfer {
    /// Returns the head whose state is being fetched.
    #[must_use]
    pub const fn head(&self) -> &Verified<Head> {
        &self.head
    }

    /// Returns what is needed next.
    #[must_use]
    pub fn want(&self) -> Want {
        match &self.stage {
            Stage::Index => Want::Index(self.head.index),
            Stage::Recut(index) => Want::Recut { k: index.k() },
            Stage::Slices { missing, .. } if missing.is_empty() => Want::Nothing,
            Stage::Slices { missing, .. } => {
                Want::Slices(missing.iter().map(|(at, slice)| (*at, *slice)).collect())
            }
        }
    }

    /// Takes the index.
    ///
    /// # Errors
    ///
    /// [`TransferError::Index`] or [`TransferError::NotWanted`]; the transfer stays as it was.
    pub fn index(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        if !matches!(self.stage, Stage::Index) {
            return Err(TransferError::NotWanted);
        }
        let index = Index::verify(bytes, self.head.index)?;
        self.stage = match self.held.take() {
            Some(held) if held.k() == index.k() => {
                let mine = held.slices().iter().map(|slice| slice.hash).collect::<Vec<_>>();
                Stage::compare(index, &mine)
            }
            Some(_) => Stage::Recut(index),
            None => Stage::compare(index, &[]),
        };
        Ok(())
    }

    /// Takes the hashes of my own slices, cut by the new k.
    ///
    /// # Errors
    ///
    /// [`TransferError::NotWanted`].
    pub fn recut(&mut self, mine: &[Hash]) -> Result<(), TransferError> {
        let Stage::Recut(index) = &self.stage else { return Err(TransferError::NotWanted) };
        self.stage = Stage::compare(index.clone(), mine);
        Ok(())
    }

    /// Takes one slice, fetched now or staged by an earlier attempt.
    ///
    /// # Errors
    ///
    /// [`TransferError::Slice`] or [`TransferError::NotWanted`]; the transfer stays as it was.
    pub fn slice(&mut self, position: u16, bytes: &[u8]) -> Result<(), TransferError> {
        let Stage::Slices { index, missing, lines } = &mut self.stage else {
            return Err(TransferError::NotWanted);
        };
        let expected = missing.get(&position).copied().ok_or(TransferError::NotWanted)?;
        let read = slice::verify(bytes, expected, index.k(), position)
            .map_err(|error| TransferError::Slice { position, error })?;
        let records = lines.values().map(Vec::len).sum::<usize>() + read.len();
        let records = u64::try_from(records).unwrap_or(u64::MAX);
        if records > FEED_RECORDS {
            return Err(TransferError::TooManyRecords { records });
        }
        missing.remove(&position);
        lines.insert(position, read);
        Ok(())
    }

    /// Returns the complete state, to be committed in one transaction.
    ///
    /// # Errors
    ///
    /// [`TransferError::NotWanted`] while something is missing.
    pub fn finish(self) -> Result<Applied, TransferError> {
        match self.stage {
            Stage::Slices { index, missing, lines } if missing.is_empty() => {
                Ok(Applied { head: self.head, index, slices: lines })
            }
            _ => Err(TransferError::NotWanted),
        }
    }
}

impl Applied {
    /// Checks how many records the whole copy would have, counted inside the transaction that applies it.
    ///
    /// # Errors
    ///
    /// [`TransferError::TooManyRecords`]: roll back, refuse this state.
    pub const fn admits(records: u64) -> Result<(), TransferError> {
        if records > FEED_RECORDS { Err(TransferError::TooManyRecords { records }) } else { Ok(()) }
    }
}

impl Stage {
    fn compare(index: Index, mine: &[Hash]) -> Self {
        let mut missing = BTreeMap::new();
        let mut lines = BTreeMap::new();
        for (position, slice) in (0..).zip(index.slices()) {
            if mine.get(usize::from(position)) == Some(&slice.hash) {
                continue;
            }
            if slice.is_empty() {
                lines.insert(position, Vec::new());
            } else {
                missing.insert(position, *slice);
            }
        }
        Self::Slices { index, missing, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Feed;
    use crate::key::SigningKey;
    use crate::limits::HEAD_LIFE;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn head(seq: u64, index: &Index, issued: Timestamp) -> Verified<Head> {
        let key = SigningKey::from_seed("05558012".parse().unwrap(), &[1; 32]);
        let index = Hash::of(&index.to_bytes());
        let node = "05558012".parse().unwrap();
        Head { node, feed: Feed::Offers, seq, index, issued, expires: issued.plus(HEAD_LIFE) }
            .sign(&key)
    }

    fn index(text: &[u8]) -> Index {
        Index::new(vec![SliceRef::to(text)]).unwrap()
    }

    fn holding(seq: u64) -> Replica {
        Replica::resume(head(seq, &index(b""), NOW), index(b""))
    }

    fn consider(offered: &Verified<Head>, source: Source) -> Decision {
        holding(10).consider(offered, source, NOW, &[])
    }

    #[test]
    fn follows_only_upwards() {
        let empty = index(b"");
        let rolled = Decision::RolledBack { held: 10, offered: 9 };
        let lagging = Decision::Lagging { held: 10, offered: 9 };
        assert_eq!(consider(&head(11, &empty, NOW), Source::Relay), Decision::Fetch);
        assert_eq!(consider(&head(9, &empty, NOW), Source::Origin), rolled);
        assert_eq!(consider(&head(9, &empty, NOW), Source::Relay), lagging);
        assert_eq!(consider(&head(10, &empty, NOW), Source::Relay), Decision::Same);
        let later = NOW.plus(Duration::from_secs(1));
        assert_eq!(consider(&head(10, &empty, later), Source::Relay), Decision::Resigned);
        let earlier = NOW.minus(Duration::from_secs(1));
        assert_eq!(consider(&head(10, &empty, earlier), Source::Relay), Decision::Same);
    }

    #[test]
    fn two_states_with_one_number_are_a_proof() {
        let other = head(10, &index(b"{\"id\":\"a\"}\n"), NOW);
        let Decision::Equivocation(proof) = consider(&other, Source::Relay) else { panic!() };
        assert_eq!(proof.first, holding(10).head().unwrap().bytes());
        assert_eq!(proof.second, other.bytes());
    }

    #[test]
    fn a_first_copy_must_be_fresh_and_a_held_one_may_age() {
        let old = NOW.minus(HEAD_LIFE);
        let decision =
            Replica::empty().consider(&head(1, &index(b""), old), Source::Origin, NOW, &[]);
        assert_eq!(decision, Decision::Expired);
        assert_eq!(consider(&head(11, &index(b""), old), Source::Origin), Decision::Fetch);
    }

    #[test]
    fn does_not_fetch_again_what_broke_a_rule() {
        let offered = head(11, &index(b""), NOW);
        let refused = [(11, offered.index)];
        let decision = holding(10).consider(&offered, Source::Origin, NOW, &refused);
        assert_eq!(decision, Decision::RefusedBefore);
    }

    #[test]
    fn only_a_mismatch_is_the_carriers_fault() {
        let bytes = b"no id here\n";
        let broken = index(bytes);
        let mut transfer = Replica::empty().transfer(head(1, &broken, NOW));
        let refused = transfer.index(b"other bytes").unwrap_err();
        assert!(refused.is_carriers_fault());
        transfer.index(&broken.to_bytes()).unwrap();
        assert!(transfer.slice(0, b"other bytes").unwrap_err().is_carriers_fault());
        assert!(!transfer.slice(0, bytes).unwrap_err().is_carriers_fault());
        assert!(matches!(transfer.want(), Want::Slices(_)), "a refused slice is still missing");
    }
}
