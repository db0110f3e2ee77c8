//! Every instruction of both programs, on the executables that `cargo xtask build-programs` makes. One module an instruction.

mod registry;
mod vault;
