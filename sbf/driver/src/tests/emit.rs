use crate::emit::{check_entry_point, check_statics, explain_backend};

#[test]
fn too_much_stack_is_explained_with_the_function_named() {
    let said = "error: <unknown>:0:0: in function _RNvCsabc_5crate4work void (ptr): Looks like the BPF stack limit is exceeded. Please \
                move large on stack variables into BPF per-cpu array map. For non-kernel uses, the stack can be increased using -mllvm \
                -bpf-stack-size.\n\n";
    assert_eq!(
        explain_backend(said),
        "function `crate::work` needs more than the 4096 bytes of stack a function has; hint: box large values, or split the function"
    );
}

#[test]
fn other_complaints_keep_their_reason_and_lose_the_trace() {
    let said = "error: <unknown>:0:0: in function f i64 (i64, i64): stack arguments are not supported\n\nStack dump:\n0. Program arguments\n";
    assert_eq!(
        explain_backend(said),
        "in function `f`: LLVM's backend cannot lower it: stack arguments are not supported; hint: docs/sbf-build.md says what is \
         supported"
    );
    let crash = "LLVM ERROR: unable to allocate function return #1\nPLEASE submit a bug report\nStack dump:\n\
                 2.\tRunning pass 'BPF DAG->DAG Pattern Instruction Selection' on function '@_RNvCsabc_5crate4work'\n";
    let explained = explain_backend(crash);
    assert!(
        explained.starts_with(
            "in function `crate::work`: LLVM's backend cannot lower it: unable to allocate"
        ),
        "{explained}"
    );
    assert!(!explained.contains("Stack dump"), "{explained}");
}

#[test]
fn statics_that_can_be_written_to_are_refused_by_name() {
    let constants = "@table = private unnamed_addr constant [2 x ptr] [ptr @f, ptr @g], align 8\n\
                     @llvm.compiler.used = appending global [1 x ptr] [ptr @table], section \"llvm.metadata\"\n\
                     @out = external global i64\n";
    check_statics(constants).unwrap();
    for global in [
        "internal global i64 0, align 8",
        "internal unnamed_addr global <{ [8 x i8] }> undef",
        "internal thread_local global i8 0",
    ] {
        let refused = check_statics(&format!("@_RNvCsabc_5crate4work = {global}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("the static `crate::work` can be written to"),
            "{refused}"
        );
    }
}

#[test]
fn a_program_without_entry_point_is_refused() {
    check_entry_point("define noundef i64 @entrypoint(ptr %input) #0 {\n").unwrap();
    for module in [
        "declare i64 @entrypoint(ptr)\n",
        "define i64 @other(ptr %input) {\n",
        "",
    ] {
        let refused = check_entry_point(module).unwrap_err().to_string();
        assert!(refused.contains("no function `entrypoint`"), "{refused}");
    }
}
