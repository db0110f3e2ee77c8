//! Which cluster a command acts on, by the hash of its first block: a URL can lead anywhere.

use std::sync::Arc;

use cairn_client::Ledger;
use solana_sdk::hash::Hash;
use tokio::sync::OnceCell;

use crate::error::CliError;

/// The public clusters and their first blocks.
const PUBLIC: [(&str, &str); 3] = [
    (
        "mainnet-beta",
        "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
    ),
    ("testnet", "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
    ("devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
];

/// A cluster's name, asked once for a run.
#[derive(Clone, Debug, Default)]
pub struct Cluster(Arc<OnceCell<String>>);

impl Cluster {
    /// `devnet (https://api.devnet.solana.com)`; for a cluster that is not public, where it is.
    ///
    /// # Errors
    /// An unreachable node.
    pub async fn name(&self, ledger: &dyn Ledger) -> Result<&str, CliError> {
        let name = self
            .0
            .get_or_try_init(|| async {
                let genesis = ledger.genesis_hash().await?;
                Ok::<_, CliError>(words(&genesis, &ledger.place()))
            })
            .await?;
        Ok(name)
    }
}

fn words(genesis: &Hash, place: &str) -> String {
    let genesis = genesis.to_string();
    let public = PUBLIC.iter().find(|(_, hash)| *hash == genesis);
    public.map_or_else(
        || format!("a cluster of its own ({place})"),
        |(name, _)| format!("{name} ({place})"),
    )
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[test]
    fn a_cluster_is_named_by_its_first_block_and_not_by_its_url() {
        let place = "http://127.0.0.1:8899";
        for (name, hash) in PUBLIC {
            let genesis = Hash::from_str(hash).unwrap();
            assert_eq!(words(&genesis, place), format!("{name} ({place})"));
        }
        assert_eq!(
            words(&Hash::default(), place),
            format!("a cluster of its own ({place})")
        );
    }
}
