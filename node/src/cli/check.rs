//! `check`.
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Check {}

impl Check {
    /// Runs.
    ///
    /// # Errors
    ///
    /// Always, for now.
    pub async fn run(self, _dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        anyhow::bail!("kommt gleich")
    }
}
