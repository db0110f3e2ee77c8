//! Seeds, bounds and codes that clients share with the program.

/// `["network", creator, id u64 LE]`. The creator stands in the seeds so that nobody can take an id before its owner.
pub const NETWORK_SEED: &[u8] = b"network";
/// `["issuer", network, key]`.
pub const ISSUER_SEED: &[u8] = b"issuer";
/// `["tree", network, index u16 LE]`.
pub const TREE_SEED: &[u8] = b"tree";

/// Device classes are numbers below this; 0 is none.
pub const CLASSES: usize = 16;
/// Connectivity: WiFi, cellular, LoRa hotspots.
pub const CLASS_NETWORK: u8 = 1;
pub const CLASS_STORAGE: u8 = 2;
pub const CLASS_COMPUTE: u8 = 3;
/// Weather, air quality, noise and other sensors.
pub const CLASS_SENSOR: u8 = 4;
pub const CLASS_ENERGY: u8 = 5;
/// Vehicles and what rides in them.
pub const CLASS_MOBILITY: u8 = 6;
/// Content delivery.
pub const CLASS_DELIVERY: u8 = 7;
/// Identity verification and payment terminals.
pub const CLASS_IDENTITY: u8 = 8;

/// Nobody registers; the authority imports.
pub const REGISTRATION_CLOSED: u8 = 0;
/// A device needs the endorsement of an active issuer.
pub const REGISTRATION_ENDORSED: u8 = 1;
/// Any device that consents.
pub const REGISTRATION_OPEN: u8 = 2;

/// An issuer's roles are bits.
pub const ROLE_MANUFACTURER: u32 = 1;
pub const ROLE_CARRIER: u32 = 2;
pub const ROLE_PARTNER: u32 = 4;
pub const ROLE_VALIDATOR: u32 = 8;
pub const ROLES_KNOWN: u32 = ROLE_MANUFACTURER | ROLE_CARRIER | ROLE_PARTNER | ROLE_VALIDATOR;

/// Bytes of an issuer's DID and of its status list's URI, at most.
pub const TEXT_LEN: usize = 128;

/// Key kinds are the first byte of the key's 33-byte form: 0 for Ed25519, the SEC1 parity byte for P-256.
pub const KEY_ED25519: u8 = 0;
pub const KEY_P256_EVEN: u8 = 2;
pub const KEY_P256_ODD: u8 = 3;

pub const STATUS_ACTIVE: u8 = 1;
pub const STATUS_BANNED: u8 = 2;

/// The place is not told.
pub const LOCATION_NONE: u8 = 0;
/// The first eight bytes are an H3 cell of resolution 9, little endian.
pub const LOCATION_CELL: u8 = 1;
/// A salted commitment whose salt stays with the owner: never a bare hash of a place.
pub const LOCATION_COMMITMENT: u8 = 2;
/// Latitude and longitude in degrees × 10^7, i32 little endian each, then 24 zero bytes.
pub const LOCATION_PLACE: u8 = 3;
/// Farthest from the equator and from Greenwich, in degrees × 10^7.
pub const LATITUDE_MAX_E7: u32 = 900_000_000;
pub const LONGITUDE_MAX_E7: u32 = 1_800_000_000;

/// A tree's account must still grow.
pub const TREE_GROWING: u8 = 1;
/// Its canopy is being filled for an import.
pub const TREE_IMPORTING: u8 = 2;
/// It takes devices.
pub const TREE_READY: u8 = 3;

/// Layout version written into every new account.
pub const VERSION: u8 = 1;
/// Bytes by which one instruction may lengthen an account: the runtime's `MAX_PERMITTED_DATA_INCREASE`.
pub const GROWTH: usize = 10_240;
