//! Refusals that Token-2022 has and SPL Token has not: those that a user of the suite can meet.

/// Code, name, message, hint.
pub(super) const TOKEN_2022: &[(u32, &str, &str, &str)] = &[
    (
        29,
        "NoAuthorityExists",
        "nobody holds the authority that this needs",
        "it was given up for ever",
    ),
    (
        34,
        "ImmutableOwner",
        "the token account's owner can not be changed",
        "move the tokens to the other owner's account instead",
    ),
    (
        35,
        "AccountHasWithheldTransferFees",
        "the token account holds transfer fees that were not collected",
        "harvest them to the mint first: anyone may (`spl-token withdraw-withheld-tokens`)",
    ),
    (
        36,
        "NoMemo",
        "the token account lets in no transfer without a memo",
        "send a memo right before the transfer: this tool's claims do",
    ),
    (
        37,
        "NonTransferable",
        "the mint's tokens can not be transferred",
        "use another mint",
    ),
    (
        42,
        "CpiGuardTransferBlocked",
        "the token account's owner forbade programs to move its tokens",
        "lift the guard for this transfer (`spl-token disable-cpi-guard`), or take tokens from another account",
    ),
    (
        44,
        "CpiGuardCloseAccountBlocked",
        "the token account's owner forbade programs to close it",
        "lift the guard first (`spl-token disable-cpi-guard`)",
    ),
    (
        49,
        "NonConfidentialTransfersDisabled",
        "the token account lets in confidential transfers only",
        "its owner must let in others: rewards are public",
    ),
    (
        67,
        "MintPaused",
        "the mint's pause authority stopped all transfers of the token",
        "wait until it resumes them: what was earned stays earned",
    ),
];
