//! Wide calls through trait objects.

use core::hint::black_box;

use super::{Seed, mix};
use crate::Reply;

trait Shape {
    fn pair(&self, a: u64) -> (u64, u64);
    fn wide(&self, a: u128, b: u64) -> u128;
    fn many(&self, a: u64, b: u64, c: u8, d: u64, e: i32, f: u64, g: bool) -> u64;
    fn large(&self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) -> [u64; 9];
    fn fallible(&mut self, a: u64, b: &[u8]) -> Result<(u64, u8), Failure>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Odd(u64),
    Short { wanted: u32, found: u32 },
    Nothing,
}

struct Round(u64);
struct Square(u64, u128);

impl Shape for Round {
    #[inline(never)]
    fn pair(&self, a: u64) -> (u64, u64) {
        (self.0 ^ a, a.wrapping_sub(self.0))
    }
    #[inline(never)]
    fn wide(&self, a: u128, b: u64) -> u128 {
        a.wrapping_add(u128::from(b)).rotate_left(7) ^ u128::from(self.0)
    }
    #[inline(never)]
    fn many(&self, a: u64, b: u64, c: u8, d: u64, e: i32, f: u64, g: bool) -> u64 {
        [self.0, a, b, u64::from(c), d, e as u64, f, u64::from(g)]
            .into_iter()
            .fold(1, mix)
    }
    #[inline(never)]
    fn large(&self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) -> [u64; 9] {
        [a, b, c, d, e, f, self.0, a ^ f, b ^ e]
    }
    #[inline(never)]
    fn fallible(&mut self, a: u64, b: &[u8]) -> Result<(u64, u8), Failure> {
        self.0 = self.0.wrapping_add(a);
        if a.is_multiple_of(3) {
            Err(Failure::Odd(self.0))
        } else {
            Ok((self.0, b[0]))
        }
    }
}

impl Shape for Square {
    #[inline(never)]
    fn pair(&self, a: u64) -> (u64, u64) {
        (a.wrapping_mul(self.0), self.1 as u64)
    }
    #[inline(never)]
    fn wide(&self, a: u128, b: u64) -> u128 {
        a.wrapping_mul(self.1) / u128::from(b | 1)
    }
    #[inline(never)]
    fn many(&self, a: u64, b: u64, c: u8, d: u64, e: i32, f: u64, g: bool) -> u64 {
        [u64::from(g), f, e as u64, d, u64::from(c), b, a, self.0]
            .into_iter()
            .fold(2, mix)
    }
    #[inline(never)]
    fn large(&self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) -> [u64; 9] {
        [
            f,
            e,
            d,
            c,
            b,
            a,
            self.0,
            self.1 as u64,
            (self.1 >> 64) as u64,
        ]
    }
    #[inline(never)]
    fn fallible(&mut self, a: u64, b: &[u8]) -> Result<(u64, u8), Failure> {
        self.1 = self.1.wrapping_sub(u128::from(a));
        match a % 3 {
            0 => Err(Failure::Short {
                wanted: a as u32,
                found: b.len() as u32,
            }),
            1 => Err(Failure::Nothing),
            _ => Ok((self.1 as u64, b[b.len() - 1])),
        }
    }
}

fn report(outcome: Result<(u64, u8), Failure>, reply: &mut Reply) {
    match outcome {
        Ok((value, byte)) => {
            reply.u64(value);
            reply.byte(byte);
        }
        Err(Failure::Odd(value)) => reply.u64(value ^ 1),
        Err(Failure::Short { wanted, found }) => {
            reply.u64((u64::from(wanted) << 32) | u64::from(found))
        }
        Err(Failure::Nothing) => reply.byte(0xee),
    }
}

pub fn through_objects(next: &mut Seed, reply: &mut Reply) {
    let (mut round, mut square) = (Round(next.u64()), Square(next.u64(), next.u128()));
    for turn in 0..4 {
        let shape: &mut dyn Shape = if next.u64() >> 13 & 1 == turn & 1 {
            &mut round
        } else {
            &mut square
        };
        let (first, second) = shape.pair(next.u64());
        reply.u64(first);
        reply.u64(second);
        reply.u128(shape.wide(next.u128(), next.u64()));
        let many = shape.many(
            next.u64(),
            next.u64(),
            next.u64() as u8,
            next.u64(),
            next.u64() as i32,
            next.u64(),
            first & 4 == 4,
        );
        reply.u64(many);
        let large = shape.large(
            next.u64(),
            next.u64(),
            next.u64(),
            next.u64(),
            next.u64(),
            next.u64(),
        );
        reply.u64(large.into_iter().fold(3, mix));
        let bytes = [next.u64() as u8, next.u64() as u8, 3];
        report(
            shape.fallible(next.u64(), &bytes[..1 + turn as usize % 3]),
            reply,
        );
    }
}

pub fn mixed_objects(next: &mut Seed, reply: &mut Reply) {
    let (mut round, mut square) = (Round(1), Square(2, next.u128()));
    let shapes: [&mut dyn Shape; 2] = [&mut round, &mut square];
    let shapes = black_box(shapes);
    for shape in shapes {
        for turn in 0..3u64 {
            report(
                shape.fallible(turn + next.u64() % 2, &[9, turn as u8]),
                reply,
            );
            let many = shape.many(1, 2, 3, 4, -5, 6, turn == 1);
            reply.u64(many);
        }
        reply.u128(shape.wide(3, 4));
    }
}
