//! A node of Engagementnetz.
//!
//! Modules look only downwards: `cli`, `jobs`, `api`, `web` → `app` → `sync`, `feed`, `search` → `store` →
//! `domain` → `clock`, `entropy`, `config`. `tests/it/house_rules.rs` keeps it so.

pub mod domain;
pub mod search;
