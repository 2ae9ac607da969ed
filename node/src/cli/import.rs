//! `import`: reads opportunities from a file.
use std::process::ExitCode;

use clap::Args;

use crate::config::directory::Directory;

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {}

impl Import {
    /// Imports.
    ///
    /// # Errors
    ///
    /// Always, for now.
    pub async fn run(self, _directory: Directory) -> anyhow::Result<ExitCode> {
        anyhow::bail!("kommt gleich")
    }
}
