//! The fields of one record, taken one by one, with notes on what was filled, cut or dropped.

use engagement_protocol::opportunity::{LIST_ITEMS, SHORT_CHARS, URL_CHARS};
use engagement_protocol::text;
use engagement_protocol::time::Day;
use serde_json::{Map, Value};

use super::normal::{is_code, string};
use super::{moment, personal, plain};
use crate::domain::vocabulary::{List, Vocabulary};

/// Fields that are read before all others, or that have no place in a public record.
const ELSEWHERE: [&str; 4] = ["id", "source", "verified_by", "images"];

/// Longest text that is looked at; far beyond what any field keeps.
const RAW_CHARS: usize = 100_000;

/// How much of a value a note repeats.
const SHOWN_CHARS: usize = 60;

/// What is left of a record, and the notes.
pub(super) struct Fields {
    left: Map<String, Value>,
    defaults: Vec<&'static str>,
    warnings: Vec<String>,
    understood: Vec<String>,
}

impl Fields {
    pub(super) fn new(fields: Map<String, Value>) -> Self {
        Self { left: fields, defaults: Vec::new(), warnings: Vec::new(), understood: Vec::new() }
    }

    pub(super) fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    pub(super) fn defaulted(&mut self, field: &'static str) {
        self.defaults.push(field);
    }

    /// Notes what was read out of words.
    pub(super) fn understood(&mut self, note: String) {
        self.understood.push(note);
    }

    /// Takes the notes on what was read out of words.
    pub(super) fn take_understood(&mut self) -> Vec<String> {
        std::mem::take(&mut self.understood)
    }

    /// Takes over the notes of a record inside this one.
    pub(super) fn absorb(&mut self, inner: Self) {
        self.warnings.extend(inner.warnings);
    }

    /// Returns the notes; a field that nobody took is unknown.
    pub(super) fn finish(mut self) -> (Vec<&'static str>, Vec<String>) {
        let unknown: Vec<&str> =
            self.left.keys().map(String::as_str).filter(|key| !ELSEWHERE.contains(key)).collect();
        if !unknown.is_empty() {
            let names = plain::line(&unknown.join(", "));
            let names = plain::cut(&names, SHORT_CHARS).unwrap_or(names);
            self.warnings.push(format!("Unbekannte Felder wurden weggelassen: {names}."));
        }
        (self.defaults, self.warnings)
    }

    pub(super) fn peek(&self, field: &str) -> Option<&Value> {
        self.left.get(field)
    }

    pub(super) fn take(&mut self, field: &str) -> Option<Value> {
        self.left.remove(field).filter(|value| !value.is_null())
    }

    /// Takes a list; a single value is a list of one.
    pub(super) fn entries(&mut self, field: &str) -> Vec<Value> {
        let mut entries = match self.take(field) {
            Some(Value::Array(entries)) => entries,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        if entries.len() > LIST_ITEMS {
            self.warn(format!("„{field}“ hat mehr als {LIST_ITEMS} Einträge; die übrigen fehlen."));
            entries.truncate(LIST_ITEMS);
        }
        entries
    }

    /// Takes a text of one or more lines.
    pub(super) fn text(&mut self, field: &'static str, limit: usize) -> Option<String> {
        let raw = self.raw(field)?;
        self.public(field, &raw, limit)
    }

    /// Takes a text of one line.
    pub(super) fn line(&mut self, field: &'static str, limit: usize) -> Option<String> {
        let raw = self.raw(field)?;
        self.public(field, &plain::line(&raw), limit)
    }

    /// Takes texts of one line.
    pub(super) fn lines(&mut self, field: &'static str) -> Vec<String> {
        let entries = self.entries(field);
        let texts = entries.iter().filter_map(string).map(|text| plain::line(&text));
        let texts: Vec<String> = texts.collect();
        texts.iter().filter_map(|text| self.public(field, text, SHORT_CHARS)).collect()
    }

    /// Takes a code or its label; one that this version does not know is kept, and said.
    pub(super) fn code(&mut self, field: &'static str, list: List) -> Option<String> {
        let entries = self.entries(field);
        self.known(field, list, entries.first()?)
    }

    /// Takes a code that other fields depend on: one that nobody can read is not left out, but refused.
    pub(super) fn decisive(
        &mut self,
        field: &'static str,
        list: List,
    ) -> Result<Option<String>, String> {
        let given = self.peek(field).filter(|value| !is_blank(value)).cloned();
        let code = self.code(field, list);
        match given {
            Some(given) if code.is_none() => Err(format!(
                "„{field}“ ist unbekannt: „{}“. Bitte verwenden Sie eine der möglichen Angaben.",
                shown(&given)
            )),
            _ => Ok(code),
        }
    }

    /// Takes codes or labels, each once.
    pub(super) fn codes(&mut self, field: &'static str, list: List) -> Vec<String> {
        let mut codes = Vec::new();
        for entry in self.entries(field) {
            if let Some(code) = self.known(field, list, &entry).filter(|code| !codes.contains(code))
            {
                codes.push(code);
            }
        }
        codes
    }

    /// Takes a day.
    pub(super) fn day(&mut self, field: &'static str) -> Option<Day> {
        let text = self.raw(field)?;
        let day = moment::day(&text);
        if day.is_none() {
            self.dropped(field, &text);
        }
        day
    }

    /// Takes a number from 0.
    pub(super) fn count(&mut self, field: &'static str) -> Option<u32> {
        let text = self.raw(field)?;
        let count = text.trim().trim_end_matches(".0").parse().ok();
        if count.is_none() {
            self.dropped(field, &text);
        }
        count
    }

    /// Takes the address of a page.
    pub(super) fn url(&mut self, field: &'static str) -> Option<String> {
        let text = self.raw(field)?;
        let url = text.trim();
        let url = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
        let web = url.starts_with("https://") || url.starts_with("http://");
        let clean =
            !url.contains([' ', '"', '<', '>', '\\']) && text::check_line(&url, URL_CHARS).is_ok();
        // "https://erika@verein.example" names a person.
        let host = url.split('/').nth(2).unwrap_or("");
        if !(web && clean) || host.contains('@') {
            self.dropped(field, &text);
            return None;
        }
        Some(url)
    }

    fn raw(&mut self, field: &'static str) -> Option<String> {
        let value = self.take(field)?;
        let Some(text) = string(&value) else {
            self.dropped(field, "(kein Text)");
            return None;
        };
        if text.trim().is_empty() { None } else { Some(text.chars().take(RAW_CHARS).collect()) }
    }

    fn known(&mut self, field: &'static str, list: List, value: &Value) -> Option<String> {
        let text = string(value)?;
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(code) = Vocabulary::embedded().find(list, text) {
            return Some(code.to_owned());
        }
        // A telephone number has the shape of a code, too.
        if is_code(text) && personal::scrub(text).is_none() {
            self.warn(format!(
                "„{field}“: „{text}“ steht nicht im Verzeichnis der Angaben; es bleibt stehen, wird aber nicht angezeigt und nicht gefunden. Ist es ein Tippfehler?"
            ));
            return Some(text.to_owned());
        }
        self.dropped(field, text);
        None
    }

    /// Makes a text public: plain, without addresses of people, within its limit.
    fn public(&mut self, field: &'static str, raw: &str, limit: usize) -> Option<String> {
        let mut text = plain::text(raw);
        if let Some(scrubbed) = personal::scrub(&text) {
            self.warn(format!(
                "„{field}“ enthielt eine E-Mail-Adresse oder Telefonnummer; dort steht jetzt „{}“.",
                personal::PLACEHOLDER
            ));
            text = scrubbed;
        }
        if let Some(cut) = plain::cut(&text, limit) {
            self.warn(format!("„{field}“ war länger als {limit} Zeichen und wurde gekürzt."));
            text = cut;
        }
        (!text.trim().is_empty()).then_some(text)
    }

    fn dropped(&mut self, field: &'static str, text: &str) {
        let text = plain::line(text);
        let text = plain::cut(&text, 60).unwrap_or(text);
        self.warn(format!("„{field}“ ist unlesbar und wurde weggelassen: „{text}“."));
    }
}

/// Returns the beginning of what a value says, plainly and on one line, also of what is only markup.
pub(super) fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    let line = plain::fold(&text.chars().take(RAW_CHARS).collect::<String>());
    let line: String = line.chars().filter(|c| !text::is_forbidden(*c)).collect();
    plain::cut(&line, SHOWN_CHARS).unwrap_or(line)
}

/// Whether a value says nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.iter().all(is_blank),
        _ => false,
    }
}
