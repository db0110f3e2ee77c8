use cairn_proof::{Kind, Link, PublicKey, Reason, Role, is_own_key};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::attestor::attestor;
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<1, 0> = &FactTable {
    kind: Kind::Link,
    name: "links",
    subject: Subject::Key,
    keys: ["wallet"],
    numbers: [],
};

impl Scored for Link {
    /// A key speaks for the identity that is its own, and for no other.
    fn fact(&self, seen: &Seen<'_>) -> Result<Fact, Refusal> {
        let is_another_s = |key: PublicKey| !is_own_key(seen.subject, &key);
        if self.own_key().is_some_and(is_another_s) {
            return Err(Refusal::plain(Reason::UnknownKey));
        }
        Ok(TABLE.row([self.wallet], []))
    }

    /// The wallet agrees, and so shows that somebody can sign for it.
    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let attested = || attestor(at.agreed.attestors, &self.voucher)?.public_key();
        let voucher = match self.vouched_by {
            0 => attested(),
            _ => self.own_key(),
        };
        let voucher = voucher.ok_or(Refusal::plain(Reason::UnknownKey))?;
        Ok(vec![
            (Role::User, PublicKey::Ed25519(self.wallet)),
            (Role::Attestor, voucher),
        ])
    }
}
