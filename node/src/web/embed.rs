//! Results on other people's pages: in a frame that runs nothing, or as a piece of HTML that their server puts in.
//!
//! Both are a search in an address, so what is shown is never a copy that grows old. Neither sets anything in a
//! browser or asks anybody else, so whoever embeds them needs nobody's consent. The frame is the one page of
//! ours that may stand in another; the piece has no style and no script, and every text of a record in it is escaped.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse};
use engagement_protocol::time::Day;

use super::card::Card;
use super::coverage::Coverage;
use super::error::Error;
use super::form::{Form, Pick, Select};
use super::frame::{Frame, html, text_of};
use super::text::t;
use super::{assets, dress, format, label, language, link, search};
use crate::app::App;
use crate::app::search::{Asked, Found};
use crate::config::Config;
use crate::domain::language::Language;
use crate::domain::vocabulary::{List, Vocabulary};

/// The page that builds what others put into theirs.
pub(super) const BUILD: &str = "/einbetten";
/// The frame.
pub(super) const FRAME: &str = "/einbetten/rahmen";
/// The piece.
pub(super) const PIECE: &str = "/einbetten/baustein";
/// Results that are shown, unless more or fewer are asked for.
const SHOWN: usize = 5;
/// How many can be chosen.
const COUNTS: [usize; 4] = [3, 5, 10, 20];

/// `GET /einbetten`
pub(super) async fn build(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Error> {
    let asked = asked(query.as_deref())?;
    // A place that nobody knows is to be said here and not on the page that embeds it.
    app.search(&asked).await.map_err(|error| search::explain(error.into(), &asked))?;
    html(&Builder::new(&app.config(), &asked)?)
}

/// `GET /einbetten/rahmen`
pub(super) async fn frame(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Error> {
    let list = Shown::read(&app, query.as_deref()).await?;
    let config = app.config();
    let policy = dress::framed(&config.embedding.ancestors())?;
    let page = FramePage {
        language: language::current(),
        style: assets::style(&config),
        heading: t!("town-heading", name = config.name.as_str()),
        list,
    };
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], html(&page)?))
}

/// `GET /einbetten/baustein`
pub(super) async fn piece(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Error> {
    let mut list = Shown::read(&app, query.as_deref()).await?;
    // On somebody else's page an address without a host would be theirs.
    if app.config().url.is_none() {
        return Err(Error::NoSuchPage);
    }
    list.new_tab = false;
    let headers: [(HeaderName, HeaderValue); 1] =
        [(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"))];
    Ok((headers, html(&list)?))
}

/// What both show.
#[derive(Template)]
#[template(path = "embed-list.html")]
struct Shown {
    language: Language,
    /// What stands before the address of each link.
    base: String,
    cards: Vec<Card>,
    /// All results on our own pages.
    all: String,
    coverage: Coverage,
    source: String,
    /// Whether links open beside the page: inside of a frame they would be too small to read.
    new_tab: bool,
}

// Its template has escaped every text.
impl askama::filters::HtmlSafe for Shown {}

impl Shown {
    async fn read(app: &App, query: Option<&str>) -> Result<Self, Error> {
        let asked = asked(query)?;
        let found = app.search(&asked).await?;
        Ok(Self::new(&app.config(), &asked, &found, app.clock().now().day()))
    }

    fn new(config: &Config, asked: &Asked, found: &Found, today: Day) -> Self {
        Self {
            language: language::current(),
            base: config.base().unwrap_or_default().to_owned(),
            cards: found.cards.iter().map(|card| Card::new(card, today)).collect(),
            all: link::search(&Asked { limit: None, ..asked.clone() }),
            coverage: Coverage::new(&found.coverage),
            source: t!("card-origin", node = config.name.as_str()),
            new_tab: true,
        }
    }
}

#[derive(Template)]
#[template(path = "embed-frame.html")]
struct FramePage {
    language: Language,
    style: String,
    heading: String,
    list: Shown,
}

#[derive(Template)]
#[template(path = "embed.html")]
struct Builder {
    frame: Frame,
    form: Form,
    /// What to copy, unless the operator lets nobody embed or the node has no address yet.
    code: Option<String>,
    piece: Option<String>,
    preview: String,
    /// Why there is nothing to copy.
    missing: Vec<String>,
}

/// The element that others put into their page.
#[derive(Template)]
#[template(path = "embed-code.html")]
struct Code {
    address: String,
    title: String,
}

impl Builder {
    fn new(config: &Config, asked: &Asked) -> Result<Self, Error> {
        let query = asked.to_query();
        let at = |path: &str| format!("{}?{query}", language::to(path));
        let base = config.base();
        let framing = base.filter(|_| config.embedding.is_allowed());
        let title = t!("town-heading", name = config.name.as_str());
        let code = framing.map(|base| Code { address: format!("{base}{}", at(FRAME)), title });
        let mut frame = Frame::new(config, &t!("embed-title"));
        frame.noindex = true;
        let missing = [
            base.is_none().then(|| t!("embed-no-address")),
            (!config.embedding.is_allowed()).then(|| t!("embed-nobody")),
        ];
        Ok(Self {
            form: form(asked),
            code: code.map(|code| text_of(&code)).transpose()?.map(|code| code.trim().to_owned()),
            piece: base.map(|base| format!("{base}{}", at(PIECE))),
            preview: at(FRAME),
            missing: missing.into_iter().flatten().collect(),
            frame,
        })
    }
}

/// Reads what is to be shown: a search with as many results as fit into somebody else's page.
fn asked(query: Option<&str>) -> Result<Asked, Error> {
    let asked = search::asked(query.unwrap_or_default())?;
    let most = COUNTS.into_iter().max().unwrap_or(SHOWN);
    let limit = Some(asked.limit.unwrap_or(SHOWN).clamp(1, most));
    Ok(Asked { limit, cursor: None, ..asked })
}

/// Returns the form that chooses what is embedded.
fn form(asked: &Asked) -> Form {
    let chosen = asked.fields.first();
    let any = Pick { value: String::new(), label: t!("embed-any"), chosen: chosen.is_none() };
    let fields = Vocabulary::embedded().codes(List::Fields).map(|(code, _)| Pick {
        value: code.to_owned(),
        label: label::one(List::Fields, code),
        chosen: chosen.is_some_and(|chosen| chosen == code),
    });
    let counts = COUNTS.into_iter().map(|count| Pick {
        value: count.to_string(),
        label: format::number(u64::try_from(count).unwrap_or_default()),
        chosen: asked.limit == Some(count),
    });
    let mut form = Form::carrying(&Asked { limit: None, fields: Vec::new(), ..asked.clone() });
    form.action = language::to(BUILD);
    form.name = t!("embed-form");
    form.submit = t!("embed-submit");
    form.selects = vec![
        Select {
            key: "field",
            label: t!("facet-field"),
            picks: std::iter::once(any).chain(fields).collect(),
        },
        Select { key: "limit", label: t!("embed-count"), picks: counts.collect() },
    ];
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{coverage, search};
    use crate::search::answer::{Facets, Locality};
    use crate::web::opportunity::tests::{config, hostile, shown};

    fn public() -> Config {
        let mut config = config();
        config.url = Some("https://ehrenamt.coesfeld.example/".to_owned());
        config
    }

    fn piece(config: &Config, query: &str) -> Shown {
        let card = search::Card {
            shown: shown(&hostile(), false),
            score: 0.0,
            distance_km: None,
            locality: Locality::Land,
            also: Vec::new(),
            nearest_place: 0,
            has_all_words: true,
            lacks: Vec::new(),
            also_total: 0,
            why: Vec::new(),
            reasons: Vec::new(),
        };
        let found = Found {
            cards: vec![card],
            total: 1,
            with_all_words: 1,
            unopposed: None,
            stated: 0,
            facets: Facets::default(),
            coverage: coverage::Coverage {
                nodes: 1,
                complete: 1,
                missing: Vec::new(),
                as_of: None,
            },
            next: None,
            near: None,
            corrected: Vec::new(),
            near_others: Vec::new(),
            doubtful: None,
            understood: Vec::new(),
            words: String::new(),
            beyond: None,
        };
        let asked = asked(Some(query)).unwrap();
        Shown::new(config, &asked, &found, "2026-11-27".parse().unwrap())
    }

    #[test]
    fn a_piece_holds_only_text_and_links_home() {
        let text = text_of(&piece(&public(), "q=%22%3E%3Cscript%3E")).unwrap();
        for poison in ["<script", "<img", "<style", " style=", "onload=\"", "href=\"/"] {
            assert!(!text.contains(poison), "{poison}: {text}");
        }
        let home = "href=\"https://ehrenamt.coesfeld.example/";
        assert_eq!(text.matches("href=\"").count(), text.matches(home).count(), "{text}");
        assert!(text.contains("&#60;script&#62;"));
    }

    #[test]
    fn how_much_is_shown_has_a_bound() {
        let limit = |query: &str| asked(Some(query)).unwrap().limit;
        assert_eq!(limit(""), Some(SHOWN));
        assert_eq!(limit("limit=100&cursor=1-2-3-4"), Some(20));
        assert_eq!(limit("limit=3"), Some(3));
    }

    #[test]
    fn the_code_is_one_element_whatever_the_name_and_the_words() {
        let mut config = public();
        config.name = "Stadt \"><script>".to_owned();
        let page = Builder::new(&config, &asked(Some("q=%22%3E%3Cscript%3E")).unwrap()).unwrap();
        let code = page.code.unwrap();
        assert!(
            code.starts_with("<iframe src=\"https://ehrenamt.coesfeld.example/einbetten/rahmen?q=")
        );
        assert!(code.ends_with("></iframe>") && code.matches('<').count() == 2, "{code}");
        assert!(code.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    }

    #[test]
    fn says_why_there_is_nothing_to_copy() {
        let asked = asked(None).unwrap();
        let page = Builder::new(&config(), &asked).unwrap();
        assert!(page.code.is_none() && page.piece.is_none() && page.missing.len() == 1);
        let mut closed = public();
        closed.embedding.sites = Some(Vec::new());
        let page = Builder::new(&closed, &asked).unwrap();
        assert!(page.code.is_none() && page.piece.is_some() && page.missing.len() == 1);
    }
}
