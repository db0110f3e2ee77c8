//! Which of two byte strings comes first: slices, and arrays whose length is known when the program is built.
//!
//! LLVM has two functions for it, one of which does not tell the order, and merges what looks alike (`order.rs` of the driver).

use core::cmp::Ordering;

use crate::{Reply, Request};

/// Longest string that is compared.
pub const LONGEST: usize = 70;

/// Number of comparisons [`one`] knows.
pub const OPERATIONS: u8 = 4;

/// Runs comparison `which` on two strings of the same bytes but for one place: operands are a length, that place, and the byte of
/// each string there. The reply has a flag or an order for each.
pub fn one(which: u8, request: &mut Request, scratch: &mut [u8], reply: &mut Reply) {
    let length = usize::from(request.byte()) % (LONGEST + 1);
    let place = usize::from(request.byte());
    let bytes = [request.byte(), request.byte()];
    let (first, second) = scratch.split_at_mut(128);
    let (first, second) = (&mut first[..length], &mut second[..length]);
    for (at, (a, b)) in first.iter_mut().zip(second.iter_mut()).enumerate() {
        let same = (at as u8).wrapping_mul(37);
        (*a, *b) = if at == place {
            (bytes[0], bytes[1])
        } else {
            (same, same)
        };
    }
    match which {
        0 => slices(first, second, reply),
        1 => lengths(first, second, reply),
        2 => keys(first, second, reply),
        _ => arrays(first, second, reply),
    }
}

fn tell(order: Ordering, reply: &mut Reply) {
    reply.byte(match order {
        Ordering::Less => 1,
        Ordering::Equal => 2,
        Ordering::Greater => 3,
    });
}

#[inline(never)]
fn slices(first: &[u8], second: &[u8], reply: &mut Reply) {
    reply.flag(first < second);
    reply.flag(first > second);
    reply.flag(first <= second);
    reply.flag(first >= second);
    reply.flag(first == second);
    tell(first.cmp(second), reply);
}

/// Strings of which one is shorter: a prefix comes first.
#[inline(never)]
fn lengths(first: &[u8], second: &[u8], reply: &mut Reply) {
    let shorter = &first[..first.len() - first.len().min(1)];
    tell(shorter.cmp(second), reply);
    tell(second.cmp(shorter), reply);
    reply.flag(shorter < second);
}

/// As programs hold keys and hashes, among others of their kind.
#[inline(never)]
fn keys(first: &[u8], second: &[u8], reply: &mut Reply) {
    let mut pair = [[0u8; 32]; 2];
    for (key, bytes) in pair.iter_mut().zip([first, second]) {
        let length = bytes.len().min(32);
        key[..length].copy_from_slice(&bytes[..length]);
    }
    reply.flag(pair[0] < pair[1]);
    reply.flag(pair[0] > pair[1]);
    reply.flag(pair[0].max(pair[1]) == pair[1]);
    tell(pair[0].cmp(&pair[1]), reply);
    pair.sort_unstable();
    reply.byte(pair[0][31]);
    reply.flag(pair.binary_search(&pair[1]).is_ok());
}

fn arrays(first: &[u8], second: &[u8], reply: &mut Reply) {
    macro_rules! each {
        ($($length:literal)*) => {
            match first.len() {
                $($length => array::<$length>(first, second, reply),)*
                _ => {}
            }
        };
    }
    each!(
        0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35
        36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70
    );
}

#[inline(never)]
fn array<const LENGTH: usize>(first: &[u8], second: &[u8], reply: &mut Reply) {
    let (Ok(first), Ok(second)) = (
        <&[u8; LENGTH]>::try_from(first),
        <&[u8; LENGTH]>::try_from(second),
    ) else {
        return;
    };
    reply.flag(first < second);
    reply.flag(first > second);
    reply.flag(first <= second);
    reply.flag(first == second);
    tell(first.cmp(second), reply);
}
