//! Days of the week and times of day as sets, and the slots that they are.

use engagement_protocol::opportunity::Code;

/// Days of the week; Monday is the lowest bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days(u8);

/// Times of day: morning, afternoon, evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts(u8);

impl Days {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);
    /// The whole week.
    pub const ALL: Self = Self(0b111_1111);

    /// Returns one day; 0 is Monday.
    pub(crate) const fn one(number: u8) -> Self {
        Self(1 << (number % 7))
    }

    /// Returns the days from the first of these to the first of those, over Sunday if need be.
    pub(crate) const fn to(self, last: Self) -> Self {
        let (mut day, mut days) = (self.0, self.0);
        while day != 0 && day & last.0 == 0 && days != Self::ALL.0 {
            day = if day == 0b100_0000 { 1 } else { day << 1 };
            days |= day;
        }
        Self(days)
    }

    /// Returns both together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns how many days there are.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Returns whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Parts {
    /// No time of day.
    pub const NONE: Self = Self(0);
    /// Before noon.
    pub const MORNING: Self = Self(1);
    /// From noon to six.
    pub const AFTERNOON: Self = Self(2);
    /// From six on.
    pub const EVENING: Self = Self(4);
    /// The whole day.
    pub const ALL: Self = Self(7);

    /// Returns both together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Days crossed with times of day, as often as somebody says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Week(u32);

/// The codes of days, Monday first.
const DAY_CODES: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
/// The codes of times of day.
const PART_CODES: [&str; 3] = ["am", "pm", "ev"];
/// The codes of every day at every time, Monday morning first.
const SLOT_CODES: [&str; 21] = [
    "mo_am", "mo_pm", "mo_ev", "tu_am", "tu_pm", "tu_ev", "we_am", "we_pm", "we_ev", "th_am",
    "th_pm", "th_ev", "fr_am", "fr_pm", "fr_ev", "sa_am", "sa_pm", "sa_ev", "su_am", "su_pm",
    "su_ev",
];

impl Week {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Always.
    pub const ALL: Self = Self((1 << 21) - 1);

    /// Returns these times on these days; what is not said does not narrow.
    pub fn of(days: Days, parts: Parts) -> Self {
        let days = if days.is_empty() { Days::ALL } else { days };
        let parts = if parts.is_empty() { Parts::ALL } else { parts };
        let day = (0..7).filter(|day| days.0 & (1 << day) != 0);
        Self(day.fold(0, |week, day| week | (u32::from(parts.0) << (3 * day))))
    }

    /// Returns both together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns what is in both.
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns whether there is nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the codes of the slots in the order of the vocabulary.
    pub fn codes(self) -> Vec<Code> {
        self.names().map(str::to_owned).collect()
    }

    /// Returns the codes of the slots in the order of the vocabulary, as they stand in the program.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let set = SLOT_CODES.iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0);
        set.map(|(_, code)| *code)
    }

    /// Returns the slots among some codes, and the others.
    pub fn read(codes: &[Code]) -> (Self, Vec<&str>) {
        let (mut week, mut others) = (0, Vec::new());
        for code in codes {
            let bit = code.split_once('_').and_then(|(day, part)| {
                let day = DAY_CODES.iter().position(|known| *known == day)?;
                Some(3 * day + PART_CODES.iter().position(|known| *known == part)?)
            });
            match bit {
                Some(bit) => week |= 1 << bit,
                None => others.push(code.as_str()),
            }
        }
        (Self(week), others)
    }

    /// Returns the times of one day; 0 is Monday.
    pub(crate) const fn on(self, day: u8) -> Parts {
        Parts(((self.0 >> (3 * (day % 7))) & 7) as u8)
    }

    /// Returns the bits, Monday morning the lowest.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_days_may_pass_sunday() {
        assert_eq!(Days::one(0).to(Days::one(4)), Days::WEEKDAYS);
        assert_eq!(Days::one(5).to(Days::one(0)).count(), 3);
        assert_eq!(Days::NONE.to(Days::one(1)), Days::NONE);
        assert_eq!(Days::one(2).to(Days::NONE), Days::ALL);
    }

    #[test]
    fn codes_read_back() {
        let week = Week::of(Days::WEEKEND, Parts::EVENING).and(Week::of(Days::one(0), Parts::NONE));
        let mut codes = week.codes();
        assert_eq!(codes, ["mo_am", "mo_pm", "mo_ev", "sa_ev", "su_ev"]);
        codes.push("night".to_owned());
        assert_eq!(Week::read(&codes), (week, vec!["night"]));
        assert_eq!(Week::of(Days::NONE, Parts::NONE), Week::ALL);
        let vocabulary = crate::domain::vocabulary::Vocabulary::embedded();
        let known = vocabulary.codes(crate::domain::vocabulary::List::Slots).map(|(code, _)| code);
        assert!(known.take(21).eq(Week::ALL.codes().iter().map(String::as_str)));
    }
}
