//! What a reader believes of one register: its rows, and since when each is suspended, gone or missing.
//!
//! Rows that a register leaves out, and registers that go, change nothing at once: a fortnight passes first.
//! A register that suddenly names half as many active nodes is not believed until a person says so.

use std::collections::BTreeMap;

use super::{Row, Status};
use crate::id::NodeId;
use crate::limits::{LEFT_KEPT, MISSING_KEPT, SHRINK_FROM};
use crate::time::Timestamp;

/// How a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The register lists it as active.
    Active,
    /// The register has suspended it.
    Suspended {
        /// Since when this reader knows.
        since: Timestamp,
    },
    /// The register lists it as left, or it was missing for a fortnight.
    Left {
        /// Since when.
        since: Timestamp,
    },
    /// The register does not list it any more, or is not a register any more.
    Missing {
        /// Since when this reader knows.
        since: Timestamp,
    },
}

impl Condition {
    /// Returns since when it is so; nothing for an active row.
    #[must_use]
    pub const fn since(self) -> Option<Timestamp> {
        match self {
            Self::Active => None,
            Self::Suspended { since } | Self::Left { since } | Self::Missing { since } => {
                Some(since)
            }
        }
    }

    /// Returns whether copies of the node are to be deleted at `now`.
    #[must_use]
    pub fn is_over(self, now: Timestamp) -> bool {
        matches!(self, Self::Left { since } if now >= since.plus(LEFT_KEPT))
    }
}

/// A row that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What the register said last.
    pub row: Row,
    /// How it stands.
    pub condition: Condition,
}

/// What is believed of one register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Belief {
    /// The number of the state that was believed last; nothing before the first.
    pub seq: Option<u64>,
    /// What went before this was confirmed by a person, and does not count as shrinking any more.
    pub confirmed_at: Option<Timestamp>,
    /// The rows, by node.
    pub rows: BTreeMap<NodeId, Remembered>,
}

/// A state that is not believed because it names half as many active nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shrink {
    /// The number of that state.
    pub seq: u64,
    /// Active nodes within the last fortnight.
    pub from: usize,
    /// Active nodes in that state.
    pub to: usize,
}

/// What is held of a register's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The number of the state.
    pub seq: u64,
    /// Its rows that the register has authority over.
    pub rows: Vec<Row>,
}

impl Belief {
    /// Returns what is believed at `now`, when `offered` is held of the register (nothing: it is not one, or
    /// its feed cannot be had under its present key), and why `offered` is not believed.
    ///
    /// `confirmed` is the number of a state that a person has confirmed.
    #[must_use]
    pub fn judge(
        &self,
        offered: Option<&Offered>,
        confirmed: Option<u64>,
        now: Timestamp,
    ) -> (Self, Option<Shrink>) {
        let Some(offered) = offered else { return (self.without_register(now), None) };
        let by_person = confirmed == Some(offered.seq);
        let shrink = self.shrink(offered, now).filter(|_| !by_person);
        if shrink.is_some() {
            // What was believed stays, and ages: a row that was missing before may be over by now.
            return (Self { rows: self.aged(now), ..self.clone() }, shrink);
        }
        let mut next = Self {
            seq: Some(offered.seq),
            confirmed_at: if by_person && self.seq != Some(offered.seq) {
                Some(now)
            } else {
                self.confirmed_at
            },
            rows: BTreeMap::new(),
        };
        for row in &offered.rows {
            let before = self.rows.get(&row.id).map(|known| known.condition);
            let condition = match (row.status, before) {
                (Status::Active, _) => Condition::Active,
                (Status::Suspended, Some(known @ Condition::Suspended { .. }))
                | (Status::Left, Some(known @ Condition::Left { .. })) => known,
                (Status::Suspended, _) => Condition::Suspended { since: now },
                (Status::Left, _) => Condition::Left { since: now },
            };
            next.rows.insert(row.id.clone(), Remembered { row: row.clone(), condition });
        }
        for (id, known) in &self.rows {
            if !next.rows.contains_key(id)
                && let Some(condition) = missing(known.condition, now)
            {
                next.rows.insert(id.clone(), Remembered { row: known.row.clone(), condition });
            }
        }
        (next, None)
    }

    /// A suspended register, or one that is gone, says nothing: its rows are missing.
    fn without_register(&self, now: Timestamp) -> Self {
        let rows = self.rows.iter().filter_map(|(id, known)| {
            let condition = missing(known.condition, now)?;
            Some((id.clone(), Remembered { row: known.row.clone(), condition }))
        });
        Self { rows: rows.collect(), ..self.clone() }
    }

    fn aged(&self, now: Timestamp) -> BTreeMap<NodeId, Remembered> {
        let aged = |known: &Remembered| match known.condition {
            Condition::Missing { .. } => missing(known.condition, now),
            other => Some(other),
        };
        let rows = self.rows.iter().filter_map(|(id, known)| {
            Some((id.clone(), Remembered { row: known.row.clone(), condition: aged(known)? }))
        });
        rows.collect()
    }

    fn shrink(&self, offered: &Offered, now: Timestamp) -> Option<Shrink> {
        if self.seq.is_none_or(|seq| seq == offered.seq) {
            return None;
        }
        // Whoever went within the fortnight counts as there: forty per cent a day is shrinking too.
        let counts = |known: &&Remembered| {
            let lately = |since| Some(since) > self.confirmed_at && now < since.plus(MISSING_KEPT);
            known.condition.since().is_none_or(lately)
        };
        let from = self.rows.values().filter(counts).count();
        let to = offered.rows.iter().filter(|row| row.status == Status::Active).count();
        (from >= SHRINK_FROM && to * 2 <= from).then_some(Shrink { seq: offered.seq, from, to })
    }
}

/// Returns how a row stands that its register does not list; nothing once it can be forgotten.
fn missing(before: Condition, now: Timestamp) -> Option<Condition> {
    let condition = match before {
        Condition::Active => Condition::Missing { since: now },
        Condition::Missing { since } if now >= since.plus(MISSING_KEPT) => {
            Condition::Left { since: since.plus(MISSING_KEPT) }
        }
        // Leaving a suspended node out must not bring it back.
        other => other,
    };
    (!condition.is_over(now)).then_some(condition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn row(n: u32, status: Status) -> Row {
        let id: NodeId = format!("05558{n:03}").parse().unwrap();
        let key = SigningKey::from_seed(id.clone(), &[1; 32]).verifier().clone();
        let name = format!("Stadt {n}");
        Row { id, name, keys: vec![key], url: None, status, register: false, successor: None }
    }

    fn offered(seq: u64, active: std::ops::Range<u32>) -> Offered {
        Offered { seq, rows: active.map(|n| row(n, Status::Active)).collect() }
    }

    fn judge(belief: &Belief, offered: &Offered, now: Timestamp) -> Belief {
        let (next, shrink) = belief.judge(Some(offered), None, now);
        assert_eq!(shrink, None);
        next
    }

    fn condition(belief: &Belief, n: u32) -> Option<Condition> {
        belief.rows.get(&row(n, Status::Active).id).map(|known| known.condition)
    }

    #[test]
    fn a_missing_row_is_kept_a_fortnight_then_left_then_gone_after_thirty_days() {
        let full = judge(&Belief::default(), &offered(1, 0..10), NOW);
        let mut belief = judge(&full, &offered(2, 1..10), NOW);
        assert_eq!(condition(&belief, 0), Some(Condition::Missing { since: NOW }));
        let mut seen = Vec::new();
        for day in 1..=45 {
            belief = judge(&belief, &offered(2, 1..10), NOW.plus(DAY * day));
            seen.push(condition(&belief, 0));
        }
        let left = Condition::Left { since: NOW.plus(DAY * 14) };
        assert_eq!(seen[12], Some(Condition::Missing { since: NOW }), "13 days");
        assert_eq!(seen[13], Some(left), "14 days");
        assert_eq!(seen[42], Some(left), "43 days");
        assert_eq!(seen[43], None, "44 days: forgotten");
        // And back as if nothing had been.
        let back = judge(&judge(&full, &offered(2, 1..10), NOW), &offered(3, 0..10), NOW.plus(DAY));
        assert_eq!(condition(&back, 0), Some(Condition::Active));
    }

    #[test]
    fn a_register_that_is_none_any_more_takes_its_rows_with_it_but_not_at_once() {
        let full = judge(&Belief::default(), &offered(1, 0..3), NOW);
        let (without, _) = full.judge(None, None, NOW);
        assert_eq!(condition(&without, 0), Some(Condition::Missing { since: NOW }));
        let (later, _) = without.judge(None, None, NOW.plus(DAY * 15));
        assert_eq!(condition(&later, 0), Some(Condition::Left { since: NOW.plus(DAY * 14) }));
        let (gone, _) = later.judge(None, None, NOW.plus(DAY * 44));
        assert!(gone.rows.is_empty());
        // Back in time: nothing happened.
        assert_eq!(judge(&without, &offered(1, 0..3), NOW.plus(DAY)).rows, full.rows);
    }

    #[test]
    fn leaving_a_suspended_node_out_does_not_bring_it_back() {
        let mut rows = offered(1, 1..10);
        rows.rows.push(row(0, Status::Suspended));
        let belief = judge(&Belief::default(), &rows, NOW);
        let belief = judge(&belief, &offered(2, 1..10), NOW.plus(DAY));
        assert_eq!(condition(&belief, 0), Some(Condition::Suspended { since: NOW }));
    }

    #[test]
    fn a_left_row_says_so_from_the_day_it_was_seen() {
        let mut rows = offered(1, 1..4);
        rows.rows.push(row(0, Status::Left));
        let belief = judge(&Belief::default(), &rows, NOW);
        let again = judge(&belief, &rows, NOW.plus(DAY * 29));
        let condition = condition(&again, 0).unwrap();
        assert_eq!(condition, Condition::Left { since: NOW });
        assert!(!condition.is_over(NOW.plus(DAY * 29)) && condition.is_over(NOW.plus(DAY * 30)));
    }

    #[test]
    fn half_is_not_believed_without_a_person() {
        let full = judge(&Belief::default(), &offered(1, 0..10), NOW);
        let (kept, shrink) = full.judge(Some(&offered(2, 0..5)), None, NOW);
        assert_eq!(shrink, Some(Shrink { seq: 2, from: 10, to: 5 }));
        assert_eq!(kept, full);
        // Suspending everybody is shrinking as well.
        let all = Offered { seq: 2, rows: (0..10).map(|n| row(n, Status::Suspended)).collect() };
        assert!(full.judge(Some(&all), None, NOW).1.is_some());
        // In small steps, too.
        let step = judge(&full, &offered(2, 0..6), NOW);
        assert!(step.judge(Some(&offered(3, 0..5)), None, NOW.plus(DAY)).1.is_some());
        assert!(step.judge(Some(&offered(3, 0..5)), None, NOW.plus(DAY * 14)).1.is_none());
        // A person says so; from then on that is the measure.
        let (believed, shrink) = full.judge(Some(&offered(2, 0..5)), Some(2), NOW);
        assert_eq!(shrink, None);
        assert_eq!(condition(&believed, 9), Some(Condition::Missing { since: NOW }));
        let next = judge(&believed, &offered(3, 0..4), NOW.plus(DAY));
        assert!(next.judge(Some(&offered(4, 0..2)), Some(2), NOW.plus(DAY)).1.is_some());
    }

    #[test]
    fn a_handful_may_shrink_and_what_was_believed_once_stays_believed() {
        let few = judge(&Belief::default(), &offered(1, 0..3), NOW);
        assert!(few.judge(Some(&offered(2, 0..1)), None, NOW).1.is_none());
        let full = judge(&Belief::default(), &offered(1, 0..10), NOW);
        let (half, _) = full.judge(Some(&offered(2, 0..5)), Some(2), NOW);
        assert!(half.judge(Some(&offered(2, 0..5)), None, NOW.plus(DAY)).1.is_none());
    }
}
