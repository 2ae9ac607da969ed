//! What counts how much when results are ordered by what somebody wishes for: the table of the program itself.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::error::Error;
use super::finder::question;
use super::format;
use super::frame::{Frame, html};
use super::text::t;
use crate::app::App;
use crate::config::Config;
use crate::domain::matching::Aspect;
use crate::domain::matching::weights::{
    BEGINNERS_UNSAID, FROM_HOME, HALF_DAYS, HALF_KM, ONE_OF_SEVERAL, TOO_MUCH, UNKNOWN,
    UNKNOWN_NEED, WEIGHTS, Weight,
};

#[derive(Template)]
#[template(path = "weights.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    rules: Vec<String>,
    gates: Vec<String>,
}

/// A weight in words.
struct Row {
    name: String,
    points: u16,
    why: String,
}

/// `GET /finden/gewichtung`
pub(super) async fn show(State(app): State<App>) -> Result<Html<String>, Error> {
    html(&Page::new(&app.config()))
}

impl Page {
    fn new(config: &Config) -> Self {
        let mut frame = Frame::new(config, &t!("weights-title"));
        frame.index_at(config, question::WEIGHTS, true);
        let rules = vec![
            t!("weights-several", percent = percent(ONE_OF_SEVERAL)),
            t!("weights-unknown", percent = percent(UNKNOWN)),
            t!("weights-way", km = number(HALF_KM), percent = percent(FROM_HOME)),
            t!("weights-age", days = number(HALF_DAYS)),
            t!("weights-hurdles-count", percent = percent(BEGINNERS_UNSAID)),
            t!("weights-more", percent = percent(TOO_MUCH)),
            t!("weights-share"),
        ];
        let gates = vec![
            t!("weights-gate-age"),
            t!("weights-gate-field"),
            t!("weights-gate-need", percent = percent(UNKNOWN_NEED)),
            t!("weights-gate-without"),
            t!("weights-gate-must"),
        ];
        Self { frame, rows: WEIGHTS.iter().map(Row::new).collect(), rules, gates }
    }
}

impl Row {
    fn new(weight: &Weight) -> Self {
        let (name, why) = match weight.aspect {
            Aspect::Field => (t!("glance-fields"), t!("weights-field")),
            Aspect::Activity => (t!("glance-activities"), t!("weights-activity")),
            Aspect::Target => (t!("glance-targets"), t!("weights-target")),
            Aspect::Suited => (t!("glance-suited"), t!("weights-suited")),
            Aspect::Time => (t!("glance-time"), t!("weights-time")),
            Aspect::Effort => (t!("weights-effort-name"), t!("weights-effort")),
            Aspect::Commitment => (t!("glance-amount"), t!("weights-commitment")),
            Aspect::Distance => (t!("weights-distance-name"), t!("weights-distance")),
            Aspect::Hurdles => (t!("weights-hurdles-name"), t!("weights-hurdles")),
            Aspect::Freshness => (t!("weights-freshness-name"), t!("weights-freshness")),
        };
        Self { name, points: weight.points, why }
    }
}

fn number(number: f32) -> String {
    format::decimal(f64::from(number))
}

fn percent(share: f32) -> String {
    number(share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::domain::language::Language;
    use crate::web::opportunity::tests::config;

    #[test]
    fn every_number_that_counts_is_published_in_every_language() {
        for language in Language::ALL {
            let page = speaking(language, || html(&Page::new(&config())).unwrap().0);
            for weight in WEIGHTS {
                assert!(page.contains(&format!("<td>{}</td>", weight.points)), "{weight:?}");
            }
            let shares =
                [ONE_OF_SEVERAL, UNKNOWN, FROM_HOME, UNKNOWN_NEED, TOO_MUCH, BEGINNERS_UNSAID]
                    .map(percent);
            for share in shares.into_iter().chain([number(HALF_KM), number(HALF_DAYS)]) {
                assert!(page.contains(&share), "{share}");
            }
            assert_eq!(page.matches("<th scope=\"row\">").count(), WEIGHTS.len());
        }
    }
}
