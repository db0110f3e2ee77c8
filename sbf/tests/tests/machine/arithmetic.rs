//! Arithmetic at edge values and at random, against the host and against big integers.

use legalise_program::Group;
use legalise_program::arithmetic::OPERATIONS;
use num_bigint::{BigInt, BigUint};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::machine::{Machine, machines, requests};

/// Values where a digit, half or sign begins or ends.
fn edges() -> Vec<u128> {
    let mut edges = vec![
        0,
        3,
        7,
        10,
        1_000_000_007,
        0x1234_5678_9abc_def0_0fed_cba9_8765_4321,
    ];
    for power in [
        0, 1, 7, 8, 15, 16, 31, 32, 33, 62, 63, 64, 65, 95, 96, 97, 126, 127,
    ] {
        let value = 1u128 << power;
        edges.extend([
            value - 1,
            value,
            value + 1,
            value.wrapping_neg(),
            (value - 1).wrapping_neg(),
        ]);
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn operands(a: u128, b: u128) -> Vec<u8> {
    [a.to_le_bytes(), b.to_le_bytes()].concat()
}

fn every_operation_agrees(pairs: &[(u128, u128)]) {
    let operands: Vec<Vec<u8>> = pairs.iter().map(|(a, b)| operands(*a, *b)).collect();
    for machine in machines() {
        for which in 0..OPERATIONS {
            for request in requests(Group::Arithmetic, which, &operands) {
                machine.agrees(&request);
            }
        }
    }
}

#[test]
fn every_operation_agrees_with_the_host_at_every_pair_of_edge_values() {
    let edges = edges();
    let pairs: Vec<(u128, u128)> = edges
        .iter()
        .flat_map(|a| edges.iter().map(move |b| (*a, *b)))
        .collect();
    every_operation_agrees(&pairs);
}

#[test]
fn every_operation_agrees_with_the_host_at_random_values_of_every_length() {
    let value = || (any::<u128>(), 0u32..128).prop_map(|(value, cut)| value >> cut);
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(12)
    });
    runner
        .run(&prop::collection::vec((value(), value()), 200), |pairs| {
            every_operation_agrees(&pairs);
            Ok(())
        })
        .unwrap();
}

/// Reads values from a reply, in order.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        let (first, rest) = self.0.split_at(LENGTH);
        self.0 = rest;
        first.try_into().unwrap()
    }
    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }
    fn u128(&mut self) -> u128 {
        u128::from_le_bytes(self.take())
    }
    fn flag(&mut self) -> bool {
        self.take::<1>()[0] == 1
    }
}

fn low_bits(value: &BigInt, bits: u32) -> u128 {
    let modulus = BigInt::from(1) << bits;
    let rest = ((value % &modulus) + &modulus) % &modulus;
    rest.try_into().expect("at most 128 bits")
}

fn fits_signed(value: &BigInt, bits: u32) -> bool {
    let limit = BigInt::from(1) << (bits - 1);
    *value >= -limit.clone() && *value < limit
}

fn multiplication_is_right(machine: &Machine, a: u128, b: u128) {
    let (low_a, low_b) = (a as u64, b as u64);
    let mut reply = Reader(
        &machine
            .agrees(&[&[Group::Arithmetic as u8, 0][..], &operands(a, b)].concat())
            .clone(),
    );
    let product = BigUint::from(low_a) * BigUint::from(low_b);
    assert_eq!(
        BigUint::from(reply.u64()),
        &product % (BigUint::from(1u8) << 64),
        "{low_a} * {low_b}"
    );
    let fits = product.bits() <= 64;
    assert_eq!(reply.flag(), !fits, "{low_a} * {low_b} overflows");
    assert_eq!(
        reply.u64(),
        if fits {
            product.clone().try_into().unwrap()
        } else {
            1
        },
        "{low_a} * {low_b}, checked"
    );
    assert_eq!(
        reply.u64(),
        product.try_into().unwrap_or(u64::MAX),
        "{low_a} * {low_b}, saturating"
    );
    assert_eq!(
        reply.flag(),
        (BigUint::from(low_a) * BigUint::from(1_000_003u32)).bits() <= 64
    );
    let (signed_a, signed_b) = (BigInt::from(low_a as i64), BigInt::from(low_b as i64));
    let product = &signed_a * &signed_b;
    assert_eq!(
        u128::from(reply.u64()),
        low_bits(&product, 64),
        "{signed_a} * {signed_b}"
    );
    assert_eq!(
        reply.flag(),
        !fits_signed(&product, 64),
        "{signed_a} * {signed_b} overflows"
    );

    let mut reply = Reader(
        &machine
            .agrees(&[&[Group::Arithmetic as u8, 1][..], &operands(a, b)].concat())
            .clone(),
    );
    let product = BigUint::from(a) * BigUint::from(b);
    assert_eq!(
        BigUint::from(reply.u128()),
        &product % (BigUint::from(1u8) << 128),
        "{a} * {b}"
    );
    assert_eq!(reply.flag(), product.bits() > 128, "{a} * {b} overflows");
    reply.u128();
    let product = BigInt::from(a as i128) * BigInt::from(b as i128);
    assert_eq!(
        reply.u128(),
        low_bits(&product, 128),
        "{} * {}",
        a as i128,
        b as i128
    );
    assert_eq!(
        reply.flag(),
        !fits_signed(&product, 128),
        "{} * {} overflows",
        a as i128,
        b as i128
    );
}

fn division_is_right(machine: &Machine, a: u128, b: u128) {
    let mut reply = Reader(
        &machine
            .agrees(&[&[Group::Arithmetic as u8, 2][..], &operands(a, b)].concat())
            .clone(),
    );
    let (quotient, rest) = (reply.u128(), reply.u128());
    let mut signed = Reader(
        &machine
            .agrees(&[&[Group::Arithmetic as u8, 11][..], &operands(a, b)].concat())
            .clone(),
    );
    if b == 0 {
        assert_eq!((quotient, rest), (0, 0), "division by zero is refused");
        return;
    }
    assert_eq!(
        BigUint::from(quotient),
        BigUint::from(a) / BigUint::from(b),
        "{a} / {b}"
    );
    assert_eq!(
        BigUint::from(rest),
        BigUint::from(a) % BigUint::from(b),
        "{a} % {b}"
    );
    let (signed_a, signed_b) = (BigInt::from(a as i128), BigInt::from(b as i128));
    let quotient = &signed_a / &signed_b;
    assert_eq!(
        signed.u128(),
        low_bits(&quotient, 128),
        "{signed_a} / {signed_b}"
    );
    assert_eq!(
        signed.flag(),
        !fits_signed(&quotient, 128),
        "{signed_a} / {signed_b} overflows"
    );
    let rest = if fits_signed(&quotient, 128) {
        low_bits(&(&signed_a % &signed_b), 128)
    } else {
        0
    };
    assert_eq!(signed.u128(), rest, "{signed_a} % {signed_b}");
}

#[test]
fn products_and_quotients_are_those_of_a_big_integer_library() {
    let edges: Vec<u128> = edges().into_iter().step_by(3).collect();
    for machine in machines() {
        for a in &edges {
            for b in &edges {
                multiplication_is_right(&machine, *a, *b);
                division_is_right(&machine, *a, *b);
            }
        }
    }
}
