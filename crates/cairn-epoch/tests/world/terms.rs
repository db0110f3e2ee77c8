//! What the network agreed on with others.

use std::path::Path;

use cairn_epoch::{Amounts, Burn, Genesis, Grant, Operator, Payer, Stream, Task, encode_genesis};
use cairn_merkle::{Credits, MilliPoints, Tokens};
use sha2::{Digest, Sha256};

use super::{World, key};

impl World {
    pub fn stream(&mut self, id: u32, partner: &str, daily_ceiling: u64, rate: u64) -> &mut Stream {
        self.terms.streams.push(Stream {
            id,
            partner: key(partner),
            partner_kind: 0,
            unit: "weather hour".to_owned(),
            daily_ceiling,
            rate_milli_points: MilliPoints::new(rate),
            pot_permille: 500,
            second_source: "a neighbouring station".to_owned(),
            second_source_permille: 0,
        });
        self.terms.streams.last_mut().expect("one was pushed")
    }

    pub fn task(&mut self, id: u32, carrier: &str, credits: u64, budget: u64) {
        self.terms.tasks.push(Task {
            id,
            name: "activate an eSIM".to_owned(),
            carrier: key(carrier),
            carrier_kind: 0,
            credits: Credits::new(credits),
            credits_per_epoch: Credits::new(budget),
        });
    }

    pub fn payer(&mut self, id: u32, carrier: &str, price: u64) -> &mut Payer {
        self.terms.payers.push(Payer {
            id,
            name: "a travel eSIM".to_owned(),
            wallet: key(&format!("payer {id}")),
            carrier: key(carrier),
            carrier_kind: 0,
            tokens_per_unit: Tokens::new(price),
        });
        self.terms.payers.last_mut().expect("one was pushed")
    }

    /// A payer burns `tokens` at a time.
    pub fn burn(&mut self, payer: u32, tokens: u64, unix_ms: i64) {
        let slot = u64::try_from(unix_ms / 400).expect("after 1970");
        let number = u8::try_from(self.burns.len()).expect("few burns");
        self.burns.push(Burn {
            payer,
            slot,
            signature: [number; 64],
            unix_ms,
            tokens: Tokens::new(tokens),
        });
    }

    pub fn operator(&mut self, name: &str) {
        self.terms.operators.push(Operator {
            name: name.to_owned(),
            key: key(name),
            key_kind: 0,
        });
    }

    /// Somebody held so much before the pool began, which the ruleset names.
    pub fn held(&mut self, owner: [u8; 32], is_wallet: bool, amounts: Amounts) {
        self.genesis.push(Grant {
            owner,
            is_wallet,
            amounts,
        });
        self.genesis.sort_unstable_by_key(|grant| grant.owner);
        let hash = Sha256::digest(self.genesis_table()).into();
        self.terms.genesis = Some(Genesis::of(&self.genesis, hash).expect("small sums"));
    }

    pub fn genesis_table(&self) -> Vec<u8> {
        encode_genesis(Path::new("genesis.parquet"), &self.genesis).expect("a table")
    }
}
