//! Proof files: what a node was caught at, in a form that a third party can check.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use engagement_protocol::proof::Proof;

use super::App;

impl App {
    /// Writes a file for every proof in the database that has none yet.
    ///
    /// One that cannot be written is tried again with the next proof and at the next start.
    pub async fn keep_proofs(&self) {
        let caught = match self.inner.store.read(|tx| tx.caught()).await {
            Ok(caught) => caught,
            Err(error) => return tracing::error!(%error, "proofs"),
        };
        let followed = self.inner.sync.followed();
        let folder = self.inner.directory.proofs();
        for one in caught {
            let path = folder.join(format!("{}-{}-{}.json", one.node, one.feed, one.seq));
            if path.exists() {
                continue;
            }
            let keys = followed.keys(&one.node, one.feed);
            let Some(bytes) = Proof::write(&one.first, &one.second, keys) else { continue };
            match write(&folder, &path, &bytes) {
                Ok(()) => tracing::error!(
                    node = %one.node, feed = %one.feed, seq = one.seq,
                    "ALARM: a node has signed two states with one number; the proof is kept"
                ),
                Err(error) => tracing::error!(node = %one.node, %error, "the proof is not written"),
            }
        }
    }
}

fn write(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let next = path.with_extension("new");
    let mut file = File::create(&next)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&next, path)?;
    File::open(folder)?.sync_all()
}
