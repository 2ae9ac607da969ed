//! The codes on the wire and the German words people see for them: `config/vocabulary.toml`.
//!
//! A code never changes its meaning and is never given again. A code that this version does not know is
//! kept in the data and shown as "weitere": nothing is lost because a neighbour is newer.

pub mod labels;

use std::sync::LazyLock;

use serde::Deserialize;

use super::spelling;

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../config/vocabulary.toml"));

/// What is shown for a code that this version does not know.
pub const UNKNOWN: &str = "weitere";

/// The lists of the vocabulary, named as in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Is help sought or offered?
    Direction,
    /// Who seeks or offers.
    Actor,
    /// Once, regularly, as an office …
    Commitment,
    /// On site, online …
    Mode,
    /// Weekdays and times of day.
    Slots,
    /// The states of an opportunity, also those that never federate.
    Status,
    /// How soon help is needed.
    Urgency,
    /// How exactly a place is given.
    Precision,
    /// Areas of engagement.
    Fields,
    /// What people do.
    Activities,
    /// Who is helped.
    Targets,
    /// Who can take part.
    Suited,
    /// What people need to bring.
    Requirements,
    /// What can be asked about the place and the task.
    Accessibility,
    /// What the organisation gives.
    Benefits,
    /// Why an editor asks back or refuses.
    ModerationReasons,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 16] = [
        Self::Direction,
        Self::Actor,
        Self::Commitment,
        Self::Mode,
        Self::Slots,
        Self::Status,
        Self::Urgency,
        Self::Precision,
        Self::Fields,
        Self::Activities,
        Self::Targets,
        Self::Suited,
        Self::Requirements,
        Self::Accessibility,
        Self::Benefits,
        Self::ModerationReasons,
    ];

    /// Returns the name of the list in the vocabulary's files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direction => "direction",
            Self::Actor => "actor",
            Self::Commitment => "commitment",
            Self::Mode => "mode",
            Self::Slots => "slots",
            Self::Status => "status",
            Self::Urgency => "urgency",
            Self::Precision => "precision",
            Self::Fields => "fields",
            Self::Activities => "activities",
            Self::Targets => "targets",
            Self::Suited => "suited",
            Self::Requirements => "requirements",
            Self::Accessibility => "accessibility",
            Self::Benefits => "benefits",
            Self::ModerationReasons => "moderation_reasons",
        }
    }
}

/// The embedded vocabulary.
#[derive(Debug, Deserialize)]
pub struct Vocabulary {
    version: u32,
    direction: Vec<Entry>,
    actor: Vec<Entry>,
    commitment: Vec<Entry>,
    mode: Vec<Entry>,
    slots: Vec<Entry>,
    status: Vec<Entry>,
    urgency: Vec<Entry>,
    precision: Vec<Entry>,
    fields: Vec<Entry>,
    activities: Vec<Entry>,
    targets: Vec<Entry>,
    suited: Vec<Entry>,
    requirements: Vec<Entry>,
    accessibility: Vec<Entry>,
    benefits: Vec<Entry>,
    moderation_reasons: Vec<Entry>,
    freinet_fields: Vec<Mapping>,
    freinet_targets: Vec<Mapping>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    code: String,
    label: String,
    #[serde(default)]
    group: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Mapping {
    label: String,
    codes: Vec<String>,
}

impl Vocabulary {
    /// Returns the vocabulary of this version.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Vocabulary> = LazyLock::new(|| {
            toml::from_str(FILE).expect("the embedded vocabulary is the one the tests have read")
        });
        &EMBEDDED
    }

    /// Returns the version number of the vocabulary.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the German label of a code, or [`UNKNOWN`].
    #[must_use]
    pub fn label(&self, list: List, code: &str) -> &str {
        self.entry(list, code).map_or(UNKNOWN, |entry| &entry.label)
    }

    /// Returns all codes and labels of a list in the order of display.
    pub fn codes(&self, list: List) -> impl Iterator<Item = (&str, &str)> {
        self.entries(list).iter().map(|entry| (entry.code.as_str(), entry.label.as_str()))
    }

    /// Returns whether this version knows the code.
    #[must_use]
    pub fn contains(&self, list: List, code: &str) -> bool {
        self.entry(list, code).is_some()
    }

    /// Returns where the code stands in the order of display.
    #[must_use]
    pub fn position(&self, list: List, code: &str) -> Option<usize> {
        self.entries(list).iter().position(|entry| entry.code == code)
    }

    /// Returns the group of an accessibility code: `place` or `task`.
    #[must_use]
    pub fn group(&self, list: List, code: &str) -> Option<&str> {
        self.entry(list, code)?.group.as_deref()
    }

    /// Returns the code that a text names by code or by label, in whatever case and spelling.
    #[must_use]
    pub fn find(&self, list: List, text: &str) -> Option<&str> {
        let key = spelling::fold(text);
        let same = |known: &str| spelling::fold(known) == key;
        let entries = self.entries(list);
        let by_code = entries.iter().find(|entry| same(&entry.code));
        by_code.or_else(|| entries.iter().find(|entry| same(&entry.label))).map(|e| e.code.as_str())
    }

    /// Returns our codes for a "Handlungsfeld" of Freinet-Online, each with the list it belongs to.
    ///
    /// Freinet mixes areas, activities and suitability. Numbers before the label are passed over.
    pub fn freinet_field(&self, label: &str) -> impl Iterator<Item = (List, &str)> {
        mapped(&self.freinet_fields, label).iter().filter_map(|code| {
            let list = [List::Fields, List::Activities, List::Suited]
                .into_iter()
                .find(|list| self.contains(*list, code))?;
            Some((list, code.as_str()))
        })
    }

    /// Returns our codes for a "Zielgruppe" of Freinet-Online.
    pub fn freinet_target(&self, label: &str) -> impl Iterator<Item = &str> {
        mapped(&self.freinet_targets, label).iter().map(String::as_str)
    }

    fn entry(&self, list: List, code: &str) -> Option<&Entry> {
        self.entries(list).iter().find(|entry| entry.code == code)
    }

    fn entries(&self, list: List) -> &[Entry] {
        match list {
            List::Direction => &self.direction,
            List::Actor => &self.actor,
            List::Commitment => &self.commitment,
            List::Mode => &self.mode,
            List::Slots => &self.slots,
            List::Status => &self.status,
            List::Urgency => &self.urgency,
            List::Precision => &self.precision,
            List::Fields => &self.fields,
            List::Activities => &self.activities,
            List::Targets => &self.targets,
            List::Suited => &self.suited,
            List::Requirements => &self.requirements,
            List::Accessibility => &self.accessibility,
            List::Benefits => &self.benefits,
            List::ModerationReasons => &self.moderation_reasons,
        }
    }
}

fn mapped<'a>(mappings: &'a [Mapping], label: &str) -> &'a [String] {
    let key = spelling::fold(label.trim_start_matches(|c: char| !c.is_alphabetic()));
    mappings
        .iter()
        .find(|mapping| spelling::fold(&mapping.label) == key)
        .map_or(&[], |mapping| &mapping.codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: [List; 16] = [
        List::Direction,
        List::Actor,
        List::Commitment,
        List::Mode,
        List::Slots,
        List::Status,
        List::Urgency,
        List::Precision,
        List::Fields,
        List::Activities,
        List::Targets,
        List::Suited,
        List::Requirements,
        List::Accessibility,
        List::Benefits,
        List::ModerationReasons,
    ];

    #[test]
    fn every_code_is_well_formed_unique_and_found_by_itself_and_its_label() {
        let vocabulary = Vocabulary::embedded();
        assert_eq!(vocabulary.version(), 1);
        for list in LISTS {
            assert!(vocabulary.codes(list).count() > 1, "{list:?}");
            for (at, (code, label)) in vocabulary.codes(list).enumerate() {
                let shaped =
                    code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                assert!(shaped && code.len() <= 40, "{code}");
                assert_eq!(vocabulary.position(list, code), Some(at), "{code} twice");
                assert_eq!(vocabulary.find(list, &code.to_uppercase()), Some(code));
                assert_eq!(vocabulary.find(list, label), Some(code), "{label}");
            }
        }
    }

    #[test]
    fn an_unknown_code_is_shown_as_further() {
        let vocabulary = Vocabulary::embedded();
        assert_eq!(vocabulary.label(List::Fields, "bildung"), "Bildung, Lernen, Lesen, Sprache");
        assert_eq!(vocabulary.label(List::Fields, "from_the_future"), "weitere");
        assert!(!vocabulary.contains(List::Fields, "from_the_future"));
        assert_eq!(vocabulary.group(List::Accessibility, "dgs"), Some("task"));
    }

    #[test]
    fn every_freinet_code_belongs_to_a_list() {
        let vocabulary = Vocabulary::embedded();
        for mapping in &vocabulary.freinet_fields {
            assert_eq!(vocabulary.freinet_field(&mapping.label).count(), mapping.codes.len());
        }
        for mapping in &vocabulary.freinet_targets {
            for code in vocabulary.freinet_target(&mapping.label) {
                assert!(vocabulary.contains(List::Targets, code), "{code}");
            }
        }
    }

    #[test]
    fn freinet_labels_are_known_with_and_without_numbers() {
        let vocabulary = Vocabulary::embedded();
        for label in ["Freizeit und Sport", "04 Freizeit und Sport", "4. freizeit UND sport"] {
            let codes: Vec<_> = vocabulary.freinet_field(label).collect();
            assert_eq!(codes, [(List::Fields, "freizeit"), (List::Fields, "sport")], "{label}");
        }
        let codes: Vec<_> = vocabulary.freinet_field("Junges Engagement").collect();
        assert_eq!(codes, [(List::Suited, "jugendliche_ab_14")]);
        assert_eq!(vocabulary.freinet_target("3 Senior*innen").next(), Some("senioren"));
        assert_eq!(vocabulary.freinet_target("Marsmenschen").next(), None);
    }
}
