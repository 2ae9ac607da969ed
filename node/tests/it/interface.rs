//! The page about the interface: what its description says in German is there in English.

use std::collections::BTreeSet;

use serde_json::Value;

/// Returns what the page shows of the description in German: every parameter, and answers that have no shape.
fn german() -> BTreeSet<String> {
    let description = engagement_node::api::described();
    let paths = description.get("paths").and_then(Value::as_object).unwrap();
    let mut texts = BTreeSet::new();
    for get in paths.values().filter_map(|path| path.get("get")) {
        let parameters = get.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let answers = get.get("responses").and_then(Value::as_object).into_iter().flatten();
        let bare = answers.map(|(_, answer)| answer).filter(|one| one.get("content").is_none());
        for one in parameters.chain(bare) {
            if let Some(text) = one.get("description").and_then(Value::as_str) {
                texts.insert(text.to_owned());
            }
        }
    }
    texts
}

#[test]
fn every_german_text_of_the_description_is_there_in_english() {
    let file = include_str!("../../i18n/en/interface.toml");
    let file: toml::Table = toml::from_str(file).unwrap();
    let entries = file.get("text").and_then(toml::Value::as_array).unwrap();
    let said = |entry: &toml::Value, key: &str| {
        entry.get(key).and_then(toml::Value::as_str).unwrap().to_owned()
    };
    let known: BTreeSet<_> = entries.iter().map(|entry| said(entry, "german")).collect();
    assert_eq!(known.len(), entries.len(), "a text stands there twice");
    assert!(entries.iter().all(|entry| !said(entry, "english").is_empty()));
    let german = german();
    assert!(german.len() > 30, "{german:#?}");
    let missing: Vec<_> = german.difference(&known).collect();
    assert!(missing.is_empty(), "i18n/en/interface.toml lacks {missing:#?}");
    let idle: Vec<_> = known.difference(&german).collect();
    assert!(idle.is_empty(), "i18n/en/interface.toml says what nobody asks: {idle:#?}");
}
