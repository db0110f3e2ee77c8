//! Every way a Rust program panics. Each must end the program with an error, never let it go on.

use crate::{Reply, Request};

/// The panics [`one`] knows, by name.
pub const KINDS: [&str; 16] = [
    "addition overflows",
    "subtraction underflows",
    "multiplication overflows",
    "negation overflows",
    "division by zero",
    "remainder by zero",
    "signed division overflows",
    "shift by too much",
    "128-bit multiplication overflows",
    "128-bit division by zero",
    "index out of bounds",
    "slice out of order",
    "panic!",
    "unwrap of None",
    "expect of Err",
    "abort",
];

/// Panics in way `which` if the operand is 1; any other operand does the same operation where it is allowed and replies.
pub fn one(which: u8, request: &mut Request, reply: &mut Reply) {
    let armed = request.u64() == 1;
    let bytes = [1u8, 2, 3, 4];
    let value = match which {
        0 => (if armed { u64::MAX } else { 5 }) + request.u64() + 1,
        1 => u64::from(!armed) + request.u64() - 1,
        2 => (if armed { u64::MAX } else { 3 }) * (request.u64() + 2),
        3 => {
            (-(if armed {
                i64::MIN
            } else {
                4 + request.u64() as i64
            })) as u64
        }
        4 => 100 / (u64::from(!armed) + request.u64()),
        5 => 100 % (u64::from(!armed) + request.u64()),
        6 => ((if armed { i64::MIN } else { 7 }) / (request.u64() as i64 - 1)) as u64,
        7 => 1u64 << ((if armed { 64 } else { 3 }) + request.u64()),
        8 => ((if armed { u128::MAX } else { 9 }) * (u128::from(request.u64()) + 2)) as u64,
        9 => (u128::MAX / (u128::from(!armed) + u128::from(request.u64()))) as u64,
        10 => u64::from(bytes[(if armed { 4 } else { 1 }) + request.u64() as usize]),
        11 => u64::from(bytes[(if armed { 3 } else { 1 })..2 + request.u64() as usize].len() as u8),
        12 => {
            if armed {
                panic!("as asked: {}", request.u64());
            }
            12
        }
        13 => (!armed).then_some(request.u64()).unwrap(),
        14 => (if armed { Err(request.u64()) } else { Ok(14) }).expect("as asked"),
        _ => {
            if armed {
                std::process::abort();
            }
            15
        }
    };
    reply.u64(value);
}
