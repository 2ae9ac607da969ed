//! Where records are: points on the Earth and official areas, packed into numbers that compare quickly.
//!
//! A scan over the whole state asks for a distance per place, so a point is kept as a vector: the nearest of
//! two places is then found with three multiplications. Distances are good to about a metre.

use engagement_protocol::id::Ags;

/// Mean radius of the Earth, in kilometres.
const EARTH_KM: f32 = 6_371.0;

/// Millionths of a degree, a tenth of a metre: what a position is rounded to in the index.
const PER_DEGREE: f64 = 1e6;

/// A point on the unit sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point([f32; 3]);

impl Point {
    /// No place: nothing is near it, and nothing is far from it.
    pub(super) const NOWHERE: Self = Self([f32::NAN; 3]);

    /// Returns the point at these degrees, or nothing if they are no degrees.
    pub(super) fn new(lat: f64, lon: f64) -> Option<Self> {
        let (valid_lat, valid_lon) = (lat.abs() <= 90.0, lon.abs() <= 180.0);
        if !(valid_lat && valid_lon) {
            return None;
        }
        let (lat, lon) = (lat.to_radians(), lon.to_radians());
        let vector = [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()];
        Some(Self(vector.map(narrow)))
    }

    /// Returns whether it has numbers.
    pub(super) const fn is_somewhere(self) -> bool {
        let [x, _, _] = self.0;
        !x.is_nan()
    }

    /// Returns which cube of a grid it lies in, whose edges are a part of the Earth's radius.
    pub(super) fn cube(self, edges: f32) -> [i16; 3] {
        self.0.map(|value| cube(value * edges))
    }

    /// Returns the middle of a cube of that grid.
    pub(super) fn middle(cube: [i16; 3], edges: f32) -> Self {
        Self(cube.map(|at| (f32::from(at) + 0.5) / edges))
    }

    /// Returns the square of the straight line to another point, which grows with the distance.
    #[inline]
    pub(super) fn chord(self, other: Self) -> Chord {
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        let (dx, dy, dz) = (a - x, b - y, c - z);
        Chord(dx * dx + dy * dy + dz * dz)
    }
}

/// The square of a straight line through the Earth whose radius is 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Chord(f32);

impl Chord {
    /// Farther than everything.
    pub(super) const FAR: Self = Self(f32::INFINITY);

    /// Returns the line under a way of `km` over the ground; what is no distance is farther than everything.
    pub(super) fn of_km(km: f64) -> Self {
        let angle = km.max(0.0) / f64::from(EARTH_KM);
        if !km.is_finite() || angle >= std::f64::consts::PI {
            return Self::FAR;
        }
        let half = (angle / 2.0).sin();
        Self(narrow(4.0 * half * half))
    }

    /// Returns the line that reaches farther by this part of the Earth's radius.
    pub(super) fn widened(self, by: f32) -> Self {
        let line = self.0.sqrt() + by;
        Self(line * line)
    }

    /// Returns the way over the ground, in kilometres.
    #[inline]
    pub(super) fn km(self) -> f32 {
        let half = (self.0.sqrt() / 2.0).min(1.0);
        // Within a country the series is exact to a centimetre, and an arc sine costs more than all else.
        let angle = if half < 0.05 { half + half * half * half / 6.0 } else { half.asin() };
        2.0 * EARTH_KM * angle
    }
}

/// Packs a position; degrees that are none are packed as the nearest ones that are.
pub(super) fn pack(lat: f64, lon: f64) -> u64 {
    (u64::from(micro(lat + 90.0)) << 32) | u64::from(micro(lon + 180.0))
}

/// Unpacks what [`pack`] packed.
pub(super) fn unpack(packed: u64) -> Option<Point> {
    let degrees = |micro: u64| f64::from(u32::try_from(micro).unwrap_or(u32::MAX)) / PER_DEGREE;
    Point::new(degrees(packed >> 32) - 90.0, degrees(packed & u64::from(u32::MAX)) - 180.0)
}

#[expect(clippy::cast_possible_truncation, reason = "a float is cast to the nearest that fits")]
#[expect(clippy::cast_sign_loss, reason = "below zero is cast to zero")]
const fn micro(degrees: f64) -> u32 {
    (degrees * PER_DEGREE).round() as u32
}

#[expect(clippy::cast_possible_truncation, reason = "no grid has as many cubes along an axis")]
const fn cube(value: f32) -> i16 {
    value.floor() as i16
}

#[expect(clippy::cast_possible_truncation, reason = "it rounds: a metre on the Earth is lost")]
const fn narrow(value: f64) -> f32 {
    value as f32
}

/// An official area as a number: its digits filled up to eight, and how many it had.
///
/// The length matters: `05515` is a Kreis key, `05515000` the city that is its only municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    first: u32,
    /// How many keys of eight digits begin with it.
    span: u32,
    digits: u32,
}

impl Area {
    /// Packs the area's key.
    pub(super) fn new(ags: &Ags) -> Self {
        let digits = u32::try_from(ags.as_str().len()).unwrap_or(8).min(8);
        let (number, span) = (ags.as_str().parse().unwrap_or(0_u32), span(digits));
        Self { first: number.saturating_mul(span), span, digits }
    }

    /// Returns whether `other` lies in this area, or is it.
    pub(super) const fn contains(self, other: Self) -> bool {
        other.digits >= self.digits && other.first.wrapping_sub(self.first) < self.span
    }

    /// Returns the Kreis of a municipality.
    pub(super) fn kreis(self) -> Option<Self> {
        let span = span(5);
        (self.digits == 8).then_some(Self { first: self.first / span * span, span, digits: 5 })
    }

    /// Packs it into a column.
    pub(super) fn pack(self) -> u64 {
        u64::from(self.first) * 16 + u64::from(self.digits)
    }

    /// Unpacks what [`Self::pack`] packed.
    pub(super) fn unpack(packed: u64) -> Option<Self> {
        let digits = u32::try_from(packed % 16).ok().filter(|digits| *digits <= 8)?;
        Some(Self { first: u32::try_from(packed / 16).ok()?, span: span(digits), digits })
    }
}

const fn span(digits: u32) -> u32 {
    10_u32.pow(8_u32.saturating_sub(digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn haversine(a: (f64, f64), b: (f64, f64)) -> f64 {
        let (la, lb) = (a.0.to_radians(), b.0.to_radians());
        let (dlat, dlon) = ((lb - la) / 2.0, (b.1 - a.1).to_radians() / 2.0);
        let h = dlat.sin().powi(2) + la.cos() * lb.cos() * dlon.sin().powi(2);
        2.0 * f64::from(EARTH_KM) * h.sqrt().min(1.0).asin()
    }

    fn ags() -> impl Strategy<Value = Ags> {
        prop_oneof!["05|06", "05[15]|059", "055(58|15)|05911", "055(58012|15000)|05911000"]
            .prop_map(|text| text.parse().unwrap())
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_sphere(
            lat in 50.3f64..52.6, lon in 5.8f64..9.5, far_lat in -90.0f64..90.0, far_lon in -180.0f64..180.0,
        ) {
            let dom = (50.9413, 6.9583);
            for other in [(lat, lon), (far_lat, far_lon)] {
                let found = unpack(pack(other.0, other.1)).unwrap();
                let km = f64::from(Point::new(dom.0, dom.1).unwrap().chord(found).km());
                let expected = haversine(dom, other);
                prop_assert!((km - expected).abs() < 0.003 + expected * 1e-3, "{km} {expected}");
            }
        }

        #[test]
        fn a_radius_is_the_distance_it_says(km in 0.1f64..300.0) {
            prop_assert!((f64::from(Chord::of_km(km).km()) - km).abs() < 0.002);
        }

        #[test]
        fn areas_contain_what_their_keys_begin(one in ags(), other in ags()) {
            prop_assert_eq!(Area::new(&one).contains(Area::new(&other)), one.contains(&other));
            prop_assert_eq!(Area::unpack(Area::new(&one).pack()), Some(Area::new(&one)));
        }

        #[test]
        fn takes_any_number(lat: f64, lon: f64, km: f64, packed: u64) {
            let _ = (Point::new(lat, lon), unpack(pack(lat, lon)), unpack(packed), Area::unpack(packed));
            prop_assert!(Chord::of_km(km) >= Chord(0.0));
        }
    }

    #[test]
    fn what_is_no_number_is_no_place() {
        assert_eq!(Point::new(f64::NAN, 7.0), None);
        assert_eq!(Point::new(51.0, 181.0), None);
        assert_eq!(Chord::of_km(f64::NAN), Chord::FAR);
        assert_eq!(Chord::of_km(-1.0), Chord(0.0));
    }
}
