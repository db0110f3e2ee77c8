//! Rewriting of single lines, checked by their text. What the rewritten code computes is checked in the machine, by the
//! package in `sbf/tests`.

mod arithmetic;
mod build;
mod calls;
mod emit;
mod inlining;
mod ir;
mod memory;
mod order;

/// `body` as the body of a function, rewritten by `legalise`: the lines between `define` and `}`.
fn body(legalise: fn(&str) -> anyhow::Result<String>, body: &str) -> Vec<String> {
    let module = format!("define void @f() {{\nstart:\n{body}\n}}\n");
    let text = legalise(&module).expect("it is understood");
    let lines = text.lines().skip_while(|line| *line != "start:").skip(1);
    lines
        .take_while(|line| *line != "}")
        .map(|line| line.trim().to_owned())
        .collect()
}

/// The error of rewriting `body`.
fn refusal(legalise: fn(&str) -> anyhow::Result<String>, body: &str) -> String {
    let module = format!("define void @_RNvCsabc_5crate4work() {{\nstart:\n{body}\n}}\n");
    format!("{:#}", legalise(&module).expect_err("it is refused"))
}
