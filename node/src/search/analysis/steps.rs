//! Steps of the analysis that an evaluation leaves out, to see what each of them is worth.
//!
//! Documents and queries have to be read alike: whoever opens an index says it once, and the index hands it to
//! whatever reads a text. Nobody but `eval-search` ever leaves anything out.

/// Steps that are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without {
    /// Compounds are not taken apart.
    pub parts: bool,
    /// Gender spellings are read as the letters they are.
    pub gender: bool,
    /// No similar words are looked for.
    pub synonyms: bool,
}

impl Without {
    /// Leaves nothing out.
    pub const NOTHING: Self = Self { parts: false, gender: false, synonyms: false };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::check::{put, record, words};
    use crate::search::index::Index;
    use crate::search::query::Query;

    fn rows(index: &Index, query: &Query) -> Vec<u64> {
        index.search(query).unwrap().hits.iter().map(|hit| hit.row).collect()
    }

    #[test]
    fn steps_that_one_index_leaves_out_are_left_in_another_beside_it() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let without = Without { parts: true, gender: true, synonyms: true };
        let some = Index::open_without(one.path(), without).unwrap();
        let all = Index::open(other.path()).unwrap();
        let titles = ["Lesepat*innen", "Bücherbusfahrer", "Clean-up", "Garten"];
        for index in [&some, &all] {
            let changes = (1..).zip(titles).map(|(row, title)| put(row, record(title)));
            index.apply(changes.collect(), 4).unwrap();
        }
        for (asked, row) in [("Lesepatin", 1), ("Fahrer", 2), ("Müll sammeln", 3)] {
            let asked = Query { exact: true, ..words(asked) };
            assert_eq!((rows(&some, &asked), rows(&all, &asked)), (vec![], vec![row]), "{asked:?}");
        }
        assert_eq!(
            (rows(&some, &words("Gärten")), rows(&all, &words("Gärten"))),
            (vec![4], vec![4])
        );
    }
}
