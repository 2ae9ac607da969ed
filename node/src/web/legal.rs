//! Impressum, Datenschutz and Barrierefreiheit: what the operator wrote, and what the software itself knows.
//!
//! A page that the operator has not filled says so and whom to ask. The statement on accessibility never
//! claims that everything is accessible: no automatic test can show that.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::error::Error;
use super::frame::{Frame, html};
use super::markdown::{self, Section};
use super::prose::Block;
use super::text::t;
use crate::app::App;
use crate::config::Config;

/// `GET /impressum`
pub(super) async fn imprint(State(app): State<App>) -> Result<Html<String>, Error> {
    html(&Page::imprint(&app.config()))
}

/// `GET /datenschutz`
pub(super) async fn privacy(State(app): State<App>) -> Result<Html<String>, Error> {
    html(&Page::privacy(&app.config()))
}

/// `GET /barrierefreiheit`
pub(super) async fn accessibility(State(app): State<App>) -> Result<Html<String>, Error> {
    html(&Page::accessibility(&app.config()))
}

#[derive(Template)]
#[template(path = "legal.html")]
struct Page {
    frame: Frame,
    heading: String,
    sections: Vec<Section>,
    /// Where to write about the subject of the page.
    write: Option<Write>,
}

/// A mail link with its subject.
struct Write {
    text: String,
    address: String,
    href: String,
}

impl Page {
    fn imprint(config: &Config) -> Self {
        let text = config.legal.texts.imprint.as_deref();
        let sections = text.map_or_else(
            || vec![said(None, &[t!("imprint-missing", node = config.name.as_str())])],
            markdown::sections,
        );
        let write = text.is_none().then(|| write(config, t!("imprint-write"), "Impressum"));
        Self::new(config, t!("imprint-title"), sections, write.flatten())
    }

    fn privacy(config: &Config) -> Self {
        let mut sections = vec![
            said(None, &[t!("privacy-lead")]),
            said(Some(t!("privacy-visit")), &[t!("privacy-visit-none"), t!("privacy-visit-limit")]),
            said(
                Some(t!("privacy-search")),
                &[t!("privacy-search-local"), t!("privacy-search-link")],
            ),
            said(
                Some(t!("privacy-offers")),
                &[t!("privacy-offers-public"), t!("privacy-offers-gone")],
            ),
        ];
        match config.legal.texts.privacy.as_deref() {
            Some(text) => sections.extend(markdown::sections(text)),
            None => sections.push(said(
                Some(t!("privacy-operator")),
                &[t!("privacy-missing", node = config.name.as_str())],
            )),
        }
        let write = write(config, t!("privacy-write"), "Datenschutz");
        Self::new(config, t!("privacy-title"), sections, write)
    }

    fn accessibility(config: &Config) -> Self {
        let node = config.name.as_str();
        let mut sections = vec![
            said(None, &[t!("access-lead", node = node)]),
            said(Some(t!("access-state")), &[t!("access-state-partly"), t!("access-state-tests")]),
            said(
                Some(t!("access-limits")),
                &[t!("access-limits-texts"), t!("access-limits-map"), t!("access-limits-easy")],
            ),
        ];
        match config.legal.texts.accessibility.as_deref() {
            Some(text) => sections.extend(markdown::sections(text)),
            None => sections
                .push(said(Some(t!("access-operator")), &[t!("access-missing", node = node)])),
        }
        let ombud = format!("{} https://www.lbbp.nrw.de/ombudsstelle", t!("access-ombud-who"));
        sections.push(said(Some(t!("access-ombud")), &[t!("access-ombud-when"), ombud]));
        let write = write(config, t!("access-write"), &t!("access-subject"));
        Self::new(config, t!("access-title"), sections, write)
    }

    fn new(config: &Config, title: String, sections: Vec<Section>, write: Option<Write>) -> Self {
        Self { frame: Frame::new(config, &title), heading: title, sections, write }
    }
}

fn write(config: &Config, text: String, subject: &str) -> Option<Write> {
    let address = config.contact.as_deref().and_then(super::prose::mail_address)?;
    let href = format!("mailto:{address}?subject={}", subject.replace(' ', "%20"));
    Some(Write { text, address: address.to_owned(), href })
}

fn said(heading: Option<String>, paragraphs: &[String]) -> Section {
    let paragraph = |text: &String| Block::Paragraph(vec![super::prose::spans(text)]);
    Section { heading, blocks: paragraphs.iter().map(paragraph).collect(), is_german: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::config;

    fn written(page: &Page) -> String {
        html(page).unwrap().0
    }

    #[test]
    fn what_is_not_there_is_said_and_not_invented() {
        let config = config();
        assert!(written(&Page::imprint(&config)).contains("noch kein Impressum"));
        assert!(written(&Page::privacy(&config)).contains("noch keine eigenen Angaben"));
        assert!(written(&Page::accessibility(&config)).contains("noch nicht"));
    }

    #[test]
    fn the_operators_texts_are_shown_as_text() {
        let mut config = config();
        config.legal.texts.imprint =
            Some("## Stadt\n<script>x</script> [a](https://a.example/)".to_owned());
        let page = written(&Page::imprint(&config));
        assert!(
            page.contains("<h2>Stadt</h2>") && page.contains("href=\"https://a.example/\""),
            "{page}"
        );
        assert!(page.matches("<script").count() == 1);
    }

    #[test]
    fn the_statement_never_claims_that_everything_is_accessible() {
        let mut config = config();
        config.contact = Some("ehrenamt@stadt.example".to_owned());
        let page = written(&Page::accessibility(&config));
        let main =
            page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap();
        assert!(!main.to_lowercase().contains("vollständig"), "{main}");
        assert!(page.contains("teilweise vereinbar"));
        assert!(page.contains("Gebärdensprache gibt es noch nicht"), "what is missing is said");
        assert!(page.contains("mailto:ehrenamt@stadt.example?subject=Barriere%20melden"));
        assert!(page.contains("href=\"https://www.lbbp.nrw.de/ombudsstelle\""));
    }
}
