//! Every search as something to subscribe to: Atom, JSON Feed, and the dates as a calendar.
//!
//! The address is that of the search with another ending, so whoever can share a search can follow it. The
//! texts are those of the records, escaped as each format wants it.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use engagement_protocol::opportunity::{Occurrence, Opportunity};
use engagement_protocol::time::Day;
use serde_json::json;

use super::error::Error;
use super::frame::text_of;
use super::text::t;
use super::{card, language, link, place, search};
use crate::app::App;
use crate::app::search::{Asked, Card};
use crate::config::Config;

/// What names the vocabulary of Atom.
const ATOM: &str = "http://www.w3.org/2005/Atom";
/// Entries of a feed.
const ENTRIES: usize = 50;

/// The forms of a feed: ending, media type.
const FORMS: [(&str, &str); 3] =
    [("atom", "application/atom+xml"), ("json", "application/feed+json"), ("ics", "text/calendar")];

/// A feed of a search, as a page names it.
#[derive(Debug, Clone)]
pub(super) struct Alternate {
    pub(super) kind: &'static str,
    pub(super) href: String,
    pub(super) label: String,
}

/// Returns the feeds of a search.
pub(super) fn of(asked: &Asked) -> Vec<Alternate> {
    let query = Asked { limit: None, cursor: None, ..asked.clone() }.to_query();
    let and = if query.is_empty() { "" } else { "?" };
    let labels = [t!("feed-atom"), t!("feed-json"), t!("feed-calendar")];
    let alternate = |((ending, kind), label): ((&str, &'static str), String)| Alternate {
        kind,
        href: format!("{}.{ending}{and}{query}", language::to(link::SEARCH)),
        label,
    };
    FORMS.into_iter().zip(labels).map(alternate).collect()
}

/// `GET /suche.atom`
pub(super) async fn atom(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Error> {
    let feed = Feed::read(&app, query.as_deref(), "atom").await?;
    Ok(typed("application/atom+xml; charset=utf-8", text_of(&feed)?))
}

/// `GET /suche.json`
pub(super) async fn json(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Error> {
    let feed = Feed::read(&app, query.as_deref(), "json").await?;
    Ok(typed("application/feed+json; charset=utf-8", feed.json()))
}

/// `GET /suche.ics`
pub(super) async fn calendar(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Error> {
    let feed = Feed::read(&app, query.as_deref(), "ics").await?;
    Ok(typed("text/calendar; charset=utf-8", feed.calendar()))
}

fn typed(kind: &'static str, text: String) -> ([(HeaderName, &'static str); 1], String) {
    ([(header::CONTENT_TYPE, kind)], text)
}

#[derive(Template)]
#[template(path = "feed.xml", escape = "html")]
struct Feed {
    title: String,
    author: String,
    /// The page of the search.
    page: String,
    /// The feed itself, which is its id too.
    own: String,
    updated: String,
    entries: Vec<Entry>,
}

/// An opportunity in a feed.
struct Entry {
    id: String,
    href: String,
    title: String,
    text: String,
    by: String,
    place: String,
    updated: String,
    dates: Vec<Occurrence>,
}

impl Feed {
    async fn read(app: &App, query: Option<&str>, ending: &str) -> Result<Self, Error> {
        let mut asked = search::asked(query.unwrap_or_default())?;
        (asked.limit, asked.cursor) = (Some(ENTRIES), None);
        let found = app.search(&asked).await?;
        Ok(Self::new(&app.config(), &Asked { limit: None, ..asked }, &found.cards, ending))
    }

    fn new(config: &Config, asked: &Asked, cards: &[Card], ending: &str) -> Self {
        let base = config.base().unwrap_or_default();
        let entries: Vec<_> = cards.iter().map(|card| Entry::new(card, base)).collect();
        let words = [Some(asked.words.as_str()), asked.near.as_deref()];
        let words: Vec<_> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
        let title = if words.is_empty() {
            t!("feed-title", node = config.name.as_str())
        } else {
            t!("feed-title-words", node = config.name.as_str(), words = words.join(", "))
        };
        let page = format!("{base}{}", link::search(asked));
        let own = page.replacen(link::SEARCH, &format!("{}.{ending}", link::SEARCH), 1);
        let updated = entries.iter().map(|entry| entry.updated.clone()).max();
        Self {
            title: plain(&title),
            author: plain(&config.name),
            page,
            own,
            updated: updated.unwrap_or_else(|| moment(None)),
            entries,
        }
    }

    fn json(&self) -> String {
        let item = |entry: &Entry| {
            json!({"id": entry.id, "url": entry.href, "title": entry.title, "content_text": entry.text,
                "date_modified": entry.updated, "authors": [{"name": entry.by}]})
        };
        let items: Vec<_> = self.entries.iter().map(item).collect();
        json!({"version": "https://jsonfeed.org/version/1.1", "title": self.title, "language": "de",
            "home_page_url": self.page, "feed_url": self.own, "items": items})
        .to_string()
    }

    fn calendar(&self) -> String {
        let mut lines = vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned()];
        lines.push("PRODID:-//Engagementnetz//DE".to_owned());
        lines.push(format!("X-WR-CALNAME:{}", escape(&self.title)));
        for entry in &self.entries {
            for (at, date) in entry.dates.iter().enumerate() {
                let Some(start) = utc(&date.start) else { continue };
                lines.push("BEGIN:VEVENT".to_owned());
                // The place in the list stays when a date is moved, so the calendar moves it too.
                lines.push(format!("UID:{}#{at}", escape(&entry.id)));
                let stamp = entry.updated.replace(['-', ':'], "");
                lines.push(format!("DTSTAMP:{stamp}"));
                lines.push(format!("DTSTART:{start}"));
                lines.extend(date.end.as_deref().and_then(utc).map(|end| format!("DTEND:{end}")));
                lines.push(format!("SUMMARY:{}", escape(&entry.title)));
                lines.push(format!("DESCRIPTION:{}", escape(&entry.text)));
                lines.push(format!("LOCATION:{}", escape(&entry.place)));
                lines.push(format!("URL:{}", entry.href));
                lines.push("END:VEVENT".to_owned());
            }
        }
        lines.push("END:VCALENDAR".to_owned());
        lines.iter().fold(String::new(), |text, line| text + &fold(line))
    }
}

impl Entry {
    fn new(card: &Card, base: &str) -> Self {
        let (record, origin) = (&card.shown.record, &card.shown.origin);
        let text = record.summary.as_deref().unwrap_or(&record.description);
        Self {
            id: format!("urn:engagement:{}:{}", origin.node, record.id),
            href: format!("{base}{}", link::opportunity(&origin.node, &record.id)),
            title: plain(&record.title),
            text: plain(text),
            by: plain(&card::by(record).text()),
            place: plain(&place::short(record, card.nearest_place)),
            updated: moment(changed(record)),
            dates: record.dates.clone(),
        }
    }
}

fn changed(record: &Opportunity) -> Option<Day> {
    [record.updated, record.verified_at, record.created].into_iter().flatten().max()
}

/// Returns the beginning of a day; a record that does not say when it changed is as old as can be.
fn moment(day: Option<Day>) -> String {
    day.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |day| format!("{day}T00:00:00Z"))
}

/// Returns a time as calendars write it, in UTC.
fn utc(text: &str) -> Option<String> {
    let at = text.parse::<jiff::Timestamp>().ok()?.to_string();
    let whole = at.split(['.', 'Z']).next()?;
    Some(format!("{}Z", whole.replace(['-', ':'], "")))
}

/// Leaves out what XML does not allow in a text, however it is escaped.
fn plain(text: &str) -> String {
    let allowed = |c: &char| !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(allowed).collect()
}

/// Escapes a text for a calendar: no text can begin a line of its own.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                let _ = write!(escaped, "\\{c}");
            }
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Ends a line, cut so that no piece is longer than 75 bytes (RFC 5545, section 3.1).
fn fold(line: &str) -> String {
    let (mut folded, mut bytes) = (String::with_capacity(line.len() + 8), 0);
    for c in line.chars() {
        if bytes + c.len_utf8() > 74 {
            folded.push_str("\r\n ");
            bytes = 1;
        }
        folded.push(c);
        bytes += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::answer::Locality;
    use crate::web::opportunity::tests::{config, hostile, shown};

    fn feed(fields: &serde_json::Value) -> Feed {
        let card = Card {
            shown: shown(fields, false),
            score: 1.0,
            distance_km: None,
            locality: Locality::Own,
            nearest_place: 0,
            has_all_words: true,
            lacks: Vec::new(),
            also: Vec::new(),
            also_total: 0,
            why: Vec::new(),
            reasons: Vec::new(),
        };
        let asked = Asked::from_query("q=a%26b&field=sport").unwrap();
        Feed::new(&config(), &asked, &[card], "atom")
    }

    #[test]
    fn a_feed_has_the_address_of_its_search() {
        let asked = Asked::from_query("q=a%26b&field=sport&cursor=1-2-3-4&limit=5").unwrap();
        let hrefs: Vec<_> = of(&asked).into_iter().map(|alternate| alternate.href).collect();
        assert_eq!(hrefs[0], "/suche.atom?q=a%26b&field=sport");
        assert_eq!(hrefs[2], "/suche.ics?q=a%26b&field=sport");
        assert_eq!(of(&Asked::default())[1].href, "/suche.json");
        assert_eq!(feed(&json!({})).own, "/suche.atom?q=a%26b&field=sport");
    }

    #[test]
    fn text_of_a_record_is_only_text_in_every_form() {
        let fields = hostile();
        let feed = feed(&fields);
        let atom = text_of(&feed).unwrap();
        assert!(!atom.contains("<script") && atom.contains("&#60;script&#62;"), "{atom}");
        let parsed: serde_json::Value = serde_json::from_str(&feed.json()).unwrap();
        assert_eq!(parsed["items"][0]["title"], fields["title"]);
    }

    #[test]
    fn a_date_is_an_event_that_stays_the_same_one() {
        let fields = json!({"title": "Müll, Wald; Park\nBEGIN:VEVENT", "updated": "2026-11-20",
            "dates": [{"start":"2026-12-05T10:00:00+01:00","end":"2026-12-05T12:00:00.5+01:00"},{"start":"bald"}]});
        let calendar = feed(&fields).calendar();
        assert!(calendar.contains("UID:urn:engagement:05334002:o-1#0\r\n"), "{calendar}");
        assert!(calendar.contains("DTSTART:20261205T090000Z\r\nDTEND:20261205T110000Z\r\n"));
        assert!(calendar.contains("DTSTAMP:20261120T000000Z"));
        assert!(calendar.contains("SUMMARY:Müll\\, Wald\\; Park\\nBEGIN:VEVENT\r\n"));
        assert_eq!(calendar.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "no text begins a line");
    }

    #[test]
    fn no_line_of_a_calendar_is_longer_than_75_bytes() {
        let long =
            feed(&json!({"summary": "ü".repeat(150), "dates": [{"start":"2026-12-05T10:00:00Z"}]}));
        let calendar = long.calendar();
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75));
        assert!(calendar.replace("\r\n ", "").contains(&"ü".repeat(150)));
    }
}
