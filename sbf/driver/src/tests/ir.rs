use crate::function::readable;
use crate::ir::{Types, Value, closing, is_value, split_list, take_name, take_type};

#[test]
fn brackets_close_across_nesting_and_quoted_names() {
    assert_eq!(closing("(a, [2 x i8], { i64 })", 0), Some(22));
    assert_eq!(closing(r#"(ptr @"odd)name", i64 1) tail"#, 0), Some(24));
    assert_eq!(closing("(never", 0), None);
}

#[test]
fn lists_split_at_their_own_commas_only() {
    assert_eq!(
        split_list("ptr %a, { i64, i1 } %b, i64 1"),
        ["ptr %a", "{ i64, i1 } %b", "i64 1"]
    );
    assert_eq!(split_list(r#"ptr @"a,b", i8 2"#), [r#"ptr @"a,b""#, "i8 2"]);
    assert!(split_list("").is_empty());
}

#[test]
fn names_may_be_quoted() {
    assert_eq!(take_name("%a.b-c = add"), Some(("%a.b-c", " = add")));
    assert_eq!(
        take_name(r#"@"any <name>"(ptr"#),
        Some((r#"@"any <name>""#, "(ptr"))
    );
    assert_eq!(take_name("label:"), None);
    assert_eq!(take_name("%"), None);
}

#[test]
fn types_end_where_they_end() {
    assert_eq!(
        take_type("{ i64, [2 x ptr] } %x"),
        Some(("{ i64, [2 x ptr] }", "%x"))
    );
    assert_eq!(take_type("<{ i8, i32 }> %x"), Some(("<{ i8, i32 }>", "%x")));
    assert_eq!(take_type("i128 %x"), Some(("i128", "%x")));
    assert_eq!(take_type("target(\"x\") %x"), None);
}

#[test]
fn values_come_with_their_attributes() {
    let value = Value::parse("ptr noundef nonnull align 8 captures(none) initializes((0, 16), (24, 32)) dereferenceable(40) %x").unwrap();
    assert_eq!(value.ty, "ptr");
    assert_eq!(value.value, "%x");
    assert_eq!(value.attributes.len(), 6);
    assert_eq!(value.attributes[2], "align 8");
    let value = Value::parse("ptr getelementptr inbounds nuw (i8, ptr @table, i64 8)").unwrap();
    assert_eq!(
        value.value,
        "getelementptr inbounds nuw (i8, ptr @table, i64 8)"
    );
    assert_eq!(
        Value::parse("i64 range(i64 -5, 10) -3").unwrap().value,
        "-3"
    );
    // An attribute or operand never seen before is not skipped.
    assert_eq!(Value::parse("ptr newattribute %x"), None);
    assert_eq!(Value::parse("ptr %x %y"), None);
}

#[test]
fn only_whole_operands_are_values() {
    for value in [
        "%x",
        "@f",
        "-12",
        "true",
        "null",
        "poison",
        "{ i64 1, i1 false }",
        "inttoptr (i64 5 to ptr)",
    ] {
        assert!(is_value(value), "{value}");
    }
    for other in [
        "",
        "%x, %y",
        "@f(",
        "add %x",
        "inttoptr (i64 5 to ptr) 1",
        "call",
    ] {
        assert!(!is_value(other), "{other}");
    }
}

#[test]
fn sizes_follow_the_targets_data_layout() {
    let types = Types::of("%Pair = type { i8, i128 }\n%Outer = type { %Pair, i16 }\n");
    for (ty, size, slots) in [
        ("i1", 1, 1),
        ("i33", 8, 1),
        ("i64", 8, 1),
        ("i128", 16, 2),
        ("i100", 16, 2),
        ("ptr", 8, 1),
        ("{ i64, i1 }", 16, 2),
        ("{ i8, i32, i8 }", 12, 3),
        ("<{ i8, i32, i8 }>", 6, 3),
        ("[3 x { i16, i8 }]", 12, 6),
        ("%Pair", 32, 3),
        ("%Outer", 48, 4),
    ] {
        assert_eq!(types.size(ty).unwrap().0, size, "{ty}");
        assert_eq!(types.slots(ty).unwrap(), slots, "{ty}");
    }
    let refused = types.size("<4 x i32>").unwrap_err().to_string();
    assert!(refused.contains("<4 x i32>"), "{refused}");
}

#[test]
fn mangled_names_are_shown_readable() {
    assert_eq!(readable("@_RNvCsabc_5crate4work"), "crate::work");
    assert_eq!(readable("@entrypoint"), "entrypoint");
}
