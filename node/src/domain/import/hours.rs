//! How much time an offer takes: three numbers and a word, each dropped with a note when it cannot be.

use engagement_protocol::opportunity::Hours;
use serde_json::{Map, Value};

use super::fields::{Fields, is_blank, shown};
use super::normal::{number, string};

/// Longest occurrence: a month.
const MOST_HOURS: f64 = 744.0;

/// Takes the hours of a record.
pub(super) fn read(fields: &mut Fields) -> Option<Hours> {
    let Value::Object(given) = fields.take("hours")? else {
        fields.warn("Der Zeitaufwand „hours“ ist unlesbar und wurde weggelassen.".to_owned());
        return None;
    };
    let amount = |value: &Value| number(value).filter(|hours| *hours > 0.0 && *hours <= MOST_HOURS);
    let times = |value: &Value| string(value)?.trim().parse::<u32>().ok().filter(|t| *t > 0);
    let per = |value: &Value| {
        string(value).filter(|per| matches!(per.as_str(), "day" | "week" | "month" | "year"))
    };
    let flexible = Value::as_bool;
    let hours = Hours {
        per_occurrence: part(fields, &given, "per_occurrence", "eine Zahl über 0 bis 744", amount),
        times: part(fields, &given, "times", "eine ganze Zahl ab 1", times),
        per: part(
            fields,
            &given,
            "per",
            "day, week, month oder year (Tabelle: Tag, Woche, …)",
            per,
        ),
        flexible: part(fields, &given, "flexible", "true oder false", flexible),
    };
    let found = hours.per_occurrence.is_some() || hours.times.is_some() || hours.flexible.is_some();
    found.then_some(hours)
}

fn part<T>(
    fields: &mut Fields,
    given: &Map<String, Value>,
    name: &str,
    expected: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    let value = given.get(name).filter(|value| !is_blank(value))?;
    let part = read(value);
    if part.is_none() {
        fields.warn(format!(
            "„hours.{name}“ ist „{}“ und wurde weggelassen; möglich ist {expected}.",
            shown(value)
        ));
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hours(value: Value) -> (Option<Hours>, Vec<String>) {
        let mut fields = Fields::new([("hours".to_owned(), value)].into_iter().collect());
        let hours = read(&mut fields);
        (hours, fields.finish().1)
    }

    #[test]
    fn what_can_be_is_kept_without_a_word() {
        let (read, notes) =
            hours(json!({"per_occurrence":"2,5","times":"3","per":"week","flexible":null}));
        let read = read.unwrap();
        assert_eq!((read.per_occurrence, read.times), (Some(2.5), Some(3)));
        assert_eq!((read.per.as_deref(), notes), (Some("week"), Vec::new()));
    }

    #[test]
    fn what_cannot_be_is_named_with_its_value() {
        for (field, value) in [
            ("per_occurrence", json!("zwei")),
            ("per_occurrence", json!(-1)),
            ("per_occurrence", json!("0")),
            ("per_occurrence", json!(745)),
            ("times", json!("oft")),
            ("times", json!(1.5)),
            ("per", json!("Quartal")),
            ("flexible", json!("vielleicht")),
        ] {
            let (read, notes) = hours(json!({field: value}));
            assert_eq!(read, None, "{field} {value}");
            assert_eq!(notes.len(), 1, "{field} {value}");
            assert!(notes[0].contains(&format!("hours.{field}")), "{notes:?}");
            assert!(notes[0].contains(value.to_string().trim_matches('"')), "{notes:?}");
        }
    }
}
