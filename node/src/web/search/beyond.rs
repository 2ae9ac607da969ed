//! What lies just outside of where somebody looked, as a sentence with one link that looks farther.

use crate::app::search::beyond::{Beyond, Border};
use crate::web::text::t;
use crate::web::{format, link};

/// The sentence.
#[derive(Debug)]
pub(super) struct Outside {
    /// How many there are, and up to where.
    pub(super) said: String,
    /// The same search, wider.
    pub(super) href: String,
    pub(super) nearest: Option<Nearest>,
}

/// The nearest of them.
#[derive(Debug)]
pub(super) struct Nearest {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) distance: String,
}

impl Outside {
    /// Puts it into words.
    pub(super) fn new(beyond: &Beyond) -> Self {
        let (count, shown) = (beyond.count, format::number(beyond.count));
        let far = format::decimal(beyond.wider_km);
        let said = match &beyond.border {
            Border::Radius(km) => {
                let km = format::decimal(*km);
                t!("results-beyond-radius", count = count, shown = shown, km = km, far = far)
            }
            Border::Place(place) => {
                let place = place.as_str();
                t!("results-beyond-place", count = count, shown = shown, place = place, far = far)
            }
        };
        let nearest = beyond.nearest.as_ref().map(|(shown, km)| Nearest {
            title: shown.record.title.clone(),
            href: link::opportunity(&shown.origin.node, &shown.record.id),
            distance: format::distance(*km),
        });
        Self { said, href: link::search(&beyond.asked), nearest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::search::Asked;
    use crate::web::opportunity::tests::shown;
    use serde_json::json;

    #[test]
    fn one_link_looks_farther_and_the_nearest_is_named_with_its_distance() {
        let asked = Asked::from_query("q=vorlesen&near=D%C3%BClmen&radius_km=20").unwrap();
        let beyond = |count, border| Beyond {
            border,
            wider_km: 20.0,
            count,
            nearest: Some((shown(&json!({"title": "Vorlesen & mehr"}), false), 12.96)),
            asked: Box::new(asked.clone()),
        };
        let outside = Outside::new(&beyond(7, Border::Radius(10.0)));
        assert_eq!(outside.said, "Außerhalb von 10 km: 7 weitere Angebote bis 20 km");
        assert_eq!(outside.href, "/suche?q=vorlesen&near=D%C3%BClmen&radius_km=20");
        let nearest = outside.nearest.unwrap();
        assert_eq!(
            (nearest.title.as_str(), nearest.distance.as_str()),
            ("Vorlesen & mehr", "13 km")
        );
        let place = Outside::new(&beyond(1, Border::Place("Dülmen".to_owned())));
        assert_eq!(place.said, "Außerhalb von Dülmen: 1 weiteres Angebot bis 20 km");
    }
}
