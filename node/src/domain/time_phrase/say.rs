//! Times in words: what was understood, for reports and chips. "Montag bis Freitag nachmittags".

use engagement_protocol::opportunity::{Code, Hours};

use super::week::{Parts, Week};
use crate::domain::language::Language;
use crate::domain::vocabulary::{List, Vocabulary};

/// The words of a language for days and times of day.
#[derive(Debug)]
struct Wording {
    /// A day that stands for itself.
    days: [&'static str; 7],
    /// A day that begins or ends a row of days.
    names: [&'static str; 7],
    /// The parts of a day, behind a day or alone.
    parts: [&'static str; 3],
    /// Saturday and Sunday, the whole day.
    weekend: &'static str,
    /// The same before a part of the day.
    weekend_part: &'static str,
    to: &'static str,
    and: &'static str,
}

const NAMES: [&str; 7] =
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const ENGLISH_NAMES: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const GERMAN: Wording = Wording {
    days: ["montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"],
    names: NAMES,
    parts: ["vormittags", "nachmittags", "abends"],
    weekend: "am Wochenende",
    weekend_part: "am Wochenende",
    to: "bis",
    and: "und",
};

const SIMPLE: Wording = Wording {
    days: NAMES,
    names: NAMES,
    parts: ["am Vormittag", "am Nachmittag", "am Abend"],
    weekend: "am Wochenende",
    weekend_part: "Samstag und Sonntag",
    to: "bis",
    and: "und",
};

const ENGLISH: Wording = Wording {
    days: ENGLISH_NAMES,
    names: ENGLISH_NAMES,
    parts: ["mornings", "afternoons", "evenings"],
    weekend: "weekends",
    weekend_part: "weekend",
    to: "to",
    and: "and",
};

/// Returns slots in German words; days with the same times are named together, and codes that nobody knows are one
/// "weitere".
#[must_use]
pub fn slots(codes: &[Code]) -> String {
    let vocabulary = Vocabulary::embedded();
    slots_in(Language::German, codes, |code| vocabulary.label(List::Slots, code).to_owned())
}

/// Returns slots in the words of a language; `label` names what is no day of the week.
#[must_use]
pub fn slots_in(language: Language, codes: &[Code], label: impl Fn(&str) -> String) -> String {
    let wording = match language {
        Language::German => &GERMAN,
        Language::Simple => &SIMPLE,
        Language::English => &ENGLISH,
    };
    let (week, others) = Week::read(codes);
    let mut said: Vec<String> = Vec::new();
    let mut done = [false; 7];
    for day in 0_u8..7 {
        let parts = week.on(day);
        if parts.is_empty() || done.get(usize::from(day)).copied().unwrap_or(true) {
            continue;
        }
        let same: Vec<usize> =
            (0_u8..7).filter(|other| week.on(*other) == parts).map(usize::from).collect();
        for day in &same {
            if let Some(done) = done.get_mut(*day) {
                *done = true;
            }
        }
        let days = days(wording, &same, parts != Parts::ALL);
        let times = times(wording, parts);
        said.push(
            [days, times].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        );
    }
    let vocabulary = Vocabulary::embedded();
    let mut strange = false;
    for code in others {
        // Codes that nobody knows are one word.
        let known = vocabulary.contains(List::Slots, code);
        if known || !std::mem::replace(&mut strange, true) {
            said.push(label(code));
        }
    }
    said.join(", ")
}

/// Returns how long and how often in words.
#[must_use]
pub fn hours(hours: &Hours) -> String {
    if hours.flexible == Some(true) && hours.per_occurrence.is_none() {
        return "Zeit frei einteilbar".to_owned();
    }
    let amount = hours.per_occurrence.map(|hours| {
        if hours < 0.95 {
            return format!("{:.0} Minuten", hours * 60.0);
        }
        let number = decimal(hours);
        if number == "1" { "1 Stunde".to_owned() } else { format!("{number} Stunden") }
    });
    let often = hours.times.zip(hours.per.as_deref()).map(|(times, per)| {
        let per = match per {
            "day" => "am Tag",
            "week" => "in der Woche",
            "month" => "im Monat",
            _ => "im Jahr",
        };
        match (times, &amount) {
            (1, Some(_)) => per.to_owned(),
            (times, _) => format!("{times}-mal {per}"),
        }
    });
    [amount, often].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Returns a number with a decimal comma, to a tenth.
#[must_use]
pub fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or_else(|| text.replace('.', ","), str::to_owned)
}

fn days(wording: &Wording, days: &[usize], has_part: bool) -> String {
    let name = |day: &usize| wording.names.get(*day).copied().unwrap_or_default();
    let run = days.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b));
    match days {
        [5, 6] if has_part => wording.weekend_part.to_owned(),
        [5, 6] => wording.weekend.to_owned(),
        days if days.len() == 7 => String::new(),
        [first, .., last] if run && days.len() > 2 => {
            format!("{} {} {}", name(first), wording.to, name(last))
        }
        days => {
            let words: Vec<_> =
                days.iter().filter_map(|day| wording.days.get(*day).copied()).collect();
            list(wording, &words)
        }
    }
}

fn times(wording: &Wording, parts: Parts) -> String {
    let [morning, afternoon, evening] = wording.parts;
    let all = [(Parts::MORNING, morning), (Parts::AFTERNOON, afternoon), (Parts::EVENING, evening)];
    if parts == Parts::ALL {
        return String::new();
    }
    let words: Vec<_> = all
        .into_iter()
        .filter(|(part, _)| parts.and(*part) == parts)
        .map(|(_, word)| word)
        .collect();
    list(wording, &words)
}

fn list(wording: &Wording, words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} {} {last}", first.join(", "), wording.and),
    }
}

#[cfg(test)]
mod tests {
    use super::super::week::Days;
    use super::*;

    #[test]
    fn days_with_the_same_times_are_named_together() {
        let say = |days, parts| slots(&Week::of(days, parts).codes());
        assert_eq!(say(Days::WEEKDAYS, Parts::AFTERNOON), "Montag bis Freitag nachmittags");
        assert_eq!(say(Days::NONE, Parts::EVENING), "abends");
        assert_eq!(say(Days::WEEKEND, Parts::NONE), "am Wochenende");
        assert_eq!(say(Days::one(5), Parts::NONE), "samstags");
        let two = Week::of(Days::one(0).and(Days::one(2)), Parts::MORNING);
        let mut codes = two.and(Week::of(Days::one(4), Parts::EVENING)).codes();
        codes.extend(["by_arrangement", "neu_1", "neu_2"].map(str::to_owned));
        let said = "montags und mittwochs vormittags, freitags abends, nach Absprache, weitere";
        assert_eq!(slots(&codes), said);
    }

    #[test]
    fn every_language_names_days_together_in_its_own_words() {
        let say = |language, days: Days, parts| {
            slots_in(language, &Week::of(days, parts).codes(), str::to_owned)
        };
        let two = || Days::one(3).and(Days::one(5));
        let both = Parts::MORNING.and(Parts::AFTERNOON);
        let table = [
            (Days::one(5), Parts::MORNING, "Samstag am Vormittag", "Saturday mornings"),
            (
                two(),
                both,
                "Donnerstag und Samstag am Vormittag und am Nachmittag",
                "Thursday and Saturday mornings and afternoons",
            ),
            (
                Days::WEEKDAYS,
                Parts::AFTERNOON,
                "Montag bis Freitag am Nachmittag",
                "Monday to Friday afternoons",
            ),
            (Days::NONE, Parts::EVENING, "am Abend", "evenings"),
            (Days::WEEKEND, Parts::NONE, "am Wochenende", "weekends"),
            (Days::WEEKEND, Parts::MORNING, "Samstag und Sonntag am Vormittag", "weekend mornings"),
        ];
        for (days, parts, simple, english) in table {
            assert_eq!(say(Language::Simple, days, parts), simple);
            assert_eq!(say(Language::English, days, parts), english);
        }
        let strange = ["night", "neu_1", "neu_2"].map(str::to_owned);
        assert_eq!(
            slots_in(Language::English, &strange, |code| format!("<{code}>")),
            "<night>, <neu_1>"
        );
    }

    #[test]
    fn amounts_are_said_as_people_say_them() {
        let say = |per_occurrence, times, per: &str| {
            hours(&Hours { per_occurrence, times, per: Some(per.to_owned()), flexible: None })
        };
        assert_eq!(say(Some(2.5), Some(1), "week"), "2,5 Stunden in der Woche");
        assert_eq!(say(Some(3.0), Some(2), "month"), "3 Stunden 2-mal im Monat");
        assert_eq!(say(None, Some(1), "year"), "1-mal im Jahr");
        assert_eq!(say(Some(0.5), None, "week"), "30 Minuten");
    }
}
