//! Attacks on reward-vault: forged proofs, second payments, hostile destinations, taken addresses, miscounted votes, stolen keys.

mod creation;
mod destination;
mod double_claim;
mod epoch_life;
mod events;
mod every_instruction;
mod hidden;
mod hostile;
mod keys;
mod keys_spending;
mod machine;
mod plays;
mod proof;
mod rent;
mod revival;
mod sealevel;
mod worst_of_an_audit;

#[path = "../../svm/vault/scene.rs"]
#[allow(
    dead_code,
    reason = "shared with the instruction tests, which use all of it"
)]
pub mod scene;

#[path = "../../svm/vault/burning.rs"]
#[allow(
    dead_code,
    reason = "shared with the instruction tests, which use all of it"
)]
mod burning;

#[path = "../../svm/vault/challenging.rs"]
#[allow(
    dead_code,
    reason = "shared with the instruction tests, which use all of it"
)]
mod challenging;

#[path = "../../svm/vault/redeeming.rs"]
#[allow(
    dead_code,
    reason = "shared with the instruction tests, which use all of it"
)]
mod redeeming;
