//! The words of the pages: Fluent messages, whose ids and arguments the compiler checks.
//!
//! Numbers and days are formatted before they come here, so that no message depends on a locale database.

use std::sync::LazyLock;

use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::{FluentLanguageLoader, fluent_language_loader};

use super::language;
use crate::domain::language::Language;

#[derive(rust_embed::RustEmbed)]
#[folder = "i18n/"]
struct Files;

/// Returns the texts in the language of the page that is being written.
pub(super) fn texts() -> &'static FluentLanguageLoader {
    of(language::current())
}

/// Returns the texts in a language.
fn of(language: Language) -> &'static FluentLanguageLoader {
    static GERMAN: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Language::German));
    static SIMPLE: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Language::Simple));
    static ENGLISH: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Language::English));
    match language {
        Language::German => &GERMAN,
        Language::Simple => &SIMPLE,
        Language::English => &ENGLISH,
    }
}

fn load(language: Language) -> FluentLanguageLoader {
    let loader = fluent_language_loader!();
    let tag = language.tag().parse().expect("a test parses every tag");
    loader
        .load_languages(&Files, &[tag])
        .expect("the texts are part of the program and a test loads them");
    // The marks are for mixed writing directions; here they would only be copied along with the text.
    loader.set_use_isolating(false);
    loader
}

/// Returns a text: `t!("results-count", count = 3, shown = "3")`.
macro_rules! t {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        i18n_embed_fl::fl!($crate::web::text::texts(), $id $(, $name = $value)*)
    };
}
pub(super) use t;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::language::tests::speaking;
    use super::*;

    /// Returns the texts of a language: each id with the arguments that it takes.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let path = format!("{}/engagement_node.ftl", language.tag());
        let file = Files::get(&path).unwrap_or_else(|| unreachable!("{path} is missing"));
        let text = String::from_utf8(file.data.into_owned()).unwrap();
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut id = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                id = line.split(" =").next().unwrap().to_owned();
                let known = messages.insert(id.clone(), BTreeSet::new());
                assert!(known.is_none(), "{}: {id} stands there twice", language.tag());
            }
            let name = |rest: &str| -> String {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
            };
            let arguments = line.split('$').skip(1).map(name);
            messages.entry(id.clone()).or_default().extend(arguments);
        }
        messages.remove("");
        messages
    }

    #[test]
    fn every_text_is_there_in_every_language_with_the_same_arguments() {
        let german = messages(Language::German);
        assert!(german.len() > 300, "{}", german.len());
        for language in Language::ALL {
            let here = messages(language);
            let tag = language.tag();
            for id in here.keys() {
                assert!(german.contains_key(id), "{tag}: {id} is not a text of ours");
            }
            for (id, arguments) in &german {
                assert_eq!(here.get(id), Some(arguments), "{tag}: {id}");
            }
        }
    }

    /// Fluent passes over what it cannot read: a slip in a file would be a text in another language.
    #[test]
    fn every_text_is_said_in_its_own_language() {
        for language in Language::ALL {
            let loader = of(language);
            let tag = language.tag();
            for id in messages(language).keys() {
                let own = loader.with_fluent_message(id, |message| message.value().is_some());
                assert_eq!(own, Some(true), "{tag}: {id}");
            }
            let last = loader.current_languages();
            assert_eq!(last.first().map(ToString::to_string).as_deref(), Some(tag));
        }
        let skip = |language| speaking(language, || t!("skip"));
        let said: BTreeSet<_> = Language::ALL.into_iter().map(skip).collect();
        assert!(said.len() > 1, "{said:?}");
        let many = speaking(Language::English, || t!("results-count", count = 2, shown = "2"));
        let one = speaking(Language::English, || t!("results-count", count = 1, shown = "1"));
        assert_ne!(many.replace('2', "1"), one, "the plural is that of the language");
    }

    #[test]
    fn speaks_german_without_marks() {
        assert_eq!(t!("results-count", count = 1, shown = "1"), "1 Treffer");
        assert_eq!(t!("results-count", count = 1234, shown = "1.234"), "1.234 Treffer");
        assert_eq!(t!("results-count", count = 0, shown = "0"), "Keine Treffer");
        let line = t!("coverage-line", complete = "5", nodes = "6");
        assert_eq!(line, "Vollständig: 5 von 6 Knoten (Städte, Kreise und andere)");
    }

    /// A template is markup and keys: whatever reads as German belongs into the texts.
    #[test]
    fn templates_hold_no_sentence_and_nothing_that_runs() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            seen += 1;
            // Data for search engines is the one element of that name, and nothing in it runs.
            let text = text.replace("<script type=\"application/ld+json\">", "<data>");
            let own = "<script src=\"{{ frame.script }}\" defer></script>";
            let text = text.replace(own, "");
            assert!(text.is_ascii(), "{} holds letters that only texts have", path.display());
            for banned in ["safe", "<script", "style=", "javascript:", "http://", "https://"] {
                assert!(!text.contains(banned), "{}: {banned}", path.display());
            }
            for here in ["href=\"/", "action=\"/", "src=\"/"] {
                let fixed = ["href=\"/favicon.svg", "href=\"/api/v1/openapi.json"];
                let own = fixed.iter().map(|fixed| text.matches(fixed).count()).sum::<usize>();
                let all = text.matches(here).count();
                assert!(all == 0 || all == own, "{}: a link leaves the language", path.display());
            }
            for piece in outside_of_tags(&text) {
                let words = piece.split_whitespace().filter(|word| word.chars().count() > 1);
                let words: Vec<_> = words.collect();
                assert!(words.is_empty(), "{}: {words:?}", path.display());
            }
        }
        assert!(seen > 5);
    }

    /// A text that no page names is work for every translator and is read by nobody.
    #[test]
    fn every_text_is_said_somewhere() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut said = String::new();
        let mut folders = vec![root.join("templates"), root.join("src/web")];
        while let Some(folder) = folders.pop() {
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    said.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let texts = std::fs::read_to_string(root.join("i18n/de/engagement_node.ftl")).unwrap();
        let ids = texts.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        for id in ids.filter_map(|line| line.split(" =").next()) {
            assert!(said.contains(&format!("t!(\"{id}\"")), "{id}");
        }
    }

    /// Returns what lies between tags, without expressions, blocks, comments and entities.
    fn outside_of_tags(text: &str) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let close = match rest.get(..2) {
                Some("{{") => "}}",
                Some("{%") => "%}",
                Some("{#") => "#}",
                _ if c == '<' => ">",
                _ if c == '&' => ";",
                _ => {
                    pieces.last_mut().unwrap().push(c);
                    rest = &rest[c.len_utf8()..];
                    continue;
                }
            };
            // An expression inside a tag may hold a `>`; what closes the tag comes after it.
            let mut end = rest.find(close).unwrap();
            while close == ">"
                && rest[..end].matches("{{").count() > rest[..end].matches("}}").count()
            {
                end = end + 1 + rest[end + 1..].find('>').unwrap();
            }
            rest = &rest[end + close.len()..];
            pieces.push(String::new());
        }
        pieces
    }
}
