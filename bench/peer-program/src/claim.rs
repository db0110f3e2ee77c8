use pinocchio::{
    AccountView, Address, ProgramResult,
    cpi::{Seed, Signer},
    error::ProgramError,
    sysvars::{Sysvar, clock::Clock, rent::Rent},
};

use crate::{Design, Entitled};

/// Accounts of a claim, in this order: distributor, record, vault, destination, claimant, payer of the record, token
/// program, system program.
pub const ACCOUNTS: usize = 8;

/// First seed of a distributor; the design's byte follows.
const DISTRIBUTOR_SEED: &[u8] = b"distributor";
/// First seed of the account that records a claim.
const RECORD_SEED: &[u8] = b"ClaimStatus";
/// Bytes before the bits of a bitmap, as Marinade has them.
pub const BITMAP_HEADER: usize = 49;

/// What an instruction says.
#[derive(Clone, Debug)]
pub struct Args {
    pub design: Design,
    /// Bump of the record's address.
    pub record_bump: u8,
    pub entitled: Entitled,
    /// Siblings from the leaf to the root.
    pub proof: Vec<u8>,
}

impl Args {
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [
            &[self.design as u8, self.record_bump][..],
            &self.entitled.index.to_le_bytes(),
            &self.entitled.unlocked.to_le_bytes(),
            &self.entitled.locked.to_le_bytes(),
            &self.proof,
        ]
        .concat()
    }
}

/// What a distributor's account holds.
#[derive(Clone, Copy, Debug)]
pub struct Distributor {
    pub root: [u8; 32],
    /// Base units that may be claimed.
    pub most: u64,
    pub claimed: u64,
    /// Unix seconds.
    pub starts_at: i64,
    pub bump: u8,
}

impl Distributor {
    pub const LEN: usize = 57;

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [
            &self.root[..],
            &self.most.to_le_bytes(),
            &self.claimed.to_le_bytes(),
            &self.starts_at.to_le_bytes(),
            &[self.bump],
        ]
        .concat()
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ProgramError> {
        let mut rest = Rest(bytes);
        Ok(Self {
            root: rest.take()?,
            most: u64::from_le_bytes(rest.take()?),
            claimed: u64::from_le_bytes(rest.take()?),
            starts_at: i64::from_le_bytes(rest.take()?),
            bump: rest.take::<1>()?[0],
        })
    }

    /// The seeds of a design's distributor, but for the bump.
    #[must_use]
    pub const fn seeds(design: &u8) -> [&[u8]; 2] {
        [DISTRIBUTOR_SEED, core::slice::from_ref(design)]
    }
}

impl Design {
    /// The seeds of the account that records a claim, but for the bump. `index` is the index's bytes.
    #[must_use]
    pub const fn record_seeds<'a>(
        self,
        claimant: &'a [u8; 32],
        index: &'a [u8; 8],
        leaf: &'a [u8; 32],
        distributor: &'a [u8; 32],
    ) -> [&'a [u8]; 3] {
        match self {
            Self::Saber | Self::Bitmap => [RECORD_SEED, index, distributor],
            Self::Jito | Self::Jupiter => [RECORD_SEED, claimant, distributor],
            Self::Pyth => [RECORD_SEED, leaf, distributor],
        }
    }
}

/// The part of some bytes that was not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ProgramError> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(ProgramError::InvalidInstructionData)?;
        self.0 = rest;
        Ok(*head)
    }
}

/// Pays one claim.
#[cfg_attr(not(target_os = "solana"), expect(dead_code, reason = "runs on chain"))]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let [
        distributor,
        record,
        vault,
        destination,
        claimant,
        payer,
        _token,
        _system,
    ] = accounts
    else {
        return Err(ProgramError::NotEnoughAccountKeys);
    };
    let mut rest = Rest(data);
    let [byte, record_bump] = rest.take()?;
    let design = Design::from_byte(byte).ok_or(ProgramError::InvalidInstructionData)?;
    let index: [u8; 8] = rest.take()?;
    let entitled = Entitled {
        claimant: claimant.address().to_bytes(),
        index: u64::from_le_bytes(index),
        unlocked: u64::from_le_bytes(rest.take()?),
        locked: u64::from_le_bytes(rest.take()?),
    };

    if !distributor.owned_by(program) {
        return Err(ProgramError::InvalidAccountOwner);
    }
    if design.needs_claimant() && !claimant.is_signer() {
        return Err(ProgramError::MissingRequiredSignature);
    }
    let mut state = Distributor::from_bytes(&distributor.try_borrow()?)?;
    if design.has_times() && Clock::get()?.unix_timestamp < state.starts_at {
        return Err(ProgramError::Custom(1));
    }
    // A token account's owner stands behind its mint.
    if destination.try_borrow()?.get(32..64) != Some(&entitled.claimant[..]) {
        return Err(ProgramError::Custom(2));
    }
    let leaf = design.leaf(&entitled);
    let len = design.hash_len();
    if design.root(leaf, rest.0)[..len] != state.root[..len] {
        return Err(ProgramError::Custom(3));
    }

    if design == Design::Bitmap {
        set_bit(program, record, entitled.index)?;
    } else {
        let key = distributor.address().to_bytes();
        let [first, second, third] = design.record_seeds(&entitled.claimant, &index, &leaf, &key);
        let bump = [record_bump];
        let seeds = [first, second, third, &bump].map(Seed::from);
        create_record(program, design, payer, record, &seeds)?;
        write_record(record, &entitled)?;
    }

    state.claimed = state
        .claimed
        .checked_add(entitled.unlocked)
        .filter(|claimed| *claimed <= state.most)
        .ok_or(ProgramError::Custom(4))?;
    distributor.try_borrow_mut()?[40..48].copy_from_slice(&state.claimed.to_le_bytes());

    let [first, second] = Distributor::seeds(&byte);
    let bump = [state.bump];
    let seeds = [first, second, &bump].map(Seed::from);
    pinocchio_token::instructions::Transfer::new(vault, destination, distributor, entitled.unlocked)
        .invoke_signed(&[Signer::from(&seeds[..])])
}

/// Marks `index` as paid.
fn set_bit(program: &Address, bitmap: &mut AccountView, index: u64) -> ProgramResult {
    if !bitmap.owned_by(program) {
        return Err(ProgramError::InvalidAccountOwner);
    }
    let at = usize::try_from(index / 8).map_err(|_| ProgramError::InvalidArgument)?;
    let mut bits = bitmap.try_borrow_mut()?;
    let byte = bits
        .get_mut(BITMAP_HEADER + at)
        .ok_or(ProgramError::InvalidArgument)?;
    let bit = 1 << (index % 8);
    if *byte & bit != 0 {
        return Err(ProgramError::Custom(5));
    }
    *byte |= bit;
    Ok(())
}

/// Makes the account whose existence says that a claim was paid.
fn create_record(
    program: &Address,
    design: Design,
    payer: &AccountView,
    record: &AccountView,
    seeds: &[Seed],
) -> ProgramResult {
    let len = design.record_len().unwrap_or_default();
    let signer = [Signer::from(seeds)];
    if design != Design::Pyth {
        return pinocchio_system::instructions::CreateAccount::with_minimum_balance(
            payer, record, len as u64, program, None,
        )?
        .invoke_signed(&signer);
    }
    // Pyth funds and assigns, so that lamports sent to the address beforehand block nothing.
    if record.owned_by(program) {
        return Err(ProgramError::Custom(5));
    }
    pinocchio_system::instructions::Transfer {
        from: payer,
        to: record,
        lamports: Rent::get()?.try_minimum_balance(len)?,
    }
    .invoke()?;
    pinocchio_system::instructions::Assign {
        account: record,
        owner: program,
    }
    .invoke_signed(&signer)
}

/// Discriminator, claimant and amount, as far as the record has room.
fn write_record(record: &mut AccountView, entitled: &Entitled) -> ProgramResult {
    let mut data = record.try_borrow_mut()?;
    if let Some(room) = data.get_mut(..48) {
        let (mark, room) = room.split_at_mut(8);
        let (claimant, amount) = room.split_at_mut(32);
        mark.copy_from_slice(b"claimed.");
        claimant.copy_from_slice(&entitled.claimant);
        amount.copy_from_slice(&entitled.unlocked.to_le_bytes());
    }
    Ok(())
}
