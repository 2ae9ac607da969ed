//! The six questions, in their order, and which parameters hold the answers to each.

use crate::app::search::Asked;
use crate::web::language;
use crate::web::text::t;

/// Where the questions are.
pub(in crate::web) const FINDER: &str = "/finden";
/// Where it is said what counts how much.
pub(in crate::web) const WEIGHTS: &str = "/finden/gewichtung";

/// Longest text that is said back, in characters.
const SAID_CHARS: usize = 60;

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Question {
    /// What for?
    Field,
    /// What to do?
    Activity,
    /// For whom?
    Target,
    /// Where?
    Place,
    /// When, and how much?
    Time,
    /// What else is to be heeded?
    You,
}

impl Question {
    /// All, in their order.
    pub(in crate::web) const ALL: [Self; 6] =
        [Self::Field, Self::Activity, Self::Target, Self::Place, Self::Time, Self::You];

    /// Returns the question with this number in an address.
    pub(super) fn by_number(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.number().to_string() == number)
    }

    /// Returns the question that a parameter answers.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.keys().contains(&name))
    }

    /// Returns the parameters that answer it.
    pub(super) const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Field => &["wish_field", "not_field", "need"],
            Self::Activity => &["wish_activity"],
            Self::Target => &["wish_target"],
            Self::Place => &["near", "radius_km", "mode"],
            Self::Time => &["wish_day", "wish_time", "wish_slot", "wish_hours", "wish_commitment"],
            Self::You => &["age", "without", "wish_suited"],
        }
    }

    /// Returns the must-haves that belong to it: their names stand in a list that all questions share.
    pub(super) const fn musts(self) -> &'static [&'static str] {
        match self {
            Self::Field => &["field", "need"],
            Self::Time => &["slot"],
            _ => &[],
        }
    }

    /// Returns the answers to the other questions.
    pub(super) fn removed_from(self, asked: &Asked) -> Asked {
        let mut others = asked.clone();
        for key in self.keys() {
            match *key {
                "near" => others.near = None,
                "radius_km" => others.radius_km = None,
                "mode" => others.modes.clear(),
                "age" => others.age = None,
                "wish_hours" => others.wish.hours = None,
                key => others.wish.list_mut(key).map(Vec::clear).unwrap_or_default(),
            }
        }
        others.wish.musts.retain(|must| !self.musts().contains(&must.as_str()));
        others
    }

    /// Returns its number, from 1 on.
    pub(super) fn number(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or(0) + 1
    }

    /// Returns the question after it.
    pub(super) fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }

    /// Returns the question before it.
    pub(super) fn before(self) -> Option<Self> {
        Self::ALL.get(self.number().checked_sub(2)?).copied()
    }

    /// Returns its address.
    pub(in crate::web) fn path(self) -> String {
        match self {
            Self::Field => FINDER.to_owned(),
            other => format!("{FINDER}/{}", other.number()),
        }
    }

    /// Returns the question.
    pub(super) fn heading(self) -> String {
        match self {
            Self::Field => t!("finder-field"),
            Self::Activity => t!("finder-activity"),
            Self::Target => t!("finder-target"),
            Self::Place => t!("finder-place"),
            Self::Time => t!("finder-time"),
            Self::You => t!("finder-you"),
        }
    }

    /// Returns the question in a word or two.
    pub(super) fn label(self) -> String {
        match self {
            Self::Field => t!("finder-field-short"),
            Self::Activity => t!("finder-activity-short"),
            Self::Target => t!("finder-target-short"),
            Self::Place => t!("finder-place-short"),
            Self::Time => t!("finder-time-short"),
            Self::You => t!("finder-you-short"),
        }
    }

    /// Returns what helps to answer.
    ///
    /// A Land has no middle that a distance would mean something from.
    pub(super) fn hint(self, is_town: bool) -> String {
        match self {
            Self::Field | Self::Activity | Self::Target => t!("finder-choose"),
            Self::Place if is_town => t!("finder-place-hint"),
            Self::Place => t!("finder-place-hint-land"),
            Self::Time => t!("finder-time-hint"),
            Self::You => t!("finder-you-hint"),
        }
    }

    /// Says in the words of the page what is wrong with an answer.
    pub(super) fn rule(self, name: &str, query: &str, rule: String) -> String {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        match name {
            "near" => {
                let said = pairs.find(|(key, _)| key == name).map(|(_, value)| value);
                let place: String = said.unwrap_or_default().chars().take(SAID_CHARS).collect();
                if place.contains(char::REPLACEMENT_CHARACTER) {
                    return t!("refused-text");
                }
                t!("refused-near", place = place)
            }
            "radius_km" => t!("refused-radius-bad"),
            "age" => t!("finder-refused-age"),
            // The interface says its rules in German.
            _ if !language::is_german() => t!("refused-other", name = name),
            _ => rule,
        }
    }
}

/// Returns the first question that was answered, to change it; nothing if none was.
pub(in crate::web) fn first_answered(asked: &Asked) -> Option<Question> {
    (!asked.wish.is_empty()).then(|| {
        let answered = Question::ALL.into_iter().find(|one| one.removed_from(asked) != *asked);
        answered.unwrap_or(Question::Field)
    })
}
