//! The command line of a node.

#[cfg(feature = "planted")]
compile_error!("planted bugs are for the simulator alone");

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// The system's allocator keeps an arena for each thread that ever was busy, and gives little of it back:
/// after a first copy of 25,000 records a node held 184 MB with it, and 129 MB with this one. Huge pages are
/// off, because they double what an idle node holds.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    engagement_node::cli::main()
}
