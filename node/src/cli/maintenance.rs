//! `maintenance-page`: the page that a web server in front shows while the node does not run.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::config::Config;
use crate::config::directory::Directory;
use crate::web;

/// Options of `maintenance-page`.
#[derive(Debug, Args)]
pub struct MaintenancePage {}

impl MaintenancePage {
    /// Writes the page to the standard output.
    ///
    /// # Errors
    ///
    /// If the configuration cannot be read.
    pub fn run(self, directory: &Directory) -> anyhow::Result<ExitCode> {
        let config = Config::read(&directory.config())?;
        say!("{}", web::maintenance(&config).context("Wartungsseite")?.trim_end());
        Ok(ExitCode::SUCCESS)
    }
}
