; What replaces arithmetic the machine does not have (docs/sbf-build.md, "Arithmetic"). Every function is inlined where it is
; called. `i128` values are pairs of registers to the backend; taking one apart (trunc, and lshr by 64) costs nothing.

; ---- the runtime crate, sbf/runtime/src/lib.rs ------------------------------------------------------------------

declare i64 @__sbf_mul64_wide(ptr, i64, i64)
declare i64 @__sbf_mul128(ptr, i64, i64, i64, i64)
declare i64 @__sbf_mul128_checked(ptr, i64, i64, i64, i64)
declare void @__sbf_udiv128(ptr, i64, i64, i64, i64)
declare void @__sbf_urem128(ptr, i64, i64, i64, i64)

; ---- signed division: divide the magnitudes, then give the result its sign ---------------------------------------------

define internal i64 @sbf.sdiv.i64(i64 %a, i64 %b) alwaysinline {
  %ma = call i64 @llvm.abs.i64(i64 %a, i1 false)
  %mb = call i64 @llvm.abs.i64(i64 %b, i1 false)
  %q = udiv i64 %ma, %mb
  %signs = xor i64 %a, %b
  %differ = icmp slt i64 %signs, 0
  %n = sub i64 0, %q
  %r = select i1 %differ, i64 %n, i64 %q
  ret i64 %r
}

; The remainder has the sign of the dividend.
define internal i64 @sbf.srem.i64(i64 %a, i64 %b) alwaysinline {
  %ma = call i64 @llvm.abs.i64(i64 %a, i1 false)
  %mb = call i64 @llvm.abs.i64(i64 %b, i1 false)
  %m = urem i64 %ma, %mb
  %negative = icmp slt i64 %a, 0
  %n = sub i64 0, %m
  %r = select i1 %negative, i64 %n, i64 %m
  ret i64 %r
}

define internal i128 @sbf.magnitude(i128 %a) alwaysinline {
  %sign = ashr i128 %a, 127
  %flipped = xor i128 %a, %sign
  %r = sub i128 %flipped, %sign
  ret i128 %r
}

define internal i128 @sbf.sdiv.i128(i128 %a, i128 %b) alwaysinline {
  %ma = call i128 @sbf.magnitude(i128 %a)
  %mb = call i128 @sbf.magnitude(i128 %b)
  %q = call i128 @sbf.udiv.i128(i128 %ma, i128 %mb)
  %signs = xor i128 %a, %b
  %sign = ashr i128 %signs, 127
  %flipped = xor i128 %q, %sign
  %r = sub i128 %flipped, %sign
  ret i128 %r
}

define internal i128 @sbf.srem.i128(i128 %a, i128 %b) alwaysinline {
  %ma = call i128 @sbf.magnitude(i128 %a)
  %mb = call i128 @sbf.magnitude(i128 %b)
  %m = call i128 @sbf.urem.i128(i128 %ma, i128 %mb)
  %sign = ashr i128 %a, 127
  %flipped = xor i128 %m, %sign
  %r = sub i128 %flipped, %sign
  ret i128 %r
}

; ---- 128-bit multiplication and division: pairs of registers, one half of the result in memory --------------------------

define internal i128 @sbf.join(i64 %low, i64 %high) alwaysinline {
  %l = zext i64 %low to i128
  %h = zext i64 %high to i128
  %shifted = shl i128 %h, 64
  %r = or i128 %shifted, %l
  ret i128 %r
}

define internal i64 @sbf.high(i128 %a) alwaysinline {
  %shifted = lshr i128 %a, 64
  %r = trunc i128 %shifted to i64
  ret i64 %r
}

; Both high halves are known to be zero.
define internal i128 @sbf.mul.wide.i128(i128 %a, i128 %b) alwaysinline {
  %slot = alloca i64, align 8
  %al = trunc i128 %a to i64
  %bl = trunc i128 %b to i64
  %low = call i64 @__sbf_mul64_wide(ptr %slot, i64 %al, i64 %bl)
  %high = load i64, ptr %slot, align 8
  %r = call i128 @sbf.join(i64 %low, i64 %high)
  ret i128 %r
}

define internal i128 @sbf.mul.i128(i128 %a, i128 %b) alwaysinline {
  %slot = alloca i64, align 8
  %al = trunc i128 %a to i64
  %ah = call i64 @sbf.high(i128 %a)
  %bl = trunc i128 %b to i64
  %bh = call i64 @sbf.high(i128 %b)
  %low = call i64 @__sbf_mul128(ptr %slot, i64 %al, i64 %ah, i64 %bl, i64 %bh)
  %high = load i64, ptr %slot, align 8
  %r = call i128 @sbf.join(i64 %low, i64 %high)
  ret i128 %r
}

define internal i128 @sbf.udiv.i128(i128 %a, i128 %b) alwaysinline {
  %slot = alloca i128, align 8
  %al = trunc i128 %a to i64
  %ah = call i64 @sbf.high(i128 %a)
  %bl = trunc i128 %b to i64
  %bh = call i64 @sbf.high(i128 %b)
  call void @__sbf_udiv128(ptr %slot, i64 %al, i64 %ah, i64 %bl, i64 %bh)
  %r = load i128, ptr %slot, align 8
  ret i128 %r
}

define internal i128 @sbf.urem.i128(i128 %a, i128 %b) alwaysinline {
  %slot = alloca i128, align 8
  %al = trunc i128 %a to i64
  %ah = call i64 @sbf.high(i128 %a)
  %bl = trunc i128 %b to i64
  %bh = call i64 @sbf.high(i128 %b)
  call void @__sbf_urem128(ptr %slot, i64 %al, i64 %ah, i64 %bl, i64 %bh)
  %r = load i128, ptr %slot, align 8
  ret i128 %r
}

; ---- multiplication that says whether it overflowed ---------------------------------------------------------------------

; A product that wrapped does not divide back. Division costs what any instruction costs, so this beats computing the high
; half. Zero divides nothing, and never overflows.
define internal { i64, i1 } @sbf.umul.with.overflow.i64(i64 %a, i64 %b) alwaysinline {
  %product = mul i64 %a, %b
  %zero = icmp eq i64 %a, 0
  %divisor = select i1 %zero, i64 1, i64 %a
  %back = udiv i64 %product, %divisor
  %wrong = icmp ne i64 %back, %b
  %nonzero = xor i1 %zero, true
  %overflow = and i1 %nonzero, %wrong
  %r0 = insertvalue { i64, i1 } poison, i64 %product, 0
  %r1 = insertvalue { i64, i1 } %r0, i1 %overflow, 1
  ret { i64, i1 } %r1
}

; Multiply the magnitudes; the product may reach 2^63 - 1, and 2^63 if it is negative.
define internal { i64, i1 } @sbf.smul.with.overflow.i64(i64 %a, i64 %b) alwaysinline {
  %ma = call i64 @llvm.abs.i64(i64 %a, i1 false)
  %mb = call i64 @llvm.abs.i64(i64 %b, i1 false)
  %pair = call { i64, i1 } @sbf.umul.with.overflow.i64(i64 %ma, i64 %mb)
  %magnitude = extractvalue { i64, i1 } %pair, 0
  %wrapped = extractvalue { i64, i1 } %pair, 1
  %signs = xor i64 %a, %b
  %sign = lshr i64 %signs, 63
  %limit = add i64 %sign, 9223372036854775807
  %beyond = icmp ugt i64 %magnitude, %limit
  %overflow = or i1 %wrapped, %beyond
  %product = mul i64 %a, %b
  %r0 = insertvalue { i64, i1 } poison, i64 %product, 0
  %r1 = insertvalue { i64, i1 } %r0, i1 %overflow, 1
  ret { i64, i1 } %r1
}

define internal { i128, i1 } @sbf.umul.with.overflow.i128(i128 %a, i128 %b) alwaysinline {
  %slot = alloca i128, align 8
  %al = trunc i128 %a to i64
  %ah = call i64 @sbf.high(i128 %a)
  %bl = trunc i128 %b to i64
  %bh = call i64 @sbf.high(i128 %b)
  %wrapped = call i64 @__sbf_mul128_checked(ptr %slot, i64 %al, i64 %ah, i64 %bl, i64 %bh)
  %product = load i128, ptr %slot, align 8
  %overflow = icmp ne i64 %wrapped, 0
  %r0 = insertvalue { i128, i1 } poison, i128 %product, 0
  %r1 = insertvalue { i128, i1 } %r0, i1 %overflow, 1
  ret { i128, i1 } %r1
}

define internal { i128, i1 } @sbf.smul.with.overflow.i128(i128 %a, i128 %b) alwaysinline {
  %ma = call i128 @sbf.magnitude(i128 %a)
  %mb = call i128 @sbf.magnitude(i128 %b)
  %pair = call { i128, i1 } @sbf.umul.with.overflow.i128(i128 %ma, i128 %mb)
  %magnitude = extractvalue { i128, i1 } %pair, 0
  %wrapped = extractvalue { i128, i1 } %pair, 1
  %signs = xor i128 %a, %b
  %negative = lshr i128 %signs, 127
  %limit = add i128 %negative, 170141183460469231731687303715884105727
  %beyond = icmp ugt i128 %magnitude, %limit
  %overflow = or i1 %wrapped, %beyond
  %sign = ashr i128 %signs, 127
  %flipped = xor i128 %magnitude, %sign
  %product = sub i128 %flipped, %sign
  %r0 = insertvalue { i128, i1 } poison, i128 %product, 0
  %r1 = insertvalue { i128, i1 } %r0, i1 %overflow, 1
  ret { i128, i1 } %r1
}

; ---- 128-bit shifts by an amount known only when the program runs -------------------------------------------------------
; The machine takes a shift's amount modulo 64. Bits that cross from one half to the other move by 64 - n; written as one
; shift by 1 and one by 63 - n, that is right for n = 0 too.

define internal i128 @sbf.shl.i128(i128 %a, i128 %amount) alwaysinline {
  %n = trunc i128 %amount to i64
  %in = and i64 %n, 63
  %away = xor i64 %in, 63
  %low = trunc i128 %a to i64
  %high = call i64 @sbf.high(i128 %a)
  %low.n = shl i64 %low, %in
  %high.n = shl i64 %high, %in
  %half = lshr i64 %low, 1
  %crossing = lshr i64 %half, %away
  %mixed = or i64 %high.n, %crossing
  %bit = and i64 %n, 64
  %far = icmp ne i64 %bit, 0
  %rl = select i1 %far, i64 0, i64 %low.n
  %rh = select i1 %far, i64 %low.n, i64 %mixed
  %r = call i128 @sbf.join(i64 %rl, i64 %rh)
  ret i128 %r
}

define internal i128 @sbf.lshr.i128(i128 %a, i128 %amount) alwaysinline {
  %n = trunc i128 %amount to i64
  %in = and i64 %n, 63
  %away = xor i64 %in, 63
  %low = trunc i128 %a to i64
  %high = call i64 @sbf.high(i128 %a)
  %low.n = lshr i64 %low, %in
  %high.n = lshr i64 %high, %in
  %twice = shl i64 %high, 1
  %crossing = shl i64 %twice, %away
  %mixed = or i64 %low.n, %crossing
  %bit = and i64 %n, 64
  %far = icmp ne i64 %bit, 0
  %rl = select i1 %far, i64 %high.n, i64 %mixed
  %rh = select i1 %far, i64 0, i64 %high.n
  %r = call i128 @sbf.join(i64 %rl, i64 %rh)
  ret i128 %r
}

define internal i128 @sbf.ashr.i128(i128 %a, i128 %amount) alwaysinline {
  %n = trunc i128 %amount to i64
  %in = and i64 %n, 63
  %away = xor i64 %in, 63
  %low = trunc i128 %a to i64
  %high = call i64 @sbf.high(i128 %a)
  %low.n = lshr i64 %low, %in
  %high.n = ashr i64 %high, %in
  %sign = ashr i64 %high, 63
  %twice = shl i64 %high, 1
  %crossing = shl i64 %twice, %away
  %mixed = or i64 %low.n, %crossing
  %bit = and i64 %n, 64
  %far = icmp ne i64 %bit, 0
  %rl = select i1 %far, i64 %high.n, i64 %mixed
  %rh = select i1 %far, i64 %sign, i64 %high.n
  %r = call i128 @sbf.join(i64 %rl, i64 %rh)
  ret i128 %r
}

; A rotation takes the high (fshl) or low (fshr) half of two values side by side, shifted.
define internal i128 @sbf.fshl.i128(i128 %a, i128 %b, i128 %amount) alwaysinline {
  %n = and i128 %amount, 127
  %away = xor i128 %n, 127
  %left = call i128 @sbf.shl.i128(i128 %a, i128 %n)
  %half = lshr i128 %b, 1
  %right = call i128 @sbf.lshr.i128(i128 %half, i128 %away)
  %r = or i128 %left, %right
  ret i128 %r
}

define internal i128 @sbf.fshr.i128(i128 %a, i128 %b, i128 %amount) alwaysinline {
  %n = and i128 %amount, 127
  %away = xor i128 %n, 127
  %right = call i128 @sbf.lshr.i128(i128 %b, i128 %n)
  %twice = shl i128 %a, 1
  %left = call i128 @sbf.shl.i128(i128 %twice, i128 %away)
  %r = or i128 %left, %right
  ret i128 %r
}

declare i64 @llvm.abs.i64(i64, i1 immarg)
