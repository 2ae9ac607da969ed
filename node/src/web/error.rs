//! Why a page is not shown, and the page that is shown instead.
//!
//! A 4xx says what to do next; a 5xx shows only the number under which its reason is in the log.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::card::Card;
use super::form::Form;
use super::frame::{Frame, html};
use super::text::t;
use crate::app::search::{Asked, SearchError};
use crate::config::Config;
use crate::store::StoreError;

/// Why a page is not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no page under this address.
    #[error("no such page")]
    NoSuchPage,
    /// This node does not hold the opportunity.
    #[error("no such opportunity")]
    NoSuchOpportunity,
    /// The opportunity was published here and is no longer.
    #[error("the opportunity is gone")]
    OpportunityGone,
    /// A parameter of a search cannot be understood.
    #[error("{name} is refused: {rule}")]
    Refused {
        /// Which parameter.
        name: &'static str,
        /// What would do, in German.
        rule: String,
    },
    /// More was asked in a moment than one network may ask.
    #[error("too many requests")]
    TooMany,
    /// The answer took longer than anybody should wait.
    #[error("the answer took too long")]
    TooSlow,
    /// More was sent than any page takes.
    #[error("the request is too large")]
    TooLarge,
    /// The address is longer than any of ours.
    #[error("the address is too long")]
    TooLong,
    /// The browser sent more headers than we read.
    #[error("the headers are too large")]
    TooManyHeaders,
    /// A fault of ours; the reason is logged, not shown.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPage | Self::NoSuchOpportunity => StatusCode::NOT_FOUND,
            Self::OpportunityGone => StatusCode::GONE,
            Self::Refused { .. } => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooLong => StatusCode::URI_TOO_LONG,
            Self::TooManyHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns whether the page can show what else there is.
    pub(super) const fn has_alternatives(&self) -> bool {
        matches!(self, Self::NoSuchOpportunity | Self::OpportunityGone)
    }

    /// Writes the page for somebody who asked with this query string.
    ///
    /// `instead` is what else there is, with what it is called together.
    pub(super) fn page(
        &self,
        config: &Config,
        query: &str,
        number: &str,
        instead: Option<(String, Vec<Card>)>,
    ) -> Result<Html<String>, Self> {
        let page = |title: String, heading: String, lines: Vec<String>| {
            let mut frame = Frame::new(config, &title);
            frame.noindex = true;
            let form = Some(Form::new(&Asked::default()));
            Message { frame, heading, lines, alert: None, number: None, form, instead: None }
        };
        html(&match self {
            Self::NoSuchPage => {
                page(t!("not-found-title"), t!("not-found-heading"), vec![t!("not-found-hint")])
            }
            Self::NoSuchOpportunity => {
                let page =
                    page(t!("unknown-title"), t!("unknown-heading"), vec![t!("unknown-hint")]);
                Message { instead, ..page }
            }
            Self::OpportunityGone => {
                let page = page(t!("gone-title"), t!("gone-heading"), vec![t!("gone-hint")]);
                Message { instead, ..page }
            }
            Self::Refused { name, rule } => {
                let asked = Asked::legible(query);
                let form = Form::refused(&asked, name, rule);
                // The form says the rule where it applies; without such a field the page does.
                let alert = (!form.has_rule()).then(|| rule.clone());
                let lines = vec![t!("refused-hint")];
                let page = page(t!("refused-title"), t!("refused-heading"), lines);
                Message { alert, form: Some(form), ..page }
            }
            Self::TooMany => {
                let page = page(t!("busy-title"), t!("busy-heading"), vec![t!("busy-hint")]);
                Message { form: None, ..page }
            }
            Self::TooSlow => page(t!("slow-title"), t!("slow-heading"), vec![t!("slow-hint")]),
            Self::TooLarge => page(t!("large-title"), t!("large-heading"), vec![t!("large-hint")]),
            Self::TooLong => page(t!("long-title"), t!("long-heading"), vec![t!("long-hint")]),
            Self::TooManyHeaders => {
                page(t!("headers-title"), t!("headers-heading"), vec![t!("headers-hint")])
            }
            Self::Internal(_) => {
                let lines = vec![t!("fault-hint"), t!("fault-number")];
                let page = page(t!("fault-title"), t!("fault-heading"), lines);
                Message { number: Some(number.to_owned()), form: None, ..page }
            }
        })
    }
}

impl IntoResponse for Error {
    /// Answers with the status; `dress` adds the page, because only it knows whose page it is.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SearchError> for Error {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Parameter { name, rule } => Self::Refused { name, rule },
            SearchError::Index(error) => Self::Internal(error.to_string()),
            SearchError::Store(error) => Self::Internal(error.to_string()),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.to_string())
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    frame: Frame,
    heading: String,
    lines: Vec<String>,
    alert: Option<String>,
    number: Option<String>,
    form: Option<Form>,
    /// What else there is, with what it is called together.
    instead: Option<(String, Vec<Card>)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(error: &Error, query: &str) -> String {
        let minimal = "id = \"05558012\"\nname = \"Stadt <Coesfeld>\"\nlisten = \"127.0.0.1:0\"\n";
        let config = Config::parse(minimal, "").unwrap();
        error.page(&config, query, "number-1", None).unwrap().0
    }

    #[test]
    fn a_fault_shows_only_its_number() {
        let page = page(&Error::Internal("disk is full".to_owned()), "q=geheim");
        assert!(page.contains("number-1"));
        assert!(!page.contains("disk") && !page.contains("geheim"));
    }

    #[test]
    fn a_refusal_marks_the_field_and_keeps_what_was_typed() {
        let error =
            Error::Refused { name: "near", rule: "Den Ort <b> kennen wir nicht.".to_owned() };
        let page = page(&error, "q=lesen&near=%22%3E%3Cb%3E&field=sport");
        assert!(page.contains("aria-invalid=\"true\" aria-describedby=\"near-rule\""), "{page}");
        assert!(page.contains("Den Ort &#60;b&#62; kennen wir nicht."), "{page}");
        assert!(page.contains("value=\"lesen\""));
        assert!(page.contains("name=\"field\" value=\"sport\""));
        assert!(!page.contains("<b>") || !page.contains("\"><b>"), "what was typed is text");
    }

    #[test]
    fn a_refusal_without_a_field_is_said_by_the_page() {
        let error = Error::Refused { name: "cursor", rule: "Beginnen Sie neu.".to_owned() };
        assert!(page(&error, "cursor=x").contains("<p class=\"alert\">Beginnen Sie neu.</p>"));
    }

    #[test]
    fn what_is_not_there_comes_with_a_search() {
        for error in [Error::NoSuchPage, Error::NoSuchOpportunity] {
            let page = page(&error, "");
            assert!(page.contains("role=\"search\"") && page.contains("Stadt &#60;Coesfeld&#62;"));
        }
    }
}
