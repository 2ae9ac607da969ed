//! What a ranking is worth: the measures of information retrieval, as textbooks define them.
//!
//! A grade counts 2^grade − 1, discounted by log2(rank + 1). Two orders with the same grades in the same
//! places are worth the same; a query for which nobody judged a record good says nothing and is left out.

use std::collections::BTreeMap;

/// Grades of records by what they are called.
pub(super) type Grades = BTreeMap<String, u8>;

/// How deep nDCG and MRR look.
const DEPTH: usize = 10;
/// How deep precision looks.
const FIRST: usize = 5;

/// What one ranking is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Worth {
    /// Normalised discounted cumulative gain over the first ten.
    pub(super) ndcg: f64,
    /// One over the rank of the first good record among the first ten; 0 if there is none.
    pub(super) reciprocal: f64,
    /// The share of good records among the first five places.
    pub(super) precision: f64,
}

/// Returns what a ranking is worth, or nothing if no record was judged good.
pub(super) fn worth(ranking: &[String], grades: &Grades) -> Option<Worth> {
    let mut ideal: Vec<u8> = grades.values().copied().filter(|grade| *grade > 0).collect();
    if ideal.is_empty() {
        return None;
    }
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let grade = |name: &String| grades.get(name).copied().unwrap_or(0);
    let got: Vec<u8> = ranking.iter().take(DEPTH).map(grade).collect();
    let first = (1u32..).zip(&got).find(|(_, grade)| **grade > 0);
    let good: u32 = got.iter().take(FIRST).map(|grade| u32::from(*grade > 0)).sum();
    Some(Worth {
        ndcg: gain(&got) / gain(&ideal),
        reciprocal: first.map_or(0.0, |(rank, _)| 1.0 / f64::from(rank)),
        precision: f64::from(good) / f64::from(u32::try_from(FIRST).unwrap_or(u32::MAX)),
    })
}

fn gain(grades: &[u8]) -> f64 {
    let first = (1u32..).zip(grades).take(DEPTH);
    let gains =
        first.map(|(rank, grade)| (f64::from(*grade).exp2() - 1.0) / f64::from(rank + 1).log2());
    // The sum of no floats would be below zero.
    gains.fold(0.0, |sum, gain| sum + gain)
}

/// Returns the mean over all, 0 for none.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades(list: &[(&str, u8)]) -> Grades {
        list.iter().map(|(name, grade)| ((*name).to_owned(), *grade)).collect()
    }

    fn ranking(names: &str) -> Vec<String> {
        names.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn is_what_the_textbook_says() {
        let grades = grades(&[("a", 2), ("b", 1), ("c", 0)]);
        let best = worth(&ranking("a b c"), &grades).unwrap();
        assert!((best.ndcg - 1.0).abs() < 1e-12 && (best.reciprocal - 1.0).abs() < 1e-12);
        assert!((best.precision - 0.4).abs() < 1e-12);
        // 1/log2(3) + 3/log2(4) over 3/log2(2) + 1/log2(3).
        let other = worth(&ranking("c b a"), &grades).unwrap();
        let expected = (1.0 / 3f64.log2() + 1.5) / (3.0 + 1.0 / 3f64.log2());
        assert!((other.ndcg - expected).abs() < 1e-12, "{other:?}");
        assert!((other.reciprocal - 0.5).abs() < 1e-12);
    }

    #[test]
    fn nothing_found_is_worth_nothing_and_nothing_to_find_says_nothing() {
        let none = Worth { ndcg: 0.0, reciprocal: 0.0, precision: 0.0 };
        assert_eq!(worth(&[], &grades(&[("a", 1)])), Some(none));
        assert_eq!(worth(&ranking("a"), &grades(&[("a", 0)])), None);
        assert!(mean(std::iter::empty()).abs() < f64::EPSILON);
    }

    #[test]
    fn what_stands_behind_the_tenth_place_does_not_count() {
        let late = ranking("1 2 3 4 5 6 7 8 9 10 a");
        assert!(worth(&late, &grades(&[("a", 2)])).unwrap().ndcg.abs() < 1e-12);
        let many: Vec<(String, u8)> = (0..20).map(|n| (n.to_string(), 1)).collect();
        let order: Vec<String> = many.iter().map(|(name, _)| name.clone()).collect();
        let full = worth(&order, &many.into_iter().collect()).unwrap();
        assert!((full.ndcg - 1.0).abs() < 1e-12, "ten of twenty is all that ten places can hold");
    }
}
