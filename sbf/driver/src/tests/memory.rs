use super::{body, refusal};
use crate::memory::legalise;

#[test]
fn short_operations_of_known_length_stay() {
    for line in [
        "call void @llvm.memcpy.p0.p0.i64(ptr align 8 %a, ptr align 1 %b, i64 64, i1 false)",
        "tail call void @llvm.memmove.p0.p0.i64(ptr %a, ptr %b, i64 32, i1 false)",
        "call void @llvm.memset.p0.i64(ptr %a, i8 -1, i64 88, i1 false)",
        "%x = call i32 @memcmp(ptr %a, ptr %b, i64 100)",
    ] {
        assert_eq!(body(legalise, line), [line]);
    }
}

#[test]
fn long_ones_and_those_of_unknown_length_become_system_calls() {
    for (line, wanted) in [
        (
            "call void @llvm.memcpy.p0.p0.i64(ptr noundef nonnull align 8 dereferenceable(65) %a, ptr align 1 @table, i64 65, i1 false)",
            "call void @sol_memmove_(ptr %a, ptr @table, i64 65)",
        ),
        (
            "tail call void @llvm.memmove.p0.p0.i64(ptr %a, ptr getelementptr (i8, ptr @t, i64 4), i64 %n, i1 false), !tbaa !3",
            "call void @sol_memmove_(ptr %a, ptr getelementptr (i8, ptr @t, i64 4), i64 %n)",
        ),
        (
            "call void @llvm.memset.p0.i64(ptr %a, i8 -1, i64 4096, i1 false)",
            "call void @sol_memset_(ptr %a, i64 255, i64 4096)",
        ),
    ] {
        assert_eq!(body(legalise, line), [wanted]);
    }
}

#[test]
fn a_filler_that_is_not_constant_is_widened() {
    assert_eq!(
        body(
            legalise,
            "call void @llvm.memset.p0.i64(ptr %a, i8 %v, i64 %n, i1 false)"
        ),
        [
            "%sbf.memory.0 = zext i8 %v to i64",
            "call void @sol_memset_(ptr %a, i64 %sbf.memory.0, i64 %n)"
        ]
    );
}

#[test]
fn the_system_calls_are_declared_once() {
    let text = legalise("declare i64 @sol_memset_(ptr, i8, i64)\n").unwrap();
    assert_eq!(text.matches("@sol_memset_(").count(), 1);
    assert_eq!(text.matches("declare void @sol_memmove_(").count(), 1);
}

#[test]
fn what_is_not_understood_is_refused_with_the_function_named() {
    for (line, why) in [
        (
            "call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %b, i64 %n, i1 true)",
            "volatile",
        ),
        (
            "call void @llvm.memcpy.inline.p0.p0.i64(ptr %a, ptr %b, i64 100, i1 false)",
            "never to call anything",
        ),
        (
            "call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %b, i64 100)",
            "four arguments",
        ),
        (
            "call void @llvm.memset.p1.i64(ptr addrspace(1) %a, i8 0, i64 100, i1 false)",
            "cannot read the argument",
        ),
        (
            "call void @llvm.memcpy.element.unordered.atomic.p0.p0.i64(ptr %a, ptr %b, i64 8, i32 8)",
            "not",
        ),
    ] {
        let refused = refusal(legalise, line);
        assert!(refused.contains("in function `crate::work`"), "{refused}");
        assert!(refused.contains(why), "{line}: {refused}");
    }
}
