use crate::order::check;

fn module(name: &str, body: &str) -> String {
    format!("define internal i32 {name}(ptr %a, ptr %b) {{\nstart:\n{body}\n}}\n")
}

#[test]
fn whether_two_strings_differ_may_be_asked_of_bcmp_and_their_order_of_memcmp() {
    let equality = "  %v = tail call i32 @bcmp(ptr %a, ptr %b, i64 32)\n  %e = icmp eq i32 %v, 0\n  %n = icmp ne i32 %v, 0";
    check(&module("@f", equality)).unwrap();
    let order = "  %v = call i32 @memcmp(ptr %a, ptr %b, i64 32)\n  %l = icmp slt i32 %v, 0";
    check(&module("@f", order)).unwrap();
    // Another value whose name begins alike.
    let other = "  %v = call i32 @bcmp(ptr %a, ptr %b, i64 32)\n  %v1 = add i32 %x, 1\n  %y = icmp slt i32 %v1, 0";
    check(&module("@f", other)).unwrap();
}

#[test]
fn an_order_taken_from_bcmp_is_refused_with_the_function_that_takes_it() {
    for used in [
        "  %l = icmp slt i32 %v, 0",
        "  %l = icmp eq i32 %v, 1",
        "  %l = lshr i32 %v, 31",
        "  ret i32 %v",
    ] {
        let body = format!("  %v = tail call i32 @bcmp(ptr %a, ptr %b, i64 32)\n{used}");
        let refused = check(&module("@_RNvCsabc_5crate4work", &body)).unwrap_err();
        let refused = refused.to_string();
        assert!(refused.contains("in function `crate::work`"), "{refused}");
        assert!(refused.contains(used.trim()), "{refused}");
    }
}

#[test]
fn a_memcmp_that_became_bcmp_is_refused() {
    let body = "  %v = tail call i32 @bcmp(ptr %a, ptr %b, i64 %n)\n  ret i32 %v";
    let refused = check(&module("@memcmp", body)).unwrap_err();
    assert!(refused.to_string().contains("`memcmp` a call of `bcmp`"));
}
