//! From the fields of any format to a record that may be published.
//!
//! What is missing and has a usual value is filled and named; what is too long is cut; what cannot be kept
//! is dropped with a warning. Only what makes an offer useless refuses it.

use std::collections::BTreeMap;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::{
    self, Direction, Hours, LIST_ITEMS, Language, Occurrence, Opportunity, Organisation, Source,
    Status,
};
use engagement_protocol::time::Day;
use serde_json::{Map, Value};

use super::fields::Fields;
use super::{Imported, Item, Options, Raw, Refusal, moment, place, plain};
use crate::domain::vocabulary::{List, Vocabulary};

/// Checks one record.
pub(super) fn item(raw: Raw, options: &Options) -> Item {
    let line = raw.line;
    let outcome = match raw.fields {
        Ok(fields) => read(fields, options),
        Err(reason) => Err(Refusal { title: None, source: None, reason }),
    };
    Item { line, outcome }
}

fn read(fields: Map<String, Value>, options: &Options) -> Result<Imported, Refusal> {
    let input = Hash::of(canonical(&Value::Object(fields.clone())).as_bytes());
    let (source, own_id) = key(&fields, &input, options);
    let title = fields.get("title").and_then(string).map(|text| plain::line(&text));
    let refusal = |reason| Refusal {
        title: title
            .clone()
            .map(|title| plain::cut(&title, opportunity::TITLE_CHARS).unwrap_or(title)),
        source: Some(source.clone()),
        reason,
    };
    let mut fields = Fields::new(fields);
    let organisation_key = organisation_key(&fields);
    let (created, updated) = (fields.day("created"), fields.day("updated"));
    let given_end = fields.day("valid_until");
    let mut opportunity = opportunity(&mut fields, options).map_err(&refusal)?;
    opportunity.source = Some(source.clone());
    let end = given_end.or_else(|| {
        let last = moment::last_day(&opportunity.dates).max(opportunity.ends_on);
        last.map(|last| last.plus_days(1))
    });
    opportunity.valid_until = end.unwrap_or(options.today);
    if end.is_some_and(|end| end < options.today) {
        fields.warn("Das Angebot ist bereits abgelaufen und wird nicht angezeigt.".to_owned());
    }
    // The length of the line counts with the longest ids it can get.
    let longest = Some(opportunity.id.clone());
    let mut whole = opportunity.clone();
    if let Some(organisation) = &mut whole.organisation {
        organisation.id = longest;
    }
    (whole.created, whole.updated) = (Some(options.today), Some(options.today));
    (whole.verified_at, whole.verified_by) = (Some(options.today), Some("organisation".to_owned()));
    if let Err(error) = whole.to_line() {
        return Err(refusal(format!("Das Angebot kann nicht veröffentlicht werden ({error}).")));
    }
    let (defaults, warnings) = fields.finish();
    Ok(Imported {
        source,
        organisation_key,
        input,
        own_id,
        end,
        created,
        updated,
        defaults,
        warnings,
        opportunity,
    })
}

fn opportunity(fields: &mut Fields, options: &Options) -> Result<Opportunity, String> {
    if fields.line("kind", 40).is_some_and(|kind| kind != "opportunity") {
        return Err("Der Datensatz ist kein Angebot („kind“ ist nicht „opportunity“).".to_owned());
    }
    let status = status(fields)?;
    let direction = match fields.code("direction", List::Direction).as_deref() {
        Some("offer") => Direction::Offer,
        Some("seek") => Direction::Seek,
        Some(other) => {
            return Err(format!("„direction“ ist „{other}“; möglich sind Suche und Biete."));
        }
        None => {
            fields.defaulted("direction");
            Direction::Seek
        }
    };
    let title = fields.line("title", opportunity::TITLE_CHARS);
    let title = title.ok_or("Der Titel fehlt. Bitte füllen Sie „title“ (Titel) aus.")?;
    let description = fields
        .text("description", opportunity::DESCRIPTION_CHARS)
        .ok_or("Die Beschreibung fehlt. Bitte füllen Sie „description“ (Beschreibung) aus.")?;
    let actor = fields.code("actor", List::Actor);
    let is_person = actor.as_deref() == Some("privatperson");
    let private = is_person && direction == Direction::Offer;
    let organisation = organisation(fields).filter(|_| !private);
    if organisation.is_none() && !is_person {
        return Err(
            "Der Name der Organisation fehlt. Bitte füllen Sie „organisation“ aus.".to_owned()
        );
    }
    let mode = fields.code("mode", List::Mode);
    let mode = mode.unwrap_or_else(|| {
        fields.defaulted("mode");
        "onsite".to_owned()
    });
    let mut warnings = Vec::new();
    let places = place::read(&fields.take("places").unwrap_or_default(), private, &mut warnings);
    warnings.into_iter().for_each(|warning| fields.warn(warning));
    if mode != "remote" && !places.iter().any(|place| place.ags.is_some() || place.plz.is_some()) {
        return Err(
            "Der Ort fehlt oder ist unbekannt. Bitte geben Sie Postleitzahl oder Ort an, oder als Form \
             „ortsunabhängig“."
                .to_owned(),
        );
    }
    let (dates, starts_on, ends_on) = dates(fields);
    let licence = fields.line("licence", opportunity::SHORT_CHARS).unwrap_or_else(|| {
        fields.defaulted("licence");
        "CC0-1.0".to_owned()
    });
    let commitment = fields.code("commitment", List::Commitment);
    if commitment.is_none() {
        fields.defaulted("commitment");
    }
    // A person's role is the person.
    let contact_role =
        fields.line("contact_role", opportunity::CONTACT_ROLE_CHARS).filter(|_| !is_person);
    Ok(Opportunity {
        id: RecordId::clone(&placeholder()?),
        kind: "opportunity".to_owned(),
        direction,
        actor,
        title,
        summary: fields.line("summary", opportunity::SUMMARY_CHARS),
        description,
        plain: fields.text("plain", opportunity::PLAIN_CHARS),
        tasks: fields.lines("tasks"),
        organisation,
        fields: fields.codes("fields", List::Fields),
        activities: fields.codes("activities", List::Activities),
        targets: fields.codes("targets", List::Targets),
        suited: fields.codes("suited", List::Suited),
        commitment,
        hours: hours(fields),
        slots: fields.codes("slots", List::Slots),
        slots_text: fields.line("slots_text", opportunity::SHORT_CHARS),
        dates,
        starts_on,
        ends_on,
        apply_until: fields.day("apply_until"),
        mode: Some(mode),
        places,
        seats: fields.count("seats"),
        seats_left: fields.count("seats_left"),
        age_min: fields.count("age_min").and_then(|age| u8::try_from(age).ok()),
        age_max: fields.count("age_max").and_then(|age| u8::try_from(age).ok()),
        languages: languages(fields),
        requirements: fields.codes("requirements", List::Requirements),
        accessibility: accessibility(fields),
        benefits: fields.codes("benefits", List::Benefits),
        contact_role,
        url: fields.url("url"),
        status,
        urgency: fields.code("urgency", List::Urgency),
        verified_at: fields.day("verified_at"),
        verified_by: None,
        valid_until: options.today,
        created: None,
        updated: None,
        source: None,
        licence: Some(licence),
    })
}

/// Returns an id as long as a ULID, to be replaced when the record gets its own.
fn placeholder() -> Result<RecordId, String> {
    "00000000000000000000000000".parse().map_err(|_| "Der Datensatz hat keine Kennung.".to_owned())
}

fn status(fields: &mut Fields) -> Result<Status, String> {
    match fields.code("status", List::Status).as_deref() {
        Some("live") => Ok(Status::Live),
        Some("paused") => Ok(Status::Paused),
        Some("filled") => Ok(Status::Filled),
        Some(other) => Err(format!(
            "Der Status ist „{other}“. Übernommen wird nur, was veröffentlicht, pausiert oder besetzt ist."
        )),
        None => {
            fields.defaulted("status");
            Ok(Status::Live)
        }
    }
}

/// Returns the key of a record and, if it has one, its id as ULID.
fn key(fields: &Map<String, Value>, input: &Hash, options: &Options) -> (Source, Option<RecordId>) {
    let short = |value: Option<&Value>| {
        let text = plain::fold(&plain::text(&value.and_then(string)?));
        let text = plain::cut(&text, opportunity::SHORT_CHARS).unwrap_or(text);
        (!text.is_empty()).then_some(text)
    };
    let own = short(fields.get("id"));
    let given = fields.get("source").and_then(Value::as_object);
    let system = options.system(given.and_then(|source| short(source.get("system"))).as_deref());
    let id = given.and_then(|source| short(source.get("id"))).or_else(|| own.clone());
    let id = id.unwrap_or_else(|| input.to_string().chars().take(20).collect());
    let is_ulid = |id: &String| {
        let shaped = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() && !b"ILOU".contains(&b);
        id.len() == 26 && id.bytes().all(shaped) && id.starts_with(|c| c <= '7')
    };
    (Source { system, id }, own.filter(is_ulid).and_then(|id| id.parse().ok()))
}

fn organisation_key(fields: &Fields) -> Option<String> {
    let value = fields.peek("organisation")?;
    let name =
        |value: &Value| string(value).map(|text| plain::line(&text)).filter(|n| !n.is_empty());
    match value {
        Value::Object(known) => {
            known.get("id").and_then(name).or_else(|| known.get("name").and_then(name))
        }
        other => name(other),
    }
}

fn organisation(fields: &mut Fields) -> Option<Organisation> {
    let value = fields.take("organisation")?;
    let known = match value {
        Value::Object(known) => known,
        other => [("name".to_owned(), other)].into_iter().collect(),
    };
    let mut inner = Fields::new(known);
    let name = inner.name("name", opportunity::ORGANISATION_CHARS);
    let url = inner.url("url");
    fields.absorb(inner);
    name.map(|name| Organisation { id: None, name, url })
}

/// Returns dates with times, and the first and last day.
fn dates(fields: &mut Fields) -> (Vec<Occurrence>, Option<Day>, Option<Day>) {
    let (mut starts_on, mut ends_on) = (fields.day("starts_on"), fields.day("ends_on"));
    let (mut dates, mut days) = (Vec::new(), Vec::new());
    for entry in fields.entries("dates") {
        let (start, end) = match &entry {
            Value::Object(date) => {
                (date.get("start").and_then(string), date.get("end").and_then(string))
            }
            other => (string(other), None),
        };
        let start = start.unwrap_or_default();
        if let Some(start) = moment::date_time(&start) {
            dates.push(Occurrence { start, end: end.as_deref().and_then(moment::date_time) });
        } else if let Some(day) = moment::day(&start) {
            days.push(day);
            days.extend(end.as_deref().and_then(moment::day));
        } else {
            fields.warn(format!("Der Termin „{start}“ ist unlesbar und wurde weggelassen."));
        }
    }
    // A day without a time is a span: midnight would be a time that nobody said.
    starts_on = starts_on.or_else(|| days.iter().min().copied());
    ends_on = ends_on.or_else(|| days.iter().max().copied());
    (dates, starts_on, ends_on)
}

fn hours(fields: &mut Fields) -> Option<Hours> {
    let Value::Object(given) = fields.take("hours")? else {
        fields.warn("Der Zeitaufwand „hours“ ist unlesbar und wurde weggelassen.".to_owned());
        return None;
    };
    let per_occurrence =
        given.get("per_occurrence").and_then(number).filter(|h| *h > 0.0 && *h <= 744.0);
    let times =
        given.get("times").and_then(Value::as_u64).and_then(|times| u32::try_from(times).ok());
    let per = given.get("per").and_then(string);
    let per = per.filter(|per| matches!(per.as_str(), "day" | "week" | "month" | "year"));
    let flexible = given.get("flexible").and_then(Value::as_bool);
    let found = per_occurrence.is_some() || times.is_some() || flexible.is_some();
    found.then_some(Hours { per_occurrence, times, per, flexible })
}

fn languages(fields: &mut Fields) -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    for entry in fields.entries("languages") {
        let (code, need) = match &entry {
            Value::Object(language) => {
                (language.get("code").and_then(string), language.get("need").and_then(string))
            }
            other => (string(other), None),
        };
        let code = code.map(|code| code.trim().to_lowercase()).filter(|code| is_code(code));
        if let Some(code) = code.filter(|code| languages.iter().all(|known| known.code != *code)) {
            languages.push(Language { code, need: need.filter(|need| is_code(need)) });
        }
    }
    languages.truncate(LIST_ITEMS);
    languages
}

fn accessibility(fields: &mut Fields) -> BTreeMap<String, String> {
    let Some(Value::Object(given)) = fields.take("accessibility") else { return BTreeMap::new() };
    let vocabulary = Vocabulary::embedded();
    let answer = |value: &Value| match value {
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }),
        other => match string(other)?.trim().to_lowercase().as_str() {
            "yes" | "ja" | "true" => Some("yes"),
            "no" | "nein" | "false" => Some("no"),
            "unknown" | "unbekannt" => Some("unknown"),
            _ => None,
        },
    };
    let entries = given.iter().filter_map(|(key, value)| {
        let key = vocabulary.find(List::Accessibility, key).unwrap_or(key);
        Some((key.to_owned(), answer(value)?.to_owned())).filter(|(key, _)| is_code(key))
    });
    entries.take(LIST_ITEMS).collect()
}

/// Whether a text has the shape of a code on the wire.
pub(super) fn is_code(text: &str) -> bool {
    let shaped = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(shaped)
}

/// Reads a text; a number is a text, too.
pub(super) fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a number, also one with a decimal comma.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().replace(',', ".").parse().ok(),
        other => other.as_f64(),
    };
    number.filter(|number| number.is_finite())
}

/// Writes a value with sorted keys, without what is empty: equal input, equal bytes.
fn canonical(value: &Value) -> String {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !is_empty(value));
            let sorted: BTreeMap<&String, String> = kept.map(|(k, v)| (k, canonical(v))).collect();
            let parts: Vec<String> = sorted
                .into_iter()
                .map(|(k, v)| format!("{}:{v}", Value::from(k.as_str())))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(entries) => {
            format!("[{}]", entries.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::String(text) => Value::from(text.trim()).to_string(),
        other => other.to_string(),
    }
}
