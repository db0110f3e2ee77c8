//! `cairn recipient`.

use cairn_interface::vault::RecipientView;
use clap::Subcommand;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::address::Address;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::page::Page;
use crate::printer::Outcome;

pub mod close;
pub mod set;
pub mod show;

#[derive(Debug, Subcommand)]
pub enum RecipientCommand {
    Set(set::Args),
    Show(show::Args),
    Close(close::Args),
}

impl RecipientCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Set(args) => boxed(set::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Close(args) => boxed(close::run(ctx, args).await),
        }
    }
}

/// Where a member is paid and who may claim for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wishes {
    /// The wallet that is paid now.
    pub payout: Address,
    /// The wallet that takes its place; null when nothing is pending.
    pub pending_payout: Option<Address>,
    /// Unix seconds from which it does.
    pub effective_at: Option<i64>,
    /// May claim besides the member when claims are restricted.
    pub delegate: Option<Address>,
    /// Whether only the member and the delegate may claim.
    pub restricted: bool,
}

impl Wishes {
    /// As they stand at `now`; without an account the owner is paid directly and anyone may claim.
    #[must_use]
    pub fn of(owner: &Pubkey, recipient: Option<&RecipientView>, now: i64) -> Self {
        let Some(recipient) = recipient else {
            return Self {
                payout: (*owner).into(),
                pending_payout: None,
                effective_at: None,
                delegate: None,
                restricted: false,
            };
        };
        let pending = recipient.effective_at().filter(|at| *at > now);
        Self {
            payout: recipient.payout_at(now).into(),
            pending_payout: pending.map(|at| recipient.payout_at(at).into()),
            effective_at: pending,
            delegate: recipient.delegate().map(Address),
            restricted: recipient.is_restricted(),
        }
    }

    fn claims(&self) -> String {
        match (self.restricted, &self.delegate) {
            (false, _) => "by anyone".to_owned(),
            (true, None) => "by the member only".to_owned(),
            (true, Some(delegate)) => format!("by the member and {delegate} only"),
        }
    }

    fn facts(&self, page: &mut Page, now: i64) {
        page.fact("paid to", self.payout.to_string());
        if let (Some(wallet), Some(at)) = (&self.pending_payout, self.effective_at) {
            page.fact("then to", format!("{wallet}\nfrom {}", utc_from(at, now)));
        }
        page.fact("claims", self.claims());
        if let (false, Some(delegate)) = (self.restricted, &self.delegate) {
            page.fact(
                "delegate",
                format!("{delegate} (once claims are restricted)"),
            );
        }
    }
}
