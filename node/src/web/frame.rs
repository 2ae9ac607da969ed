//! What every page has around its content.

use askama::Template;
use axum::response::Html;

use super::error::Error;
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
    pub(super) style: &'static str,
    /// The address of the same content at its origin.
    pub(super) canonical: Option<String>,
    /// Whether search engines leave the page out.
    pub(super) noindex: bool,
}

impl Frame {
    /// Returns the frame of a page of this node.
    pub(super) fn new(config: &Config, title: &str) -> Self {
        let contact = config.contact.as_deref().and_then(prose::mail_address);
        Self {
            title: t!("title-with-node", title = title, node = config.name.as_str()),
            node: config.name.clone(),
            operator: t!("footer-node", node = config.name.as_str()),
            contact: contact.map(str::to_owned),
            style: assets::style(),
            canonical: None,
            noindex: false,
        }
    }
}

/// Writes a page.
pub(super) fn html(page: &impl Template) -> Result<Html<String>, Error> {
    page.render().map(Html).map_err(|error| Error::Internal(error.to_string()))
}
