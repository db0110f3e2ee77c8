//! The order of byte strings, at every length: keys, hashes and roots are ordered by what LLVM would answer wrongly.

use legalise_program::Group;
use legalise_program::order::{LONGEST, OPERATIONS};

use crate::machine::{machines, requests};

#[test]
fn every_comparison_agrees_with_the_host_at_every_length() {
    let bytes = [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0xff],
        [0x7f, 0x80],
        [0x80, 0x7f],
    ];
    let mut operands = Vec::new();
    for length in 0..=LONGEST {
        // The first byte, the last, around the words of the machine, and none.
        for place in [0, 3, 4, 7, 8, 15, 16, 31, length.saturating_sub(1), 255] {
            for [a, b] in bytes {
                operands.push(vec![
                    u8::try_from(length).unwrap(),
                    u8::try_from(place).unwrap(),
                    a,
                    b,
                ]);
            }
        }
    }
    for machine in machines() {
        for which in 0..OPERATIONS {
            for request in requests(Group::Order, which, &operands) {
                machine.agrees(&request);
            }
        }
    }
}
