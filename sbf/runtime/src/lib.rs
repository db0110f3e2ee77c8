//! 128-bit multiplication and division on pairs of 64-bit registers.
//!
//! The link driver of `cargo xtask build-programs` puts calls to these functions where a program multiplies or divides
//! 128-bit integers. They may therefore use no 128-bit integer themselves, and no checked arithmetic: a function that needs
//! itself would never return. Everything here is plain Rust and runs on the host too, where the tests compare it with the
//! compiler's own `u128`.
//!
//! Names and parameters are fixed by `sbf/driver/wrappers.ll`. Values come as (low half, high half); results go through `out`.
#![expect(
    unsafe_code,
    reason = "what the compiler calls for wide arithmetic takes and gives pointers"
)]
#![expect(
    clippy::needless_bitwise_bool,
    reason = "a lazy operator is a jump, and both sides cost less than one"
)]
#![no_std]

/// What `out` points to: a 128-bit value as two registers, low half first.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The low 64 bits.
    pub low: u64,
    /// The high 64 bits.
    pub high: u64,
}

const HALF: u64 = 0xffff_ffff;

/// The whole product of two registers, by 32-bit halves.
#[inline(always)]
fn wide(a: u64, b: u64) -> Pair {
    let (a_low, a_high) = (a & HALF, a >> 32);
    let (b_low, b_high) = (b & HALF, b >> 32);
    // Each product is below 2^64 - 2^33 + 2, which leaves room for the halves added to it.
    let low = a_low.wrapping_mul(b_low);
    let cross = a_high.wrapping_mul(b_low).wrapping_add(low >> 32);
    let middle = a_low.wrapping_mul(b_high).wrapping_add(cross & HALF);
    Pair {
        low: (low & HALF) | (middle << 32),
        high: a_high
            .wrapping_mul(b_high)
            .wrapping_add(cross >> 32)
            .wrapping_add(middle >> 32),
    }
}

/// `a * b` in full: returns the low half, writes the high half to `high`.
///
/// # Safety
/// `high` must be valid for writing.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe extern "C" fn __sbf_mul64_wide(high: *mut u64, a: u64, b: u64) -> u64 {
    let product = wide(a, b);
    // SAFETY: the caller's contract.
    unsafe { high.write(product.high) };
    product.low
}

/// `a * b` modulo 2^128: returns the low half, writes the high half to `high`.
///
/// # Safety
/// `high` must be valid for writing.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe extern "C" fn __sbf_mul128(
    high: *mut u64,
    a_low: u64,
    a_high: u64,
    b_low: u64,
    b_high: u64,
) -> u64 {
    let product = wide(a_low, b_low);
    let crossed = a_low
        .wrapping_mul(b_high)
        .wrapping_add(a_high.wrapping_mul(b_low));
    // SAFETY: the caller's contract.
    unsafe { high.write(product.high.wrapping_add(crossed)) };
    product.low
}

/// `a * b` modulo 2^128 to `out`; returns 0 if that is the whole product, anything else if it wrapped.
///
/// # Safety
/// `out` must be valid for writing.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe extern "C" fn __sbf_mul128_checked(
    out: *mut Pair,
    a_low: u64,
    a_high: u64,
    b_low: u64,
    b_high: u64,
) -> u64 {
    let product = wide(a_low, b_low);
    // (a_high 2^64 + a_low)(b_high 2^64 + b_low): of the two crossed products only the low halves fit.
    let (one, other) = (wide(a_high, b_low), wide(a_low, b_high));
    let first = product.high.wrapping_add(one.low);
    let second = first.wrapping_add(other.low);
    let both_high = (a_high != 0) & (b_high != 0);
    // SAFETY: the caller's contract.
    unsafe {
        out.write(Pair {
            low: product.low,
            high: second,
        });
    };
    one.high
        | other.high
        | u64::from(both_high)
        | u64::from(first < product.high)
        | u64::from(second < first)
}

/// `a / b` to `out`. Division by zero fails the program, as the machine's own does.
///
/// # Safety
/// `out` must be valid for writing.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe extern "C" fn __sbf_udiv128(
    out: *mut Pair,
    a_low: u64,
    a_high: u64,
    b_low: u64,
    b_high: u64,
) {
    let quotient = if a_high | b_high == 0 {
        Pair {
            low: divide(a_low, b_low),
            high: 0,
        }
    } else if b_high == 0 {
        let (high, rest) = (divide(a_high, b_low), remainder(a_high, b_low));
        Pair {
            low: two_by_one(rest, a_low, b_low).0,
            high,
        }
    } else {
        Pair {
            low: by_two(
                Pair {
                    low: a_low,
                    high: a_high,
                },
                Pair {
                    low: b_low,
                    high: b_high,
                },
            )
            .0,
            high: 0,
        }
    };
    // SAFETY: the caller's contract.
    unsafe { out.write(quotient) };
}

/// `a % b` to `out`. Division by zero fails the program, as the machine's own does.
///
/// # Safety
/// `out` must be valid for writing.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe extern "C" fn __sbf_urem128(
    out: *mut Pair,
    a_low: u64,
    a_high: u64,
    b_low: u64,
    b_high: u64,
) {
    let rest = if a_high | b_high == 0 {
        Pair {
            low: remainder(a_low, b_low),
            high: 0,
        }
    } else if b_high == 0 {
        Pair {
            low: two_by_one(remainder(a_high, b_low), a_low, b_low).1,
            high: 0,
        }
    } else {
        by_two(
            Pair {
                low: a_low,
                high: a_high,
            },
            Pair {
                low: b_low,
                high: b_high,
            },
        )
        .1
    };
    // SAFETY: the caller's contract.
    unsafe { out.write(rest) };
}

/// One machine division. On the machine dividing by zero ends the program; Rust's own check before it would only repeat that.
#[inline(always)]
fn divide(a: u64, b: u64) -> u64 {
    match a.checked_div(b) {
        Some(quotient) => quotient,
        None => fail(),
    }
}

#[inline(always)]
fn remainder(a: u64, b: u64) -> u64 {
    match a.checked_rem(b) {
        Some(rest) => rest,
        None => fail(),
    }
}

/// Reached by a division by zero only, which Rust checks before it divides. Panics, which ends the program.
#[cold]
#[inline(never)]
fn fail() -> ! {
    panic!("division by zero")
}

/// `(high 2^64 + low) / divisor` with quotient and remainder, where `high < divisor`, so that the quotient fits a register.
#[inline(never)]
fn two_by_one(high: u64, low: u64, divisor: u64) -> (u64, u64) {
    if divisor >> 32 == 0 {
        // Long division with 32-bit digits: each step's dividend fits a register.
        let upper = (high << 32) | (low >> 32);
        let digit = divide(upper, divisor);
        let lower = (remainder(upper, divisor) << 32) | (low & HALF);
        return (
            (digit << 32) | divide(lower, divisor),
            remainder(lower, divisor),
        );
    }
    // Knuth's algorithm D for two digits of 32 bits: scaled so that the divisor's top bit is set, a digit guessed from the
    // divisor's upper half alone is at most two too large.
    let shift = leading_zeros(divisor);
    let divisor = divisor << shift;
    let (upper, lower) = (divisor >> 32, divisor & HALF);
    let high = (high << shift) | ((low >> 1) >> (63 - shift));
    let low = low << shift;
    let (first, high) = digit(high, low >> 32, divisor, upper, lower);
    let (second, rest) = digit(high, low & HALF, divisor, upper, lower);
    ((first << 32) | second, rest >> shift)
}

/// One 32-bit digit of a quotient: `(high 2^32 + next) / divisor` for a scaled divisor, with what remains.
#[inline(always)]
fn digit(high: u64, next: u64, divisor: u64, upper: u64, lower: u64) -> (u64, u64) {
    let mut guess = divide(high, upper);
    let mut rest = high.wrapping_sub(guess.wrapping_mul(upper));
    while guess > HALF || guess.wrapping_mul(lower) > (rest << 32) | next {
        guess = guess.wrapping_sub(1);
        rest = rest.wrapping_add(upper);
        if rest > HALF {
            break;
        }
    }
    let remaining = ((high << 32) | next).wrapping_sub(guess.wrapping_mul(divisor));
    (guess, remaining)
}

/// Division by a divisor of two registers: the quotient fits one.
#[inline(never)]
fn by_two(a: Pair, b: Pair) -> (u64, Pair) {
    // Divide the upper half of `a`'s bits by the upper 64 bits of `b`: never too small, at most one too large after the
    // halving (Hacker's Delight, 9-5). Then correct.
    let shift = leading_zeros(b.high);
    let scaled = if shift == 0 {
        b.high
    } else {
        (b.high << shift) | (b.low >> (64 - shift))
    };
    let half = Pair {
        low: (a.low >> 1) | (a.high << 63),
        high: a.high >> 1,
    };
    let (quotient, _) = two_by_one(half.high, half.low, scaled);
    let mut quotient = quotient >> (63 - shift);
    quotient = quotient.saturating_sub(1);
    let mut rest = subtract(a, multiply(b, quotient));
    if !is_below(rest, b) {
        quotient = quotient.wrapping_add(1);
        rest = subtract(rest, b);
    }
    (quotient, rest)
}

#[inline(always)]
fn multiply(a: Pair, by: u64) -> Pair {
    let product = wide(a.low, by);
    Pair {
        low: product.low,
        high: product.high.wrapping_add(a.high.wrapping_mul(by)),
    }
}

#[inline(always)]
fn subtract(a: Pair, b: Pair) -> Pair {
    let borrow = u64::from(a.low < b.low);
    Pair {
        low: a.low.wrapping_sub(b.low),
        high: a.high.wrapping_sub(b.high).wrapping_sub(borrow),
    }
}

#[inline(always)]
fn is_below(a: Pair, b: Pair) -> bool {
    a.high < b.high || (a.high == b.high && a.low < b.low)
}

/// Zero bits above the highest set one. The machine has no such instruction; a halving search takes about 20 steps, the
/// compiler's own expansion twice as many.
#[inline(always)]
fn leading_zeros(mut x: u64) -> u32 {
    let mut zeros = 0;
    let mut width = 32;
    while width > 0 {
        if x >> (64 - width) == 0 {
            zeros += width;
            x <<= width;
        }
        width >>= 1;
    }
    zeros
}

#[cfg(test)]
#[expect(
    clippy::borrow_as_ptr,
    clippy::undocumented_unsafe_blocks,
    reason = "every call passes the address of a local of its own"
)]
mod tests;
