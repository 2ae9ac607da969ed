//! Tables as Excel saves them: whatever separator, encoding, date and heading people use.
//!
//! `config/import-spalten.md` lists the headings for people; [`COLUMNS`] is the same list.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::fields::shown;
use super::{FILE_RECORDS, ImportError, Raw, moment};
use crate::domain::spelling;
use crate::domain::vocabulary::{List, Vocabulary};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// A text, a number or a day.
    Text,
    /// Codes or labels of a vocabulary.
    Codes(List),
    /// Texts that may hold commas.
    Texts,
    /// Dates with times.
    Dates,
    /// Codes of languages.
    Words,
}

/// Our field, German headings, and what the cells hold. A dot leads into a field.
#[rustfmt::skip]
const COLUMNS: &[(&str, &str, Cell)] = &[
    ("id", "Kennung|Nr|Nummer|Angebotsnummer", Cell::Text),
    ("source.system", "Quelle|System", Cell::Text),
    ("source.id", "Kennung der Quelle", Cell::Text),
    ("title", "Titel|Angebot|Überschrift", Cell::Text),
    ("summary", "Kurz gesagt|Kurzbeschreibung|Zusammenfassung", Cell::Text),
    ("description", "Beschreibung|Text", Cell::Text),
    ("plain", "In einfacher Sprache|Einfache Sprache", Cell::Text),
    ("tasks", "Aufgaben", Cell::Texts),
    ("organisation.name", "organisation|Name der Organisation|Verein|Träger|Einrichtung|Anbieter", Cell::Text),
    ("organisation.id", "Kennung der Organisation", Cell::Text),
    ("organisation.url", "Webseite der Organisation|Homepage", Cell::Text),
    ("direction", "Suche oder Biete|Richtung", Cell::Codes(List::Direction)),
    ("actor", "Wer|Art der Organisation", Cell::Codes(List::Actor)),
    ("fields", "Bereiche|Bereich|Handlungsfelder|Themen", Cell::Codes(List::Fields)),
    ("activities", "Tätigkeiten|Tätigkeit", Cell::Codes(List::Activities)),
    ("targets", "Zielgruppen|Zielgruppe", Cell::Codes(List::Targets)),
    ("suited", "Geeignet für", Cell::Codes(List::Suited)),
    ("commitment", "Umfang|Einsatzart", Cell::Codes(List::Commitment)),
    ("hours.per_occurrence", "Stunden|Stunden je Einsatz", Cell::Text),
    ("hours.times", "Wie oft|Häufigkeit", Cell::Text),
    ("hours.per", "Je|Zeitraum", Cell::Text),
    ("slots", "Wann|Zeiten", Cell::Codes(List::Slots)),
    ("slots_text", "Zeitangabe|Zeit", Cell::Text),
    ("dates", "Termine|Termin", Cell::Dates),
    ("starts_on", "Beginn|Von", Cell::Text),
    ("ends_on", "Ende|Bis", Cell::Text),
    ("apply_until", "Anmelden bis|Bewerben bis", Cell::Text),
    ("mode", "Form|Ort oder online", Cell::Codes(List::Mode)),
    ("place.ags", "ags|Gemeindeschlüssel", Cell::Text),
    ("place.plz", "plz|Postleitzahl", Cell::Text),
    ("place.town", "town|Ort|Stadt|Gemeinde", Cell::Text),
    ("place.district", "district|Ortsteil|Stadtteil", Cell::Text),
    ("place.street", "street|Straße|Adresse", Cell::Text),
    ("place.lat", "lat|Breite|Breitengrad", Cell::Text),
    ("place.lon", "lon|Länge|Längengrad", Cell::Text),
    ("place.precision", "precision|Genauigkeit", Cell::Text),
    ("place.confidential", "confidential|Vertraulich", Cell::Text),
    ("seats", "Plätze|Anzahl", Cell::Text),
    ("seats_left", "Freie Plätze", Cell::Text),
    ("age_min", "Mindestalter", Cell::Text),
    ("age_max", "Höchstalter", Cell::Text),
    ("languages", "Sprachen", Cell::Words),
    ("requirements", "Voraussetzungen|Anforderungen", Cell::Codes(List::Requirements)),
    ("accessibility", "Barrierefreiheit|Barrierefrei", Cell::Codes(List::Accessibility)),
    ("benefits", "Das bekommen Sie|Leistungen", Cell::Codes(List::Benefits)),
    ("contact_role", "Ansprechstelle", Cell::Text),
    ("url", "Link|Webseite|Internetadresse", Cell::Text),
    ("status", "Zustand", Cell::Codes(List::Status)),
    ("urgency", "Dringlichkeit", Cell::Codes(List::Urgency)),
    ("valid_until", "Gültig bis", Cell::Text),
    ("verified_at", "Geprüft am", Cell::Text),
    ("created", "Erstellt|Erstellt am", Cell::Text),
    ("updated", "Geändert|Geändert am|Aktualisiert", Cell::Text),
    ("licence", "Lizenz", Cell::Text),
];

/// Why the last row of a table cannot be used, which may have swallowed others.
const OPEN: &str = "Ein Anführungszeichen (\") wird bis zum Ende der Datei nicht geschlossen; alles danach gilt als ein einziges Feld. \
    Bitte schließen oder entfernen Sie es in dieser Zeile.";

/// Reads the rows of a table; the first one holds the headings.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Raw>, ImportError> {
    let text = decode(bytes);
    let text = text.trim_start_matches('\u{feff}');
    // Excel's own way to name the separator; it is found anyway.
    let hint = text.lines().next().filter(|line| line.len() < 8 && line.starts_with("sep="));
    let body = hint.map_or(text, |_| text.split_once('\n').map_or("", |(_, body)| body));
    let separator = delimiter(body);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(body.as_bytes());
    let skipped = u64::from(hint.is_some());
    let broken = |error: &csv::Error| ImportError::Table {
        line: error.position().map_or(0, csv::Position::line) + skipped,
    };
    let headings = reader.headers().map_err(|error| broken(&error))?.clone();
    let columns: Vec<(String, Cell)> = headings.iter().map(column).collect();
    check(&columns)?;
    let mut records = Vec::new();
    let mut lines = Lines { text: body, at: 0, line: 1 + usize::from(hint.is_some()) };
    for row in reader.records() {
        let row = row.map_err(|error| broken(&error))?;
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if records.len() == FILE_RECORDS {
            return Err(ImportError::TooMany);
        }
        let line = lines.row(row.position().map_or(0, csv::Position::byte));
        let mut fields = Map::new();
        for ((field, cell), text) in columns.iter().zip(&row) {
            if !text.trim().is_empty() && !field.is_empty() {
                let (field, cell) = if is_phrase(field, text) {
                    ("slots_text", Cell::Text)
                } else {
                    (field.as_str(), *cell)
                };
                put(&mut fields, field, value(field, cell, text.trim()));
            }
        }
        if let Some(place) = fields.remove("place") {
            fields.insert("places".to_owned(), json!([place]));
        }
        let notes = beyond(&columns, &row).into_iter().collect();
        let from = row.position().map_or(0, csv::Position::byte);
        let fields = if is_open(body.get(usize::try_from(from).unwrap_or(0)..), separator) {
            Err(OPEN.to_owned())
        } else {
            Ok(fields)
        };
        records.push(Raw { line, fields, notes });
    }
    Ok(records)
}

/// Whether a cell of the row that begins this text goes on to the end of the file, because nothing closes it.
fn is_open(text: Option<&str>, separator: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    let mut bytes = text.unwrap_or_default().trim_start_matches(['\r', '\n']).bytes().peekable();
    while let Some(byte) = bytes.next() {
        if quoted {
            quoted = byte != b'"' || bytes.next_if_eq(&b'"').is_some();
        } else if byte == b'\r' || byte == b'\n' {
            return false;
        } else {
            quoted = begins && byte == b'"';
        }
        begins = byte == separator && !quoted;
    }
    quoted
}

/// Names cells that stand under no heading.
fn beyond(columns: &[(String, Cell)], row: &csv::StringRecord) -> Option<String> {
    let is_beyond = |at: usize| columns.get(at).is_none_or(|(field, _)| field.is_empty());
    let cells =
        row.iter().enumerate().filter(|(at, text)| is_beyond(*at) && !text.trim().is_empty());
    let cells: Vec<Value> = cells.map(|(_, text)| text.trim().into()).collect();
    (!cells.is_empty()).then(|| {
        format!(
            "Ohne Überschrift und weggelassen: „{}“. Steht ein Trennzeichen zu viel in der Zeile?",
            shown(&Value::Array(cells))
        )
    })
}

/// Counts lines once, however many records ask.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) line: usize,
}

impl Lines<'_> {
    /// Returns the line of a byte; no byte is asked for that lies before the last one.
    pub(super) fn at(&mut self, position: u64) -> usize {
        let position = usize::try_from(position).unwrap_or(self.at).max(self.at);
        let between = self.text.as_bytes().get(self.at..position).unwrap_or_default();
        self.line += between.iter().filter(|byte| **byte == b'\n').count();
        self.at = position;
        self.line
    }

    /// Returns the line of a row; its reader places it before the LF of the row above and empty lines.
    fn row(&mut self, position: u64) -> usize {
        let from = usize::try_from(position).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.at(position + u64::try_from(breaks).unwrap_or(0))
    }
}

/// Returns the text of a file: Unicode if it is, else what Windows writes.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Returns the separator that stands most often in the headings.
fn delimiter(text: &str) -> u8 {
    let headings = text.lines().next().unwrap_or("");
    let count = |separator: u8| headings.bytes().filter(|byte| *byte == separator).count();
    // Of equals the last one wins: the semicolon is what German Excel writes.
    [b'\t', b',', b';'].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b';')
}

/// Returns the field of a heading; one that we do not know keeps its name, to be reported.
fn column(heading: &str) -> (String, Cell) {
    let key = spelling::fold(heading);
    let known = COLUMNS.iter().find(|(field, headings, _)| {
        spelling::fold(field) == key || headings.split('|').any(|h| spelling::fold(h) == key)
    });
    known.map_or_else(
        || (heading.trim().replace('.', " "), Cell::Text),
        |(field, _, cell)| ((*field).to_owned(), *cell),
    )
}

fn check(columns: &[(String, Cell)]) -> Result<(), ImportError> {
    let needed: [(&'static str, &[&str]); 4] = [
        ("Titel", &["title"]),
        ("Beschreibung", &["description"]),
        ("Organisation", &["organisation.name", "actor"]),
        ("Postleitzahl oder Ort", &["place.plz", "place.town", "place.ags", "mode"]),
    ];
    let has = |names: &[&str]| columns.iter().any(|(field, _)| names.contains(&field.as_str()));
    let missing: Vec<_> =
        needed.into_iter().filter(|(_, names)| !has(names)).map(|(heading, _)| heading).collect();
    if missing.is_empty() { Ok(()) } else { Err(ImportError::Columns(missing)) }
}

/// Puts a value where its field belongs; of two columns for one field the first that is filled counts.
fn put(fields: &mut Map<String, Value>, field: &str, value: Value) {
    let Some((outer, inner)) = field.split_once('.') else {
        fields.entry(field).or_insert(value);
        return;
    };
    if let Some(inside) = fields.entry(outer).or_insert_with(|| json!({})).as_object_mut() {
        inside.entry(inner).or_insert(value);
    }
}

/// Whether a cell for slots holds none, but words: "Mo-Fr nachmittags".
fn is_phrase(field: &str, text: &str) -> bool {
    let vocabulary = Vocabulary::embedded();
    field == "slots"
        && !codes(List::Slots, text).iter().any(|code| vocabulary.contains(List::Slots, code))
}

fn value(field: &str, cell: Cell, text: &str) -> Value {
    match cell {
        Cell::Texts => split(text, &['|', '\n']).into(),
        Cell::Words => split(text, &['|', ',', ';', '\n']).into(),
        Cell::Dates => dates(text).into(),
        Cell::Codes(List::Accessibility) => {
            let yes = codes(List::Accessibility, text).into_iter().map(|code| (code, "yes".into()));
            Value::Object(yes.collect())
        }
        Cell::Codes(list) => codes(list, text).into(),
        Cell::Text if field == "hours.times" => {
            text.parse::<u64>().map_or_else(|_| text.into(), Value::from)
        }
        Cell::Text if field == "hours.per" => per(text).into(),
        Cell::Text => text.into(),
    }
}

fn split(text: &str, separators: &[char]) -> Vec<String> {
    let parts = text.split(separators).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// Splits codes or labels; a label may hold commas itself, so the longest known one is taken.
fn codes(list: List, text: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for cell in split(text, &['|', ';', '\n']) {
        let parts: Vec<&str> =
            cell.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let mut rest = parts.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let known = (1..=rest.len().min(6)).rev().find_map(|length| {
                let (label, after) = rest.split_at_checked(length)?;
                let code = Vocabulary::embedded().find(list, &label.join(", "))?;
                Some((code.to_owned(), after))
            });
            let (code, after) = known.unwrap_or_else(|| ((*first).to_owned(), after));
            codes.push(code);
            rest = after;
        }
    }
    codes
}

/// Splits dates; a comma also stands between a day and its time.
fn dates(text: &str) -> Vec<String> {
    let mut dates: Vec<String> = Vec::new();
    for part in split(text, &['|', ',', ';', '\n']) {
        match dates.last_mut().filter(|_| moment::day(&part).is_none()) {
            Some(date) => *date = format!("{date} {part}"),
            None => dates.push(part),
        }
    }
    dates
}

fn per(text: &str) -> &str {
    match text.to_lowercase().as_str() {
        "tag" | "day" => "day",
        "woche" | "week" => "week",
        "monat" | "month" => "month",
        "jahr" | "year" => "year",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Imported, Options, read as import};
    use super::*;

    #[test]
    fn words_in_the_column_of_slots_are_read_as_words() {
        let head = "Titel;Beschreibung;Organisation;PLZ;Wann\n";
        let row =
            |when: &str| one(format!("{head}Lesen;Wir lesen.;Verein;48653;{when}\n").as_bytes());
        let read = row("Mo-Fr nachmittags, 2 Std./Woche");
        let offer = read.opportunity();
        assert_eq!(offer.slots, ["mo_pm", "tu_pm", "we_pm", "th_pm", "fr_pm"]);
        assert_eq!(offer.slots_text.as_deref(), Some("Mo-Fr nachmittags, 2 Std./Woche"));
        assert_eq!(offer.commitment.as_deref(), Some("regular"));
        assert_eq!(
            read.understood,
            [
                "Aus „Mo-Fr nachmittags, 2 Std./Woche“ wurde: Regelmäßig; 2 Stunden in der Woche; Montag bis Freitag nachmittags."
            ]
        );
        let stated = row("mo_am | we_am");
        assert_eq!(stated.opportunity().slots, ["mo_am", "we_am"]);
        assert!(stated.understood.is_empty());
    }

    const DOCUMENT: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/import-spalten.md"));

    fn options() -> Options {
        let today = "2026-11-02".parse().unwrap();
        Options { source: None, default_source: "tabelle".to_owned(), today }
    }

    fn one(bytes: &[u8]) -> Imported {
        import(bytes, Format::Csv, &options()).unwrap().items.remove(0).outcome.unwrap()
    }

    const TABLE: &str = "Nr;Titel;Beschreibung;Verein;PLZ;Ort;Bereiche;Gültig bis;Breite;Länge;Termine;Stunden\r\n\
        7;Müll sammeln;\"Wir sammeln;\r\n\"\"alles\"\".\";Dorfverein;48653;Coesfeld;\
        Kultur, Musik und Brauchtum, sport;31.01.2027;51,94;7,17;05.12.2026, 10:00 Uhr | 06.12.2026 11:30;2,5\r\n;;;;;;;;;;;\r\n";

    #[test]
    fn reads_what_excel_writes() {
        let imported = one(TABLE.as_bytes());
        assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
        assert_eq!(imported.source.id, "7");
        assert_eq!(imported.end.unwrap().to_string(), "2027-01-31");
        let offer = imported.opportunity();
        assert_eq!(offer.description, "Wir sammeln;\n\"alles\".");
        assert_eq!(offer.fields, ["kultur", "sport"]);
        assert_eq!((offer.places[0].lat, offer.places[0].lon), (Some(51.94), Some(7.17)));
        let starts: Vec<_> = offer.dates.iter().map(|date| date.start.as_str()).collect();
        assert_eq!(starts, ["2026-12-05T10:00:00+01:00", "2026-12-06T11:30:00+01:00"]);
        assert_eq!(offer.hours.as_ref().unwrap().per_occurrence, Some(2.5));
    }

    #[test]
    fn every_encoding_and_separator_means_the_same() {
        let expected = one(TABLE.as_bytes()).input;
        let windows = encoding_rs::WINDOWS_1252.encode(TABLE).0;
        assert_eq!(one(&windows).input, expected);
        assert_eq!(one(format!("\u{feff}{TABLE}").as_bytes()).input, expected);
        assert_eq!(one(format!("sep=;\r\n{TABLE}").as_bytes()).input, expected);
        for separator in ["\t", ","] {
            let text = format!(
                "title{separator}description{separator}organisation{separator}town\nA{separator}B{separator}C{separator}Coesfeld"
            );
            assert_eq!(one(text.as_bytes()).opportunity().title, "A");
        }
    }

    #[test]
    fn what_a_table_says_is_never_dropped_in_silence() {
        let head = "Titel;Beschreibung;Organisation;PLZ;Stunden;Wie oft;Je;\n";
        let table = |cells: &str| format!("{head}Lesen;Wir lesen.;Verein;48653;{cells}\n");
        let read = one(table("viele;oft;Quartal;Rest;noch mehr").as_bytes());
        let all = read.warnings.join("\n");
        for word in ["viele", "oft", "Quartal", "Rest, noch mehr"] {
            assert!(all.contains(&format!("„{word}“")), "{word}: {all}");
        }
        let read = one(table("2,5;1;Woche;;;").as_bytes());
        assert_eq!(read.warnings, Vec::<String>::new());
    }

    #[test]
    fn a_quote_that_nothing_closes_makes_no_offer_of_what_follows() {
        let head = "Titel;Beschreibung;Organisation;PLZ;Zeit\n";
        let read = |rows: &str| {
            let batch = import(format!("{head}{rows}").as_bytes(), Format::Csv, &options());
            let items = batch.unwrap().items.into_iter();
            items
                .map(|item| (item.line, item.outcome.err().map(|no| no.reason)))
                .collect::<Vec<_>>()
        };
        let (one, two) = ("A;a;V;48653;früh\n", "B;b;V;48653;spät\n");
        let broken = read(&format!("{one}C;c;V;48653;\"nachmittags\n{two}"));
        assert_eq!(broken.len(), 2);
        assert_eq!((broken[0].0, &broken[0].1), (2, &None));
        assert!(broken[1].0 == 3 && broken[1].1.as_ref().unwrap().contains("nicht geschlossen"));
        // These are closed, or are no quotes around a cell.
        for cell in ["\"nachmittags\"", "\"um \"\"4\"\"\"", "5\" Rohr", "\"\"", "\"a\nb\""] {
            for end in ["", "\n"] {
                let all = read(&format!("{one}{two}C;c;V;48653;{cell}{end}"));
                assert!(
                    all.len() == 3 && all.iter().all(|(_, no)| no.is_none()),
                    "{cell}: {all:?}"
                );
            }
        }
    }

    #[test]
    fn missing_headings_are_named() {
        let refused = import(b"Titel;Telefon\nA;B", Format::Csv, &options()).unwrap_err();
        assert_eq!(
            refused,
            ImportError::Columns(vec!["Beschreibung", "Organisation", "Postleitzahl oder Ort"])
        );
        assert!(refused.to_string().contains("Beschreibung, Organisation"));
        assert!(import(b"", Format::Csv, &options()).is_err());
    }

    #[test]
    fn rows_are_reported_by_line_and_unknown_columns_by_name() {
        let text =
            "Titel;Beschreibung;Organisation;Ort;Farbe\nA;\"x\ny\";C;Coesfeld;rot\nB;;C;Coesfeld\n";
        let batch = import(text.as_bytes(), Format::Csv, &options()).unwrap();
        for (text, first) in [
            (text.to_owned(), 2),
            (text.replace('\n', "\r\n"), 2),
            (format!("sep=;\r\n{}", text.replace('\n', "\r\n")), 3),
        ] {
            let batch = import(text.as_bytes(), Format::Csv, &options()).unwrap();
            let lines: Vec<_> = batch.items.iter().map(|i| (i.line, i.outcome.is_ok())).collect();
            assert_eq!(lines, [(first, true), (first + 2, false)]);
        }
        assert!(batch.items[0].outcome.as_ref().unwrap().warnings[0].contains("Farbe"));
    }

    #[test]
    fn no_heading_has_two_meanings_and_the_document_lists_every_one() {
        let mut seen = std::collections::BTreeSet::new();
        for (field, headings, _) in COLUMNS {
            let own: std::collections::BTreeSet<String> =
                headings.split('|').chain([*field]).map(spelling::fold).collect();
            for heading in own {
                assert!(seen.insert(heading.clone()), "{heading}");
            }
            for heading in headings.split('|') {
                assert!(DOCUMENT.contains(&format!("`{heading}`")), "{heading}");
            }
        }
    }
}
