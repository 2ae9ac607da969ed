//! The figures, for people and as one line of JSON.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::files::Topic;
use super::measure::{Grades, Worth, mean, worth};

/// How many results `--verbose` shows.
const SHOWN: usize = 10;

/// A query with its answer.
#[derive(Debug)]
pub(super) struct Answered {
    topic: Topic,
    grades: Grades,
    /// What the records are called, and their titles, best first.
    ranking: Vec<(String, String)>,
    total: u64,
    worth: Option<Worth>,
}

impl Answered {
    /// Judges an answer.
    pub(super) fn new(
        topic: Topic,
        grades: Grades,
        ranking: Vec<(String, String)>,
        total: u64,
    ) -> Self {
        let names: Vec<String> = ranking.iter().map(|(name, _)| name.clone()).collect();
        let worth = worth(&names, &grades);
        Self { topic, grades, ranking, total, worth }
    }
}

/// The figures of all queries, and of each kind.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    all: Figures,
    kinds: BTreeMap<String, Figures>,
}

/// The figures of some queries.
#[derive(Debug, Serialize)]
struct Figures {
    /// How many there are.
    queries: usize,
    /// How many of them have a record that was judged good: only they count below.
    judged: usize,
    #[serde(rename = "ndcg_at_10")]
    ndcg: f64,
    #[serde(rename = "mrr_at_10")]
    reciprocal: f64,
    #[serde(rename = "p_at_5")]
    precision: f64,
    /// How many found no record at all.
    without_hit: usize,
}

impl Figures {
    fn of(answers: &[&Answered]) -> Self {
        let worths = || answers.iter().filter_map(|answer| answer.worth);
        let rounded = |value: f64| (value * 10_000.0).round() / 10_000.0;
        Self {
            queries: answers.len(),
            judged: worths().count(),
            ndcg: rounded(mean(worths().map(|worth| worth.ndcg))),
            reciprocal: rounded(mean(worths().map(|worth| worth.reciprocal))),
            precision: rounded(mean(worths().map(|worth| worth.precision))),
            without_hit: answers.iter().filter(|answer| answer.total == 0).count(),
        }
    }
}

impl Report {
    /// Sums the answers up.
    pub(super) fn of(answers: &[Answered]) -> Self {
        let mut kinds: Vec<&str> =
            answers.iter().map(|answer| answer.topic.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let figures = |kind: &str| {
            let of_kind: Vec<_> = answers.iter().filter(|a| a.topic.kind == kind).collect();
            Figures::of(&of_kind)
        };
        Self {
            all: Figures::of(&answers.iter().collect::<Vec<_>>()),
            kinds: kinds.into_iter().map(|kind| (kind.to_owned(), figures(kind))).collect(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>8} {:>8} {:>8} {:>8} {:>8} {:>12}",
            "Art", "Anfragen", "bewertet", "nDCG@10", "MRR@10", "P@5", "ohne Treffer"
        )?;
        let kinds = self.kinds.iter().map(|(kind, figures)| (kind.as_str(), figures));
        for (kind, figures) in kinds.chain([("alle", &self.all)]) {
            let Figures { queries, judged, ndcg, reciprocal, precision, without_hit } = figures;
            writeln!(
                f,
                "{kind:<20} {queries:>8} {judged:>8} {ndcg:>8.4} {reciprocal:>8.4} {precision:>8.4} {without_hit:>12}"
            )?;
        }
        Ok(())
    }
}

/// Returns the rankings as `qid<TAB>docid`, best first.
pub(super) fn run(answers: &[Answered]) -> String {
    let lines = answers.iter().flat_map(|answer| {
        answer.ranking.iter().map(|(name, _)| format!("{}\t{name}\n", answer.topic.id))
    });
    lines.collect()
}

/// Returns the first results of every query, with their grades, and what was judged good and is not among them.
pub(super) fn verbose(answers: &[Answered]) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    for Answered { topic, grades, ranking, total, worth } in answers {
        let ndcg = worth.map_or_else(|| "–".to_owned(), |worth| format!("{:.3}", worth.ndcg));
        line(format!(
            "{} „{}“ ({}): nDCG {ndcg}, {total} Treffer",
            topic.id, topic.words, topic.kind
        ));
        for (rank, (name, title)) in (1..).zip(ranking.iter().take(SHOWN)) {
            let grade = grades.get(name).map_or_else(|| "-".to_owned(), u8::to_string);
            line(format!("  {rank:>2}. [{grade}] {name}  {title}"));
        }
        let shown = |name: &String| ranking.iter().take(SHOWN).any(|(shown, _)| shown == name);
        let missed: Vec<String> = grades
            .iter()
            .filter(|(name, grade)| **grade > 0 && !shown(name))
            .map(|(name, grade)| format!("{name} [{grade}]"))
            .collect();
        if !missed.is_empty() {
            line(format!("      nicht darunter: {}", missed.join(", ")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(id: &str, kind: &str, ranking: &[&str], good: &[&str]) -> Answered {
        let topic = Topic { id: id.to_owned(), words: "lesen".to_owned(), kind: kind.to_owned() };
        let grades = good.iter().map(|name| ((*name).to_owned(), 2)).collect();
        let ranking: Vec<_> =
            ranking.iter().map(|name| ((*name).to_owned(), format!("Titel {name}"))).collect();
        let total = u64::try_from(ranking.len()).unwrap();
        Answered::new(topic, grades, ranking, total)
    }

    #[test]
    fn figures_are_means_over_judged_queries_of_each_kind() {
        let answers = [
            answered("1", "typo", &["a"], &["a"]),
            answered("2", "typo", &[], &["a"]),
            answered("3", "keyword", &["b", "a"], &[]),
        ];
        let report = serde_json::to_value(Report::of(&answers)).unwrap();
        let at = |path: &str| report.pointer(path).unwrap().as_f64().unwrap();
        assert!(
            (at("/ndcg_at_10") - 0.5).abs() < 1e-9
                && (at("/kinds/typo/mrr_at_10") - 0.5).abs() < 1e-9
        );
        assert_eq!((report["queries"].as_u64(), report["judged"].as_u64()), (Some(3), Some(2)));
        assert_eq!(report["without_hit"], 1);
        assert_eq!(report["kinds"]["keyword"]["judged"], 0);
        assert_eq!(run(&answers), "1\ta\n3\tb\n3\ta\n");
        let shown = verbose(&answers);
        assert!(shown.contains(" 1. [2] a  Titel a") && shown.contains("nicht darunter: a [2]"));
    }
}
