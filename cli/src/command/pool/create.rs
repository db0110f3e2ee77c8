//! `cairn pool create`.

use cairn_client::Reading;
use cairn_interface::registry::NetworkView;
use cairn_interface::vault::DELAY_BEYOND_WINDOW_SECS;
use cairn_interface::{ids, vault};
use cairn_merkle::Tokens;
use solana_sdk::pubkey::Pubkey;

use super::params::ParamsShown;
use super::ruleset::named::{Named, named};
use super::set_params::{credits_cap, points_cap, within};
use crate::address::Hash;
use crate::amount::{of_tokens, read_tokens};
use crate::args::{NetworkArg, address, basis_points};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::Seconds;
use crate::payee;
use crate::token;
use crate::transact::{Deed, perform};

/// Create a reward pool and its empty vault
///
/// The signer must be the network's authority and becomes the pool's admin. A pool pays one token to one network's
/// members. Keepers propose and attest; the emission cap bounds what they can let the pool grow by in one epoch
/// interval, and the challenge window gives everyone time to recompute, challenge and veto before tokens can move.
///
/// What is chosen here is the loosest that the pool ever gets: its admin can make windows and delays longer, caps and the
/// breaker's share smaller, and back, never beyond. The rules are those of the keepers: `cairn-keeper ruleset` makes them.
/// Rules that would give more in an epoch than the caps allow are refused.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool create --network NET --mint MINT --guardian G --keeper K1 --keeper K2 --keeper K3 --threshold 2 \\
      --emission-cap 1000000 --points-cap 5000000 --credits-cap 0 --ruleset rules
  cairn pool create … --dry-run       show the effect and the cost only")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// The token that is paid
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub mint: Pubkey,
    /// Tells several pools of one network and mint apart
    #[arg(long, default_value_t = 0)]
    pub id: u64,
    /// Key that may pause the pool and veto a root before it is active; nothing else
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub guardian: Pubkey,
    /// A key that proposes and attests; repeat it for each, at most 16
    #[arg(long = "keeper", value_name = "ADDRESS", required = true, value_delimiter = ',', value_parser = address)]
    pub keepers: Vec<Pubkey>,
    /// Attestations an epoch needs
    #[arg(long, value_name = "COUNT")]
    pub threshold: u8,
    /// Time in which rewards may grow by one emission cap: 7d, 36h, 3600
    #[arg(long, value_name = "SPAN", default_value = "7d")]
    pub epoch_interval: Seconds,
    /// Time between a root's proposal and its earliest activation; half of it runs once more from the last attestation
    #[arg(long, value_name = "SPAN", default_value = "48h")]
    pub challenge_window: Seconds,
    /// Time in which a challenged leaf must be shown, or the root falls: from 1h to 7d
    #[arg(long, value_name = "SPAN", default_value = "24h")]
    pub answer_time: Seconds,
    /// Most tokens that rewards may grow by in one epoch interval
    #[arg(long, value_name = "TOKENS")]
    pub emission_cap: String,
    /// Most points that members may get together in one epoch interval, or none for no cap
    #[arg(long, value_name = "POINTS")]
    pub points_cap: String,
    /// Most data credits that members may get together in one epoch interval, 0 for a network without them, or none for no cap
    #[arg(long, value_name = "CREDITS")]
    pub credits_cap: String,
    /// The folder of the rules that epochs are scored by, which is then held against the caps; or their SHA-256 alone
    /// (`cairn-keeper ruleset` makes the one and prints the other). Other rules are announced beforehand
    #[arg(long, value_name = "FOLDER_OR_HASH", value_parser = named)]
    pub ruleset: Named,
    /// Most of the vault that may leave in the breaker's window: 5%, or 500bps (hundredths of a percent); 100% is no limit. Claims
    /// that their member does not sign share half of it
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = basis_points)]
    pub breaker_share: u16,
    /// Tokens that may leave in the breaker's window whatever the share says, so that the last ones leave too
    /// [default: a hundredth of the emission cap]
    #[arg(long, value_name = "TOKENS")]
    pub breaker_floor: Option<String>,
    /// The breaker's window
    #[arg(long, value_name = "SPAN", default_value = "24h")]
    pub breaker_window: Seconds,
    /// Time between a member's change of payout wallet and its effect
    #[arg(long, value_name = "SPAN", default_value = "24h")]
    pub recipient_cooldown: Seconds,
    /// Time between the announcement of changed parameters, roles or rules and their effect: a day longer than the challenge
    /// window at least [default: 72h, or a day longer than a longer window]
    #[arg(long, value_name = "SPAN")]
    pub params_delay: Option<Seconds>,
    /// Levels of the tree that an epoch account stores, so that proofs are that much shorter; at most 7. 6 is enough
    /// up to four million members, 7 is for more: so a first claim, which creates a token account, fits one transaction
    #[arg(long, value_name = "LEVELS", default_value_t = 6)]
    pub canopy_depth: u8,
}

impl Args {
    /// What the pool is created with.
    fn params(&self, decimals: u8) -> Result<vault::PoolParams, CliError> {
        let tokens = |what, text: &str| read_tokens(what, text, decimals).map(Tokens::get);
        let emission_cap = tokens("--emission-cap", &self.emission_cap)?;
        let breaker_floor = match &self.breaker_floor {
            Some(text) => tokens("--breaker-floor", text)?,
            None => emission_cap.div_euclid(100),
        };
        let window = self.challenge_window.0;
        let least_delay = window.saturating_add(DELAY_BEYOND_WINDOW_SECS);
        let params = vault::PoolParams {
            epoch_interval_secs: self.epoch_interval.0,
            challenge_window_secs: window,
            emission_cap,
            points_cap: points_cap(&self.points_cap)?,
            credits_cap: credits_cap(&self.credits_cap)?,
            breaker_window_secs: self.breaker_window.0,
            recipient_cooldown_secs: self.recipient_cooldown.0,
            params_delay_secs: self
                .params_delay
                .map_or(DEFAULT_DELAY_SECS.max(least_delay), |delay| delay.0),
            breaker_floor,
            answer_secs: self.answer_time.0,
            breaker_share_bps: self.breaker_share,
        };
        within(&params)?;
        Ok(params)
    }
}

/// Three days: the default window and a day.
const DEFAULT_DELAY_SECS: u64 = 259_200;

/// # Errors
/// The signer is not the network's authority; the mint is none; an amount with too many digits; rules that give more than the caps
/// allow; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let network = args.network.network;
    let (pool, _) = vault::pool_address(&network, &args.mint, args.id);
    let mut reading = Reading::new();
    let (asked, mint) = (reading.state(network), reading.mint(args.mint));
    let there = reading.one(pool, "a pool", |_, account| {
        Ok(account.owner == ids::REWARD_VAULT)
    });
    let clock = reading.clock();
    let read = chain::answer(ctx, reading).await?;
    let found: NetworkView = read.need(&asked)?;
    let admin = ctx.signer_as("network's authority", &found.authority)?;
    let mint = read.need(&mint)?;
    let (vault_address, _) = vault::vault_address(&pool);
    if read.find(&there)?.unwrap_or_default() {
        return Err(CliError::refused(
            "pool-exists",
            format!("pool {pool} exists already"),
            "see it with `cairn pool show`, or create another with a different --id",
        ));
    }
    let params = args.params(mint.decimals)?;
    let rules = args.ruleset.read()?;
    let mut signers = vec![("the guardian", args.guardian)];
    signers.extend(args.keepers.iter().map(|keeper| ("the keeper", *keeper)));
    payee::can_sign(ctx, &signers).await?;
    let create = vault::CreatePool {
        payer: ctx.fee_payer()?,
        admin,
        network,
        mint: args.mint,
        token_program: mint.token_program,
        id: args.id,
        guardian: args.guardian,
        keepers: args.keepers.clone(),
        threshold: args.threshold,
        canopy_depth: args.canopy_depth,
        params,
        ruleset_hash: rules.hash,
    };
    let keepers = args
        .keepers
        .iter()
        .map(Pubkey::to_string)
        .collect::<Vec<_>>();
    let effect = Effect::new("Create a pool")
        .fact("address", pool)
        .fact("network", network)
        .fact("pays", token::name(&mint))
        .fact("admin", admin)
        .fact("guardian", args.guardian)
        .fact("keepers", keepers.join("\n"))
        .fact(
            "attestations",
            format!("{} of {} keepers", args.threshold, args.keepers.len()),
        );
    let shown = ParamsShown::new(&params, mint.decimals);
    let effect = shown
        .words()
        .into_iter()
        .fold(effect, |effect, (label, value)| effect.fact(label, value))
        .fact("rules", Hash::from(rules.hash));
    let effect = rules.within(&params, effect)?;
    let effect = shown.doubts().into_iter().fold(effect, Effect::warning);
    let effect = token::powers(&mint, read.need(&clock)?.epoch)
        .into_iter()
        .fold(effect, Effect::warning);
    let transactions = perform(ctx, Deed::new(effect).step([create.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool)
        .fact("vault", vault_address)
        .data("network", network)
        .data("mint", args.mint)
        .data("id", args.id)
        .data(
            "emission_cap",
            of_tokens(Tokens::new(params.emission_cap), mint.decimals),
        )
        .next(format!("Next: cairn pool fund AMOUNT --pool {pool}")))
}
