//! Rules, pure: no database, no network, no clock.

pub mod effort;
pub mod gazetteer;
pub mod import;
pub mod spelling;
pub mod vocabulary;
