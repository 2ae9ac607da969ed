//! Which records of one state say the same as another one: see `likeness.rs`.

use tantivy::DocId;

use super::bits::Bits;
use super::segment::Segment;

/// The records that have twins.
#[derive(Debug)]
pub(super) struct Twins {
    /// For each segment.
    bits: Vec<Bits>,
    /// Sorted by what they have in common.
    all: Vec<(u64, u32, DocId)>,
}

impl Twins {
    /// Finds the twins among the records that were not removed.
    pub(super) fn among(segments: &[Segment]) -> Self {
        let mut all: Vec<(u64, u32, DocId)> = Vec::new();
        let mut bits: Vec<Bits> = Vec::with_capacity(segments.len());
        for (at, segment) in (0..).zip(segments) {
            let known = segment.columns.cards().filter(|(_, card)| card.likeness != 0);
            let alive = known.filter(|(doc, _)| segment.is_alive(*doc));
            all.extend(alive.map(|(doc, card)| (card.likeness, at, doc)));
            let records = usize::try_from(segment.records()).unwrap_or(0);
            bits.push(Bits::none_of(records));
        }
        all.sort_unstable();
        for group in all.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
            for (_, at, doc) in group {
                let segment = usize::try_from(*at).ok().and_then(|at| bits.get_mut(at));
                if let Some(bits) = segment {
                    bits.add(*doc);
                }
            }
        }
        all = all
            .chunk_by(|one, other| one.0 == other.0)
            .filter(|group| group.len() > 1)
            .flatten()
            .copied()
            .collect();
        Self { bits, all }
    }

    /// Returns the records that have this in common: the number of the segment, and of the record in it.
    pub(super) fn members(&self, likeness: u64) -> impl Iterator<Item = (usize, DocId)> {
        let from = self.all.partition_point(|one| one.0 < likeness);
        let group = self.all.iter().skip(from).take_while(move |one| one.0 == likeness);
        group.filter_map(|(_, at, doc)| Some((usize::try_from(*at).ok()?, *doc)))
    }

    /// Returns whether another record says the same.
    #[inline]
    pub(super) fn has(&self, segment: usize, doc: DocId) -> bool {
        self.bits.get(segment).is_some_and(|bits| bits.has(doc))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use crate::search::analysis::document::Memo;
    use crate::search::check::drawn::{near, records};
    use crate::search::check::{pages, put, words};
    use crate::search::index::Index;
    use crate::search::likeness;
    use crate::search::query::Query;

    /// Long enough to be alike.
    const TEXTS: &[&str] = &[
        "Im Garten pflanzen Nachbarn gemeinsam Gemüse, gießen abends Beete, ernten Tomaten, kochen Suppe, reparieren \
         Werkzeug, bauen Hochbeete, zählen Insekten, schneiden Hecken und feiern im Herbst Erntedank mit Kuchen.",
        "Wir lesen Kindern vor, basteln Figuren, singen Lieder, besuchen Büchereien, spielen Theater, malen Bilder, \
         sammeln Geschichten, drucken Hefte, nähen Kostüme und zeigen Eltern im Garten jedes Jahr eine Aufführung.",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        /// Most records of a state are passed over unseen; a group has to be whole nevertheless.
        #[test]
        fn a_group_is_all_that_say_the_same_and_stands_where_the_best_of_them_does(
            all in prop::collection::vec((records(), select(TEXTS), 0usize..3), 1..60),
            asked in select(&["", "Garten", "Garten Gemüse"]),
            places in (near(), near()), radius_km in prop::option::of(5.0f64..90.0), limit in 1usize..6,
        ) {
            let (index, mut alike) = (Index::in_memory().unwrap(), Vec::new());
            let changes = (0..).zip(all).map(|(row, (mut record, text, title))| {
                record.title = ["Garten", "Beete", "Vorlesen"][title].to_owned();
                text.clone_into(&mut record.description);
                alike.push(likeness::of(&record, &mut Memo::default()));
                put(row, record)
            });
            index.apply(changes.collect(), 1).unwrap();
            let (near, home) = places;
            let query = Query { near, home, radius_km, limit, grouped: true, ..words(asked) };
            let (first, single) = pages(&index, &Query { grouped: false, ..query.clone() });
            let (grouped, groups) = pages(&index, &query);
            prop_assert_eq!(grouped.total, first.total);
            let mut expected: Vec<(u64, Vec<u64>)> = Vec::new();
            for hit in single {
                let of = |row: u64| alike[usize::try_from(row).unwrap()];
                let is_alike = |best: u64| of(hit.row) != 0 && of(best) == of(hit.row);
                match expected.iter_mut().find(|(best, _)| is_alike(*best)) {
                    Some((_, also)) => also.push(hit.row),
                    None => expected.push((hit.row, Vec::new())),
                }
            }
            let found: Vec<_> = groups.into_iter().map(|hit| (hit.row, hit.also)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
