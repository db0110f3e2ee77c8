/// One measured value.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in `report.json`; ends in the unit.
    pub key: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// A promise: more is a regression.
    pub limit: Option<u64>,
    /// What is wished for; not checked.
    pub aim: Option<u64>,
}

/// Values that belong together.
pub struct Section {
    pub title: &'static str,
    /// How they were measured and what they mean.
    pub text: &'static str,
    pub entries: &'static [Entry],
}

const fn entry(key: &'static str, title: &'static str) -> Entry {
    Entry {
        key,
        title,
        limit: None,
        aim: None,
    }
}

const fn promised(key: &'static str, title: &'static str, limit: u64) -> Entry {
    Entry {
        key,
        title,
        limit: Some(limit),
        aim: None,
    }
}

/// Every value of the report, in the order in which it is read. The first section is what is promised.
pub const SECTIONS: &[Section] = &[
    Section {
        title: "What is promised",
        text: "A value above its limit fails `cargo xtask bench cu` and `cargo xtask test`.",
        entries: &[
            Entry {
                aim: Some(8_000),
                ..promised(
                    "claim_depth_23_canopy_6_cu",
                    "claim, depth 23 (8,388,608 members), canopy 6, with proof, breaker, transfer and event",
                    10_000,
                )
            },
            promised(
                "claim_into_new_account_own_cu",
                "the same claim in the transaction that creates the member's token account, without that creation",
                10_000,
            ),
            promised(
                "claim_into_new_account_transactions",
                "transactions that takes, whoever pays",
                1,
            ),
            promised("activate_epoch_cu", "activate_epoch", 5_000),
            promised(
                "rent_per_member_lamports",
                "rent per member, once for life",
                170_000,
            ),
            promised(
                "rent_later_claims_lamports",
                "rent a member's later claims take",
                0,
            ),
            promised("reward_vault_so_bytes", "size of reward_vault.so", 250_000),
        ],
    },
    Section {
        title: "What else a claim costs",
        text: "Depth 23 and canopy 6 where nothing else is said. Bytes are those of the signed transaction with a compute \
               limit and a price, as `cairn claim` sends it; a transaction holds 1,232. The budget instructions themselves \
               take 150 units each. The token program is p-token, which mainnet runs.",
        entries: &[
            entry("claim_depth_23_canopy_6_bytes", "transaction of one claim"),
            entry(
                "claim_into_new_account_cu",
                "claim and creation of the token account, all of it",
            ),
            entry(
                "claim_into_new_account_creation_cu",
                "of which the creation, by the associated-token-account and token programs",
            ),
            entry("claim_into_new_account_bytes", "its transaction"),
            entry(
                "claim_again_depth_23_canopy_6_cu",
                "the same member's claim of the next epoch",
            ),
            entry(
                "claim_depth_20_canopy_6_cu",
                "claim at depth 20 (1,048,576 members)",
            ),
            entry(
                "claim_depth_14_canopy_6_cu",
                "claim at depth 14 (16,384 members)",
            ),
            entry(
                "claim_depth_10_canopy_6_cu",
                "claim at depth 10 (1,024 members)",
            ),
            entry(
                "claim_spl_token_3_5_cu",
                "claim at depth 23 with SPL Token 3.5, the token program before p-token",
            ),
            entry(
                "claims_depth_23_per_transaction",
                "claims that fit one transaction, depth 23",
            ),
            entry("claims_depth_14_per_transaction", "depth 14"),
            entry("claims_depth_10_per_transaction", "depth 10"),
            entry(
                "claims_depth_10_full_transaction_cu",
                "such a full transaction at depth 10",
            ),
        ],
    },
    Section {
        title: "An epoch",
        text: "Three keepers of whom two must agree; a canopy of 64 nodes.",
        entries: &[
            entry("propose_epoch_cu", "propose_epoch"),
            entry(
                "put_canopy_64_nodes_cu",
                "put_canopy of 64 nodes, all parts, the fold included",
            ),
            entry("put_canopy_64_nodes_transactions", "its transactions"),
            entry("attest_epoch_cu", "attest_epoch"),
            entry(
                "activate_first_epoch_cu",
                "activate_epoch of a pool's first epoch",
            ),
            entry("fund_cu", "fund"),
            entry("open_page_cu", "open_page, once for 420 members"),
        ],
    },
    Section {
        title: "Rent",
        text: "As paid to the accounts in the measurement, at 6,960 lamports a byte with 128 bytes of overhead an account. The \
               programs read the rate from the chain.",
        entries: &[
            entry("rent_pool_lamports", "a pool, with its vault"),
            entry(
                "rent_epoch_canopy_6_lamports",
                "an epoch with a canopy of 64 nodes",
            ),
            entry("rent_page_lamports", "a page of 420 members"),
        ],
    },
    Section {
        title: "Sizes",
        text: "Executables for version 0 of the machine, as deployed. A cluster takes the rent of twice the size for an \
               upgradeable program.",
        entries: &[entry("device_registry_so_bytes", "device_registry.so")],
    },
];

/// Every entry, those of the comparison included.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    let own = SECTIONS.iter().flat_map(|section| section.entries);
    own.chain(super::peers::ENTRIES)
}

pub(super) const fn measured(key: &'static str, title: &'static str) -> Entry {
    entry(key, title)
}
