//! What every page has around its content.

use askama::Template;
use axum::response::Html;

use super::error::Error;
use super::feeds::Alternate;
use super::language::{self, Version};
use super::text::t;
use super::{assets, prose};
use crate::config::Config;
use crate::domain::language::Language;

/// The frame of a page.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The language of the page.
    pub(super) language: Language,
    /// The page in every language.
    pub(super) versions: Vec<Version>,
    /// The same page in other languages, for search engines: tag and address.
    pub(super) alternates: Vec<(&'static str, String)>,
    /// What the window is called.
    pub(super) title: String,
    /// The name of this node.
    pub(super) node: String,
    /// Who answers for the page.
    pub(super) operator: String,
    /// Where one may write to.
    pub(super) contact: Option<String>,
    /// The address of the style sheet.
    pub(super) style: String,
    /// The address of the script.
    pub(super) script: String,
    /// The address of the logo.
    pub(super) logo: String,
    /// Other pages of the town: what they say and where they lead.
    pub(super) links: Vec<(String, String)>,
    /// The address of the same content at its origin.
    pub(super) canonical: Option<String>,
    /// What the page is about, for search engines and shared links.
    pub(super) description: Option<String>,
    /// The same as feeds.
    pub(super) feeds: Vec<Alternate>,
    /// Whether the browser may search here by itself: only a public address can be told.
    pub(super) opensearch: bool,
    /// Whether search engines leave the page out.
    pub(super) noindex: bool,
    /// Whether this is the page in Leichte Sprache.
    pub(super) is_easy: bool,
}

impl Frame {
    /// Returns the frame of a page of this node.
    pub(super) fn new(config: &Config, title: &str) -> Self {
        let title = prose::unmarked(title);
        let links = config.branding.links.iter();
        let contact = config.contact.as_deref().and_then(prose::mail_address);
        Self {
            language: language::current(),
            versions: language::versions(),
            alternates: Vec::new(),
            title: t!("title-with-node", title = title, node = config.name.as_str()),
            node: config.name.clone(),
            operator: t!("footer-node", node = config.name.as_str()),
            contact: contact.map(str::to_owned),
            style: assets::style(config),
            script: assets::script(),
            logo: assets::logo_url(config),
            links: links.map(|link| (link.label.clone(), link.url.clone())).collect(),
            canonical: None,
            description: None,
            feeds: Vec::new(),
            opensearch: config.url.is_some(),
            noindex: false,
            is_easy: false,
        }
    }

    /// Names the one address under which search engines are to know the page, or asks them to leave it out.
    ///
    /// `path` is that of the German page. Simple German is German to a search engine: its page is known
    /// under the address of the German one.
    pub(super) fn index_at(&mut self, config: &Config, path: &str, indexed: bool) {
        self.noindex = !indexed;
        let Some(base) = config.base().filter(|_| indexed) else { return };
        let at = |language| format!("{base}{}", language::at(language, path));
        let known = if language::is_german() { Language::German } else { self.language };
        self.canonical = Some(at(known));
        self.alternates = Language::ALL
            .into_iter()
            .filter(|one| *one != Language::Simple)
            .map(|one| (one.tag(), at(one)))
            .chain([("x-default", at(Language::German))])
            .collect();
    }

    /// Says in which language the texts of organisations are, on pages in another one.
    pub(super) fn texts(&self) -> Option<String> {
        (self.language == Language::English).then(|| t!("texts-german"))
    }

    /// Returns the address of one of our pages in the language of this one.
    pub(super) fn to(&self, path: &str) -> String {
        language::at(self.language, path)
    }
}

/// Writes a file that is no page.
pub(super) fn text_of(file: &impl Template) -> Result<String, Error> {
    file.render().map_err(|error| Error::Internal(error.to_string()))
}

/// Writes a page.
pub(super) fn html(page: &impl Template) -> Result<Html<String>, Error> {
    page.render().map(Html).map_err(|error| Error::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::web::opportunity::tests::config;

    #[test]
    fn search_engines_know_a_page_once_in_each_language_they_know() {
        let mut config = config();
        config.url = Some("https://a.example/".to_owned());
        let known = |language| {
            speaking(language, || {
                let mut frame = Frame::new(&config, "Ort");
                frame.index_at(&config, "/ort/coesfeld", true);
                (frame.canonical.unwrap(), frame.alternates)
            })
        };
        let (german, alternates) = known(Language::German);
        assert_eq!(german, "https://a.example/ort/coesfeld");
        assert_eq!(known(Language::Simple).0, german, "to them, simple German is German");
        let (english, others) = known(Language::English);
        assert_eq!(english, "https://a.example/en/ort/coesfeld");
        assert_eq!(others, alternates, "each version names all");
        let tags: Vec<_> = alternates.iter().map(|(tag, _)| *tag).collect();
        assert_eq!(tags, ["de", "en", "x-default"]);
    }

    /// A window's name has no markup around it that could keep directions apart: a record could turn ours around.
    #[test]
    fn a_title_cannot_turn_the_name_of_the_window_around() {
        let marks = "\u{202e}\u{2066}\u{2069}\u{200f}\u{61c}";
        let frame = Frame::new(&config(), &format!("Lesen{marks} im Park"));
        assert_eq!(frame.title, "Lesen im Park – Stadt Coesfeld");
        assert_eq!(Frame::new(&config(), "قراءة").title, "قراءة – Stadt Coesfeld");
    }

    #[test]
    fn what_is_not_to_be_found_names_no_versions() {
        let mut config = config();
        config.url = Some("https://a.example".to_owned());
        let mut frame = Frame::new(&config, "Ort");
        frame.index_at(&config, "/ort/coesfeld", false);
        assert!(frame.noindex && frame.canonical.is_none() && frame.alternates.is_empty());
    }
}
