use super::{body, refusal};
use crate::calls::legalise;

fn whole(module: &str) -> Vec<String> {
    legalise(module)
        .expect("it is understood")
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn calls_that_fit_stay_as_they_are() {
    for line in [
        "%x = call i64 @f(i64 %a, i64 %b, i64 %c, i64 %d, ptr %e) #3, !range !7",
        "tail call void @f(i128 %a, i128 %b, i64 %c)",
        "%x = call noundef zeroext i1 %pointer(ptr nonnull align 8 %a)",
        "call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %b, i64 %n, i1 false)",
        "%x = call { i64, i1 } @llvm.umul.with.overflow.i64(i64 %a, i64 %b)",
        "%x = tail call i64 inttoptr (i64 1904002211 to ptr)(ptr %a, i64 1, i64 2, i64 3, i64 4)",
        r#"call void asm sideeffect "", "r,~{memory}"(ptr %x)"#,
    ] {
        assert_eq!(body(legalise, line), [line]);
    }
}

#[test]
fn a_pair_comes_back_through_memory() {
    assert_eq!(
        body(
            legalise,
            "%x = tail call fastcc noundef { i64, i1 } @f(i64 %a) #2, !noundef !3"
        ),
        [
            "%sbf.result = alloca [2 x i64], align 8",
            "call fastcc void @f(ptr %sbf.result, i64 %a) #2",
            "%x = load { i64, i1 }, ptr %sbf.result, align 8",
        ]
    );
}

#[test]
fn an_unused_result_still_needs_its_place() {
    assert_eq!(
        body(legalise, "call i128 %pointer()"),
        [
            "%sbf.result = alloca [2 x i64], align 8",
            "call void %pointer(ptr %sbf.result)"
        ]
    );
}

#[test]
fn the_sixth_register_goes_to_memory_with_all_behind_the_fourth() {
    assert_eq!(
        body(
            legalise,
            "%x = call noundef i64 @f(i64 %a, i8 zeroext %b, i64 3, ptr %d, i1 true, ptr @g), !range !1"
        ),
        [
            "%sbf.arguments = alloca [2 x i64], align 8",
            "%sbf.argument.0 = getelementptr i8, ptr %sbf.arguments, i64 0",
            "store i1 true, ptr %sbf.argument.0, align 8",
            "%sbf.argument.1 = getelementptr i8, ptr %sbf.arguments, i64 8",
            "store ptr @g, ptr %sbf.argument.1, align 8",
            "%x = call noundef i64 @f(i64 %a, i8 zeroext %b, i64 3, ptr %d, ptr %sbf.arguments), !range !1",
        ]
    );
}

#[test]
fn a_wide_argument_counts_for_two_registers_and_is_never_torn() {
    let lines = body(legalise, "call void @f(i64 %a, i128 %b, i128 %c, i64 %d)");
    assert_eq!(
        lines.last().unwrap(),
        "call void @f(i64 %a, i128 %b, ptr %sbf.arguments)"
    );
    assert!(
        lines.contains(&"store i128 %c, ptr %sbf.argument.0, align 8".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines
            .contains(&"%sbf.argument.1 = getelementptr i8, ptr %sbf.arguments, i64 16".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn definitions_follow_the_same_rule_as_calls() {
    let module = "\
define internal fastcc noundef { ptr, i64 } @\"odd name\"(ptr noalias returned %a, i64 %b, i64 %c, i64 %d, i128 %e) unnamed_addr #0 {
start:
  %x = insertvalue { ptr, i64 } poison, ptr %a, 0
  ret { ptr, i64 } %x
}
";
    assert_eq!(
        whole(module),
        [
            "define internal fastcc void @\"odd name\"(ptr %sbf.out, ptr noalias %a, i64 %b, i64 %c, ptr %sbf.rest) unnamed_addr #0 {",
            "start:",
            "%sbf.at.0 = getelementptr i8, ptr %sbf.rest, i64 0",
            "%d = load i64, ptr %sbf.at.0, align 8",
            "%sbf.at.1 = getelementptr i8, ptr %sbf.rest, i64 8",
            "%e = load i128, ptr %sbf.at.1, align 8",
            "%x = insertvalue { ptr, i64 } poison, ptr %a, 0",
            "store { ptr, i64 } %x, ptr %sbf.out, align 8",
            "ret void",
            "}",
        ]
    );
}

#[test]
fn sret_pointers_stay_pointers() {
    let module =
        "define void @f(ptr sret([40 x i8]) align 8 %out, i64 %a) {\nstart:\n  ret void\n}\n";
    assert_eq!(
        whole(module)[0],
        "define void @f(ptr align 8 %out, i64 %a) {"
    );
}

#[test]
fn nothing_may_claim_any_more_that_a_function_leaves_memory_alone() {
    let lines = whole(
        "attributes #4 = { nounwind speculatable memory(argmem: read, inaccessiblemem: none) \"target-cpu\"=\"v2\" }\n",
    );
    assert_eq!(
        lines[0],
        "attributes #4 = { nounwind \"target-cpu\"=\"v2\" }"
    );
}

#[test]
fn system_calls_that_do_not_fit_are_refused() {
    let six = "call i64 inttoptr (i64 7 to ptr)(i64 1, i64 2, i64 3, i64 4, i64 5, i64 6)";
    assert!(refusal(legalise, six).contains("a system call takes at most five registers"));
    let module = "declare { i64, i64 } @sol_new(i64)\ndefine void @f() {\n  %x = call { i64, i64 } @sol_new(i64 1)\n  ret void\n}\n";
    assert!(
        format!("{:#}", legalise(module).unwrap_err())
            .contains("a system call takes at most five registers")
    );
}

#[test]
fn what_is_not_understood_is_refused_with_the_function_named() {
    for (line, why) in [
        (
            "%x = invoke i64 @g() to label %a unwind label %b",
            "unwinding",
        ),
        ("musttail call { i64, i64 } @g(i64 1)", "tail call"),
        (
            "call void @g(i64 newattribute %x)",
            "cannot read the argument",
        ),
        (
            "call void (ptr, ...) @printf(ptr %x)",
            "cannot read what is called",
        ),
        (
            "call void @g(i64 1) [ \"deopt\"(i32 1) ]",
            "operand bundles",
        ),
        ("%x = call <2 x i64> @g()", "not one this driver knows"),
        ("call void @g(ptr swiftself %x)", "register of its own"),
        ("call void @g() nounwind", "attributes"),
    ] {
        let refused = refusal(legalise, line);
        assert!(refused.contains("in function `crate::work`"), "{refused}");
        assert!(refused.contains(why), "{line}: {refused}");
    }
}
