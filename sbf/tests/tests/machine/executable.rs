//! The executables themselves, as the machine reads them: what the tools behind LLVM could have got wrong without a word.
//!
//! A jump holds 16 bits. An assembler that cuts a longer one off makes it land somewhere else in the program, where the machine's
//! own verifier has nothing against it; and memory below a function's own stack frame belongs to the function it calls.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use solana_sbpf::ebpf::{self, Insn};
use solana_sbpf::elf::Executable;
use solana_sbpf::memory_region::MemoryMapping;
use solana_sbpf::program::BuiltinProgram;
use solana_sbpf::verifier::RequisiteVerifier;
use solana_sbpf::vm::{Config, ContextObject};

/// Bytes of stack that a function has.
const FRAME: i16 = 4096;
/// Instructions over which a jump can reach.
const REACH: usize = i16::MAX as usize;

/// Nothing is run here.
struct Nothing;

impl ContextObject for Nothing {
    fn consume(&mut self, _amount: u64) {}

    fn get_remaining(&self) -> u64 {
        0
    }

    fn active_mapping_ptr(&mut self) -> std::ptr::NonNull<MemoryMapping> {
        std::ptr::NonNull::dangling()
    }
}

/// Every executable that was built, of the programs and of the tests, in both versions.
fn executables() -> Vec<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let folders = ["deploy", "deploy/v3", "sbf/tests", "sbf/tests/v3"];
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| {
            let entries = std::fs::read_dir(target.join(folder)).unwrap_or_else(|error| {
                panic!("target/{folder} is not there ({error}); build it with `cargo xtask build-programs --test-programs --arch v0 --arch v3`")
            });
            entries.map(|entry| entry.unwrap().path())
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "so"))
        .collect();
    found.sort();
    found
}

fn load(bytes: &[u8]) -> Executable<Nothing> {
    let loader = BuiltinProgram::new_loader(Config::default());
    let executable = Executable::load(bytes, Arc::new(loader)).unwrap();
    executable.verify::<RequisiteVerifier>().unwrap();
    executable
}

/// Where functions begin: version 0 keeps a list of those that are called, version 3 says it in the calls.
fn starts(executable: &Executable<Nothing>, text: &[u8]) -> BTreeSet<usize> {
    let listed = executable.get_function_registry().iter();
    let mut starts: BTreeSet<usize> = listed.map(|(_, (_, place))| place).collect();
    starts.extend([0, executable.get_entrypoint_instruction_offset()]);
    let is_told_by_calls = executable.get_sbpf_version().static_syscalls();
    for at in 0..text.len() / ebpf::INSN_SIZE {
        let insn = ebpf::get_insn_unchecked(text, at);
        if is_told_by_calls && insn.opc == ebpf::CALL_IMM && insn.src == 1 {
            starts.extend(usize::try_from(i64::try_from(at).unwrap() + 1 + insn.imm));
        }
    }
    starts
}

/// What of a program's text is wrong, an instruction a line; `starts` are the places where functions begin.
fn faults(text: &[u8], starts: &BTreeSet<usize>) -> Vec<String> {
    let count = text.len() / ebpf::INSN_SIZE;
    let mut faults = Vec::new();
    let mut ends = starts.iter().copied().skip(1).chain([count]);
    for &start in starts {
        let end = ends.next().unwrap_or(count);
        if end - start > REACH {
            faults.push(format!(
                "the function at {start} has {} instructions",
                end - start
            ));
        }
        let mut at = start;
        while at < end {
            let insn = ebpf::get_insn(text, at);
            if let Some(target) = jump(&insn, at)
                && !i64::try_from(start)
                    .is_ok_and(|start| (start..i64::try_from(end).unwrap()).contains(&target))
            {
                faults.push(format!(
                    "the jump at {at} leaves its function {start}..{end} for {target}"
                ));
            }
            if let Some(offset) = stack(&insn)
                && !(-FRAME..0).contains(&offset)
            {
                faults.push(format!(
                    "instruction {at} reaches {offset} bytes from its frame's end"
                ));
            }
            at += if insn.opc == ebpf::LD_DW_IMM { 2 } else { 1 };
        }
    }
    faults
}

fn jump(insn: &Insn, at: usize) -> Option<i64> {
    let class = insn.opc & ebpf::BPF_CLS_MASK;
    let is_call = [ebpf::CALL_IMM, ebpf::CALL_REG, ebpf::EXIT].contains(&insn.opc);
    ([ebpf::BPF_JMP64, ebpf::BPF_JMP32].contains(&class) && !is_call)
        .then(|| i64::try_from(at).unwrap() + 1 + i64::from(insn.off))
}

/// Where from the end of the frame an access through the frame's register goes.
fn stack(insn: &Insn) -> Option<i16> {
    let register = usize::from(match insn.opc & ebpf::BPF_CLS_MASK {
        ebpf::BPF_LDX => insn.src,
        ebpf::BPF_ST | ebpf::BPF_STX => insn.dst,
        _ => return None,
    });
    (register == ebpf::FRAME_PTR_REG).then_some(insn.off)
}

#[test]
fn every_function_of_every_executable_keeps_to_itself() {
    let executables = executables();
    assert!(executables.len() >= 10, "{executables:?}");
    for path in executables {
        let executable = load(&std::fs::read(&path).unwrap());
        let (_, text) = executable.get_text_bytes();
        let starts = starts(&executable, text);
        let faults = faults(text, &starts);
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
        // Otherwise the whole program would be one function, and nothing would leave it.
        assert!(starts.len() > 5, "{}: {starts:?}", path.display());
    }
}

#[test]
fn what_leaves_its_function_or_its_frame_is_found() {
    let insn = |opc: u8, dst: u8, off: i16| {
        let [low, high] = off.to_le_bytes();
        [opc, dst, low, high, 0, 0, 0, 0]
    };
    let exit = insn(ebpf::EXIT, 0, 0);
    let program = |first: [u8; 8]| [first, exit, exit, exit].concat();
    let starts = BTreeSet::from([0, 2]);
    assert!(faults(&program(insn(ebpf::JA, 0, 0)), &starts).is_empty());
    assert!(faults(&program(insn(ebpf::ST_DW_REG, 10, -4096)), &starts).is_empty());
    for wrong in [
        insn(ebpf::JA, 0, 1),
        insn(ebpf::JA, 0, -2),
        insn(ebpf::JEQ64_IMM, 1, 2),
        insn(ebpf::ST_DW_REG, 10, 0),
        insn(ebpf::ST_DW_REG, 10, -4104),
        insn(ebpf::LD_DW_REG, 0xa0, -4104),
    ] {
        assert_eq!(faults(&program(wrong), &starts).len(), 1, "{wrong:?}");
    }
    let long = vec![exit; REACH + 1].concat();
    assert_eq!(faults(&long, &BTreeSet::from([0])).len(), 1);
}
