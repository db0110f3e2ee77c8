use solana_keccak_hasher::hashv as keccak;
use solana_sha256_hasher::hashv as sha256;

/// A distributor's way to pay a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Design {
    /// Saber: Keccak, pairs without a prefix, a 57-byte account for each claim.
    Saber = 0,
    /// Jito: SHA-256, a vesting part in the leaf, a 64-byte account for each claim.
    Jito = 1,
    /// Jupiter: Jito's tree, a 160-byte account for each claim.
    Jupiter = 2,
    /// Pyth: Keccak cut to 20 bytes, an empty account for each claim. Proofs of identity on other chains are left out.
    Pyth = 3,
    /// Marinade's validator bonds and DoubleZero: SHA-256 with the index in the leaf, one bit for each claim. Paid in
    /// tokens here, where Marinade moves stake.
    Bitmap = 4,
}

/// What a leaf says.
#[derive(Clone, Copy, Debug)]
pub struct Entitled {
    pub claimant: [u8; 32],
    pub index: u64,
    /// Base units paid at once.
    pub unlocked: u64,
    /// Base units paid later, where the design knows them.
    pub locked: u64,
}

impl Design {
    pub const ALL: [Self; 5] = [
        Self::Saber,
        Self::Jito,
        Self::Jupiter,
        Self::Pyth,
        Self::Bitmap,
    ];

    /// The design that an instruction names.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Self::Saber,
            1 => Self::Jito,
            2 => Self::Jupiter,
            3 => Self::Pyth,
            4 => Self::Bitmap,
            _ => return None,
        })
    }

    /// Bytes of one sibling in a proof.
    #[must_use]
    pub const fn hash_len(self) -> usize {
        match self {
            Self::Pyth => 20,
            _ => 32,
        }
    }

    /// Bytes of the account that records one claim; `None` where a bit does.
    #[must_use]
    pub const fn record_len(self) -> Option<usize> {
        match self {
            Self::Saber => Some(57),
            Self::Jito => Some(64),
            Self::Jupiter => Some(160),
            Self::Pyth => Some(0),
            Self::Bitmap => None,
        }
    }

    /// Whether a claim is refused outside of a time.
    #[must_use]
    pub const fn has_times(self) -> bool {
        matches!(self, Self::Jito | Self::Jupiter | Self::Bitmap)
    }

    /// Whether the claimant has to sign.
    #[must_use]
    pub const fn needs_claimant(self) -> bool {
        !matches!(self, Self::Bitmap)
    }

    /// The hash of a leaf; its first [`hash_len`](Self::hash_len) bytes count.
    #[must_use]
    pub fn leaf(self, entitled: &Entitled) -> [u8; 32] {
        let claimant: &[u8] = &entitled.claimant;
        let index = &entitled.index.to_le_bytes();
        let unlocked = &entitled.unlocked.to_le_bytes();
        let locked = &entitled.locked.to_le_bytes();
        match self {
            Self::Saber => keccak(&[index, claimant, unlocked]).to_bytes(),
            Self::Jito | Self::Jupiter => {
                let inner = sha256(&[claimant, unlocked, locked]);
                sha256(&[&[0], inner.as_ref()]).to_bytes()
            }
            // Identity as an enum of which Solana is the variant measured.
            Self::Pyth => keccak(&[&[0], &[1], claimant, unlocked]).to_bytes(),
            // Two keys are in the leaf: staker and withdrawer.
            Self::Bitmap => {
                let inner = sha256(&[claimant, claimant, unlocked, index]);
                sha256(&[&[0], inner.as_ref()]).to_bytes()
            }
        }
    }

    /// Climbs from `leaf` over `proof`, siblings of [`hash_len`](Self::hash_len) bytes; every pair is hashed in order
    /// of its bytes.
    #[must_use]
    pub fn root(self, leaf: [u8; 32], proof: &[u8]) -> [u8; 32] {
        match self {
            Self::Saber => climb(leaf, proof, 32, |left, right| {
                keccak(&[left, right]).to_bytes()
            }),
            Self::Pyth => climb(leaf, proof, 20, |left, right| {
                keccak(&[&[1], left, right]).to_bytes()
            }),
            Self::Jito | Self::Jupiter | Self::Bitmap => climb(leaf, proof, 32, |left, right| {
                sha256(&[&[1], left, right]).to_bytes()
            }),
        }
    }
}

#[inline(always)]
fn climb(
    leaf: [u8; 32],
    proof: &[u8],
    len: usize,
    parent: impl Fn(&[u8], &[u8]) -> [u8; 32],
) -> [u8; 32] {
    proof.chunks_exact(len).fold(leaf, |node, sibling| {
        let node = &node[..len];
        if node <= sibling {
            parent(node, sibling)
        } else {
            parent(sibling, node)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTITLED: Entitled = Entitled {
        claimant: [7; 32],
        index: 3,
        unlocked: 5,
        locked: 2,
    };

    #[test]
    fn bytes_name_designs_and_nothing_else() {
        for design in Design::ALL {
            assert_eq!(Design::from_byte(design as u8), Some(design));
        }
        assert_eq!(Design::from_byte(5), None);
    }

    #[test]
    fn a_proof_reaches_the_same_root_from_both_leaves_of_a_pair() {
        for design in Design::ALL {
            let a = design.leaf(&ENTITLED);
            let b = design.leaf(&Entitled {
                index: 4,
                unlocked: 6,
                ..ENTITLED
            });
            assert_ne!(a, b, "{design:?}");
            let len = design.hash_len();
            assert_eq!(design.root(a, &b[..len]), design.root(b, &a[..len]));
            assert_ne!(design.root(a, &a[..len]), design.root(b, &a[..len]));
        }
    }

    #[test]
    fn no_proof_leaves_the_leaf() {
        for design in Design::ALL {
            let leaf = design.leaf(&ENTITLED);
            assert_eq!(design.root(leaf, &[]), leaf);
        }
    }
}
