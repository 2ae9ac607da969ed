//! What codes are called in each language: `config/vocabulary.toml` and a file beside it for each other language.
//!
//! The German vocabulary alone says which codes there are and in which order; the other files only name them.
//! A code without a name in a language is called as in German, and a test says which that is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{List, Vocabulary};
use crate::domain::language::Language;

const SIMPLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/vocabulary-de-simple.toml"));
const ENGLISH: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/vocabulary-en.toml"));

/// Names by list and code.
type Names = BTreeMap<String, Vec<Name>>;

#[derive(Debug, Deserialize)]
struct Name {
    code: String,
    label: String,
}

/// Returns what a code is called, or nothing if this version does not know it.
#[must_use]
pub fn of(language: Language, list: List, code: &str) -> Option<&'static str> {
    let vocabulary = Vocabulary::embedded();
    if !vocabulary.contains(list, code) {
        return None;
    }
    let own = match language {
        Language::German => None,
        Language::Simple | Language::English => named(names(language), list, code),
    };
    Some(own.unwrap_or_else(|| vocabulary.label(list, code)))
}

fn named(names: &'static Names, list: List, code: &str) -> Option<&'static str> {
    let name = names.get(list.as_str())?.iter().find(|name| name.code == code)?;
    Some(name.label.as_str())
}

fn names(language: Language) -> &'static Names {
    static SIMPLE_NAMES: LazyLock<Names> = LazyLock::new(|| read(SIMPLE));
    static ENGLISH_NAMES: LazyLock<Names> = LazyLock::new(|| read(ENGLISH));
    static NONE: Names = Names::new();
    match language {
        Language::German => &NONE,
        Language::Simple => &SIMPLE_NAMES,
        Language::English => &ENGLISH_NAMES,
    }
}

fn read(file: &str) -> Names {
    toml::from_str(file).expect("the embedded names are those the tests have read")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_in_every_language() {
        for language in [Language::Simple, Language::English] {
            let tag = language.tag();
            for list in List::ALL {
                let codes: Vec<_> =
                    Vocabulary::embedded().codes(list).map(|(code, _)| code).collect();
                let named: Vec<_> = names(language)
                    .get(list.as_str())
                    .into_iter()
                    .flatten()
                    .map(|name| name.code.as_str())
                    .collect();
                assert_eq!(named, codes, "{tag}: {list:?}");
                let labels: BTreeSet<_> =
                    codes.iter().filter_map(|code| of(language, list, code)).collect();
                assert_eq!(labels.len(), codes.len(), "{tag}: two codes of {list:?} are one word");
                assert!(labels.iter().all(|label| !label.trim().is_empty()), "{tag}: {list:?}");
            }
            assert_eq!(names(language).len(), List::ALL.len(), "{tag}: a list that there is not");
        }
    }

    #[test]
    fn a_code_from_the_future_has_no_name() {
        for language in Language::ALL {
            assert_eq!(of(language, List::Fields, "neu_1"), None);
            assert!(of(language, List::Fields, "sport").is_some());
        }
    }
}
