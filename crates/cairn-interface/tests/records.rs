//! Where every field of every account stands, the JSON of every account and event, and that none is missing: what the programs
//! describe is the list.

mod support;

use std::fmt::Write;

use airdrop::state::CampaignTombstone;
use anchor_lang::Discriminator;
use bytemuck::{NoUninit, Zeroable};
use cairn_interface::{
    DecodeError, Event,
    airdrop::{AirdropEvent, CampaignPageView, CampaignView, ClosedCampaignView, VestingView},
    ids,
    registry::{DeviceTreeView, IssuerView, NetworkView, RegistryEvent},
    vault::{
        CarrierView, ChallengeView, EpochTombstoneView, EpochView, MemberPageView, PoolView,
        ReceiptView, RecipientView, RedemptionView, RoundView, VaultEvent,
    },
};
use reward_vault::state::EpochTombstone;
use serde::Serialize;
use serde_json::Value;
use solana_sdk::{account::Account, pubkey::Pubkey};
use support::Idl;

const EVENT_TAG: [u8; 8] = 0x1d9a_cb51_2ea5_45e4_u64.to_le_bytes();

fn text<T: Serialize>(
    decode: fn(Pubkey, &Account) -> Result<T, DecodeError>,
) -> impl Fn(&Account) -> String {
    move |account| {
        let view = decode(Pubkey::new_from_array([9; 32]), account).expect("an account");
        serde_json::to_string_pretty(&view).expect("JSON")
    }
}

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn account<T: Discriminator + NoUninit>(owner: Pubkey, value: &T) -> Account {
    Account {
        data: [T::DISCRIMINATOR, bytemuck::bytes_of(value)].concat(),
        owner,
        ..Account::default()
    }
}

fn account_json(name: &str, account: &Account) -> String {
    match name {
        "Pool" => text(PoolView::decode)(account),
        "Epoch" => text(EpochView::decode)(account),
        "MemberPage" => {
            let page = text(MemberPageView::decode)(account);
            let mut page: Value = serde_json::from_str(&page).expect("JSON");
            let slots = page["slots"].as_array_mut().expect("slots");
            assert_eq!(slots.len(), 420);
            slots.truncate(2);
            serde_json::to_string_pretty(&page).expect("JSON")
        }
        "Recipient" => text(RecipientView::decode)(account),
        "BurnRound" => text(RoundView::decode)(account),
        "BurnReceipt" => text(ReceiptView::decode)(account),
        "Carrier" => text(CarrierView::decode)(account),
        "Redemption" => text(RedemptionView::decode)(account),
        "Challenge" => text(ChallengeView::decode)(account),
        "Campaign" => text(CampaignView::decode)(account),
        "CampaignPage" => text(CampaignPageView::decode)(account),
        "Vesting" => text(VestingView::decode)(account),
        "Network" => text(NetworkView::decode)(account),
        "Issuer" => text(IssuerView::decode)(account),
        "DeviceTree" => text(DeviceTreeView::decode)(account),
        other => panic!("{other} has no view"),
    }
}

/// The size of the field that `_of` picks.
fn size_of_field<T, F>(_of: fn(&T) -> &F) -> usize {
    size_of::<F>()
}

/// One line a field; fails when fields are missing from the list or there is padding between them. For tombstones, which are
/// in no instruction's accounts and so in no description.
macro_rules! layout {
    ($text:ident, $type:ident: $($field:ident),+ $(,)?) => {
        writeln!($text, "{} ({} bytes behind the 8 of its discriminator)", stringify!($type), size_of::<$type>())
            .expect("text");
        let mut next = 0;
        $(
            let offset = std::mem::offset_of!($type, $field);
            let size = size_of_field(|value: &$type| &value.$field);
            assert_eq!(offset, next, "{}.{} is not where the one before ends", stringify!($type), stringify!($field));
            writeln!($text, "  {:>6} {:>6}  {}", 8 + offset, size, stringify!($field)).expect("text");
            next = offset + size;
        )+
        assert_eq!(next, size_of::<$type>(), "{} has more fields", stringify!($type));
    };
}

/// A change here is a change for every client and indexer: it needs a new layout version and a migration, never just a new
/// snapshot. That the sizes are the programs' follows from the next test, which reads accounts of these sizes and no others.
#[test]
fn account_layouts_are_the_published_ones() {
    let mut text = String::new();
    for idl in Idl::all() {
        for (name, discriminator) in idl.named("accounts") {
            let fields = idl.fields(&name);
            let size: usize = fields.iter().map(|field| idl.size(field)).sum();
            writeln!(
                text,
                "{name} ({size} bytes behind the 8 of its discriminator)"
            )
            .expect("text");
            let mut offset = discriminator.len();
            for field in &fields {
                let size = idl.size(field);
                writeln!(text, "  {offset:>6} {size:>6}  {}", field.name).expect("text");
                offset += size;
            }
        }
    }
    layout!(text, EpochTombstone: pool, root, manifest_hash, number, tokens, points, credits, leaf_count, bump, version,
        reserved);
    layout!(text, CampaignTombstone: creator, mint, receiver, root, snapshot_hash, id, tokens, claimed, swept,
        leaf_count, version, reserved);
    insta::assert_snapshot!("account_layouts", text);
}

#[test]
fn the_json_of_every_account_is_the_published_one() {
    let mut all = String::new();
    for idl in Idl::all() {
        for (name, discriminator) in idl.named("accounts") {
            let mut data = discriminator;
            data.extend(idl.bytes(&name));
            match name.as_str() {
                // One node of a canopy of two, and room for the other.
                "Epoch" | "Campaign" => {
                    data.extend([1, 0, 0, 0]);
                    data.extend([7; 40]);
                    data.extend([0; 40]);
                }
                "CampaignPage" => {
                    data.extend([1, 0, 0, 0]);
                    data.extend([7; 40]);
                }
                _ => {}
            }
            let account = Account {
                lamports: 1,
                data,
                owner: idl.program,
                ..Account::default()
            };
            all += &format!("{name} {}\n", account_json(&name, &account));
        }
    }
    let mut epoch = EpochTombstone::zeroed();
    (epoch.pool, epoch.root, epoch.manifest_hash) = (key(1), [2; 32], [3; 32]);
    (epoch.number, epoch.tokens, epoch.points, epoch.credits) = (4, 5, 6, 7);
    (epoch.leaf_count, epoch.version) = (8, 1);
    let json = text(EpochTombstoneView::decode)(&account(ids::REWARD_VAULT, &epoch));
    all += &format!("EpochTombstone {json}\n");
    let mut campaign = CampaignTombstone::zeroed();
    (campaign.creator, campaign.mint, campaign.receiver) = (key(1), key(2), key(3));
    (campaign.root, campaign.snapshot_hash) = ([4; 32], [5; 32]);
    (
        campaign.id,
        campaign.tokens,
        campaign.claimed,
        campaign.swept,
    ) = (6, 7, 8, 9);
    (campaign.leaf_count, campaign.version) = (10, 1);
    let json = text(ClosedCampaignView::decode)(&account(ids::AIRDROP, &campaign));
    all += &format!("CampaignTombstone {json}\n");
    insta::assert_snapshot!("account_json", all);
}

#[test]
fn the_json_of_every_event_is_the_published_one() {
    let mut all = String::new();
    let mut described = Vec::new();
    for idl in Idl::all() {
        for (name, discriminator) in idl.named("events") {
            let mut data = EVENT_TAG.to_vec();
            data.extend(discriminator);
            data.extend(idl.bytes(&name));
            let event = Event::decode(&idl.program, &data).expect(&name);
            let json = serde_json::to_string_pretty(&event).expect("JSON");
            all += &format!("{name} {json}\n");
            described.push(name.clone());
            // Only the program itself speaks for itself, and only in whole events.
            assert_eq!(Event::decode(&ids::SYSTEM_PROGRAM, &data), None);
            data.push(0);
            assert_eq!(Event::decode(&idl.program, &data), None, "{name}");
            data.truncate(data.len() - 2);
            assert_eq!(Event::decode(&idl.program, &data), None, "{name}");
        }
    }
    insta::assert_snapshot!("event_json", all);

    let mut known = [VaultEvent::NAMES, AirdropEvent::NAMES, RegistryEvent::NAMES].concat();
    known.sort_unstable();
    described.sort_unstable();
    assert_eq!(known, described);
}
