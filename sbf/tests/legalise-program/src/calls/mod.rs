//! Functions whose arguments or results do not fit the machine's registers, called by name, through trait objects and
//! through tables of function pointers.

#![expect(clippy::too_many_arguments, reason = "that is what is tested here")]

mod large;
mod objects;

use crate::{Reply, Request};

/// Number of calls [`one`] knows.
pub const OPERATIONS: u8 = 12;

/// Runs call `which` with arguments made from the next 8 bytes.
pub fn one(which: u8, request: &mut Request, reply: &mut Reply) {
    let seed = request.u64();
    let mut next = Seed(seed);
    match which {
        0 => direct(&mut next, reply),
        1 => objects::through_objects(&mut next, reply),
        2 => through_pointers(&mut next, reply),
        3 => pairs(&mut next, reply),
        4 => large::large_results(&mut next, reply),
        5 => wide_arguments(&mut next, reply),
        6 => recursion(&mut next, reply),
        7 => large::generic_results(&mut next, reply),
        8 => large::large_arguments(&mut next, reply),
        9 => large::closures(&mut next, reply),
        10 => nested(&mut next, reply),
        _ => objects::mixed_objects(&mut next, reply),
    }
}

/// Numbers that differ from each other, the same on machine and host.
struct Seed(u64);

impl Seed {
    fn u64(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ (self.0 >> 29)
    }

    fn u128(&mut self) -> u128 {
        (u128::from(self.u64()) << 64) | u128::from(self.u64())
    }
}

/// Mixes in a way that sees which argument is which.
fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(23)
}

#[inline(never)]
fn six(a: u64, b: u32, c: u8, d: i16, e: bool, f: u64) -> u64 {
    [a, u64::from(b), u64::from(c), d as u64, u64::from(e), f]
        .into_iter()
        .fold(6, mix)
}

#[inline(never)]
fn seven(a: i8, b: u64, c: bool, d: u64, e: i32, f: u16, g: i64) -> i64 {
    [
        a as u64,
        b,
        u64::from(c),
        d,
        e as u64,
        u64::from(f),
        g as u64,
    ]
    .into_iter()
    .fold(7, mix) as i64
}

#[inline(never)]
fn eight(a: u64, b: u64, c: u64, d: u64, e: u64, f: &[u8], g: u64, h: &mut u64) -> u32 {
    *h = h.wrapping_add(f.len() as u64);
    [a, b, c, d, e, u64::from(f[0]), g, *h]
        .into_iter()
        .fold(8, mix) as u32
}

#[inline(never)]
fn nine(a: u64, b: &u64, c: u8, d: u64, e: &str, f: i64, g: bool, h: u64, i: char) -> bool {
    [
        a,
        *b,
        u64::from(c),
        d,
        e.len() as u64,
        f as u64,
        u64::from(g),
        h,
        u64::from(u32::from(i)),
    ]
    .into_iter()
    .fold(9, mix)
        & 1
        == 1
}

#[inline(never)]
fn ten(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64, j: u64) -> u64 {
    [a, b, c, d, e, f, g, h, i, j].into_iter().fold(10, mix)
}

fn direct(next: &mut Seed, reply: &mut Reply) {
    let bytes = [next.u64() as u8; 9];
    reply.u64(six(
        next.u64(),
        next.u64() as u32,
        next.u64() as u8,
        next.u64() as i16,
        next.u64() & 1 == 1,
        next.u64(),
    ));
    let g = next.u64() as i64;
    reply.u64(seven(
        next.u64() as i8,
        next.u64(),
        next.u64() & 1 == 1,
        next.u64(),
        next.u64() as i32,
        next.u64() as u16,
        g,
    ) as u64);
    let mut counter = next.u64();
    let length = 1 + next.u64() as usize % 8;
    reply.u64(u64::from(eight(
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        &bytes[..length],
        next.u64(),
        &mut counter,
    )));
    reply.u64(counter);
    let (b, h) = (next.u64(), next.u64());
    reply.flag(nine(
        next.u64(),
        &b,
        next.u64() as u8,
        next.u64(),
        &"cairn"[length % 5..],
        next.u64() as i64,
        b & 2 == 2,
        h,
        'λ',
    ));
    reply.u64(ten(
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
    ));
}

type Wide = fn(u64, u128, u64, &[u8], u64) -> (u64, u128, bool);

#[inline(never)]
fn wide_sum(a: u64, b: u128, c: u64, d: &[u8], e: u64) -> (u64, u128, bool) {
    let (sum, carried) = b.overflowing_add(u128::from(c));
    (a.wrapping_add(d.len() as u64), sum, carried ^ (e & 1 == 1))
}

#[inline(never)]
fn wide_product(a: u64, b: u128, c: u64, d: &[u8], e: u64) -> (u64, u128, bool) {
    let (product, overflowed) = b.overflowing_mul(u128::from(c));
    (
        a ^ u64::from(d[d.len() - 1]),
        product,
        overflowed ^ (e & 2 == 2),
    )
}

fn wide_nothing(a: u64, _: u128, _: u64, _: &[u8], _: u64) -> (u64, u128, bool) {
    (a, 0, false)
}

static WIDE: [Wide; 3] = [wide_sum, wide_product, wide_nothing];
type Ten = fn(u64, u64, u64, u64, u64, u64, u64, u64, u64, u64) -> u64;

static TENS: [Ten; 2] = [ten, |a, b, c, d, e, f, g, h, i, j| {
    ten(j, i, h, g, f, e, d, c, b, a)
}];

fn through_pointers(next: &mut Seed, reply: &mut Reply) {
    for _ in 0..5 {
        let which = next.u64() as usize % 3;
        let bytes = [next.u64() as u8, next.u64() as u8];
        let (first, second, third) =
            WIDE[which](next.u64(), next.u128(), next.u64(), &bytes, next.u64());
        reply.u64(first);
        reply.u128(second);
        reply.flag(third);
        let ten = TENS[which & 1];
        reply.u64(ten(
            1,
            2,
            next.u64(),
            4,
            5,
            next.u64(),
            7,
            next.u64(),
            9,
            10,
        ));
    }
}

#[inline(never)]
fn both(a: u64, b: u64) -> (u64, u64) {
    (b.wrapping_sub(a), a.wrapping_add(b))
}

#[inline(never)]
fn maybe(a: u64) -> Option<u64> {
    (a & 3 != 0).then(|| a.rotate_left(9))
}

#[inline(never)]
fn slice(bytes: &[u8], at: usize) -> &[u8] {
    &bytes[at % bytes.len()..]
}

#[inline(never)]
fn flagged(a: u64) -> (bool, u8) {
    (a > 1 << 63, a as u8)
}

#[inline(never)]
fn checked(a: u64, b: u64) -> Result<u64, u64> {
    a.checked_mul(b).ok_or(a ^ b)
}

fn pairs(next: &mut Seed, reply: &mut Reply) {
    let (a, b) = both(next.u64(), next.u64());
    let (c, d) = both(b, a);
    reply.u64(mix(c, d));
    reply.u64(maybe(next.u64()).unwrap_or(1));
    reply.u64(maybe(next.u64() & !3).unwrap_or(2));
    let bytes = [5u8, 4, 3, 2, 1, next.u64() as u8, 7];
    for byte in slice(&bytes, next.u64() as usize) {
        reply.byte(*byte);
    }
    let (flag, byte) = flagged(next.u64());
    reply.flag(flag);
    reply.byte(byte);
    for value in [
        checked(next.u64() >> 40, next.u64() >> 40),
        checked(next.u64(), next.u64()),
    ] {
        match value {
            Ok(product) => reply.u64(product),
            Err(mixed) => reply.u64(!mixed),
        }
    }
}

#[inline(never)]
fn doubled(a: u128) -> u128 {
    a.wrapping_mul(2).wrapping_add(1)
}

/// Two 128-bit arguments fill four registers: the fifth must hold the address of the rest.
#[inline(never)]
fn four_halves(a: u128, b: u128, c: u64, d: u128) -> u128 {
    a.wrapping_mul(3) ^ b.wrapping_mul(5) ^ d.wrapping_mul(u128::from(c))
}

/// The second 128-bit argument would begin in the last register: it goes to memory as a whole.
#[inline(never)]
fn split_by_the_limit(a: u64, b: u128, c: u64, d: u128, e: u8) -> u64 {
    [
        a,
        b as u64,
        (b >> 64) as u64,
        c,
        d as u64,
        (d >> 64) as u64,
        u64::from(e),
    ]
    .into_iter()
    .fold(5, mix)
}

#[inline(never)]
fn signs(a: i128, b: i8, c: i128, d: i16, e: i128) -> i128 {
    a.wrapping_sub(i128::from(b))
        .wrapping_mul(c)
        .wrapping_add(i128::from(d))
        ^ e
}

fn wide_arguments(next: &mut Seed, reply: &mut Reply) {
    reply.u128(four_halves(
        next.u128(),
        next.u128(),
        next.u64(),
        next.u128(),
    ));
    reply.u64(split_by_the_limit(
        next.u64(),
        next.u128(),
        next.u64(),
        next.u128(),
        next.u64() as u8,
    ));
    let signed = signs(
        next.u128() as i128,
        next.u64() as i8,
        next.u128() as i128,
        next.u64() as i16,
        next.u128() as i128,
    );
    reply.u128(signed as u128);
}

/// Each turn has its own memory for the arguments and results of the next.
#[inline(never)]
fn deeper(depth: u64, a: u64, b: u64, c: u64, d: u64, e: u128) -> (u64, u128, u64) {
    if depth == 0 {
        return (a ^ b, e, c ^ d);
    }
    let (x, y, z) = deeper(depth - 1, b, c, d, a.wrapping_add(depth), e.wrapping_mul(3));
    let (u, v, w) = if depth.is_multiple_of(5) {
        deeper(0, x, a, b, z, y)
    } else {
        (x, y, z)
    };
    (u.wrapping_add(a), v ^ u128::from(b), w.wrapping_sub(c))
}

fn recursion(next: &mut Seed, reply: &mut Reply) {
    let depth = 3 + next.u64() % 20;
    let (a, b, c) = deeper(
        depth,
        next.u64(),
        next.u64(),
        next.u64(),
        next.u64(),
        next.u128(),
    );
    reply.u64(a);
    reply.u128(b);
    reply.u64(c);
}

/// The result of one wide call is the argument of the next, within one expression.
fn nested(next: &mut Seed, reply: &mut Reply) {
    let (a, b) = both(
        both(next.u64(), next.u64()).0,
        both(next.u64(), next.u64()).1,
    );
    reply.u64(ten(
        a,
        b,
        both(b, a).0,
        six(a, b as u32, 1, 2, true, both(a, a).1),
        5,
        6,
        7,
        ten(b, a, 1, 2, 3, 4, 5, 6, 7, 8),
        9,
        10,
    ));
    reply.u128(four_halves(
        doubled(next.u128()),
        doubled(doubled(next.u128())),
        both(a, b).1,
        doubled(7),
    ));
}
