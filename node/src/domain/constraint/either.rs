//! "samstags oder online": either will do, so that neither may be asked for alone.

use super::{Ask, Constraint, Kind, Scan};

impl Scan<'_> {
    /// Joins constraints that only an "oder" stands between. Two that are not wanted both hold: "nicht in Coesfeld oder
    /// nicht in Dülmen" is said of both.
    pub(super) fn join(&mut self) {
        let mut joined: Vec<Constraint> = Vec::new();
        for next in std::mem::take(&mut self.found) {
            let between = joined.last().map_or(0..0, |last| last.span.end..next.span.start);
            let is_or =
                self.query.get(between).is_some_and(|text| matches!(text.trim(), "oder" | "or"));
            let may_join = |last: &&mut Constraint| {
                // A guess may still turn out to be a word.
                is_or && !(last.negated || next.negated || last.guessed || next.guessed)
            };
            match joined.last_mut().filter(may_join) {
                Some(last) => last.or(next),
                None => joined.push(next),
            }
        }
        self.found = joined;
    }
}

impl Constraint {
    /// Becomes what asks for this or for another one.
    fn or(&mut self, other: Self) {
        self.label = format!("{} oder {}", self.label, uncapitalised(&other));
        if other.kind == Kind::Place && self.kind != Kind::Place {
            (self.kind, self.named) = (Kind::Place, other.named);
        }
        self.span.end = other.span.end;
        self.ask = match (std::mem::replace(&mut self.ask, Ask::Anything), other.ask) {
            (Ask::Inside(spots), Ask::Modes(modes)) | (Ask::Modes(modes), Ask::Inside(spots)) => {
                Ask::InsideOr(spots, modes)
            }
            // What is done from anywhere is within every radius.
            (around @ (Ask::Around(..) | Ask::Nearby(_)), Ask::Modes(modes))
            | (Ask::Modes(modes), around @ (Ask::Around(..) | Ask::Nearby(_)))
                if modes.iter().any(|mode| mode == "remote") =>
            {
                around
            }
            (Ask::Slots(mut slots), Ask::Slots(others)) => {
                slots.extend(others);
                Ask::Slots(slots)
            }
            _ => {
                self.label.push_str(" (ohne Filter)");
                Ask::Anything
            }
        };
    }
}

/// "Ortsunabhängig" stands in the middle of a label.
fn uncapitalised(constraint: &Constraint) -> String {
    let mut letters = constraint.label.chars();
    match letters.next().filter(|_| constraint.kind == Kind::Mode) {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => constraint.label.clone(),
    }
}
