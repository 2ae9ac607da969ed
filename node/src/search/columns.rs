//! The numbers of one segment, unpacked once: what every record is filtered, counted and ranked by.
//!
//! The engine keeps columns compressed and hands them out value by value; a query over the whole state reads
//! all of them. Unpacked they are some 180 bytes a record, shared by all snapshots that hold the segment. What most
//! searches look at stands together (a [`Gate`] is a third of a line of the processor's cache), everything else
//! on the [`Card`].

use engagement_protocol::time::Day;
use tantivy::columnar::Column;
use tantivy::error::DataCorruption;
use tantivy::{DocId, SegmentReader};

use crate::domain::dates::Days;

use super::cells::Cells;
use super::facets::{Codes, Facet, Translation, layout};
use super::place::{self, Area, Point};
use super::schema;
use super::time::Time;
use super::towns::{self, Town};

/// What every record of a search is looked at by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gate {
    /// Its choices, in two halves: a number of 128 bits would begin at every sixteenth byte only.
    codes: [u64; 2],
    /// The day on which it is no longer shown, since 1970; 0 if it is not shown at all.
    pub(super) end: u32,
    /// Its only area, or [`Town::SEVERAL`].
    pub(super) town: Town,
}

impl Gate {
    /// Returns its choices.
    #[inline]
    pub(super) const fn codes(&self) -> Codes {
        let [low, high] = self.codes;
        Codes::of(low, high)
    }
}

/// What only some searches look at, and only of some records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Card {
    /// The store's number.
    pub(super) row: u64,
    /// The day it was changed plus one, since 1970; 0 if it does not say.
    pub(super) changed: u32,
    /// The day it was verified plus one, since 1970; 0 if nobody did.
    pub(super) verified: u32,
    /// How many questions it answers.
    pub(super) answers: u32,
    /// Hours and ages.
    pub(super) time: Time,
    /// What it has in common with records that say the same; 0 if that is not known.
    pub(super) likeness: u64,
    /// The day it was created plus one, since 1970; 0 if it does not say.
    pub(super) created: u32,
    /// Where it stands among those with the same score.
    pub(super) id: u128,
    /// What it demands: see `fit.rs`.
    pub(super) demands: u64,
    days: Span,
    points: Span,
    areas: Span,
    towns: Span,
}

/// A part of a list that all records of a segment share.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u32,
    to: u32,
}

/// The unpacked columns of a segment.
#[derive(Debug)]
pub(super) struct Columns {
    cards: Vec<Card>,
    days: Vec<Days>,
    gates: Vec<Gate>,
    /// The only place of each record. One in several places, in none or done from home has no numbers here, and no
    /// comparison refuses it.
    spots: Vec<Point>,
    points: Vec<Point>,
    areas: Vec<Area>,
    towns: Vec<u16>,
    cells: Cells,
}

impl Columns {
    /// Unpacks the columns of a segment; `codes` is what its codes mean if another version has written it. Of a column that
    /// it did not know yet, no record says anything.
    pub(super) fn read(
        segment: &SegmentReader,
        codes: Option<&Translation>,
    ) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        // Every record has a row. No checksum guards what the engine says about how many there are.
        let rows = fast.u64(schema::ROW)?.num_docs();
        if rows != segment.max_doc() {
            let said =
                format!("{} records are said to be in a segment of {rows}", segment.max_doc());
            return Err(DataCorruption::comment_only(said).into());
        }
        let number = |name: &str| -> tantivy::Result<Vec<u64>> {
            let mut values = vec![0; usize::try_from(segment.max_doc()).unwrap_or(0)];
            if segment.schema().get_field(name).is_err() {
                return Ok(values);
            }
            fast.u64(name)?.first_or_default_col(0).get_range(0, &mut values);
            Ok(values)
        };
        let (row, end, verified) =
            (number(schema::ROW)?, number(schema::END)?, number(schema::VERIFIED)?);
        let (time, answers, likeness) =
            (number(schema::TIME)?, number(schema::ANSWERS)?, number(schema::LIKENESS)?);
        let changed = number(schema::CHANGED)?;
        let (created, demands) = (number(schema::CREATED)?, number(schema::DEMANDS)?);
        let (id_high, id_low) = (number(schema::ID_HIGH)?, number(schema::ID_LOW)?);
        let (low, high) = (number(schema::CODES_LOW)?, number(schema::CODES_HIGH)?);
        let several = |name: &str| -> tantivy::Result<Option<Column>> {
            segment.schema().get_field(name).is_ok().then(|| fast.u64(name)).transpose()
        };
        let (position, area) = (several(schema::POSITION)?, several(schema::AREA)?);
        let days = several(schema::DAYS)?;

        let remote = layout().one(Facet::Mode, "remote").unwrap_or_default();
        let mut columns = Self {
            cards: Vec::with_capacity(row.len()),
            gates: Vec::with_capacity(row.len()),
            spots: Vec::with_capacity(row.len()),
            days: Vec::new(),
            points: Vec::new(),
            areas: Vec::new(),
            towns: Vec::new(),
            cells: Cells::default(),
        };
        let numbers = row.into_iter().zip(end).zip(verified).zip(low).zip(high);
        let ids = id_high.into_iter().zip(id_low);
        let others = time.into_iter().zip(answers).zip(likeness).zip(created).zip(demands);
        let others = others.zip(changed).zip(ids);
        for (
            doc,
            (
                ((((row, end), verified), low), high),
                ((((((time, answers), likeness), created), demands), changed), (id_high, id_low)),
            ),
        ) in (0..).zip(numbers.zip(others))
        {
            let areas = append(&mut columns.areas, area.as_ref(), doc, Area::unpack);
            let days = append(&mut columns.days, days.as_ref(), doc, |packed| Some(unpack(packed)));
            let points = append(&mut columns.points, position.as_ref(), doc, place::unpack);
            let written = Codes::of(low, high);
            let codes = codes.map_or(written, |codes| codes.read(written));
            columns.cards.push(Card {
                row,
                changed: u32::try_from(changed).unwrap_or(0),
                verified: u32::try_from(verified).unwrap_or(0),
                answers: u32::try_from(answers).unwrap_or(0),
                time: Time::unpack(time),
                likeness,
                created: u32::try_from(created).unwrap_or(0),
                id: (u128::from(id_high) << 64) | u128::from(id_low),
                demands,
                days,
                points,
                areas,
                towns: count_towns(&mut columns.towns, part(&columns.areas, areas)),
            });
            columns.spots.push(match part(&columns.points, points) {
                [point] if !codes.meets(remote) => *point,
                _ => Point::NOWHERE,
            });
            columns.gates.push(Gate {
                codes: [codes.low(), codes.high()],
                end: u32::try_from(end).unwrap_or(0),
                town: Town::of(part(&columns.areas, areas)),
            });
        }
        columns.cells = Cells::of(&columns.spots);
        columns.days.shrink_to_fit();
        columns.points.shrink_to_fit();
        columns.areas.shrink_to_fit();
        columns.towns.shrink_to_fit();
        Ok(columns)
    }

    /// Returns the cards of all records of the segment in its order, removed ones too.
    pub(super) fn cards(&self) -> impl Iterator<Item = (DocId, &Card)> {
        (0..).zip(&self.cards)
    }

    /// Returns what most searches look at, in the segment's order.
    pub(super) fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// Returns where records are.
    pub(super) const fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Returns what most searches look at of a record.
    #[inline]
    pub(super) fn gate(&self, doc: DocId) -> Option<&Gate> {
        self.gates.get(usize::try_from(doc).ok()?)
    }

    /// Returns the only place of a record, or nowhere if it has none or several.
    #[inline]
    pub(super) fn spot(&self, doc: DocId) -> Point {
        let spot = usize::try_from(doc).ok().and_then(|at| self.spots.get(at));
        spot.copied().unwrap_or(Point::NOWHERE)
    }

    /// Returns the rest of a record.
    #[inline]
    pub(super) fn card(&self, doc: DocId) -> Option<&Card> {
        self.cards.get(usize::try_from(doc).ok()?)
    }

    /// Returns the days on which a record takes place, if it names some.
    pub(super) fn days(&self, card: &Card) -> &[Days] {
        part(&self.days, card.days)
    }

    /// Returns where a record takes place.
    pub(super) fn points(&self, card: &Card) -> &[Point] {
        part(&self.points, card.points)
    }

    /// Returns the areas that a record takes place in.
    pub(super) fn areas(&self, card: &Card) -> &[Area] {
        part(&self.areas, card.areas)
    }

    /// Returns the municipalities and Kreise that a record is counted in, each once.
    pub(super) fn towns(&self, card: &Card) -> &[u16] {
        part(&self.towns, card.towns)
    }
}

/// Packs days into a column.
pub(super) fn pack(Days { from, to }: Days) -> u64 {
    (u64::from(from.number()) << 32) | u64::from(to.number())
}

#[expect(clippy::cast_possible_truncation, reason = "each half is a number of its own")]
fn unpack(packed: u64) -> Days {
    let (from, to) = ((packed >> 32) as u32, packed as u32);
    Days { from: Day::from_number(from), to: Day::from_number(to) }
}

fn count_towns(list: &mut Vec<u16>, areas: &[Area]) -> Span {
    let start = list.len();
    for town in areas.iter().flat_map(|area| towns::of(*area)) {
        if !list.iter().skip(start).any(|held| *held == town) {
            list.push(town);
        }
    }
    let end = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { from: end(start), to: end(list.len()) }
}

fn append<T>(
    list: &mut Vec<T>,
    from: Option<&Column>,
    doc: DocId,
    read: fn(u64) -> Option<T>,
) -> Span {
    let end = |list: &Vec<T>| u32::try_from(list.len()).unwrap_or(u32::MAX);
    let start = end(list);
    let values = from.into_iter().flat_map(|column| column.values_for_doc(doc));
    list.extend(values.filter_map(read));
    Span { from: start, to: end(list) }
}

fn part<T>(list: &[T], Span { from, to }: Span) -> &[T] {
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else { return &[] };
    list.get(from..to).unwrap_or_default()
}
