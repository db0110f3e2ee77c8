use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

use crate::build::instructions;

instructions! { reward_vault;
    /// Offers the pool to another admin, who takes it with [`AcceptAdmin`] after the delay of parameters. `admin` signs; the
    /// zero key withdraws.
    ProposeAdmin as it { admin: Pubkey, pool: Pubkey, new_admin: Pubkey }
    by { admin, pool }
    with ProposeAdminArgs { new_admin }

    /// Takes over an offered pool, after its delay. `new_admin` signs.
    AcceptAdmin as it { new_admin: Pubkey, pool: Pubkey }
    by { new_admin, pool }
    with {}

    /// Announces another guardian, or with the one in office replaces it at once. `admin` signs, and `outgoing` when it is
    /// named.
    SetGuardian as it {
        admin: Pubkey,
        pool: Pubkey,
        /// The guardian in office, when it signs too.
        outgoing: Option<Pubkey>,
        /// The guardian to be.
        guardian: Pubkey,
    }
    by { admin, guardian: it.outgoing, pool }
    with SetGuardianArgs { guardian }

    /// Removes keepers or raises their threshold at once; announces any other keepers. `admin` signs.
    SetKeepers as it { admin: Pubkey, pool: Pubkey, keepers: Vec<Pubkey>, threshold: u8 }
    by { admin, pool }
    with SetKeepersArgs { keepers: it.keepers.clone(), threshold }

    /// Puts announced roles in office that are due, while no epoch is proposed. Nobody signs.
    ApplyRoles as it { pool: Pubkey }
    by { pool }
    with {}

    /// Withdraws what is announced: the guardian to be (`authority` is the admin), the keepers to be, the pool's offer
    /// (`authority` is the admin or the guardian). `authority` signs.
    CancelRoles as it {
        authority: Pubkey,
        pool: Pubkey,
        /// The guardian to be.
        guardian: bool,
        /// The keepers to be.
        keepers: bool,
        /// The offer to another admin.
        admin: bool,
    }
    by { authority, pool }
    with CancelRolesArgs { guardian, keepers, admin }

    /// Announces the rules that epochs are scored by from `from_epoch` on. `admin` signs.
    AnnounceRuleset as it {
        admin: Pubkey,
        pool: Pubkey,
        /// SHA-256 of the rules.
        hash: [u8; 32],
        from_epoch: EpochNumber,
    }
    by { admin, pool }
    with AnnounceRulesetArgs { hash, from_epoch: it.from_epoch.get() }

    /// Withdraws announced rules. `authority`, the guardian or admin, signs.
    CancelRuleset as it { authority: Pubkey, pool: Pubkey }
    by { authority, pool }
    with {}
}
