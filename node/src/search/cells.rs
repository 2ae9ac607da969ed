//! Where the records of a segment are, by cells of a grid: a search around a place looks at few of them.
//!
//! Cells are cubes through the Earth: a distance is a straight line there, and no pole or meridian needs a rule of
//! its own. Nothing is refused here that is within the radius; what has no single place is in no cell and never refused.

use tantivy::DocId;

use super::columns::Gate;
use super::place::{Chord, Point};

/// Cubes along the radius of the Earth: some eight kilometres each.
const EDGES: f32 = 800.0;
/// From the middle of a cube to its corners, with room for rounding.
const CORNER: f32 = 0.867 / EDGES;

/// The records of a segment by where they are.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    docs: Vec<DocId>,
    /// Those in several places, in none or done from home, as bits.
    anywhere: Vec<u64>,
}

#[derive(Debug)]
struct Cell {
    middle: Point,
    /// Where its records end in the list; they begin where those of the one before end.
    end: usize,
}

impl Cells {
    /// Sorts records into cells.
    pub(super) fn of(gates: &[Gate]) -> Self {
        let mut cells = Self { anywhere: vec![0; gates.len().div_ceil(64)], ..Self::default() };
        let mut sorted: Vec<([i16; 3], DocId)> = Vec::with_capacity(gates.len());
        for (doc, gate) in (0..).zip(gates) {
            if gate.point.is_somewhere() {
                sorted.push((gate.point.cube(EDGES), doc));
            } else {
                set(&mut cells.anywhere, doc);
            }
        }
        sorted.sort_unstable();
        cells.docs.reserve_exact(sorted.len());
        for cell in sorted.chunk_by(|one, other| one.0 == other.0) {
            cells.docs.extend(cell.iter().map(|(_, doc)| *doc));
            let Some((cube, _)) = cell.first() else { continue };
            cells.cells.push(Cell { middle: Point::middle(*cube, EDGES), end: cells.docs.len() });
        }
        cells
    }

    /// Returns, as bits, the records that may lie within a radius around a place and that `keeps` keeps.
    pub(super) fn near(
        &self,
        centre: Point,
        radius: Chord,
        keeps: impl Fn(DocId) -> bool,
    ) -> Vec<u64> {
        let mut near = self.anywhere.clone();
        let (reach, mut from) = (radius.widened(CORNER), 0);
        for cell in &self.cells {
            if cell.middle.chord(centre) <= reach {
                for doc in self.docs.get(from..cell.end).unwrap_or_default() {
                    if keeps(*doc) {
                        set(&mut near, *doc);
                    }
                }
            }
            from = cell.end;
        }
        near
    }
}

fn set(bits: &mut [u64], doc: DocId) {
    let word = usize::try_from(doc / 64).ok().and_then(|at| bits.get_mut(at));
    if let Some(word) = word {
        *word |= 1 << (doc % 64);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::facets::Codes;
    use crate::search::towns::Town;

    fn gate(point: Point) -> Gate {
        let town = Town::of(&[]);
        Gate { codes: Codes::default(), row: 1, point, end: 1, verified: 0, town }
    }

    proptest! {
        #[test]
        fn finds_whatever_lies_within_the_radius(
            places in prop::collection::vec((-90.0f64..90.0, -180.0f64..180.0), 0..200),
            close in prop::collection::vec((50.8f64..51.2, 6.8f64..7.2), 0..100),
            centre in (50.5f64..51.5, 6.5f64..7.5), km in 0.0f64..60.0,
        ) {
            let points = places.iter().chain(&close).map(|(lat, lon)| Point::new(*lat, *lon).unwrap());
            let gates: Vec<Gate> = points.chain([Point::NOWHERE]).map(gate).collect();
            let (centre, radius) = (Point::new(centre.0, centre.1).unwrap(), Chord::of_km(km));
            let within = |gate: &Gate| gate.point.chord(centre) <= radius;
            let keeps = |doc: DocId| gates.get(doc as usize).is_some_and(within);
            let near = Cells::of(&gates).near(centre, radius, keeps);
            for (doc, gate) in gates.iter().enumerate() {
                let found = near[doc / 64] >> (doc % 64) & 1 == 1;
                prop_assert_eq!(found, within(gate) || !gate.point.is_somewhere(), "{}", doc);
            }
        }
    }
}
