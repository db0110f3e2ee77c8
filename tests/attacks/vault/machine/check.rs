//! What must hold after every step, on the chain and against the model.

use cairn_interface::{
    airdrop,
    ids::{AIRDROP, REWARD_VAULT},
    spl,
    vault::{Asker, invariant, member_page_address, vault_address},
};
use cairn_merkle::Tokens;

use super::{Play, model::Yard};

impl Play {
    pub fn check(&mut self) {
        for (address, account) in self.scene.world.svm().get_program_accounts(&REWARD_VAULT) {
            if let Err(broken) = invariant(&account) {
                panic!("{address}: {broken:?}");
            }
        }
        for (address, account) in self.scene.world.svm().get_program_accounts(&AIRDROP) {
            if let Err(broken) = airdrop::invariant(&account) {
                panic!("{address}: {broken:?}");
            }
        }
        for yard in &self.yards {
            self.check_pool(yard);
            self.check_slots(yard);
            self.check_wallets(yard);
        }
        self.check_rounds();
        self.check_airdrops();
    }

    fn check_pool(&self, yard: &Yard) {
        let pool = self.scene.world.pool(&yard.pool);
        assert_eq!(pool.total_claimed, yard.left, "total claimed = Σ paid");
        assert_eq!(pool.total_cumulative, yard.cumulative());
        assert!(yard.left <= yard.cumulative(), "total claimed ≤ root sum");
        assert!(
            pool.total_cumulative <= pool.total_funded,
            "root sum ≤ funded"
        );
        assert!(pool.total_funded <= yard.arrived, "funded ≤ ever arrived");
        let held = self.scene.world.tokens(&vault_address(&yard.pool).0);
        assert_eq!(held, yard.balance(), "nothing leaks");
        assert_eq!(pool.active_epoch, yard.active_number());
        assert_eq!(pool.next_epoch, pool.active_epoch + 1);
        assert_eq!(pool.pending_epoch != 0, yard.proposed.is_some());
        assert_eq!(pool.params(), yard.params);
        assert_eq!(pool.emission_anchor, yard.anchor);
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

        let outstanding: u64 = yard.redemptions.iter().map(|it| it.credits).sum();
        assert_eq!(pool.credits_fulfilled, yard.fulfilled);
        assert_eq!(pool.credits_redeemed, outstanding + yard.fulfilled);
        assert_eq!(pool.points_burnt, yard.burnt);
        assert_eq!(pool.next_round, yard.next_round);
    }

    fn check_slots(&self, yard: &Yard) {
        let page = self.scene.world.page(&member_page_address(&yard.pool, 0).0);
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
            let wallet = spl::associated_token_address(owner, &yard.mint, &token_program);
            let held = self.scene.world.tokens(&wallet);
            assert_eq!(held, *expected, "the wallet of {owner}");
        }
    }
}
