//! Which records satisfy a query, and where each lies, seen from where somebody searches.

use crate::domain::gazetteer::Gazetteer;
use crate::search::answer::Locality;
use crate::search::query::{Near, Query};

use super::columns::{Card, Columns};
use super::facets::{Codes, Facet, layout};
use super::place::{Area, Chord, Point};
use super::weights::NEAR_KM;

/// Everything of a query but its words, in the form in which records are compared with it.
#[derive(Debug)]
pub(super) struct Filter {
    today: u32,
    choices: Vec<(Facet, Codes)>,
    areas: Vec<Area>,
    remote: Codes,
    radius: Option<Chord>,
    view: Option<View>,
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

/// Whether a record satisfies a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// It does. Nobody asks where it lies if nobody stands anywhere.
    Passes(Option<Position>),
    /// It would, had nothing been chosen in this facet: an alternative to be counted there.
    But(Facet),
    /// It does not.
    Fails,
}

impl Filter {
    /// Reads a query.
    pub(super) fn new(query: &Query) -> Self {
        let view = query.near.as_ref().or(query.home.as_ref()).map(View::new);
        let centre = view.as_ref().and_then(|view| view.centre);
        let radius = query.radius_km.filter(|_| centre.is_some()).map(Chord::of_km);
        Self {
            today: query.today.number(),
            choices: layout().of_query(query),
            areas: query.areas.iter().map(Area::new).collect(),
            remote: layout().one(Facet::Mode, "remote").unwrap_or_default(),
            radius,
            // What somebody asked to be within reach is near.
            view: view.map(|view| View { near: radius.unwrap_or(view.near), ..view }),
        }
    }

    /// Judges a record, the cheapest test first.
    pub(super) fn judge(&self, columns: &Columns, card: &Card) -> Verdict {
        if card.end <= self.today {
            return Verdict::Fails;
        }
        let mut missed = None;
        for (facet, choice) in &self.choices {
            if !card.codes.meets(*choice) && missed.replace(*facet).is_some() {
                return Verdict::Fails;
            }
        }
        let lies = |area: &Area| columns.areas(card).iter().any(|place| area.contains(*place));
        if !self.areas.is_empty() && !self.areas.iter().any(lies) {
            return Verdict::Fails;
        }
        let position = self.view.as_ref().map(|view| view.locate(columns, card, self.remote));
        if let (Some(radius), Some(position)) = (self.radius, position) {
            let within = position.distance.is_some_and(|distance| distance <= radius);
            if !within && position.locality != Locality::Remote {
                return Verdict::Fails;
            }
        }
        missed.map_or(Verdict::Passes(position), Verdict::But)
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
