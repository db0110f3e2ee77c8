use std::path::Path;

use arrow::array::Array as _;
use bytes::Bytes;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// What the registry showed of a leaf, and since when. Devices do not say themselves how old they are, and neither does a
/// keeper: a leaf is as old as the first epoch whose snapshot held it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub tree: u16,
    pub leaf_index: u32,
    /// First hour of that epoch, since 1970.
    pub since_hour: i64,
    /// Kind and bytes of the last place it told; 0 and zeros when it never told one.
    pub told_kind: u8,
    pub told: [u8; 32],
    /// First hour of the epoch in which it last told another place than before; none when it never did.
    pub moved_hour: Option<i64>,
}

pub(crate) const LEAF_FIELDS: &[Field] = &[
    Field::new("tree", Kind::U16, Origin::PreviousManifest),
    Field::new("leaf_index", Kind::U32, Origin::PreviousManifest),
    Field::new("since_hour", Kind::I64, Origin::PreviousManifest),
    Field::new("told_kind", Kind::U8, Origin::PreviousManifest),
    Field::new("told", Kind::Bytes(32), Origin::PreviousManifest),
    Field::optional("moved_hour", Kind::I64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, leaves: &[Leaf]) -> Result<Vec<u8>, EpochError> {
    let each = || leaves.iter();
    encode_table(
        path,
        LEAF_FIELDS,
        vec![
            column::u16(each().map(|leaf| leaf.tree)),
            column::u32(each().map(|leaf| leaf.leaf_index)),
            column::i64(each().map(|leaf| leaf.since_hour)),
            column::u8(each().map(|leaf| leaf.told_kind)),
            column::bytes(each().map(|leaf| leaf.told)),
            column::optional_i64(each().map(|leaf| leaf.moved_hour)),
        ],
    )
}

/// Reads the leaves, ascending by tree and position.
pub(crate) fn decode_leaves(path: &Path, bytes: Bytes) -> Result<Vec<Leaf>, EpochError> {
    let mut leaves: Vec<Leaf> = Vec::new();
    decode_table(path, bytes, LEAF_FIELDS, |rows| {
        let (tree, leaf_index) = (rows.u16("tree")?, rows.u32("leaf_index")?);
        let (since, moved) = (rows.i64("since_hour")?, rows.i64("moved_hour")?);
        let (told_kind, told) = (rows.u8("told_kind")?, rows.bytes::<32>("told")?);
        for row in 0..rows.len() {
            let leaf = Leaf {
                tree: tree.value(row),
                leaf_index: leaf_index.value(row),
                since_hour: since.value(row),
                told_kind: told_kind.value(row),
                told: told.get(row),
                moved_hour: moved.is_valid(row).then(|| moved.value(row)),
            };
            let place = (leaf.tree, leaf.leaf_index);
            if leaves
                .last()
                .is_some_and(|last| (last.tree, last.leaf_index) >= place)
            {
                let message = "leaves must ascend by tree and position".to_owned();
                return Err(rows.refuse(row, "leaf_index", message));
            }
            leaves.push(leaf);
        }
        Ok(())
    })?;
    Ok(leaves)
}
