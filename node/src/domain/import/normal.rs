//! From the fields of any format to a record that may be published.
//!
//! What is missing and has a usual value is filled and named; what is too long is cut; what cannot be kept
//! is dropped with a warning. Only what makes an offer useless refuses it.

use std::collections::BTreeMap;

use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::{
    self, Direction, Hours, LIST_ITEMS, Language, Occurrence, Opportunity, Organisation, Status,
};
use engagement_protocol::time::Day;
use serde_json::{Map, Value};

use super::fields::{Fields, is_blank, shown};
use super::key::{self, Key};
use super::{Imported, Item, Options, Raw, Refusal, hours, moment, personal, place, plain};
use crate::domain::time_phrase::{self, say};
use crate::domain::vocabulary::{List, Vocabulary};

/// How far ahead the last day of an offer may lie.
const LONGEST_MONTHS: u32 = 60;

/// Checks one record.
pub(super) fn item(raw: Raw, options: &Options) -> Item {
    let line = raw.line;
    let outcome = match raw.fields {
        Ok(fields) => read(fields, raw.notes, options),
        Err(reason) => Err(Refusal { title: None, source: None, reason, ended: false }),
    };
    Item { line, outcome }
}

fn read(
    fields: Map<String, Value>,
    notes: Vec<String>,
    options: &Options,
) -> Result<Imported, Refusal> {
    let input = key::hash(fields.clone());
    let Key { source, is_stated, own_id } = key::of(&fields, &input, options);
    let title = fields.get("title").and_then(string).map(|text| plain::line(&text));
    let refusal = |No { reason, ended }| Refusal {
        title: title
            .clone()
            .map(|title| plain::cut(&title, opportunity::TITLE_CHARS).unwrap_or(title)),
        source: Some(source.clone()),
        reason,
        ended,
    };
    let mut fields = Fields::new(fields);
    notes.into_iter().for_each(|note| fields.warn(note));
    let organisation_key = key::of_organisation(&fields);
    let (created, updated) = (fields.day("created"), fields.day("updated"));
    let (mut opportunity, end) = opportunity(&mut fields, options).map_err(&refusal)?;
    // A key that follows from the content is no name to others, and by its hash one could try out what
    // was left out of the public record.
    opportunity.source = is_stated.then(|| source.clone());
    // The length of the line counts with the longest ids it can get.
    let longest = Some(opportunity.id.clone());
    let mut whole = opportunity.clone();
    if let Some(organisation) = &mut whole.organisation {
        organisation.id = longest;
    }
    (whole.created, whole.updated) = (Some(options.today), Some(options.today));
    (whole.verified_at, whole.verified_by) = (Some(options.today), Some("organisation".to_owned()));
    if let Err(error) = whole.to_line() {
        let reason = format!("Das Angebot kann nicht veröffentlicht werden ({error}).");
        return Err(refusal(reason.into()));
    }
    let understood = fields.take_understood();
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
        understood,
        opportunity,
    })
}

/// Why a record is refused, and whether its source says itself that it is over or not public.
struct No {
    reason: String,
    ended: bool,
}

impl<T: Into<String>> From<T> for No {
    fn from(reason: T) -> Self {
        Self { reason: reason.into(), ended: false }
    }
}

/// Returns the record and its last day, if the file says one.
fn opportunity(fields: &mut Fields, options: &Options) -> Result<(Opportunity, Option<Day>), No> {
    if fields.line("kind", 40).is_some_and(|kind| kind != "opportunity") {
        return Err("Der Datensatz ist kein Angebot („kind“ ist nicht „opportunity“).".into());
    }
    // What is over is over, whatever else is wrong with it.
    let status = status(fields)?;
    let (dates, starts_on, ends_on) = dates(fields);
    let end = end(fields, &dates, ends_on, options.today)?;
    let direction = match fields.decisive("direction", List::Direction)?.as_deref() {
        Some("offer") => Direction::Offer,
        Some("seek") => Direction::Seek,
        Some(other) => {
            return Err(format!("„direction“ ist „{other}“; möglich sind Suche und Biete.").into());
        }
        None => {
            fields.defaulted("direction");
            Direction::Seek
        }
    };
    let raw = begin(fields, "title");
    let title = fields
        .line("title", opportunity::TITLE_CHARS)
        .ok_or_else(|| missing("Der Titel", "„title“ (Titel)", raw))?;
    let raw = begin(fields, "description");
    let description = fields
        .text("description", opportunity::DESCRIPTION_CHARS)
        .ok_or_else(|| missing("Die Beschreibung", "„description“ (Beschreibung)", raw))?;
    let actor = fields.code("actor", List::Actor);
    let is_person = actor.as_deref() == Some("privatperson");
    let private = is_person && direction == Direction::Offer;
    let organisation = organisation(fields).filter(|_| !private);
    if organisation.is_none() && !is_person {
        return Err("Der Name der Organisation fehlt. Bitte füllen Sie „organisation“ aus.".into());
    }
    let mode = fields.code("mode", List::Mode);
    let mode = mode.unwrap_or_else(|| {
        fields.defaulted("mode");
        "onsite".to_owned()
    });
    let mut warnings = Vec::new();
    // A table has one place, and so have many files that were made from one.
    let stated = fields.take("places").or_else(|| fields.take("place")).unwrap_or_default();
    let places = place::read(&stated, private, &mut warnings);
    warnings.into_iter().for_each(|warning| fields.warn(warning));
    if mode != "remote" && !places.iter().any(|place| place.ags.is_some() || place.plz.is_some()) {
        return Err(
            "Der Ort fehlt oder ist unbekannt. Bitte geben Sie Postleitzahl oder Ort an, oder als Form \
             „ortsunabhängig“."
                .into(),
        );
    }
    let licence = fields.line("licence", opportunity::SHORT_CHARS).unwrap_or_else(|| {
        fields.defaulted("licence");
        "CC0-1.0".to_owned()
    });
    let commitment = fields.code("commitment", List::Commitment);
    let (commitment, hours, slots) = times(fields, commitment);
    if commitment.is_none() {
        fields.defaulted("commitment");
    }
    // A person's role is the person.
    let contact_role =
        fields.line("contact_role", opportunity::CONTACT_ROLE_CHARS).filter(|_| !is_person);
    let opportunity = Opportunity {
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
        hours,
        slots,
        slots_text: fields.line("slots_text", opportunity::SHORT_CHARS),
        dates,
        starts_on,
        ends_on,
        apply_until: fields.day("apply_until"),
        mode: Some(mode),
        places,
        seats: fields.count("seats"),
        seats_left: fields.count("seats_left"),
        age_min: age(fields, "age_min"),
        age_max: age(fields, "age_max"),
        languages: languages(fields),
        requirements: fields.codes("requirements", List::Requirements),
        accessibility: accessibility(fields),
        benefits: fields.codes("benefits", List::Benefits),
        contact_role,
        url: fields.url("url"),
        status,
        urgency: urgency(fields),
        verified_at: verified_at(fields, options.today),
        verified_by: None,
        valid_until: end.unwrap_or(options.today),
        created: None,
        updated: None,
        source: None,
        licence: Some(licence),
    };
    Ok((opportunity, end))
}

/// Returns when and how much: what the file states, and where it states nothing, what its words say for sure.
fn times(
    fields: &mut Fields,
    commitment: Option<String>,
) -> (Option<String>, Option<Hours>, Vec<String>) {
    let (hours, slots) = (hours::read(fields), fields.codes("slots", List::Slots));
    // The whole text, not the line that is kept: behind the cut may stand a "nicht".
    let Some(text) = fields.peek("slots_text").and_then(string) else {
        return (commitment, hours, slots);
    };
    let read = time_phrase::read(&plain::text(&text));
    let mut said = Vec::new();
    let commitment = commitment.or_else(|| {
        let code = read.commitment?;
        said.push(Vocabulary::embedded().label(List::Commitment, code).to_owned());
        Some(code.to_owned())
    });
    let hours = hours.or_else(|| {
        let hours = read.hours?;
        said.push(say::hours(&hours));
        Some(hours)
    });
    let slots = if slots.is_empty() && !read.slots.is_empty() {
        said.push(say::slots(&read.slots));
        read.slots
    } else {
        slots
    };
    if !said.is_empty() {
        let text: String = plain::line(&text).chars().take(80).collect();
        let text = personal::scrub(&text).unwrap_or(text);
        fields.understood(format!("Aus „{text}“ wurde: {}.", said.join("; ")));
    }
    (commitment, hours, slots)
}

/// Returns the beginning of what stands in a field, unless it is empty.
fn begin(fields: &Fields, field: &str) -> Option<String> {
    fields.peek(field).filter(|value| !is_blank(value)).map(shown)
}

/// Says that a text is missing, or that nothing of what stands there can be read.
fn missing(what: &str, field: &str, begin: Option<String>) -> String {
    begin.map_or_else(
        || format!("{what} fehlt. Bitte füllen Sie {field} aus."),
        |begin| {
            format!(
                "{what} enthält keinen lesbaren Text, nur „{begin}“. Bitte füllen Sie {field} aus."
            )
        },
    )
}

fn age(fields: &mut Fields, field: &'static str) -> Option<u8> {
    let years = fields.count(field)?;
    let age = u8::try_from(years).ok();
    if age.is_none() {
        fields.warn(format!("„{field}“ ist {years} und wurde weggelassen; möglich ist 0 bis 255."));
    }
    age
}

/// Returns when the offer was last checked; nobody has checked it tomorrow.
fn verified_at(fields: &mut Fields, today: Day) -> Option<Day> {
    let day = fields.day("verified_at")?;
    if day > today {
        let day = german(day);
        fields.warn(format!("„verified_at“ liegt in der Zukunft ({day}) und wurde weggelassen."));
        return None;
    }
    Some(day)
}

fn german(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{day:02}.{month:02}.{year}")
}

/// Returns an id as long as a ULID, to be replaced when the record gets its own.
fn placeholder() -> Result<RecordId, String> {
    "00000000000000000000000000".parse().map_err(|_| "Der Datensatz hat keine Kennung.".to_owned())
}

fn status(fields: &mut Fields) -> Result<Status, No> {
    match fields.decisive("status", List::Status)?.as_deref() {
        Some("live") => Ok(Status::Live),
        Some("paused") => Ok(Status::Paused),
        Some("filled") => Ok(Status::Filled),
        Some(other) => Err(No {
            reason: format!(
                "Der Status ist „{other}“. Übernommen wird nur, was veröffentlicht, pausiert oder besetzt ist."
            ),
            ended: Vocabulary::embedded().contains(List::Status, other),
        }),
        None => {
            fields.defaulted("status");
            Ok(Status::Live)
        }
    }
}

/// Returns the last day: given, or the day after the last date; an offer whose last day is past is over.
fn end(
    fields: &mut Fields,
    dates: &[Occurrence],
    ends_on: Option<Day>,
    today: Day,
) -> Result<Option<Day>, No> {
    let last = moment::last_day(dates).max(ends_on).map(|last| last.plus_days(1));
    let end = fields.day("valid_until").or(last);
    if let Some(past) = end.filter(|end| *end < today) {
        let reason = format!("Das Angebot ist seit dem {} abgelaufen.", german(past));
        return Err(No { reason, ended: true });
    }
    // "31.12.9999" is how others write "without an end", and nobody knows what is true in twenty years.
    let latest = today.plus_months(LONGEST_MONTHS);
    if let Some(far) = end.filter(|end| *end > latest) {
        fields.warn(format!(
            "„valid_until“ liegt mehr als fünf Jahre voraus ({}); das Angebot gilt bis {}.",
            german(far),
            german(latest)
        ));
    }
    Ok(end.map(|end| end.min(latest)))
}

/// Returns how soon help is needed; an emergency is declared by the editors of a node, not by a file.
fn urgency(fields: &mut Fields) -> Option<String> {
    let code = fields.code("urgency", List::Urgency)?;
    if code != "emergency" {
        return Some(code);
    }
    let warning =
        "Eine Notlage stellt nur die Redaktion fest; das Angebot gilt als „Bald gebraucht“.";
    fields.warn(warning.to_owned());
    Some("soon".to_owned())
}

fn organisation(fields: &mut Fields) -> Option<Organisation> {
    let value = fields.take("organisation")?;
    let known = match value {
        Value::Object(known) => known,
        other => [("name".to_owned(), other)].into_iter().collect(),
    };
    let mut inner = Fields::new(known);
    let name = inner.line("name", opportunity::ORGANISATION_CHARS);
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
            other => (string(other), string(other).as_deref().and_then(moment::end_time)),
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
        if code.is_none() {
            let entry = shown(&entry);
            fields.warn(format!("„languages“: „{entry}“ ist kein Kürzel und wurde weggelassen."));
        }
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
