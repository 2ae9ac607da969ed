//! Believable opportunities from a seed: for demos and benchmarks, never mixed with real ones.
//!
//! Titles, sentences and organisations come from `config/demo/templates.json`, places from the gazetteer.
//! The same seed gives the same records.

use std::collections::BTreeMap;

use engagement_protocol::id::Ags;
use engagement_protocol::time::Day;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::gazetteer::{Gazetteer, Municipality};
use crate::entropy::{Entropy, SeededEntropy, below};

/// The name of the source that generated records carry.
pub const SYSTEM: &str = "beispiel";

/// Makes records for one municipality after another.
#[derive(Debug)]
pub struct Generator {
    templates: Templates,
    entropy: SeededEntropy,
    made: u64,
}

#[derive(Debug, Deserialize)]
struct Templates {
    organisations: Vec<Pattern>,
    qualities: Vec<String>,
    districts: Vec<String>,
    topics: Vec<Topic>,
}

#[derive(Debug, Deserialize)]
struct Pattern {
    pattern: String,
    actor: String,
}

#[derive(Debug, Deserialize)]
struct Topic {
    #[serde(default)]
    actors: Vec<String>,
    title: Vec<String>,
    summary: Vec<String>,
    sentences: Vec<String>,
    /// Fields of the record that are taken as they are.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl Generator {
    /// Begins the sequence of `seed`.
    ///
    /// # Errors
    ///
    /// If the embedded templates are damaged.
    pub fn new(seed: u64) -> Result<Self, serde_json::Error> {
        let templates = include_str!("../../../../config/demo/templates.json");
        let templates = serde_json::from_str(templates)?;
        Ok(Self { templates, entropy: SeededEntropy::new(seed), made: 0 })
    }

    /// Returns `count` records as JSON Lines, in places of the area `ags`, or of the Land if it is none.
    pub fn lines(&mut self, ags: &Ags, count: usize) -> String {
        let gazetteer = Gazetteer::embedded();
        let mut towns: Vec<_> =
            gazetteer.municipalities().filter(|town| ags.contains(&town.ags)).collect();
        if towns.is_empty() {
            towns = gazetteer.municipalities().collect();
        }
        let mut lines = String::new();
        for _ in 0..count {
            if let Some(town) = pick(&self.entropy, &towns) {
                lines.push_str(&self.record(town).to_string());
                lines.push('\n');
            }
        }
        lines
    }

    fn record(&mut self, town: &Municipality) -> Value {
        self.made += 1;
        let (entropy, templates) = (&self.entropy, &self.templates);
        let Some(topic) = pick(entropy, &templates.topics) else { return Value::Null };
        let fitting: Vec<_> = templates
            .organisations
            .iter()
            .filter(|pattern| topic.actors.is_empty() || topic.actors.contains(&pattern.actor))
            .collect();
        let quality = pick(entropy, &templates.qualities).map_or("", String::as_str);
        let district = pick(entropy, &templates.districts).map_or("", String::as_str);
        let pattern = pick(entropy, &fitting);
        let organisation = pattern.map_or_else(
            || format!("Bürgerverein {}", town.name),
            |pattern| pattern.pattern.replace("{quality}", quality).replace("{town}", &town.name),
        );
        let fill = |text: &str| {
            text.replace("{town}", &town.name)
                .replace("{district}", district)
                .replace("{organisation}", &organisation)
        };
        let title = pick(entropy, &topic.title).map_or_else(String::new, |title| fill(title));
        let summary = pick(entropy, &topic.summary).map_or_else(String::new, |text| fill(text));
        let mut record = json!({
            "actor": pattern.map_or("verein", |pattern| &pattern.actor),
            "title": title, "summary": summary, "description": self.description(topic, &fill),
            "organisation": {"name": organisation},
            "source": {"system": SYSTEM, "id": format!("{}-{}", town.ags, self.made)},
        });
        if let Some(object) = record.as_object_mut() {
            object.extend(
                topic
                    .rest
                    .iter()
                    .filter(|(key, _)| *key != "key")
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
            object.insert("places".to_owned(), json!([self.place(town, district)]));
            let is_for_groups = topic.rest.get("suited").is_some_and(|suited| {
                suited.as_array().is_some_and(|codes| codes.contains(&json!("gruppen")))
            });
            let seats = 1 + below(entropy, 6);
            object.insert("seats".to_owned(), json!(seats * if is_for_groups { 5 } else { 1 }));
        }
        record
    }

    fn description(&self, topic: &Topic, fill: &dyn Fn(&str) -> String) -> String {
        let skip = below(&self.entropy, 3);
        let mut text = String::new();
        for (at, sentence) in (0..).zip(&topic.sentences) {
            // Long enough to be read as an offer, and rarely twice the same.
            if at < skip || (text.chars().count() > 200 && below(&self.entropy, 3) == 0) {
                continue;
            }
            text.push_str(if text.is_empty() {
                ""
            } else if at % 3 == 0 {
                "\n\n"
            } else {
                " "
            });
            text.push_str(&fill(sentence));
        }
        text
    }

    /// A point within about three kilometres of the town's centre.
    fn place(&self, town: &Municipality, district: &str) -> Value {
        let offset = || {
            (f64::from(u32::try_from(below(&self.entropy, 601)).unwrap_or(300)) - 300.0) / 10_000.0
        };
        let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
        let plz = pick(&self.entropy, &town.plz);
        json!({
            "ags": town.ags, "plz": plz, "town": town.name, "district": district,
            "lat": round(town.lat + offset()), "lon": round(town.lon + offset()), "precision": "district",
        })
    }
}

/// Gives what happens once a date: one of the Saturdays after `today`, the first of them in ten days at the earliest.
///
/// # Errors
///
/// If a line is no JSON.
pub fn dated(lines: &str, today: Day) -> Result<String, serde_json::Error> {
    let mut dated = String::with_capacity(lines.len());
    for (at, line) in (0..).zip(lines.lines()) {
        let mut record: Value = serde_json::from_str(line)?;
        let is_once = record.get("commitment").is_some_and(|kind| kind == "once");
        if let Some(object) = record.as_object_mut().filter(|_| is_once) {
            let day = saturday(today, at);
            let hours = object.get("hours").and_then(|hours| hours.get("per_occurrence"));
            let hours = hours.and_then(Value::as_u64).filter(|hours| *hours <= 8).unwrap_or(3);
            object.insert("hours".to_owned(), json!({"per_occurrence": hours}));
            object.insert("slots".to_owned(), json!(["sa_am"]));
            object.insert(
                "dates".to_owned(),
                json!([{"start": format!("{day}T10:00:00+01:00"), "end": format!("{day}T{}:00:00+01:00", 10 + hours)}]),
            );
        }
        dated.push_str(&record.to_string());
        dated.push('\n');
    }
    Ok(dated)
}

/// Returns one of six Saturdays.
fn saturday(today: Day, at: u32) -> Day {
    // 1970 began on a Thursday.
    let first = today.number() + 10;
    let wait = (5 + 7 - (first + 3) % 7) % 7;
    Day::from_number(first + wait + 7 * (at % 6))
}

fn pick<'a, T>(entropy: &dyn Entropy, from: &'a [T]) -> Option<&'a T> {
    let at = below(entropy, u64::try_from(from.len()).unwrap_or(0));
    from.get(usize::try_from(at).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_once_has_a_saturday() {
        let today: Day = "2026-11-27".parse().unwrap();
        let days: Vec<_> = (0..7).map(|at| saturday(today, at).to_string()).collect();
        let expected = ["12-12", "12-19", "12-26", "01-02", "01-09", "01-16", "12-12"];
        assert!(days.iter().zip(expected).all(|(day, end)| day.ends_with(end)), "{days:?}");
        let lines = "{\"commitment\":\"once\"}\n{\"commitment\":\"regular\"}\n";
        let dated = dated(lines, today).unwrap();
        assert!(dated.contains("2026-12-12T10:00:00+01:00"), "{dated}");
        assert_eq!(dated.lines().filter(|line| line.contains("dates")).count(), 1);
    }

    #[test]
    fn the_same_seed_gives_the_same_records_and_all_differ() {
        let ags: Ags = "05558".parse().unwrap();
        let lines = Generator::new(7).unwrap().lines(&ags, 500);
        assert_eq!(lines, Generator::new(7).unwrap().lines(&ags, 500));
        assert_ne!(lines, Generator::new(8).unwrap().lines(&ags, 500));
        let texts: std::collections::BTreeSet<_> = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["description"].to_string())
            .collect();
        assert!(texts.len() > 400, "{} different texts", texts.len());
    }
}
