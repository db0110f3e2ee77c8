//! Token-2022 on the real token program: which mints a pool takes, whom it pays, and what arrives.

mod destination;
mod fee;
mod mint;

use cairn_interface::{ids::TOKEN_2022_PROGRAM, spl};
use cairn_testkit::{
    MintExtension::{self, TransferFee},
    Rewards,
};
use solana_sdk::{instruction::Instruction, program_error::ProgramError, pubkey::Pubkey};

use super::scene::{Ran, Scene, Terms, key, member};

/// Everything but the pool, over a new mint with `extensions`.
fn over(extensions: &[MintExtension]) -> Scene {
    let mut scene = Scene::without_pool(Terms::default());
    let mint = scene
        .world
        .create_mint_2022(&key("treasurer"), 6, extensions);
    adopt(&mut scene, mint);
    scene
}

fn adopt(scene: &mut Scene, mint: Pubkey) {
    scene.mint = mint;
    scene.pool = scene.create_pool().pool();
}

fn create(scene: &mut Scene) -> Ran {
    let creation = scene.create_pool().instruction();
    scene.run(&[creation], &["admin"])
}

/// A pool over a mint with `extensions`, whose first epoch grants member *i* `tokens[i]`, with everything open. The
/// vault holds what is left of `sent` on arrival.
fn funded(extensions: &[MintExtension], sent: u64, tokens: &[u64]) -> (Scene, Rewards) {
    let mut scene = over(extensions);
    create(&mut scene).unwrap();
    let rewards = scene.rewards(tokens);
    scene.fund(sent).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    for index in 0..tokens.len() {
        scene.open_wallet(&member(index.try_into().unwrap()));
    }
    (scene, rewards)
}

/// Runs an instruction of the token program that the named actor signs.
fn with_token(scene: &mut Scene, built: Result<Instruction, ProgramError>, actor: &str) -> Ran {
    scene.run(&[built.unwrap()], &[actor])
}

fn wallet(scene: &Scene, index: u32) -> Pubkey {
    spl::associated_token_address(&member(index), &scene.mint, &TOKEN_2022_PROGRAM)
}

/// 1 %, at most 1,000 base units.
const FEE: MintExtension = TransferFee {
    bps: 100,
    maximum: 1_000,
};
