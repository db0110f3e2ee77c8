//! A theft that became active and was taken back, and what a correction needs besides keepers.

use std::sync::Arc;

use cairn_client::{SendOptions, send};
use cairn_epoch::{read_leaves, read_manifest};
use cairn_interface::vault::{
    AttestEpoch, EpochStatus, OpenMemberPage, ProposeEpoch, PutCanopy, RevokeEpoch,
};
use cairn_keeper::progress::Silent;
use cairn_keeper::{AttestOptions, Keeper, ProposeOptions};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_testkit::{Member, Rewards};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::world::{SECOND, Scene};

/// Whose place the thief takes.
pub const VICTIM: u32 = 3;

/// Sends where the ledger keeps what happened.
pub async fn act(scene: &Scene, instructions: &[Instruction], signers: &[&Keypair]) {
    let options = SendOptions {
        poll: std::time::Duration::ZERO,
        ..SendOptions::default()
    };
    let keys: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
    let payer = signers[0].pubkey();
    send(&scene.ledger, instructions, &payer, &keys, &options)
        .await
        .unwrap();
}

pub fn actor(scene: &Scene, name: &str) -> Keypair {
    scene.ledger.with_world(|world| world.actor(name))
}

/// Epoch 1 active by keeper a, who has the evidence of epoch 2.
pub async fn started() -> (Scene, Keeper) {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let source = Some(a.folder().root());
    b.attest(EpochNumber::FIRST, source, AttestOptions::default())
        .await
        .unwrap();
    b.shut_down().await;
    scene.ingest(&a, 2).await;
    scene.pass_epoch(2);
    a.activate(EpochNumber::FIRST).await.unwrap();
    (scene, a)
}

/// Keepers b and c make a root active in which a thief has a member's place; it is paid a part, and the root is taken back.
pub async fn rob(scene: &Scene, honest: &Keeper) -> u64 {
    let folder = honest.folder().epoch(EpochNumber::FIRST);
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    let thief = actor(scene, "thief");
    let mut members: Vec<Member> = read_leaves(folder.root())
        .unwrap()
        .iter()
        .map(|leaf| Member {
            owner: leaf.owner.into(),
            tokens: leaf.tokens.get(),
            points: leaf.points.get(),
            credits: leaf.credits.get(),
        })
        .collect();
    members[VICTIM as usize].owner = thief.pubkey();
    let stolen = members[VICTIM as usize].tokens / 2;
    let forged = Rewards::new(&scene.pool, &members);
    let number = SECOND;
    scene.ledger.with_world(|world| {
        let (b, c) = (world.actor("keeper b"), world.actor("keeper c"));
        let proposal = ProposeEpoch {
            ruleset_hash: manifest.ruleset.hash,
            ..forged.proposal(&b.pubkey(), 2)
        };
        world.must(&[proposal.instruction()], &[&b]);
        let canopy = forged.canopy(manifest.tree.canopy_depth);
        for part in PutCanopy::all(b.pubkey(), scene.pool, number, &canopy) {
            world.must(&[part.instruction()], &[&b]);
        }
        let word = AttestEpoch {
            keeper: c.pubkey(),
            pool: scene.pool,
            number,
            proposal: proposal.proposal(0),
        };
        world.must(&[word.instruction()], &[&c]);
        let page = OpenMemberPage {
            payer: b.pubkey(),
            pool: scene.pool,
            page: 0,
        };
        world.must(&[page.instruction()], &[&b]);
        let mint = world.pool(&scene.pool).mint;
        world.open_token_account(&thief.pubkey(), &mint);
    });
    scene.set_time(scene.activatable_at(2));
    let c = scene.keeper("c").await;
    c.activate(SECOND).await.unwrap();
    c.shut_down().await;
    let mut claim = forged.claim(&scene.pool(), 2, VICTIM);
    claim.at_most = Tokens::new(stolen);
    act(scene, &[claim.instruction()], &[&thief]).await;
    revoke(scene, SECOND).await;
    stolen
}

pub async fn revoke(scene: &Scene, number: EpochNumber) {
    let admin = actor(scene, "admin");
    let revoke = RevokeEpoch {
        admin: admin.pubkey(),
        guardian: scene.guardian.pubkey(),
        pool: scene.pool,
        number,
    };
    act(scene, &[revoke.instruction()], &[&admin, &scene.guardian]).await;
    assert_eq!(
        scene.epoch(number.get()).unwrap().status(),
        EpochStatus::Revoked
    );
}

/// Keeper a, admin and guardian sign the proposal of what a closed, as `cairn epoch correct` has them do.
pub async fn sign(scene: &Scene, a: &Keeper, number: EpochNumber) {
    let folder = a.folder().epoch(number);
    let (manifest, manifest_hash) = read_manifest(folder.root()).unwrap();
    let (keeper, admin) = (actor(scene, "keeper a"), actor(scene, "admin"));
    let proposal = ProposeEpoch {
        admin: Some(admin.pubkey()),
        guardian: Some(scene.guardian.pubkey()),
        ..cairn_origin::proposal(&manifest, manifest_hash, keeper.pubkey())
    };
    let signers = [&keeper, &admin, &scene.guardian];
    act(scene, &[proposal.instruction()], &signers).await;
    assert_eq!(scene.epoch(number.get()).unwrap().correction, 1);
}

/// Keeper b, who attests what a publishes.
pub async fn attester(scene: &Scene) -> Keeper {
    let mut config = scene.config();
    config.attest.source = vec![scene.folder("a")];
    scene.keeper_with("b", config, Arc::new(Silent)).await
}

/// An epoch is collected and over.
pub async fn next_is_over(scene: &Scene, a: &Keeper, number: u32) {
    scene.ingest(a, number).await;
    scene.pass_epoch(i64::from(number) + 3);
}

pub async fn paid(scene: &Scene, a: &Keeper, number: EpochNumber, index: u32) -> u64 {
    let leaves = read_leaves(a.folder().epoch(number).root()).unwrap();
    let members: Vec<Member> = leaves
        .iter()
        .map(|leaf| Member {
            owner: leaf.owner.into(),
            tokens: leaf.tokens.get(),
            points: leaf.points.get(),
            credits: leaf.credits.get(),
        })
        .collect();
    let owner: Pubkey = members[index as usize].owner;
    let wallet = scene.ledger.with_world(|world| {
        let mint = world.pool(&scene.pool).mint;
        let wallet = cairn_interface::spl::associated_token_address(
            &owner,
            &mint,
            &world.token_program(&mint),
        );
        if world.account(&wallet).is_none() {
            world.open_token_account(&owner, &mint);
        }
        wallet
    });
    let claim = Rewards::new(&scene.pool, &members).claim(&scene.pool(), number.get(), index);
    act(scene, &[claim.instruction()], &[&actor(scene, "stranger")]).await;
    scene.ledger.with_world(|world| world.tokens(&wallet))
}
