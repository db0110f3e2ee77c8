//! What begins: a keeper's folder, and a network's rules in one of their own.

use std::path::Path;

use cairn_facts::{Facts, of_points, of_tokens};
use cairn_spelling::grouped;

use crate::genesis::GenesisNamed;
use crate::init::Initialized;
use crate::ruleset::RulesetShown;
use crate::text::instant;

pub(in crate::cli) fn initialized(done: &Initialized) -> Facts {
    let folder = done.folder.display();
    let mut next = format!(
        "Next: send SOL for fees to {}, let the pool's admin add it to the keepers, put the registry's published \
         devices file into {folder}/registry, then `cairn-keeper --data {folder} status`.",
        done.keeper
    );
    if !done.ruleset_taken {
        next += &format!(
            " Every other keeper takes this ruleset: `cairn-keeper init FOLDER --ruleset {folder}/ruleset …`."
        );
    }
    let each = match &done.tokens {
        Some(tokens) => format!("{} tokens", tokens.grouped()),
        None => format!(
            "{} base units; the node did not say how many tokens that is",
            done.tokens_per_epoch
        ),
    };
    let facts = Facts::new()
        .title(format!("Created {folder}"))
        .data("folder", done.folder.as_path())
        .named("config", "configuration", done.config.as_path())
        .fact("keeper", done.keeper);
    let facts = match &done.new_key {
        Some(path) => facts.worded(
            "new_key",
            path.as_path(),
            "new key",
            format!("{} (back it up)", path.display()),
        ),
        None => facts.data("new_key", None::<&Path>),
    };
    let facts = facts
        .fact("ruleset", done.ruleset.as_path())
        .named("ruleset_hash", "its hash", done.ruleset_hash)
        .data("first_epoch", done.first_epoch)
        .data("first_epoch_start", done.first_epoch_start)
        .data("epoch_hours", done.epoch_hours)
        .words(
            "epochs",
            format!(
                "of {} hours; epoch {} starts at {}",
                done.epoch_hours,
                done.first_epoch,
                instant(done.first_epoch_start)
            ),
        )
        .data("tokens_per_epoch", done.tokens_per_epoch.get())
        .worded("tokens", done.tokens, "each divides", each)
        .fact("streams", done.streams)
        .fact("tasks", done.tasks);
    let facts = done.beyond_caps.iter().fold(facts, |facts, beyond| {
        facts.words(
            "above the cap",
            format!("{beyond}: {}", beyond.what.lower()),
        )
    });
    let beyond = done.beyond_caps.iter().map(ToString::to_string);
    facts
        .data("beyond_caps", beyond.collect::<Vec<String>>())
        .next_if(true, next)
}

/// Rules that stand in a folder.
pub(in crate::cli) fn ruleset(shown: &RulesetShown) -> Facts {
    let folder = shown.ruleset.display();
    Facts::new()
        .title(format!("Ruleset {folder}"))
        .data("ruleset", shown.ruleset.as_path())
        .named("ruleset_hash", "hash", shown.ruleset_hash)
        .next_if(
            true,
            format!(
                "Next: `cairn pool create … --ruleset {folder}`, then `cairn-keeper init FOLDER --ruleset {folder} …` for every keeper."
            ),
        )
}

/// Balances that a network starts from.
pub(in crate::cli) fn genesis(done: &GenesisNamed) -> Facts {
    let GenesisNamed {
        named, decimals, ..
    } = done;
    let held = &named.genesis;
    let each = &named.arrears;
    let tokens = |amount| of_tokens(amount, *decimals);
    let folder = done.ruleset.display();
    let title = if done.written {
        format!("Balances in {folder}")
    } else {
        format!("Balances for {folder}; nothing was written")
    };
    let long = match done.epochs {
        Some(epochs) => format!("after {epochs} epochs at the latest"),
        None => "never, should every epoch's own be earned whole: raise what enters in an epoch"
            .to_owned(),
    };
    Facts::new()
        .title(title)
        .data("written", done.written)
        .data("ruleset", done.ruleset.as_path())
        .fact("table", done.table.as_path())
        .named("sha256", "its hash", held.sha256)
        .fact("wallets", done.wallets)
        .named("identities", "without a wallet", done.identities)
        .fact("tokens", tokens(held.tokens))
        .fact("points", of_points(held.milli_points))
        .worded("credits", held.credits.get(), "data credits", grouped(held.credits.get()))
        .named("tokens_per_epoch", "tokens an epoch", tokens(each.tokens))
        .named("points_per_epoch", "points an epoch", of_points(each.points))
        .worded(
            "credits_per_epoch",
            each.credits.get(),
            "data credits an epoch",
            grouped(each.credits.get()),
        )
        .worded("epochs", done.epochs, "all are in leaves", long)
        .named("ruleset_hash", "the rules' hash", named.ruleset_hash)
        .next_if(
            done.written,
            format!(
                "Next: `cairn pool create … --ruleset {folder}`, with an emission cap of {} tokens an epoch at least.",
                tokens(named.tokens_per_epoch.saturating_add(each.tokens)).grouped()
            ),
        )
}
