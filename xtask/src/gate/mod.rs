//! What is held besides the tests: each module is one thing that a change must not break, and the command that mends it.

mod advisories;
mod bare;
mod circles;
mod clippy;
pub mod compiler;
mod house;
mod laws;
mod mutants;
mod refusals;
mod tools;

pub use advisories::Advisories;
pub use clippy::Clippy;
pub use mutants::Mutants;

use anyhow::Result;

use crate::{
    dependencies::Deps,
    steps::{cargo, step},
};

/// Everything that needs no build of the workspace, cheapest first.
///
/// # Errors
/// The first thing that does not hold, with the command that shows or mends it.
pub fn without_building() -> Result<()> {
    step(
        "formatting",
        &mut cargo(&["fmt", "--all", "--check"]),
        "cargo fmt --all",
    )?;
    Deps.run()?;
    laws::check()?;
    house::check()?;
    circles::check()?;
    refusals::check()?;
    let tools = tools::Tools::ready()?;
    tools.spelling()?;
    tools.unused_dependencies()?;
    tools.licences()?;
    bare::check()
}
