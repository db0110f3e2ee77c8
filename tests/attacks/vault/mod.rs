//! Attacks on reward-vault. The rows are those of the list in SECURITY.md's threat model.

mod conservation;
mod creation;
mod destination;
mod double_claim;
mod epoch_life;
mod keys;
mod proof;
mod sealevel;

#[path = "../../svm/vault/scene.rs"]
#[expect(
    dead_code,
    reason = "shared with the instruction tests, which use all of it"
)]
mod scene;
