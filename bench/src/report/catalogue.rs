use super::entry::{Entry, measured, promised};

/// Values that belong together.
pub struct Section {
    pub title: &'static str,
    /// How they were measured and what they mean.
    pub text: &'static str,
    pub entries: &'static [Entry],
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
                "open_challenge_depth_24_cu",
                "open_challenge, depth 24 (16,777,216 members), canopy 6",
                11_000,
            ),
            promised(
                "answer_challenge_depth_24_cu",
                "answer_challenge, the same, the leaf shown whole",
                7_000,
            ),
            promised(
                "activate_challenged_epoch_cu",
                "activate_epoch, the same, after the answer",
                5_000,
            ),
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
            promised("reward_vault_so_bytes", "size of reward_vault.so", 250_000),
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
            measured("claim_depth_23_canopy_6_bytes", "transaction of one claim"),
            measured(
                "claim_into_new_account_cu",
                "claim and creation of the token account, depth 23, canopy 7, all of it",
            ),
            measured(
                "claim_into_new_account_creation_cu",
                "of which the creation, by the associated-token-account and token programs",
            ),
            measured(
                "claim_into_new_account_bytes",
                "its transaction, without budget instructions (the default budget covers it)",
            ),
            measured(
                "claim_into_new_account_canopy_6_bytes",
                "what it would be with canopy 6: two transactions",
            ),
            measured(
                "claim_into_new_account_depth_20_bytes",
                "the same at depth 20, canopy 6, budget instructions included",
            ),
            measured(
                "claim_again_depth_23_canopy_6_cu",
                "the same member's claim of the next epoch",
            ),
            measured(
                "claim_depth_20_canopy_6_cu",
                "claim at depth 20 (1,048,576 members)",
            ),
            measured(
                "claim_depth_14_canopy_6_cu",
                "claim at depth 14 (16,384 members)",
            ),
            measured(
                "claim_depth_10_canopy_6_cu",
                "claim at depth 10 (1,024 members)",
            ),
            measured(
                "claim_spl_token_3_5_cu",
                "claim at depth 23 with SPL Token 3.5, the token program before p-token",
            ),
            measured(
                "claim_token_2022_cu",
                "claim of a token of Token-2022 without extensions",
            ),
            measured(
                "claim_token_2022_with_fee_cu",
                "claim of a token of Token-2022 with a transfer fee",
            ),
            measured(
                "claim_to_recipient_cu",
                "claim by a delegate, paid to the wallet the member set",
            ),
            measured(
                "claims_depth_23_per_transaction",
                "claims that fit one transaction, depth 23",
            ),
            measured("claims_depth_14_per_transaction", "depth 14"),
            measured("claims_depth_10_per_transaction", "depth 10"),
            measured(
                "claims_depth_10_full_transaction_cu",
                "such a full transaction at depth 10",
            ),
        ],
    },
    Section {
        title: "An epoch",
        text: "Three keepers of whom two must agree; a canopy of 64 nodes.",
        entries: &[
            measured("propose_epoch_cu", "propose_epoch"),
            measured(
                "put_canopy_64_nodes_cu",
                "put_canopy of 64 nodes, all parts, the fold included",
            ),
            measured("put_canopy_64_nodes_transactions", "its transactions"),
            measured("attest_epoch_cu", "attest_epoch"),
            measured(
                "activate_first_epoch_cu",
                "activate_epoch of a pool's first epoch",
            ),
            measured("close_epoch_cu", "close_epoch"),
            measured("create_pool_cu", "create_pool, with its vault"),
            measured("fund_cu", "fund"),
            measured("open_page_cu", "open_page, once for 420 members"),
        ],
    },
    Section {
        title: "A challenge",
        text: "Depth 24, canopy 6; bytes as those of a claim, whoever signs pays. Rent and deposit go to whoever shows the leaf whole, or back to \
               the challenger.",
        entries: &[
            measured(
                "open_challenge_depth_24_bytes",
                "transaction of one open_challenge",
            ),
            measured(
                "answer_challenge_depth_24_bytes",
                "transaction of one answer_challenge that names another owner",
            ),
            measured(
                "answer_challenge_veto_cu",
                "answer_challenge that shows another owner: the epoch falls",
            ),
            measured(
                "expire_challenge_cu",
                "expire_challenge of a leaf that nobody showed: the epoch falls",
            ),
            measured("rent_challenge_lamports", "rent of a challenge"),
            measured("deposit_challenge_lamports", "its deposit"),
        ],
    },
    Section {
        title: "Points and credits",
        text: "Depth 23, canopy 6; proofs as in a claim.",
        entries: &[
            measured("open_round_cu", "open_round, with its vault"),
            measured("burn_points_again_cu", "burn_points into the same receipt"),
            measured("settle_burn_cu", "settle_burn"),
            measured("close_round_cu", "close_round, with its vault and the dust"),
            measured("set_carrier_cu", "set_carrier, created"),
            measured("redeem_credits_cu", "redeem_credits"),
            measured("fulfil_credits_cu", "fulfil_credits"),
            measured("refund_credits_cu", "refund_credits"),
            measured("set_recipient_cu", "set_recipient, created"),
        ],
    },
    Section {
        title: "A campaign",
        text: "Depth 20 where nothing else is said, canopy 7.",
        entries: &[
            measured("campaign_claim_depth_20_bytes", "transaction of one claim"),
            measured("campaign_claim_depth_23_cu", "claim_drop at depth 23"),
            measured("campaign_claim_depth_14_cu", "claim_drop at depth 14"),
            measured(
                "campaign_claim_vesting_depth_20_cu",
                "claim_drop of a grant that vests in part, its vesting account created",
            ),
            measured("campaign_claim_vested_cu", "claim_vested"),
            measured("campaign_create_cu", "create_campaign, with its vault"),
            measured("campaign_open_cu", "open_campaign, filled"),
            measured(
                "campaign_open_page_cu",
                "open_campaign_page, once for 80,000 claimants",
            ),
            measured("campaign_sweep_cu", "sweep_campaign"),
        ],
    },
    Section {
        title: "Rent",
        text: "As paid to the accounts in the measurement, at 6,960 lamports a byte with 128 bytes of overhead an account. The \
               programs read the rate from the chain.",
        entries: &[
            measured("rent_pool_lamports", "a pool, with its vault"),
            measured(
                "rent_epoch_canopy_6_lamports",
                "an epoch with a canopy of 64 nodes",
            ),
            measured(
                "rent_closed_epoch_lamports",
                "what of it stays in a closed epoch, for ever",
            ),
            measured("rent_page_lamports", "a page of 420 members"),
            measured(
                "rent_recipient_lamports",
                "a member's recipient, returned when closed",
            ),
            measured("rent_burn_receipt_lamports", "a burn's receipt"),
            measured(
                "rent_kept_at_settlement_lamports",
                "what of it a settlement keeps",
            ),
            measured(
                "rent_campaign_vesting_lamports",
                "a vesting account of a campaign, returned at close",
            ),
        ],
    },
    Section {
        title: "Sizes",
        text: "Executables for version 0 of the machine, as deployed. A cluster takes the rent of twice the size for an \
               upgradeable program.",
        entries: &[measured("device_registry_so_bytes", "device_registry.so")],
    },
];

/// Every entry, those of the comparison included.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    let own = SECTIONS.iter().flat_map(|section| section.entries);
    own.chain(super::peers::ENTRIES)
}
