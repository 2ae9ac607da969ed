//! What to do when nothing was found.

use super::finder::question::{Question, first_answered};
use super::phrase::{Phrase, german};
use super::text::t;
use super::{facets, wish};
use crate::app::search::{Asked, Found};

/// The box that stands where results would.
#[derive(Debug)]
pub(super) struct Empty {
    pub(super) heading: String,
    /// What would help; nothing if there is nothing to find at all.
    pub(super) hints: Vec<Phrase>,
    /// The questions, with what was answered already.
    pub(super) finder: String,
}

impl Empty {
    /// Returns the box if it is needed.
    pub(super) fn new(asked: &Asked, found: &Found) -> Option<Self> {
        if found.total > 0 {
            return None;
        }
        let understood = found.understood.iter().filter(|one| !one.overridden).count();
        // The answers go along; words and filters that leave nothing would leave nothing there either.
        let answers = Asked {
            wish: asked.wish.clone(),
            age: asked.age,
            near: asked.near.clone(),
            ..Asked::default()
        };
        let finder = wish::finder(first_answered(asked).unwrap_or(Question::Field), &answers);
        let filters = facets::chosen(asked) + asked.areas.len() + understood;
        let mut hints = Vec::new();
        if !asked.words.is_empty() {
            let (short, long) = (german("Kinder"), german("Hausaufgabenhilfe Grundschule"));
            hints.push(t!("empty-words", short = short, long = long).into());
        }
        if asked.radius_km.is_some() {
            hints.push(t!("empty-radius").into());
        }
        if filters > 0 {
            hints.push(t!("empty-filters").into());
        }
        if !asked.wish.is_empty() && filters == 0 {
            hints.push(t!("empty-filters").into());
        }
        if hints.is_empty() {
            return Some(Self { heading: t!("empty-node"), hints, finder });
        }
        if !found.coverage.missing.is_empty() {
            hints.push(t!("empty-incomplete").into());
        }
        Some(Self { heading: t!("empty-heading"), hints, finder })
    }
}
