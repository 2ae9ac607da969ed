//! NodeInfo: what this node is, in the form in which directories of federated software ask.
//!
//! Honest means: the name of our own protocol and none that we do not speak, no accounts because there are none, and
//! the offers that are published here rather than the copies that are held.

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::error::Error;
use crate::app::App;

/// Where the document lies.
pub(super) const NODEINFO: &str = "/nodeinfo/2.1";
/// What names its form.
const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/2.1";
const HEADERS: [(HeaderName, &str); 2] =
    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "public, max-age=3600")];

/// `GET /.well-known/nodeinfo`
pub(super) async fn links(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    let config = app.config();
    let base = config.base().ok_or(Error::NoSuchPage)?;
    let links = json!({"links": [{"rel": SCHEMA, "href": format!("{base}{NODEINFO}")}]});
    Ok((HEADERS, [(header::CONTENT_TYPE, "application/jrd+json")], links.to_string()))
}

/// `GET /nodeinfo/2.1`
pub(super) async fn show(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    let offers = app.own_live().await?.len();
    let kind = format!("application/json; profile=\"{SCHEMA}#\"");
    let document = document(&app.config().name, app.node().as_str(), offers);
    Ok((HEADERS, [(header::CONTENT_TYPE, kind)], document.to_string()))
}

fn document(name: &str, node: &str, offers: usize) -> Value {
    json!({
        "version": "2.1",
        "software": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "repository": env!("CARGO_PKG_REPOSITORY"),
        },
        "protocols": ["engagement"],
        "services": {"inbound": [], "outbound": ["atom1.0"]},
        "openRegistrations": false,
        "usage": {"users": {}, "localPosts": offers},
        "metadata": {"nodeName": name, "nodeId": node},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_true_and_nothing_of_people() {
        let document = document("Stadt Coesfeld", "05558012", 7);
        assert_eq!(document["usage"]["localPosts"], 7);
        assert_eq!(document["usage"]["users"], json!({}), "nobody has an account");
        assert_eq!(document["protocols"], json!(["engagement"]));
        let name = document["software"]["name"].as_str().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
    }
}
