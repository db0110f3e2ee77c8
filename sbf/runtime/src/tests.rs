//! Against the compiler's own `u128`, at edges and at random.

use proptest::prelude::*;

use super::*;

fn halves(x: u128) -> (u64, u64) {
    (x as u64, (x >> 64) as u64)
}

fn join(pair: Pair) -> u128 {
    (u128::from(pair.high) << 64) | u128::from(pair.low)
}

const NOTHING: Pair = Pair { low: 0, high: 0 };

fn check(a: u128, b: u128) {
    let ((al, ah), (bl, bh)) = (halves(a), halves(b));
    let mut high = 0;
    // SAFETY: `high` and `out` are local values.
    let low = unsafe { __sbf_mul64_wide(&mut high, al, bl) };
    assert_eq!(
        join(Pair { low, high }),
        u128::from(al) * u128::from(bl),
        "{al} * {bl}"
    );
    let low = unsafe { __sbf_mul128(&mut high, al, ah, bl, bh) };
    assert_eq!(join(Pair { low, high }), a.wrapping_mul(b), "{a} * {b}");
    let mut out = NOTHING;
    let wrapped = unsafe { __sbf_mul128_checked(&mut out, al, ah, bl, bh) };
    assert_eq!(
        (join(out), wrapped != 0),
        a.overflowing_mul(b),
        "{a} * {b}, checked"
    );
    if let (Some(quotient), Some(remainder)) = (a.checked_div(b), a.checked_rem(b)) {
        unsafe { __sbf_udiv128(&mut out, al, ah, bl, bh) };
        assert_eq!(join(out), quotient, "{a} / {b}");
        unsafe { __sbf_urem128(&mut out, al, ah, bl, bh) };
        assert_eq!(join(out), remainder, "{a} % {b}");
    }
}

#[test]
fn every_pair_of_edge_values_agrees_with_the_host() {
    let mut edges = alloc_free_edges();
    edges.sort_unstable();
    for a in edges {
        for b in edges {
            check(a, b);
        }
    }
}

/// Values around every power of two where a digit, a half or the whole begins.
fn alloc_free_edges() -> [u128; 48] {
    let mut edges = [0u128; 48];
    let mut at = 0;
    for power in [0u32, 1, 8, 31, 32, 33, 63, 64, 65, 95, 96, 97, 126, 127] {
        for offset in [-1i128, 0, 1] {
            edges[at] = (1u128 << power).wrapping_add_signed(offset);
            at += 1;
        }
    }
    edges[at] = u128::MAX;
    edges[at + 1] = u128::MAX - 1;
    edges[at + 2] = (1 << 64) | (1 << 32);
    edges[at + 3] = u128::from(u64::MAX) << 64;
    edges[at + 4] = (u128::from(u64::MAX) << 64) | 1;
    edges
}

#[test]
fn leading_zeros_agrees_with_the_host() {
    for shift in 0..64 {
        assert_eq!(leading_zeros(u64::MAX >> shift), shift);
        assert_eq!(leading_zeros((1 << 63) >> shift), shift);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]
    #[test]
    fn random_values_of_every_length_agree_with_the_host(a: u128, b: u128, cut_a in 0u32..128, cut_b in 0u32..128) {
        check(a >> cut_a, b >> cut_b);
    }
}
