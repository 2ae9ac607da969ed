//! The XML of Freinet-Online, in its list form and its detail form.
//!
//! Contacts of persons are never looked at. Only the entities that XML itself defines are resolved, and a
//! file that brings definitions of its own is refused: expanding them is how such files attack readers.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value, json};

use super::table::{self, Lines};
use super::{FILE_RECORDS, File, ImportError, Raw, moment, plain};
use crate::domain::vocabulary::{List, Vocabulary};

/// Deepest nesting; real files have five levels.
const DEPTH: usize = 32;

/// The texts of one offer by element; a list has several.
type Texts = BTreeMap<String, Vec<String>>;

/// Reads the offers of an export.
pub(super) fn read(bytes: &[u8]) -> Result<File, ImportError> {
    let text = table::decode(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut records = Vec::new();
    let mut open = Offer::default();
    let (mut path, mut buffer) = (Vec::<String>::new(), String::new());
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    let (mut is_freinet, mut total) = (false, 0);
    loop {
        let event = reader.read_event();
        let at = reader.buffer_position();
        match event.map_err(|_| ImportError::Xml { at })? {
            Event::DocType(_) => return Err(ImportError::Doctype),
            Event::Eof => break,
            Event::Start(tag) => {
                if path.len() == DEPTH {
                    return Err(ImportError::Xml { at });
                }
                let name = tag.name().as_ref().to_owned();
                if path.is_empty() && name == "angebotsliste" {
                    (is_freinet, total) = (true, announced(&tag));
                }
                if name == "angebot" && path.len() == 1 {
                    open = Offer {
                        line: lines.at(at),
                        id: attribute(&tag, "angebotsId"),
                        texts: Texts::new(),
                    };
                }
                path.push(name);
                buffer.clear();
            }
            Event::End(_) => {
                open.keep(&path, &buffer);
                buffer.clear();
                if path.pop().as_deref() == Some("angebot") && path.len() == 1 {
                    if records.len() == FILE_RECORDS {
                        return Err(ImportError::TooMany);
                    }
                    records.push(std::mem::take(&mut open).into_raw());
                }
            }
            Event::Text(text) => buffer.push_str(&text.xml10_content()),
            Event::CData(text) => buffer.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => match (entity.resolve_char_ref(), entity.as_ref()) {
                (Ok(Some(c)), _) => buffer.push(c),
                (_, "amp") => buffer.push('&'),
                (_, "lt") => buffer.push('<'),
                (_, "gt") => buffer.push('>'),
                (_, "quot") => buffer.push('"'),
                (_, "apos") => buffer.push('\''),
                _ => return Err(ImportError::Xml { at }),
            },
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if !is_freinet {
        return Err(ImportError::NotFreinet);
    }
    if !path.is_empty() {
        return Err(ImportError::Xml { at: reader.buffer_position() });
    }
    let complete = total <= records.len();
    let notes = (!complete).then(|| {
        format!(
            "Die Datei enthält {} von {total} Angeboten. Angebote, die in ihr fehlen, bleiben deshalb bestehen.",
            records.len()
        )
    });
    Ok(File { records, notes: notes.into_iter().collect(), complete })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = tag.try_get_attribute(name).ok().flatten()?;
    let value = plain::line(&value.value);
    (!value.is_empty()).then_some(value)
}

/// Returns how many offers there are, also on other pages, as far as the list says so.
fn announced(list: &BytesStart<'_>) -> usize {
    let count = |name| attribute(list, name).and_then(|count| count.parse().ok()).unwrap_or(0);
    count("GesamtAnzahlErgebnisse").max(count("anzahlErgebnisse"))
}

#[derive(Default)]
struct Offer {
    line: usize,
    id: Option<String>,
    texts: Texts,
}

impl Offer {
    /// Keeps the text of an element: of the offer by its name, of the organisation after a slash.
    fn keep(&mut self, path: &[String], text: &str) {
        let Some((name, parents)) = path.split_last() else { return };
        if text.trim().is_empty() {
            return;
        }
        let parent = parents.last().map_or("", String::as_str);
        let key = match (name.as_str(), parent) {
            ("element", list) => list.to_owned(),
            (name, "einrichtung_details") => format!("/{name}"),
            (name, "angebot" | "angebot_details") => name.to_owned(),
            _ => return,
        };
        self.texts.entry(key).or_default().push(text.to_owned());
    }

    /// Returns the text of an element, several joined.
    fn text(&self, name: &str) -> Option<String> {
        let texts = self.texts.get(name)?.iter().map(|text| plain::html(text));
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }

    fn into_raw(self) -> Raw {
        let Some(id) = &self.id else {
            let reason =
                "Dem Angebot fehlt die Kennung „angebotsId“. Bitte erzeugen Sie den Export neu.";
            return Raw::new(self.line, Err(reason.to_owned()));
        };
        let mut fields = Map::new();
        let mut put = |field: &str, value: Option<Value>| {
            value.map(|value| fields.insert(field.to_owned(), value));
        };
        let text = |name: &str| self.text(name).map(Value::from);
        let day =
            |name| moment::unix_day(&self.text(name)?).map(|day| Value::from(day.to_string()));
        put("source", Some(json!({"system": "freinet", "id": id})));
        put("title", text("angebotsname"));
        put("summary", text("kurz_beschreibung"));
        put("description", self.description().map(Value::from));
        put("organisation", self.organisation());
        put("slots_text", text("zeitlicherrahmen"));
        // 0 is how Freinet writes "not said".
        put("seats", text("anzahl_gesuche").filter(|seats| seats != "0"));
        put("created", day("erstellt"));
        put("updated", day("bearbeitet"));
        put("mode", self.is_remote().then(|| Value::from("remote")));
        put("places", self.place());
        for (list, codes) in self.codes() {
            put(list, Some(Value::from(codes)));
        }
        Raw::new(self.line, Ok(fields))
    }

    fn description(&self) -> Option<String> {
        let mut description =
            self.text("beschreibung").or_else(|| self.text("kurz_beschreibung"))?;
        for (name, heading) in [
            ("anforderungen", "Voraussetzungen"),
            ("leistungen", "Das bekommen Sie"),
            ("barrierefreiheit", "Barrierefreiheit"),
        ] {
            if let Some(text) = self.text(name) {
                description = format!("{description}\n\n{heading}: {text}");
            }
        }
        Some(description)
    }

    fn organisation(&self) -> Option<Value> {
        let name = self.text("einrichtungsname").or_else(|| self.text("/name"))?;
        let web =
            |url: &String| ["https://", "http://", "www."].iter().any(|web| url.starts_with(web));
        let url = self.text("/homepage").filter(web).or_else(|| self.text("homepage").filter(web));
        Some(json!({"id": self.text("einrichtungs_id"), "name": name, "url": url}))
    }

    fn is_remote(&self) -> bool {
        let named = |text: &String| plain::decode(text).to_lowercase().contains("ortsunabhängig");
        self.texts.get("stadtteile").is_some_and(|texts| texts.iter().any(named))
    }

    fn place(&self) -> Option<Value> {
        let text = |name: &str| self.text(name);
        if text("plz").is_some() || text("ort").is_some() {
            return Some(
                json!([{"street": text("strasse"), "plz": text("plz"), "town": text("ort"),
                "district": text("ortsteil"), "lat": text("geo_breite"), "lon": text("geo_laenge")}]),
            );
        }
        // The seat of the organisation stands in by its town: nobody said that one helps at its address.
        let (plz, town) = (text("/plz"), text("/ort"));
        let seat = !self.is_remote() && (plz.is_some() || town.is_some());
        seat.then(|| json!([{"plz": plz, "town": town}]))
    }

    /// Returns our codes by list; a label that we do not know stays, to be reported.
    fn codes(&self) -> BTreeMap<&'static str, Vec<String>> {
        let vocabulary = Vocabulary::embedded();
        let mut codes: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let labels =
            |name| self.texts.get(name).into_iter().flatten().map(|text| plain::html(text));
        for label in labels("handlungsfelder") {
            let mut known = vocabulary.freinet_field(&label).peekable();
            if known.peek().is_none() {
                codes.entry("fields").or_default().push(label.clone());
            }
            for (list, code) in known {
                let list = match list {
                    List::Activities => "activities",
                    List::Suited => "suited",
                    _ => "fields",
                };
                codes.entry(list).or_default().push(code.to_owned());
            }
        }
        for label in labels("zielgruppen") {
            let known: Vec<String> = vocabulary.freinet_target(&label).map(str::to_owned).collect();
            codes.entry("targets").or_default().extend(if known.is_empty() {
                vec![label]
            } else {
                known
            });
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Batch, Format, Options, read as import};
    use super::*;

    const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<angebotsliste agenturId="1">
  <angebot angebotsId="11">
    <einrichtungsname>Schule am Bach</einrichtungsname><einrichtungs_id>5001</einrichtungs_id>
    <angebotsname>Lesepat*in f&#252;r die 2. Klasse</angebotsname><kurz_beschreibung/>
    <beschreibung>&lt;p&gt;Lesen &amp;amp; spielen.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;9&#8211;10 Uhr&lt;/li&gt;&lt;/ul&gt;</beschreibung>
    <strasse>Weg 1</strasse><plz>48249</plz><ort>Dülmen</ort><anzahl_gesuche>3</anzahl_gesuche>
    <geo_breite>51.831500</geo_breite><geo_laenge>7.280800</geo_laenge>
    <bearbeitet>1740566346</bearbeitet><erstellt>1664958120</erstellt>
  </angebot>
  <angebot angebotsId="12"><angebot_details>
    <angebotsname>Fahrdienst</angebotsname><beschreibung><![CDATA[<p>Sie fahren.<br>Klasse B.</p>]]></beschreibung>
    <plz>59348</plz><ort>Lüdinghausen</ort><geo_breite>0.000000</geo_breite><geo_laenge>0.000000</geo_laenge>
    <vorname>Erika</vorname><nachname>Musterfrau</nachname><funktion_der_person>Koordination</funktion_der_person>
    <email>erika@example.org</email><telefon>02591 000000</telefon><mobil>0171 000000</mobil>
    <homepage>https://example.org</homepage>
    <handlungsfelder><element>3 Leben im Alter</element><element>Organisieren und Verwalten</element></handlungsfelder>
    <zielgruppen><element>Senior*innen</element></zielgruppen>
    <stadtteile><element>1 Ortsunabh&#228;ngig</element></stadtteile>
    <zeitlicherrahmen>2 Stunden pro Woche</zeitlicherrahmen><anzahl_gesuche>0</anzahl_gesuche>
    <anforderungen>Geduld</anforderungen><leistungen>Fahrtkosten</leistungen></angebot_details>
    <einrichtung_details><name>Bürgerhilfe e.V.</name><beschreibung>Hilfe.</beschreibung>
    <email>info@example.org</email><homepage/></einrichtung_details>
  </angebot>
</angebotsliste>"#;

    fn read_file(text: &str) -> Result<Batch, ImportError> {
        let today = "2026-11-02".parse().unwrap();
        let options = Options { source: None, default_source: "datei".to_owned(), today };
        import(text.as_bytes(), Format::Freinet, &options)
    }

    #[test]
    fn reads_the_list_form() {
        let batch = read_file(FILE).unwrap();
        assert_eq!(batch.items[0].line, 3);
        let imported = batch.items[0].outcome.as_ref().unwrap();
        assert_eq!(
            (imported.source.system.as_str(), imported.source.id.as_str()),
            ("freinet", "11")
        );
        assert_eq!(imported.organisation_key.as_deref(), Some("5001"));
        assert_eq!(imported.created.unwrap().to_string(), "2022-10-05");
        let offer = imported.opportunity();
        assert_eq!(offer.title, "Lesepat*in für die 2. Klasse");
        assert_eq!(offer.description, "Lesen & spielen.\n\n• 9–10 Uhr");
        assert_eq!((offer.seats, offer.places[0].lat), (Some(3), Some(51.8315)));
        assert_eq!(offer.places[0].town.as_deref(), Some("Dülmen"));
    }

    #[test]
    fn reads_the_detail_form_without_its_persons() {
        let batch = read_file(FILE).unwrap();
        let imported = batch.items[1].outcome.as_ref().unwrap();
        let offer = imported.opportunity();
        assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
        assert_eq!(
            offer.description,
            "Sie fahren.\nKlasse B.\n\nVoraussetzungen: Geduld\n\nDas bekommen Sie: Fahrtkosten"
        );
        assert_eq!((offer.mode.as_deref(), offer.seats), (Some("remote"), None));
        assert_eq!(
            (&offer.fields, &offer.activities),
            (&vec!["alter".to_owned()], &vec!["organisieren".to_owned()])
        );
        assert_eq!(offer.targets, ["senioren"]);
        assert_eq!(offer.slots_text.as_deref(), Some("2 Stunden pro Woche"));
        assert_eq!(offer.commitment.as_deref(), Some("regular"));
        let hours = offer.hours.as_ref().unwrap();
        assert_eq!((hours.per_occurrence, hours.times), (Some(2.0), Some(1)));
        assert_eq!(hours.per.as_deref(), Some("week"));
        let organisation = offer.organisation.as_ref().unwrap();
        assert_eq!(
            (organisation.name.as_str(), organisation.url.as_deref()),
            ("Bürgerhilfe e.V.", Some("https://example.org"))
        );
        assert_eq!(offer.places[0].precision.as_deref(), Some("town"));
        let public = serde_json::to_string(offer).unwrap();
        for personal in ["Erika", "Musterfrau", "Koordination", "@", "02591", "0171"] {
            assert!(!public.contains(personal), "{personal}");
        }
    }

    #[test]
    fn a_page_of_a_longer_list_is_not_the_whole() {
        let list = |counts: &str| {
            let batch = read_file(&FILE.replace("agenturId=\"1\"", counts)).unwrap();
            (batch.complete, batch.notes.join(" "))
        };
        let whole = (true, String::new());
        assert_eq!(list(r#"GesamtAnzahlErgebnisse="2" anzahlErgebnisse="2""#), whole);
        assert_eq!(list(r#"GesamtAnzahlErgebnisse="""#), whole);
        for counts in [
            r#"GesamtAnzahlErgebnisse="50" anzahlErgebnisse="2""#,
            r#"GesamtAnzahlErgebnisse="50" anzahlErgebnisse="50""#,
            r#"anzahlErgebnisse="50""#,
        ] {
            let (complete, notes) = list(counts);
            assert!(!complete && notes.contains("2 von 50"), "{notes}");
        }
    }

    #[test]
    fn the_seat_of_the_organisation_stands_in_by_its_town() {
        let offer = |remote: &str| {
            let text = format!(
                "<angebotsliste><angebot angebotsId=\"1\"><angebot_details><angebotsname>A</angebotsname>\
                <beschreibung>B</beschreibung>{remote}</angebot_details><einrichtung_details><name>C</name>\
                <strasse>Schutzweg 3</strasse><plz>48249</plz><ort>Dülmen</ort><geo_breite>51.83</geo_breite>\
                <geo_laenge>7.28</geo_laenge></einrichtung_details></angebot></angebotsliste>"
            );
            read_file(&text).unwrap().items.remove(0).outcome.unwrap().opportunity().places.clone()
        };
        let places = offer("");
        assert_eq!((&places[0].street, places[0].precision.as_deref()), (&None, Some("town")));
        assert_eq!(places[0].town.as_deref(), Some("Dülmen"));
        assert!(offer("<stadtteile><element>Ortsunabhängig</element></stadtteile>").is_empty());
    }

    #[test]
    fn an_empty_offer_is_refused_and_not_overlooked() {
        let batch =
            read_file("<angebotsliste><angebot angebotsId=\"11\"/></angebotsliste>").unwrap();
        let refusal = batch.items[0].outcome.as_ref().unwrap_err();
        assert_eq!((refusal.source.as_ref().unwrap().id.as_str(), refusal.ended), ("11", false));
        assert_eq!(read_file("<angebotsliste/>").unwrap().items.len(), 0);
    }

    #[test]
    fn refuses_definitions_unknown_entities_and_broken_files() {
        let bomb = "<!DOCTYPE a [<!ENTITY x \"y\">]><angebotsliste/>";
        assert_eq!(read_file(bomb), Err(ImportError::Doctype));
        let entity =
            "<angebotsliste><angebot angebotsId=\"1\"><ort>&x;</ort></angebot></angebotsliste>";
        assert!(matches!(read_file(entity), Err(ImportError::Xml { .. })));
        assert!(matches!(read_file(&FILE[..900]), Err(ImportError::Xml { .. })));
        assert!(matches!(read_file(&"<a>".repeat(99)), Err(ImportError::Xml { .. })));
        assert_eq!(read_file("<html></html>"), Err(ImportError::NotFreinet));
        assert_eq!(read_file("<angebotsliste></angebotsliste>").unwrap().items.len(), 0);
        let nameless = "<angebotsliste><angebot><ort>x</ort></angebot></angebotsliste>";
        assert!(read_file(nameless).unwrap().items[0].outcome.is_err());
    }
}
