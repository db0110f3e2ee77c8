//! Copying, moving, filling and comparing memory, at lengths known when the program is built and at lengths that are not.

use core::ptr::NonNull;

use crate::{Reply, Request};

/// Lengths at which something changes: nothing, one byte, around the longest copy written out, a page.
pub const LENGTHS: [usize; 13] = [0, 1, 7, 8, 31, 32, 33, 63, 64, 65, 88, 89, 4096];

/// Number of operations [`one`] knows.
pub const OPERATIONS: u8 = 10;

const AREA: usize = 12 * 1024;

/// Runs operation `which`: operands are a length, where from, where to (all below 4096 + 64) and a byte to fill with.
/// The reply is a hash of the whole area, so that a byte written outside of the target shows.
pub fn one(which: u8, request: &mut Request, scratch: &mut [u8], reply: &mut Reply) {
    let length = request.u64() as usize % 4097;
    let from = request.u64() as usize % 4160;
    let to = request.u64() as usize % 4160;
    let filler = request.byte();
    let area = &mut scratch[..AREA];
    for (at, byte) in area.iter_mut().enumerate() {
        *byte = (at as u8).wrapping_mul(31) ^ (at >> 8) as u8 ^ filler;
    }
    match which {
        0 => copy(area, from, to, length),
        1 => shift(area, from, to, length),
        2 => area[to..to + length].fill(filler),
        3 => fixed_copies(area, from, to, length),
        4 => fixed_shifts(area, from, to, length),
        5 => fixed_fills(area, to, length, filler),
        6 => zero_fills(area, to, length),
        7 => reply.flag(compare(area, from, to, length, reply_hint(filler))),
        8 => nothing(area, length),
        _ => values(area, from, to, filler),
    }
    reply.u64(hash(area));
}

/// Two regions that do not overlap: the second half of the area begins behind the first.
fn copy(area: &mut [u8], from: usize, to: usize, length: usize) {
    let (first, second) = area.split_at_mut(4200 + 64);
    let first = &first[from.min(64)..][..length];
    second[to.min(64)..][..length].copy_from_slice(first);
}

/// Two regions that may overlap, either way round.
fn shift(area: &mut [u8], from: usize, to: usize, length: usize) {
    area.copy_within(from..from + length, to);
}

macro_rules! with_fixed_length {
    ($length:expr, $action:ident, $($argument:expr),*) => {
        match $length {
            0 => $action::<0>($($argument),*),
            1 => $action::<1>($($argument),*),
            7 => $action::<7>($($argument),*),
            8 => $action::<8>($($argument),*),
            31 => $action::<31>($($argument),*),
            32 => $action::<32>($($argument),*),
            33 => $action::<33>($($argument),*),
            63 => $action::<63>($($argument),*),
            64 => $action::<64>($($argument),*),
            65 => $action::<65>($($argument),*),
            88 => $action::<88>($($argument),*),
            89 => $action::<89>($($argument),*),
            _ => $action::<4096>($($argument),*),
        }
    };
}

fn fixed_copies(area: &mut [u8], from: usize, to: usize, length: usize) {
    with_fixed_length!(length, fixed_copy, area, from, to);
}

#[inline(never)]
fn fixed_copy<const LENGTH: usize>(area: &mut [u8], from: usize, to: usize) {
    let (first, second) = area.split_at_mut(4200 + 64);
    second[to.min(64)..][..LENGTH].copy_from_slice(&first[from.min(64)..][..LENGTH]);
}

fn fixed_shifts(area: &mut [u8], from: usize, to: usize, length: usize) {
    with_fixed_length!(length, fixed_shift, area, from, to);
}

#[inline(never)]
fn fixed_shift<const LENGTH: usize>(area: &mut [u8], from: usize, to: usize) {
    area.copy_within(from..from + LENGTH, to);
}

fn fixed_fills(area: &mut [u8], to: usize, length: usize, filler: u8) {
    with_fixed_length!(length, fixed_fill, area, to, filler);
}

#[inline(never)]
fn fixed_fill<const LENGTH: usize>(area: &mut [u8], to: usize, filler: u8) {
    area[to..to + LENGTH].fill(filler);
}

fn zero_fills(area: &mut [u8], to: usize, length: usize) {
    with_fixed_length!(length, zero_fill, area, to);
    with_fixed_length!(length, ones_fill, area, to + 100);
}

#[inline(never)]
fn zero_fill<const LENGTH: usize>(area: &mut [u8], to: usize) {
    area[to..to + LENGTH].fill(0);
}

#[inline(never)]
fn ones_fill<const LENGTH: usize>(area: &mut [u8], to: usize) {
    area[to..to + LENGTH].fill(0xff);
}

fn reply_hint(filler: u8) -> bool {
    filler & 1 == 1
}

/// Equality and order of two regions, which are the same but for their last byte if `alter` says so.
fn compare(area: &mut [u8], from: usize, to: usize, length: usize, alter: bool) -> bool {
    let (first, second) = area.split_at_mut(4200 + 64);
    let first = &first[from.min(64)..][..length];
    let second = &mut second[to.min(64)..][..length];
    second.copy_from_slice(first);
    if alter && let Some(last) = second.last_mut() {
        *last = last.wrapping_add(1);
    }
    let same_start: bool = first.iter().zip(second.iter()).take(8).all(|(a, b)| a == b);
    let equal_fixed = length >= 32 && first[..32] == second[..32];
    (*first == *second) ^ (first < &*second) ^ same_start ^ equal_fixed
}

/// Copies nothing, between pointers that point nowhere: allowed, and must not reach the machine's checks.
fn nothing(area: &mut [u8], length: usize) {
    let nowhere = NonNull::<u8>::dangling().as_ptr();
    let none = length / 8192;
    // SAFETY: `none` is zero, and zero bytes may be copied between any non-null pointers.
    unsafe {
        core::ptr::copy_nonoverlapping(nowhere, nowhere.add(0), none);
        core::ptr::copy(nowhere, area.as_mut_ptr(), none);
        core::ptr::write_bytes(nowhere, 7, none);
    }
}

/// Values of many bytes, moved, swapped and copied onto themselves through the same places.
fn values(area: &mut [u8], from: usize, to: usize, filler: u8) {
    #[derive(Clone, Copy)]
    struct Large {
        words: [u64; 21],
        tail: [u8; 5],
    }
    #[inline(never)]
    fn turn(mut large: Large) -> Large {
        large.words.rotate_left(3);
        large.tail.reverse();
        large
    }
    #[inline(never)]
    fn assign(places: &mut [Large; 2], left: usize, right: usize) {
        places[left] = places[right];
    }
    let large = Large {
        words: [u64::from(filler) + from as u64; 21],
        tail: [filler, 1, 2, 3, 4],
    };
    let mut places = [turn(large), large];
    places[0].words[from % 21] ^= 0x55;
    assign(&mut places, from % 2, to % 2);
    places.swap(0, to % 2);
    for (at, place) in places.iter().map(|place| turn(*place)).enumerate() {
        for (word, bytes) in place.words.iter().zip(area[200 * at..].chunks_exact_mut(8)) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        area[200 * at + 168..][..5].copy_from_slice(&place.tail);
    }
}

/// FNV-1a over words: cheap on the machine, and sees every byte.
fn hash(area: &[u8]) -> u64 {
    area.chunks_exact(8)
        .fold(0xcbf2_9ce4_8422_2325, |hash, bytes| {
            let word = bytes
                .iter()
                .rev()
                .fold(0u64, |word, byte| (word << 8) | u64::from(*byte));
            (hash ^ word)
                .wrapping_mul(0x0000_0100_0000_01b3)
                .rotate_left(5)
        })
}
