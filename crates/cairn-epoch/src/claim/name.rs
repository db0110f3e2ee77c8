use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Levels of the tree whose members share a file: 32 to 64 members on average. A member's proof is up to two kilobytes, so a
/// file stays below 200 kB however many members there are, and however unevenly their hashes fall.
const LEVELS_PER_FILE: u8 = 6;

/// Bits that name a file in a flat folder. What is beyond them names files in 256 folders: hosts and people's tools
/// slow down over a hundred thousand names in one.
const FLAT_BITS: u8 = 8;

/// Which claim files an epoch has: 2^(depth − 6) for a tree of that depth, and one for a tree that is no deeper. A file is named
/// by as many first bits of SHA-256(owner), so that all are equally full whatever keys people grind, and whoever knows the
/// number of members knows the one file to fetch.
///
/// ```text
/// outputs/claims/0.json                                   up to 64 members
/// outputs/claims/00.json … 3f.json                        up to 4,096: 64 files
/// outputs/claims/00/00.json … ff/7f.json                  1.18 million: 32,768 files in 256 folders
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimFiles {
    /// 0 to 18.
    bits: u8,
}

impl ClaimFiles {
    /// Those of a tree of `depth` levels, at most 24.
    #[must_use]
    pub const fn of(depth: u8) -> Self {
        let bits = depth.saturating_sub(LEVELS_PER_FILE);
        let most = cairn_merkle::MAX_DEPTH - LEVELS_PER_FILE;
        Self {
            bits: if bits < most { bits } else { most },
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        1 << self.bits
    }

    /// Number of the file that holds `owner`, below [`Self::count`].
    #[must_use]
    pub fn number_of(self, owner: &[u8; 32]) -> u32 {
        let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(owner).into();
        u32::from_be_bytes([a, b, c, d])
            .checked_shr(u32::BITS - u32::from(self.bits))
            .unwrap_or(0)
    }

    /// Path of a file below the epoch's folder, with slashes.
    #[must_use]
    pub fn name(self, number: u32) -> String {
        let below = self.bits.saturating_sub(FLAT_BITS);
        let hex = |part: u32, bits: u8| {
            let width = usize::from(bits.div_ceil(4).max(1));
            format!("{part:0width$x}")
        };
        if below == 0 {
            return format!("outputs/claims/{}.json", hex(number, self.bits));
        }
        let (folder, file) = (number >> below, number & ((1 << below) - 1));
        let (folder, file) = (hex(folder, FLAT_BITS), hex(file, below));
        format!("outputs/claims/{folder}/{file}.json")
    }

    /// Path of the file that holds `owner`, below the epoch's folder, with slashes.
    #[must_use]
    pub fn name_of(self, owner: &[u8; 32]) -> String {
        self.name(self.number_of(owner))
    }

    /// The file that holds `owner` in the epoch's folder `dir`.
    #[must_use]
    pub fn path_of(self, dir: &Path, owner: &[u8; 32]) -> PathBuf {
        dir.join(self.name_of(owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_few_for_few_members_and_named_in_two_levels_for_many() {
        let first_and_last = |depth| {
            let files = ClaimFiles::of(depth);
            (files.count(), files.name(0), files.name(files.count() - 1))
        };
        let told = |count, first: &str, last: &str| {
            let name = |rest| format!("outputs/claims/{rest}.json");
            (count, name(first), name(last))
        };
        assert_eq!(first_and_last(0), told(1, "0", "0"));
        assert_eq!(first_and_last(6), told(1, "0", "0"));
        assert_eq!(first_and_last(7), told(2, "0", "1"));
        assert_eq!(first_and_last(12), told(64, "00", "3f"));
        assert_eq!(first_and_last(14), told(256, "00", "ff"));
        assert_eq!(first_and_last(15), told(512, "00/0", "ff/1"));
        assert_eq!(first_and_last(21), told(32_768, "00/00", "ff/7f"));
        assert_eq!(first_and_last(23), told(131_072, "00/000", "ff/1ff"));
        assert_eq!(first_and_last(24), told(262_144, "00/000", "ff/3ff"));
    }

    #[test]
    fn the_first_bits_of_an_owner_s_hash_name_its_file_at_every_depth() {
        let owner = [7; 32];
        let digest = Sha256::digest(owner);
        for depth in 0..=24 {
            let files = ClaimFiles::of(depth);
            let number = files.number_of(&owner);
            assert!(number < files.count());
            for bit in 0..files.bits {
                let in_hash = digest[usize::from(bit / 8)] >> (7 - bit % 8) & 1;
                assert_eq!(number >> (files.bits - 1 - bit) & 1, u32::from(in_hash));
            }
        }
    }
}
