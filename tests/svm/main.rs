//! Every instruction of the programs, on the executables that `cargo xtask build-programs` makes. One module an instruction.
#![expect(
    clippy::print_stdout,
    reason = "what was measured is shown with `--nocapture`"
)]

mod airdrop;
mod registry;
mod vault;
