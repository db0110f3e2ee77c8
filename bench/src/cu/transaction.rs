use cairn_interface::ids::COMPUTE_BUDGET_PROGRAM;
use cairn_testkit::{Landed, World};
use solana_sdk::{
    instruction::Instruction, pubkey::Pubkey, signature::Keypair, transaction::VersionedTransaction,
};

/// Bytes that a transaction may have.
pub const MOST_BYTES: u64 = 1_232;

/// What a client puts before its instructions: the limit and the price.
pub fn with_budget(instructions: &[Instruction], units: u32) -> Vec<Instruction> {
    let limit = [&[2][..], &units.to_le_bytes()].concat();
    let price = [&[3][..], &1_000_u64.to_le_bytes()].concat();
    let mut all: Vec<Instruction> = [limit, price]
        .map(|data| Instruction::new_with_bytes(COMPUTE_BUDGET_PROGRAM, &data, Vec::new()))
        .into();
    all.extend_from_slice(instructions);
    all
}

/// Bytes of these instructions as a signed transaction, with limit and price.
pub fn bytes(world: &World, instructions: &[Instruction], signers: &[&Keypair]) -> u64 {
    let payer = world.payer().insecure_clone();
    length(&world.sign(&payer, &with_budget(instructions, 1_400_000), signers))
}

fn length(transaction: &VersionedTransaction) -> u64 {
    let signatures = transaction.signatures.len();
    assert!(signatures < 128, "their count takes one byte");
    (1 + 64 * signatures + transaction.message.serialize().len()) as u64
}

/// Units that each instruction of a transaction took, with everything it called: from the lines that the machine itself
/// writes. Instructions of programs that are part of the machine have no such line and are left out.
pub fn units_by_instruction(landed: &Landed) -> Vec<(Pubkey, u64)> {
    let mut depth = 0_u32;
    let mut found = Vec::new();
    for line in &landed.logs {
        let Some((program, rest)) = line
            .strip_prefix("Program ")
            .and_then(|line| line.split_once(' '))
        else {
            continue;
        };
        let Ok(program) = program.parse::<Pubkey>() else {
            continue;
        };
        if rest.starts_with("invoke [") {
            depth += 1;
        } else if rest == "success" {
            depth -= 1;
        } else if let Some(units) = rest.strip_prefix("consumed ") {
            let units = units.split(' ').next().and_then(|units| units.parse().ok());
            if let (1, Some(units)) = (depth, units) {
                found.push((program, units));
            }
        }
    }
    found
}
