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

/// The same without anything about the budget.
pub fn plain_bytes(world: &World, instructions: &[Instruction], signers: &[&Keypair]) -> u64 {
    let payer = world.payer().insecure_clone();
    length(&world.sign(&payer, instructions, signers))
}

fn length(transaction: &VersionedTransaction) -> u64 {
    let signatures = transaction.signatures.len();
    assert!(signatures < 128, "their count takes one byte");
    (1 + 64 * signatures + transaction.message.serialize().len()) as u64
}

/// Units that the transaction's instructions of `program` took, with everything they called: from the lines that the
/// machine itself writes.
pub fn units_of(landed: &Landed, program: &Pubkey) -> u64 {
    let mut depth = 0_u32;
    let mut sum = 0;
    for line in &landed.logs {
        let Some((called, rest)) = line
            .strip_prefix("Program ")
            .and_then(|line| line.split_once(' '))
        else {
            continue;
        };
        let Ok(called) = called.parse::<Pubkey>() else {
            continue;
        };
        if rest.starts_with("invoke [") {
            depth += 1;
        } else if rest == "success" {
            depth -= 1;
        } else if let Some(units) = rest.strip_prefix("consumed ") {
            let units: Option<u64> = units.split(' ').next().and_then(|word| word.parse().ok());
            if let (1, true, Some(units)) = (depth, called == *program, units) {
                sum += units;
            }
        }
    }
    assert!(sum > 0, "{program} was not called");
    sum
}
