//! The search page.

mod beyond;
mod list;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use engagement_protocol::time::Day;

use self::beyond::Outside;
use self::list::Part;
use super::coverage::Coverage;
use super::empty::Empty;
use super::error::Error;
use super::facets::{self, Chip, Group};
use super::form::Form;
use super::frame::{Frame, html};
use super::phrase::{Phrase, german};
use super::text::t;
use super::wish::Note;
use super::{embed, feeds, format, language, link};
use crate::app::App;
use crate::app::corrected;
use crate::app::search::{Asked, Found, RADIUS_KM};
use crate::app::understand::Understood;
use crate::config::Config;
use crate::domain::constraint::Kind;
use crate::domain::gazetteer::Gazetteer;
use crate::search::analysis;

/// `GET /suche`
pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Error> {
    let query = query.as_deref().unwrap_or_default();
    let asked = asked(query)?;
    // A page always says why; its links do not have to ask for it.
    let explained = Asked { explain: true, beyond: true, ..asked.clone() };
    let found = app.search(&explained).await.map_err(|error| explain(error.into(), &asked))?;
    let (page, today) = (page_of(query), app.clock().now().day());
    html(&Results::new(&app.config(), &asked, &found, page, today))
}

/// Reads what is asked for in an address; what is refused is said in the words of the form.
pub(super) fn asked(query: &str) -> Result<Asked, Error> {
    Asked::from_query(query).map_err(|error| explain(error.into(), &Asked::legible(query)))
}

/// Returns which page of the results an address is of, by its own word: only the title says it.
fn page_of(query: &str) -> u16 {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let number = pairs.find_map(|(key, value)| (key == link::PAGE).then(|| value.parse().ok()));
    number.flatten().unwrap_or(1)
}

/// Says what is refused in the words of the form rather than of the interface.
///
/// `asked` is what could be understood of it: what was typed and is not there could not even be read.
pub(super) fn explain(error: Error, asked: &Asked) -> Error {
    let near = asked.near.as_deref();
    match (error, near) {
        (Error::Refused { name: "radius_km", .. }, near) => match (asked.radius_km, near) {
            (None, _) => Error::Refused { name: "radius_km", rule: t!("refused-radius-bad") },
            (Some(_), None) => Error::Refused { name: "near", rule: t!("refused-radius") },
            (Some(km), Some(_)) => {
                let most = format::decimal(RADIUS_KM);
                let is_wide = km > RADIUS_KM;
                let wide = is_wide.then(|| t!("refused-radius-wide", km = most));
                let rule = wide.unwrap_or_else(|| t!("refused-radius-bad"));
                Error::Refused { name: "radius_km", rule }
            }
        },
        (Error::Refused { name: "near", .. }, Some(near)) => {
            let place: String = near.chars().take(60).collect();
            Error::Refused { name: "near", rule: t!("refused-near", place = place) }
        }
        (Error::Refused { name: "near", .. }, None) => {
            Error::Refused { name: "near", rule: t!("refused-text") }
        }
        (Error::Refused { name: "q", .. }, _) if asked.words.is_empty() => {
            Error::Refused { name: "q", rule: t!("refused-text") }
        }
        (Error::Refused { name: "age", .. }, _) => {
            Error::Refused { name: "age", rule: t!("finder-refused-age") }
        }
        (Error::Refused { name: "q", .. }, _) if !language::is_german() => {
            Error::Refused { name: "q", rule: t!("refused-words") }
        }
        // The interface says its rules in German.
        (Error::Refused { name, .. }, _) if !language::is_german() => {
            Error::Refused { name, rule: t!("refused-other", name = name) }
        }
        (error, _) => error,
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct Results {
    frame: Frame,
    form: Form,
    heading: Phrase,
    chips: Vec<Chip>,
    groups: Vec<Group>,
    filters_chosen: Option<String>,
    /// How old somebody is.
    age: String,
    /// How many have all words, if others have not.
    all_words: Option<String>,
    /// What was searched for instead of what was typed, and the way to search for that.
    corrected: Option<Correction>,
    /// By what the results are ordered, if something was wished for.
    wish: Option<Note>,
    /// How many say nothing against what was wished for.
    unopposed: Option<String>,
    /// The other order: what it is called, and the search in it; nothing if there is nothing to order.
    other_order: Option<(String, String)>,
    /// What was given up or passed over of what was recognised in the words.
    notes: Vec<Phrase>,
    /// Other places with the name that was asked for.
    namesakes: Vec<Chip>,
    /// What is said of a word that may have been meant as a town, the way to that search, and the town.
    doubtful: Option<(String, String, String)>,
    /// The way to see records that say the same one by one, or together again.
    grouping: Option<(String, String)>,
    empty: Option<Empty>,
    /// What lies just outside of where somebody looked.
    outside: Option<Outside>,
    /// From where distances are told, if nobody has said where they are.
    distances: Option<String>,
    parts: Vec<Part>,
    next: Option<String>,
    first: Option<String>,
    /// The page that puts this search into other people's pages.
    embed: String,
    coverage: Coverage,
}

impl Results {
    fn new(config: &Config, asked: &Asked, found: &Found, page: u16, today: Day) -> Self {
        let count = count(found);
        let heading = heading(&count, asked, found.near.as_deref());
        let title = heading.text();
        let title = if title == count { t!("results-title-all", count = count) } else { title };
        let page = if asked.cursor.is_some() { page.max(2) } else { 1 };
        let title =
            if page == 1 { title } else { t!("results-page", title = title, number = page) };
        let chosen = facets::chosen(asked);
        Self {
            frame: Frame {
                feeds: feeds::of(asked),
                description: Some(title.clone()),
                ..Frame::new(config, &title)
            },
            form: Form::new(asked),
            heading,
            chips: facets::chips(asked, found.near.as_deref(), &found.understood),
            groups: facets::groups(asked, &found.facets),
            age: asked.age.map(|age| age.to_string()).unwrap_or_default(),
            filters_chosen: (chosen > 0).then(|| t!("filters-chosen", count = chosen)),
            all_words: all_words(found),
            corrected: Correction::new(asked, found),
            wish: Note::new(asked),
            unopposed: unopposed(found),
            other_order: other_order(asked, found),
            notes: notes(asked, found),
            namesakes: namesakes(asked, found),
            doubtful: found.doubtful.as_ref().map(|doubtful| {
                let said = t!("results-doubtful", place = doubtful.place.as_str());
                (said, link::search(&doubtful.there(asked)), doubtful.place.clone())
            }),
            grouping: grouping(asked, found),
            empty: Empty::new(asked, found),
            outside: found.beyond.as_ref().map(Outside::new),
            distances: distances(config, found),
            parts: list::parts(asked, found, today),
            next: found
                .next
                .as_ref()
                .map(|after| link::search_from(asked, &after.to_string(), page.saturating_add(1))),
            embed: link::search_at(
                embed::BUILD,
                &Asked { limit: None, cursor: None, ..asked.clone() },
            ),
            first: asked.cursor.is_some().then(|| link::search(asked)),
            coverage: Coverage::new(&found.coverage),
        }
    }
}

/// Words that no record has: what was searched for.
struct Correction {
    said: Vec<Phrase>,
    exact: String,
    exact_label: Phrase,
}

impl Correction {
    fn new(asked: &Asked, found: &Found) -> Option<Self> {
        if found.corrected.is_empty() {
            return None;
        }
        let mut said = Vec::new();
        if found.corrected.iter().any(|one| one.is_typo) {
            let meant = corrected::text(&asked.words, &found.corrected);
            said.push(t!("results-corrected", words = german(&meant)).into());
        }
        for similar in found.corrected.iter().filter(|one| !one.is_typo) {
            let quoted: Vec<_> =
                similar.meant.iter().map(|word| t!("quoted", text = german(word))).collect();
            let typed = german(corrected::as_typed(&asked.words, &similar.typed));
            said.push(t!("results-similar", typed = typed, words = quoted.join(", ")).into());
        }
        let exact = link::search(&Asked { exact: true, ..asked.clone() });
        let exact_label = t!("results-exact", words = german(&asked.words)).into();
        Some(Self { said, exact, exact_label })
    }
}

/// Says how many results there are; those that have all words are not counted together with the others.
fn count(found: &Found) -> String {
    let (all, rest) = (found.with_all_words, found.total.saturating_sub(found.with_all_words));
    let shown = format::number(found.total);
    if rest == 0 {
        return t!("results-count", count = found.total, shown = shown);
    }
    t!("results-count-some", all = all, shown = format::number(all), rest = format::number(rest))
}

/// Says from where distances are told that nobody has asked for.
fn distances(config: &Config, found: &Found) -> Option<String> {
    let is_somewhere = found.near.is_some()
        || found
            .understood
            .iter()
            .filter(|one| one.kind == Kind::Place && !one.overridden)
            // "in meiner Nähe" says how far, and not from where.
            .any(|one| one.filter.keys().any(|key| matches!(*key, "near" | "ags")));
    let is_told = found.cards.iter().any(|card| card.distance_km.is_some());
    let town = Gazetteer::embedded().municipality(&config.id.ags())?;
    (is_told && !is_somewhere).then(|| t!("distances-from", place = town.name.as_str()))
}

/// Says that not all results have all words, if so.
fn all_words(found: &Found) -> Option<String> {
    let all = found.with_all_words;
    let shown = format::number(all);
    (all < found.total).then(|| t!("results-all-words", count = all, shown = shown))
}

/// Says how many results say nothing against what was wished for, if others do.
fn unopposed(found: &Found) -> Option<String> {
    let unopposed = found.unopposed.filter(|unopposed| *unopposed < found.total)?;
    Some(t!("finder-unopposed", count = unopposed, shown = format::number(unopposed)))
}

/// Returns the other order of the same results, if there are several.
fn other_order(asked: &Asked, found: &Found) -> Option<(String, String)> {
    let other = Asked { newest: !asked.newest, ..asked.clone() };
    let label = if asked.newest { t!("results-best") } else { t!("results-newest") };
    (found.total > 1).then(|| (label, link::search(&other)))
}

/// Says how the words were read: what was corrected, given up or passed over.
pub(super) fn read(asked: &Asked, found: &Found) -> Vec<Phrase> {
    let corrected = Correction::new(asked, found).map(|corrected| corrected.said);
    corrected.into_iter().flatten().chain(notes(asked, found)).collect()
}

/// Says which constraints were given up, and which an explicit choice has replaced: none is lost silently.
fn notes(asked: &Asked, found: &Found) -> Vec<Phrase> {
    let of = |which: fn(&Understood) -> bool| {
        let labels = found.understood.iter().filter(|one| which(one)).map(facets::understood);
        // On pages that are not German it is a quotation already.
        let quoted = |label: String| {
            if language::is_german() { t!("quoted", text = label) } else { label }
        };
        labels.map(quoted).collect::<Vec<_>>().join(", ")
    };
    let relaxed = of(|one| one.relaxed);
    let overridden = of(|one| one.overridden);
    let is_silent = found.understood.is_empty() && analysis::count(&asked.words) == 0;
    [
        (is_silent && !asked.words.is_empty()).then(|| t!("results-no-words")),
        (!relaxed.is_empty()).then(|| t!("results-relaxed", filters = relaxed)),
        (!overridden.is_empty()).then(|| t!("results-overridden", filters = overridden)),
        time_left_open(found),
    ]
    .into_iter()
    .flatten()
    .map(Phrase::from)
    .collect()
}

/// Says how many results leave open when they are, or how long they take, if that was asked for in words.
fn time_left_open(found: &Found) -> Option<String> {
    let is_asked = found.understood.iter().any(|one| {
        matches!(one.kind, Kind::Time | Kind::Effort) && !one.overridden && !one.relaxed
    });
    let open = found.total.saturating_sub(found.stated);
    (is_asked && open > 0)
        .then(|| t!("results-time-open", count = open, shown = format::number(open)))
}

/// Returns the way to other places with the name that was asked for, in its field or among the words.
fn namesakes(asked: &Asked, found: &Found) -> Vec<Chip> {
    let chip = |label: &String, asked: Asked| {
        let there = Asked { near: Some(label.clone()), ..asked };
        Chip { label: label.clone().into(), href: link::search(&there) }
    };
    let of_field = found.near_others.iter().map(|label| chip(label, asked.clone()));
    let of_words = found.understood.iter().filter(|one| !one.overridden).flat_map(|one| {
        // The place moves from the words into its field, and takes its radius along.
        let radius = one.filter.get("radius_km").and_then(|km| km.first()?.parse().ok());
        let words = one.without.clone();
        let rest = Asked { words, radius_km: radius.or(asked.radius_km), ..asked.clone() };
        one.others.iter().map(move |label| chip(label, rest.clone()))
    });
    of_field.chain(of_words).collect()
}

fn grouping(asked: &Asked, found: &Found) -> Option<(String, String)> {
    let other = Asked { ungrouped: !asked.ungrouped, ..asked.clone() };
    let label = if asked.ungrouped { t!("results-group") } else { t!("results-ungroup") };
    let concerns = asked.ungrouped || found.cards.iter().any(|card| card.also_total > 0);
    concerns.then(|| (link::search(&other), label))
}

/// Returns what was found, and for which words and place, as people would say it.
fn heading(count: &str, asked: &Asked, place: Option<&str>) -> Phrase {
    let words =
        (!asked.words.is_empty()).then(|| t!("results-words", words = german(&asked.words)));
    let place = place.map(|place| match asked.radius_km {
        Some(km) => t!("results-near-radius", place = place, km = format::decimal(km)),
        None => t!("results-near", place = place),
    });
    let said = [Some(count.to_owned()), words, place];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests;
