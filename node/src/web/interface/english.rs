//! What the description of the interface says in German, in English: `i18n/en/interface.toml`.
//!
//! The description itself is one file for all programs and stays as it is. A text without an English one is
//! shown in German and marked so; a test of this crate (`tests/it/interface.rs`) names it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

const FILE: &str = include_str!("../../../i18n/en/interface.toml");

#[derive(Deserialize)]
struct File {
    text: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    german: String,
    english: String,
}

/// Returns a text of the description in English.
pub(super) fn of(german: &str) -> Option<&'static str> {
    static TEXTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let file: File = toml::from_str(FILE).expect("a test has read the embedded texts");
        file.text.into_iter().map(|text| (text.german, text.english)).collect()
    });
    TEXTS.get(german).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_in_english_what_it_knows() {
        assert_eq!(of("Kennung"), Some("Identifier"));
        assert_eq!(of("Etwas Neues"), None);
    }
}
