//! What a record says about time and age, as one number, and whether it fits what somebody wished for.

use engagement_protocol::opportunity::Opportunity;

use crate::domain::effort;
use crate::domain::matching::facts;
use crate::search::query::Wish;

/// Parts of an hour that are told apart.
const PER_HOUR: f64 = 4.0;
/// Room for a rounding: two hours a week are 8.7 a month, and somebody who has nine meant them.
const ROUNDING: f64 = 0.13;

/// Hours and ages of one record; 0 means that it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Time {
    /// Quarters of an hour at once.
    once: u16,
    /// Quarters of an hour a month.
    month: u16,
    /// Times a year.
    year: u16,
    youngest: u8,
    oldest: u8,
}

impl Time {
    /// Reads a record.
    pub(super) fn of(record: &Opportunity) -> Self {
        let hours = record.hours.as_ref();
        let once = hours.and_then(|hours| hours.per_occurrence);
        let month = hours.and_then(effort::a_month);
        let year = hours.and_then(effort::times_a_month).map(|times| times * 12.0);
        Self {
            once: effort::quarters(once),
            month: effort::quarters(month),
            year: whole(year),
            youngest: facts::youngest(record),
            oldest: record.age_max.unwrap_or(0),
        }
    }

    /// Returns the quarters of an hour a month, and the youngest and the oldest age.
    pub(super) const fn month_and_ages(self) -> (u16, u8, u8) {
        (self.month, self.youngest, self.oldest)
    }

    /// Packs it into a column.
    pub(super) fn pack(self) -> u64 {
        let Self { once, month, year, youngest, oldest } = self;
        u64::from(once)
            | (u64::from(month) << 16)
            | (u64::from(year) << 32)
            | (u64::from(youngest) << 48)
            | (u64::from(oldest) << 56)
    }

    /// Unpacks what [`Self::pack`] packed.
    pub(super) const fn unpack(packed: u64) -> Self {
        let [a, b, c, d, e, f, youngest, oldest] = packed.to_le_bytes();
        Self {
            once: u16::from_le_bytes([a, b]),
            month: u16::from_le_bytes([c, d]),
            year: u16::from_le_bytes([e, f]),
            youngest,
            oldest,
        }
    }

    /// Returns how what is said fits a wish, if it does.
    pub(super) fn fits(self, wish: &Wish) -> Option<Fit> {
        let limits = [
            (wish.hours_at_once, f64::from(self.once) / PER_HOUR),
            (wish.hours_a_month, f64::from(self.month) / PER_HOUR),
            (wish.times_a_year.map(f64::from), f64::from(self.year)),
        ];
        let mut fit = Fit::default();
        for (most, said) in limits {
            match most {
                Some(_) if said == 0.0 => fit.unsaid += 1,
                Some(most) if said > most + ROUNDING => return None,
                _ => {}
            }
        }
        let old_enough = wish.age.is_none_or(|age| age >= self.youngest);
        let young_enough = wish.age.is_none_or(|age| self.oldest == 0 || age <= self.oldest);
        fit.ageless = wish.age.is_some() && self.youngest == 0 && self.oldest == 0;
        (old_enough && young_enough).then_some(fit)
    }
}

/// How a record fits a wish that it says nothing against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fit {
    /// How many of the things that were wished for it leaves open.
    pub(super) unsaid: u8,
    /// Whether an age was asked for and it names none: no answer left open, but no welcome either.
    pub(super) ageless: bool,
}

/// Rounds to a number that fits; what is said is at least 1, or it would look as if nothing were.
#[expect(clippy::cast_possible_truncation, reason = "a float is cast to the nearest that fits")]
#[expect(clippy::cast_sign_loss, reason = "it is at least 1")]
fn whole(value: Option<f64>) -> u16 {
    value.filter(|value| *value > 0.0).map_or(0, |value| value.round().max(1.0) as u16)
}

#[cfg(test)]
mod tests {
    use engagement_protocol::opportunity::Hours;

    use super::*;
    use crate::search::check::record;

    fn of(once: f64, times: u32, per: &str) -> Time {
        let mut record = record("Garten");
        let (per_occurrence, times, per) = (Some(once), Some(times), Some(per.to_owned()));
        record.hours = Some(Hours { per_occurrence, times, per, flexible: None });
        Time::unpack(Time::of(&record).pack())
    }

    #[test]
    fn what_says_something_else_fails_and_what_says_nothing_stays() {
        let wish = |hours| Wish { hours_a_month: Some(hours), ..Wish::NOTHING };
        let weekly = of(2.0, 1, "week");
        let fits = Some(Fit::default());
        assert_eq!(weekly.fits(&wish(8.7)), fits);
        assert_eq!(weekly.fits(&wish(5.0)), None);
        assert_eq!(Time::default().fits(&wish(5.0)).map(|fit| fit.unsaid), Some(1));
        let often = Wish { times_a_year: Some(12), ..Wish::NOTHING };
        assert_eq!((weekly.fits(&often), of(3.0, 1, "month").fits(&often)), (None, fits));
        let short = Wish { hours_at_once: Some(1.5), ..Wish::NOTHING };
        assert_eq!((weekly.fits(&short), of(1.5, 9, "year").fits(&short)), (None, fits));
    }

    #[test]
    fn ages_are_limits_only_where_they_are_said() {
        let wish = |age| Wish { age: Some(age), ..Wish::NOTHING };
        let mut young = record("Garten");
        (young.age_min, young.age_max) = (Some(14), Some(27));
        let young = Time::unpack(Time::of(&young).pack());
        let fits = [13, 14, 27, 28].map(|age| young.fits(&wish(age)));
        assert_eq!(fits, [None, Some(Fit::default()), Some(Fit::default()), None]);
        assert_eq!(Time::default().fits(&wish(5)), Some(Fit { unsaid: 0, ageless: true }));
        let mut youths = record("Garten");
        youths.suited = vec!["jugendliche_ab_14".to_owned()];
        assert_eq!(Time::of(&youths).fits(&wish(15)), Some(Fit::default()));
        assert_eq!(Time::of(&youths).fits(&wish(13)), None);
    }

    #[test]
    fn any_number_has_a_place() {
        for hours in [0.0, -1.0, 1e9, f64::NAN, f64::INFINITY, 0.01] {
            let time = of(hours, u32::MAX, "day");
            assert_eq!(Time::unpack(time.pack()), time);
        }
        assert_eq!(of(0.01, 1, "year").once, 1);
    }
}
