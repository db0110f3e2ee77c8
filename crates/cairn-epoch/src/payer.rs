use cairn_merkle::Tokens;
use cairn_proof::PublicKey;
use cairn_spelling::text;
use serde::Deserialize;

use crate::party::{check_kind, check_words, issuer_key};

/// Who pays for traffic: burns the pool's tokens, naming pool and number, and has a carrier say what was carried for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payer {
    /// What sessions and burns call the payer, from 1. Never given to another one: what is left of its burns is remembered by it.
    pub id: u32,
    /// For people: "a travel eSIM" …
    pub name: String,
    /// Whose canonical token account of the pool's mint the burns come from.
    #[serde(with = "text::key")]
    pub wallet: [u8; 32],
    /// The issuer key that must sign each session, with its kind as in the registry: 0 Ed25519, 2 or 3 P-256.
    #[serde(with = "text::key")]
    pub carrier: [u8; 32],
    #[serde(default)]
    pub carrier_kind: u8,
    /// Base units of the pool's token that must be burned for each unit of traffic.
    #[serde(with = "text::amount")]
    pub tokens_per_unit: Tokens,
}

/// Most base units for a unit of traffic.
const PRICE_LIMIT: u64 = 1 << 40;

impl Payer {
    /// The carrier's key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        issuer_key(self.carrier_kind, self.carrier)
    }

    fn check(&self) -> Result<(), String> {
        let id = self.id;
        if id == 0 {
            return Err("[[payer]] ids count from 1".to_owned());
        }
        let of = format!("[[payer]] {id}");
        check_kind(&of, "carrier_kind", self.carrier_kind)?;
        check_words(&of, "name", &self.name, "a travel eSIM")?;
        if !(1..=PRICE_LIMIT).contains(&self.tokens_per_unit.get()) {
            return Err(format!(
                "[[payer]] {id}: tokens_per_unit must be 1 to {PRICE_LIMIT}"
            ));
        }
        Ok(())
    }
}

/// Checks all payers of a ruleset.
pub(crate) fn check_payers(payers: &[Payer]) -> Result<(), String> {
    payers.iter().try_for_each(Payer::check)?;
    if payers.windows(2).any(|pair| pair[0].id >= pair[1].id) {
        return Err("[[payer]] ids must ascend and none may stand twice".to_owned());
    }
    Ok(())
}

/// The payer called `id`, among payers that ascend by it.
pub(crate) fn payer(payers: &[Payer], id: u32) -> Option<&Payer> {
    let at = payers.binary_search_by_key(&id, |payer| payer.id).ok()?;
    payers.get(at)
}
