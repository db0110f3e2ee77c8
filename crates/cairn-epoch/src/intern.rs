//! Keys as small numbers. Rules compare and sort keys millions of times; 64-bit numbers do that an order of magnitude
//! faster than 32-byte strings.

use crate::input::Device;

/// Every key an epoch is about. A key's number is its rank among all of them, so numbers, and whatever is ordered by
/// them, depend on the keys alone and not on the order they were met in.
#[derive(Debug)]
pub(crate) struct Identities {
    keys: Vec<[u8; 32]>,
}

impl Identities {
    pub fn new(mut keys: Vec<[u8; 32]>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        Self { keys }
    }

    /// The number of `key`, if it has one.
    pub fn id(&self, key: &[u8; 32]) -> Option<i64> {
        let rank = self.keys.binary_search(key).ok()?;
        i64::try_from(rank).ok()
    }

    pub fn key(&self, id: i64) -> Option<[u8; 32]> {
        self.keys.get(usize::try_from(id).ok()?).copied()
    }
}

/// The machine behind a device, as the rank of its fingerprint; none where no fingerprint was taken.
pub(crate) fn hardware(devices: &[Device]) -> Vec<Option<i64>> {
    let known = devices
        .iter()
        .map(|device| device.hardware)
        .filter(|hardware| *hardware != [0; 32])
        .collect();
    let ranks = Identities::new(known);
    devices
        .iter()
        .map(|device| ranks.id(&device.hardware))
        .collect()
}

/// The cluster of each device's owner: owners that ever registered the same machine count as one, however many links
/// lie between them. A cluster is named by its owner with the lowest number.
///
/// Whoever copies another's public fingerprint joins that cluster as its youngest member, and so hurts nobody but
/// himself.
#[derive(Debug)]
pub(crate) struct Clusters {
    /// By identity: the identity above it, or itself.
    above: Vec<usize>,
}

impl Clusters {
    pub fn new(identities: &Identities, devices: &[Device], hardware: &[Option<i64>]) -> Self {
        let mut clusters = Self {
            above: (0..identities.keys.len()).collect(),
        };
        let mut owners: Vec<(i64, usize)> = devices
            .iter()
            .zip(hardware)
            .filter_map(|(device, hardware)| {
                let owner = usize::try_from(identities.id(&device.owner)?).ok()?;
                Some(((*hardware)?, owner))
            })
            .collect();
        owners.sort_unstable();
        for pair in owners.windows(2) {
            if pair[0].0 == pair[1].0 {
                clusters.join(pair[0].1, pair[1].1);
            }
        }
        clusters
    }

    /// The cluster of an identity.
    pub fn of(&self, id: i64) -> i64 {
        usize::try_from(id)
            .ok()
            .and_then(|id| i64::try_from(self.root(id)).ok())
            .unwrap_or(id)
    }

    fn root(&self, mut id: usize) -> usize {
        while let Some(above) = self.above.get(id).filter(|above| **above != id) {
            id = *above;
        }
        id
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        if let Some(above) = self.above.get_mut(high) {
            *above = low;
        }
    }
}
