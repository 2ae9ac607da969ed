//! Rules, pure: no database, no network, no clock.
