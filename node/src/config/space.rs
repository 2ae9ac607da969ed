//! How much room the disk still has: a node that cannot write publishes nothing, and says so beforehand.

use super::Config;
use super::directory::Directory;

/// Less than this is nothing: a publication would not find room.
const LEAST: u64 = 1 << 20;

/// Returns whether nothing more can be written.
#[must_use]
pub fn is_full(directory: &Directory) -> bool {
    fs4::available_space(directory.path()).is_ok_and(|free| free < LEAST)
}

/// Returns what an operator has to know when less than the reserve is free.
///
/// A system that does not say how much is free is not complained about: the first write that fails is.
#[must_use]
pub fn alarm(directory: &Directory, config: &Config) -> Option<String> {
    let free_mb = fs4::available_space(directory.path()).ok()? >> 20;
    (free_mb < config.disk_reserve_mb).then(|| {
        format!(
            "Der Datenträger von {} hat nur noch {free_mb} MB frei (Vorgabe der node.toml: disk_reserve_mb = {}). Ist er voll, \
             kann dieser Knoten nichts mehr veröffentlichen und nichts Neues aufnehmen. Schaffen Sie Platz; verloren ist nichts.",
            directory.path().display(),
            config.disk_reserve_mb
        )
    })
}
