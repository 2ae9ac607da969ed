//! Where the records of a segment are, by cells of a grid: a search around a place looks at few of them.
//!
//! Cells are cubes through the Earth: a distance is a straight line there, and no pole or meridian needs a rule of
//! its own. Nothing is refused here that is within the radius; what has no single place is in no cell and never refused.

use tantivy::DocId;

use super::bits::Bits;
use super::place::{Chord, Point};

/// Cubes along the radius of the Earth: some eight kilometres each.
const EDGES: f32 = 800.0;
/// From the middle of a cube to its corners, with room for rounding.
const CORNER: f32 = 0.867 / EDGES;

/// The records of a segment by where they are.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    docs: Vec<(Point, DocId)>,
    /// Those in several places, in none or done from home.
    anywhere: Bits,
}

#[derive(Debug)]
struct Cell {
    middle: Point,
    /// Where its records end in the list; they begin where those of the one before end.
    end: usize,
}

impl Cells {
    /// Sorts records into cells.
    pub(super) fn of(spots: &[Point]) -> Self {
        let mut cells = Self { anywhere: Bits::none_of(spots.len()), ..Self::default() };
        let mut sorted: Vec<([i16; 3], DocId, Point)> = Vec::with_capacity(spots.len());
        for (doc, spot) in (0..).zip(spots) {
            if spot.is_somewhere() {
                sorted.push((spot.cube(EDGES), doc, *spot));
            } else {
                cells.anywhere.add(doc);
            }
        }
        sorted.sort_unstable_by_key(|(cube, doc, _)| (*cube, *doc));
        cells.docs.reserve_exact(sorted.len());
        for cell in sorted.chunk_by(|one, other| one.0 == other.0) {
            cells.docs.extend(cell.iter().map(|(_, doc, spot)| (*spot, *doc)));
            let Some((cube, ..)) = cell.first() else { continue };
            cells.cells.push(Cell { middle: Point::middle(*cube, EDGES), end: cells.docs.len() });
        }
        cells
    }

    /// Returns the records that may lie within a radius around a place.
    pub(super) fn near(&self, centre: Point, radius: Chord) -> Bits {
        let mut near = self.anywhere.clone();
        let (reach, mut from) = (radius.widened(CORNER), 0);
        for cell in &self.cells {
            if cell.middle.chord(centre) <= reach {
                for (spot, doc) in self.docs.get(from..cell.end).unwrap_or_default() {
                    if spot.chord(centre) <= radius {
                        near.add(*doc);
                    }
                }
            }
            from = cell.end;
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_whatever_lies_within_the_radius(
            places in prop::collection::vec((-90.0f64..90.0, -180.0f64..180.0), 0..200),
            close in prop::collection::vec((50.8f64..51.2, 6.8f64..7.2), 0..100),
            centre in (50.5f64..51.5, 6.5f64..7.5), km in 0.0f64..60.0,
        ) {
            let points = places.iter().chain(&close).map(|(lat, lon)| Point::new(*lat, *lon).unwrap());
            let spots: Vec<Point> = points.chain([Point::NOWHERE]).collect();
            let (centre, radius) = (Point::new(centre.0, centre.1).unwrap(), Chord::of_km(km));
            let near = Cells::of(&spots).near(centre, radius);
            for (doc, spot) in (0..).zip(&spots) {
                let found = near.has(doc);
                let within = spot.chord(centre) <= radius;
                prop_assert_eq!(found, within || !spot.is_somewhere(), "{}", doc);
            }
        }
    }
}
