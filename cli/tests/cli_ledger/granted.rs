//! Members with points and credits, without proofs: an epoch whose leaves a test chose, and the claims file for it.

use std::path::PathBuf;

use cairn_interface::vault;
use cairn_merkle::{EpochNumber, canopy_depth_for};
use cairn_testkit::{Member, Rewards};
use serde::Serialize;
use serde_json::{Map, Value};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::stage::Stage;

/// The canonical spelling of a claims file: fields in order, two spaces a level.
#[derive(Serialize)]
struct ClaimsFile {
    canopy_depth: u8,
    claims: Map<String, Value>,
    depth: u8,
    epoch: u64,
    format: &'static str,
    leaf_count: u32,
    network: String,
    pool: String,
    root_hash: String,
    root_sum: String,
}

/// Makes epoch `number` of these members active and returns their claims file.
pub async fn grant(stage: &Stage, number: u64, members: &[Member]) -> PathBuf {
    let rewards = Rewards::new(&stage.pool, members);
    let (first, second) = (&stage.keepers[0], &stage.keepers[1]);
    let wish = stage.ledger.with_world(|world| {
        let pool = world.pool(&stage.pool);
        let wish = pool.canopy_depth;
        let mut propose = rewards.proposal(&first.pubkey(), number);
        propose.ruleset_hash = pool.ruleset_hash;
        let attest = vault::AttestEpoch {
            keeper: second.pubkey(),
            pool: stage.pool,
            number: EpochNumber::new(number),
            proposal: propose.proposal(0),
        };
        world.must(&[propose.instruction()], &[first]);
        for part in rewards.put_canopy(&first.pubkey(), number, wish) {
            world.must(&[part.instruction()], &[first]);
        }
        world.must(&[attest.instruction()], &[second]);
        wish
    });
    stage.wait();
    let args = cairn::command::epoch::activate::Args {
        number: EpochNumber::new(number),
        pool: stage.pool_arg(),
    };
    cairn::command::epoch::activate::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    write(stage, number, &rewards, wish)
}

fn write(stage: &Stage, number: u64, rewards: &Rewards, wish: u8) -> PathBuf {
    let pool = stage.ledger.with_world(|world| world.pool(&stage.pool));
    let mut owners: Vec<(String, u32)> = rewards
        .leaves()
        .iter()
        .map(|leaf| {
            (
                Pubkey::new_from_array(leaf.owner).to_string(),
                leaf.index.get(),
            )
        })
        .collect();
    owners.sort();
    let claims = owners.into_iter().map(|(owner, index)| {
        let claim = rewards.claim(&pool, number, index);
        let nodes = claim.proof.iter();
        let proof: Vec<String> = nodes
            .map(|node| format!("{}:{}", hex::encode(node.hash), node.sum()))
            .collect();
        let fields = [
            ("credits", Value::from(claim.credits.to_string())),
            ("index", Value::from(index)),
            ("milli_points", Value::from(claim.points.to_string())),
            ("proof", Value::from(proof)),
            ("tokens", Value::from(claim.tokens.to_string())),
        ];
        let fields = fields
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value));
        (owner, Value::Object(fields.collect()))
    });
    let file = ClaimsFile {
        canopy_depth: canopy_depth_for(wish, rewards.tree().depth()),
        claims: claims.collect(),
        depth: rewards.tree().depth(),
        epoch: number,
        format: cairn_epoch::CLAIMS_FORMAT,
        leaf_count: rewards.tree().leaf_count(),
        network: stage.network.to_string(),
        pool: stage.pool.to_string(),
        root_hash: hex::encode(rewards.root().hash),
        root_sum: rewards.root().sum().to_string(),
    };
    let path = stage.data.path().join(format!("claims-{number}.json"));
    let text = serde_json::to_string_pretty(&file).unwrap() + "\n";
    std::fs::write(&path, text).unwrap();
    path
}
