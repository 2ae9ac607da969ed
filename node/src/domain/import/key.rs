//! How a record is known again: its key in the other system, and the hash of what a file says.

use std::collections::BTreeMap;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::{self, Source};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::normal::string;
use super::{Options, Raw, plain};

/// Returns the hash of what a file says: equal input, equal hash.
pub(super) fn hash(fields: Map<String, Value>) -> Hash {
    Hash::of(canonical(&Value::Object(fields)).as_bytes())
}

/// What a record is called.
pub(super) struct Key {
    /// Its key there.
    pub(super) source: Source,
    /// Whether the file says that key; else it follows from the content.
    pub(super) is_stated: bool,
    /// The id it already has, if that is a ULID.
    pub(super) own_id: Option<RecordId>,
}

/// Returns the key of a record.
pub(super) fn of(fields: &Map<String, Value>, input: &Hash, options: &Options) -> Key {
    let short = |value: Option<&Value>| {
        let text = plain::fold(&plain::text(&value.and_then(string)?));
        let text = plain::cut(&text, opportunity::SHORT_CHARS).unwrap_or(text);
        (!text.is_empty()).then_some(text)
    };
    let own = short(fields.get("id"));
    let given = fields.get("source").and_then(Value::as_object);
    let system = options.system(given.and_then(|source| short(source.get("system"))).as_deref());
    let id = given.and_then(|source| short(source.get("id"))).or_else(|| own.clone());
    let is_stated = id.is_some();
    let id = id.unwrap_or_else(|| input.to_string().chars().take(20).collect());
    let own_id = own.filter(|id| is_ulid(id)).and_then(|id| id.parse().ok());
    Key { source: Source { system, id }, is_stated, own_id }
}

/// Whether a text is an id that a record may keep.
fn is_ulid(id: &str) -> bool {
    let shaped = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() && !b"ILOU".contains(&b);
    id.len() == 26 && id.bytes().all(shaped) && id.starts_with(|c| c <= '7')
}

/// Says how many records bring an id that they cannot keep.
pub(super) fn note(records: &[Raw]) -> Option<String> {
    let id = |raw: &Raw| raw.fields.as_ref().ok()?.get("id").and_then(string);
    let ids = records.iter().filter_map(id).filter(|id| !id.trim().is_empty());
    let replaced = ids.filter(|id| !is_ulid(id.trim())).count();
    (replaced > 0).then(|| {
        format!(
            "„id“ ist {replaced}-mal keine ULID: Daran wird das Angebot wiedererkannt; veröffentlicht wird es \
            unter einer neuen Kennung."
        )
    })
}

/// Returns the key of a record's organisation: its key there, else its name.
pub(super) fn of_organisation(fields: &Fields) -> Option<String> {
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
