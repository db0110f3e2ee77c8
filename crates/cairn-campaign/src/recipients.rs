//! The recipients of a campaign in their canonical order, which is the order of the tree's leaves.

use cairn_merkle::{DropLeaf, LeafIndex, MAX_LEAVES, Tokens};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::error::{Fault, Faults, Problem};
use cairn_spelling::text::push_base58;

/// First line of `recipients.csv`.
pub(crate) const HEADER: &[u8] = b"index,owner,unlocked,locked\n";
/// Rows that one core writes at a time.
const PIECE: usize = 1 << 13;

/// One recipient and what it is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub owner: [u8; 32],
    /// Paid at the claim.
    pub unlocked: Tokens,
    /// Vests.
    pub locked: Tokens,
}

/// A row of a table before it has a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted {
    pub row: u64,
    pub owner: [u8; 32],
    pub unlocked: Tokens,
    pub locked: Tokens,
}

/// Where an owner stands among all: by the first eight bytes of SHA-256(owner), big endian, then by the owner's bytes.
///
/// A hash, so that owners spread evenly over claim files whatever keys people grind, and so that an owner's claim file
/// is found from nothing but the owner and the tree's depth.
#[must_use]
pub fn place_of(owner: &[u8; 32]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(Sha256::digest(owner));
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Between 1 and 2^24 recipients in canonical order, no owner twice, none without a grant, the sum of all within 64
/// bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    list: Vec<Recipient>,
    tokens: Tokens,
    locked: Tokens,
}

impl Recipients {
    /// Sorts, and adds to `faults` owners that stand twice and the row at which the sum no longer fits. `None` for no
    /// recipient or too many; whoever finds faults must not use the result.
    pub(crate) fn sorted(granted: Vec<Granted>, faults: &mut Faults) -> Option<Self> {
        let mut found = sum_fault(&granted);
        let mut placed: Vec<(u64, Granted)> = granted
            .into_par_iter()
            .map(|one| (place_of(&one.owner), one))
            .collect();
        // The row last, so that of several rows of an owner the first counts as the original.
        placed.par_sort_unstable_by_key(|(place, one)| (*place, one.owner, one.row));
        let mut original = 0;
        for at in 1..placed.len() {
            if placed[at].1.owner == placed[original].1.owner {
                found.push(Fault {
                    row: placed[at].1.row,
                    column: Some(crate::error::Column::Owner),
                    problem: Problem::Duplicate {
                        first_row: placed[original].1.row,
                    },
                });
            } else {
                original = at;
            }
        }
        faults.insert(found);
        if !faults.is_empty() {
            return None;
        }
        let list = placed
            .into_par_iter()
            .map(|(_, one)| Recipient {
                owner: one.owner,
                unlocked: one.unlocked,
                locked: one.locked,
            })
            .collect();
        Self::from_sorted(list)
    }

    /// Takes recipients that are in canonical order already; `None` when they are not what this type promises.
    pub(crate) fn from_sorted(list: Vec<Recipient>) -> Option<Self> {
        if list.is_empty() || list.len() > MAX_LEAVES as usize {
            return None;
        }
        let (mut tokens, mut locked) = (Tokens::ZERO, Tokens::ZERO);
        for one in &list {
            let total = one.unlocked.checked_add(one.locked)?;
            tokens = tokens.checked_add(total).filter(|_| total > Tokens::ZERO)?;
            locked = locked.checked_add(one.locked)?;
        }
        Some(Self {
            list,
            tokens,
            locked,
        })
    }

    #[must_use]
    pub fn list(&self) -> &[Recipient] {
        &self.list
    }

    #[must_use]
    pub fn count(&self) -> u32 {
        Self::len(&self.list)
    }

    /// The length of a part of such a list, which a tree's leaves bound.
    pub(crate) fn len(list: &[Recipient]) -> u32 {
        u32::try_from(list.len()).unwrap_or(u32::MAX)
    }

    /// Of all together: the root's sum.
    #[must_use]
    pub const fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// Of it, what vests.
    #[must_use]
    pub const fn locked(&self) -> Tokens {
        self.locked
    }

    /// The leaves of `campaign`'s tree from `first` on.
    pub(crate) fn leaves(
        campaign: [u8; 32],
        first: u32,
        list: &[Recipient],
    ) -> impl Iterator<Item = DropLeaf> {
        (first..).zip(list).map(move |(index, one)| DropLeaf {
            campaign,
            index: LeafIndex::new(index),
            owner: one.owner,
            unlocked: one.unlocked,
            locked: one.locked,
        })
    }

    /// `recipients.csv`: what the campaign's snapshot hash covers.
    pub(crate) fn to_csv(&self) -> Vec<u8> {
        let pieces: Vec<Vec<u8>> = self
            .list
            .par_chunks(PIECE)
            .enumerate()
            .map(|(piece, list)| {
                let mut text = Vec::with_capacity(list.len() * 80);
                for (index, one) in (piece * PIECE..).zip(list) {
                    push_number(&mut text, index as u64);
                    text.push(b',');
                    push_base58(&mut text, &one.owner);
                    text.push(b',');
                    push_number(&mut text, one.unlocked.get());
                    text.push(b',');
                    push_number(&mut text, one.locked.get());
                    text.push(b'\n');
                }
                text
            })
            .collect();
        let mut csv = HEADER.to_vec();
        csv.reserve_exact(pieces.iter().map(Vec::len).sum());
        for piece in &pieces {
            csv.extend_from_slice(piece);
        }
        csv
    }
}

/// The row at which the running sum no longer fits, in the order of the table.
fn sum_fault(granted: &[Granted]) -> Vec<Fault> {
    let mut total = Tokens::ZERO;
    for one in granted {
        // Each row's own sum fits: its reader has checked it.
        match total.checked_add(one.unlocked.saturating_add(one.locked)) {
            Some(more) => total = more,
            None => {
                return vec![Fault {
                    row: one.row,
                    column: None,
                    problem: Problem::TotalTooLarge,
                }];
            }
        }
    }
    Vec::new()
}

/// Decimal digits.
pub(crate) fn push_number(to: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    to.extend_from_slice(&digits[at..]);
}
