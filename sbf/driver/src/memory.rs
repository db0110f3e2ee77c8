//! Copying and filling memory.
//!
//! LLVM writes copies and fills as `llvm.memcpy`, `llvm.memmove` and `llvm.memset`. Short ones of a known length become
//! loads and stores, which the backend does well. For all others Solana has system calls: they cost a fixed 10 compute units
//! (plus one for every 250 bytes), less than any loop. Copies use `sol_memmove_` even where LLVM promises that the regions
//! do not overlap, because `sol_memcpy_` also refuses a region copied onto itself, which LLVM's `memcpy` allows.

use anyhow::{Context, Result, bail};

use crate::function;
use crate::instruction::split_destination;
use crate::ir::{self, Value};

/// Longest copy and fill, in bytes, that is cheaper as loads and stores than as a system call: two instructions for 8 bytes
/// copied, one for 8 bytes filled. A move must hold everything in registers before it writes, so its limit is lower.
const LONGEST_COPY: u64 = 64;
const LONGEST_MOVE: u64 = 32;
const LONGEST_FILL: u64 = 88;

/// Replaces what is longer, or of unknown length, by system calls.
pub fn legalise(module: &str) -> Result<String> {
    let mut fresh = 0usize;
    let mut text = function::rewrite_bodies(module, |_, line, out| {
        let (_, instruction) = split_destination(line.trim_start());
        let Some(at) = ["@llvm.memcpy.", "@llvm.memmove.", "@llvm.memset."]
            .iter()
            .find_map(|name| instruction.find(name))
        else {
            if instruction.contains("@llvm.memset_pattern")
                || instruction.contains(".element.unordered.atomic")
            {
                bail!("this way of filling memory is not supported");
            }
            out.push(line.to_owned());
            return Ok(());
        };
        if !instruction.contains("call void ") {
            bail!("cannot read the memory operation");
        }
        out.extend(operation(line, &instruction[at..], &mut fresh)?);
        Ok(())
    })?;
    for declaration in [
        "declare void @sol_memmove_(ptr, ptr, i64)",
        "declare void @sol_memset_(ptr, i64, i64)",
    ] {
        let name =
            &declaration[declaration.find('@').unwrap_or(0)..declaration.find('(').unwrap_or(0)];
        let is_known = text.lines().any(|line| {
            (line.starts_with("declare ") || line.starts_with("define "))
                && line.contains(&format!("{name}("))
        });
        if !is_known {
            text.push_str(declaration);
            text.push('\n');
        }
    }
    Ok(text)
}

fn operation(line: &str, call: &str, fresh: &mut usize) -> Result<Vec<String>> {
    let (name, rest) = ir::take_name(call).context("cannot read the memory operation")?;
    let end = ir::closing(rest, 0).context("cannot read the arguments")?;
    let arguments: Vec<Value> = ir::split_list(&rest[1..end - 1])
        .into_iter()
        .map(|text| {
            Value::parse(text).with_context(|| format!("cannot read the argument `{text}`"))
        })
        .collect::<Result<_>>()?;
    let [to, what, length, volatile] = &arguments[..] else {
        bail!("a memory operation has four arguments")
    };
    if volatile.value != "false" {
        bail!("volatile memory operations are not supported");
    }
    if to.ty != "ptr"
        || !matches!(
            (what.ty, name.contains("memset")),
            ("i8", true) | ("ptr", false)
        )
    {
        bail!("cannot read the memory operation");
    }
    let limit = if name.contains("memset") {
        LONGEST_FILL
    } else if name.contains("memmove") {
        LONGEST_MOVE
    } else {
        LONGEST_COPY
    };
    if length
        .value
        .parse::<u64>()
        .is_ok_and(|bytes| bytes <= limit)
    {
        return Ok(vec![line.to_owned()]);
    }
    if name.contains(".inline.") {
        bail!("`{name}` asks never to call anything, but it is too long to be written out");
    }
    let mut lines = Vec::new();
    let mut widen = |value: &Value, lines: &mut Vec<String>| -> Result<String> {
        if let Ok(constant) = value.value.parse::<i64>() {
            // i8 constants print with a sign; the system call looks at the lowest byte.
            return Ok(format!(
                "i64 {}",
                if value.ty == "i8" {
                    constant & 255
                } else {
                    constant
                }
            ));
        }
        if value.ty == "i64" {
            return Ok(format!("i64 {}", value.value));
        }
        if ir::integer_bits(value.ty).is_none_or(|bits| bits > 64) {
            bail!("cannot read the operand of type `{}`", value.ty);
        }
        let wide = format!("%sbf.memory.{fresh}");
        *fresh += 1;
        lines.push(format!(
            "  {wide} = zext {} {} to i64",
            value.ty, value.value
        ));
        Ok(format!("i64 {wide}"))
    };
    let length = widen(length, &mut lines)?;
    if name.contains("memset") {
        let filler = widen(what, &mut lines)?;
        lines.push(format!(
            "  call void @sol_memset_(ptr {}, {filler}, {length})",
            to.value
        ));
    } else {
        lines.push(format!(
            "  call void @sol_memmove_(ptr {}, ptr {}, {length})",
            to.value, what.value
        ));
    }
    Ok(lines)
}
