use solana_sdk::pubkey::Pubkey;

/// Who may upgrade a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Nobody: the program is final.
    Nobody,
    Key(Pubkey),
}

impl From<Option<Pubkey>> for Authority {
    fn from(found: Option<Pubkey>) -> Self {
        found.map_or(Self::Nobody, Self::Key)
    }
}

impl std::fmt::Display for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::Key(key) => write!(f, "{key}"),
        }
    }
}

impl std::str::FromStr for Authority {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if matches!(text, "none" | "nobody") {
            return Ok(Self::Nobody);
        }
        cairn_spelling::read_key(text.as_bytes())
            .map(|key| Self::Key(Pubkey::new_from_array(key)))
            .map_err(|fault| format!("\"{text}\" is neither an address nor none: {fault}"))
    }
}
