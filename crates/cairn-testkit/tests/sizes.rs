//! Every instruction that carries a list fits one transaction in the parts that its builder makes, with both budget
//! instructions and a stranger as fee payer. No program runs here.

use cairn_client::Signed;
use cairn_interface::{
    ids,
    registry::{DeviceLeaf, ImportTree, MAX_CANOPY_DEPTH, PutTreeCanopy, constants},
    vault::{Claim, CreatePool, PoolParams, PutCanopy, SetRecipient},
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Node, Tokens};
use cairn_testkit::World;
use solana_sdk::{
    instruction::Instruction, message::Message, pubkey::Pubkey, signature::Keypair, signer::Signer,
};

fn budget() -> [Instruction; 2] {
    let instruction = |data: Vec<u8>| Instruction {
        program_id: ids::COMPUTE_BUDGET_PROGRAM,
        accounts: Vec::new(),
        data,
    };
    let mut limit = vec![2];
    limit.extend(1_400_000_u32.to_le_bytes());
    let mut price = vec![3];
    price.extend(u64::MAX.to_le_bytes());
    [instruction(limit), instruction(price)]
}

#[track_caller]
fn assert_fits(instruction: Instruction, signers: &[&Keypair]) {
    let payer = World::pauper("payer");
    let mut all = budget().to_vec();
    all.push(instruction);
    let message = Message::new(&all, Some(&payer.pubkey()));
    let mut keys: Vec<&dyn Signer> = vec![&payer];
    for signer in signers {
        keys.push(*signer);
    }
    if let Err(error) = Signed::check(message, &keys) {
        panic!("{error}");
    }
}

fn key(name: &str) -> Pubkey {
    World::pauper(name).pubkey()
}

#[test]
fn every_part_of_the_deepest_canopy_fits() {
    let keeper = World::pauper("keeper");
    let canopy = vec![Node::new([1; 32], Tokens::new(7)); 128];
    let parts = PutCanopy::all(keeper.pubkey(), key("pool"), EpochNumber::MAX, &canopy);
    let stored: Vec<Node> = parts.iter().flat_map(|part| part.nodes.clone()).collect();
    assert_eq!(stored, canopy);
    let offsets: Vec<usize> = parts.iter().map(|part| usize::from(part.offset)).collect();
    let expected: Vec<usize> = (0..parts.len())
        .map(|at| at * PutCanopy::MAX_NODES)
        .collect();
    assert_eq!(offsets, expected);
    for part in &parts {
        assert_fits(part.instruction(), &[&keeper]);
    }
}

#[test]
fn every_part_of_a_device_trees_canopy_and_its_import_fit() {
    let authority = World::pauper("authority");
    let (network, tree) = (key("network"), key("tree"));
    let leaves: Vec<DeviceLeaf> = (1_u16..4_096)
        .map(|number| {
            let mut device = [7; 32];
            device[..2].copy_from_slice(&number.to_le_bytes());
            DeviceLeaf {
                device,
                owner: [8; 32],
                issuer: [0; 32],
                hardware: [0; 32],
                location: [0; 32],
                sequence: 0,
                model: 0,
                reason: 0,
                country: [0; 2],
                class: constants::CLASS_SENSOR,
                location_kind: constants::LOCATION_NONE,
                status: constants::STATUS_ACTIVE,
            }
        })
        .collect();
    let (import, prepared) = ImportTree::prepare(
        authority.pubkey(),
        network,
        tree,
        (20, MAX_CANOPY_DEPTH),
        &leaves,
        [1; 32],
    )
    .expect("they fit");
    // All bits of the count are set: the most peaks an import of this size can have.
    assert_eq!(import.peaks.len(), 12);
    assert_eq!(
        import.devices_by_class[usize::from(constants::CLASS_SENSOR)],
        4_095
    );
    assert_fits(import.instruction(), &[&authority]);
    let parts = PutTreeCanopy::all(authority.pubkey(), network, tree, &prepared);
    let nodes: usize = parts.iter().map(|part| part.nodes.len()).sum();
    assert_eq!(nodes, prepared.canopy().len());
    for part in parts {
        assert_fits(part.instruction(), &[&authority]);
    }
}

#[test]
fn a_pool_with_sixteen_keepers_can_be_created() {
    let admin = World::pauper("admin");
    let create = CreatePool {
        payer: key("payer"),
        admin: admin.pubkey(),
        network: key("network"),
        mint: key("mint"),
        token_program: ids::TOKEN_PROGRAM,
        id: u64::MAX,
        guardian: key("guardian"),
        keepers: (0..16).map(|at| key(&format!("keeper {at}"))).collect(),
        threshold: 16,
        canopy_depth: 7,
        params: PoolParams::new(1, 1, u64::MAX),
        ruleset_hash: [0x22; 32],
    };
    assert_fits(create.instruction(), &[&admin]);
}

#[test]
fn a_claim_at_depth_23_under_a_canopy_of_6_fits_without_lookup_tables() {
    let claim = Claim {
        pool: key("pool"),
        number: EpochNumber::MAX,
        owner: key("owner"),
        mint: key("mint"),
        token_program: ids::TOKEN_PROGRAM,
        index: LeafIndex::new((1 << 23) - 1),
        tokens: Tokens::MAX,
        points: MilliPoints::MAX,
        credits: Credits::MAX,
        proof: vec![Node::new([1; 32], Tokens::new(7)); 17],
        at_most: Tokens::MAX,
        payout: None,
        authority: None,
        memo: false,
    };
    assert_fits(claim.instruction(), &[]);
}

#[test]
fn a_member_of_a_large_tree_whose_rent_another_pays_can_name_a_wallet() {
    let (payer, owner) = (World::pauper("payer"), World::pauper("owner"));
    let set = SetRecipient {
        payer: payer.pubkey(),
        owner: owner.pubkey(),
        pool: key("pool"),
        number: EpochNumber::MAX,
        index: LeafIndex::new((1 << 23) - 1),
        tokens: Tokens::MAX,
        points: MilliPoints::MAX,
        credits: Credits::new((1 << 63) - 1),
        proof: vec![Node::new([1; 32], Tokens::new(7)); 17],
        payout: Some(key("savings")),
        delegate: None,
        restricted: true,
    };
    // Without budget instructions, which the sender leaves out when nothing else fits.
    assert_fits_alone(&set.instruction(), &[&payer, &owner]);
    let own = SetRecipient {
        payer: owner.pubkey(),
        delegate: Some(key("phone")),
        ..set
    };
    assert_fits_alone(&own.instruction(), &[&owner]);
}

/// The first signer pays the fee.
#[track_caller]
fn assert_fits_alone(instruction: &Instruction, signers: &[&Keypair]) {
    let payer = signers[0].pubkey();
    let message = Message::new(std::slice::from_ref(instruction), Some(&payer));
    let keys: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
    if let Err(error) = Signed::check(message, &keys) {
        panic!("{error}");
    }
}
