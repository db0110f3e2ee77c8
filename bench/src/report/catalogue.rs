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
                "the same with canopy 7, in the transaction that creates the member's token account, without that creation",
                10_000,
            ),
            promised(
                "claim_into_new_account_transactions",
                "transactions that takes, whoever pays",
                1,
            ),
            promised(
                "campaign_claim_depth_20_cu",
                "campaign claim, depth 20 (1,048,576 claimants), canopy 7",
                10_000,
            ),
            promised(
                "burn_points_cu",
                "burn_points, depth 23, canopy 6, its receipt created",
                8_000,
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
            promised(
                "rent_per_campaign_claimant_lamports",
                "rent per campaign claimant, but for a vesting account while it stands",
                1_000,
            ),
            promised(
                "rent_kept_at_campaign_close_lamports",
                "rent of claimants that a closed campaign keeps",
                0,
            ),
            promised("reward_vault_so_bytes", "size of reward_vault.so", 190_000),
            promised("airdrop_so_bytes", "size of airdrop.so", 85_000),
        ],
    },
    Section {
        title: "What else a claim costs",
        text: "Depth 23 and canopy 6 where nothing else is said. Bytes are those of the signed transaction with a compute \
               limit and a price, as `cairn claim` sends it; a transaction holds 1,232. The budget instructions themselves \
               take 150 units each. The token program is p-token, which mainnet runs. Creating a token account takes 1,500 units more for \
               each try at its address, so it differs from owner to owner.",
        entries: &[
            entry("claim_depth_23_canopy_6_bytes", "transaction of one claim"),
            entry(
                "claim_into_new_account_cu",
                "claim and creation of the token account, depth 23, canopy 7, all of it",
            ),
            entry(
                "claim_into_new_account_creation_cu",
                "of which the creation, by the associated-token-account and token programs",
            ),
            entry(
                "claim_into_new_account_bytes",
                "its transaction, without budget instructions (the default budget covers it)",
            ),
            entry(
                "claim_into_new_account_canopy_6_bytes",
                "what it would be with canopy 6: two transactions",
            ),
            entry(
                "claim_into_new_account_depth_20_bytes",
                "the same at depth 20, canopy 6, budget instructions included",
            ),
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
                "claim_token_2022_cu",
                "claim of a token of Token-2022 without extensions",
            ),
            entry(
                "claim_token_2022_with_fee_cu",
                "claim of a token of Token-2022 with a transfer fee",
            ),
            entry(
                "claim_to_recipient_cu",
                "claim by a delegate, paid to the wallet the member set",
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
            entry("close_epoch_cu", "close_epoch"),
            entry("create_pool_cu", "create_pool, with its vault"),
            entry("fund_cu", "fund"),
            entry("open_page_cu", "open_page, once for 420 members"),
        ],
    },
    Section {
        title: "Points and credits",
        text: "Depth 23, canopy 6; proofs as in a claim.",
        entries: &[
            entry("open_round_cu", "open_round, with its vault"),
            entry("burn_points_again_cu", "burn_points into the same receipt"),
            entry("settle_burn_cu", "settle_burn"),
            entry("close_round_cu", "close_round, with its vault and the dust"),
            entry("set_carrier_cu", "set_carrier, created"),
            entry("redeem_credits_cu", "redeem_credits"),
            entry("fulfil_credits_cu", "fulfil_credits"),
            entry("refund_credits_cu", "refund_credits"),
            entry("set_recipient_cu", "set_recipient, created"),
        ],
    },
    Section {
        title: "A campaign",
        text: "Depth 20 where nothing else is said, canopy 7.",
        entries: &[
            entry("campaign_claim_depth_20_bytes", "transaction of one claim"),
            entry("campaign_claim_depth_23_cu", "claim_drop at depth 23"),
            entry("campaign_claim_depth_14_cu", "claim_drop at depth 14"),
            entry(
                "campaign_claim_vesting_depth_20_cu",
                "claim_drop of a grant that vests in part, its vesting account created",
            ),
            entry("campaign_claim_vested_cu", "claim_vested"),
            entry("campaign_create_cu", "create_campaign, with its vault"),
            entry("campaign_open_cu", "open_campaign, filled"),
            entry(
                "campaign_open_page_cu",
                "open_campaign_page, once for 80,000 claimants",
            ),
            entry("campaign_sweep_cu", "sweep_campaign"),
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
            entry(
                "rent_closed_epoch_lamports",
                "what of it stays in a closed epoch, for ever",
            ),
            entry("rent_page_lamports", "a page of 420 members"),
            entry(
                "rent_recipient_lamports",
                "a member's recipient, returned when closed",
            ),
            entry("rent_burn_receipt_lamports", "a burn's receipt"),
            entry(
                "rent_kept_at_settlement_lamports",
                "what of it a settlement keeps",
            ),
            entry(
                "rent_campaign_vesting_lamports",
                "a vesting account of a campaign, returned at close",
            ),
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
