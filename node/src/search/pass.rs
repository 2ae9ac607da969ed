//! One pass over the records that have the words: total, facet counts and the best hits together.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use engagement_protocol::time::Day;
use tantivy::DocId;

use crate::search::answer::{Answer, Hit, Locality};
use crate::search::query::{After, MAX_LIMIT, Query};

use super::bits::Bits;
use super::columns::{Card, Columns, Gate};
use super::counts::Counts;
use super::facets::{Codes, Facet, layout};
use super::filter::{Filter, Missed, Position, Reach, Verdict};
use super::place::Chord;
use super::towns::{self, Town};
use super::weights;

/// What has been collected so far.
pub(super) struct Pass {
    filter: Filter,
    limit: usize,
    after: Option<Place>,
    /// A record whose score is to be told, and that score once it has come by.
    sought: Option<(u128, Option<f32>)>,
    /// The day that freshness is counted to; on later pages the first one's, or midnight would reorder.
    day: Day,
    day_number: u32,
    fingerprint: u32,
    beside_words: bool,
    /// The most that a place can count in this search.
    nearest: f32,
    /// What counts less beside words: offers of help, if nobody said that they look for some.
    less: Codes,
    grouped: bool,
    total: u64,
    with_all_words: u64,
    unopposed: u64,
    stated: u64,
    newest: bool,
    counts: Counts,
    towns: Vec<u32>,
    facets: [Codes; Facet::ALL.len()],
    /// How many records or groups of them rank behind the page before.
    behind: u64,
    /// The best of them, the worst one on top.
    best: BinaryHeap<Ranked>,
    /// Records that others say the same as, by what they have in common.
    twins: Vec<(u64, Ranked)>,
    /// How many of them were passed over, because they cannot be the best of a group that is shown: most of a state.
    beaten: u64,
    /// By what they have in common, once they are ranked.
    groups: BTreeMap<u64, Group>,
}

/// A record and its rank; greater is worse.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    place: Place,
    has_all: bool,
    position: Option<Position>,
}

/// Where a record stands: the higher score first, of equal ones the lower id, and of equal ids in several feeds the lower
/// row. Never by chance, and on every node the same.
#[derive(Debug, Clone, Copy)]
struct Place {
    score: f32,
    id: u128,
    row: u64,
}

/// Records that say the same.
#[derive(Debug)]
struct Group {
    best: u64,
    others: Vec<Ranked>,
    /// The rows of those that were not passed over, if some were.
    seen: BTreeSet<u64>,
}

/// What a score is made of.
#[derive(Debug, Clone, Copy)]
struct Of<'a> {
    gate: &'a Gate,
    card: Option<&'a Card>,
    reach: Reach,
    position: Option<Position>,
    text: f32,
}

/// What the words of a query are worth in a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worth {
    /// The value of the text.
    pub(super) text: f32,
    /// The share of the query that it has.
    pub(super) share: f32,
    /// Whether it has all words that name a subject.
    pub(super) has_all: bool,
}

impl Pass {
    /// Begins a pass; `words` says whether records come with a score for their text.
    pub(super) fn new(query: &Query, words: bool) -> Self {
        let limit = query.limit.min(MAX_LIMIT);
        let day = query.after.map_or(query.today, |after| after.day);
        let offers = layout().one(Facet::Direction, "offer").unwrap_or_default();
        Self {
            filter: Filter::new(query),
            limit,
            after: query.after.map(|After { score, id, row, .. }| Place { score, id, row }),
            sought: None,
            day,
            day_number: day.number(),
            fingerprint: query.fingerprint,
            beside_words: words,
            nearest: weigh(weights::most(Locality::Own), words),
            less: if words && query.directions.is_empty() { offers } else { Codes::default() },
            grouped: query.grouped,
            total: 0,
            with_all_words: 0,
            unopposed: 0,
            stated: 0,
            newest: query.newest,
            counts: Counts::default(),
            towns: vec![0; towns::len()],
            facets: Facet::ALL.map(|facet| layout().all(facet)),
            behind: 0,
            best: BinaryHeap::with_capacity(limit + 1),
            twins: Vec::new(),
            beaten: 0,
            groups: BTreeMap::new(),
        }
    }

    /// Returns the day on which records have to be shown, since 1970.
    pub(super) const fn today(&self) -> u32 {
        self.filter.today()
    }

    /// Returns which records of a segment may be within reach, if a place refuses most of them.
    pub(super) fn near(&self, columns: &Columns) -> Option<Bits> {
        self.filter.near(columns)
    }

    /// Returns how a record is within reach, if it is.
    #[inline]
    pub(super) fn reach(&self, columns: &Columns, doc: DocId, gate: &Gate) -> Option<Reach> {
        self.filter.reach(columns, doc, gate)
    }

    /// Takes a record within reach that has enough of the words; `twin` says whether another says the same.
    #[inline]
    pub(super) fn take(
        &mut self,
        columns: &Columns,
        doc: DocId,
        reach: Reach,
        worth: Worth,
        twin: bool,
    ) {
        let Some(gate) = columns.gate(doc) else { return };
        match self.filter.judge(columns, doc, gate) {
            Verdict::Fails => {}
            Verdict::But(Missed::Area) => self.count_towns(columns, doc, gate),
            Verdict::But(Missed::Facet(facet)) => {
                let own = Facet::ALL.iter().position(|one| *one == facet);
                let own = own.and_then(|own| self.facets.get(own)).copied().unwrap_or_default();
                self.counts.add(gate.codes().within(own));
            }
            Verdict::Passes => {
                self.total += 1;
                self.with_all_words += u64::from(worth.has_all);
                self.unopposed += u64::from(reach.judged.is_none_or(|score| score.is_unopposed));
                self.stated += u64::from(reach.fit.unsaid == 0);
                self.counts.add(gate.codes());
                self.count_towns(columns, doc, gate);
                let text = worth.text * weights::share(worth.share);
                if let Some((id, None)) = self.sought
                    && columns.card(doc).is_some_and(|card| card.id == id)
                {
                    let of = self.of(columns, doc, gate, reach, text);
                    self.sought = Some((id, Some(self.score(of))));
                }
                if self.limit == 0 {
                    return;
                }
                let is_twin = twin && self.grouped;
                // First by the text alone: where a record lies costs more to find out than all else.
                if self.is_hopeless(reach, text * self.nearest) {
                    return self.pass_over(is_twin);
                }
                let of = self.of(columns, doc, gate, reach, text);
                if self.is_hopeless(reach, text * self.place(of.position)) {
                    return self.pass_over(is_twin);
                }
                let (id, row) = of.card.map_or((0, 0), |card| (card.id, card.row));
                let place = Place { score: self.score(of), id, row };
                let has_all = worth.has_all;
                let ranked = Ranked { place, has_all, position: of.position };
                if is_twin {
                    self.twins.push((of.card.map_or(0, |card| card.likeness), ranked));
                } else {
                    self.rank(ranked);
                }
            }
        }
    }

    /// Ranks the best of every group of records that say the same; returns what those have in common that are shown, if
    /// some of their records were passed over: whoever knows them [joins](Self::join) them.
    ///
    /// A group stands where its best record stands, on that page alone: what follows it is never shown again.
    pub(super) fn rank_groups(&mut self) -> Vec<u64> {
        let mut twins = std::mem::take(&mut self.twins);
        twins.sort_unstable();
        for group in twins.chunk_by(|one, other| one.0 == other.0) {
            let Some(((likeness, best), rest)) = group.split_first() else { continue };
            self.rank(*best);
            let others = rest.iter().map(|(_, other)| *other).collect();
            let seen = BTreeSet::new();
            self.groups.insert(*likeness, Group { best: best.place.row, others, seen });
        }
        if self.beaten == 0 {
            return Vec::new();
        }
        let shown: BTreeSet<u64> = self.best.iter().map(|one| one.place.row).collect();
        let groups = self.groups.iter_mut().filter(|(_, group)| shown.contains(&group.best));
        groups
            .map(|(likeness, group)| {
                let all = group.others.iter().map(|other| other.place.row);
                group.seen = all.chain([group.best]).collect();
                *likeness
            })
            .collect()
    }

    /// Adds a record to the group that has this in common with it, if it was passed over.
    pub(super) fn join(
        &mut self,
        likeness: u64,
        columns: &Columns,
        doc: DocId,
        reach: Reach,
        worth: Worth,
    ) {
        let Some(gate) = columns.gate(doc) else { return };
        if self.filter.judge(columns, doc, gate) != Verdict::Passes {
            return;
        }
        let text = worth.text * weights::share(worth.share);
        let of = self.of(columns, doc, gate, reach, text);
        let (id, row) = of.card.map_or((0, 0), |card| (card.id, card.row));
        let score = self.score(of);
        let Some(group) = self.groups.get_mut(&likeness) else { return };
        if !group.seen.contains(&row) {
            let has_all = worth.has_all;
            let place = Place { score, id, row };
            group.others.push(Ranked { place, has_all, position: None });
            self.beaten = self.beaten.saturating_sub(1);
        }
    }

    #[inline]
    fn count_towns(&mut self, columns: &Columns, doc: DocId, gate: &Gate) {
        let mut count = |town: u16| {
            if let Some(count) = self.towns.get_mut(usize::from(town)) {
                *count += 1;
            }
        };
        if gate.town == Town::SEVERAL {
            let towns = columns.card(doc).map_or(&[][..], |card| columns.towns(card));
            towns.iter().copied().for_each(count);
        } else {
            gate.town.numbers().for_each(&mut count);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the days since 1970 fit exactly")]
    #[inline]
    fn score(&self, Of { gate, card, reach, position, text }: Of<'_>) -> f32 {
        if self.newest {
            // Of several on one day the nearer one stands first: a place counts less than a day.
            let created = card.map_or(0, |card| card.created);
            return created as f32 + place(position) / (2.0 * weights::most(Locality::Own));
        }
        if let Some(score) = reach.judged {
            return text * self.weigh(score.points / 100.0);
        }
        let verified = card.map_or(0, |card| card.verified).checked_sub(1);
        let age = verified.map(|verified| self.day_number.saturating_sub(verified));
        let said = weights::said(reach.fit);
        let offer = if gate.codes().meets(self.less) { weights::OFFER } else { 1.0 };
        let record =
            weights::freshness(age) * weights::completeness(card.map_or(0, |card| card.answers));
        text * self.place(position) * record * said * offer
    }

    /// How much a place counts in this search.
    #[inline]
    fn place(&self, position: Option<Position>) -> f32 {
        self.weigh(place(position))
    }

    #[inline]
    fn weigh(&self, place: f32) -> f32 {
        weigh(place, self.beside_words)
    }

    /// Whether a record cannot be among the best, because its score is `most` at the most, however fresh and complete it
    /// is: most of a state cannot, and need not be looked at any closer.
    #[inline]
    fn is_hopeless(&self, reach: Reach, most: f32) -> bool {
        // Nothing bounds what is judged, and what is new, from what is known here.
        if self.newest || reach.judged.is_some() {
            return false;
        }
        let full = self.after.is_none() && self.best.len() == self.limit;
        full && self.best.peek().is_some_and(|worst| most < worst.place.score)
    }

    #[inline]
    const fn pass_over(&mut self, is_twin: bool) {
        let hopeless = if is_twin { &mut self.beaten } else { &mut self.behind };
        *hopeless += 1;
    }

    #[inline]
    fn of<'a>(
        &self,
        columns: &'a Columns,
        doc: DocId,
        gate: &'a Gate,
        reach: Reach,
        text: f32,
    ) -> Of<'a> {
        let position = self.filter.position(columns, doc, gate, reach);
        Of { gate, card: columns.card(doc), reach, position, text }
    }

    fn rank(&mut self, record: Ranked) {
        let before = |last: Place| record.place.cmp(&last) != Ordering::Greater;
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

    /// Asks for the score of a record beside everything else.
    pub(super) const fn seek(&mut self, id: u128) {
        self.sought = Some((id, None));
    }

    /// Returns the score of the record that was asked for; nothing if it is not among the results.
    pub(super) fn found(&self) -> Option<f32> {
        self.sought.and_then(|(_, score)| score)
    }

    /// Ends the pass over the state that holds the changes up to `applied`.
    pub(super) fn finish(mut self, applied: u64) -> Answer {
        let groups = std::mem::take(&mut self.groups).into_values();
        let mut others: BTreeMap<u64, Vec<Ranked>> =
            groups.map(|group| (group.best, group.others)).collect();
        // Whatever is still passed over belongs to groups that are behind.
        self.behind += self.beaten;
        let best = self.best.into_sorted_vec();
        let more = self.limit > 0 && self.behind > u64::try_from(best.len()).unwrap_or(u64::MAX);
        let next = best.last().filter(|_| more).map(|last| After {
            applied,
            day: self.day,
            score: last.place.score,
            id: last.place.id,
            row: last.place.row,
            of: self.fingerprint,
        });
        Answer {
            searched: Vec::new(),
            corrected: Vec::new(),
            hits: best.into_iter().map(|one| one.hit(&mut others)).collect(),
            total: self.total,
            with_all_words: self.with_all_words,
            unopposed: self.unopposed,
            stated: self.stated,
            facets: layout().name(&self.counts.finish(), &self.towns),
            next,
        }
    }
}

/// How much a place counts; the same everywhere if nobody stands anywhere.
#[inline]
fn place(position: Option<Position>) -> f32 {
    position
        .map_or(1.0, |position| weights::place(position.locality, position.distance.map(Chord::km)))
}

#[inline]
fn weigh(place: f32, beside_words: bool) -> f32 {
    if beside_words { weights::place_beside_words(place) } else { place }
}

impl Ranked {
    fn hit(self, others: &mut BTreeMap<u64, Vec<Self>>) -> Hit {
        let mut also = others.remove(&self.place.row).unwrap_or_default();
        also.sort_unstable();
        let distance = self.position.and_then(|position| position.distance);
        Hit {
            row: self.place.row,
            score: self.place.score,
            has_all_words: self.has_all,
            distance_km: distance.map(|distance| f64::from(distance.km())),
            locality: self.position.map_or(Locality::Land, |position| position.locality),
            also: also.into_iter().map(|other| other.place.row).collect(),
        }
    }
}

impl Place {
    /// What is greater stands behind.
    fn cmp(&self, other: &Self) -> Ordering {
        let scores = other.score.total_cmp(&self.score);
        scores.then(self.id.cmp(&other.id)).then(self.row.cmp(&other.row))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place)
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
