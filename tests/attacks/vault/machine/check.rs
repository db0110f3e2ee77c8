//! What must hold after every step, on the chain and against the model.

use std::collections::BTreeSet;

use cairn_interface::{
    airdrop,
    ids::{AIRDROP, REWARD_VAULT},
    spl,
    vault::{
        Asker, CHALLENGE_KIND, EpochStatus, PoolView, epoch_address, invariant,
        member_page_address, vault_address,
    },
};
use cairn_merkle::{EpochNumber, Tokens};
use solana_sdk::pubkey::Pubkey;

use super::{Play, actors::address_of, model::Yard};

impl Play {
    pub fn check(&mut self) {
        let mut challenges = BTreeSet::new();
        for (address, account) in self.scene.world.svm().get_program_accounts(&REWARD_VAULT) {
            if let Err(broken) = invariant(&account) {
                panic!("{address}: {broken:?}");
            }
            if account.data.starts_with(CHALLENGE_KIND) {
                challenges.insert(address);
            }
        }
        let known = self.yards.iter().flat_map(|yard| &yard.challenges);
        let known: BTreeSet<Pubkey> = known.map(|challenge| challenge.place).collect();
        assert_eq!(challenges, known, "challenges that stand");
        for (address, account) in self.scene.world.svm().get_program_accounts(&AIRDROP) {
            if let Err(broken) = airdrop::invariant(&account) {
                panic!("{address}: {broken:?}");
            }
        }
        for yard in &self.yards {
            let pool = self.scene.world.pool(&yard.pool);
            self.check_pool(yard, &pool);
            check_roles(yard, &pool);
            self.check_epoch(yard);
            self.check_slots(yard);
            self.check_wallets(yard);
        }
        self.check_rounds();
        self.check_airdrops();
    }

    fn check_pool(&self, yard: &Yard, pool: &PoolView) {
        let totals = yard.totals;
        assert_eq!(pool.total_claimed, yard.left, "total claimed = Σ paid");
        assert_eq!(pool.total_cumulative, totals.tokens);
        assert_eq!(pool.points_issued, totals.points);
        assert_eq!(pool.credits_issued, totals.credits);
        assert_eq!(pool.members, totals.members);
        assert!(yard.left <= totals.tokens, "total claimed ≤ root sum");
        assert!(
            pool.total_cumulative <= pool.total_funded,
            "root sum ≤ funded"
        );
        assert!(pool.total_funded <= yard.arrived, "funded ≤ ever arrived");
        let find = || vault_address(&yard.pool).0;
        let vault = self.places.of("vault", &yard.pool, 0, find);
        let held = self.scene.world.tokens(&vault);
        assert_eq!(held, yard.balance(), "nothing leaks");
        assert_eq!(pool.active_epoch, yard.active_number());
        assert_eq!(pool.next_epoch, pool.active_epoch + 1);
        assert_eq!(pool.pending_epoch != 0, yard.proposed.is_some());
        assert_eq!(pool.params(), yard.params);
        assert_eq!(pool.is_correction_due(), yard.correction_due);
        assert_eq!(pool.emission_anchor, totals.anchor);
        let announced = pool
            .pending_params
            .params()
            .map(|it| (it, pool.pending_params.effective_at));
        assert_eq!(announced, yard.announced);

        let now = self.scene.world.now();
        assert_eq!(pool.is_paused(now), yard.is_paused(now), "paused");
        assert_eq!(pool.paused_secs(), yard.paused_secs(), "the pause clock");
        for (asker, by_member) in [(Asker::Member, true), (Asker::Anyone, false)] {
            assert_eq!(
                pool.room(now, Tokens::new(held), asker).available,
                yard.room(now, by_member),
                "the breaker"
            );
        }
        assert!(
            yard.in_window(now) <= yard.used(now),
            "the breaker forgets early"
        );

        assert_eq!(pool.credits_fulfilled, yard.fulfilled);
        assert_eq!(pool.credits_redeemed, yard.redeemed());
        assert_eq!(pool.points_burnt, yard.burnt);
        assert_eq!(pool.next_round, yard.next_round);
    }

    /// What is proposed, its words, its clock and its open questions.
    fn check_epoch(&self, yard: &Yard) {
        let Some(attempt) = yard.attempt else {
            return;
        };
        let number = EpochNumber::new(yard.next_number());
        let find = || epoch_address(&yard.pool, number).0;
        let address = self.places.of("epoch", &yard.pool, number.get(), find);
        let epoch = self.scene.world.epoch(&address);
        assert_eq!(epoch.attempt, attempt);
        let Some(proposed) = &yard.proposed else {
            assert_eq!(epoch.status(), EpochStatus::Vetoed);
            assert_eq!(epoch.open_challenges, 0);
            return;
        };
        assert_eq!(epoch.proposer, address_of(proposed.proposer));
        assert_eq!(
            usize::try_from(epoch.open_challenges),
            Ok(yard.live_challenges())
        );
        let complete_at = proposed.complete.map_or(0, |(at, _)| at);
        assert_eq!(epoch.complete_at, complete_at);
        let words = epoch.attesters().iter().filter(|key| {
            let mut words = proposed.words.iter();
            words.any(|name| address_of(name) == **key)
        });
        assert_eq!(words.count(), usize::from(epoch.attester_count));
    }

    fn check_slots(&self, yard: &Yard) {
        let find = || member_page_address(&yard.pool, 0).0;
        let page = self.places.of("page", &yard.pool, 0, find);
        let page = self.scene.world.page(&page);
        for (index, (slot, counters)) in page.slots.iter().zip(&yard.slots).enumerate() {
            assert_eq!(slot.tokens_claimed, counters.claimed, "claimed at {index}");
            assert_eq!(slot.points_burnt, counters.burnt, "burnt at {index}");
            assert_eq!(
                slot.credits_redeemed(),
                counters.redeemed,
                "redeemed at {index}"
            );
            assert_eq!(slot.has_recipient(), counters.marked, "the mark at {index}");
        }
        let counted: u64 = page.slots.iter().map(|slot| slot.tokens_claimed).sum();
        assert_eq!(counted, yard.left, "slots count what was paid");
    }

    /// Everybody holds what they were paid, less the mint's fee.
    fn check_wallets(&self, yard: &Yard) {
        let token_program = self.scene.world.token_program(&yard.mint);
        for (owner, expected) in &yard.wallets {
            let find = || spl::associated_token_address(owner, &yard.mint, &token_program);
            let wallet = self.places.of("wallet", owner, yard.fee_bps, find);
            let held = self.scene.world.tokens(&wallet);
            assert_eq!(held, *expected, "the wallet of {owner}");
        }
    }
}

/// Who holds which role, who rests, what is announced, and the rules.
fn check_roles(yard: &Yard, pool: &PoolView) {
    let (roles, rules) = (&yard.roles, &yard.rules);
    assert_eq!(pool.admin, address_of(roles.admin));
    assert_eq!(pool.guardian, address_of(roles.guardian));
    let keepers: Vec<Pubkey> = roles.keepers.iter().map(|name| address_of(name)).collect();
    assert_eq!(pool.keepers(), keepers);
    assert_eq!(pool.threshold, roles.threshold);
    for name in &roles.keepers {
        let rests = pool.rests_until(&address_of(name));
        assert_eq!(rests, roles.rests_until(name), "{name} rests");
    }
    let offered = roles.offered.map(|(name, at)| (address_of(name), at));
    let (to, at) = offered.unwrap_or_default();
    assert_eq!((pool.pending_admin, pool.admin_effective_at), (to, at));
    let pending = &pool.pending_roles;
    let guardian = roles
        .guardian_to_be
        .map(|(name, at)| (address_of(name), at));
    let (to, at) = guardian.unwrap_or_default();
    assert_eq!((pending.guardian, pending.guardian_effective_at), (to, at));
    let at = roles.keepers_to_be.as_ref().map_or(0, |(_, _, at)| *at);
    assert_eq!(pending.keepers_effective_at, at);
    assert_eq!(pool.ruleset_hash, rules.hash);
    let announced = &pool.pending_ruleset;
    let (hash, from, at) = rules.announced.unwrap_or_default();
    assert_eq!(
        (announced.hash, announced.from_epoch, announced.effective_at),
        (hash, from, at)
    );
}
