//! Which records satisfy a query, and where each lies, seen from where somebody searches.

use engagement_protocol::opportunity::Code;
use engagement_protocol::time::Day;
use tantivy::DocId;

use crate::domain::dates;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::matching::{self, Score};
use crate::domain::time_phrase::week::Week;
use crate::domain::vocabulary::List;
use crate::search::answer::Locality;
use crate::search::query::{Near, Query, Wish};

use super::bits::Bits;
use super::columns::{Card, Columns, Gate};
use super::facets::{Codes, Facet, layout};
use super::fit;
use super::place::{Area, Chord, Point};
use super::time::Fit;
use super::towns::{self, Town};
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
    or_modes: Codes,
    not_areas: Vec<Area>,
    without: Option<Without>,
    remote: Codes,
    radius: Option<Chord>,
    view: Option<View>,
    /// Whether nothing was asked that refuses a record, but choices, a radius and areas.
    is_open: bool,
}

/// What no record may have.
#[derive(Debug)]
struct Without {
    codes: Codes,
    demands: u64,
}

/// What somebody can do.
#[derive(Debug)]
struct Wished {
    wish: Wish,
    /// Codes of which a record that names any must name one.
    codes: Vec<(Codes, Codes)>,
    /// What can be talked about.
    negotiable: Codes,
    /// Times of the week.
    weekly: Codes,
    /// What was before says nothing.
    today: Day,
}

/// From where distances are seen.
#[derive(Debug)]
struct View {
    centre: Option<Point>,
    own: Option<Area>,
    neighbours: Vec<Area>,
    near: Chord,
    /// The same by the numbers of towns: where most records lie is read from a table.
    towns: Vec<Option<Locality>>,
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
    /// Where it lies, if that had to be known to tell: see [`Filter::position`].
    position: Option<Position>,
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
        let since = query.modified_since.map(|day| day.number() + 1);
        let wish = Wished::new(&query.wish, day);
        let is_open = since.is_none()
            && wish.is_none()
            && query.matching.is_none()
            && query.not_areas.is_empty()
            && query.without.is_empty();
        Self {
            today: query.today.number(),
            since,
            wish,
            matching: query.matching.map(|wish| (wish, day)),
            choices: layout().of_query(query),
            areas: query.areas.iter().map(Area::new).collect(),
            or_modes: layout().some(Facet::Mode, &query.or_modes),
            not_areas: query.not_areas.iter().map(Area::new).collect(),
            without: (!query.without.is_empty()).then(|| Without::new(&query.without)),
            remote: layout().one(Facet::Mode, "remote").unwrap_or_default(),
            radius,
            // What somebody asked to be within reach is near.
            view: view.map(|view| View { near: radius.unwrap_or(view.near), ..view }),
            is_open,
        }
    }

    /// Returns the day on which records have to be shown, since 1970.
    pub(super) const fn today(&self) -> u32 {
        self.today
    }

    /// Returns which records of a segment may be within reach; nothing if no radius was asked for.
    ///
    /// Around a place almost none are, and what is refused here costs no score. Of those that have one place alone it
    /// names exactly those within the radius.
    pub(super) fn near(&self, columns: &Columns) -> Option<Bits> {
        let (radius, centre) = self.radius.zip(self.view.as_ref()?.centre)?;
        Some(columns.cells().near(centre, radius))
    }

    /// Returns how a record is within reach, if it is: near enough, and nothing that it says speaks against what was
    /// wished for. It has to be shown today, and among those that [may be near](Self::near).
    #[inline]
    pub(super) fn reach(&self, columns: &Columns, doc: DocId, gate: &Gate) -> Option<Reach> {
        // Most searches ask for no more, and most records have one place.
        if self.is_open && (self.radius.is_none() || columns.spot(doc).is_somewhere()) {
            return Some(Reach { position: None, fit: Fit::default(), judged: None });
        }
        self.look(columns, doc, gate)
    }

    #[inline(never)]
    fn look(&self, columns: &Columns, doc: DocId, gate: &Gate) -> Option<Reach> {
        let card = || columns.card(doc);
        if let Some(since) = self.since
            && card().is_some_and(|card| card.changed != 0 && card.changed < since)
        {
            return None;
        }
        if !self.not_areas.is_empty() {
            let places = card().map_or(&[][..], |card| columns.areas(card));
            let is_out = |place: &Area| self.not_areas.iter().any(|area| area.contains(*place));
            if !places.is_empty() && places.iter().all(is_out) {
                return None;
            }
        }
        if let Some(without) = &self.without
            && without.refuses(gate, card()?)
        {
            return None;
        }
        let fit = match &self.wish {
            Some(wish) => wish.fits(columns, gate, card()?)?,
            None => Fit::default(),
        };
        let locate = || self.locate(columns, doc, gate);
        let position = self.radius.and_then(|_| locate());
        if let (Some(radius), Some(position)) = (self.radius, position) {
            let within = position.distance.is_some_and(|distance| distance <= radius);
            if !within && position.locality != Locality::Remote {
                return None;
            }
        }
        let Some((wish, day)) = &self.matching else {
            return Some(Reach { position, fit, judged: None });
        };
        let position = position.or_else(locate);
        let distance = position.and_then(|position| position.distance).map(Chord::km);
        let judged = matching::judge(wish, &fit::facts(gate, card()?, distance), *day).ok()?;
        Some(Reach { position, fit, judged: Some(judged) })
    }

    /// Returns where a record within reach lies; nothing if nobody stands anywhere. Most records of a state are refused
    /// before anybody asks.
    #[inline]
    pub(super) fn position(
        &self,
        columns: &Columns,
        doc: DocId,
        gate: &Gate,
        reach: Reach,
    ) -> Option<Position> {
        reach.position.or_else(|| self.locate(columns, doc, gate))
    }

    #[inline]
    fn locate(&self, columns: &Columns, doc: DocId, gate: &Gate) -> Option<Position> {
        let view = self.view.as_ref();
        view.map(|view| view.locate(columns, doc, gate, self.remote))
    }

    /// Judges the choices that a record meets.
    #[inline]
    pub(super) fn judge(&self, columns: &Columns, doc: DocId, gate: &Gate) -> Verdict {
        let mut missed = None;
        for (facet, choice) in &self.choices {
            if facet.adds_up() {
                // Choices that no record can meet have no bits.
                if choice.is_empty() || !gate.codes().has_all(*choice) {
                    return Verdict::Fails;
                }
            } else if !gate.codes().meets(*choice)
                && missed.replace(Missed::Facet(*facet)).is_some()
            {
                return Verdict::Fails;
            }
        }
        if !self.areas.is_empty() {
            let places = columns.card(doc).map_or(&[][..], |card| columns.areas(card));
            let lies = |area: &Area| places.iter().any(|place| area.contains(*place));
            let is_inside = self.areas.iter().any(lies) || gate.codes().meets(self.or_modes);
            if !is_inside && missed.replace(Missed::Area).is_some() {
                return Verdict::Fails;
            }
        }
        missed.map_or(Verdict::Passes, Verdict::But)
    }
}

impl Without {
    fn new(codes: &[(List, Code)]) -> Self {
        let facet = |list: List| match list {
            List::Fields => Some(Facet::Field),
            List::Activities => Some(Facet::Activity),
            List::Targets => Some(Facet::Target),
            _ => None,
        };
        let counted = codes.iter().filter_map(|(list, code)| layout().one(facet(*list)?, code));
        let demanded = codes.iter().filter(|(list, _)| *list == List::Requirements);
        Self {
            codes: counted.fold(Codes::default(), |all, one| Codes(all.0 | one.0)),
            demands: fit::lacking(demanded.map(|(_, code)| code.as_str())),
        }
    }

    const fn refuses(&self, gate: &Gate, card: &Card) -> bool {
        gate.codes().meets(self.codes) || card.demands & self.demands != 0
    }
}

impl Wished {
    fn new(wish: &Wish, today: Day) -> Option<Self> {
        let lists = [(Facet::Slot, &wish.slots), (Facet::Commitment, &wish.commitments)];
        let codes = lists.into_iter().filter(|(_, list)| !list.is_empty());
        let codes = codes.map(|(facet, list)| (layout().all(facet), layout().some(facet, list)));
        (*wish != Wish::NOTHING).then(|| Self {
            wish: wish.clone(),
            codes: codes.collect(),
            negotiable: layout().one(Facet::Slot, "by_arrangement").unwrap_or_default(),
            weekly: layout().some(Facet::Slot, &Week::ALL.codes()),
            today,
        })
    }

    fn fits(&self, columns: &Columns, gate: &Gate, card: &Card) -> Option<Fit> {
        let mut fit = card.time.fits(&self.wish)?;
        if let Some(asked) = self.wish.days {
            match dates::take_place(columns.days(card), asked, self.today) {
                // What takes place every week does so on whichever days, if its times fit.
                None => fit.unsaid += u8::from(!gate.codes().meets(self.weekly)),
                Some(true) => {}
                Some(false) => return None,
            }
        }
        for (all, wished) in &self.codes {
            let said = gate.codes().within(*all);
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
        let mut view = Self {
            centre: Point::new(near.lat, near.lon),
            own: own.map(Area::new),
            neighbours: neighbours.unwrap_or_default(),
            near: Chord::of_km(NEAR_KM),
            towns: Vec::new(),
        };
        view.towns = towns::areas().map(|area| view.among(&[area])).collect();
        view
    }

    /// Returns where areas lie, if that is decided by what they are and not by how far they are.
    fn among(&self, areas: &[Area]) -> Option<Locality> {
        if self.own.is_some_and(|own| areas.iter().any(|area| own.contains(*area))) {
            Some(Locality::Own)
        } else if areas.iter().any(|area| self.neighbours.contains(area)) {
            Some(Locality::Neighbour)
        } else {
            None
        }
    }

    #[inline]
    fn locate(&self, columns: &Columns, doc: DocId, gate: &Gate, remote: Codes) -> Position {
        let spot = columns.spot(doc);
        let (among, distance) = if spot.is_somewhere() && gate.town != Town::SEVERAL {
            let among = self.towns.get(gate.town.number()).copied().flatten();
            (among, self.centre.map(|centre| spot.chord(centre)))
        } else if gate.codes().meets(remote) {
            return Position { locality: Locality::Remote, distance: None };
        } else {
            let card = columns.card(doc);
            let points = card.map_or(&[][..], |card| columns.points(card));
            let distance = self.centre.and_then(|centre| {
                let lines = points.iter().map(|point| point.chord(centre));
                lines.reduce(|a, b| if b < a { b } else { a })
            });
            (self.among(card.map_or(&[][..], |card| columns.areas(card))), distance)
        };
        let locality = among.unwrap_or_else(|| {
            let is_near = distance.is_some_and(|distance| distance <= self.near);
            if is_near { Locality::Near } else { Locality::Land }
        });
        Position { locality, distance }
    }
}

#[cfg(test)]
mod tests {
    use engagement_protocol::opportunity::Occurrence;
    use engagement_protocol::time::Day;

    use crate::domain::dates::Days;
    use crate::search::check::{put, record, today, words};
    use crate::search::index::Index;
    use crate::search::query::{Query, Wish};

    #[test]
    fn days_are_stated_by_dates_and_by_times_of_the_week() {
        let index = Index::in_memory().unwrap();
        let mut records = [1, 2, 3, 4].map(|_| record("Garten"));
        records[1].slots = vec!["mo_am".to_owned()];
        let date = |start: &str| Occurrence { start: start.to_owned(), end: None };
        records[2].dates = vec![date("2026-11-24T10:00:00+01:00")];
        records[3].dates = vec![date("2026-12-24T10:00:00+01:00")];
        index.apply((0..).zip(records).map(|(row, record)| put(row, record)).collect(), 1).unwrap();
        let days = Days { from: today(), to: today().plus_days(6) };
        let wish = Wish { days: Some(days), ..Wish::NOTHING };
        let answer = index.search(&Query { wish, ..words("Garten") }).unwrap();
        let rows: Vec<u64> = answer.hits.iter().map(|hit| hit.row).collect();
        // The one at Christmas is on other days, the first says nothing and stands last.
        assert_eq!((rows, answer.stated), (vec![1, 2, 0], 2));
    }

    #[test]
    fn what_expires_is_not_found_from_the_next_day_on() {
        let index = Index::in_memory().unwrap();
        let mut record = record("Garten");
        record.valid_until = today();
        index.apply(vec![put(1, record)], 1).unwrap();
        assert_eq!(index.search(&words("Garten")).unwrap().hits[0].row, 1);
        let tomorrow = Day::from_number(today().number() + 1);
        let answer = index.search(&Query { today: tomorrow, ..words("Garten") }).unwrap();
        assert_eq!((answer.total, answer.hits.len()), (0, 0));
        assert!(answer.facets.0.values().all(Vec::is_empty), "{:?}", answer.facets);
    }
}
