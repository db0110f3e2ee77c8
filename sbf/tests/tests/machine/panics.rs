//! Panics end the program.

use legalise_program::Group;
use legalise_program::panics::KINDS;

use crate::machine::machines;

fn request(which: usize, armed: bool) -> Vec<u8> {
    // The second operand is zero.
    [
        &[Group::Panic as u8, which as u8][..],
        &u64::from(armed).to_le_bytes(),
        &[0; 8],
    ]
    .concat()
}

#[test]
fn every_kind_of_panic_fails_the_program() {
    for machine in machines() {
        for (which, kind) in KINDS.into_iter().enumerate() {
            let failure = machine.reply(&request(which, true)).expect_err(kind);
            assert_eq!(
                failure.error, "InstructionError(1, ProgramFailedToComplete)",
                "{kind}: {}",
                failure.logs
            );
            assert!(
                failure.logs.contains("SBF program panicked"),
                "{kind}: {}",
                failure.logs
            );
        }
    }
}

#[test]
fn the_same_operations_pass_where_they_are_allowed() {
    for machine in machines() {
        for which in 0..KINDS.len() {
            machine.agrees(&request(which, false));
        }
    }
}
