//! Reading LLVM's textual IR, one line at a time.
//!
//! `llvm-dis` prints a program in a regular form: one instruction a line, every name and type spelled out. That is enough
//! to rewrite single instructions exactly, without linking against LLVM. The rule throughout: a line is either understood
//! completely, or it is an error that names the function it stands in. Nothing is guessed.

use std::collections::HashMap;

use anyhow::{Result, anyhow};

/// A piece of text, and what is left behind it.
type Taken<'a> = (&'a str, &'a str);

/// Index just past the bracket that closes the one at `open`; quoted names are skipped.
pub fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'"' => quoted = !quoted,
            b'(' | b'[' | b'{' | b'<' if !quoted => depth += 1,
            b')' | b']' | b'}' | b'>' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts of a comma separated list; commas inside brackets or quoted names do not separate.
pub fn split_list(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut quoted, mut from) = (Vec::new(), 0i32, false, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'(' | b'[' | b'{' | b'<' if !quoted => depth += 1,
            b')' | b']' | b'}' | b'>' if !quoted => depth -= 1,
            b',' if !quoted && depth == 0 => {
                parts.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    let last = text[from..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

/// `%name`, `@name`, `%"any name"`: the name with its sigil.
pub fn take_name(text: &str) -> Option<Taken<'_>> {
    let sigil = text
        .bytes()
        .next()
        .filter(|byte| matches!(byte, b'%' | b'@'))?;
    debug_assert!(sigil.is_ascii());
    let end = if text[1..].starts_with('"') {
        2 + text[2..].find('"')? + 1
    } else {
        text.bytes()
            .skip(1)
            .position(|byte| !is_name_byte(byte))
            .map_or(text.len(), |at| at + 1)
    };
    (end > 1).then(|| text.split_at(end))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$' | b'-')
}

/// A leading word of letters, digits, dots and underscores.
fn take_word(text: &str) -> Taken<'_> {
    let end = text
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')));
    text.split_at(end.unwrap_or(text.len()))
}

/// The leading type: `i64`, `ptr`, `{ i64, i1 }`, `<{ i8, i32 }>`, `[4 x i64]`, `%Named`.
pub fn take_type(text: &str) -> Option<Taken<'_>> {
    let end = match text.bytes().next()? {
        b'{' | b'[' | b'<' => closing(text, 0)?,
        b'%' => take_name(text)?.0.len(),
        _ => {
            let word = take_word(text).0;
            let integer = word
                .strip_prefix('i')
                .is_some_and(|bits| bits.parse::<u32>().is_ok());
            if !integer
                && !matches!(
                    word,
                    "void" | "ptr" | "float" | "double" | "half" | "metadata" | "label" | "token"
                )
            {
                return None;
            }
            word.len()
        }
    };
    let (found, rest) = text.split_at(end);
    Some((found, rest.trim_start()))
}

/// Attributes that may stand before a parameter's, argument's or result's value, without their bracketed part.
const VALUE_ATTRIBUTES: [&str; 31] = [
    "align",
    "allocalign",
    "allocptr",
    "captures",
    "dead_on_return",
    "dead_on_unwind",
    "dereferenceable",
    "dereferenceable_or_null",
    "immarg",
    "initializes",
    "inreg",
    "nest",
    "noalias",
    "nocapture",
    "noext",
    "nofree",
    "nofpclass",
    "nonnull",
    "noundef",
    "nocallback",
    "range",
    "readnone",
    "readonly",
    "returned",
    "signext",
    "sret",
    "swifterror",
    "swiftself",
    "writable",
    "writeonly",
    "zeroext",
];

/// Words that may stand before a function's result in a definition or call: linkage, visibility, calling convention.
const FUNCTION_PREFIXES: [&str; 21] = [
    "private",
    "internal",
    "available_externally",
    "linkonce",
    "weak",
    "common",
    "appending",
    "extern_weak",
    "linkonce_odr",
    "weak_odr",
    "external",
    "dso_local",
    "dso_preemptable",
    "default",
    "hidden",
    "protected",
    "ccc",
    "fastcc",
    "coldcc",
    "unnamed_addr",
    "local_unnamed_addr",
];

/// Leading attributes of a value, with what they carry in brackets, and the rest.
pub fn take_attributes(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut attributes, mut rest) = (Vec::new(), text);
    loop {
        let (word, behind) = take_word(rest);
        if !VALUE_ATTRIBUTES.contains(&word) {
            return Some((attributes, rest));
        }
        let length = if behind.starts_with('(') {
            word.len() + closing(behind, 0)?
        } else if word == "align" {
            word.len() + 1 + take_word(behind.strip_prefix(' ')?).0.len()
        } else {
            word.len()
        };
        attributes.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
}

/// The rest of `text` behind any linkage, visibility and calling convention words.
pub fn take_function_prefix(text: &str) -> Taken<'_> {
    let mut rest = text;
    loop {
        let (word, behind) = take_word(rest);
        if !FUNCTION_PREFIXES.contains(&word) || !behind.starts_with(' ') {
            let (prefix, rest) = text.split_at(text.len() - rest.len());
            return (prefix, rest);
        }
        rest = &behind[1..];
    }
}

/// One parameter or argument: type, attributes, value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<'a> {
    pub ty: &'a str,
    pub attributes: Vec<&'a str>,
    pub value: &'a str,
}

impl<'a> Value<'a> {
    /// Reads `ptr noundef align 8 %x`, `i64 -1`, `ptr getelementptr (i8, ptr @table, i64 8)`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (ty, rest) = take_type(text)?;
        let (attributes, value) = take_attributes(rest)?;
        is_value(value).then_some(Self {
            ty,
            attributes,
            value,
        })
    }

    /// The value as it is written in IR.
    pub fn text(&self) -> String {
        let attributes: String = self
            .attributes
            .iter()
            .map(|attribute| format!("{attribute} "))
            .collect();
        format!("{} {attributes}{}", self.ty, self.value)
    }
}

/// Whether `text` is exactly one operand: a name, a constant or a constant expression.
pub fn is_value(text: &str) -> bool {
    let ends_at = |end: Option<usize>| end == Some(text.len());
    match text.bytes().next() {
        Some(b'%' | b'@') => take_name(text).is_some_and(|(_, rest)| rest.is_empty()),
        Some(b'{' | b'[' | b'<') => ends_at(closing(text, 0)),
        Some(b'-' | b'0'..=b'9') => text[1..]
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-')),
        _ => {
            let (word, rest) = take_word(text);
            match word {
                "true" | "false" | "null" | "undef" | "poison" | "zeroinitializer" => {
                    rest.is_empty()
                }
                "getelementptr" | "inttoptr" | "ptrtoint" | "ptrtoaddr" | "bitcast" | "trunc"
                | "add" | "sub" | "xor" | "splat" => rest.find('(').is_some_and(|open| {
                    let flags = rest[..open]
                        .split_whitespace()
                        .all(|flag| matches!(flag, "inbounds" | "nuw" | "nusw" | "nsw"));
                    flags && closing(rest, open) == Some(rest.len())
                }),
                _ => false,
            }
        }
    }
}

/// The module's named types, for [`Types::size`] and [`Types::slots`].
#[derive(Default)]
pub struct Types<'a> {
    named: HashMap<&'a str, &'a str>,
}

impl<'a> Types<'a> {
    /// Collects the lines `%Name = type { .. }` of a module.
    pub fn of(module: &'a str) -> Self {
        let named = module
            .lines()
            .filter(|line| line.starts_with('%'))
            .filter_map(|line| line.split_once(" = type "))
            .collect();
        Self { named }
    }

    /// Size in bytes, and alignment, as the target's data layout has them.
    pub fn size(&self, ty: &str) -> Result<(u64, u64)> {
        if let Some(bits) = integer_bits(ty) {
            // Integers are stored in whole powers of two up to 16 bytes (data layout i64:64, i128:128).
            let bytes = u64::from(bits.div_ceil(8)).next_power_of_two();
            let align = bytes.min(16);
            return Ok((bytes.next_multiple_of(align), align));
        }
        match ty {
            "ptr" | "double" => return Ok((8, 8)),
            "float" => return Ok((4, 4)),
            "half" => return Ok((2, 2)),
            _ => {}
        }
        if let Some(definition) = self.named.get(ty) {
            return self.size(definition);
        }
        if let Some((count, element)) = array(ty) {
            let (size, align) = self.size(element)?;
            return Ok((size * count, align));
        }
        let (fields, packed) = fields(ty).ok_or_else(|| unknown_type(ty))?;
        let (mut end, mut align) = (0u64, 1u64);
        for field in fields {
            let (size, field_align) = self.size(field)?;
            let field_align = if packed { 1 } else { field_align };
            end = end.next_multiple_of(field_align) + size;
            align = align.max(field_align);
        }
        Ok((end.next_multiple_of(align), align))
    }

    /// Registers of 64 bits a value of this type takes as an argument.
    pub fn slots(&self, ty: &str) -> Result<u64> {
        if let Some(bits) = integer_bits(ty) {
            return Ok(u64::from(bits.div_ceil(64)));
        }
        if matches!(ty, "ptr" | "double" | "float" | "half") {
            return Ok(1);
        }
        if let Some(definition) = self.named.get(ty) {
            return self.slots(definition);
        }
        if let Some((count, element)) = array(ty) {
            return Ok(count * self.slots(element)?);
        }
        let (fields, _) = fields(ty).ok_or_else(|| unknown_type(ty))?;
        fields.into_iter().map(|field| self.slots(field)).sum()
    }
}

fn unknown_type(ty: &str) -> anyhow::Error {
    anyhow!("the type `{ty}` is not one this driver knows how to pass")
}

/// The width of an integer type.
pub fn integer_bits(ty: &str) -> Option<u32> {
    ty.strip_prefix('i')?.parse().ok()
}

fn array(ty: &str) -> Option<(u64, &str)> {
    let (count, element) = ty.strip_prefix('[')?.strip_suffix(']')?.split_once(" x ")?;
    Some((count.trim().parse().ok()?, element.trim()))
}

fn fields(ty: &str) -> Option<(Vec<&str>, bool)> {
    if let Some(inner) = ty.strip_prefix("<{").and_then(|ty| ty.strip_suffix("}>")) {
        return Some((split_list(inner), true));
    }
    let inner = ty.strip_prefix('{')?.strip_suffix('}')?;
    Some((split_list(inner), false))
}
