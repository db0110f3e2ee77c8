use std::{fs, path::PathBuf};

use cairn_interface::{ids, spl};
use cairn_testkit::World;
use peer_program::{Args, BITMAP_HEADER, Design, Distributor, Entitled};
use solana_sdk::{
    account::Account,
    instruction::{AccountMeta, Instruction},
    pubkey::Pubkey,
    signer::Signer,
};

use super::{Measured, stage::address};

/// Bytes of the accounts of designs that are not modelled.
const STREAMFLOW_RECORD: usize = 145;
const HELIUM_RECORD: usize = 200;
/// Bytes of a bitmap of one account's first size.
const BITMAP: usize = 10_240;
/// Base units that are claimed.
const AMOUNT: u64 = 1_000;

pub fn measure() -> Measured {
    let mut values = Vec::new();
    for design in Design::ALL {
        let [record, deep, shallow] = keys(design);
        let (units, rent) = claim(design, 23);
        values.push((record, rent));
        values.push((deep, units));
        values.push((shallow, claim(design, 14).0));
    }
    let mut world = World::new();
    let mut rent = |bytes| world.svm().minimum_balance_for_rent_exemption(bytes);
    values.push(("peer_streamflow_record_lamports", rent(STREAMFLOW_RECORD)));
    values.push(("peer_helium_record_lamports", rent(HELIUM_RECORD)));
    values
}

const fn keys(design: Design) -> [&'static str; 3] {
    match design {
        Design::Saber => [
            "peer_saber_record_lamports",
            "peer_saber_claim_depth_23_cu",
            "peer_saber_claim_depth_14_cu",
        ],
        Design::Jito => [
            "peer_jito_record_lamports",
            "peer_jito_claim_depth_23_cu",
            "peer_jito_claim_depth_14_cu",
        ],
        Design::Jupiter => [
            "peer_jupiter_record_lamports",
            "peer_jupiter_claim_depth_23_cu",
            "peer_jupiter_claim_depth_14_cu",
        ],
        Design::Pyth => [
            "peer_pyth_record_lamports",
            "peer_pyth_claim_depth_23_cu",
            "peer_pyth_claim_depth_14_cu",
        ],
        Design::Bitmap => [
            "peer_bitmap_record_lamports",
            "peer_bitmap_claim_depth_23_cu",
            "peer_bitmap_claim_depth_14_cu",
        ],
    }
}

/// Units of one claim in a tree of `depth`, and the rent of its record: as paid, or a bit's part of the bitmap's.
fn claim(design: Design, depth: usize) -> (u64, u64) {
    let mut world = World::new();
    let program = address("peer program");
    world
        .svm()
        .add_program(program, &executable())
        .unwrap_or_else(|error| panic!("the models do not load: {error:?}"));
    let treasurer = world.actor("treasurer");
    let claimant = world.actor("claimant");
    let funder = world.actor("funder");
    let mint = world.create_mint(&treasurer, 6);

    let byte = design as u8;
    let (distributor, bump) = Pubkey::find_program_address(&Distributor::seeds(&byte), &program);
    let entitled = Entitled {
        claimant: claimant.pubkey().to_bytes(),
        index: 0,
        unlocked: AMOUNT,
        locked: 0,
    };
    let proof = vec![0x80; depth * design.hash_len()];
    let leaf = design.leaf(&entitled);
    let state = Distributor {
        root: design.root(leaf, &proof),
        most: AMOUNT,
        claimed: 0,
        starts_at: world.now(),
        bump,
    };
    put(&mut world, &distributor, program, state.to_bytes());
    let vault = world.mint_to(&mint, &treasurer, &distributor, AMOUNT);
    let destination = world.open_token_account(&claimant.pubkey(), &mint);

    let index = entitled.index.to_le_bytes();
    let key = distributor.to_bytes();
    let seeds = design.record_seeds(&entitled.claimant, &index, &leaf, &key);
    let (record, record_bump) = Pubkey::find_program_address(&seeds, &program);
    if design == Design::Bitmap {
        put(&mut world, &record, program, vec![0; BITMAP]);
    }
    // Jito, Jupiter and Saber let the claimant pay the rent, Pyth its funder.
    let payer = if design == Design::Pyth {
        &funder
    } else {
        &claimant
    };
    let instruction = Instruction {
        program_id: program,
        accounts: vec![
            AccountMeta::new(distributor, false),
            AccountMeta::new(record, false),
            AccountMeta::new(vault, false),
            AccountMeta::new(destination, false),
            AccountMeta::new_readonly(claimant.pubkey(), design.needs_claimant()),
            AccountMeta::new(payer.pubkey(), design.record_len().is_some()),
            AccountMeta::new_readonly(ids::TOKEN_PROGRAM, false),
            AccountMeta::new_readonly(ids::SYSTEM_PROGRAM, false),
        ],
        data: Args {
            design,
            record_bump,
            entitled,
            proof,
        }
        .to_bytes(),
    };
    let before = world.lamports(&payer.pubkey());
    let landed = world.must(&[instruction], &[&claimant, &funder]);
    assert_eq!(
        world.tokens(&spl::associated_token_address(
            &claimant.pubkey(),
            &mint,
            &ids::TOKEN_PROGRAM
        )),
        AMOUNT,
        "{design:?} pays"
    );
    let rent = match design.record_len() {
        Some(_) => before - world.lamports(&payer.pubkey()),
        None => {
            let bits = (BITMAP - BITMAP_HEADER) * 8;
            world.lamports(&record).div_ceil(bits as u64)
        }
    };
    (landed.compute_units, rent)
}

/// An account of the models' program, as if it had made it itself.
fn put(world: &mut World, at: &Pubkey, owner: Pubkey, data: Vec<u8>) {
    let lamports = world.svm().minimum_balance_for_rent_exemption(data.len());
    let account = Account {
        lamports,
        data,
        owner,
        ..Account::default()
    };
    world.set_account(at, account);
}

/// The models as `cargo xtask bench` builds them.
fn executable() -> Vec<u8> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let path = root.join("target/sbf/tests/peer_program.so");
    fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}\n hint: `cargo xtask bench cu` builds it",
            path.display()
        )
    })
}
