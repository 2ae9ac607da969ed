//! The page of a municipality or a Kreis: what can be done there, for whom, and what lies around it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use engagement_protocol::id::Ags;

use super::area::{self, Area};
use super::error::Error;
use super::form::Form;
use super::format;
use super::frame::html;
use super::landing::{self, Landing, Link};
use super::map::Map;
use super::text::t;
use crate::app::App;
use crate::app::overview;
use crate::app::search::{Asked, Found};
use crate::domain::gazetteer::Gazetteer;

/// `GET /ort/{slug}`; the official key leads to the page of the name.
pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let Some(area) = area::by_slug(&slug) else {
        let area = slug.parse::<Ags>().ok().and_then(|ags| area::of(&ags));
        let area = area.ok_or(Error::NoSuchPage)?;
        return Ok(Redirect::permanent(&area.href()).into_response());
    };
    let asked =
        Asked { areas: vec![area.ags.to_string()], limit: Some(landing::READ), ..Asked::default() };
    let found = app.search(&asked).await?;
    Ok(html(&page(&app, area, &asked, &found))?.into_response())
}

fn page(app: &App, area: &Area, asked: &Asked, found: &Found) -> Landing {
    let (config, today) = (app.config(), app.clock().now().day());
    let heading = t!("town-heading", name = area.name.as_str());
    let mut page = Landing::new(&config, heading.into(), asked, found, today);
    let own = app.node().ags();
    // Of many nodes that show the same place, only those whose place it is are to be found under it.
    page.frame.index_at(&config, &area.path(), own.contains(&area.ags));
    let near = (!area.is_kreis()).then(|| area.name.clone());
    let areas = if area.is_kreis() { asked.areas.clone() } else { Vec::new() };
    page.form = Some(Form::new(&Asked { near, areas, ..Asked::default() }));
    let kreis = area.ags.as_str().get(..5).and_then(|key| key.parse().ok());
    let kreis = kreis.and_then(|ags: Ags| area::of(&ags)).filter(|kreis| *kreis != area);
    page.trail.extend(kreis.map(|kreis| (kreis.href(), kreis.name.clone())));
    if area.is_kreis() {
        page.map = Some(Map::of_kreis(area, &found.facets, &own));
    }
    page.add("bereiche", t!("landing-fields"), landing::fields(asked, &found.facets));
    let some = found.next.is_some();
    let organisations =
        if some { t!("landing-some-organisations") } else { t!("landing-organisations") };
    page.add("organisationen", organisations, landing::organisations(found));
    page.add("nachbarn", t!("town-neighbours"), neighbours(area, found));
    page
}

/// Returns the municipalities around one, by name.
fn neighbours(area: &Area, found: &Found) -> Vec<Link> {
    let Some(town) = Gazetteer::embedded().municipality(&area.ags) else { return Vec::new() };
    let mut areas: Vec<_> = town.neighbours.iter().filter_map(area::of).collect();
    areas.sort_by_cached_key(|area| crate::domain::spelling::fold(&area.name));
    let count = |area: &Area| overview::count(&found.facets, "municipality", area.ags.as_str());
    let link = |area: &Area| Link {
        href: area.href(),
        text: area.name.clone().into(),
        count: Some(count(area)).filter(|count| *count > 0).map(format::number),
    };
    areas.into_iter().map(link).collect()
}
