//! What the amounts of a table count.

use cairn_merkle::Tokens;
use cairn_spelling::{DecimalFault, decimal, whole};

/// In what the amounts of a table are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Whole tokens with up to the mint's decimals behind the point.
    Tokens { decimals: u8 },
    /// The token's smallest units: whole numbers.
    Base,
}

impl Units {
    /// What `field` spells.
    ///
    /// # Errors
    /// Whatever keeps it from being an exact amount.
    pub fn parse(self, field: &[u8]) -> Result<Tokens, DecimalFault> {
        match self {
            Self::Tokens { decimals } => decimal(field, decimals),
            Self::Base => whole(field),
        }
        .map(Tokens::new)
    }
}
