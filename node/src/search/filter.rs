//! Which records satisfy a query, and where each lies, seen from where somebody searches.

use engagement_protocol::planted::{self, Bug};
use engagement_protocol::time::Day;

use crate::domain::gazetteer::Gazetteer;
use crate::domain::matching::{self, Score};
use crate::search::answer::Locality;
use crate::search::query::{Near, Query, Wish};

use super::columns::{Card, Columns, Gate};
use super::facets::{Codes, Facet, layout};
use super::fit;
use super::place::{Area, Chord, Point};
use super::time::Fit;
use super::weights::NEAR_KM;

/// Everything of a query but its words, in the form in which records are compared with it.
#[derive(Debug)]
pub(super) struct Filter {
    today: u32,
    /// What was changed earlier is left out, unless it does not say when.
    since: Option<u32>,
    wish: Option<Wished>,
    matching: Option<(matching::Wish, Day)>,
    choices: Vec<(Facet, Codes)>,
    areas: Vec<Area>,
    remote: Codes,
    radius: Option<Chord>,
    view: Option<View>,
}

/// What somebody can do.
#[derive(Debug)]
struct Wished {
    wish: Wish,
    /// Codes of which a record that names any must name one.
    codes: Vec<(Codes, Codes)>,
    /// What can be talked about.
    negotiable: Codes,
}

/// From where distances are seen.
#[derive(Debug)]
struct View {
    centre: Option<Point>,
    own: Option<Area>,
    neighbours: Vec<Area>,
    near: Chord,
}

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Position {
    /// Seen from where somebody searches.
    pub(super) locality: Locality,
    /// How far its nearest place is.
    pub(super) distance: Option<Chord>,
}

/// How a record satisfies the part of a query that nobody chooses alternatives to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// Where it lies; nobody asks if nobody stands anywhere.
    pub(super) position: Option<Position>,
    /// How it fits what somebody wished for.
    pub(super) fit: Fit,
    /// How well it fits, if it is judged.
    pub(super) judged: Option<Score>,
}

/// Whether a record satisfies the choices of a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// It does.
    Passes,
    /// It would, had nothing been chosen here: an alternative to be counted there.
    But(Missed),
    /// It does not.
    Fails,
}

/// Where a choice was not met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Missed {
    /// In a facet.
    Facet(Facet),
    /// In the areas.
    Area,
}

impl Filter {
    /// Reads a query.
    pub(super) fn new(query: &Query) -> Self {
        // On later pages freshness counts to the first one's day, or midnight would reorder.
        let day = query.after.map_or(query.today, |after| after.day);
        let view = query.near.as_ref().or(query.home.as_ref()).map(View::new);
        let centre = view.as_ref().and_then(|view| view.centre);
        let radius = query.radius_km.filter(|_| centre.is_some()).map(Chord::of_km);
        Self {
            today: query.today.number(),
            since: query.modified_since.map(|day| day.number() + 1),
            wish: Wished::new(&query.wish),
            matching: query.matching.map(|wish| (wish, day)),
            choices: layout().of_query(query),
            areas: query.areas.iter().map(Area::new).collect(),
            remote: layout().one(Facet::Mode, "remote").unwrap_or_default(),
            radius,
            // What somebody asked to be within reach is near.
            view: view.map(|view| View { near: radius.unwrap_or(view.near), ..view }),
        }
    }

    /// Returns which records of a segment may be within reach, as bits; nothing if a look at every one is not worth it.
    ///
    /// Around a place almost none are, and what is refused here costs no score.
    pub(super) fn near(&self, columns: &Columns) -> Option<Vec<u64>> {
        let (radius, centre) = self.radius.zip(self.view.as_ref()?.centre)?;
        let near = |gate: &Gate| {
            // Not `<=`: no place is not far.
            let is_far = gate.point.chord(centre) > radius;
            u64::from(gate.end > self.today && !is_far)
        };
        let word = |gates: &[Gate]| {
            (0..).zip(gates).fold(0, |bits, (at, gate): (u32, _)| bits | (near(gate) << at))
        };
        Some(columns.gates().chunks(64).map(word).collect())
    }

    /// Returns how a record is within reach, if it is: shown today, near enough, and nothing that it says speaks
    /// against what was wished for.
    pub(super) fn reach(&self, columns: &Columns, card: &Card) -> Option<Reach> {
        if card.end <= self.today && !planted::has(Bug::Expired) {
            return None;
        }
        if self.since.is_some_and(|since| card.changed != 0 && card.changed < since) {
            return None;
        }
        let fit = match &self.wish {
            Some(wish) => wish.fits(card)?,
            None => Fit::default(),
        };
        let position = self.view.as_ref().map(|view| view.locate(columns, card, self.remote));
        if let (Some(radius), Some(position)) = (self.radius, position) {
            let within = position.distance.is_some_and(|distance| distance <= radius);
            if !within && position.locality != Locality::Remote {
                return None;
            }
        }
        let distance = position.and_then(|position| position.distance).map(Chord::km);
        let judged = self
            .matching
            .as_ref()
            .map(|(wish, day)| matching::judge(wish, &fit::facts(card, distance), *day));
        Some(Reach { position, fit, judged: judged.transpose().ok()? })
    }

    /// Judges the choices that a record meets.
    pub(super) fn judge(&self, columns: &Columns, card: &Card) -> Verdict {
        let mut missed = None;
        for (facet, choice) in &self.choices {
            if facet.adds_up() {
                // Choices that no record can meet have no bits.
                if choice.is_empty() || !card.codes.has_all(*choice) {
                    return Verdict::Fails;
                }
            } else if !card.codes.meets(*choice) && missed.replace(Missed::Facet(*facet)).is_some()
            {
                return Verdict::Fails;
            }
        }
        let lies = |area: &Area| columns.areas(card).iter().any(|place| area.contains(*place));
        if !self.areas.is_empty()
            && !self.areas.iter().any(lies)
            && missed.replace(Missed::Area).is_some()
        {
            return Verdict::Fails;
        }
        missed.map_or(Verdict::Passes, Verdict::But)
    }
}

impl Wished {
    fn new(wish: &Wish) -> Option<Self> {
        let lists = [(Facet::Slot, &wish.slots), (Facet::Commitment, &wish.commitments)];
        let codes = lists.into_iter().filter(|(_, list)| !list.is_empty());
        let codes = codes.map(|(facet, list)| (layout().all(facet), layout().some(facet, list)));
        (*wish != Wish::NOTHING).then(|| Self {
            wish: wish.clone(),
            codes: codes.collect(),
            negotiable: layout().one(Facet::Slot, "by_arrangement").unwrap_or_default(),
        })
    }

    fn fits(&self, card: &Card) -> Option<Fit> {
        let mut fit = card.time.fits(&self.wish)?;
        for (all, wished) in &self.codes {
            let said = card.codes.within(*all);
            if said.is_empty() || (said.meets(self.negotiable) && !said.meets(*wished)) {
                fit.unsaid += 1;
            } else if !said.meets(*wished) {
                return None;
            }
        }
        Some(fit)
    }
}

impl View {
    fn new(near: &Near) -> Self {
        let own = near.ags.as_ref();
        let municipality = own.and_then(|ags| Gazetteer::embedded().municipality(ags));
        let neighbours = municipality.map(|own| own.neighbours.iter().map(Area::new).collect());
        Self {
            centre: Point::new(near.lat, near.lon),
            own: own.map(Area::new),
            neighbours: neighbours.unwrap_or_default(),
            near: Chord::of_km(NEAR_KM),
        }
    }

    fn locate(&self, columns: &Columns, card: &Card, remote: Codes) -> Position {
        if card.codes.meets(remote) {
            return Position { locality: Locality::Remote, distance: None };
        }
        let distance = self.centre.and_then(|centre| {
            let points = columns.points(card).iter().map(|point| point.chord(centre));
            points.reduce(|a, b| if b < a { b } else { a })
        });
        let areas = columns.areas(card);
        let locality = if self.own.is_some_and(|own| areas.iter().any(|area| own.contains(*area))) {
            Locality::Own
        } else if areas.iter().any(|area| self.neighbours.contains(area)) {
            Locality::Neighbour
        } else if distance.is_some_and(|distance| distance <= self.near) {
            Locality::Near
        } else {
            Locality::Land
        };
        Position { locality, distance }
    }
}
