//! What an operator types: a network, its issuers and devices, a pool with tokens in it.

use std::path::Path;

use cairn::{
    command::{device, network, pool},
    context::Context,
    facts::Facts,
};
use cairn_interface::registry::issuer_address;
use cairn_localnet::Localnet;
use clap::{ArgMatches, Command};
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::{CHALLENGE_WINDOW_SECS, DECIMALS, EMISSION, FUNDING_TOKENS};
use crate::{
    fault::DemoError,
    month::{
        calendar::EPOCH_HOURS,
        offers::{CARRIER, OFFERS},
        roster::{Part, Seed},
    },
};

/// Arguments of a `cairn` command, parsed as its command line is.
fn parse<A: clap::Args>(words: &[String]) -> Result<A, DemoError> {
    let command = A::augment_args(Command::new("cairn").no_binary_name(true));
    let refused = |error: clap::Error| DemoError::Unexpected(error.to_string());
    let matches: ArgMatches = command.try_get_matches_from(words).map_err(refused)?;
    A::from_arg_matches(&matches).map_err(refused)
}

pub(super) async fn create_network(
    admin: &Context,
    localnet: &Localnet,
) -> Result<Pubkey, DemoError> {
    let guardian = localnet.key("guardian")?.pubkey().to_string();
    let args = parse(&["--guardian".to_owned(), guardian])?;
    let created = network::create::run(admin, &args).await?;
    address(&created, "network")
}

fn address(made: &Facts, what: &str) -> Result<Pubkey, DemoError> {
    let address = made.address(what);
    address.ok_or_else(|| DemoError::Unexpected(format!("no {what} was made")))
}

/// The manufacturer of miners and validators, the carrier and every partner; returns the manufacturer's account.
pub(super) async fn add_issuers(
    admin: &Context,
    network: Pubkey,
    seed: Seed,
) -> Result<[u8; 32], DemoError> {
    let maker = seed.public(Part::Operator, "manufacturer");
    let carrier = seed.public(Part::Partner, CARRIER);
    let partners = OFFERS.iter().map(|offer| {
        let key = seed.public(Part::Partner, offer.partner);
        (key, "partner", offer.did)
    });
    let others = [
        (maker, "manufacturer", "did:web:miners.example"),
        (carrier, "carrier", "did:web:carrier.example"),
    ];
    for (key, role, did) in others.into_iter().chain(partners) {
        let words = [
            "--network".to_owned(),
            network.to_string(),
            "--key".to_owned(),
            Pubkey::new_from_array(key).to_string(),
            "--role".to_owned(),
            role.to_owned(),
            "--did".to_owned(),
            did.to_owned(),
        ];
        network::add_issuer::run(admin, &parse(&words)?).await?;
    }
    Ok(issuer_address(&network, &maker).0.to_bytes())
}

/// Creates a tree just deep enough and imports the published devices; returns how many transactions that took.
pub(super) async fn register(
    admin: &Context,
    network: Pubkey,
    devices: &Path,
    count: usize,
) -> Result<usize, DemoError> {
    let network = ["--network".to_owned(), network.to_string()];
    let depth = count.next_power_of_two().trailing_zeros().max(3);
    let mut words = network.to_vec();
    words.extend(["--depth".to_owned(), depth.to_string()]);
    let created = device::tree::create::run(admin, &parse(&words)?).await?;
    let mut words = network.to_vec();
    words.insert(0, devices.display().to_string());
    let imported = device::tree::import::run(admin, &parse(&words)?).await?;
    Ok(created.transactions.list.len() + imported.transactions.list.len())
}

pub(super) async fn create_pool(
    admin: &Context,
    localnet: &Localnet,
    network: Pubkey,
    ruleset: [u8; 32],
) -> Result<Pubkey, DemoError> {
    let mut words = vec![
        "--network".to_owned(),
        network.to_string(),
        "--mint".to_owned(),
        localnet.mint().to_string(),
        "--guardian".to_owned(),
        localnet.key("guardian")?.pubkey().to_string(),
        "--threshold".to_owned(),
        "2".to_owned(),
        "--emission-cap".to_owned(),
        (EMISSION / 10_u64.pow(u32::from(DECIMALS))).to_string(),
        "--epoch-interval".to_owned(),
        format!("{EPOCH_HOURS}h"),
        "--challenge-window".to_owned(),
        format!("{CHALLENGE_WINDOW_SECS}s"),
        "--ruleset".to_owned(),
        hex::encode(ruleset),
        // A month passes in minutes: everybody claims at once, which the breaker is there to stop.
        "--breaker-share".to_owned(),
        "100%".to_owned(),
        "--points-cap".to_owned(),
        "none".to_owned(),
        "--credits-cap".to_owned(),
        "none".to_owned(),
    ];
    for which in 1..=3 {
        words.push("--keeper".to_owned());
        words.push(
            localnet
                .key(&format!("keeper-{which}"))?
                .pubkey()
                .to_string(),
        );
    }
    let created = pool::create::run(admin, &parse(&words)?).await?;
    let funding = FUNDING_TOKENS * 10_u64.pow(u32::from(DECIMALS));
    localnet
        .mint_to(&localnet.key("admin")?.pubkey(), funding)
        .await?;
    let pool = address(&created, "pool")?;
    let words = [
        FUNDING_TOKENS.to_string(),
        "--pool".to_owned(),
        pool.to_string(),
    ];
    pool::fund::run(admin, &parse(&words)?).await?;
    Ok(pool)
}
