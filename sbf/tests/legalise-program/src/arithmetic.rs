//! Every arithmetic operation the machine lacks, on operands from the request.

use core::sync::atomic::{AtomicI64, AtomicU8, AtomicU64, Ordering};

use crate::{Reply, Request};

/// Number of operations [`one`] knows.
pub const OPERATIONS: u8 = 13;

/// Runs operation `which` on the next two 128-bit operands.
pub fn one(which: u8, request: &mut Request, reply: &mut Reply) {
    let (a, b) = (request.u128(), request.u128());
    match which {
        0 => multiply_64(a as u64, b as u64, reply),
        1 => multiply_128(a, b, reply),
        2 => divide_128(a, b, reply),
        3 => divide_64(a as u64, b as u64, reply),
        4 => divide_narrow(a as u64, b as u64, reply),
        5 => shift_128(a, b, reply),
        6 => widen(a as u64, (a >> 64) as u64, b as u64, reply),
        7 => odd_widths(a as u64 & 0xffff_ffff, b as u64, reply),
        8 => multiply_narrow(a as u64, b as u64, reply),
        9 => atomics(a as u64, b as u64, reply),
        10 => bits_128(a, b, reply),
        11 => signed_divide_128(a as i128, b as i128, reply),
        _ => bits_64(a as u64, b as u64, reply),
    }
}

fn multiply_64(a: u64, b: u64, reply: &mut Reply) {
    let (product, overflowed) = a.overflowing_mul(b);
    reply.u64(product);
    reply.flag(overflowed);
    reply.u64(a.checked_mul(b).unwrap_or(1));
    reply.u64(a.saturating_mul(b));
    reply.flag(a.checked_mul(1_000_003).is_some());
    let (product, overflowed) = (a as i64).overflowing_mul(b as i64);
    reply.u64(product as u64);
    reply.flag(overflowed);
    reply.u64((a as i64).saturating_mul(b as i64) as u64);
    reply.flag((a as i64).checked_mul(-86_400).is_some());
}

fn multiply_128(a: u128, b: u128, reply: &mut Reply) {
    let (product, overflowed) = a.overflowing_mul(b);
    reply.u128(product);
    reply.flag(overflowed);
    reply.u128(
        a.wrapping_mul(b)
            .wrapping_add(a.wrapping_mul(0x1_0000_0001_0000_0003)),
    );
    let (product, overflowed) = (a as i128).overflowing_mul(b as i128);
    reply.u128(product as u128);
    reply.flag(overflowed);
    reply.u128((a as i128).wrapping_mul(-3) as u128);
}

fn divide_128(a: u128, b: u128, reply: &mut Reply) {
    reply.u128(a.checked_div(b).unwrap_or(0));
    reply.u128(a.checked_rem(b).unwrap_or(0));
    reply.u128(a / 10);
    reply.u128(a % 1_000_000_007);
    reply.u128(a / (1 << 64));
    reply.u128(a.checked_next_multiple_of(b).unwrap_or(7));
}

fn signed_divide_128(a: i128, b: i128, reply: &mut Reply) {
    let (quotient, overflowed) = if b == 0 {
        (0, false)
    } else {
        a.overflowing_div(b)
    };
    reply.u128(quotient as u128);
    reply.flag(overflowed);
    reply.u128(a.checked_rem(b).unwrap_or(0) as u128);
    reply.u128((a / -10) as u128);
    reply.u128((a % 7) as u128);
    reply.u128(a.checked_div_euclid(b).unwrap_or(0) as u128);
    reply.u128(a.checked_rem_euclid(b).unwrap_or(0) as u128);
}

fn divide_64(a: u64, b: u64, reply: &mut Reply) {
    reply.u64(a.checked_div(b).unwrap_or(0));
    reply.u64(a.checked_rem(b).unwrap_or(0));
    reply.u64(a / 10);
    let (a, b) = (a as i64, b as i64);
    reply.u64(a.checked_div(b).unwrap_or(0) as u64);
    reply.u64(a.checked_rem(b).unwrap_or(0) as u64);
    reply.u64((a / 604_800) as u64);
    reply.u64((a / -8) as u64);
    reply.u64((a % 8) as u64);
    reply.u64((a % -86_400) as u64);
    reply.u64(a.checked_div_euclid(b).unwrap_or(0) as u64);
    reply.u64(a.checked_rem_euclid(b).unwrap_or(0) as u64);
}

fn divide_narrow(a: u64, b: u64, reply: &mut Reply) {
    macro_rules! each {
        ($($ty:ty),*) => {$(
            let (x, y) = (a as $ty, b as $ty);
            reply.u64(x.checked_div(y).unwrap_or(0) as u64);
            reply.u64(x.checked_rem(y).unwrap_or(0) as u64);
            reply.u64((x / 7) as u64);
        )*};
    }
    each!(u32, i32, u16, i16, u8, i8);
}

fn multiply_narrow(a: u64, b: u64, reply: &mut Reply) {
    macro_rules! each {
        ($($ty:ty),*) => {$(
            let (product, overflowed) = (a as $ty).overflowing_mul(b as $ty);
            reply.u64(product as u64);
            reply.flag(overflowed);
        )*};
    }
    each!(u32, i32, u16, i16, u8, i8);
}

fn shift_128(a: u128, b: u128, reply: &mut Reply) {
    let by = b as u32;
    reply.u128(a.wrapping_shl(by));
    reply.u128(a.wrapping_shr(by));
    reply.u128((a as i128).wrapping_shr(by) as u128);
    reply.u128(a.rotate_left(by));
    reply.u128(a.rotate_right(by));
    reply.u128(a.checked_shl(by).unwrap_or(5));
    reply.u128((a << 17) ^ (b >> 111));
}

fn widen(a: u64, b: u64, c: u64, reply: &mut Reply) {
    let product = u128::from(a) * u128::from(b);
    reply.u128(product);
    reply.u64((product >> 64) as u64);
    // The shape of every share: amount * part / whole, in 128 bits, rounded down once.
    reply.u128(product / u128::from(c.max(1)));
    reply.u128(u128::from(a) * 10_000 / u128::from(c.max(1)));
    let signed = i128::from(a as i64) * i128::from(b as i64);
    reply.u128(signed as u128);
    let carried = u128::from(a) + u128::from(b) + u128::from(c);
    reply.u128(carried * 3 - u128::from(a));
}

/// Sums of series, which the optimiser turns into formulas of 65 bits and the like.
fn odd_widths(n: u64, seed: u64, reply: &mut Reply) {
    let n = n % 150;
    let mut sum = 0u64;
    let mut squares = 0u64;
    let mut cubes = 0u64;
    for i in 0..n {
        sum = sum.wrapping_add(i.wrapping_mul(seed));
        squares = squares.wrapping_add(i.wrapping_mul(i));
    }
    for i in 0..n {
        cubes = cubes.wrapping_add(i.wrapping_mul(i).wrapping_mul(i));
    }
    reply.u64(sum);
    reply.u64(squares);
    reply.u64(cubes);
    reply.u128((0..u128::from(n)).map(|i| i * u128::from(seed)).sum());
}

fn atomics(a: u64, b: u64, reply: &mut Reply) {
    let cell = AtomicU64::new(a);
    reply.u64(cell.fetch_add(b, Ordering::SeqCst));
    reply.u64(cell.fetch_sub(3, Ordering::AcqRel));
    reply.u64(cell.swap(b ^ 5, Ordering::SeqCst));
    let exchanged = cell.compare_exchange(b ^ 5, a, Ordering::SeqCst, Ordering::Relaxed);
    reply.flag(exchanged.is_ok());
    reply.flag(
        cell.compare_exchange(a.wrapping_add(1), 9, Ordering::SeqCst, Ordering::Relaxed)
            .is_err(),
    );
    reply.u64(cell.fetch_max(b, Ordering::Relaxed));
    reply.u64(cell.load(Ordering::Acquire));
    let signed = AtomicI64::new(a as i64);
    signed.fetch_min(b as i64, Ordering::SeqCst);
    reply.u64(signed.into_inner() as u64);
    let narrow = AtomicU8::new(a as u8);
    narrow.fetch_xor(b as u8, Ordering::SeqCst);
    reply.byte(narrow.into_inner());
}

fn bits_128(a: u128, b: u128, reply: &mut Reply) {
    reply.u64(u64::from(a.leading_zeros()));
    reply.u64(u64::from(a.trailing_zeros()));
    reply.u64(u64::from(a.count_ones()));
    reply.u128(a.swap_bytes());
    reply.u128(a.reverse_bits());
    let (sum, carried) = a.overflowing_add(b);
    reply.u128(sum);
    reply.flag(carried);
    let (difference, borrowed) = a.overflowing_sub(b);
    reply.u128(difference);
    reply.flag(borrowed);
    reply.u128(a.saturating_add(b));
    reply.u128((a as i128).saturating_sub(b as i128) as u128);
    reply.u128((a as i128).wrapping_abs() as u128);
    reply.flag(a < b);
    reply.flag((a as i128) < (b as i128));
    reply.u128(a.min(b));
    reply.u128((a as i128).max(b as i128) as u128);
}

fn bits_64(a: u64, b: u64, reply: &mut Reply) {
    reply.u64(u64::from(a.leading_zeros()));
    reply.u64(u64::from(a.trailing_zeros()));
    reply.u64(u64::from(a.count_ones()));
    reply.u64(a.swap_bytes());
    reply.u64(a.reverse_bits());
    reply.u64(a.rotate_left(b as u32));
    reply.u64(a.wrapping_shl(b as u32));
    reply.u64((a as i64).wrapping_shr(b as u32) as u64);
    reply.u64(u64::from(a.checked_ilog10().unwrap_or(99)));
    reply.u64(a.isqrt());
    reply.u64(u64::from((a as u32).swap_bytes().wrapping_shl(b as u32)));
    reply.u64(((a as i32).wrapping_shr(b as u32)) as u64);
    reply.u64(a.saturating_add(b));
    reply.u64((a as i64).saturating_sub(b as i64) as u64);
    reply.u64(a.abs_diff(b));
    reply.u64(a.midpoint(b));
}
