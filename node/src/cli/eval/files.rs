//! Reads queries and judgements, as people and programs write them.
//!
//! Queries are `qid<TAB>query<TAB>kind`, judgements `qid docid grade` with tabs or spaces, or the four columns of
//! TREC. Empty lines, comments (`#`) and a header are passed over; a line that says nothing is an error with
//! its number, because a judgement that is silently lost would make every figure wrong.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::measure::Grades;

/// A query of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Topic {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) kind: String,
}

/// Highest grade.
const HIGHEST: u8 = 2;

/// Reads the queries, in their order.
///
/// # Errors
///
/// If a line is no query, or an id stands twice.
pub(super) fn topics(text: &str) -> anyhow::Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    for (number, line) in lines(text) {
        let mut parts = line.split('\t').map(str::trim);
        let (id, words) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let kind = parts.next().filter(|kind| !kind.is_empty()).unwrap_or("ohne Art");
        if topics.is_empty() && id.eq_ignore_ascii_case("qid") {
            continue;
        }
        if id.is_empty() || words.is_empty() {
            bail!("Zeile {number}: erwartet wird qid<TAB>Anfrage<TAB>Art.");
        }
        if topics.iter().any(|topic| topic.id == id) {
            bail!("Zeile {number}: Die Anfrage {id} steht schon weiter oben.");
        }
        let (id, words, kind) = (id.to_owned(), words.to_owned(), kind.to_owned());
        topics.push(Topic { id, words, kind });
    }
    Ok(topics)
}

/// Reads the judgements: for each query the grades of records.
///
/// # Errors
///
/// If a line is no judgement, or a record is judged twice for one query and differently.
pub(super) fn judgements(text: &str) -> anyhow::Result<BTreeMap<String, Grades>> {
    let mut all: BTreeMap<String, Grades> = BTreeMap::new();
    let mut is_first = true;
    for (number, line) in lines(text) {
        let first = line.split(char::is_whitespace).next().unwrap_or_default();
        let header = std::mem::take(&mut is_first) && first.eq_ignore_ascii_case("qid");
        if header {
            continue;
        }
        let what =
            || format!("Zeile {number}: erwartet wird qid docid Note, mit einer Note 0, 1 oder 2.");
        // A name may hold spaces where tabs separate.
        let separator: &[char] = if line.contains('\t') { &['\t'] } else { &[' '] };
        let parts: Vec<&str> =
            line.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        let (query, record, grade) = match parts.as_slice() {
            [query, "0" | "Q0", record, grade] | [query, record, grade, ..] => {
                (*query, *record, *grade)
            }
            _ => bail!(what()),
        };
        let grade = grade.parse().ok().filter(|grade| *grade <= HIGHEST).with_context(what)?;
        let held = all.entry(query.to_owned()).or_default().insert(record.to_owned(), grade);
        if held.is_some_and(|held| held != grade) {
            bail!("Zeile {number}: {record} ist für {query} schon anders bewertet.");
        }
    }
    Ok(all)
}

/// Returns the lines of the data with their numbers, sorted by what their records are called, so that no figure depends on
/// the order of a file.
pub(super) fn sorted(data: &str) -> Vec<(usize, &str)> {
    let data = data.strip_prefix('\u{feff}').unwrap_or(data);
    let mut lines: Vec<(usize, &str)> = (1..).zip(data.lines()).collect();
    lines.sort_by_cached_key(|(_, line)| (names(line).0.pop(), *line));
    lines
}

/// Returns what each record of the data is called, and the newest day that one of them names.
pub(super) fn names(data: &str) -> (Vec<String>, Option<String>) {
    let (mut names, mut newest) = (Vec::new(), None);
    for line in data.lines() {
        let Ok(record) = serde_json::from_str::<Value>(line.trim_start_matches('\u{feff}')) else {
            continue;
        };
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let name = record.pointer("/source/id").or_else(|| record.get("id")).and_then(text);
        names.extend(name);
        for key in ["updated", "verified_at", "created"] {
            let day = record.get(key).and_then(Value::as_str).and_then(|day| day.get(..10));
            newest = newest.max(day.map(str::to_owned));
        }
    }
    (names, newest)
}

/// Returns the lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.lines());
    lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_however_the_file_was_saved() {
        let text = "\u{feff}qid\tquery\tkind\r\n# Kommentar\r\n\r\nq1\tMüll sammeln\tkeyword\r\nq2\tQidditch\r\n";
        let topics = topics(text).unwrap();
        let read: Vec<_> =
            topics.iter().map(|t| (t.id.as_str(), t.words.as_str(), t.kind.as_str())).collect();
        assert_eq!(read, [("q1", "Müll sammeln", "keyword"), ("q2", "Qidditch", "ohne Art")]);
        for wrong in ["q1", "q1\t\tkind", "q1\ta\tk\nq1\tb\tk"] {
            assert!(super::topics(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn judgements_are_read_with_tabs_spaces_and_the_columns_of_trec() {
        for text in [
            "qid\tdocid\tgrade\nq1\ta\t2\nq1\tb\t0\n",
            "q1 a 2\r\nq1   b  0\r\n",
            "# Noten\nq1 0 a 2\nq1 Q0 b 0",
        ] {
            let judged = judgements(text).unwrap();
            let grades: Vec<_> =
                judged["q1"].iter().map(|(name, grade)| (name.as_str(), *grade)).collect();
            assert_eq!(grades, [("a", 2), ("b", 0)], "{text}");
        }
        for wrong in ["q1 a", "q1 a 3", "q1 a gut", "q1 a 1\nq1 a 2"] {
            assert!(judgements(wrong).is_err(), "{wrong}");
        }
        assert_eq!(judgements("qid1 a 2").unwrap()["qid1"]["a"], 2, "an id is no header");
        assert_eq!(judgements("q1\tmein Garten\t1").unwrap()["q1"]["mein Garten"], 1);
    }

    #[test]
    fn a_record_is_called_what_its_source_calls_it() {
        let data = "{\"id\":\"1\",\"source\":{\"id\":\"s\"},\"updated\":\"2026-05-01\"}\n{\"id\":7,\"created\":\"2026-06-02T10:00\"}\nkaputt";
        let (names, newest) = super::names(data);
        assert_eq!(names, ["s", "7"]);
        assert_eq!(newest.as_deref(), Some("2026-06-02"));
    }
}
