//! Everything that is known about an opportunity besides its texts, as a list of terms.

use engagement_protocol::opportunity::{Language, Opportunity};
use engagement_protocol::time::Day;

use super::text::t;
use super::{format, label, link, place, schedule};
use crate::app::search::Asked;
use crate::domain::vocabulary::{List, Vocabulary};

/// The code whose word says an age.
const YOUTHS: &str = "jugendliche_ab_14";

/// A term and what is said about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) term: String,
    pub(super) values: Vec<Value>,
    pub(super) hint: Option<String>,
}

/// One thing that is said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    /// A search for more of this.
    pub(super) href: Option<String>,
    /// Whether it is the record's own text, which is German whatever the language of the page.
    pub(super) is_german: bool,
}

impl Value {
    /// Returns our words.
    pub(super) const fn said(text: String, href: Option<String>) -> Self {
        Self { text, href, is_german: false }
    }
}

impl Fact {
    /// Returns a term with texts.
    pub(super) fn new(term: String, values: impl IntoIterator<Item = String>) -> Self {
        let values = values.into_iter().map(|text| Value::said(text, None)).collect();
        Self { term, values, hint: None }
    }
}

/// Returns what is known; terms that nobody filled are left out, except for accessibility.
pub(super) fn facts(record: &Opportunity, today: Day) -> Vec<Fact> {
    let known = [
        time(record, today),
        Fact::new(t!("glance-amount"), schedule::amount(record)),
        places(record),
        Fact::new(t!("glance-seats"), seats(record)),
        Fact::new(t!("glance-apply"), record.apply_until.map(format::day)),
        Fact::new(t!("glance-age"), age(record)),
        Fact::new(t!("glance-languages"), record.languages.iter().map(language)),
        requirements(record),
        accessibility(record),
        Fact::new(t!("glance-benefits"), label::all(List::Benefits, &record.benefits)),
        Fact::new(t!("glance-suited"), suited(record)),
        topics(t!("glance-fields"), List::Fields, &record.fields, |code| Asked {
            fields: vec![code],
            ..Asked::default()
        }),
        topics(t!("glance-activities"), List::Activities, &record.activities, |code| Asked {
            activities: vec![code],
            ..Asked::default()
        }),
        topics(t!("glance-targets"), List::Targets, &record.targets, |code| Asked {
            targets: vec![code],
            ..Asked::default()
        }),
    ];
    known.into_iter().filter(|fact| !fact.values.is_empty()).collect()
}

/// Says what to bring, and of what few people know how to come by it.
fn requirements(record: &Opportunity) -> Fact {
    let labels = label::all(List::Requirements, &record.requirements);
    let mut fact = Fact::new(t!("glance-requirements"), labels);
    let explained = record.requirements.iter().filter_map(|code| match code.as_str() {
        "fuehrungszeugnis" => Some(t!("explain-fuehrungszeugnis")),
        "masern" => Some(t!("explain-masern")),
        "belehrung43" => Some(t!("explain-belehrung43")),
        _ => None,
    });
    let explained: Vec<_> = explained.collect();
    fact.hint = (!explained.is_empty()).then(|| explained.join(" "));
    fact
}

fn time(record: &Opportunity, today: Day) -> Fact {
    let mut fact = Fact::new(t!("glance-time"), schedule::times(record, today));
    let own = record.slots_text.clone();
    fact.values.extend(own.map(|text| Value { text, href: None, is_german: true }));
    fact
}

/// Says where, and first of all whether one has to go anywhere.
fn places(record: &Opportunity) -> Fact {
    let mode = record.mode.as_deref().filter(|mode| *mode != "onsite");
    let (places, is_remote) = (place::full(record), mode == Some("remote"));
    let names_places = is_remote && !record.places.is_empty();
    let said =
        mode.map(|mode| if is_remote { t!("place-remote") } else { label::one(List::Mode, mode) });
    let others = places.into_iter().filter(|place| said.as_ref() != Some(place));
    let lines: Vec<String> = said.iter().cloned().chain(others).collect();
    let hint = names_places.then(|| t!("glance-places-remote"));
    Fact { hint, ..Fact::new(t!("glance-places", count = record.places.len().max(1)), lines) }
}

/// Says whom it suits, each once, and what nobody knows last.
fn suited(record: &Opportunity) -> Vec<String> {
    let mut labels = label::all(List::Suited, &record.suited);
    let (known, own) = (label::one(List::Suited, YOUTHS), label::suited(record, YOUTHS));
    labels.iter_mut().filter(|label| **label == known).for_each(|label| label.clone_from(&own));
    labels
}

fn seats(record: &Opportunity) -> Option<String> {
    Some(match (record.seats?, record.seats_left) {
        (seats, Some(left)) if left <= seats => {
            t!("seats-left", count = seats, left = left)
        }
        (seats, _) => t!("seats-all", count = seats),
    })
}

/// Returns for which ages it is, if it is not for all.
pub(super) fn age(record: &Opportunity) -> Option<String> {
    Some(match (record.age_min, record.age_max) {
        (Some(min), Some(max)) => t!("age-between", min = min, max = max),
        (Some(min), None) => t!("age-from", min = min),
        (None, Some(max)) => t!("age-to", max = max),
        (None, None) => return None,
    })
}

fn language(language: &Language) -> String {
    let name = t!("language-name", code = language.code.as_str());
    match language.need.as_deref() {
        Some("welcome") => t!("language-welcome", language = name),
        Some("required" | "needed") => t!("language-needed", language = name),
        _ => name,
    }
}

fn topics(term: String, list: List, codes: &[String], asked: impl Fn(String) -> Asked) -> Fact {
    let vocabulary = Vocabulary::embedded();
    let known = |code: &&String| vocabulary.contains(list, code);
    let values = codes
        .iter()
        .filter(known)
        .map(|code| Value::said(label::one(list, code), Some(link::search(&asked(code.clone())))));
    Fact { term, values: values.collect(), hint: None }
}

/// Missing is unknown, never "no": the term is always there, and says that one may ask.
fn accessibility(record: &Opportunity) -> Fact {
    let vocabulary = Vocabulary::embedded();
    let known = vocabulary.codes(List::Accessibility);
    let said = known.filter_map(|(code, _)| Some((code, record.accessibility.get(code)?)));
    let said = said.map(|(code, answer)| (label::one(List::Accessibility, code), answer));
    let values = said.map(|(what, answer)| match answer.as_str() {
        "yes" => t!("accessibility-yes", what = what),
        "no" => t!("accessibility-no", what = what),
        _ => t!("accessibility-unknown", what = what),
    });
    let mut fact = Fact::new(t!("glance-accessibility"), values);
    if fact.values.is_empty() {
        fact.values.push(Value::said(t!("accessibility-none"), None));
    } else {
        fact.hint = Some(t!("accessibility-ask"));
    }
    fact
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::record;
    use serde_json::{Value as Json, json};

    fn said(fields: &Json, term: &str) -> Vec<String> {
        let facts = facts(&record(fields), "2026-11-23".parse().unwrap());
        let fact = facts.into_iter().find(|fact| fact.term == term);
        fact.map_or_else(Vec::new, |fact| fact.values.into_iter().map(|value| value.text).collect())
    }

    #[test]
    fn accessibility_has_three_answers_and_silence_is_none_of_them() {
        let some =
            json!({"accessibility":{"stufenlos":"yes","aufzug":"no","dgs":"unknown","neu":"yes"}});
        assert_eq!(
            said(&some, "Barrierefreiheit"),
            ["Stufenlos zugänglich: ja", "Aufzug: nein", "Deutsche Gebärdensprache: unbekannt"]
        );
        assert!(said(&json!({}), "Barrierefreiheit")[0].starts_with("Keine Angaben."));
    }

    #[test]
    fn what_is_done_from_home_says_so_before_any_place() {
        let place = json!([{"plz":"48720","town":"Rosendahl"}]);
        let remote = json!({"mode":"remote","places":place});
        assert_eq!(said(&remote, "Ort"), ["ortsunabhängig", "48720 Rosendahl"]);
        let facts = facts(&record(&remote), "2026-11-23".parse().unwrap());
        let fact = facts.into_iter().find(|fact| fact.term == "Ort").unwrap();
        assert!(fact.hint.unwrap().contains("woher das Angebot kommt"));
        assert_eq!(said(&json!({"mode":"remote"}), "Ort"), ["ortsunabhängig"]);
        let hybrid = json!({"mode":"hybrid","places":place});
        assert_eq!(said(&hybrid, "Ort"), ["Teils online", "48720 Rosendahl"]);
        assert_eq!(said(&json!({"mode":"onsite","places":place}), "Ort"), ["48720 Rosendahl"]);
    }

    #[test]
    fn nobody_says_two_ages() {
        let youths = json!({"suited":["einsteiger","jugendliche_ab_14"],"age_min":16});
        let suits = ["Menschen ohne Vorerfahrung", "Jugendliche"];
        assert_eq!(said(&youths, "Geeignet für"), suits);
        assert_eq!(said(&youths, "Alter"), ["ab 16 Jahren"]);
        let open = json!({"suited":["jugendliche_ab_14"]});
        assert_eq!(said(&open, "Geeignet für"), ["Jugendliche ab 14 Jahren"]);
    }

    #[test]
    fn seats_ages_and_languages_are_words() {
        let few = json!({"seats":5,"seats_left":1,"age_min":14,"languages":[
            {"code":"tr","need":"welcome"},{"code":"de","need":"required"},{"code":"xx"}]});
        assert_eq!(said(&few, "Plätze"), ["5 Plätze, noch 1 frei"]);
        assert_eq!(said(&few, "Alter"), ["ab 14 Jahren"]);
        assert_eq!(
            said(&few, "Sprachen"),
            ["Türkisch (hilfreich)", "Deutsch (nötig)", "andere Sprache"]
        );
        assert_eq!(said(&json!({}), "Plätze"), Vec::<String>::new());
    }
}
