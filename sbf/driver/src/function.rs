//! The functions of a module in LLVM's textual IR: their names, and their bodies line by line.

use anyhow::{Result, anyhow, bail};

use crate::ir::take_name;

/// The name of the function a `define` line starts.
pub fn defined_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("define ")?;
    let at = rest.find('@')?;
    Some(take_name(&rest[at..])?.0)
}

/// The name of the function a `declare` line names without defining it: a system call, or an intrinsic.
pub fn declared_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("declare ")?;
    Some(take_name(&rest[rest.find('@')?..])?.0)
}

/// `@_RNvCs_4core5panic` as people read it.
pub fn readable(function: &str) -> String {
    let name = function.trim_start_matches('@').trim_matches('"');
    format!("{:#}", rustc_demangle::demangle(name))
}

/// Calls `rewrite` with every line inside a function body and the function's name; it pushes what replaces the line.
/// Lines outside of functions are kept. Errors name the function.
pub fn rewrite_bodies(
    module: &str,
    mut rewrite: impl FnMut(&str, &str, &mut Vec<String>) -> Result<()>,
) -> Result<String> {
    let mut out = Vec::with_capacity(module.lines().count());
    let mut function: Option<&str> = None;
    for line in module.lines() {
        if let Some(name) = function {
            if line == "}" {
                function = None;
            } else {
                rewrite(name, line, &mut out).map_err(|error| in_function(name, line, &error))?;
                continue;
            }
        } else if line.starts_with("define ") {
            let Some(name) = defined_name(line) else {
                bail!("cannot read the function head `{line}`")
            };
            function = Some(name);
        }
        out.push(line.to_owned());
    }
    out.push(String::new());
    Ok(out.join("\n"))
}

/// `error`, with the function it is about and the instruction that caused it.
pub fn in_function(function: &str, line: &str, error: &anyhow::Error) -> anyhow::Error {
    let shown: String = line.trim().chars().take(300).collect();
    anyhow!(
        "in function `{}`: {error:#}; the instruction is `{shown}`",
        readable(function)
    )
}
