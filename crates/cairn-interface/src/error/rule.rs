use cairn_onchain::Rule;

/// What a person does about a refusal that must not happen.
pub(super) const BUG: &str = "report this: the program stopped before anything was written";

/// What a person does about a refusal that means the same in every program. Empty for a rule of which each program's own
/// hint says more.
pub(super) fn hint(rule: Rule) -> &'static str {
    use Rule as R;
    match rule {
        R::TokenProgramUnsupported => "use a mint of SPL Token or Token-2022",
        R::MintUnsupported => {
            "check the mint's address: it must be an initialised mint of the token program that is named"
        }
        R::MintTransferHook => {
            "have the mint's authority remove the hook and give up the right to set one, or use another mint"
        }
        R::MintDefaultFrozen => {
            "have the freeze authority let new accounts start open (`spl-token update-default-account-state`), or use another mint"
        }
        R::MintPermanentDelegate => {
            "have the permanent delegate give up its right (`spl-token authorize`), or use another mint"
        }
        R::MintNonTransferable => "use another mint: tokens of this one never move",
        R::MintCloseAuthority => {
            "have the close authority give up its right (`spl-token authorize`), or use another mint"
        }
        R::MintExtensionUnknown => {
            "use a mint without this extension: `spl-token display` lists the mint's extensions"
        }
        R::CanopyComplete => "nothing to do: the canopy is stored",
        R::CanopyOffset => "continue where the stored canopy ends, or start over at 0",
        R::CanopyHashMismatch | R::CanopySumMismatch => {
            "the canopy is of another tree: build it from the same leaves as the root"
        }
        R::DestinationNotCanonical => {
            "claims are paid to the owner's associated token account only"
        }
        R::DestinationFrozen => "the mint's freeze authority must thaw the account first",
        R::DestinationDelegated => {
            "the owner must revoke the account's delegate first (`spl-token revoke`)"
        }
        R::DestinationCloseAuthority => "the owner must remove the account's close authority first",
        R::LeafIndexOutOfRange
        | R::ProofTooShort
        | R::ProofTooLong
        | R::ProofSumOverflow
        | R::ProofSumMismatch
        | R::ProofHashMismatch
        | R::WrongVault
        | R::CanopyBytes
        | R::CanopyTooLong
        | R::CanopyIncomplete
        | R::LeafCountRange
        | R::DestinationNotTokenAccount
        | R::DestinationWrongMint
        | R::DestinationMemoRequired
        | R::WrongMemoProgram => "",
        R::Overflow => BUG,
    }
}
