//! `cairn-keeper`: see `cairn-keeper --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cairn_keeper::cli::main()
}
