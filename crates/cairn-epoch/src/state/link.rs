use std::path::Path;

use bytes::Bytes;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// Whose an identity is, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub identity: [u8; 32],
    /// The Ed25519 key that signed for it.
    pub wallet: [u8; 32],
}

pub(crate) const LINK_FIELDS: &[Field] = &[
    Field::new("identity", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("wallet", Kind::Bytes(32), Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, links: &[Link]) -> Result<Vec<u8>, EpochError> {
    encode_table(
        path,
        LINK_FIELDS,
        vec![
            column::bytes(links.iter().map(|link| link.identity)),
            column::bytes(links.iter().map(|link| link.wallet)),
        ],
    )
}

/// Reads the links, ascending by identity.
pub(crate) fn decode_links(path: &Path, bytes: Bytes) -> Result<Vec<Link>, EpochError> {
    let mut links: Vec<Link> = Vec::new();
    decode_table(path, bytes, LINK_FIELDS, |rows| {
        let (identity, wallet) = (rows.bytes::<32>("identity")?, rows.bytes::<32>("wallet")?);
        for row in 0..rows.len() {
            let link = Link {
                identity: identity.get(row),
                wallet: wallet.get(row),
            };
            if links
                .last()
                .is_some_and(|last| last.identity >= link.identity)
            {
                let message = "identities must ascend and none may stand twice".to_owned();
                return Err(rows.refuse(row, "identity", message));
            }
            links.push(link);
        }
        Ok(())
    })?;
    Ok(links)
}
