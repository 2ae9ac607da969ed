//! What machines look for at fixed addresses: robots.txt, sitemap.xml, opensearch.xml, security.txt.
//!
//! Only what is our own is offered to search engines. What needs the public address of this node is not
//! there without one: nothing is guessed from what a request says.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use engagement_protocol::time::Timestamp;

use super::desk::DESK;
use super::easy::EASY;
use super::error::Error;
use super::finder::question::FINDER;
use super::frame::text_of;
use super::text::t;
use super::{area, embed, field, kept, language, link};
use crate::app::App;
use crate::domain::language::Language;
use crate::domain::vocabulary::{List, Vocabulary};

const A_DAY: &str = "public, max-age=86400";
/// How long a `security.txt` is good for: half a year.
const GOOD_MS: u64 = 182 * 24 * 60 * 60 * 1000;
/// What names the vocabularies of the two XML files.
const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const OPENSEARCH: &str = "http://a9.com/-/spec/opensearch/1.1/";

type Text = ([(HeaderName, &'static str); 2], String);

fn text(kind: &'static str, text: String) -> Text {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, A_DAY)], text)
}

/// Returns the public base address, without a slash at its end.
fn base(app: &App) -> Result<String, Error> {
    app.config().base().map(str::to_owned).ok_or(Error::NoSuchPage)
}

/// `GET /robots.txt`
pub(super) async fn robots(State(app): State<App>) -> impl IntoResponse {
    // Every combination of filters is the same offers again.
    let mut lines = String::from("User-agent: *\nDisallow: /api/\n");
    for language in Language::ALL {
        let search = language::at(language, link::SEARCH);
        lines.push_str(&format!("Disallow: {search}?\nDisallow: {search}.\n"));
        let (finder, desk) = (language::at(language, FINDER), language::at(language, DESK));
        lines.push_str(&format!("Disallow: {finder}?\nDisallow: {finder}/*?\nDisallow: {desk}\n"));
        for page in [kept::KEPT, embed::BUILD] {
            lines.push_str(&format!("Disallow: {}\n", language::at(language, page)));
        }
    }
    if let Ok(base) = base(&app) {
        lines.push_str(&format!("Sitemap: {base}/sitemap.xml\n"));
    }
    text("text/plain; charset=utf-8", lines)
}

/// `GET /sitemap.xml`
pub(super) async fn sitemap(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    let base = base(&app)?;
    let fields = Vocabulary::embedded().codes(List::Fields).map(|(code, _)| field::path(code));
    let own = area::of(&app.node().ags()).map(area::Area::path);
    let pages = ["/", FINDER, EASY].map(str::to_owned).into_iter().chain(own).chain(fields);
    let mut pages: Vec<_> =
        pages.map(|path| Page { url: format!("{base}{path}"), day: None }).collect();
    for (id, changed) in app.own_live().await? {
        let url = format!("{base}{}", link::opportunity_path(app.node(), &id));
        pages.push(Page { url, day: changed.map(|day| day.to_string()) });
    }
    Ok(text("application/xml; charset=utf-8", text_of(&Sitemap { pages })?))
}

/// `GET /opensearch.xml`
pub(super) async fn opensearch(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    let (base, name) = (base(&app)?, app.config().name.clone());
    let file = OpenSearch {
        // Browsers show at most sixteen characters of it.
        short: t!("opensearch-short").chars().take(16).collect(),
        long: t!("opensearch-long", node = name.as_str()),
        search: format!("{base}{}?q={{searchTerms}}", language::to(link::SEARCH)),
        icon: format!("{base}/favicon.svg"),
    };
    Ok(text("application/opensearchdescription+xml; charset=utf-8", text_of(&file)?))
}

/// `GET /.well-known/security.txt`
pub(super) async fn security(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    let config = app.config();
    let contact = config.contact.as_deref().ok_or(Error::NoSuchPage)?;
    // The same all day long, so that whoever holds it need not fetch it again.
    let day = app.clock().now().as_ms() / 86_400_000 * 86_400_000;
    let expires = Timestamp::from_ms(day + GOOD_MS);
    let mut lines = format!(
        "Contact: mailto:{contact}\nExpires: {}\nPreferred-Languages: de, en\n",
        rfc3339(expires)
    );
    if let Ok(base) = base(&app) {
        lines.push_str(&format!("Canonical: {base}/.well-known/security.txt\n"));
    }
    Ok(text("text/plain; charset=utf-8", lines))
}

fn rfc3339(at: Timestamp) -> String {
    let ms = i64::try_from(at.as_ms()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX).to_string()
}

#[derive(Template)]
#[template(path = "sitemap.xml", escape = "html")]
struct Sitemap {
    pages: Vec<Page>,
}

struct Page {
    url: String,
    day: Option<String>,
}

#[derive(Template)]
#[template(path = "opensearch.xml", escape = "html")]
struct OpenSearch {
    short: String,
    long: String,
    search: String,
    icon: String,
}
