use anchor_lang::prelude::*;
use solana_sha256_hasher::hashv;

use crate::{
    RegistryError,
    constants::{
        CLASSES, LATITUDE_MAX_E7, LOCATION_CELL, LOCATION_COMMITMENT, LOCATION_NONE,
        LOCATION_PLACE, LONGITUDE_MAX_E7, STATUS_ACTIVE, STATUS_BANNED,
    },
    merkle::Node,
};

/// First bytes of every device leaf's preimage: the leaf tag, then a name that no other kind of leaf uses.
pub const LEAF_TAG: &[u8; 15] = b"\x00cairn/device/1";

/// Bytes of a leaf's preimage.
pub const PREIMAGE_LEN: usize = 230;

/// What the registry knows of a device. The tree holds its hash; events and published files hold the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct DeviceLeaf {
    /// The device's Ed25519 key: it signs its proofs and consents.
    pub device: [u8; 32],
    /// Who is paid for it and may hand it on.
    pub owner: [u8; 32],
    /// The issuer's account that endorsed it; zeros when none did.
    pub issuer: [u8; 32],
    /// Commitment to the hardware's fingerprint, by which one machine under two keys is found; zeros when not told.
    pub hardware: [u8; 32],
    /// Meaning by `location_kind`.
    pub location: [u8; 32],
    /// Changes of this leaf since it was registered.
    pub sequence: u64,
    /// The maker's model number; 0 when not told.
    pub model: u32,
    /// Why the status is what it is; 0 while nobody changed it.
    pub reason: u16,
    /// ISO 3166-1 alpha-2 in capital letters; zeros when not told.
    pub country: [u8; 2],
    /// `CLASS_*`, or a number below 16 that the network gave a meaning.
    pub class: u8,
    /// `LOCATION_*`.
    pub location_kind: u8,
    /// `STATUS_*`.
    pub status: u8,
}

impl DeviceLeaf {
    /// The leaf's hash at `index` of `tree`:
    ///
    /// SHA-256(`0x00` ‖ `cairn/device/1` ‖ tree ‖ index u32 ‖ device ‖ owner ‖ issuer ‖ hardware ‖ location ‖ sequence
    /// u64 ‖ model u32 ‖ reason u16 ‖ country ‖ class ‖ location kind ‖ status), integers little endian.
    ///
    /// The tree's address stands for its network too. With the index inside, one device's proof is no other's, and a
    /// leaf can not be shown at two places.
    #[must_use]
    pub fn hash(&self, tree: &[u8; 32], index: u32) -> Node {
        hashv(&self.parts(
            tree,
            &index.to_le_bytes(),
            &self.sequence.to_le_bytes(),
            &self.model.to_le_bytes(),
            &self.reason.to_le_bytes(),
            &[self.class, self.location_kind, self.status],
        ))
        .to_bytes()
    }

    /// The bytes that [`Self::hash`] hashes, for vectors and second implementations.
    #[must_use]
    pub fn preimage(&self, tree: &[u8; 32], index: u32) -> [u8; PREIMAGE_LEN] {
        let index = index.to_le_bytes();
        let sequence = self.sequence.to_le_bytes();
        let model = self.model.to_le_bytes();
        let reason = self.reason.to_le_bytes();
        let kinds = [self.class, self.location_kind, self.status];
        let parts = self.parts(tree, &index, &sequence, &model, &reason, &kinds);
        let mut bytes = [0; PREIMAGE_LEN];
        for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        bytes
    }

    fn parts<'a>(
        &'a self,
        tree: &'a [u8; 32],
        index: &'a [u8; 4],
        sequence: &'a [u8; 8],
        model: &'a [u8; 4],
        reason: &'a [u8; 2],
        kinds: &'a [u8; 3],
    ) -> [&'a [u8]; 13] {
        [
            LEAF_TAG,
            tree,
            index,
            &self.device,
            &self.owner,
            &self.issuer,
            &self.hardware,
            &self.location,
            sequence,
            model,
            reason,
            &self.country,
            kinds,
        ]
    }

    /// Whether the fields have a meaning. Walks them in order.
    ///
    /// # Errors
    /// The first field's error.
    pub fn validate(&self) -> core::result::Result<(), RegistryError> {
        if self.device == [0; 32] || self.owner == [0; 32] {
            return Err(RegistryError::ZeroKey);
        }
        if !location_is_sound(self.location_kind, &self.location) {
            return Err(RegistryError::DeviceLocation);
        }
        let told = self.country.iter().all(u8::is_ascii_uppercase);
        if !told && self.country != [0; 2] {
            return Err(RegistryError::DeviceCountry);
        }
        if self.class == 0 || usize::from(self.class) >= CLASSES {
            return Err(RegistryError::DeviceClass);
        }
        if !matches!(self.status, STATUS_ACTIVE | STATUS_BANNED) {
            return Err(RegistryError::DeviceStatus);
        }
        Ok(())
    }

    #[must_use]
    pub const fn is_banned(&self) -> bool {
        self.status == STATUS_BANNED
    }
}

/// A cell is one that rules count with, and nothing stands beside its eight bytes; a place is on Earth and nothing stands
/// beside it. Anything else would be a place that no client can show, or two spellings of one.
fn location_is_sound(kind: u8, location: &[u8; 32]) -> bool {
    let zero = *location == [0; 32];
    match kind {
        LOCATION_NONE => zero,
        LOCATION_COMMITMENT => !zero,
        LOCATION_CELL => match location {
            [a, b, c, d, e, f, g, h, rest @ ..] => {
                let cell = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
                is_cell(cell) && rest.iter().all(|byte| *byte == 0)
            }
        },
        LOCATION_PLACE => match location {
            [a, b, c, d, e, f, g, h, rest @ ..] => {
                let latitude = i32::from_le_bytes([*a, *b, *c, *d]);
                let longitude = i32::from_le_bytes([*e, *f, *g, *h]);
                latitude.unsigned_abs() <= LATITUDE_MAX_E7
                    && longitude.unsigned_abs() <= LONGITUDE_MAX_E7
                    && rest.iter().all(|byte| *byte == 0)
            }
        },
        _ => false,
    }
}

/// Base cells that are pentagons: one of the directions out of their middle does not exist.
const PENTAGONS: [u64; 12] = [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117];
const BASE_CELLS: u64 = 122;
/// Where the digits of resolutions 1 to 9 stand, three bits each.
const DIGITS: [u32; 9] = [42, 39, 36, 33, 30, 27, 24, 21, 18];
/// The bits of the digits behind them, which a cell of resolution 9 does not have: all ones.
const UNUSED_DIGITS: u64 = (1 << 18) - 1;

/// Whether `cell` is an H3 cell of resolution 9: reserved bits clear, mode 1, a base cell and digits that exist.
///
/// Keepers read any number, for an import brings what it likes; here a mistake is told to whoever makes it.
#[must_use]
pub fn is_cell(cell: u64) -> bool {
    // One clear bit, four of the mode, three reserved, four of the resolution.
    let base = (cell >> 45) & 0x7f;
    if cell >> 52 != 0x089 || base >= BASE_CELLS || cell & UNUSED_DIGITS != UNUSED_DIGITS {
        return false;
    }
    let mut leading = 0;
    for shift in DIGITS {
        let digit = (cell >> shift) & 0b111;
        if digit == 0b111 {
            return false;
        }
        if leading == 0 {
            leading = digit;
        }
    }
    leading != 1 || !PENTAGONS.contains(&base)
}

/// The `location` field of a public H3 cell.
#[must_use]
pub fn cell_location(cell: u64) -> [u8; 32] {
    let mut location = [0; 32];
    for (to, from) in location.iter_mut().zip(cell.to_le_bytes()) {
        *to = from;
    }
    location
}

/// The `location` field of a public place in degrees × 10^7.
#[must_use]
pub fn place_location(lat_e7: i32, lon_e7: i32) -> [u8; 32] {
    let mut location = [0; 32];
    let [a, b, c, d] = lat_e7.to_le_bytes();
    let [e, f, g, h] = lon_e7.to_le_bytes();
    for (to, from) in location.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *to = from;
    }
    location
}
