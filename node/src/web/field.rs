//! The page of a field of engagement: what there is in it, and where.

use axum::extract::{Path, State};
use axum::response::Html;
use engagement_protocol::id::Ags;

use super::error::Error;
use super::form::Form;
use super::frame::html;
use super::landing::{self, Landing, Link};
use super::text::t;
use super::{area, format, label, language, link};
use crate::app::App;
use crate::app::search::{Asked, Found};
use crate::domain::vocabulary::{List, Vocabulary};

/// Where the pages of fields lie.
pub(super) const FIELDS: &str = "/feld";

/// Returns the address of the page of a field.
pub(super) fn href(code: &str) -> String {
    language::to(&path(code))
}

/// Returns the permanent address of the page of a field.
pub(super) fn path(code: &str) -> String {
    format!("{FIELDS}/{code}")
}

/// `GET /feld/{code}`
pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Html<String>, Error> {
    if !Vocabulary::embedded().contains(List::Fields, &code) {
        return Err(Error::NoSuchPage);
    }
    let asked =
        Asked { fields: vec![code.clone()], limit: Some(landing::READ), ..Asked::default() };
    let found = app.search(&asked).await?;
    html(&page(&app, &code, &asked, &found))
}

fn page(app: &App, code: &str, asked: &Asked, found: &Found) -> Landing {
    let (config, today) = (app.config(), app.clock().now().day());
    let name = label::one(List::Fields, code);
    let heading = t!("field-heading", name = name).into();
    let mut page = Landing::new(&config, heading, asked, found, today);
    page.frame.index_at(&config, &path(code), true);
    page.form = Some(Form::carrying(&Asked { limit: None, ..asked.clone() }));
    page.add("orte", t!("field-places"), places(asked, found));
    let organisations = if found.next.is_some() {
        t!("landing-some-organisations")
    } else {
        t!("landing-organisations")
    };
    page.add("organisationen", organisations, landing::organisations(found));
    let others = Vocabulary::embedded().codes(List::Fields).filter(|(other, _)| *other != code);
    let others = others.map(|(code, _)| Link {
        href: href(code),
        text: label::one(List::Fields, code).into(),
        count: None,
    });
    page.add("bereiche", t!("field-others"), others.collect());
    page
}

/// Returns a search in each Kreis in which something was found, the most first.
fn places(asked: &Asked, found: &Found) -> Vec<Link> {
    let counts = found.facets.0.get("kreis").map(Vec::as_slice).unwrap_or_default();
    let link = |count: &crate::search::answer::FacetCount| {
        let area = area::of(&count.code.parse::<Ags>().ok()?)?;
        let areas = vec![area.ags.to_string()];
        Some(Link {
            href: link::search(&Asked { areas, limit: None, ..asked.clone() }),
            text: area.name.clone().into(),
            count: Some(format::number(count.count)),
        })
    };
    counts.iter().filter_map(link).collect()
}
