//! `demo`.
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {}

impl Demo {
    /// Runs.
    ///
    /// # Errors
    ///
    /// Always, for now.
    pub async fn run(self, _dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        anyhow::bail!("kommt gleich")
    }
}
