//! The page that a web server in front of the node shows while the node does not run.
//!
//! It is one file that an operator writes beforehand and puts beside the web server: no style sheet, script or
//! picture can be fetched then. It says the same in every language, because whoever reads it has chosen none.

use std::fmt;

use askama::Template;

use super::error::Error;
use super::frame::text_of;
use super::text::t;
use super::{language, prose};
use crate::config::Config;
use crate::domain::language::Language;

/// The little style that a page of a few lines needs.
const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;padding:2rem 1rem;font:1.1rem/1.6 system-ui,sans-serif}\
main{max-width:40rem;margin-inline:auto}h1,h2{line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}";

#[derive(Template)]
#[template(path = "maintenance.html")]
struct Page {
    node: String,
    style: Style,
    contact: Option<String>,
    texts: Vec<Text>,
}

/// What is said in one language.
struct Text {
    tag: &'static str,
    heading: String,
    hint: String,
    write: String,
}

/// Our own style, in which no text of anybody stands.
struct Style(&'static str);

impl askama::filters::HtmlSafe for Style {}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Returns the page.
pub(super) fn page(config: &Config) -> Result<String, Error> {
    let text = |language: Language| {
        language::within(language, || Text {
            tag: language.tag(),
            heading: t!("away-heading"),
            hint: t!("away-hint"),
            write: t!("footer-contact"),
        })
    };
    let contact = config.contact.as_deref().and_then(prose::mail_address);
    text_of(&Page {
        node: config.name.clone(),
        style: Style(STYLE),
        contact: contact.map(str::to_owned),
        texts: Language::ALL.into_iter().map(text).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::config;

    #[test]
    fn the_page_needs_nothing_else_and_speaks_every_language() {
        let mut config = config();
        config.name = "Stadt <Coesfeld>".to_owned();
        config.contact = Some("ehrenamt@stadt.example".to_owned());
        let page = page(&config).unwrap();
        for loaded in ["src=", "<link", "<script", "url("] {
            assert!(!page.contains(loaded), "{loaded}");
        }
        for language in Language::ALL {
            assert!(page.contains(&format!("lang=\"{}\"", language.tag())), "{language:?}");
        }
        assert!(page.contains("Stadt &#60;Coesfeld&#62;") && page.contains("mailto:ehrenamt@"));
        assert_eq!(page.matches("<h1").count(), 1);
    }
}
