//! The page in Leichte Sprache: what there is here, how to search, how to take part, whom to ask.
//!
//! Leichte Sprache is written by hand by its own rules - one statement a line, compounds taken apart - and is not a
//! language of all pages: those that follow are in Einfache Sprache, and the page says so. It also says that
//! no group of readers has tested it yet.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::error::Error;
use super::frame::{Frame, html};
use super::markdown::{self, Section};
use super::prose;
use super::prose::Block;
use super::text::t;
use crate::app::App;
use crate::config::Config;

/// Where it lies: the text is the same whatever language somebody comes from; the frame stays in theirs.
pub(super) const EASY: &str = "/leichte-sprache";

/// The text; `{node}` and `{contact}` are whose page it is, and where to write to.
const TEXT: &str = include_str!("../../i18n/de-simple/leichte-sprache.md");

/// `GET /leichte-sprache`
pub(super) async fn show(State(app): State<App>) -> Result<Html<String>, Error> {
    html(&Easy::new(&app.config()))
}

#[derive(Template)]
#[template(path = "easy.html")]
struct Easy {
    frame: Frame,
    sections: Vec<Section>,
}

impl Easy {
    fn new(config: &Config) -> Self {
        let mut frame = Frame::new(config, &t!("easy-title"));
        frame.index_at(config, EASY, true);
        frame.alternates.clear();
        // The text is the same in each of its frames: to search engines it is one page.
        frame.canonical = config.base().map(|base| format!("{base}{EASY}"));
        frame.is_easy = true;
        Self { frame, sections: markdown::sections(&text(config)) }
    }
}

/// Returns the text of this node.
fn text(config: &Config) -> String {
    let mail = config.contact.as_deref().and_then(prose::mail_address);
    let contact = mail.map(|mail| format!("[{mail}](mailto:{mail})"));
    let contact = contact.as_deref().unwrap_or(&config.name);
    TEXT.replace("{node}", &config.name).replace("{contact}", contact)
}

#[cfg(test)]
mod tests {
    use super::super::language::scope;
    use super::super::language::tests::speaking;
    use super::*;
    use crate::domain::language::Language;
    use crate::web::opportunity::tests::config;

    /// Returns the lines of the text without marks of Markdown, addresses and the name of the node.
    fn lines() -> Vec<String> {
        let line = |line: &str| {
            let line = line.trim_start_matches(['#', '-', ' ']);
            let shown = line.split(['[', ']']).filter(|part| !part.starts_with('('));
            shown.collect::<String>()
        };
        let lines = TEXT.lines().map(line).filter(|line| !line.is_empty());
        lines.filter(|line| !line.contains('{')).collect()
    }

    #[test]
    fn sentences_are_short_and_one_a_line() {
        let lines = lines();
        assert!(lines.len() > 50, "{lines:#?}");
        for line in lines {
            assert!(line.split_whitespace().count() <= 10, "{line}");
            let inside = line.trim_end_matches(['.', '?', '!']);
            let ends = inside.matches(". ").count() + inside.matches("? ").count();
            assert_eq!(ends, 0, "{line}");
        }
    }

    #[test]
    fn long_words_are_taken_apart() {
        // Names of other pages are written as those pages write them.
        let names = ["Barrierefreiheit"];
        for line in lines() {
            let words = line.split(|c: char| !c.is_alphabetic());
            for word in words.filter(|word| word.chars().count() > 14) {
                assert!(names.contains(&word), "{word} in: {line}");
            }
        }
    }

    #[test]
    fn says_that_nobody_has_tested_it_and_leads_on_in_simple_language() {
        let mut config = config();
        config.contact = Some("ehrenamt@stadt.example".to_owned());
        let page = html(&Easy::new(&config)).unwrap().0;
        assert!(page.contains("Noch keine Prüf-Gruppe hat diesen Text geprüft."));
        assert!(page.contains("lang=\"de-simple\""));
        for path in ["/de-simple", "/de-simple/finden", "/de-simple/barrierefreiheit"] {
            assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
        }
        assert!(page.contains("href=\"mailto:ehrenamt@stadt.example\""), "{page}");
        assert!(!page.contains('{') && !page.contains("**"), "{page}");
    }

    #[tokio::test]
    async fn every_page_leads_there_and_from_there_to_every_language() {
        for language in Language::ALL {
            let frame = speaking(language, || Frame::new(&config(), "Ort"));
            let page = html(&Easy { frame, sections: Vec::new() }).unwrap().0;
            let link = format!("href=\"{}/leichte-sprache\"", language.prefix());
            assert!(page.contains(&link), "{language:?}");
        }
        let mut config = config();
        config.url = Some("https://a.example".to_owned());
        for language in Language::ALL {
            let path = EASY.to_owned();
            let page = scope(language, path, async { html(&Easy::new(&config)).unwrap().0 }).await;
            for there in ["href=\"/leichte-sprache\"", "href=\"/en/leichte-sprache\" lang=\"en\""] {
                assert!(page.contains(there), "{language:?}: {there}: {page}");
            }
            assert!(page.contains("aria-current=\"page\""));
            let canonical = "rel=\"canonical\" href=\"https://a.example/leichte-sprache\"";
            assert!(page.contains(canonical), "{language:?}: {page}");
            assert!(page.contains("<section lang=\"de-simple\">"), "the text says what it is");
        }
    }
}
