//! Calls whose arguments or results do not fit the machine's registers.

use legalise_program::Group;
use legalise_program::calls::OPERATIONS;

use crate::machine::machines;

#[test]
fn wide_calls_agree_with_the_host_by_name_through_objects_and_through_pointers() {
    for machine in machines() {
        for which in 0..OPERATIONS {
            for seed in 0..100u64 {
                let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed;
                machine.agrees(&[&[Group::Calls as u8, which][..], &seed.to_le_bytes()].concat());
            }
        }
    }
}
