//! What can be done to one account of an instruction.

use cairn_interface::ids;
use cairn_testkit::World;
use solana_sdk::{account::Account, instruction::Instruction, pubkey::Pubkey, signer::Signer};

use super::{Act, Gauntlet, key};

pub const UNSIGNED: &str = "without its signature";
pub const ANOTHER_SIGNS: &str = "signed by another";
pub const READ_ONLY: &str = "read-only";
const OTHER_KIND: &str = "of another kind";
const SAME_KIND: &str = "another of its kind";
const FOREIGN_OWNER: &str = "same bytes, foreign owner";
/// A token account that says what the right one says: an exhibit of the gauntlet's own.
pub const COPY: &str = "same bytes, other address";
const NOTHING: &str = "nothing there";
pub const TWICE: &str = "the same as another";
const MISSING: &str = "missing, and all after it";

/// Accounts that exist on every cluster: programs and sysvars in the place of other programs and sysvars.
pub const STRANGE: &[(&str, Pubkey)] = &[
    ("the system program", ids::SYSTEM_PROGRAM),
    ("SPL Token", ids::TOKEN_PROGRAM),
    ("Token-2022", ids::TOKEN_2022_PROGRAM),
    ("the token account program", ids::ASSOCIATED_TOKEN_PROGRAM),
    ("reward-vault", ids::REWARD_VAULT),
    ("airdrop", ids::AIRDROP),
    ("device-registry", ids::DEVICE_REGISTRY),
    ("the clock", ids::CLOCK_SYSVAR),
    ("the instructions sysvar", ids::INSTRUCTIONS_SYSVAR),
];

/// An instruction with one account spoilt.
pub struct Attack {
    pub position: usize,
    pub kind: &'static str,
    /// What stands there instead.
    pub detail: String,
    pub instruction: Instruction,
}

/// Everything that can be done to the accounts of `act`.
pub fn all(gauntlet: &Gauntlet, world: &mut World, act: &Act) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for position in 0..act.instruction.accounts.len() {
        flags(act, position, &mut attacks);
        if act.instruction.accounts[position].is_signer {
            signers(gauntlet, act, position, &mut attacks);
        } else {
            exhibits(gauntlet, world, act, position, &mut attacks);
            forgeries(world, act, position, &mut attacks);
        }
        duplicates(gauntlet, act, position, &mut attacks);
        let mut instruction = act.instruction.clone();
        instruction.accounts.truncate(position);
        attacks.push(Attack {
            position,
            kind: MISSING,
            detail: String::new(),
            instruction,
        });
    }
    attacks
}

fn replaced(act: &Act, position: usize, address: Pubkey) -> Instruction {
    let mut instruction = act.instruction.clone();
    instruction.accounts[position].pubkey = address;
    instruction
}

fn flags(act: &Act, position: usize, attacks: &mut Vec<Attack>) {
    let meta = &act.instruction.accounts[position];
    if meta.is_signer {
        let mut instruction = act.instruction.clone();
        instruction.accounts[position].is_signer = false;
        attacks.push(Attack {
            position,
            kind: UNSIGNED,
            detail: String::new(),
            instruction,
        });
    }
    if meta.is_writable {
        let mut instruction = act.instruction.clone();
        instruction.accounts[position].is_writable = false;
        attacks.push(Attack {
            position,
            kind: READ_ONLY,
            detail: String::new(),
            instruction,
        });
    }
}

fn signers(gauntlet: &Gauntlet, act: &Act, position: usize, attacks: &mut Vec<Attack>) {
    for actor in &gauntlet.actors {
        let address = key(actor).pubkey();
        if address != act.instruction.accounts[position].pubkey {
            attacks.push(Attack {
                position,
                kind: ANOTHER_SIGNS,
                detail: (*actor).to_owned(),
                instruction: replaced(act, position, address),
            });
        }
    }
}

fn exhibits(
    gauntlet: &Gauntlet,
    world: &World,
    act: &Act,
    position: usize,
    attacks: &mut Vec<Attack>,
) {
    let right = act.instruction.accounts[position].pubkey;
    for (name, address) in &gauntlet.exhibits {
        let exists = world.account(address).is_some();
        if *address == right || !exists {
            continue;
        }
        let same = kind_of(gauntlet, world, address) == kind_of(gauntlet, world, &right);
        attacks.push(Attack {
            position,
            kind: if same { SAME_KIND } else { OTHER_KIND },
            detail: name.clone(),
            instruction: replaced(act, position, *address),
        });
    }
}

/// Owner, and what tells kinds apart: our programs' discriminator, else the length.
fn kind_of(gauntlet: &Gauntlet, world: &World, address: &Pubkey) -> Option<(Pubkey, Vec<u8>)> {
    let account = world.account(address)?;
    let mark = if account.owner == gauntlet.program {
        account.data.get(..8).unwrap_or_default().to_vec()
    } else {
        account.data.len().to_le_bytes().to_vec()
    };
    Some((account.owner, mark))
}

/// The right account's bytes elsewhere. Only a token program's accounts can be made to say anything one likes: ours
/// exist at the addresses this program derives and nowhere else.
fn forgeries(world: &mut World, act: &Act, position: usize, attacks: &mut Vec<Attack>) {
    let right = act.instruction.accounts[position].pubkey;
    let nothing = forged_address(&right, NOTHING);
    attacks.push(Attack {
        position,
        kind: NOTHING,
        detail: NOTHING.to_owned(),
        instruction: replaced(act, position, nothing),
    });
    let Some(account) = world.account(&right) else {
        return;
    };
    if account.data.is_empty() || account.executable {
        return;
    }
    let foreign = forged_address(&right, FOREIGN_OWNER);
    world.set_account(
        &foreign,
        Account {
            owner: Pubkey::new_from_array([7; 32]),
            ..account.clone()
        },
    );
    attacks.push(Attack {
        position,
        kind: FOREIGN_OWNER,
        detail: FOREIGN_OWNER.to_owned(),
        instruction: replaced(act, position, foreign),
    });
    if [ids::TOKEN_PROGRAM, ids::TOKEN_2022_PROGRAM].contains(&account.owner) {
        let copy = forged_address(&right, COPY);
        world.set_account(&copy, account);
        attacks.push(Attack {
            position,
            kind: COPY,
            detail: COPY.to_owned(),
            instruction: replaced(act, position, copy),
        });
    }
}

/// Always the same for the same account and forgery, so that outcomes do not change from run to run.
fn forged_address(right: &Pubkey, what: &str) -> Pubkey {
    key(&format!("{what} {right}")).pubkey()
}

fn duplicates(gauntlet: &Gauntlet, act: &Act, position: usize, attacks: &mut Vec<Attack>) {
    let metas = &act.instruction.accounts;
    for (other, meta) in metas.iter().enumerate() {
        let same = meta.pubkey == metas[position].pubkey;
        // Nobody can sign for an account that is not a key.
        if same || (metas[position].is_signer && !meta.is_signer) {
            continue;
        }
        attacks.push(Attack {
            position,
            kind: TWICE,
            detail: gauntlet.account_name(&act.instruction, other),
            instruction: replaced(act, position, meta.pubkey),
        });
    }
}
