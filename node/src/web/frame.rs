//! What every page has around its content.

use askama::Template;
use axum::response::Html;

use super::error::Error;
use super::feeds::Alternate;
use super::text::t;
use super::{assets, prose};
use crate::config::Config;

/// The frame of a page.
#[derive(Debug, Clone)]
pub(super) struct Frame {
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
}

impl Frame {
    /// Returns the frame of a page of this node.
    pub(super) fn new(config: &Config, title: &str) -> Self {
        let links = config.branding.links.iter();
        let contact = config.contact.as_deref().and_then(prose::mail_address);
        Self {
            title: t!("title-with-node", title = title, node = config.name.as_str()),
            node: config.name.clone(),
            operator: t!("footer-node", node = config.name.as_str()),
            contact: contact.map(str::to_owned),
            style: assets::style(config),
            logo: assets::logo_url(config),
            links: links.map(|link| (link.label.clone(), link.url.clone())).collect(),
            canonical: None,
            description: None,
            feeds: Vec::new(),
            opensearch: config.url.is_some(),
            noindex: false,
        }
    }

    /// Names the one address under which search engines are to know the page, or asks them to leave it out.
    pub(super) fn index_at(&mut self, config: &Config, path: &str, indexed: bool) {
        let base = config.url.as_deref().map(|url| url.trim_end_matches('/'));
        self.canonical = base.filter(|_| indexed).map(|base| format!("{base}{path}"));
        self.noindex = !indexed;
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
