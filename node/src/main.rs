//! The command line of a node.

use std::process::ExitCode;

fn main() -> ExitCode {
    engagement_node::cli::main()
}
