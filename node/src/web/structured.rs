//! Structured data for search engines: what an opportunity is in the words of schema.org.
//!
//! Only the origin says it, and never for a private person. It is data and nothing that runs; whatever a
//! record holds, it cannot end the element that it stands in.

use std::fmt;

use engagement_protocol::opportunity::{Direction, Opportunity, Place};
use serde_json::{Map, Value, json};

use super::label;
use super::prose;
use crate::app::opportunity::Shown;
use crate::domain::vocabulary::List;

/// JSON inside of an HTML page.
#[derive(Debug)]
pub(super) struct Script(String);

// The characters that could leave the element are escaped in `Script::new`, and nobody else makes one.
impl askama::filters::HtmlSafe for Script {}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Script {
    fn new(value: &Value) -> Self {
        let json = value.to_string();
        let escaped = json.chars().fold(String::with_capacity(json.len()), |mut escaped, c| {
            match c {
                // Only inside of strings can these occur, and there the escape means the same.
                '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' => {
                    escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                c => escaped.push(c),
            }
            escaped
        });
        Self(escaped)
    }
}

/// Returns the structured data of an opportunity of our own that somebody seeks help for.
pub(super) fn data(shown: &Shown) -> Option<Script> {
    let record = &shown.record;
    let is_private = record.actor.as_deref() == Some("privatperson");
    if !shown.origin.is_own || is_private || record.direction != Direction::Seek {
        return None;
    }
    let url = shown.page();
    let mut graph = vec![posting(record, url.as_deref(), &shown.origin.node.to_string())];
    graph.extend(record.dates.iter().map(|date| {
        let mut event = named("Event", &record.title);
        put(&mut event, "startDate", Some(date.start.clone()));
        put(&mut event, "endDate", date.end.clone());
        put(&mut event, "description", Some(record.description.clone()));
        put(&mut event, "url", url.clone());
        put(&mut event, "location", location(record));
        put(&mut event, "organizer", organisation(record));
        Value::Object(event)
    }));
    Some(Script::new(&json!({"@context": "https://schema.org", "@graph": graph})))
}

fn posting(record: &Opportunity, url: Option<&str>, node: &str) -> Value {
    let mut posting = Map::new();
    put(&mut posting, "@type", Some("JobPosting"));
    put(&mut posting, "title", Some(record.title.as_str()));
    put(&mut posting, "description", Some(record.description.as_str()));
    put(&mut posting, "employmentType", Some("VOLUNTEER"));
    put(&mut posting, "url", url);
    let id = json!({"@type": "PropertyValue", "name": node, "value": record.id.as_str()});
    put(&mut posting, "identifier", Some(id));
    let posted = record.created.or(record.updated).or(record.verified_at);
    put(&mut posting, "datePosted", posted.map(|day| day.to_string()));
    put(&mut posting, "validThrough", Some(record.valid_until.to_string()));
    put(&mut posting, "jobStartDate", record.starts_on.map(|day| day.to_string()));
    put(&mut posting, "hiringOrganization", organisation(record));
    put(&mut posting, "totalJobOpenings", record.seats);
    put(&mut posting, "occupationalCategory", words(List::Fields, &record.fields));
    put(&mut posting, "qualifications", words(List::Requirements, &record.requirements));
    put(&mut posting, "jobBenefits", words(List::Benefits, &record.benefits));
    put(&mut posting, "workHours", record.slots_text.as_deref());
    if record.mode.as_deref() == Some("remote") {
        put(&mut posting, "jobLocationType", Some("TELECOMMUTE"));
        let country = json!({"@type": "Country", "name": "DE"});
        put(&mut posting, "applicantLocationRequirements", Some(country));
    } else {
        put(&mut posting, "jobLocation", location(record));
    }
    Value::Object(posting)
}

fn named(kind: &str, name: &str) -> Map<String, Value> {
    let mut object = Map::new();
    put(&mut object, "@type", Some(kind));
    put(&mut object, "name", Some(name));
    object
}

fn organisation(record: &Opportunity) -> Option<Value> {
    let by = record.organisation.as_ref()?;
    let mut object = named("Organization", &by.name);
    put(&mut object, "sameAs", by.url.as_deref().and_then(prose::web_address));
    Some(Value::Object(object))
}

fn location(record: &Opportunity) -> Option<Value> {
    let places: Vec<_> = record.places.iter().map(place).collect();
    (!places.is_empty()).then_some(Value::Array(places))
}

fn place(place: &Place) -> Value {
    let mut address = Map::new();
    put(&mut address, "@type", Some("PostalAddress"));
    put(&mut address, "streetAddress", place.street.as_deref());
    put(&mut address, "postalCode", place.plz.as_deref());
    put(&mut address, "addressLocality", place.town.as_deref());
    put(&mut address, "addressRegion", Some("NW"));
    put(&mut address, "addressCountry", Some("DE"));
    json!({"@type": "Place", "address": address})
}

fn words(list: List, codes: &[String]) -> Option<String> {
    (!codes.is_empty()).then(|| label::all(list, codes).join(", "))
}

/// Leaves out what is not known: nothing is invented.
fn put(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::{hostile, shown};

    fn graph(fields: &Value) -> Vec<Value> {
        let script = data(&shown(fields, true)).unwrap().to_string();
        let data: Value = serde_json::from_str(&script).unwrap();
        data["@graph"].as_array().unwrap().clone()
    }

    #[test]
    fn nothing_in_a_record_ends_the_element() {
        let script = data(&shown(&hostile(), true)).unwrap().to_string();
        for c in ['<', '>', '&', '\'', '\u{2028}'] {
            assert!(!script.contains(c), "{c}: {script}");
        }
        let title = hostile()["title"].clone();
        assert_eq!(graph(&hostile())[0]["title"], title, "and nothing is lost");
    }

    #[test]
    fn only_the_origin_speaks_and_never_for_a_private_person() {
        let none = |fields: Value, own| data(&shown(&fields, own)).is_none();
        assert!(none(json!({}), false));
        assert!(none(json!({"direction": "offer"}), true));
        assert!(none(json!({"actor": "privatperson"}), true));
        assert!(!none(json!({}), true));
    }

    #[test]
    fn a_posting_says_what_is_known_and_a_date_is_an_event() {
        let fields = json!({"created":"2026-11-02","seats":3,"fields":["sport"],
            "places":[{"plz":"48653","town":"Coesfeld"}],"dates":[{"start":"2026-12-05T10:00:00+01:00"}]});
        let graph = graph(&fields);
        let (posting, event) = (&graph[0], &graph[1]);
        assert_eq!(posting["@type"], "JobPosting");
        assert_eq!(posting["employmentType"], "VOLUNTEER");
        assert_eq!(posting["datePosted"], "2026-11-02");
        assert_eq!(posting["validThrough"], "2027-05-02");
        assert_eq!(posting["jobLocation"][0]["address"]["postalCode"], "48653");
        assert_eq!(posting["totalJobOpenings"], 3);
        assert!(posting.get("jobBenefits").is_none());
        assert_eq!(
            (&event["@type"], &event["startDate"]),
            (&json!("Event"), &json!("2026-12-05T10:00:00+01:00"))
        );
        let remote = &self::graph(&json!({"mode":"remote"}))[0];
        assert_eq!(remote["jobLocationType"], "TELECOMMUTE");
        assert!(remote.get("jobLocation").is_none());
    }
}
