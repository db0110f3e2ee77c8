use super::{body, refusal};
use crate::arithmetic::{legalise, needs_legalising, with_wrappers};

#[test]
fn what_the_machine_can_do_stays() {
    for line in [
        "%x = mul nuw nsw i64 %a, %b",
        "%x = udiv exact i64 %a, 8",
        "%x = urem i32 %a, %b",
        "%x = add i128 %a, %b",
        "%x = shl i128 %a, 64",
        "%x = lshr exact i128 %a, 100",
        "%x = ashr i64 %a, %b",
        "%x = mul <2 x i32> %a, %b",
        "%x = call { i32, i1 } @llvm.umul.with.overflow.i32(i32 %a, i32 %b)",
        "%x = call { i64, i1 } @llvm.uadd.with.overflow.i64(i64 %a, i64 %b)",
        "%x = call i64 @llvm.fshl.i64(i64 %a, i64 %a, i64 %b)",
    ] {
        assert_eq!(body(legalise, line), [line]);
    }
}

#[test]
fn each_operation_becomes_its_function() {
    for (line, wanted) in [
        (
            "%x = mul nuw i128 %a, %b, !dbg !4",
            "%x = call i128 @sbf.mul.i128(i128 %a, i128 %b)",
        ),
        (
            "%x = udiv exact i128 %a, 10",
            "%x = call i128 @sbf.udiv.i128(i128 %a, i128 10)",
        ),
        (
            "%x = urem i128 18446744073709551616, %b",
            "%x = call i128 @sbf.urem.i128(i128 18446744073709551616, i128 %b)",
        ),
        (
            "%x = sdiv i128 %a, -10",
            "%x = call i128 @sbf.sdiv.i128(i128 %a, i128 -10)",
        ),
        (
            "%x = srem i64 %a, %b",
            "%x = call i64 @sbf.srem.i64(i64 %a, i64 %b)",
        ),
        (
            "%x = shl nuw i128 1, %b",
            "%x = call i128 @sbf.shl.i128(i128 1, i128 %b)",
        ),
        (
            "%x = ashr i128 %a, %b",
            "%x = call i128 @sbf.ashr.i128(i128 %a, i128 %b)",
        ),
        (
            "%x = tail call { i64, i1 } @llvm.umul.with.overflow.i64(i64 %a, i64 %b)",
            "%x = call { i64, i1 } @sbf.umul.with.overflow.i64(i64 %a, i64 %b)",
        ),
        (
            "%x = call { i128, i1 } @llvm.smul.with.overflow.i128(i128 %a, i128 3) #5",
            "%x = call { i128, i1 } @sbf.smul.with.overflow.i128(i128 %a, i128 3)",
        ),
        (
            "%x = call i128 @llvm.fshl.i128(i128 %a, i128 %a, i128 %b)",
            "%x = call i128 @sbf.fshl.i128(i128 %a, i128 %a, i128 %b)",
        ),
    ] {
        assert_eq!(body(legalise, line), [wanted]);
    }
}

#[test]
fn products_of_widened_values_take_the_short_way() {
    let lines = body(
        legalise,
        "  %a = zext nneg i32 %m to i128\n  %b = zext i64 %n to i128\n  %x = mul nuw i128 %a, %b\n  %y = mul i128 %x, 7",
    );
    assert_eq!(
        lines[2],
        "%x = call i128 @sbf.mul.wide.i128(i128 %a, i128 %b)"
    );
    assert_eq!(
        lines[3], "%y = call i128 @sbf.mul.i128(i128 %x, i128 7)",
        "a product may fill both halves"
    );
}

#[test]
fn a_value_widened_in_another_function_is_not_taken_for_this_ones() {
    let module = "\
define void @one() {
  %a = zext i64 %n to i128
  ret void
}
define void @two(i128 %a) {
  %x = mul i128 %a, %a
  ret void
}
";
    assert!(
        legalise(module)
            .unwrap()
            .contains("@sbf.mul.i128(i128 %a, i128 %a)")
    );
}

#[test]
fn widths_in_between_compute_in_the_next_one() {
    assert_eq!(
        body(legalise, "%x = mul i65 %a, %b"),
        [
            "%sbf.left.0 = zext i65 %a to i128",
            "%sbf.right.0 = zext i65 %b to i128",
            "%sbf.wide.0 = call i128 @sbf.mul.i128(i128 %sbf.left.0, i128 %sbf.right.0)",
            "%x = trunc i128 %sbf.wide.0 to i65",
        ]
    );
    let signed = body(legalise, "%x = sdiv i32 %a, %b");
    assert_eq!(signed[0], "%sbf.left.0 = sext i32 %a to i64");
    assert_eq!(signed[1], "%sbf.right.0 = sext i32 %b to i64");
    let shift = body(legalise, "%x = ashr i100 %a, %b");
    assert_eq!(
        shift[..2],
        [
            "%sbf.left.0 = sext i100 %a to i128",
            "%sbf.right.0 = zext i100 %b to i128"
        ]
    );
}

#[test]
fn what_is_not_understood_is_refused_with_the_function_named() {
    for (line, why) in [
        ("%x = mul i256 %a, %b", "256 bits"),
        ("%x = sdiv <2 x i64> %a, %b", "`sdiv` on the type"),
        ("%x = shl <2 x i128> %a, %b", "`shl` on the type"),
        ("%x = mul newflag i128 %a, %b", "cannot read the operands"),
        ("%x = mul i128 %a", "cannot read the operands"),
        ("%x = fmul double %a, %b", "no floating point"),
        ("%x = uitofp i64 %a to double", "no floating point"),
        (
            "%x = call i64 @llvm.fptoui.sat.i64.f64(double %a)",
            "no floating point",
        ),
        (
            "%x = call i64 @llvm.umul.fix.i64(i64 %a, i64 %b, i32 3)",
            "fixed-point",
        ),
        (
            "%x = call { i96, i1 } @llvm.umul.with.overflow.i96(i96 %a, i96 %b)",
            "not supported for this width",
        ),
    ] {
        let refused = refusal(legalise, line);
        assert!(refused.contains("in function `crate::work`"), "{refused}");
        assert!(refused.contains(why), "{line}: {refused}");
    }
}

#[test]
fn rewritten_code_needs_no_second_pass() {
    let module =
        "define void @f() {\n  %x = sdiv i32 %a, %b\n  %y = shl i128 %c, %d\n  ret void\n}\n";
    assert!(needs_legalising(module).unwrap());
    let text = with_wrappers(&legalise(module).unwrap());
    assert!(!needs_legalising(&text).unwrap());
}

#[test]
fn what_a_module_declares_is_not_declared_twice() {
    let text = with_wrappers("declare i64 @llvm.abs.i64(i64, i1 immarg) #1\n");
    assert_eq!(text.matches("declare i64 @llvm.abs.i64").count(), 1);
    assert!(text.contains("define internal i64 @sbf.sdiv.i64"));
}
