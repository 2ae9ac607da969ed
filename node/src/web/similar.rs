//! What is like an opportunity: the same fields, near the same place; from home, if it is done from there.

use engagement_protocol::time::Day;

use super::card::Card;
use super::error::Error;
use crate::app::App;
use crate::app::opportunity::Shown;
use crate::app::search::Asked;
use crate::domain::gazetteer::Gazetteer;

/// Most that are shown.
const SHOWN: usize = 4;

/// Returns what is like this one, best first; nothing if the record names no field.
pub(super) async fn to(app: &App, shown: &Shown, today: Day) -> Result<Vec<Card>, Error> {
    let record = &shown.record;
    if record.fields.is_empty() {
        return Ok(Vec::new());
    }
    let known = |text: &String| Gazetteer::embedded().resolve(text).is_some();
    let names = record.places.iter().flat_map(|place| [place.plz.clone(), place.town.clone()]);
    let from_home = record.mode.as_deref().filter(|mode| *mode == "remote");
    let asked = Asked {
        modes: from_home.into_iter().map(str::to_owned).collect(),
        fields: record.fields.clone(),
        directions: vec![record.direction.as_str().to_owned()],
        near: names.flatten().find(known),
        limit: Some(SHOWN + 1),
        ..Asked::default()
    };
    let found = match app.search(&asked).await {
        Ok(found) => found,
        // A record may carry codes that nobody could ask for: then nothing is like it.
        Err(crate::app::search::SearchError::Parameter { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let is_other = |card: &&crate::app::search::Card| {
        (&card.shown.origin.node, &card.shown.record.id) != (&shown.origin.node, &record.id)
    };
    let cards = found.cards.iter().filter(is_other).take(SHOWN);
    Ok(cards.map(|card| Card::new(card, today)).collect())
}
