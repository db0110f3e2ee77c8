//! Arguments and results of many words, generic ones, and closures that take many.

use super::{Seed, doubled, mix};
use crate::Reply;

#[derive(Clone, Copy)]
struct Record {
    key: [u8; 32],
    amount: u128,
    flags: (bool, u8, u16),
    counters: [u64; 7],
}

#[inline(never)]
fn record(seed: u64, amount: u128) -> Record {
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = (seed >> (at % 8)) as u8;
    }
    Record {
        key,
        amount,
        flags: (seed & 1 == 1, seed as u8, seed as u16),
        counters: [seed, 1, 2, 3, 4, 5, !seed],
    }
}

pub fn large_results(next: &mut Seed, reply: &mut Reply) {
    let made = record(next.u64(), next.u128());
    reply.u64(
        made.key
            .iter()
            .fold(0, |hash, byte| mix(hash, u64::from(*byte))),
    );
    reply.u128(doubled(doubled(made.amount)));
    reply.flag(made.flags.0);
    reply.byte(made.flags.1);
    reply.u64(u64::from(made.flags.2));
    reply.u64(made.counters.into_iter().fold(4, mix));
}

#[inline(never)]
fn parse<T: TryFrom<u64> + Copy>(value: u64, limit: T) -> Result<T, (u64, Option<T>)> {
    T::try_from(value).map_err(|_| (value, (value & 1 == 1).then_some(limit)))
}

pub fn generic_results(next: &mut Seed, reply: &mut Reply) {
    for shift in [0, 8, 40, 60] {
        match parse::<u8>(next.u64() >> shift, 7) {
            Ok(value) => reply.byte(value),
            Err((value, limit)) => reply.u64(value ^ u64::from(limit.unwrap_or(99))),
        }
        match parse::<u32>(next.u64() >> shift, 7) {
            Ok(value) => reply.u64(u64::from(value)),
            Err((value, limit)) => reply.u64(value.wrapping_sub(u64::from(limit.unwrap_or(98)))),
        }
        match parse::<i128>(next.u64() >> shift, 7) {
            Ok(value) => reply.u128(value as u128),
            Err((value, limit)) => reply.u128(limit.unwrap_or(i128::from(value)) as u128),
        }
    }
}

#[inline(never)]
fn consume(record: Record, other: [u64; 3], small: (u8, u8), a: u64, b: u64) -> Record {
    let mut made = record;
    made.amount = made
        .amount
        .wrapping_add(u128::from(other[1]))
        .wrapping_mul(u128::from(a));
    made.counters[2] = other[0] ^ u64::from(small.0) ^ b;
    made.key[usize::from(small.1) % 32] ^= 0xa5;
    made
}

pub fn large_arguments(next: &mut Seed, reply: &mut Reply) {
    let made = record(next.u64(), next.u128());
    let turned = consume(
        made,
        [next.u64(), next.u64(), 3],
        (next.u64() as u8, next.u64() as u8),
        next.u64(),
        next.u64(),
    );
    let again = consume(
        turned,
        turned.counters[..3].try_into().unwrap_or([0; 3]),
        (1, 2),
        3,
        4,
    );
    reply.u128(again.amount);
    reply.u64(again.counters.into_iter().fold(6, mix));
    reply.u64(
        again
            .key
            .iter()
            .fold(7, |hash, byte| mix(hash, u64::from(*byte))),
    );
}

type Action = dyn Fn(u64, u64, u64, u64, u64, u128) -> (u128, u64);

#[inline(never)]
fn apply(actions: &[&Action], values: [u64; 5], wide: u128) -> (u128, u64) {
    let [a, b, c, d, e] = values;
    actions.iter().fold((wide, e), |(wide, last), action| {
        action(a, b, c, d, last, wide)
    })
}

pub fn closures(next: &mut Seed, reply: &mut Reply) {
    let (x, y) = (next.u64(), next.u128());
    let add = move |a: u64, b: u64, c: u64, d: u64, e: u64, wide: u128| {
        (
            wide.wrapping_add(y),
            [x, a, b, c, d, e].into_iter().fold(8, mix),
        )
    };
    let turn = |a: u64, _: u64, _: u64, d: u64, e: u64, wide: u128| {
        (wide.rotate_right(a as u32 & 127), e.wrapping_sub(d))
    };
    let values = [next.u64(), next.u64(), next.u64(), next.u64(), next.u64()];
    let (wide, last) = if x & 1 == 1 {
        apply(&[&add, &turn, &add], values, y)
    } else {
        apply(&[&turn, &add], values, y)
    };
    reply.u128(wide);
    reply.u64(last);
}
