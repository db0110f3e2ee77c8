//! How a case is written.
//!
//! ```toml
//! kind = "hotspot_beat"
//! about = "What a proof of this kind is, for who is paid for it."
//!
//! [flawless]                    # a proof as it should be; a case bends one value
//! subject = "point"
//! signers = { device = "point" }
//! body = { hour_bucket = "hour", lat_e7 = "lat", lon_e7 = "lon", contact = true }
//!
//! [[case]]
//! name = "a beat from too far away is not paid"
//! numbers = ["beat_far_m"]      # whose two sides it shows
//! device = [{ name = "point", owner = "alice", at = "new york" }]
//! proofs = [[                   # a list for each epoch
//!   { hour = 1, body = { lat_e7 = "lat+35970" }, expect = "OK", milli_points = 250 },
//!   { hour = 2, body = { lat_e7 = "lat+36100" }, expect = "TOO_FAR", found = 401, bound = 400 },
//! ]]
//! ```

use std::collections::BTreeMap;

use cairn_proof::{Kind, Role};
use serde::Deserialize;

/// One kind's cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    pub kind: Kind,
    /// What a proof of this kind is, in words for who is paid for it.
    pub about: String,
    /// What it pays, in the same words.
    pub pays: String,
    pub flawless: Flawless,
    pub case: Vec<Case>,
}

/// A proof as it should be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flawless {
    /// A device's name, an access point's that users add, or a person's.
    pub subject: String,
    /// Two of one role with a comma between them. In them and in the body {subject} is the subject's name, and in the body {user} that
    /// of who signs as user.
    pub signers: BTreeMap<Role, String>,
    /// As JSON has it; [`crate::value`] says what texts stand for.
    pub body: toml::Table,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    /// Whether the kind's page shows it.
    #[serde(default)]
    pub example: bool,
    /// Numbers of the ruleset whose two sides it shows: another value decides otherwise.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Numbers that are others than as shipped, so that few proofs reach them.
    #[serde(default)]
    pub with: BTreeMap<String, i64>,
    #[serde(default = "week")]
    pub epoch_hours: u32,
    #[serde(default)]
    pub device: Vec<DeviceRow>,
    #[serde(default)]
    pub stream: Vec<StreamRow>,
    #[serde(default)]
    pub task: Vec<TaskRow>,
    #[serde(default)]
    pub payer: Vec<PayerRow>,
    #[serde(default)]
    pub burn: Vec<BurnRow>,
    /// Access points that are no devices: users add them.
    #[serde(default)]
    pub point: Vec<PointRow>,
    /// Who may attest that two people are two.
    #[serde(default)]
    pub attestors: Vec<String>,
    /// Who may adjust, any two of them.
    #[serde(default)]
    pub operators: Vec<String>,
    /// Of each epoch, in the order they are handed in.
    pub proofs: Vec<Vec<ProofRow>>,
}

const fn week() -> u32 {
    168
}

/// A device of the registry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceRow {
    pub name: String,
    pub owner: String,
    /// new york, chicago, tokyo; or one cell, whose surroundings of 110 m are of one cell.
    pub at: String,
    /// Metres north and east of there.
    #[serde(default)]
    pub north_m: i32,
    #[serde(default)]
    pub east_m: i32,
    /// 1 a router, 2 a miner, 3 a validator.
    #[serde(default = "router")]
    pub model: u32,
    #[serde(default = "router_class")]
    pub class: u8,
    /// Whether an issuer endorses it.
    #[serde(default)]
    pub endorsed: bool,
    /// Fingerprint of its hardware; 0 for none.
    #[serde(default)]
    pub hardware: u8,
    /// Whether it asserts no place.
    #[serde(default)]
    pub nowhere: bool,
    /// The epoch that it is registered before, from 1.
    #[serde(default = "first")]
    pub since: usize,
    /// The epoch from which on it stands where `moved_north_m` says.
    pub moved_in: Option<usize>,
    #[serde(default)]
    pub moved_north_m: i32,
    /// The validator that the draw of the last epoch sends to it, or does not.
    pub sent: Option<String>,
    pub not_sent: Option<String>,
    /// Where the draw puts it exactly, of thousandths.
    pub draw: Option<u16>,
    /// So many of them; {i} in texts is 1, 2, …, and each stands `step_m` further north.
    #[serde(default = "once")]
    pub times: i32,
    #[serde(default)]
    pub step_m: i32,
}

const fn router() -> u32 {
    1
}

const fn router_class() -> u8 {
    1
}

const fn first() -> usize {
    1
}

const fn once() -> i32 {
    1
}

/// A partner's stream.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamRow {
    pub id: u32,
    pub partner: String,
    pub daily_ceiling: u64,
    pub rate_milli_points: u64,
    #[serde(default)]
    pub second_source_permille: u16,
}

/// A carrier's task.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskRow {
    pub id: u32,
    pub carrier: String,
    pub credits: u64,
    pub credits_per_epoch: u64,
}

/// Who pays for traffic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayerRow {
    pub id: u32,
    pub carrier: String,
    pub tokens_per_unit: u64,
    /// Who burns; without a name a wallet of its own.
    pub wallet: Option<String>,
}

/// What a payer burns as an epoch begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnRow {
    pub payer: u32,
    pub tokens: u64,
    #[serde(default = "first")]
    pub epoch: usize,
}

/// An access point that a user may find.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointRow {
    pub name: String,
    /// As a device's.
    pub at: String,
    #[serde(default)]
    pub north_m: i32,
    /// So many of them at one place; {i} in the name is 1, 2, ….
    #[serde(default = "once")]
    pub times: i32,
}

/// A proof that is handed in, and what becomes of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofRow {
    /// The file's, where none is named.
    pub kind: Option<Kind>,
    /// When it is observed: full hours since the epoch began, and minutes, 1 where none are named.
    pub hour: i64,
    #[serde(default = "minute")]
    pub minute: i64,
    pub subject: Option<String>,
    /// In place of the flawless ones.
    pub signers: Option<BTreeMap<Role, String>>,
    /// In place of the flawless values.
    #[serde(default)]
    pub body: toml::Table,
    /// In place of the subject's own cell: that of a place, or 0 for "none".
    pub cell_of: Option<String>,
    /// So many of them, each `step_hours` and `step_minutes` later.
    #[serde(default = "once")]
    pub times: i32,
    #[serde(default)]
    pub step_hours: i64,
    #[serde(default)]
    pub step_minutes: i64,
    /// The reason's name. Without one it only prepares.
    pub expect: Option<String>,
    pub milli_points: Option<u64>,
    pub also_milli_points: Option<u64>,
    pub credits: Option<u64>,
    pub found: Option<i64>,
    pub bound: Option<i64>,
}

const fn minute() -> i64 {
    1
}

/// Every file of cases beside the rules, by its kind.
pub fn case_files() -> BTreeMap<Kind, CaseFile> {
    let folder = crate::cases();
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the cases stand beside the rules") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let file: CaseFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let stem = path.file_stem().and_then(std::ffi::OsStr::to_str);
        assert_eq!(
            stem,
            Some(file.kind.name()),
            "a file is called like its kind"
        );
        assert!(
            files.insert(file.kind, file).is_none(),
            "a kind has one file"
        );
    }
    files
}
