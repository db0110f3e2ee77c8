use super::{
    Values,
    entry::{Entry, measured},
    number::number,
};

/// Another distributor, as far as it can be compared.
pub struct Peer {
    pub name: &'static str,
    /// How it keeps a claim from being paid twice.
    pub record: &'static str,
    pub lamports: Lamports,
    /// Keys of the units our model of it takes, at depths 23 and 14; empty where no model is possible.
    pub model: Option<[&'static str; 2]>,
    /// What its authors publish, or why there is no model.
    pub published: &'static str,
    pub source: &'static str,
}

/// Lamports that a claimant pays in rent, and when.
pub enum Lamports {
    /// Key of the rent of each claim.
    EachClaim(&'static str),
    /// The same, but the rent comes back once the distribution is closed.
    Returned(&'static str),
    /// Key of what is paid once.
    Once(&'static str),
    /// As published, each claim.
    PublishedEachClaim(u64),
}

pub const PEERS: &[Peer] = &[
    Peer {
        name: "Jito",
        record: "account of 64 bytes",
        lamports: Lamports::EachClaim("peer_jito_record_lamports"),
        model: Some(["peer_jito_claim_depth_23_cu", "peer_jito_claim_depth_14_cu"]),
        published: "none",
        source: "jito-foundation/distributor, `ClaimStatus`, `new_claim`, `verify`; nothing closes the account",
    },
    Peer {
        name: "Jupiter",
        record: "account of 160 bytes",
        lamports: Lamports::EachClaim("peer_jupiter_record_lamports"),
        model: Some([
            "peer_jupiter_claim_depth_23_cu",
            "peer_jupiter_claim_depth_14_cu",
        ]),
        published: "none",
        source: "jup-ag/distributor, `ClaimStatus`; trees of 12,000 (README of drift-labs/distributor)",
    },
    Peer {
        name: "Saber",
        record: "account of 57 bytes",
        lamports: Lamports::EachClaim("peer_saber_record_lamports"),
        model: Some([
            "peer_saber_claim_depth_23_cu",
            "peer_saber_claim_depth_14_cu",
        ]),
        published: "none",
        source: "saber-hq/merkle-distributor, `ClaimStatus`, `lib.rs`; nothing closes the account",
    },
    Peer {
        name: "Streamflow",
        record: "account of 145 bytes",
        lamports: Lamports::Returned("peer_streamflow_record_lamports"),
        model: None,
        published: "none; how it hashes is not public",
        source: "streamflow-finance/js-sdk, `ClaimStatus`; closable where the campaign allows it",
    },
    Peer {
        name: "Pyth",
        record: "account of 0 bytes",
        lamports: Lamports::EachClaim("peer_pyth_record_lamports"),
        model: Some(["peer_pyth_claim_depth_23_cu", "peer_pyth_claim_depth_14_cu"]),
        published: "none; the funder pays, the model leaves proofs of identity out",
        source: "pyth-network/governance, token dispenser, receipts and 20-byte hashes",
    },
    Peer {
        name: "Light",
        record: "compressed account",
        lamports: Lamports::PublishedEachClaim(50_000),
        model: None,
        published: "its CLI asks for 400,000 CU a claim; needs an indexer for a proof of validity",
        source: "Lightprotocol/distributor, README and CLI (\"not audited, not ready for production\")",
    },
    Peer {
        name: "Helium",
        record: "account of 200 bytes, cumulative",
        lamports: Lamports::Once("peer_helium_record_lamports"),
        model: None,
        published: "none; no tree: oracles sign for every claim and must be reachable",
        source: "helium/helium-program-library, lazy-distributor; 0.00228288 SOL in its constants",
    },
    Peer {
        name: "Marinade (validator bonds), DoubleZero",
        record: "a bit",
        lamports: Lamports::Returned("peer_bitmap_record_lamports"),
        model: Some([
            "peer_bitmap_claim_depth_23_cu",
            "peer_bitmap_claim_depth_14_cu",
        ]),
        published: "none; Marinade pays stake where the model pays tokens, DoubleZero returns no rent",
        source: "marinade-finance/validator-bonds, settlement claims; malbeclabs/doublezero-solana",
    },
];

/// What is measured or computed of them.
pub const ENTRIES: &[Entry] = &[
    measured("peer_jito_record_lamports", "Jito: rent of a claim"),
    measured("peer_jito_claim_depth_23_cu", "Jito: model, depth 23"),
    measured("peer_jito_claim_depth_14_cu", "Jito: model, depth 14"),
    measured("peer_jupiter_record_lamports", "Jupiter: rent of a claim"),
    measured("peer_jupiter_claim_depth_23_cu", "Jupiter: model, depth 23"),
    measured("peer_jupiter_claim_depth_14_cu", "Jupiter: model, depth 14"),
    measured("peer_saber_record_lamports", "Saber: rent of a claim"),
    measured("peer_saber_claim_depth_23_cu", "Saber: model, depth 23"),
    measured("peer_saber_claim_depth_14_cu", "Saber: model, depth 14"),
    measured(
        "peer_streamflow_record_lamports",
        "Streamflow: rent of a claim",
    ),
    measured("peer_pyth_record_lamports", "Pyth: rent of a claim"),
    measured("peer_pyth_claim_depth_23_cu", "Pyth: model, depth 23"),
    measured("peer_pyth_claim_depth_14_cu", "Pyth: model, depth 14"),
    measured("peer_helium_record_lamports", "Helium: rent of a device"),
    measured("peer_bitmap_record_lamports", "bitmap: rent of a claim"),
    measured("peer_bitmap_claim_depth_23_cu", "bitmap: model, depth 23"),
    measured("peer_bitmap_claim_depth_14_cu", "bitmap: model, depth 14"),
];

/// Epochs of a year of weekly rewards.
const YEAR: u64 = 52;

impl Lamports {
    fn first(&self, values: &Values) -> u64 {
        match self {
            Self::EachClaim(key) | Self::Returned(key) | Self::Once(key) => value(values, key),
            Self::PublishedEachClaim(lamports) => *lamports,
        }
    }

    fn year(&self, values: &Values) -> u64 {
        match self {
            Self::Once(_) => self.first(values),
            _ => self.first(values).saturating_mul(YEAR),
        }
    }

    const fn note(&self) -> &'static str {
        match self {
            Self::EachClaim(_) => "",
            Self::Returned(_) => " (returned)",
            Self::Once(_) => " (once)",
            Self::PublishedEachClaim(_) => " (published)",
        }
    }
}

/// The comparison as a table, ours first.
pub fn table(values: &Values) -> String {
    let ours = value(values, "rent_per_member_lamports");
    let units =
        ["claim_depth_23_canopy_6_cu", "claim_depth_14_canopy_6_cu"].map(|key| value(values, key));
    let mut text = String::from(
        "| | record of a claim | lamports, first claim | lamports, 52 weekly claims | × Cairn | CU, depth 23 | × Cairn | CU, depth 14 | × Cairn | published by its authors | source |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---|---|\n",
    );
    text += &format!(
        "| **Cairn**, rewards | 24 bytes in a page, cumulative | **{0}** (once) | **{0}** | 1 | **{1}** | 1 | **{2}** | 1 | this report | this repository |\n",
        number(ours),
        number(units[0]),
        number(units[1]),
    );
    let bit = value(values, "rent_per_campaign_claimant_lamports");
    let drops =
        ["campaign_claim_depth_23_cu", "campaign_claim_depth_14_cu"].map(|key| value(values, key));
    text += &format!(
        "| **Cairn**, a campaign | a bit | **{}** (returned) | {} | {} | **{}** | {} | **{}** | {} | this report | this repository |\n",
        number(bit),
        number(bit.saturating_mul(YEAR)),
        times(bit.saturating_mul(YEAR), ours),
        number(drops[0]),
        times(drops[0], units[0]),
        number(drops[1]),
        times(drops[1], units[1]),
    );
    for peer in PEERS {
        let year = peer.lamports.year(values);
        let modelled = match peer.model {
            None => "– | – | – | –".to_owned(),
            Some(keys) => {
                let cells = keys.map(|key| value(values, key));
                format!(
                    "≥ {} | {} | ≥ {} | {}",
                    number(cells[0]),
                    times(cells[0], units[0]),
                    number(cells[1]),
                    times(cells[1], units[1])
                )
            }
        };
        text += &format!(
            "| {} | {} | {}{} | {} | {} | {modelled} | {} | {} |\n",
            peer.name,
            peer.record,
            number(peer.lamports.first(values)),
            peer.lamports.note(),
            number(year),
            times(year, ours),
            peer.published,
            peer.source,
        );
    }
    text
}

/// `a / b` with two significant places, rounded half up, in whole numbers only.
fn times(a: u64, b: u64) -> String {
    if b == 0 {
        return "–".to_owned();
    }
    let hundredths = (u128::from(a) * 200 + u128::from(b)) / (u128::from(b) * 2);
    if hundredths >= 10_000 {
        ((hundredths + 50) / 100).to_string()
    } else if hundredths >= 1_000 {
        let tenths = (hundredths + 5) / 10;
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

fn value(values: &Values, key: &str) -> u64 {
    values.get(key).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_rounded_half_up() {
        for (a, b, text) in [
            (1, 1, "1.00"),
            (1, 200, "0.01"),
            (1_994, 200, "9.97"),
            (9_995, 1_000, "10.0"),
            (104, 10, "10.4"),
            (1_000, 10, "100"),
            (10_049, 100, "100"),
            (10_050, 100, "101"),
            (5, 0, "–"),
        ] {
            assert_eq!(times(a, b), text, "{a} / {b}");
        }
    }

    #[test]
    fn every_key_of_the_table_is_measured() {
        let known: Vec<&str> = ENTRIES.iter().map(|entry| entry.key).collect();
        for peer in PEERS {
            let lamports = match peer.lamports {
                Lamports::EachClaim(key) | Lamports::Returned(key) | Lamports::Once(key) => {
                    Some(key)
                }
                Lamports::PublishedEachClaim(_) => None,
            };
            let keys = lamports.into_iter().chain(peer.model.into_iter().flatten());
            for key in keys {
                assert!(known.contains(&key), "{key}");
            }
        }
    }
}
