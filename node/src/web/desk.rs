//! The desk: for somebody who has a caller on the line, or a visitor across the table.
//!
//! There is one field and nothing needs a mouse or a script: words search, a number opens the line with that number,
//! `+` shows the next five, `0` the list again. A page has at most five numbered lines, each a sentence to read
//! aloud. What was typed stands in the address alone; an offer prints in large type.

mod offer;
mod typed;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use engagement_protocol::time::Day;

use self::typed::Typed;
use super::coverage::Coverage;
use super::error::Error;
use super::frame::{Frame, html};
use super::phrase::{Phrase, german};
use super::text::t;
use super::{card, facets, format, language, place, schedule, search};
use crate::app::App;
use crate::app::search::{Asked, Card, Found, SearchError};
use crate::config::Config;
use crate::domain::matching::codes::Codes;
use crate::domain::vocabulary::List;

pub(super) use self::offer::show as offer;

/// Where the desk is.
pub(super) const DESK: &str = "/schalter";

/// Lines on a page: as many as somebody can keep in mind who only hears them.
const LINES: usize = 5;

/// What the list is of, and where it begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    words: String,
    cursor: Option<String>,
}

impl Place {
    /// Reads the address: the place of the list, and what was typed over it.
    fn read(query: &str) -> (Self, Typed) {
        let (mut place, mut typed) = (Self::default(), String::new());
        for (key, value) in form_urlencoded::parse(query.as_bytes()).take(20) {
            let value = value.trim();
            match &*key {
                "q" => value.clone_into(&mut typed),
                "words" => value.clone_into(&mut place.words),
                "from" if !value.is_empty() => place.cursor = Some(value.to_owned()),
                _ => {}
            }
        }
        (place, Typed::read(&typed))
    }

    /// Returns the parameters that lead here again.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let words = (!self.words.is_empty()).then(|| ("words", self.words.clone()));
        words.into_iter().chain(self.cursor.clone().map(|cursor| ("from", cursor))).collect()
    }

    /// Returns the address of a page at this place.
    fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        let (path, query) = (language::to(path), query.finish());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn asked(&self) -> Asked {
        let (words, cursor) = (self.words.clone(), self.cursor.clone());
        // Somebody who asks wants to help: a record that offers help is for somebody else.
        Asked {
            words,
            cursor,
            limit: Some(LINES),
            directions: vec!["seek".to_owned()],
            ..Asked::default()
        }
    }
}

/// `GET /schalter`
pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let (place, typed) = Place::read(query.as_deref().unwrap_or_default());
    match typed {
        Typed::Nothing => list(&app, place, None).await,
        Typed::Words(words) => list(&app, Place { words, cursor: None }, None).await,
        Typed::List => Ok(Redirect::to(&place.address(DESK)).into_response()),
        Typed::Next => {
            let found = app.search(&place.asked()).await?;
            let next = found.next.map(|after| after.to_string());
            match next {
                Some(cursor) => {
                    let next = Place { cursor: Some(cursor), ..place };
                    Ok(Redirect::to(&next.address(DESK)).into_response())
                }
                None => list(&app, place, Some(t!("desk-no-more"))).await,
            }
        }
        Typed::Line(number) => {
            let found = app.search(&place.asked()).await?;
            match number.checked_sub(1).and_then(|at| found.cards.get(at)) {
                Some(card) => Ok(Redirect::to(&place.address(&offer::path(card))).into_response()),
                None => list(&app, place, Some(t!("desk-no-line", number = number))).await,
            }
        }
    }
}

/// Answers with the list at a place, and what has to be said about what was typed.
async fn list(app: &App, place: Place, said: Option<String>) -> Result<Response, Error> {
    let (config, today) = (app.config(), app.clock().now().day());
    if place == Place::default() && said.is_none() {
        let coverage = Coverage::new(&app.coverage().await?);
        return Ok(html(&Page::new(&config, &place, None, coverage, today))?.into_response());
    }
    match app.search(&place.asked()).await {
        Ok(found) => {
            let coverage = Coverage::new(&found.coverage);
            let page = Page::new(&config, &place, Some(&found), coverage, today);
            Ok(html(&Page { alert: said, ..page })?.into_response())
        }
        Err(error @ SearchError::Parameter { .. }) => {
            let rule = match search::explain(error.into(), &place.asked()) {
                Error::Refused { rule, .. } => rule,
                error => return Err(error),
            };
            let coverage = Coverage::new(&app.coverage().await?);
            let page = Page::new(&config, &Place::default(), None, coverage, today);
            let page = html(&Page { alert: Some(rule), ..page })?;
            Ok((StatusCode::BAD_REQUEST, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Page {
    frame: Frame,
    desk: String,
    hidden: Vec<(&'static str, String)>,
    /// What was typed in vain.
    alert: Option<String>,
    /// How many there are for what, once something was asked.
    heading: Option<Phrase>,
    /// How the words were understood.
    notes: Vec<Phrase>,
    lines: Vec<Line>,
    next: Option<String>,
    coverage: Coverage,
}

/// A line that can be read aloud.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    number: usize,
    href: String,
    title: String,
    /// Who, where and when, as sentences.
    said: Phrase,
}

impl Page {
    fn new(
        config: &Config,
        place: &Place,
        found: Option<&Found>,
        coverage: Coverage,
        today: Day,
    ) -> Self {
        let heading = found.map(|found| heading(&place.words, found));
        let title = heading.as_ref().map_or_else(|| t!("desk-title"), Phrase::text);
        let mut frame = Frame::new(config, &title);
        frame.noindex = true;
        let line = |(at, card): (usize, &Card)| Line::new(at + 1, card, place, today);
        let next = found
            .and_then(|found| found.next)
            .map(|after| Place { cursor: Some(after.to_string()), ..place.clone() }.address(DESK));
        Self {
            frame,
            desk: language::to(DESK),
            alert: None,
            heading,
            notes: found.map(|found| notes(place, found)).unwrap_or_default(),
            lines: found
                .into_iter()
                .flat_map(|found| found.cards.iter().enumerate().map(line))
                .collect(),
            next,
            hidden: place.pairs(),
            coverage,
        }
    }
}

impl Line {
    fn new(number: usize, card: &Card, place: &Place, today: Day) -> Self {
        let record = &card.shown.record;
        let remote = record.mode.as_deref() == Some("remote");
        let distance = card.distance_km.filter(|km| !remote && *km >= 1.0).map(format::distance);
        let distance = distance.map(|distance| t!("fit-distance", distance = distance));
        let place_name = [Some(place::short(record, card.nearest_place)), distance];
        let place_name = place_name.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let place_name = t!("desk-where", place = place_name);
        // A dot in the middle is for eyes: a voice pauses at a comma.
        let when = schedule::short(record, today).map(|when| when.replace(" · ", ", ").into());
        let needed = Codes::of(List::Requirements, record.requirements.iter().map(String::as_str));
        let needed = (!needed.is_empty()).then(|| offer::needed(needed).into());
        let said = [Some(card::by(record)), Some(place_name.into()), when, needed];
        let said: Vec<_> = said.into_iter().flatten().map(Phrase::sentence).collect();
        Self {
            number,
            href: place.address(&offer::path(card)),
            title: record.title.clone(),
            said: Phrase::joined(&said, " "),
        }
    }
}

/// Says how the words were understood: what is no filter that somebody can see has to be heard.
fn notes(place: &Place, found: &Found) -> Vec<Phrase> {
    let understood = found.understood.iter().filter(|one| !one.overridden && !one.relaxed);
    let labels: Vec<_> = understood.map(facets::understood).collect();
    let said = (!labels.is_empty()).then(|| t!("desk-understood", what = labels.join(", ")));
    said.map(|said| Phrase::from(said).sentence())
        .into_iter()
        .chain(search::read(&place.asked(), found))
        .collect()
}

fn heading(words: &str, found: &Found) -> Phrase {
    let count = t!("results-count", count = found.total, shown = format::number(found.total));
    if words.is_empty() {
        return count.into();
    }
    format!("{count} {}", t!("results-words", words = german(words))).into()
}

#[cfg(test)]
mod tests;
