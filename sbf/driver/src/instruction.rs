//! One instruction of textual IR, taken apart: destinations, calls and their arguments.

use anyhow::{Context, Result, bail};

use crate::ir::{self, Value};

/// The parameters or arguments of a bracketed list.
pub fn values(list: &str) -> Result<Vec<Value<'_>>> {
    ir::split_list(list)
        .into_iter()
        .map(|text| {
            let value =
                Value::parse(text).with_context(|| format!("cannot read the argument `{text}`"))?;
            if value
                .attributes
                .iter()
                .any(|attribute| attribute.starts_with("swift") || *attribute == "nest")
            {
                bail!("the argument `{text}` wants a register of its own");
            }
            Ok(value)
        })
        .collect()
}

/// `%x = call ..` into `%x` and `call ..`.
pub fn split_destination(text: &str) -> (Option<&str>, &str) {
    match ir::take_name(text) {
        Some((name, rest)) if name.starts_with('%') => match rest.strip_prefix(" = ") {
            Some(instruction) => (Some(name), instruction),
            None => (None, text),
        },
        _ => (None, text),
    }
}

/// Whether an instruction (without destination) is a call.
pub fn is_call(instruction: &str) -> bool {
    ["call ", "tail call ", "musttail call ", "notail call "]
        .iter()
        .any(|start| instruction.starts_with(start))
}

/// Splits `%x, !range !4` into the operand and its metadata.
pub fn strip_metadata(text: &str) -> (&str, &str) {
    text.find(", !").map_or((text, ""), |at| text.split_at(at))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee<'a> {
    /// `@function` or `%pointer`.
    Function(&'a str),
    /// `inttoptr (i64 HASH to ptr)`: a system call named by its hash.
    SystemCall(&'a str),
    Assembly,
}

/// A call, taken apart.
#[derive(Debug)]
pub struct Call<'a> {
    pub is_musttail: bool,
    /// Calling convention and the like, with a trailing space if any.
    pub convention: &'a str,
    pub result_attributes: String,
    pub result: &'a str,
    pub callee: Callee<'a>,
    pub arguments: Vec<Value<'a>>,
    /// ` #12` or nothing.
    pub attributes: &'a str,
    /// `, !range !7` or nothing.
    pub metadata: &'a str,
}

impl<'a> Call<'a> {
    /// Reads a call instruction; `None` for LLVM's intrinsics, which are not calls on the machine.
    pub fn parse(instruction: &'a str) -> Result<Option<Self>> {
        let at = instruction.find("call ").context("not a call")?;
        let is_musttail = instruction.starts_with("musttail");
        let (convention, rest) = ir::take_function_prefix(&instruction[at + "call ".len()..]);
        let (result_attributes, rest) =
            ir::take_attributes(rest).context("cannot read the result's attributes")?;
        let (result, rest) = ir::take_type(rest).context("cannot read the result's type")?;
        if rest.starts_with("@llvm.") {
            return Ok(None);
        }
        let (callee, rest) = if let Some(assembly) = rest.strip_prefix("asm ") {
            // asm [sideeffect] "text", "constraints"(arguments): the list opens behind the second quoted text.
            let quotes: Vec<usize> = assembly.match_indices('"').map(|(at, _)| at).collect();
            let end = *quotes.get(3).context("cannot read the inline assembly")?;
            (Callee::Assembly, &assembly[end + 1..])
        } else if rest.starts_with("inttoptr (") {
            let end =
                ir::closing(rest, "inttoptr ".len()).context("cannot read the called address")?;
            (Callee::SystemCall(&rest[..end]), &rest[end..])
        } else {
            let (name, rest) = ir::take_name(rest).context("cannot read what is called")?;
            (Callee::Function(name), rest)
        };
        let end = rest
            .starts_with('(')
            .then(|| ir::closing(rest, 0))
            .flatten()
            .context("cannot read the arguments")?;
        let (list, tail) = (&rest[1..end - 1], &rest[end..]);
        if tail.contains('[') {
            bail!("operand bundles are not understood");
        }
        let (attributes, metadata) = strip_metadata(tail);
        let is_group = attributes
            .strip_prefix(" #")
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        if !attributes.is_empty() && !is_group {
            bail!("cannot read the call's attributes `{attributes}`");
        }
        Ok(Some(Self {
            is_musttail,
            convention,
            result_attributes: result_attributes
                .iter()
                .map(|attribute| format!("{attribute} "))
                .collect(),
            result,
            callee,
            arguments: values(list)?,
            attributes,
            metadata,
        }))
    }
}
