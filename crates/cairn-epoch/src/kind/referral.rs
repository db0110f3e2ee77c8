use cairn_proof::{Kind, PublicKey, Reason, Referral, Role};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::attestor::{Attestor, attestor};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<1, 0> = &FactTable {
    kind: Kind::Referral,
    name: "referrals",
    subject: Subject::Key,
    keys: ["invitee"],
    numbers: [],
};

impl Scored for Referral {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        Ok(TABLE.row([self.invitee], []))
    }

    /// The inviter signs nothing: what nobody but the invitee can say is that the invitee agrees.
    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let attestor = attestor(at.agreed.attestors, &self.attestor)
            .and_then(Attestor::public_key)
            .ok_or(Refusal::plain(Reason::UnknownKey))?;
        Ok(vec![
            (Role::Attestor, attestor),
            (Role::User, PublicKey::Ed25519(self.invitee)),
        ])
    }
}
