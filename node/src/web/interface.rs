//! The page about the JSON interface, made of its own description: what the program can do is what the page says.
//!
//! The description is written for developers: its summaries are English and its parameters German. Each is marked so on
//! the page; the English page says the parameters in English. A part that the page does not know how to say is left
//! to the description.

mod english;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use serde_json::Value;

use super::error::Error;
use super::format;
use super::frame::{Frame, html};
use super::text::t;
use crate::app::App;
use crate::domain::language::Language;

/// Where the page lies.
pub(super) const INTERFACE: &str = "/api";

/// The interface as a page shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Interface {
    paths: Vec<Path>,
    schemas: Vec<Schema>,
}

/// What can be asked for.
#[derive(Debug, Clone)]
struct Path {
    /// Method and path.
    path: String,
    summary: String,
    parameters: Vec<Member>,
    answers: Vec<Member>,
}

/// The shape of an answer.
#[derive(Debug, Clone)]
struct Schema {
    name: String,
    summary: String,
    members: Vec<Member>,
}

/// A parameter, an answer by its status, or a member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    name: String,
    kind: String,
    /// The shape that the kind names, if this page describes it.
    schema: Option<String>,
    is_required: bool,
    text: String,
}

/// `GET /api`
pub(super) async fn show(
    State(app): State<App>,
    interface: Arc<Interface>,
) -> Result<Html<String>, Error> {
    let config = app.config();
    let mut frame = Frame::new(&config, &t!("api-title"));
    frame.index_at(&config, INTERFACE, false);
    let base = config.base().unwrap_or_default();
    let limit = format::number(config.limits.requests_per_second.into());
    html(&Page {
        frame,
        example: format!("curl '{base}/api/v1/opportunities?q=lesen&limit=3'"),
        limit: t!("api-limit", count = limit),
        interface,
    })
}

#[derive(Template)]
#[template(path = "interface.html")]
struct Page {
    frame: Frame,
    example: String,
    limit: String,
    interface: Arc<Interface>,
}

impl Interface {
    /// Reads an OpenAPI description.
    pub(super) fn new(description: &Value) -> Self {
        let schemas = description.pointer("/components/schemas").and_then(Value::as_object);
        let paths = description.get("paths").and_then(Value::as_object);
        Self {
            paths: paths
                .into_iter()
                .flatten()
                .filter_map(|(path, item)| Some(Path::new(path, item.get("get")?)))
                .collect(),
            schemas: schemas
                .into_iter()
                .flatten()
                .map(|(name, schema)| Schema::new(name, schema))
                .collect(),
        }
    }
}

impl Path {
    fn new(path: &str, get: &Value) -> Self {
        let list = |name| get.get(name).and_then(Value::as_array).into_iter().flatten();
        let answers = get.get("responses").and_then(Value::as_object).into_iter().flatten();
        Self {
            path: format!("GET {path}"),
            summary: text(get, "summary"),
            parameters: list("parameters").map(Member::parameter).collect(),
            answers: answers
                .map(|(status, answer)| Member {
                    text: text(answer, "description"),
                    ..Member::new(status, &content(answer), false)
                })
                .collect(),
        }
    }
}

impl Schema {
    fn new(name: &str, schema: &Value) -> Self {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| {
            required.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)))
        };
        let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        Self {
            name: name.to_owned(),
            summary: text(schema, "description"),
            members: members
                .map(|(name, member)| Member::new(name, member, is_required(name)))
                .collect(),
        }
    }
}

impl Member {
    fn new(name: &str, schema: &Value, is_required: bool) -> Self {
        let (kind, schema_name) = kind(schema);
        let text = text(schema, "description");
        Self { name: name.to_owned(), kind, schema: schema_name, is_required, text }
    }

    /// Returns a text that the description has in German, with the language in which the page can say it.
    fn said(&self, language: Language) -> (&str, &'static str) {
        match english::of(&self.text).filter(|_| language == Language::English) {
            Some(text) => (text, Language::English.tag()),
            None => (&self.text, Language::German.tag()),
        }
    }

    fn parameter(parameter: &Value) -> Self {
        let is_required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let member = Self::new(&text(parameter, "name"), schema, is_required);
        Self { text: text(parameter, "description"), ..member }
    }
}

fn text(value: &Value, name: &str) -> String {
    // Line ends are those of the source; marks of code say nothing to a reader.
    let text = value.get(name).and_then(Value::as_str).unwrap_or_default();
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the schema of the body of an answer.
fn content(answer: &Value) -> Value {
    let kinds = answer.get("content").and_then(Value::as_object);
    let first = kinds.and_then(|kinds| kinds.values().next());
    first.and_then(|kind| kind.get("schema")).cloned().unwrap_or_default()
}

/// Returns what a value is, and the schema that it names.
fn kind(schema: &Value) -> (String, Option<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or(name);
        return (name.to_owned(), Some(name.to_owned()));
    }
    if let Some(items) = schema.get("items") {
        let (kind, name) = kind(items);
        return (format!("[{kind}]"), name);
    }
    if let Some(values) = schema.get("additionalProperties").filter(|one| one.is_object()) {
        let (kind, name) = kind(values);
        return (format!("{{…: {kind}}}"), name);
    }
    let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema.get(key)?.as_array());
    if let Some(choices) = choices {
        let kinds: Vec<_> = choices.iter().map(kind).filter(|(kind, _)| kind != "null").collect();
        let said: Vec<_> = kinds.iter().map(|(kind, _)| kind.as_str()).collect();
        return (said.join(" | "), kinds.iter().find_map(|(_, name)| name.clone()));
    }
    let plain = match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => {
            let kinds = kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null");
            kinds.collect::<Vec<_>>().join(" | ")
        }
        _ => String::new(),
    };
    (plain, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn says_every_path_every_parameter_and_every_shape() {
        let description = json!({
            "paths": {"/api/v1/a/{id}": {"get": {"summary": "Returns `one`.\n thing",
                "parameters": [
                    {"name": "id", "required": true, "schema": {"type": "string"}, "description": "Kennung"},
                    {"name": "field", "schema": {"type": "array", "items": {"type": "string"}}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                    "404": {"description": "weg"}}}}},
            "components": {"schemas": {"A": {"description": "An A.", "required": ["n"], "properties": {
                "n": {"type": ["integer", "null"]},
                "all": {"type": "object", "additionalProperties": {"type": "array", "items": {"$ref": "#/x/B"}}},
                "one": {"oneOf": [{"type": "null"}, {"$ref": "#/x/B"}]}}}}}
        });
        let interface = Interface::new(&description);
        let path = &interface.paths[0];
        assert_eq!(path.summary, "Returns one. thing");
        let kinds: Vec<_> =
            path.parameters.iter().map(|one| (one.kind.as_str(), one.is_required)).collect();
        assert_eq!(kinds, [("string", true), ("[string]", false)]);
        assert_eq!(path.answers[0].schema.as_deref(), Some("A"));
        assert_eq!(path.answers[1].text, "weg");
        let schema = &interface.schemas[0];
        assert_eq!((schema.name.as_str(), schema.summary.as_str()), ("A", "An A."));
        let member = |name: &str| schema.members.iter().find(|one| one.name == name).unwrap();
        assert_eq!((member("n").kind.as_str(), member("n").is_required), ("integer", true));
        assert_eq!(member("all").kind, "{…: [B]}");
        assert_eq!(member("one").schema.as_deref(), Some("B"));
    }

    #[test]
    fn a_german_text_is_english_on_the_english_page_and_marked_everywhere() {
        let of = |text: &str| Member {
            text: text.to_owned(),
            ..Member::new("id", &json!({"type": "string"}), true)
        };
        assert_eq!(of("Kennung").said(Language::English), ("Identifier", "en"));
        assert_eq!(of("Kennung").said(Language::Simple), ("Kennung", "de"));
        assert_eq!(of("Etwas Neues").said(Language::English), ("Etwas Neues", "de"));
    }

    #[test]
    fn nothing_in_a_description_stops_the_program() {
        for strange in
            [json!(null), json!([]), json!({"paths": 7}), json!({"paths": {"/a": {"get": 1}}})]
        {
            assert!(Interface::new(&strange).schemas.is_empty());
        }
    }
}
