//! Places outside North Rhine-Westphalia: "Vorlesen in Hamburg" finds nothing there, and the page should say so.
//!
//! No node of this network is there, so the name is no filter and no word to look for either: it is shown as what it
//! is. Only behind a word that leads to a place, as "Berlin" alone may stand in a text.

use super::{Ask, Kind, Scan};

/// Cities with more than some hundred thousand inhabitants, those close to the border, the other Länder and
/// neighbouring countries; none is also a name in North Rhine-Westphalia.
const ELSEWHERE: &[&str] = &[
    "amsterdam",
    "augsburg",
    "bamberg",
    "bayern",
    "bayreuth",
    "belgien",
    "berlin",
    "brandenburg",
    "braunschweig",
    "bremen",
    "bremerhaven",
    "celle",
    "chemnitz",
    "cottbus",
    "cuxhaven",
    "darmstadt",
    "dresden",
    "emden",
    "enschede",
    "erfurt",
    "erlangen",
    "flensburg",
    "frankfurt",
    "frankreich",
    "freiburg",
    "fulda",
    "giessen",
    "goerlitz",
    "goettingen",
    "hamburg",
    "hameln",
    "hannover",
    "heidelberg",
    "heilbronn",
    "hessen",
    "hildesheim",
    "holland",
    "ingolstadt",
    "jena",
    "karlsruhe",
    "kassel",
    "kiel",
    "koblenz",
    "konstanz",
    "leipzig",
    "ludwigshafen",
    "luebeck",
    "lueneburg",
    "luxemburg",
    "luettich",
    "maastricht",
    "magdeburg",
    "mainz",
    "mannheim",
    "muenchen",
    "neuwied",
    "niederlande",
    "niederlanden",
    "niedersachsen",
    "nijmegen",
    "nordhorn",
    "nuernberg",
    "oesterreich",
    "offenbach",
    "osnabrueck",
    "papenburg",
    "passau",
    "pforzheim",
    "polen",
    "potsdam",
    "regensburg",
    "reutlingen",
    "rostock",
    "saarbruecken",
    "saarland",
    "sachsen",
    "salzgitter",
    "schweiz",
    "schwerin",
    "stuttgart",
    "thueringen",
    "trier",
    "tuebingen",
    "venlo",
    "weimar",
    "wien",
    "wiesbaden",
    "wilhelmshaven",
    "wolfsburg",
    "wuerzburg",
    "zwickau",
];
/// What leads to one.
const LEADS: &[&[&str]] = &[
    &["in", "der", "naehe", "von"],
    &["in", "der"],
    &["in", "den"],
    &["im"],
    &["in"],
    &["bei"],
    &["nahe"],
];

impl Scan<'_> {
    /// Finds one, if no other place was found.
    pub(super) fn elsewhere(&mut self) {
        for at in 0..self.tokens.len() {
            let lead = self.longest(at, LEADS);
            let name = at + lead;
            let end = name + 1;
            let is_name = self.word(name).is_some_and(|word| ELSEWHERE.contains(&word));
            let glued = self.is_joined(end);
            if lead == 0 || !is_name || glued || !self.is_free(at..end) {
                continue;
            }
            let label = format!("{}: nicht in NRW (ohne Filter)", self.text(&(name..end)));
            self.keep(at..end, Kind::Place, label, Ask::Anything, false);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::gazetteer::Gazetteer;

    #[test]
    fn none_is_a_name_in_the_land() {
        for name in ELSEWHERE {
            assert_eq!(Gazetteer::embedded().named(name), None, "{name}");
        }
    }
}
