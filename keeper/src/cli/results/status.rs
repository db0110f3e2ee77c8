//! Where a keeper stands, in facts.

use cairn_facts::{Facts, Hash, of_tokens, sol};
use cairn_merkle::EpochNumber;
use cairn_spelling::grouped;

use crate::journal::EpochState;
use crate::status::{ChainStatus, LocalEpoch};
use crate::text::instant;
use crate::{Peer, Status};

pub(in crate::cli) fn status(status: &Status) -> Facts {
    let facts = Facts::new()
        .title(format!("Keeper {}", status.keeper))
        .data("keeper", status.keeper)
        .fact("folder", status.folder.as_path())
        .named("rpc", "node", status.rpc.as_str())
        .fact("network", status.network)
        .fact("pool", status.pool)
        .data("received", status.received)
        .data("open_epoch", status.open_epoch)
        .words(
            "received",
            format!(
                "{} records; evidence goes to epoch {}",
                grouped(status.received),
                status.open_epoch
            ),
        )
        .data(
            "epochs",
            status.epochs.iter().map(local).collect::<Vec<_>>(),
        );
    let facts = status.epochs.iter().fold(facts, |facts, epoch| {
        facts.words(format!("epoch {}", epoch.number), local_words(epoch))
    });
    let pending = status.pending_transaction.as_deref();
    let facts = facts.named_if(pending.is_some(), "pending_transaction", "pending", pending);
    let facts = files(facts, status);
    let facts = match &status.chain {
        Some(chain) => chain_words(facts, chain).data("chain", chain_facts(chain)),
        None => facts.data("chain", None::<Facts>),
    };
    let problem = status.chain_problem.as_deref();
    facts
        .named_if(problem.is_some(), "chain_problem", "chain", problem)
        .data("next", status.next.as_str())
        .next_if(true, format!("Next: {}", status.next))
}

/// Which files are here, and how the mirrors fared.
fn files(facts: Facts, status: &Status) -> Facts {
    let active = status.chain.as_ref().map(|chain| chain.active_epoch);
    let facts = facts.data("newest_files", status.newest_files).data(
        "mirrors",
        status.mirrors.iter().map(mirror).collect::<Vec<_>>(),
    );
    let facts = match (status.newest_files, active) {
        (Some(newest), Some(active)) if newest < active => facts.words(
            "files",
            format!("up to epoch {newest}; epoch {active} is active, and its files are not here"),
        ),
        (None, Some(active)) if active >= EpochNumber::FIRST => facts.words(
            "files",
            format!("none; epoch {active} is active, and its files are not here"),
        ),
        (Some(newest), _) => facts.words("files", format!("up to epoch {newest}")),
        (None, _) => facts,
    };
    status.mirrors.iter().fold(facts, |facts, peer| {
        let epoch = peer.epoch;
        let said = match &peer.said {
            Some(said) => format!("epoch {epoch}: it {said}"),
            None => format!("epoch {epoch}: nothing amiss"),
        };
        facts.words(format!("mirror {}", peer.mirror), said)
    })
}

fn mirror(peer: &Peer) -> Facts {
    Facts::new()
        .data("mirror", peer.mirror.as_str())
        .data("epoch", peer.epoch)
        .data("said", peer.said.as_deref())
}

fn local(epoch: &LocalEpoch) -> Facts {
    Facts::new()
        .data("number", epoch.number)
        .data("state", epoch.state.name())
        .data("revision", epoch.revision)
        .data("records", epoch.records)
        .data("manifest_hash", epoch.manifest_hash)
}

fn local_words(epoch: &LocalEpoch) -> String {
    let state = match epoch.state {
        EpochState::Freezing => "being frozen",
        state => state.name(),
    };
    let mut words = format!("{state}, {} records", grouped(epoch.records));
    if let Some(hash) = epoch.manifest_hash {
        words += &format!(", manifest {}", Hash(hash));
    }
    if epoch.revision > 1 {
        words += &format!(" (revision {})", epoch.revision);
    }
    words
}

fn chain_words(facts: Facts, chain: &ChainStatus) -> Facts {
    let paused = if chain.paused {
        ", the pool is paused"
    } else {
        ""
    };
    let revoked = if chain.correction_due {
        ", revoked: its correction is due"
    } else {
        ""
    };
    let next = match &chain.epoch {
        None => format!("epoch {}, not proposed", chain.next_epoch),
        Some(epoch) => format!(
            "epoch {}, {}, {} of {} attestations",
            chain.next_epoch,
            epoch.status().name(),
            chain.attestations.unwrap_or(0),
            chain.threshold
        ),
    };
    facts
        .section(format!("Chain at {}", instant(chain.now)))
        .words("balance", format!("{} SOL", sol(chain.balance_lamports)))
        .words(
            "this key",
            if chain.is_keeper {
                "keeper of the pool"
            } else {
                "no keeper of the pool"
            },
        )
        .words(
            "active",
            format!("epoch {}{revoked}{paused}", chain.active_epoch),
        )
        .words("next", next)
}

fn chain_facts(chain: &ChainStatus) -> Facts {
    let epoch = chain.epoch.as_ref().map(|epoch| {
        Facts::new()
            .data("number", epoch.number)
            .data("status", epoch.status().name())
            .data("attempt", epoch.attempt)
            .data("manifest_hash", epoch.manifest_hash)
            .data("root", epoch.root)
            .data("tokens", of_tokens(epoch.tokens(), chain.decimals))
            .data("members", epoch.leaf_count)
            .data("proposer", epoch.proposer)
            .data("proposed_at", epoch.proposed_at)
            .data("activatable_at", chain.activatable_at)
    });
    Facts::new()
        .data("now", chain.now)
        .data("balance_lamports", chain.balance_lamports)
        .data("is_keeper", chain.is_keeper)
        .data("active_epoch", chain.active_epoch)
        .data("next_epoch", chain.next_epoch)
        .data("paused", chain.paused)
        .data("correction_due", chain.correction_due)
        .data("epoch", epoch)
        .data("attestations", chain.attestations)
        .data("threshold", chain.threshold)
}
