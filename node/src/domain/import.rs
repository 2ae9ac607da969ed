//! Offers from other systems: read, checked, compared.

pub mod plain;
