//! What came of claims for all.

use cairn_client::Became;
use cairn_merkle::Tokens;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::super::due::Due;
use crate::address::Address;
use crate::amount::{Amount, grouped, of_tokens};
use crate::batch::{Failed, Fault, show_unpaid};
use crate::bill::sol;
use crate::error::Exit;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::Spent;

/// Failures that are listed by owner; the rest are counted.
const LISTED: usize = 100;

/// Who was paid, and who not.
#[derive(Clone, Debug, Serialize)]
pub struct AllClaimed {
    pub campaign: Address,
    pub recipients: u32,
    /// Recipients who had claimed before.
    pub claimed_before: u64,
    /// Recipients who were paid, or would be.
    pub paid: u64,
    /// What they were paid together, or would be.
    pub tokens: Amount,
    pub pages_opened: usize,
    pub token_accounts_created: u64,
    pub vesting_accounts_created: u64,
    /// For the pages, and at most for the accounts.
    pub rent_lamports_at_most: u64,
    /// As it was agreed to.
    pub fee_lamports_at_most: u64,
    /// For all that was made.
    pub rent_lamports: u64,
    /// All that landed for it, the opening of pages and refused transactions too.
    #[serde(flatten)]
    pub spent: Spent,
    pub failed: u64,
    /// The first of them.
    pub failures: Vec<Failed>,
    /// Recipients who were not reached, because of what stopped it.
    pub not_reached: u64,
    pub stopped: Option<Fault>,
    /// True when nothing was sent (`--dry-run`).
    pub simulated: bool,
    #[serde(skip)]
    pub(super) only_temporary: bool,
}

impl AllClaimed {
    /// Puts what became of claims into the result; how many were reached.
    pub(super) fn settle(&mut self, dues: &[Due], became: Vec<Became>) -> u64 {
        let mut reached = 0_u64;
        for (due, became) in dues.iter().zip(became) {
            match became {
                Became::Paid => self.count(due),
                // Somebody else claimed meanwhile, or an earlier run whose end nobody saw.
                Became::MadeBefore => {
                    self.claimed_before = self.claimed_before.saturating_add(1);
                }
                Became::Refused(error) | Became::Unknown(error) => {
                    self.fail(due.owner, Fault::from(error.as_ref()));
                }
                Became::NotReached => continue,
            }
            reached = reached.saturating_add(1);
        }
        reached
    }

    fn count(&mut self, due: &Due) {
        self.paid = self.paid.saturating_add(1);
        let claimed = Tokens::new(self.tokens.base()).saturating_add(due.amount);
        self.tokens = of_tokens(claimed, self.tokens.decimals());
        self.rent_lamports = self.rent_lamports.saturating_add(due.rent);
        let created = u64::from(due.account_missing);
        self.token_accounts_created = self.token_accounts_created.saturating_add(created);
        let vests = u64::from(due.still_locked > Tokens::ZERO);
        self.vesting_accounts_created = self.vesting_accounts_created.saturating_add(vests);
    }

    pub(super) fn fail(&mut self, owner: Pubkey, fault: Fault) {
        self.failed = self.failed.saturating_add(1);
        self.only_temporary &= fault.exit == Some(Exit::TryAgain);
        if self.failures.len() < LISTED {
            self.failures.push(Failed::new(owner, fault));
        }
    }
}

impl Verdict for AllClaimed {
    fn exit(&self) -> Exit {
        let stopped = self.stopped.as_ref().map(|fault| fault.exit);
        match (self.failed, stopped) {
            (0, None) => Exit::Done,
            (_, None | Some(Some(Exit::TryAgain))) if self.only_temporary => Exit::TryAgain,
            _ => Exit::Failed,
        }
    }
}

impl Show for AllClaimed {
    fn show(&self, page: &mut Page) {
        let paid = grouped(self.paid);
        page.title(&match (self.paid, self.simulated) {
            (0, _) if self.failed == 0 && self.not_reached == 0 => {
                "Nobody has anything left to claim".to_owned()
            }
            (0, _) => "Nobody was paid".to_owned(),
            (_, true) => format!("Would pay {paid} recipients: nothing was sent"),
            (_, false) => format!("Paid {paid} recipients"),
        });
        page.fact("campaign", self.campaign.to_string());
        page.fact("tokens", self.tokens.grouped());
        page.fact(
            "claimed before",
            format!(
                "{} of {} recipients",
                grouped(self.claimed_before),
                grouped(self.recipients.into())
            ),
        );
        if self.simulated {
            let at_most = |lamports| format!("at most {} SOL", sol(lamports));
            page.fact("rent", at_most(self.rent_lamports_at_most));
            page.fact("fees", at_most(self.fee_lamports_at_most));
        }
        if self.rent_lamports > 0 {
            page.fact("rent", format!("{} SOL", sol(self.rent_lamports)));
        }
        self.spent.show(page);
        show_unpaid(
            page,
            "recipients",
            (self.not_reached, self.stopped.as_ref()),
            (self.failed, &self.failures),
        );
        if self.failed > 0 {
            page.line("What was paid stays paid: the same command goes on with the rest.");
        }
    }
}
