//! Arithmetic the machine does not have.
//!
//! The machine computes with 64-bit registers: it adds, subtracts, multiplies (keeping the low half), divides without sign
//! and shifts. LLVM's BPF backend turns most wider or signed operations into these by itself. What it cannot do is replaced
//! here, while the program is still text, by calls to the functions in `sbf/driver/wrappers.ll`, which are inlined right
//! after; the long ones end in the runtime crate (`sbf/runtime`).
//!
//! | operation | becomes |
//! |---|---|
//! | `sdiv`, `srem` up to 64 bits | unsigned division of the magnitudes |
//! | `mul`, `udiv`, `urem`, `sdiv`, `srem` of 65 to 128 bits | runtime functions on pairs of registers |
//! | shifts of 65 to 128 bits by an amount not known at build time | a choice between the two halves |
//! | multiplication with overflow check, 64 and 128 bits | a division that checks, or the runtime |
//! | the same of 128-bit rotations | two shifts |

use std::collections::HashSet;

use anyhow::{Context, Result, bail};

use crate::instruction::split_destination;
use crate::{function, ir};

/// Definitions of the functions this module's rewriting calls.
const WRAPPERS: &str = include_str!("../wrappers.ll");

/// `module` with the functions that the rewriting calls. A name may be declared once only: what the module declares by itself
/// is left out of them.
pub fn with_wrappers(module: &str) -> String {
    let declared: HashSet<&str> = module.lines().filter_map(function::declared_name).collect();
    let wrappers = WRAPPERS
        .lines()
        .filter(|line| function::declared_name(line).is_none_or(|name| !declared.contains(name)));
    module
        .lines()
        .chain(wrappers)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Replaces what the backend cannot lower in every function of `module`.
pub fn legalise(module: &str) -> Result<String> {
    Ok(rewrite(module)?.0)
}

/// Whether `module` has something [`legalise`] would replace.
pub fn needs_legalising(module: &str) -> Result<bool> {
    Ok(rewrite(module)?.1 > 0)
}

/// The rewritten module, and how many instructions were replaced.
fn rewrite(module: &str) -> Result<(String, usize)> {
    let widened = widened_values(module);
    let mut replaced = 0usize;
    let text = function::rewrite_bodies(module, |function, line, out| {
        let (destination, instruction) = split_destination(line.trim_start());
        let operation = instruction.split(' ').next().unwrap_or_default();
        if matches!(
            operation,
            "mul" | "udiv" | "urem" | "sdiv" | "srem" | "shl" | "lshr" | "ashr"
        ) {
            let destination = destination.context("the result has no name")?;
            let is_wide =
                |value: &str| widened.contains(&(function, value)) || is_small_constant(value);
            if let Some(lines) = binary(destination, instruction, &is_wide, replaced)? {
                out.extend(lines);
                replaced += 1;
                return Ok(());
            }
        } else if matches!(
            operation,
            "fadd"
                | "fsub"
                | "fmul"
                | "fdiv"
                | "frem"
                | "fneg"
                | "fcmp"
                | "uitofp"
                | "sitofp"
                | "fptoui"
                | "fptosi"
                | "fptrunc"
                | "fpext"
        ) {
            bail!("the machine has no floating point; compute in integers");
        } else if instruction.contains("@llvm.")
            && let Some(call) = intrinsic(instruction)?
        {
            let assignment = destination
                .map(|name| format!("{name} = "))
                .unwrap_or_default();
            out.push(format!("  {assignment}{call}"));
            replaced += 1;
            return Ok(());
        }
        out.push(line.to_owned());
        Ok(())
    })?;
    Ok((text, replaced))
}

/// Values made by `zext` from 64 bits or fewer: their high half is known to be zero, so two of them multiply with half the
/// work. Keyed by function, as names repeat between functions.
fn widened_values(module: &str) -> HashSet<(&str, &str)> {
    let mut found = HashSet::new();
    let mut function = "";
    for line in module.lines() {
        if let Some(name) = function::defined_name(line) {
            function = name;
        } else if let (Some(name), instruction) = split_destination(line.trim_start())
            && let Some(operands) = instruction.strip_prefix("zext ")
            && operands.contains(" to i128")
        {
            let operands = operands.strip_prefix("nneg ").unwrap_or(operands);
            let bits = ir::take_type(operands).and_then(|(ty, _)| ir::integer_bits(ty));
            if bits.is_some_and(|bits| bits <= 64) {
                found.insert((function, name));
            }
        }
    }
    found
}

fn is_small_constant(value: &str) -> bool {
    value.parse::<u64>().is_ok()
}

/// An arithmetic instruction: `mul nuw i128 %a, %b`.
struct Binary<'a> {
    operation: &'a str,
    ty: &'a str,
    left: &'a str,
    right: &'a str,
}

impl<'a> Binary<'a> {
    fn parse(instruction: &'a str) -> Option<Self> {
        let (operation, mut rest) = instruction.split_once(' ')?;
        while let Some(behind) = ["nuw ", "nsw ", "exact "]
            .iter()
            .find_map(|flag| rest.strip_prefix(flag))
        {
            rest = behind;
        }
        let (ty, operands) = ir::take_type(rest)?;
        let operands = operands.find(", !").map_or(operands, |at| &operands[..at]);
        let [left, right] = ir::split_list(operands)[..] else {
            return None;
        };
        (ir::is_value(left) && ir::is_value(right)).then_some(Self {
            operation,
            ty,
            left,
            right,
        })
    }
}

/// What replaces one arithmetic instruction; `None` when the backend can do it.
fn binary(
    destination: &str,
    instruction: &str,
    is_wide: &dyn Fn(&str) -> bool,
    id: usize,
) -> Result<Option<Vec<String>>> {
    let Binary {
        operation,
        ty,
        left,
        right,
    } = Binary::parse(instruction).context("cannot read the operands")?;
    let is_shift = matches!(operation, "shl" | "lshr" | "ashr");
    let is_signed = matches!(operation, "sdiv" | "srem" | "ashr");
    let Some(bits) = ir::integer_bits(ty) else {
        // Vectors: the backend takes them apart, but only into operations it has itself.
        let element = ty
            .trim_start_matches('<')
            .trim_end_matches('>')
            .split(" x ")
            .nth(1)
            .and_then(ir::integer_bits);
        let is_fine =
            element.is_some_and(|bits| bits <= 64) && !matches!(operation, "sdiv" | "srem");
        if !is_fine {
            bail!("`{operation}` on the type `{ty}` is not supported");
        }
        return Ok(None);
    };
    let is_needed = match operation {
        "sdiv" | "srem" => true,
        "shl" | "lshr" | "ashr" => bits > 64 && right.parse::<u128>().is_err(),
        _ => bits > 64,
    };
    if !is_needed {
        return Ok(None);
    }
    if bits > 128 {
        bail!("`{operation}` of {bits} bits is not supported, 128 is the widest");
    }
    let wide = if bits > 64 { 128 } else { 64 };
    let name = match operation {
        "mul" if bits == 128 && is_wide(left) && is_wide(right) => "mul.wide".to_owned(),
        _ => operation.to_owned(),
    };
    let callee = format!("@sbf.{name}.i{wide}");
    if bits == wide {
        return Ok(Some(vec![format!(
            "  {destination} = call i{wide} {callee}(i{wide} {left}, i{wide} {right})"
        )]));
    }
    // A width in between computes in the next one and is cut back: exact for every one of these operations when signed
    // ones are extended with their sign.
    let extend = if is_signed { "sext" } else { "zext" };
    // A shift's amount counts bits: it has no sign.
    let extend_right = if is_shift { "zext" } else { extend };
    Ok(Some(vec![
        format!("  %sbf.left.{id} = {extend} {ty} {left} to i{wide}"),
        format!("  %sbf.right.{id} = {extend_right} {ty} {right} to i{wide}"),
        format!(
            "  %sbf.wide.{id} = call i{wide} {callee}(i{wide} %sbf.left.{id}, i{wide} %sbf.right.{id})"
        ),
        format!("  {destination} = trunc i{wide} %sbf.wide.{id} to {ty}"),
    ]))
}

/// The call that replaces a multiplication with overflow check or a 128-bit rotation; `None` for any other intrinsic, and
/// for the narrow multiplications the backend does in 64 bits.
fn intrinsic(instruction: &str) -> Result<Option<String>> {
    let Some(at) = instruction.find("@llvm.") else {
        return Ok(None);
    };
    let (name, arguments) =
        ir::take_name(&instruction[at..]).context("cannot read the intrinsic's name")?;
    let short = &name["@llvm.".len()..];
    if [
        "fma.",
        "fmuladd.",
        "fabs.",
        "sqrt.",
        "floor.",
        "ceil.",
        "trunc.",
        "round",
        "fptoui.sat.",
        "fptosi.sat.",
        "minnum.",
        "maxnum.",
    ]
    .iter()
    .any(|start| short.starts_with(start))
    {
        bail!("the machine has no floating point; compute in integers");
    }
    if short.contains("mul.fix") {
        bail!("fixed-point multiplication `{name}` is not supported");
    }
    let Some((operation, ty)) = short.rsplit_once('.') else {
        return Ok(None);
    };
    let is_multiplication = matches!(operation, "umul.with.overflow" | "smul.with.overflow");
    let is_rotation = matches!(operation, "fshl" | "fshr") && ty == "i128";
    if !(is_multiplication || is_rotation) {
        return Ok(None);
    }
    let end = ir::closing(arguments, 0).context("cannot read the arguments")?;
    let result = if is_multiplication {
        format!("{{ {ty}, i1 }}")
    } else {
        ty.to_owned()
    };
    match ir::integer_bits(ty) {
        Some(64 | 128) => {}
        // Narrow ones double to 64 bits or fewer.
        Some(8 | 16 | 32) => return Ok(None),
        _ => bail!("`{name}` is not supported for this width"),
    }
    Ok(Some(format!(
        "call {result} @sbf.{operation}.{ty}{}",
        &arguments[..end]
    )))
}
