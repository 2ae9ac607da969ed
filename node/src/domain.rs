//! Rules, pure: no database, no network, no clock.

pub mod constraint;
pub mod dates;
pub mod effort;
pub mod gazetteer;
pub mod import;
pub mod language;
pub mod matching;
pub mod slots;
pub mod spelling;
pub mod time_phrase;
pub mod vocabulary;
