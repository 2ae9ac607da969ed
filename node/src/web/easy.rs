//! The page in Leichte Sprache: what there is here, how to search, how to take part, whom to ask.
//!
//! Leichte Sprache is written by hand by its own rules - one statement a line, compounds taken apart - and is not a
//! language of all pages: those that follow are in Einfache Sprache, and the page says so. It also says that
//! no group of readers has tested it yet. Its words stand in its template, because they exist in one language only.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::error::Error;
use super::frame::{Frame, html};
use super::language;
use super::text::t;
use crate::app::App;
use crate::config::Config;

/// Where it lies: at one address, whatever language somebody comes from.
pub(super) const EASY: &str = "/leichte-sprache";

/// `GET /leichte-sprache`
pub(super) async fn show(State(app): State<App>) -> Result<Html<String>, Error> {
    html(&Easy::new(&app.config()))
}

#[derive(Template)]
#[template(path = "easy.html")]
struct Easy {
    frame: Frame,
}

impl Easy {
    fn new(config: &Config) -> Self {
        let mut frame = Frame::new(config, &t!("easy-title"));
        frame.index_at(config, EASY, true);
        frame.alternates.clear();
        // It has no versions: whoever changes the language goes on at the start page.
        frame.versions = language::versions_of("/");
        frame.is_easy = true;
        Self { frame }
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::domain::language::Language;
    use crate::web::opportunity::tests::config;

    fn page() -> String {
        html(&Easy::new(&config())).unwrap().0
    }

    /// Returns the paragraphs and points of the page as people read them, without what stands in tags.
    fn lines() -> Vec<String> {
        let page = page();
        let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        let marked = main.replace("<br>", "\n").replace("</p>", "\n").replace("</li>", "\n");
        let mut text = String::new();
        let mut inside = false;
        for c in marked.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        let last = |line: &str| line.rsplit('>').next().unwrap_or_default().trim().to_owned();
        text.lines().map(last).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn sentences_are_short_and_one_a_line() {
        let lines = lines();
        assert!(lines.len() > 40, "{lines:#?}");
        for line in lines.iter().filter(|line| !line.starts_with("Diesen Text hat")) {
            assert!(line.split_whitespace().count() <= 12, "{line}");
            let stops = line.matches(['.', '?', '!']).count() - line.matches("www.").count() * 3;
            assert!(line.contains("www.") || stops <= 1, "{line}");
        }
    }

    #[test]
    fn long_words_are_taken_apart() {
        // Names of other pages are written as those pages write them.
        let names = ["Barrierefreiheit", "Verantwortliche"];
        for line in lines() {
            let words = line.split(|c: char| !c.is_alphabetic());
            for word in words.filter(|word| word.chars().count() > 14) {
                assert!(names.contains(&word), "{word} in: {line}");
            }
        }
    }

    #[test]
    fn says_that_nobody_has_tested_it_and_leads_on_in_simple_language() {
        let page = page();
        assert!(page.contains("noch keine Prüf-Gruppe geprüft"));
        assert!(page.contains("lang=\"de-simple\""));
        for path in ["/de-simple\"", "/de-simple/finden\"", "/de-simple/barrierefreiheit\""] {
            assert!(page.contains(&format!("href=\"{path}")), "{path}");
        }
    }

    #[test]
    fn every_page_leads_there_and_from_there_to_every_language() {
        for language in Language::ALL {
            let frame = speaking(language, || Frame::new(&config(), "Ort"));
            let page = html(&Easy { frame }).unwrap().0;
            assert!(page.contains("href=\"/leichte-sprache\" lang=\"de\""), "{language:?}");
        }
        let page = page();
        for start in ["href=\"/\" lang=\"de\"", "href=\"/en\" lang=\"en\""] {
            assert!(page.contains(start), "{start}");
        }
        assert_eq!(page.matches("aria-current").count(), 1);
    }
}
