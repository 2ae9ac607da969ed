//! The engine alone, as the limit that a full answer is measured against: for benchmarks.
//!
//! It looks up the same words in the same index and gives the twenty best and their number, and nothing else: no
//! places, no filters, no facets, no records.

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::search::analysis::word::Word;

use super::entry;
use super::schema::fields;
use super::snapshot::Snapshot;

/// How many of the best are found.
const BEST: usize = 20;

/// Finds how many records have any of the words, and the best of them.
///
/// # Errors
///
/// Of the engine, if a file cannot be read.
pub(super) fn search(snapshot: &Snapshot, words: &[Word]) -> tantivy::Result<(usize, usize)> {
    let query = BooleanQuery::union(words.iter().map(any).collect());
    let collector = (TopDocs::with_limit(BEST).order_by_score(), Count);
    let (best, count) = snapshot.searcher.search(&query, &collector)?;
    Ok((best.len(), count))
}

fn any(word: &Word) -> Box<dyn Query> {
    let wholes = word.whole.iter().map(|whole| term(&entry::whole(whole)));
    let ways = word.alternatives.iter().map(|way| -> Box<dyn Query> {
        let all: Box<dyn Query> = match way.terms.as_slice() {
            [one] => term(one),
            terms => {
                Box::new(BooleanQuery::intersection(terms.iter().map(|one| term(one)).collect()))
            }
        };
        Box::new(BoostQuery::new(all, way.weight))
    });
    Box::new(BooleanQuery::union(wholes.chain(ways).collect()))
}

fn term(text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(fields().word(text), IndexRecordOption::WithFreqs))
}

#[cfg(test)]
mod tests {
    use crate::search::check::{put, record};
    use crate::search::index::Index;

    #[test]
    fn benchmarks_measure_the_engine_with_the_words_that_are_looked_for() {
        let index = Index::in_memory().unwrap();
        index.apply((0..80).map(|row| put(row, record("Garten"))).collect(), 1).unwrap();
        let words = index.looked_up("Gartn Gartenhund").unwrap();
        assert_eq!(words[0].text, "garten", "what was meant is looked for");
        let parts = words[1].alternatives.iter().filter(|way| way.partial);
        let parts: Vec<&str> = parts.map(|way| way.terms[0].as_str()).collect();
        assert_eq!(parts, ["hund"], "what most records have says nothing alone");
        assert_eq!(index.bare(&words).unwrap(), (20, 80));
    }
}
