//! Calls that do not fit the machine: more than five argument registers, or a result of more than one.
//!
//! The Solana machine passes arguments in the five registers r1 to r5 and returns one value in r0; LLVM's BPF backend
//! refuses anything else, and Rust produces it all the time (a slice alone is two registers, `Result<u64, E>` returns two).
//! So both sides of such a call agree on memory instead:
//!
//! - a result of more than one register is written through a pointer that becomes the first argument;
//! - arguments past the fourth register are stored in the caller's frame, and their address is the last argument.
//!
//! The rule looks at the signature alone, never at who calls whom. A function and a call through a pointer (a trait object,
//! a table of functions) therefore always agree. System calls have a signature of their own that nobody may change; one that
//! does not fit is an error.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};

use crate::function;
use crate::instruction::{Call, Callee, is_call, split_destination, strip_metadata, values};
use crate::ir::{self, Types, Value};

/// Argument registers of the machine.
const REGISTERS: u64 = 5;
const OUT: &str = "%sbf.out";
const REST: &str = "%sbf.rest";
const RESULT_SLOT: &str = "%sbf.result";
const ARGUMENT_SLOT: &str = "%sbf.arguments";

/// Rewrites every definition and call in `module`. Needs named values (LLVM's `instnamer` pass): unnamed ones are numbered
/// in order, and taking one away would shift all others.
pub fn legalise(module: &str) -> Result<String> {
    let types = Types::of(module);
    let declared: HashSet<&str> = module.lines().filter_map(function::declared_name).collect();
    let mut out: Vec<String> = Vec::new();
    let mut function: Option<Function> = None;
    for line in module.lines() {
        match &mut function {
            None if line.starts_with("define ") => {
                let name = function::defined_name(line).unwrap_or("?");
                let (head, body) = definition(line, &types)
                    .map_err(|error| function::in_function(name, line, &error))?;
                out.push(head);
                function = Some(body);
            }
            None if line.starts_with("attributes #") => out.push(without_memory_claims(line)),
            None => out.push(line.to_owned()),
            Some(body) if line == "}" => {
                body.finish(&mut out);
                out.push(line.to_owned());
                function = None;
            }
            Some(body) => body
                .line(line, &types, &declared)
                .map_err(|error| function::in_function(&body.name, line, &error))?,
        }
    }
    out.push(String::new());
    Ok(out.join("\n"))
}

/// A function being rewritten.
struct Function {
    name: String,
    /// The type of a result that goes through memory.
    result: Option<String>,
    /// What runs before the first instruction: loads of the arguments that came through memory.
    prologue: Vec<String>,
    body: Vec<String>,
    /// Bytes the calls of this function need for results and for arguments.
    result_bytes: u64,
    argument_bytes: u64,
    fresh: usize,
}

impl Function {
    fn line(&mut self, line: &str, types: &Types, declared: &HashSet<&str>) -> Result<()> {
        let text = line.trim_start();
        if let Some(value) = text.strip_prefix("ret ")
            && let Some(ty) = &self.result
        {
            let Some((found, value)) = ir::take_type(value) else {
                bail!("cannot read the result")
            };
            if found != ty || !ir::is_value(strip_metadata(value).0) {
                bail!("cannot read the result");
            }
            self.body.push(format!(
                "  store {ty} {}, ptr {OUT}, align 8",
                strip_metadata(value).0
            ));
            self.body.push("  ret void".to_owned());
            return Ok(());
        }
        let (destination, instruction) = split_destination(text);
        if instruction.starts_with("invoke ") || instruction.starts_with("callbr ") {
            bail!("unwinding calls do not exist on Solana");
        }
        if !is_call(instruction) {
            self.body.push(line.to_owned());
            return Ok(());
        }
        let Some(call) = Call::parse(instruction)? else {
            self.body.push(line.to_owned());
            return Ok(());
        };
        self.call(line, destination, &call, types, declared)
    }

    fn call(
        &mut self,
        line: &str,
        destination: Option<&str>,
        call: &Call,
        types: &Types,
        declared: &HashSet<&str>,
    ) -> Result<()> {
        let through_result = goes_through_memory(call.result, types)?;
        let slots = call
            .arguments
            .iter()
            .map(|argument| types.slots(argument.ty))
            .sum::<Result<u64>>()?;
        let total = slots + u64::from(through_result);
        if !through_result && total <= REGISTERS {
            self.body.push(line.to_owned());
            return Ok(());
        }
        match call.callee {
            Callee::Function(name) if !declared.contains(name) => {}
            Callee::Function(_) | Callee::SystemCall(_) => {
                bail!("a system call takes at most five registers and returns one")
            }
            Callee::Assembly => {
                bail!("inline assembly takes at most five registers and returns one")
            }
        }
        if call.is_musttail {
            bail!("a call that must be a tail call cannot pass values through memory");
        }
        let mut arguments = Vec::new();
        if through_result {
            let (bytes, _) = types.size(call.result)?;
            self.result_bytes = self.result_bytes.max(bytes);
            arguments.push(format!("ptr {RESULT_SLOT}"));
        }
        if total > REGISTERS {
            let kept = fitting(&call.arguments, through_result, types)?;
            arguments.extend(
                call.arguments[..kept]
                    .iter()
                    .map(|argument| self.argument(argument, through_result)),
            );
            let mut offset = 0;
            for argument in &call.arguments[kept..] {
                let place = format!("%sbf.argument.{}", self.fresh);
                self.fresh += 1;
                self.body.push(format!(
                    "  {place} = getelementptr i8, ptr {ARGUMENT_SLOT}, i64 {offset}"
                ));
                self.body.push(format!(
                    "  store {} {}, ptr {place}, align 8",
                    argument.ty, argument.value
                ));
                offset += types.size(argument.ty)?.0.next_multiple_of(8);
            }
            self.argument_bytes = self.argument_bytes.max(offset);
            arguments.push(format!("ptr {ARGUMENT_SLOT}"));
        } else {
            arguments.extend(
                call.arguments
                    .iter()
                    .map(|argument| self.argument(argument, through_result)),
            );
        }
        let Callee::Function(callee) = call.callee else {
            unreachable!("checked above")
        };
        let arguments = arguments.join(", ");
        if through_result {
            // What was said about the result (its range, that it is defined) no longer has anything to stand on.
            self.body.push(format!(
                "  call {}void {callee}({arguments}){}",
                call.convention, call.attributes
            ));
            if let Some(destination) = destination {
                self.body.push(format!(
                    "  {destination} = load {}, ptr {RESULT_SLOT}, align 8",
                    call.result
                ));
            }
        } else {
            let assignment = destination
                .map(|name| format!("{name} = "))
                .unwrap_or_default();
            self.body.push(format!(
                "  {assignment}call {}{}{} {callee}({arguments}){}{}",
                call.convention,
                call.result_attributes,
                call.result,
                call.attributes,
                call.metadata
            ));
        }
        Ok(())
    }

    /// An argument that stays in a register. `returned` promises that the result equals the argument; without a result it
    /// may not stand.
    fn argument(&self, argument: &Value, through_result: bool) -> String {
        register_value(argument, through_result)
    }

    fn finish(&mut self, out: &mut Vec<String>) {
        let mut body = std::mem::take(&mut self.body).into_iter().peekable();
        // Our lines come first in the entry block, so behind its label if that is written out.
        if body
            .peek()
            .is_some_and(|line| !line.starts_with(' ') && line.contains(':'))
        {
            out.extend(body.next());
        }
        for (slot, bytes) in [
            (RESULT_SLOT, self.result_bytes),
            (ARGUMENT_SLOT, self.argument_bytes),
        ] {
            if bytes > 0 {
                out.push(format!(
                    "  {slot} = alloca [{} x i64], align 8",
                    bytes.div_ceil(8)
                ));
            }
        }
        out.append(&mut self.prologue);
        out.extend(body);
    }
}

fn register_value(value: &Value, without_result: bool) -> String {
    let mut value = value.clone();
    // The backend refuses the attribute `sret`, not the pointer it marks.
    value.attributes.retain(|attribute| {
        !attribute.starts_with("sret") && (*attribute != "returned" || !without_result)
    });
    value.text()
}

/// Whether a result of this type is handed back through memory.
fn goes_through_memory(ty: &str, types: &Types) -> Result<bool> {
    Ok(ty != "void" && (types.slots(ty)? > 1 || !is_scalar(ty)))
}

fn is_scalar(ty: &str) -> bool {
    ir::integer_bits(ty).is_some() || matches!(ty, "ptr" | "double" | "float" | "half")
}

/// How many leading arguments stay in registers when the rest goes through memory: its address takes one register.
fn fitting(arguments: &[Value], through_result: bool, types: &Types) -> Result<usize> {
    let mut used = 1 + u64::from(through_result);
    for (at, argument) in arguments.iter().enumerate() {
        used += types.slots(argument.ty)?;
        if used > REGISTERS {
            return Ok(at);
        }
    }
    Ok(arguments.len())
}

/// Rewrites a `define` line; returns it with the state for the lines that follow.
fn definition(line: &str, types: &Types) -> Result<(String, Function)> {
    let head = line.strip_prefix("define ").context("not a definition")?;
    let (prefix, rest) = ir::take_function_prefix(head);
    let (attributes, rest) =
        ir::take_attributes(rest).context("cannot read the result's attributes")?;
    let (result, rest) = ir::take_type(rest).context("cannot read the result's type")?;
    let (name, rest) = ir::take_name(rest).context("cannot read the name")?;
    let end = rest
        .starts_with('(')
        .then(|| ir::closing(rest, 0))
        .flatten()
        .context("cannot read the parameters")?;
    let (list, tail) = (&rest[1..end - 1], &rest[end..]);
    let mut function = Function {
        name: name.to_owned(),
        result: None,
        prologue: Vec::new(),
        body: Vec::new(),
        result_bytes: 0,
        argument_bytes: 0,
        fresh: 0,
    };
    let parameters = values(list)?;
    let through_result = goes_through_memory(result, types)?;
    let slots = parameters
        .iter()
        .map(|parameter| types.slots(parameter.ty))
        .sum::<Result<u64>>()?;
    let mut list = Vec::new();
    if through_result {
        function.result = Some(result.to_owned());
        list.push(format!("ptr {OUT}"));
    }
    let kept = if slots + u64::from(through_result) > REGISTERS {
        fitting(&parameters, through_result, types)?
    } else {
        parameters.len()
    };
    list.extend(
        parameters[..kept]
            .iter()
            .map(|parameter| register_value(parameter, through_result)),
    );
    if kept < parameters.len() {
        let mut offset = 0;
        for (at, parameter) in parameters[kept..].iter().enumerate() {
            function.prologue.push(format!(
                "  %sbf.at.{at} = getelementptr i8, ptr {REST}, i64 {offset}"
            ));
            function.prologue.push(format!(
                "  {} = load {}, ptr %sbf.at.{at}, align 8",
                parameter.value, parameter.ty
            ));
            offset += types.size(parameter.ty)?.0.next_multiple_of(8);
        }
        list.push(format!("ptr {REST}"));
    }
    let (attributes, result) = if through_result {
        (String::new(), "void")
    } else {
        (
            attributes
                .iter()
                .map(|attribute| format!("{attribute} "))
                .collect(),
            result,
        )
    };
    Ok((
        format!(
            "define {prefix}{attributes}{result} {name}({}){tail}",
            list.join(", ")
        ),
        function,
    ))
}

/// Removes claims that a function does not touch memory: one that now hands its result over through memory does, and a call
/// whose claim says otherwise would be dropped as useless. The optimiser has used the claims before this point.
fn without_memory_claims(line: &str) -> String {
    let mut out = line.to_owned();
    while let Some(start) = out.find(" memory(") {
        let Some(end) = ir::closing(&out, start + " memory".len()) else {
            break;
        };
        out.replace_range(start..end, "");
    }
    out.replace(" speculatable", "")
}
