use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_sdk::{instruction::Instruction, message::Message};

/// Lamports for one signature: the same on every cluster since there are clusters.
pub const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// Compute units one transaction may ask for at most.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;

/// The two budget instructions at the head of every transaction.
pub(crate) fn instructions(limit: u32, price_micro_lamports: u64) -> Vec<Instruction> {
    let mut budget = vec![ComputeBudgetInstruction::set_compute_unit_limit(limit)];
    if price_micro_lamports > 0 {
        budget.push(ComputeBudgetInstruction::set_compute_unit_price(
            price_micro_lamports,
        ));
    }
    budget
}

/// The limit to ask for after a simulation used `units`: a tenth more, at least 1,000 more, because a bump search or
/// a fuller account may cost a little more when the transaction lands.
#[must_use]
pub fn limit_from(units: u64) -> u32 {
    let margin = (units / 10).max(1_000);
    u32::try_from(units.saturating_add(margin))
        .unwrap_or(MAX_COMPUTE_UNITS)
        .min(MAX_COMPUTE_UNITS)
}

/// Lamports: the base fee for each signature plus the priority fee, rounded up as the runtime does.
#[must_use]
pub fn fee_for(signatures: u64, lamports_per_signature: u64, limit: u32, price: u64) -> u64 {
    let priority = u128::from(limit)
        .saturating_mul(u128::from(price))
        .div_ceil(1_000_000);
    signatures
        .saturating_mul(lamports_per_signature)
        .saturating_add(u64::try_from(priority).unwrap_or(u64::MAX))
}

/// Lamports that `message` costs, its priority fee included.
#[must_use]
pub fn fee_of(message: &Message, limit: u32, price_micro_lamports: u64) -> u64 {
    let verified = message.instructions.iter().filter_map(|called| {
        let program = message
            .account_keys
            .get(usize::from(called.program_id_index));
        // A precompile's first byte counts the signatures it verifies, and each is paid for like the message's own.
        program
            .filter(|program| **program == solana_sdk::ed25519_program::ID)
            .and(called.data.first())
    });
    let own = u64::from(message.header.num_required_signatures);
    let signatures = verified.fold(own, |sum, count| sum.saturating_add(u64::from(*count)));
    fee_for(
        signatures,
        LAMPORTS_PER_SIGNATURE,
        limit,
        price_micro_lamports,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_has_a_margin_and_never_passes_what_the_network_allows() {
        assert_eq!(limit_from(0), 1_000);
        assert_eq!(limit_from(5_000), 6_000);
        assert_eq!(limit_from(100_000), 110_000);
        assert_eq!(limit_from(1_399_999), MAX_COMPUTE_UNITS);
        assert_eq!(limit_from(u64::MAX), MAX_COMPUTE_UNITS);
    }

    #[test]
    fn the_priority_fee_rounds_up() {
        assert_eq!(fee_for(1, 5_000, 200_000, 0), 5_000);
        assert_eq!(fee_for(2, 5_000, 300_000, 50_000), 10_000 + 15_000);
        assert_eq!(fee_for(1, 5_000, 1, 1), 5_001);
        assert_eq!(fee_for(u64::MAX, u64::MAX, u32::MAX, u64::MAX), u64::MAX);
    }
}
