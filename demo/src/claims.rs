//! Who claims what and when: a steady claimant, one who skips two epochs, one without a lamport, an owner of hotspots.

use cairn::{
    command::claim::{Args, pay},
    transact::Transaction,
};
use cairn_client::Ledger;
use cairn_epoch::read_leaves;
use cairn_interface::vault::member_page_address;
use cairn_merkle::SLOTS_PER_PAGE;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::{
    fault::DemoError,
    month::{Month, roster::Part},
    stage::{Stage, sol},
    summary::Claims,
    talk::Talk,
};

/// A claimant, the epochs in which they claim, and whether somebody else pays.
struct Claimant {
    who: String,
    key: Keypair,
    epochs: Vec<u64>,
    sponsored: bool,
}

/// The cast of claimants; fixed once the first epoch's members are known.
pub struct Claimants {
    cast: Vec<Claimant>,
    sponsor: Keypair,
    pub totals: Claims,
    pages: std::collections::BTreeSet<u32>,
}

impl Claimants {
    /// Chooses the claimants among the members of the first epoch: the three aircraft that earned most, the owner of
    /// most hotspots and the first weather office.
    ///
    /// # Errors
    /// The first epoch's files can not be read, or it has fewer than three aircraft.
    pub async fn choose(month: &Month, stage: &Stage, last_epoch: u64) -> Result<Self, DemoError> {
        let seed = month.settings.seed;
        let mut leaves = read_leaves(stage.published(1).root())?;
        leaves.sort_by_key(|leaf| (std::cmp::Reverse(leaf.tokens), leaf.index));
        let tails = month.tail_numbers();
        let mut flyers = leaves
            .iter()
            .filter_map(|leaf| Some((leaf, tails.get(&leaf.owner)?)))
            .map(|(_, tail)| {
                (
                    (*tail).to_owned(),
                    stage.wallet(seed.secret(Part::Aircraft, tail)),
                )
            });
        let mut flyer = |role: &str| {
            flyers.next().ok_or_else(|| {
                DemoError::Unexpected(format!("epoch 1 has no aircraft left to be {role}"))
            })
        };
        let steady = flyer("the steady claimant")?;
        let skipper = flyer("the one who skips")?;
        let guest = flyer("the one without lamports")?;
        let mut cast = vec![
            Claimant {
                who: format!("aircraft {}", steady.0),
                key: steady.1,
                epochs: (1..=last_epoch).collect(),
                sponsored: false,
            },
            Claimant {
                who: format!("aircraft {}, after skipping two epochs", skipper.0),
                key: skipper.1,
                epochs: vec![1, 4],
                sponsored: false,
            },
            Claimant {
                who: format!("aircraft {}, without a lamport", guest.0),
                key: guest.1,
                epochs: vec![3],
                sponsored: true,
            },
        ];
        for (owner, epochs) in [
            (month.largest_owner(), vec![2, last_epoch]),
            (month.first_station_owner(), vec![2, last_epoch]),
        ] {
            if let Some(name) = owner {
                cast.push(Claimant {
                    key: stage.wallet(seed.secret(Part::Owner, &name)),
                    who: name,
                    epochs,
                    sponsored: false,
                });
            }
        }
        let sponsor = stage.wallet(seed.secret(Part::Operator, "sponsor"));
        for key in cast
            .iter()
            .filter(|one| !one.sponsored)
            .map(|one| &one.key)
            .chain([&sponsor])
        {
            stage.localnet.airdrop(&key.pubkey(), sol(10)).await?;
        }
        Ok(Self {
            cast,
            sponsor,
            totals: Claims::default(),
            pages: std::collections::BTreeSet::new(),
        })
    }

    /// Who claims every week, with their key.
    #[must_use]
    pub fn steady(&self) -> Option<(&str, &Keypair)> {
        self.cast.first().map(|one| (one.who.as_str(), &one.key))
    }

    /// Everybody whose turn it is claims from `epoch`.
    ///
    /// # Errors
    /// A claim that is refused.
    pub async fn turn(&mut self, epoch: u64, stage: &Stage, talk: &Talk) -> Result<(), DemoError> {
        for claimant in self.cast.iter().filter(|one| one.epochs.contains(&epoch)) {
            let payer = if claimant.sponsored {
                &self.sponsor
            } else {
                &claimant.key
            };
            let owner = claimant.key.pubkey();
            let paid = claim(stage, payer, owner).await?;
            if paid.paid.base() == 0 {
                // A week of a few hours may have passed without them.
                talk.done(&format!("{} has nothing new to claim", claimant.who));
                continue;
            }
            self.totals.count += 1;
            self.totals.tokens += paid.paid.base();
            // A claim beside which nothing had to be created: what a member pays every week but the first.
            let plain = !paid.opened_page && !paid.created_token_account;
            if let (true, Some(Transaction::Sent { compute_units, .. })) =
                (plain, paid.transactions.list.last())
            {
                let most = &mut self.totals.compute_units_max;
                *most = (*most).max(*compute_units);
            }
            self.pages.insert(cairn_merkle::member_page_of(paid.index));
            talk.done(&format!(
                "{} claimed {} tokens{}",
                claimant.who,
                paid.paid.grouped(),
                if claimant.sponsored {
                    "; the fee was paid by somebody else"
                } else {
                    ""
                },
            ));
        }
        Ok(())
    }

    /// Rent that a member's slot costs, from the lamports that the opened pages hold; rounded up.
    ///
    /// # Errors
    /// The ledger can not be asked.
    pub async fn finish(mut self, stage: &Stage) -> Result<Claims, DemoError> {
        for page in &self.pages {
            let address = member_page_address(&stage.pool, *page).0;
            if let Some(account) = stage.ledger.account(&address).await? {
                let member = account.lamports.div_ceil(u64::from(SLOTS_PER_PAGE));
                self.totals.rent_lamports_per_member =
                    self.totals.rent_lamports_per_member.max(member);
            }
        }
        Ok(self.totals)
    }
}

async fn claim(stage: &Stage, payer: &Keypair, owner: Pubkey) -> Result<pay::Claimed, DemoError> {
    let args = Args {
        files: stage.files().into(),
        pool: Some(stage.pool),
        owner: Some(owner),
        at_most: None,
    };
    Ok(pay::run(&stage.as_signer(payer), &args).await?)
}
