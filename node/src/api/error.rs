//! Errors of the JSON interface: RFC 9457 problems.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::search::SearchError;
use crate::store::StoreError;

/// An RFC 9457 problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A stable name of the kind of problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What to do, in German.
    pub detail: String,
    /// Which parameter, if one is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
}

/// Why a request was not answered.
#[derive(Debug)]
pub struct Error(Problem);

impl Error {
    /// A path or record that is not there.
    #[must_use]
    pub fn not_found(detail: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "urn:engagement:problem:not-found",
            "Nicht gefunden",
            detail,
        )
    }

    /// A record that was there and is over.
    #[must_use]
    pub fn gone(detail: &str) -> Self {
        Self::new(StatusCode::GONE, "urn:engagement:problem:gone", "Nicht mehr da", detail)
    }

    /// A request that cannot be understood.
    #[must_use]
    pub fn bad_request(detail: &str) -> Self {
        let kind = "urn:engagement:problem:bad-request";
        Self::new(StatusCode::BAD_REQUEST, kind, "Anfrage nicht verstanden", detail)
    }

    /// A parameter that is none, or has a value that cannot be understood.
    #[must_use]
    pub fn parameter(name: &str, rule: &str) -> Self {
        let mut error = Self::bad_request(rule);
        error.0.parameter = Some(name.to_owned());
        error
    }

    /// What the server refuses before any of our handlers sees it, by its status; nothing for other answers.
    #[must_use]
    pub fn refused(status: StatusCode) -> Option<Self> {
        let (kind, title, detail) = match status {
            StatusCode::METHOD_NOT_ALLOWED => (
                "urn:engagement:problem:method-not-allowed",
                "Methode nicht erlaubt",
                "Diese Adresse lässt sich so nicht aufrufen. Was möglich ist, steht im Kopf Allow und in /api/v1/openapi.json.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "urn:engagement:problem:too-large",
                "Zu groß",
                "Die Anfrage ist zu groß. Kürzen Sie sie.",
            ),
            StatusCode::URI_TOO_LONG => (
                "urn:engagement:problem:address-too-long",
                "Adresse zu lang",
                "Die Adresse ist zu lang. Fragen Sie nach weniger auf einmal.",
            ),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
                "urn:engagement:problem:headers-too-large",
                "Kopfzeilen zu groß",
                "Die Kopfzeilen der Anfrage sind zusammen zu groß. Senden Sie weniger davon.",
            ),
            StatusCode::TOO_MANY_REQUESTS => (
                "urn:engagement:problem:too-many-requests",
                "Zu viele Anfragen",
                "Zu viele Anfragen. Versuchen Sie es nach der Zeit im Kopf Retry-After wieder.",
            ),
            _ => return None,
        };
        Some(Self::new(status, kind, title, detail))
    }

    /// A fault of ours; the reason is logged, not shown.
    #[must_use]
    pub fn internal(reason: &(impl std::fmt::Display + ?Sized)) -> Self {
        tracing::error!(reason = %reason, "request failed");
        let detail = "Bei uns ist ein Fehler aufgetreten. Versuchen Sie es später noch einmal.";
        let kind = "urn:engagement:problem:internal";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, kind, "Interner Fehler", detail)
    }

    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: &str) -> Self {
        let detail = detail.to_owned();
        Self(Problem { kind, title, status: status.as_u16(), detail, parameter: None })
    }
}

impl From<SearchError> for Error {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Parameter { name, rule } => Self::parameter(name, &rule),
            SearchError::Index(error) => Self::internal(&error),
            SearchError::Store(error) => Self::internal(&error),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(self.0)).into_response();
        let kind = HeaderValue::from_static("application/problem+json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

/// Answers a path under `/api` that is none.
pub(super) async fn no_such_path() -> Error {
    Error::not_found("Diesen Pfad gibt es nicht. Alle Pfade beschreibt /api/v1/openapi.json.")
}
