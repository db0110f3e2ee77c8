//! Copying, moving, filling and comparing memory, at every length where something changes, overlapping or not.

use legalise_program::Group;
use legalise_program::memory::{LENGTHS, OPERATIONS};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::machine::machines;

fn request(which: u8, length: usize, from: usize, to: usize, filler: u8) -> Vec<u8> {
    let numbers = [length, from, to].map(|number| (number as u64).to_le_bytes());
    [
        &[Group::Memory as u8, which][..],
        &numbers.concat(),
        &[filler],
    ]
    .concat()
}

#[test]
fn every_operation_agrees_with_the_host_at_every_length_and_overlap() {
    // Same place, one byte apart either way, overlapping by half, a word apart, not aligned, not overlapping.
    let places = [
        (0, 0),
        (0, 1),
        (1, 0),
        (3, 40),
        (40, 3),
        (8, 16),
        (16, 8),
        (5, 2000),
        (2000, 5),
    ];
    for machine in machines() {
        for which in 0..OPERATIONS {
            for length in LENGTHS {
                for (from, to) in places {
                    machine.agrees(&request(which, length, from, to, (length * 7 + from) as u8));
                }
            }
        }
    }
}

#[test]
fn every_operation_agrees_with_the_host_at_random_lengths_and_places() {
    let machines = machines();
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    });
    let operands = (
        0..OPERATIONS,
        0usize..=4096,
        0usize..4160,
        0usize..4160,
        any::<u8>(),
    );
    runner
        .run(&operands, |(which, length, from, to, filler)| {
            for machine in &machines {
                machine.agrees(&request(which, length, from, to, filler));
            }
            Ok(())
        })
        .unwrap();
}
