//! JSON Lines: one record a line, or a file that is one array of records.

use serde_json::{Map, Value};

use super::{FILE_RECORDS, ImportError, Raw};

const NO_OBJECT: &str =
    "Die Zeile ist kein JSON-Objekt. Bitte prüfen Sie Klammern und Anführungszeichen.";

/// Reads the records of a file; a byte order mark and empty lines are passed over.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Raw>, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"[") {
        return array(bytes);
    }
    let mut records = Vec::new();
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if records.len() == FILE_RECORDS {
            return Err(ImportError::TooMany);
        }
        let fields = serde_json::from_slice::<Map<String, Value>>(line);
        records.push(Raw::new(at + 1, fields.map_err(|_| NO_OBJECT.to_owned())));
    }
    if !records.is_empty() && records.iter().all(|record| record.fields.is_err()) {
        // One object over several lines, or no JSON at all.
        return match serde_json::from_slice::<Map<String, Value>>(bytes) {
            Ok(fields) => Ok(vec![Raw::new(1, Ok(fields))]),
            Err(error) => Err(ImportError::Json(format!("Zeile {}", error.line()))),
        };
    }
    Ok(records)
}

fn array(bytes: &[u8]) -> Result<Vec<Raw>, ImportError> {
    let values: Vec<Value> = serde_json::from_slice(bytes)
        .map_err(|error| ImportError::Json(format!("Zeile {}", error.line())))?;
    if values.len() > FILE_RECORDS {
        return Err(ImportError::TooMany);
    }
    let record = |(at, value)| {
        let fields = match value {
            Value::Object(fields) => Ok(fields),
            _ => Err(NO_OBJECT.to_owned()),
        };
        Raw::new(at + 1, fields)
    };
    Ok(values.into_iter().enumerate().map(record).collect())
}

#[cfg(test)]
mod tests {
    use engagement_protocol::opportunity::{RecordError, Status};
    use serde_json::json;

    use super::super::{Batch, Format, Imported, Options, Refusal, read as import};
    use super::*;

    fn options() -> Options {
        let today = "2026-11-02".parse().unwrap();
        Options { source: None, default_source: "datei".to_owned(), today }
    }

    fn batch(text: &str) -> Batch {
        import(text.as_bytes(), Format::Jsonl, &options()).unwrap()
    }

    fn minimal() -> Value {
        json!({"title":"Lesepatin gesucht","description":"Einmal in der Woche.",
            "organisation":"Musterverein e. V.","places":[{"plz":"48653"}]})
    }

    fn outcome(changes: &Value) -> Result<Imported, Refusal> {
        let mut record = minimal();
        for (field, value) in changes.as_object().unwrap() {
            record[field] = value.clone();
        }
        batch(&record.to_string()).items.remove(0).outcome
    }

    fn imported(changes: &Value) -> Imported {
        outcome(changes).unwrap()
    }

    #[test]
    fn the_minimum_is_enough_and_defaults_are_named() {
        let imported = imported(&json!({}));
        assert_eq!(imported.defaults, ["status", "direction", "mode", "licence", "commitment"]);
        assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
        assert_eq!(imported.source.system, "datei");
        assert_eq!(imported.source.id.len(), 20);
        assert_eq!(imported.end, None);
        assert_eq!(imported.organisation_key.as_deref(), Some("Musterverein e. V."));
        let id = "01KAB3V8H6T4N2M5Q7R9S1W3XZ".parse().unwrap();
        let today = options().today;
        let line = imported.finish(&id, None, imported.valid_until(today), today).unwrap();
        let line: Value = serde_json::from_slice(line.bytes()).unwrap();
        assert_eq!(line["valid_until"], "2027-05-02");
        assert_eq!(line["verified_at"], "2026-11-02");
        assert_eq!(line["verified_by"], "organisation");
        assert_eq!(line["created"], "2026-11-02");
        assert_eq!(line["licence"], "CC0-1.0");
        assert_eq!(line["places"][0]["ags"], "05558012");
    }

    #[test]
    fn a_finished_line_names_the_organisation_of_this_node() {
        let imported =
            imported(&json!({"organisation":{"id":"o-7","name":"Verein"},"created":"01.02.2025"}));
        assert_eq!(imported.organisation_key.as_deref(), Some("o-7"));
        let (id, here) = ("r-1".parse().unwrap(), "o-here".parse().unwrap());
        let today = options().today;
        let line = imported.finish(&id, Some(&here), today, today).unwrap();
        let line: Value = serde_json::from_slice(line.bytes()).unwrap();
        assert_eq!((&line["id"], &line["organisation"]["id"]), (&json!("r-1"), &json!("o-here")));
        assert_eq!(
            (&line["created"], &line["valid_until"]),
            (&json!("2025-02-01"), &json!("2026-11-02"))
        );
    }

    #[test]
    fn what_is_needed_is_asked_for() {
        for (field, word) in [
            ("title", "Titel"),
            ("description", "Beschreibung"),
            ("organisation", "Organisation"),
            ("places", "Ort"),
        ] {
            let refusal = outcome(&json!({field: null, "id": "7"})).unwrap_err();
            assert!(refusal.reason.contains(word), "{}", refusal.reason);
            assert_eq!(refusal.source.unwrap().id, "7");
        }
        assert!(outcome(&json!({"places":[], "mode":"remote"})).is_ok());
        assert!(outcome(&json!({"organisation":null, "actor":"privatperson"})).is_ok());
        assert_eq!(imported(&json!({"status":"filled"})).opportunity().status, Status::Filled);
    }

    #[test]
    fn what_is_over_is_refused_as_ended() {
        for over in [
            json!({"status":"withdrawn", "title":null}),
            json!({"status":"Entwurf"}),
            json!({"status":"pending"}),
            json!({"valid_until":"01.11.2026", "places":null}),
            json!({"dates":["2026-10-30T10:00"]}),
            json!({"ends_on":"2026-10-31"}),
        ] {
            assert!(outcome(&over).unwrap_err().ended, "{over}");
        }
        assert!(outcome(&json!({"status":"draft"})).unwrap_err().reason.contains("Status"));
        let expired = outcome(&json!({"valid_until":"2026-11-01"})).unwrap_err();
        assert!(expired.reason.contains("01.11.2026"), "{}", expired.reason);
        assert!(outcome(&json!({"valid_until":"2026-11-02"})).is_ok());
    }

    #[test]
    fn what_others_depend_on_is_not_guessed() {
        for (field, word) in
            [("status", "Nicht mehr!"), ("status", "from_the_future"), ("direction", "Ich helfe!")]
        {
            let refusal = outcome(&json!({field: word})).unwrap_err();
            let plainly = format!("„{word}“");
            assert!(!refusal.ended && refusal.reason.contains(&plainly), "{}", refusal.reason);
        }
        assert!(
            outcome(&json!({"status":["x!"]})).is_err() && outcome(&json!({"status":7})).is_err()
        );
        assert!(outcome(&json!({"status":" ", "direction":[]})).is_ok());
    }

    #[test]
    fn an_emergency_is_declared_by_editors() {
        for urgency in ["emergency", "Notlage"] {
            let imported = imported(&json!({"urgency":urgency}));
            assert_eq!(imported.opportunity().urgency.as_deref(), Some("soon"));
            assert!(imported.warnings[0].contains("Notlage"));
        }
        assert_eq!(imported(&json!({"urgency":"soon"})).warnings, Vec::<String>::new());
    }

    #[test]
    fn contacts_leave_every_public_text() {
        let contact = "Frau X, x@verein.example, Tel. 02541 84-0";
        let imported = imported(&json!({"title":contact,"summary":contact,"description":contact,
            "plain":contact,"tasks":[contact],"slots_text":contact,"contact_role":contact,
            "organisation":{"name":contact,"url":"https://x@verein.example/"},
            "fields":["0171-1234567"],"places":[{"plz":"48653","street":contact}]}));
        let public = serde_json::to_string(imported.opportunity()).unwrap();
        for contact in ["@", "02541", "0171"] {
            assert!(!public.contains(contact), "{contact}: {public}");
        }
        assert!(
            imported.opportunity().organisation.as_ref().unwrap().name.starts_with("Frau X, [")
        );
    }

    #[test]
    fn a_key_that_follows_from_the_content_is_not_published() {
        let anonymous = imported(&json!({"phone":"0171 1234567"}));
        assert_eq!(anonymous.source.id.len(), 20);
        assert_eq!(anonymous.opportunity().source, None);
        assert!(imported(&json!({"id":"7"})).opportunity().source.is_some());
    }

    #[test]
    fn an_id_that_a_record_cannot_keep_is_named_once() {
        let (mut a, mut b) = (minimal(), minimal());
        (a["id"], b["id"]) = (json!("lesen-1"), json!(7));
        let mut kept = minimal();
        kept["id"] = json!("01KAB3V8H6T4N2M5Q7R9S1W3XZ");
        let read = batch(&format!("{a}\n{b}\n{kept}"));
        assert!(read.notes.len() == 1 && read.notes[0].contains("2-mal"), "{:?}", read.notes);
        assert!(batch(&kept.to_string()).notes.is_empty());
    }

    #[test]
    fn a_text_that_is_only_markup_is_shown() {
        let refusal = outcome(&json!({"title":"<b class=\"x\"></b>\u{1b}"})).unwrap_err();
        assert!(refusal.reason.contains("nur „<b class=\"x\"></b>“"), "{}", refusal.reason);
        let refusal = outcome(&json!({"description":"<p> </p>"})).unwrap_err();
        assert!(refusal.reason.contains("nur „<p> </p>“"), "{}", refusal.reason);
        let refusal = outcome(&json!({"title":"<i></i>".repeat(99)})).unwrap_err();
        assert!(refusal.reason.chars().count() < 200, "{}", refusal.reason);
    }

    #[test]
    fn days_that_cannot_be_are_named() {
        let future = imported(&json!({"verified_at":"03.11.2026"}));
        assert_eq!(future.opportunity().verified_at, None);
        assert!(future.warnings[0].contains("03.11.2026"), "{:?}", future.warnings);
        let now = imported(&json!({"verified_at":"02.11.2026"}));
        assert!(now.opportunity().verified_at.is_some() && now.warnings.is_empty());
        let far = imported(&json!({"valid_until":"31.12.9999"}));
        assert_eq!(far.end.unwrap().to_string(), "2031-11-02");
        assert!(far.warnings[0].contains("02.11.2031"), "{:?}", far.warnings);
        let near = imported(&json!({"valid_until":"2031-11-02"}));
        assert_eq!((near.end, near.warnings.len()), (far.end, 0));
    }

    #[test]
    fn what_no_field_can_hold_is_named() {
        let odd = imported(&json!({"age_min":300,"languages":["Deutsch!","de"]}));
        assert_eq!((odd.opportunity().age_min, odd.opportunity().languages.len()), (None, 1));
        let all = odd.warnings.join("\n");
        assert!(all.contains("300") && all.contains("Deutsch!"), "{all}");
    }

    #[test]
    fn a_bad_line_is_reported_and_the_others_are_kept() {
        let text = format!("\u{feff}{}\n\n{{oops\n{}\r\n", minimal(), minimal());
        let lines: Vec<_> =
            batch(&text).items.iter().map(|i| (i.line, i.outcome.is_ok())).collect();
        assert_eq!(lines, [(1, true), (3, false), (4, true)]);
        let list = json!([minimal(), 7, minimal()]).to_string();
        let lines: Vec<_> =
            batch(&list).items.iter().map(|i| (i.line, i.outcome.is_ok())).collect();
        assert_eq!(lines, [(1, true), (2, false), (3, true)]);
        assert!(matches!(
            import(b"Titel;Ort", Format::Jsonl, &options()),
            Err(ImportError::Json(_))
        ));
        assert!(batch("").items.is_empty());
    }

    #[test]
    fn equal_input_has_an_equal_hash_in_whatever_order() {
        let a = imported(&json!({"id":"7","summary":null,"seats":3}));
        let text = r#" {"seats":3,"id":"7","places":[{"plz":"48653"}],"organisation":"Musterverein e. V.","title":"Lesepatin gesucht ","description":"Einmal in der Woche."}"#;
        assert_eq!(batch(text).items[0].outcome.as_ref().unwrap().input, a.input);
        assert_ne!(imported(&json!({"id":"7","seats":4})).input, a.input);
    }

    #[test]
    fn the_key_is_the_source_else_the_id_else_the_input() {
        let source = imported(
            &json!({"id":"01KAB3V8H6T4N2M5Q7R9S1W3XZ","source":{"system":"freinet","id":4711}}),
        );
        assert_eq!((source.source.system.as_str(), source.source.id.as_str()), ("freinet", "4711"));
        assert_eq!(source.own_id.unwrap().as_str(), "01KAB3V8H6T4N2M5Q7R9S1W3XZ");
        assert_eq!(imported(&json!({"id":"o-1"})).own_id, None);
        let mut options = options();
        options.source = Some("kreis".to_owned());
        let record = json!({"id":1,"source":{"system":"freinet","id":"4711"}}).to_string();
        let refused = import(record.as_bytes(), Format::Jsonl, &options).unwrap().items.remove(0);
        let source = refused.outcome.unwrap_err().source.unwrap();
        assert_eq!((source.system.as_str(), source.id.as_str()), ("kreis", "4711"));
    }

    #[test]
    fn a_code_that_is_new_here_is_kept_and_named() {
        let imported = imported(&json!({"commitment": "manchmal", "fields": ["sport", "quatsch"]}));
        assert_eq!(imported.opportunity.commitment.as_deref(), Some("manchmal"));
        assert_eq!(imported.opportunity.fields, ["sport", "quatsch"]);
        for (field, code) in [("commitment", "manchmal"), ("fields", "quatsch")] {
            let named = |said: &String| said.contains(field) && said.contains(code);
            assert!(imported.warnings.iter().any(named), "{:?}", imported.warnings);
        }
        assert_eq!(imported.warnings.len(), 2);
    }

    #[test]
    fn what_is_too_long_or_unknown_is_cut_dropped_and_named() {
        let imported = imported(
            &json!({"title": "Wort ".repeat(30), "summary": "x".repeat(300), "colour": "red",
            "fields": ["Sport und Bewegung", "sport", "from_the_future", "No Code!"], "url": "javascript:x"}),
        );
        let opportunity = imported.opportunity();
        assert!(opportunity.title.ends_with("Wort…") && opportunity.title.chars().count() <= 90);
        assert_eq!(opportunity.summary.as_ref().unwrap().chars().count(), 200);
        assert_eq!(opportunity.fields, ["sport", "from_the_future"]);
        assert_eq!(opportunity.url, None);
        let all = imported.warnings.join("\n");
        for word in ["title", "summary", "colour", "No Code!", "javascript"] {
            assert!(all.contains(word), "{word}: {all}");
        }
    }

    #[test]
    fn a_persons_contact_does_not_become_public() {
        let imported =
            imported(&json!({"description":"Rufen Sie an: 02591 926-0 oder a@verein.example",
            "actor":"privatperson","direction":"Biete","contact_role":"Erika Muster",
            "places":[{"plz":"48653","street":"Markt 1","lat":51.9,"lon":7.1}]}));
        let opportunity = imported.opportunity();
        assert!(!opportunity.description.contains("926") && !opportunity.description.contains('@'));
        assert!(imported.warnings[0].contains("description"));
        assert_eq!((&opportunity.organisation, &opportunity.contact_role), (&None, &None));
        assert_eq!(opportunity.places[0].plz.as_deref(), Some("486"));
        assert_eq!((&opportunity.places[0].street, opportunity.places[0].lat), (&None, None));
    }

    #[test]
    fn the_end_is_given_or_follows_from_the_last_date() {
        let end =
            |changes: Value| imported(&changes).end.map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(end(json!({"valid_until":"2027-01-31"})), "2027-01-31");
        let dates = json!([{"start":"2026-12-05T10:00:00+01:00"},{"start":"12.12.2026 9:00"}]);
        assert_eq!(end(json!({"dates":dates})), "2026-12-13");
        assert_eq!(end(json!({"dates":["05.12.2026"]})), "2026-12-06");
        assert_eq!(end(json!({})), "");
    }

    #[test]
    fn a_line_that_was_read_can_be_published() -> Result<(), RecordError> {
        let long = imported(&json!({"description":"ä ".repeat(9000), "plain":"ö".repeat(9000),
            "tasks": vec!["ü".repeat(300); 30]}));
        long.finish(&"x".repeat(26).parse().unwrap(), None, options().today, options().today)
            .map(|_| ())
    }
}
