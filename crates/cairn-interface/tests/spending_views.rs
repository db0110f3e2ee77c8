//! Views of rounds, receipts, carriers, redemptions and closed epochs. Bytes are written with the program's own types.

use anchor_lang::Discriminator;
use bytemuck::Zeroable;
use cairn_interface::{
    DecodeError, ids,
    vault::{
        CARRIER_LEN, CarrierView, EPOCH_TOMBSTONE_LEN, EpochRecord, EpochTombstoneView, EpochView,
        RECEIPT_LEN, REDEMPTION_LEN, ROUND_LEN, ReceiptView, RedemptionView, RoundView, epoch_len,
    },
};
use cairn_merkle::{Node, Tokens};
use reward_vault::state::{BurnReceipt, BurnRound, Carrier, Epoch, EpochTombstone, Redemption};
use solana_sdk::{account::Account, pubkey::Pubkey};

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn account<T: Discriminator + bytemuck::NoUninit>(value: &T) -> Account {
    let mut data = T::DISCRIMINATOR.to_vec();
    data.extend_from_slice(bytemuck::bytes_of(value));
    Account {
        lamports: 1,
        data,
        owner: ids::REWARD_VAULT,
        ..Account::default()
    }
}

/// Reads `stored`, and refuses it at any other length and under another owner.
fn read<T>(stored: &Account, decode: fn(Pubkey, &Account) -> Result<T, DecodeError>) -> T {
    let view = decode(key(9), stored).expect("an account as the program writes it");
    for length in 0..stored.data.len() {
        let mut cut = stored.clone();
        cut.data.truncate(length);
        assert!(decode(key(9), &cut).is_err(), "{length} bytes");
    }
    let mut long = stored.clone();
    long.data.push(0);
    assert!(decode(key(9), &long).is_err());
    let mut foreign = stored.clone();
    foreign.owner = ids::SYSTEM_PROGRAM;
    assert!(matches!(
        decode(key(9), &foreign),
        Err(DecodeError::WrongOwner { .. })
    ));
    view
}

#[test]
fn a_round_says_what_a_burn_would_get() {
    let mut round = BurnRound::zeroed();
    round.pool = key(1);
    round.number = 4;
    round.tokens = 1_000;
    round.minimum = 500;
    (round.starts_at, round.ends_at) = (10, 20);
    round.burnt = 3_000;
    round.version = 1;
    let stored = account(&round);
    assert_eq!(stored.data.len(), ROUND_LEN);
    let view = read(&stored, RoundView::decode);
    assert_eq!((view.address, view.pool, view.number), (key(9), key(1), 4));
    assert_eq!(view.share(1_000), 333);
    assert_eq!(
        [9, 10, 19, 20].map(|now| view.is_open(now)),
        [false, true, true, false]
    );
    round.version = 2;
    assert!(matches!(
        RoundView::decode(key(9), &account(&round)),
        Err(DecodeError::UnknownVersion { version: 2, .. })
    ));
}

#[test]
fn receipts_carriers_and_redemptions_read_as_they_were_written() {
    let mut receipt = BurnReceipt::zeroed();
    (receipt.round, receipt.owner, receipt.rent_payer) = (key(1), key(2), key(3));
    (receipt.burnt, receipt.index, receipt.version) = (700, 5, 1);
    let stored = account(&receipt);
    assert_eq!(stored.data.len(), RECEIPT_LEN);
    let view = read(&stored, ReceiptView::decode);
    assert_eq!(
        (view.round, view.owner, view.rent_payer),
        (key(1), key(2), key(3))
    );
    assert_eq!((view.burnt, view.index), (700, 5));

    let mut carrier = Carrier::zeroed();
    (carrier.pool, carrier.carrier) = (key(1), key(2));
    (carrier.period_secs, carrier.pending, carrier.fulfilled) = (60, 7, 8);
    (carrier.active, carrier.version) = (1, 1);
    let stored = account(&carrier);
    assert_eq!(stored.data.len(), CARRIER_LEN);
    let view = read(&stored, CarrierView::decode);
    assert!(view.is_active());
    assert_eq!((view.period_secs, view.pending, view.fulfilled), (60, 7, 8));

    let mut redemption = Redemption::zeroed();
    (redemption.owner, redemption.carrier) = (key(1), key(2));
    redemption.commitment = [0xab; 32];
    (redemption.credits, redemption.nonce, redemption.deadline) = (3, 4, 5);
    redemption.version = 1;
    let stored = account(&redemption);
    assert_eq!(stored.data.len(), REDEMPTION_LEN);
    let view = read(&stored, RedemptionView::decode);
    assert_eq!((view.credits, view.nonce, view.deadline), (3, 4, 5));
    assert_eq!(view.commitment, [0xab; 32]);
    let carrier = RedemptionView::decode(key(9), &account(&carrier));
    assert!(matches!(carrier, Err(DecodeError::WrongKind { .. })));
}

#[test]
fn an_epochs_address_holds_the_epoch_or_what_stays_of_it() {
    let mut epoch = Epoch::zeroed();
    epoch.pool = key(1);
    epoch.proposer = key(2);
    epoch.root = [0xaa; 32];
    epoch.manifest_hash = [0xbb; 32];
    (epoch.number, epoch.tokens, epoch.points, epoch.credits) = (3, 40, 50, 60);
    (epoch.leaf_count, epoch.status, epoch.version) = (2, 4, 1);
    let mut stored = account(&epoch);
    stored.data.resize(epoch_len(0), 0);
    let record = EpochRecord::decode(key(9), &stored).expect("an epoch");
    let root = Node::new([0xaa; 32], Tokens::new(40));
    assert_eq!(
        (record.number().get(), record.root(), record.leaf_count()),
        (3, root, 2)
    );
    // Of before the payer was noted: the proposer's.
    let view = record.stored().expect("it is not closed");
    assert_eq!(*view.rent_payer(), key(2));

    let closed = account(&EpochTombstone::from(&epoch));
    assert_eq!(closed.data.len(), EPOCH_TOMBSTONE_LEN);
    let tombstone = read(&closed, EpochTombstoneView::decode);
    assert_eq!((tombstone.number, tombstone.root_node()), (3, root));
    let record = read(&closed, EpochRecord::decode);
    assert_eq!(
        (record.number().get(), record.root(), record.leaf_count()),
        (3, root, 2)
    );
    assert_eq!(record.manifest_hash(), [0xbb; 32]);
    assert_eq!(record.stored(), None);
    let refused = EpochView::decode(key(9), &closed).expect_err("it is closed");
    assert!(matches!(refused, DecodeError::Closed { .. }));
    assert!(refused.hint().contains("active epoch"));
}
