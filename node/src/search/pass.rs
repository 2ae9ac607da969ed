//! One pass over the records that have the words: total, facet counts and the best hits together.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use engagement_protocol::time::Day;

use crate::search::answer::{Answer, Hit, Locality};
use crate::search::query::{After, MAX_LIMIT, Query};

use super::columns::{Card, Columns};
use super::facets::{BITS, Codes, Facet, layout};
use super::filter::{Filter, Position, Verdict};
use super::place::Chord;
use super::weights;

/// What has been collected so far.
pub(super) struct Pass {
    filter: Filter,
    limit: usize,
    after: Option<(f32, u64)>,
    /// The day that freshness is counted to; on later pages the first one's, or midnight would reorder.
    day: Day,
    day_number: u32,
    beside_words: bool,
    total: u64,
    counts: [u64; BITS],
    facets: [Codes; Facet::ALL.len()],
    /// How many records rank behind the page before.
    behind: u64,
    /// The best of them, the worst one on top.
    best: BinaryHeap<Ranked>,
}

/// A record and its rank; greater is worse.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    score: f32,
    row: u64,
    position: Option<Position>,
}

impl Pass {
    /// Begins a pass; `words` says whether records come with a score for their text.
    pub(super) fn new(query: &Query, words: bool) -> Self {
        let limit = query.limit.min(MAX_LIMIT);
        let day = query.after.map_or(query.today, |after| after.day);
        Self {
            filter: Filter::new(query),
            limit,
            after: query.after.map(|after| (after.score, after.row)),
            day,
            day_number: day.number(),
            beside_words: words,
            total: 0,
            counts: [0; BITS],
            facets: Facet::ALL.map(|facet| layout().all(facet)),
            behind: 0,
            best: BinaryHeap::with_capacity(limit + 1),
        }
    }

    /// Takes a record that has the words.
    pub(super) fn take(&mut self, columns: &Columns, card: &Card, text: f32) {
        match self.filter.judge(columns, card) {
            Verdict::Fails => {}
            Verdict::But(facet) => {
                let [direction, field, activity, target, commitment, mode] = self.facets;
                let own = match facet {
                    Facet::Direction => direction,
                    Facet::Field => field,
                    Facet::Activity => activity,
                    Facet::Target => target,
                    Facet::Commitment => commitment,
                    Facet::Mode => mode,
                };
                self.count(card.codes.within(own));
            }
            Verdict::Passes(position) => {
                self.total += 1;
                self.count(card.codes);
                if self.is_hopeless(position, text) {
                    self.behind += 1;
                } else if self.limit > 0 {
                    let score = self.score(card, position, text);
                    self.rank(Ranked { score, row: card.row, position });
                }
            }
        }
    }

    fn count(&mut self, codes: Codes) {
        // Halves, because arithmetic on 128 bits takes twice as long and half of them are empty.
        let (low, high) = self.counts.split_at_mut(BITS / 2);
        for (counts, mut rest) in [(low, codes.low()), (high, codes.high())] {
            while rest != 0 {
                if let Some(count) = counts.get_mut(rest.trailing_zeros() as usize) {
                    *count += 1;
                }
                rest &= rest - 1;
            }
        }
    }

    fn score(&self, card: &Card, position: Option<Position>, text: f32) -> f32 {
        let place = position.map_or(1.0, |position| {
            weights::place(position.locality, position.distance.map(Chord::km))
        });
        let verified = card.verified.checked_sub(1);
        let age = verified.map(|verified| self.day_number.saturating_sub(verified));
        text * self.weigh(place) * weights::freshness(age)
    }

    fn weigh(&self, place: f32) -> f32 {
        if self.beside_words { weights::place_beside_words(place) } else { place }
    }

    /// Whether a record cannot be among the best, however near and fresh it is: most of a state cannot, and
    /// need not be scored.
    fn is_hopeless(&self, position: Option<Position>, text: f32) -> bool {
        let full = self.after.is_none() && self.best.len() == self.limit;
        let Some(worst) = self.best.peek().filter(|_| full) else { return false };
        let most = position.map_or(1.0, |position| weights::most(position.locality));
        text * self.weigh(most) < worst.score
    }

    fn rank(&mut self, record: Ranked) {
        let before = |(score, row): (f32, u64)| {
            record.cmp(&Ranked { score, row, position: None }) != Ordering::Greater
        };
        if self.after.is_some_and(before) {
            return;
        }
        self.behind += 1;
        if self.best.len() < self.limit {
            self.best.push(record);
        } else if let Some(mut worst) = self.best.peek_mut()
            && record < *worst
        {
            *worst = record;
        }
    }

    /// Ends the pass over the state that holds the changes up to `applied`.
    pub(super) fn finish(self, applied: u64) -> Answer {
        let best = self.best.into_sorted_vec();
        let more = self.limit > 0 && self.behind > u64::try_from(best.len()).unwrap_or(u64::MAX);
        let next = best.last().filter(|_| more).map(|last| After {
            applied,
            day: self.day,
            score: last.score,
            row: last.row,
        });
        Answer {
            hits: best.into_iter().map(Ranked::hit).collect(),
            total: self.total,
            facets: layout().name(&self.counts),
            next,
        }
    }
}

impl Ranked {
    fn hit(self) -> Hit {
        let distance = self.position.and_then(|position| position.distance);
        Hit {
            row: self.row,
            score: self.score,
            distance_km: distance.map(|distance| f64::from(distance.km())),
            locality: self.position.map_or(Locality::Land, |position| position.locality),
        }
    }
}

impl Ord for Ranked {
    /// The higher score first, and of equal ones the lower row: never by chance.
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.row.cmp(&other.row))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}
