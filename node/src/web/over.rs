//! The page of an opportunity that was there and cannot be taken any more: why, and where to go on.

use askama::Template;
use engagement_protocol::opportunity::{Opportunity, Status};

use super::card::Card;
use super::form::Form;
use super::frame::Frame;
use super::text::t;
use super::{format, link};
use crate::app::opportunity::Shown;
use crate::app::search::Asked;
use crate::config::Config;

/// The page.
#[derive(Template)]
#[template(path = "over.html")]
pub(super) struct Over {
    frame: Frame,
    title: String,
    reason: String,
    hint: String,
    /// A search for the same fields.
    search: String,
    form: Form,
    /// What can be done instead.
    similar: Vec<Card>,
}

impl Over {
    /// Returns the page.
    pub(super) fn new(config: &Config, shown: Shown, similar: Vec<Card>) -> Self {
        let record = shown.record;
        let (reason, hint) = why(&record);
        let mut frame = Frame::new(config, &record.title);
        frame.noindex = true;
        let asked = Asked { fields: record.fields, ..Asked::default() };
        let search = link::search(&asked);
        Self {
            frame,
            title: record.title,
            reason,
            hint,
            search,
            form: Form::new(&Asked::default()),
            similar,
        }
    }
}

fn why(record: &Opportunity) -> (String, String) {
    match record.status {
        Status::Paused => (t!("over-paused"), t!("over-paused-hint")),
        Status::Filled => (t!("over-filled"), t!("over-filled-hint")),
        // Live and yet over: its last day has passed.
        Status::Live => {
            let day = format::day(record.valid_until);
            (t!("over-expired", day = day), t!("over-expired-hint"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::frame::html;
    use crate::web::opportunity::tests::{config, shown};
    use serde_json::json;

    #[test]
    fn says_why_and_where_to_go_on() {
        let page = |status: &str| {
            let fields =
                json!({"status": status, "fields": ["sport", "kultur"], "title": "Tanz & <b>"});
            html(&Over::new(&config(), shown(&fields, true), Vec::new())).unwrap().0
        };
        assert!(page("paused").contains("macht gerade Pause"));
        assert!(page("filled").contains("Alle Plätze sind besetzt."));
        let expired = page("live");
        assert!(expired.contains("am 02.05.2027 abgelaufen"));
        assert!(expired.contains("href=\"/suche?field=sport&#38;field=kultur\""), "{expired}");
        assert!(expired.contains("dir=\"auto\">Tanz &#38; &#60;b&#62;</h1>"));
        assert!(expired.contains("content=\"noindex\""));
    }
}
