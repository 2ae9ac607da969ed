//! The guided finder: at most six questions, one on a page, and a normal search at the end.
//!
//! Every answer stands in the address and nowhere else: a form carries what was answered before, so that going back,
//! passing over and looking at the results work at any time, with every browser, without a script. A mistake
//! leads to the question that it was made in. Nothing is logged or kept.

mod choices;
pub(super) mod question;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use self::choices::Group;
use self::question::Question;
use super::card::Card;
use super::error::Error;
use super::form::{self, Pick};
use super::frame::{Frame, html};
use super::text::t;
use super::{format, language, link, search};
use crate::app::App;
use crate::app::search::{Asked, Found, SearchError};
use crate::config::Config;
use crate::search::answer::Facets;

/// How many results are shown beside a question.
const BEST: usize = 3;

/// Returns the times of day that can be wished for, with what people call them.
pub(super) fn times() -> Vec<(String, String)> {
    choices::times()
}

/// `GET /finden`
pub(super) async fn first(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    answer(&app, Question::Field, query.as_deref().unwrap_or_default()).await
}

/// `GET /finden/{number}`
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let question = Question::by_number(&number).ok_or(Error::NoSuchPage)?;
    answer(&app, question, query.as_deref().unwrap_or_default()).await
}

async fn answer(app: &App, question: Question, query: &str) -> Result<Response, Error> {
    match page(app, question, query, None).await {
        Ok(page) => Ok(html(&page)?.into_response()),
        // What cannot be understood is asked again, where it was asked.
        Err(SearchError::Parameter { name, rule }) => {
            let Some(asking) = Question::of(name) else {
                let refused = Error::Refused { name, rule };
                return Err(search::explain(refused, &Asked::legible(query)));
            };
            let rest = without(query, name);
            let rule = asking.rule(name, query, rule);
            let page = page(app, asking, &rest, Some((name, rule))).await;
            // A second mistake in the same address: then the page of the search says it.
            let page =
                page.map_err(|error| search::explain(error.into(), &Asked::legible(&rest)))?;
            Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the page of a question; `refused` is what was wrong with the answer to it.
async fn page(
    app: &App,
    question: Question,
    query: &str,
    refused: Option<(&'static str, String)>,
) -> Result<Page, SearchError> {
    let asked = normal(Asked::from_query(query)?);
    let best = Asked { limit: Some(BEST), ..asked.clone() };
    let found = app.search(&best).await?;
    // What each choice would find depends on the other answers and not on this one.
    let others = question.removed_from(&asked);
    let facets = if others == asked {
        found.facets.clone()
    } else {
        app.search(&counting(others)).await?.facets
    };
    let is_answered = |one: &Question| one.removed_from(&asked) != asked;
    // A mistake is to be mended first.
    let is_shown = refused.is_none() && Question::ALL.iter().any(is_answered);
    let best = found.cards.iter().filter(|_| is_shown);
    let today = app.clock().now().day();
    let best = best.map(|card| Card::new(card, today)).collect();
    let page = Page::new(&app.config(), question, &asked, &found, &facets, refused.as_ref());
    Ok(Page { best, ..page })
}

/// Returns the answers as the finder passes them on: nothing that means nothing.
fn normal(mut asked: Asked) -> Asked {
    if asked.directions.is_empty() {
        asked.directions.push("seek".to_owned());
    }
    if asked.near.is_none() {
        asked.radius_km = None;
    }
    let wish = &mut asked.wish;
    let has_time = !(wish.days.is_empty() && wish.times.is_empty() && wish.slots.is_empty());
    let has_field = !wish.fields.is_empty();
    let has_need = !wish.needs.is_empty();
    wish.musts.retain(|must| match must.as_str() {
        "field" => has_field,
        "slot" => has_time,
        "need" => has_need,
        _ => true,
    });
    Asked { cursor: None, limit: None, explain: false, ..asked }
}

/// Returns a search for nothing but numbers.
fn counting(asked: Asked) -> Asked {
    Asked { limit: Some(0), ungrouped: true, ..asked }
}

/// Returns a query string without one of its keys.
fn without(query: &str, name: &str) -> String {
    let pairs = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != name);
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[derive(Template)]
#[template(path = "finder.html")]
struct Page {
    frame: Frame,
    /// `Frage 2 von 6`
    progress: String,
    heading: String,
    hint: String,
    /// How many there are with the answers so far.
    so_far: String,
    steps: Vec<Step>,
    /// What fits best so far, once something was answered: nobody has to answer all to see it.
    best: Vec<Card>,
    /// What was answered elsewhere.
    hidden: Vec<(String, String)>,
    groups: Vec<Group>,
    place: Option<Place>,
    age: Option<Age>,
    /// The next question; nothing after the last.
    next: Option<String>,
    before: Option<String>,
    /// The next question, without an answer to this one.
    skip: Option<String>,
    results: String,
    weights: String,
}

/// One of the questions, in the list of all.
struct Step {
    number: usize,
    label: String,
    href: String,
    is_this: bool,
    is_answered: bool,
}

/// The fields of the question for a place.
struct Place {
    near: String,
    radii: Vec<Pick>,
    rule: Option<String>,
}

/// The field of the question for an age.
struct Age {
    age: String,
    rule: Option<String>,
}

impl Page {
    fn new(
        config: &Config,
        question: Question,
        asked: &Asked,
        found: &Found,
        facets: &Facets,
        refused: Option<&(&'static str, String)>,
    ) -> Self {
        let (number, all) = (question.number(), Question::ALL.len());
        let progress = t!("finder-progress", number = number, all = all);
        let heading = question.heading();
        let title = format!("{progress}: {heading}");
        let title = if refused.is_some() { t!("finder-mistake", title = title) } else { title };
        let others = question.removed_from(asked);
        let rule = |name: &str| {
            refused.filter(|(refused, _)| *refused == name).map(|(_, rule)| rule.clone())
        };
        let mut frame = Frame::new(config, &title);
        // One page for search engines, and not one for every answer.
        frame.index_at(config, question::FINDER, question == Question::Field && others == *asked);
        let to = |question: Question| language::to(&question.path());
        let step = |one: Question| Step {
            number: one.number(),
            label: one.label(),
            href: link::search_at(&one.path(), asked),
            is_this: one == question,
            is_answered: one.removed_from(asked) != *asked,
        };
        let is_place = question == Question::Place;
        Self {
            progress,
            heading,
            hint: question.hint(config.id.ags().as_str().len() == 8),
            so_far: so_far(found),
            best: Vec::new(),
            steps: Question::ALL.into_iter().map(step).collect(),
            hidden: pairs(&others),
            groups: choices::of(question, asked, facets),
            place: is_place.then(|| Place {
                near: asked.near.clone().unwrap_or_default(),
                radii: form::radii(asked.radius_km),
                rule: rule("near").or_else(|| rule("radius_km")),
            }),
            age: (question == Question::You).then(|| Age {
                age: asked.age.map(|age| age.to_string()).unwrap_or_default(),
                rule: rule("age"),
            }),
            next: question.next().map(to),
            before: question.before().map(to),
            skip: question.next().map(|next| link::search_at(&next.path(), &others)),
            results: language::to(link::SEARCH),
            weights: language::to(question::WEIGHTS),
            frame,
        }
    }
}

/// Says how many there are with the answers so far, and how many of them say nothing against these.
fn so_far(found: &Found) -> String {
    let (total, shown) = (found.total, format::number(found.total));
    let all = t!("finder-so-far", count = total, shown = shown);
    match found.unopposed {
        Some(unopposed) if unopposed < total => {
            let shown = format::number(unopposed);
            format!("{all} {}", t!("finder-unopposed", count = unopposed, shown = shown))
        }
        _ => all,
    }
}

fn pairs(asked: &Asked) -> Vec<(String, String)> {
    let query = asked.to_query();
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

#[cfg(test)]
mod tests;
