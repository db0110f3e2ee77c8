use cairn_interface::{
    ids::TOKEN_2022_PROGRAM,
    spl,
    vault::{Claim, Claimed, Funded, VaultError, VaultEvent, vault_address},
};
use cairn_merkle::Tokens;
use cairn_testkit::assert_refused;
use solana_sdk::clock::Clock;
use spl_token_2022_interface::extension::transfer_fee;

use super::{FEE, create, funded, over, wallet, with_token};
use crate::vault::scene::{Scene, address, event, member};

/// Base units of the mint that anyone holds or that were withheld: all that was minted.
fn everywhere(scene: &Scene, members: u32) -> u64 {
    let mut sum = 0;
    let stranger =
        spl::associated_token_address(&address("stranger"), &scene.mint, &TOKEN_2022_PROGRAM);
    let wallets = (0..members).map(|index| wallet(scene, index));
    for account in wallets.chain([vault_address(&scene.pool).0, stranger]) {
        let view = scene.world.token_account(&account);
        sum += view.amount + view.withheld;
    }
    sum
}

#[test]
fn a_fee_taking_mint_is_accounted_by_what_arrived() {
    let mut scene = over(&[FEE]);
    create(&mut scene).unwrap();
    let said = event(scene.fund(10_000));
    assert!(
        matches!(
            said,
            VaultEvent::Funded(Funded {
                amount: 10_000,
                received: 9_900,
                total_funded: 9_900,
                ..
            })
        ),
        "{said:?}"
    );
    assert_eq!(scene.vault_balance(), 9_900);

    // A root above what arrived does not become active, whatever was sent.
    let above = scene.rewards(&[9_901]);
    scene.prepare(1, &above);
    assert_refused(scene.activate(1), VaultError::VaultShort);
    scene.veto("guardian", 1).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    let rewards = scene.rewards(&[900, 9_000]);
    scene.prepare(1, &rewards);
    scene.activate(1).unwrap();

    scene.open_page(0).unwrap();
    for (index, paid, received) in [(0, 900, 891), (1, 9_000, 8_910)] {
        scene.open_wallet(&member(index));
        let said = event(scene.claim(1, &rewards, index));
        // The member is paid what the root grants; the mint takes its fee from that.
        assert!(
            matches!(
                said,
                VaultEvent::Claimed(Claimed { paid: p, received: r, tokens_claimed: p2, .. })
                    if (p, r, p2) == (paid, received, paid)
            ),
            "{said:?}"
        );
        assert_eq!(scene.balance(index), received);
        let account = scene.world.expect_account(&wallet(&scene, index));
        assert_eq!(
            account.data.len(),
            scene.world.mint(&scene.mint).account_len
        );
        let view = scene.world.token_account(&wallet(&scene, index));
        assert_eq!(view.withheld, paid - received);
    }
    assert_eq!(scene.vault_balance(), 0);
    assert_eq!(scene.pool().total_claimed, 9_900);
    assert_eq!(everywhere(&scene, 2), 10_000);
    assert_refused(scene.claim(1, &rewards, 1), VaultError::NothingToClaim);
}

/// The fee is rounded up for each transfer: 900 claims of one unit would pay the member nothing.
#[test]
fn only_the_member_claims_a_part_where_each_part_pays_a_fee() {
    let (mut scene, rewards) = funded(&[FEE], 1_000, &[900]);
    let part = Claim {
        at_most: Tokens::new(1),
        ..scene.claim_of(1, &rewards, 0)
    };
    assert_refused(
        scene.run(&[part.instruction()], &[]),
        VaultError::PartUnsigned,
    );
    let strangers = Claim {
        authority: Some(address("stranger")),
        ..part.clone()
    };
    assert_refused(
        scene.run(&[strangers.instruction()], &["stranger"]),
        VaultError::PartUnsigned,
    );
    let members = Claim {
        authority: Some(member(0)),
        at_most: Tokens::new(100),
        ..part.clone()
    };
    scene.must(&[members.instruction()], &["member 0"]);
    assert_eq!(scene.world.token_account(&wallet(&scene, 0)).amount, 99);
    // What is due is no part, however it is said.
    let rest = Claim {
        at_most: Tokens::new(800),
        ..part
    };
    scene.must(&[rest.instruction()], &[]);
    assert_eq!(scene.world.token_account(&wallet(&scene, 0)).amount, 891);
}

#[test]
fn the_fee_is_taken_as_the_interface_foretells() {
    let (mut scene, first) = funded(&[FEE], 1_000_000, &[1, 99, 101, 150_000, 500_000]);
    let mint = scene.world.mint(&scene.mint);
    let epoch = scene.world.svm().get_sysvar::<Clock>().epoch;
    for (index, leaf) in (0..).zip(first.leaves().to_vec()) {
        scene.claim(1, &first, index).unwrap();
        let fee = mint.fee_of(leaf.tokens, epoch);
        assert_eq!(
            scene.balance(index) + fee.get(),
            leaf.tokens.get(),
            "of {}",
            leaf.tokens
        );
    }
    assert_eq!(everywhere(&scene, 5), 1_000_000);
}

#[test]
fn a_fee_that_changes_under_the_pool_costs_the_receiver_and_never_the_pool() {
    let (mut scene, first) = funded(&[FEE], 10_000, &[4_000, 5_900]);
    let raise = transfer_fee::instruction::set_transfer_fee(
        &TOKEN_2022_PROGRAM,
        &scene.mint,
        &address("treasurer"),
        &[],
        10_000,
        u64::MAX,
    );
    with_token(&mut scene, raise, "treasurer").unwrap();
    // Announced two epochs of the cluster ahead; until then the old fee holds.
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 3_960);
    let clock: Clock = scene.world.svm().get_sysvar();
    let later = Clock {
        epoch: clock.epoch + 2,
        ..clock
    };
    scene.world.svm().set_sysvar(&later);
    let said = event(scene.claim(1, &first, 1));
    assert!(
        matches!(
            said,
            VaultEvent::Claimed(Claimed {
                paid: 5_900,
                received: 0,
                ..
            })
        ),
        "{said:?}"
    );
    assert_eq!((scene.balance(1), scene.vault_balance()), (0, 0));
    assert_eq!(everywhere(&scene, 2), 10_000);
    // Funding at such a fee counts for nothing, and no root can rely on it.
    let said = event(scene.fund(500));
    assert!(
        matches!(
            said,
            VaultEvent::Funded(Funded {
                amount: 500,
                received: 0,
                ..
            })
        ),
        "{said:?}"
    );
    assert_eq!(scene.pool().total_funded, 9_900);
}

/// The mint's fee becomes `bps`, after the two epochs of the cluster that a change takes.
fn change_fee(scene: &mut Scene, bps: u16, maximum: u64) {
    let change = transfer_fee::instruction::set_transfer_fee(
        &TOKEN_2022_PROGRAM,
        &scene.mint,
        &address("treasurer"),
        &[],
        bps,
        maximum,
    );
    with_token(scene, change, "treasurer").unwrap();
    let clock: Clock = scene.world.svm().get_sysvar();
    let later = Clock {
        epoch: clock.epoch + 2,
        ..clock
    };
    scene.world.svm().set_sysvar(&later);
}

/// Numbers without pattern, always the same for a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[test]
fn whatever_the_fee_becomes_the_vault_covers_the_root_and_no_unit_is_lost() {
    const MEMBERS: u32 = 4;
    let mut dice = Dice(7);
    let (mut scene, mut rewards) = funded(&[FEE], 10_000, &[1_000; MEMBERS as usize]);
    let (mut number, mut minted) = (1, 10_000);
    let mut granted = [1_000; MEMBERS as usize];
    let mut received = [0; MEMBERS as usize];
    for _ in 0..150 {
        match dice.roll(4) {
            0 => {
                let sent = 1 + dice.roll(5_000);
                scene.fund(sent).unwrap();
                minted += sent;
            }
            1 => {
                let (bps, maximum) = (dice.roll(10_001), dice.roll(2_000));
                change_fee(&mut scene, bps.try_into().unwrap(), maximum);
            }
            2 => {
                // As much more as the vault can bear, to one of them.
                let pool = scene.pool();
                let spare = scene.vault_balance() - (pool.total_cumulative - pool.total_claimed);
                let lucky = usize::try_from(dice.roll(MEMBERS.into())).unwrap();
                granted[lucky] += spare;
                number += 1;
                rewards = scene.rewards(&granted);
                scene.run_epoch(number, &rewards);
            }
            _ => {
                let index = u32::try_from(dice.roll(MEMBERS.into())).unwrap();
                match scene.claim(number, &rewards, index) {
                    Ok(landed) => match event(Ok(landed)) {
                        VaultEvent::Claimed(Claimed {
                            received: units, ..
                        }) => {
                            received[index as usize] += units;
                        }
                        other => panic!("{other:?}"),
                    },
                    refused => assert_refused(refused, VaultError::NothingToClaim),
                }
            }
        }
        let pool = scene.pool();
        assert!(scene.vault_balance() >= pool.total_cumulative - pool.total_claimed);
        assert!(pool.total_claimed <= pool.total_cumulative);
        assert_eq!(
            scene.vault_balance(),
            pool.total_funded - pool.total_claimed
        );
        assert_eq!(everywhere(&scene, MEMBERS), minted);
        for (index, units) in (0..).zip(received) {
            assert_eq!(scene.balance(index), units);
        }
    }
    assert!(number > 10 && received.iter().all(|units| *units > 0));
}
