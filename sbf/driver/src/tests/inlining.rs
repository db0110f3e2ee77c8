use crate::inlining::relax;

fn program(long_body: usize) -> String {
    let body = "  ret void\n".repeat(long_body);
    format!(
        "define internal void @long() unnamed_addr #1 {{\n{body}}}\n\
         define internal void @short() #1 align 8 {{\n  ret void\n}}\n\
         define void @entrypoint() #0 {{\n  call void @long() #2\n  ret void\n}}\n\
         attributes #0 = {{ nounwind }}\n\
         attributes #1 = {{ alwaysinline nounwind optsize \"target-cpu\"=\"v2\" }}\n\
         attributes #2 = {{ alwaysinline nounwind }}\n"
    )
}

#[test]
fn only_short_functions_keep_the_order_to_be_copied() {
    let relaxed = relax(&program(21)).unwrap();
    assert!(relaxed.contains("define internal void @long() unnamed_addr #1 {\n"));
    assert!(relaxed.contains("define internal void @short() #3 align 8 {\n"));
    assert!(relaxed.contains("\nattributes #1 = { nounwind optsize \"target-cpu\"=\"v2\" }\n"));
    assert!(
        relaxed
            .ends_with("attributes #3 = { alwaysinline nounwind optsize \"target-cpu\"=\"v2\" }\n")
    );
}

#[test]
fn the_order_at_a_call_goes_whatever_is_called() {
    let relaxed = relax(&program(1)).unwrap();
    assert!(relaxed.contains("\nattributes #2 = { nounwind }\n"));
    assert!(relaxed.contains("define internal void @long() unnamed_addr #3 {\n"));
}

#[test]
fn a_text_that_breaks_off_is_an_error() {
    let error = relax("define void @f() #0 {\n  ret void\n").unwrap_err();
    assert_eq!(error.to_string(), "LLVM's text ends inside a function");
}
