//! The words of the pages: Fluent messages, whose ids and arguments the compiler checks.
//!
//! Numbers and days are formatted before they come here, so that no message depends on a locale database.

use std::sync::LazyLock;

use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::{FluentLanguageLoader, fluent_language_loader};

#[derive(rust_embed::RustEmbed)]
#[folder = "i18n/"]
struct Files;

/// Returns the German texts.
pub(super) fn texts() -> &'static FluentLanguageLoader {
    static TEXTS: LazyLock<FluentLanguageLoader> = LazyLock::new(|| {
        let loader = fluent_language_loader!();
        loader
            .load_languages(&Files, &[loader.fallback_language().clone()])
            .expect("the texts are part of the program and a test loads them");
        // The marks are for mixed writing directions; here they would only be copied along with the text.
        loader.set_use_isolating(false);
        loader
    });
    &TEXTS
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
    #[test]
    fn speaks_german_without_marks() {
        assert_eq!(t!("results-count", count = 1, shown = "1"), "1 Treffer");
        assert_eq!(t!("results-count", count = 1234, shown = "1.234"), "1.234 Treffer");
        assert_eq!(t!("results-count", count = 0, shown = "0"), "Keine Treffer");
        assert_eq!(t!("coverage-line", complete = "5", nodes = "6"), "Vollständig: 5 von 6 Knoten");
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
            assert!(text.is_ascii(), "{} holds letters that only texts have", path.display());
            for banned in ["safe", "<script", "style=", "javascript:", "http://", "https://"] {
                assert!(!text.contains(banned), "{}: {banned}", path.display());
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
        for folder in ["templates", "src/web"] {
            for file in std::fs::read_dir(root.join(folder)).unwrap() {
                said.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
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
