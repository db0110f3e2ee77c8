//! Where every field of every account stands, the JSON of every account and event, and that none is missing: what the programs
//! describe is the list.

mod support;

use std::fmt::Write;

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

fn account_json(name: &str, account: &Account) -> String {
    match name {
        "Pool" => text(PoolView::decode)(account),
        "Epoch" => text(EpochView::decode)(account),
        "EpochTombstone" => text(EpochTombstoneView::decode)(account),
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
        "CampaignTombstone" => text(ClosedCampaignView::decode)(account),
        "Vesting" => text(VestingView::decode)(account),
        "Network" => text(NetworkView::decode)(account),
        "Issuer" => text(IssuerView::decode)(account),
        "DeviceTree" => text(DeviceTreeView::decode)(account),
        other => panic!("{other} has no view"),
    }
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
