//! The languages of the pages: how each is named in addresses and in HTML, and which way it is written.
//!
//! Records stay in the language in which their organisation wrote them; a language is that of what we say
//! around them. A new language is a line here, a folder of texts and a file of labels; tests name what it lacks.

/// A language in which pages are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Language {
    /// German, in which whatever an operator or an organisation writes is written.
    #[default]
    German,
    /// German in short sentences and common words.
    Simple,
    /// English.
    English,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

impl Language {
    /// All languages, in the order in which a page offers them.
    pub const ALL: [Self; 3] = [Self::German, Self::Simple, Self::English];

    /// Returns the tag by BCP 47; `simple` is a registered variant.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::Simple => "de-simple",
            Self::English => "en",
        }
    }

    /// Returns what stands before the path of a page; nothing for German, whose addresses are the permanent ones.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::German => "",
            Self::Simple => "/de-simple",
            Self::English => "/en",
        }
    }

    /// Returns what the language calls itself: whoever needs it may not read any other.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::German => "Deutsch",
            Self::Simple => "Einfache Sprache",
            Self::English => "English",
        }
    }

    /// Returns the way it is written.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::German | Self::Simple | Self::English => Direction::Ltr,
        }
    }

    /// Returns the name that shared links carry (Open Graph): a language and a country.
    #[must_use]
    pub const fn locale(self) -> &'static str {
        match self {
            Self::German | Self::Simple => "de_DE",
            Self::English => "en_GB",
        }
    }
}

impl Direction {
    /// Returns the value of the attribute `dir`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_addresses_of_its_own() {
        for language in Language::ALL {
            let same = |other: &&Language| other.prefix() == language.prefix();
            assert_eq!(Language::ALL.iter().filter(same).count(), 1, "{language:?}");
            let named = language.prefix().trim_start_matches('/');
            assert!(named.is_empty() || named == language.tag(), "{language:?}");
        }
        assert_eq!(Language::default().prefix(), "");
    }
}
