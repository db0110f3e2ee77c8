//! The inputs while they are read, a file at a time and in whatever order the files come.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::folder::RULES;
use crate::input::{
    Anchor, Burn, Device, EpochInput, Grant, Taken, decode_anchors, decode_burns, decode_devices,
    decode_epoch, decode_genesis, decode_taken,
};
use crate::memory::{Memory, MemoryTable};
use crate::state::{
    Arrear, End, Leaf, Link, Member, Signer, Unlinked, Waiting, decode_arrears, decode_end,
    decode_leaves, decode_links, decode_members, decode_signers, decode_unlinked, decode_waiting,
    memory_table,
};

/// What was read so far. Each function below is an input's reader in the list.
#[derive(Default)]
pub(super) struct Draft {
    pub epoch: Option<EpochInput>,
    pub document: Option<String>,
    pub rules: Vec<(String, String)>,
    pub devices: Option<Vec<Device>>,
    pub anchors: Option<Vec<Anchor>>,
    pub burns: Option<Vec<Burn>>,
    pub taken: Vec<Taken>,
    /// With the SHA-256 of its file.
    pub genesis: Option<(Vec<Grant>, [u8; 32])>,
    pub end: Option<End>,
    pub members: Option<Vec<Member>>,
    pub waiting: Option<Vec<Waiting>>,
    pub unlinked: Option<Vec<Unlinked>>,
    pub arrears: Option<Vec<Arrear>>,
    pub links: Option<Vec<Link>>,
    pub signers: Option<Vec<Signer>>,
    pub leaves: Option<Vec<Leaf>>,
    /// By table, unread: only the ruleset says what stands in them.
    memory: BTreeMap<String, (PathBuf, Bytes)>,
}

impl Draft {
    pub fn epoch(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.epoch = Some(decode_epoch(path, &bytes)?);
        Ok(())
    }

    pub fn ruleset(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.document = Some(text(path, &bytes)?);
        Ok(())
    }

    pub fn rule(&mut self, name: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        let file = rule_file(name).unwrap_or(name).to_owned();
        self.rules.push((file, text(path, &bytes)?));
        Ok(())
    }

    pub fn devices(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.devices = Some(decode_devices(path, bytes)?);
        Ok(())
    }

    pub fn anchors(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.anchors = Some(decode_anchors(path, bytes)?);
        Ok(())
    }

    pub fn burns(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.burns = Some(decode_burns(path, bytes)?);
        Ok(())
    }

    pub fn taken(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.taken = decode_taken(path, bytes)?;
        Ok(())
    }

    pub fn genesis(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        let hash = Sha256::digest(&bytes).into();
        self.genesis = Some((decode_genesis(path, bytes)?, hash));
        Ok(())
    }

    pub fn end(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.end = Some(decode_end(path, bytes)?);
        Ok(())
    }

    pub fn members(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.members = Some(decode_members(path, bytes)?);
        Ok(())
    }

    pub fn waiting(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.waiting = Some(decode_waiting(path, bytes)?);
        Ok(())
    }

    pub fn unlinked(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.unlinked = Some(decode_unlinked(path, bytes)?);
        Ok(())
    }

    pub fn arrears(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.arrears = Some(decode_arrears(path, bytes)?);
        Ok(())
    }

    pub fn links(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.links = Some(decode_links(path, bytes)?);
        Ok(())
    }

    pub fn signers(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.signers = Some(decode_signers(path, bytes)?);
        Ok(())
    }

    pub fn leaves(&mut self, _: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        self.leaves = Some(decode_leaves(path, bytes)?);
        Ok(())
    }

    pub fn memory(&mut self, name: &str, path: &Path, bytes: Bytes) -> Result<(), EpochError> {
        let table = memory_table(name).unwrap_or(name).to_owned();
        self.memory.insert(table, (path.to_owned(), bytes));
        Ok(())
    }

    /// What is remembered under `declared`. A table that the epoch before did not have starts empty; one that is declared no
    /// longer is forgotten.
    pub fn remembered(&self, declared: &[MemoryTable]) -> Result<Vec<Memory>, EpochError> {
        declared
            .iter()
            .map(|table| match self.memory.get(&table.name) {
                Some((path, bytes)) => Memory::decode(table, path, bytes.clone()),
                None => Ok(Memory::empty(table)),
            })
            .collect()
    }
}

fn text(path: &Path, bytes: &[u8]) -> Result<String, EpochError> {
    String::from_utf8(bytes.to_vec()).map_err(|error| EpochError::Json {
        path: path.to_owned(),
        message: format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()),
    })
}

/// The name of a rule's file within the folder of the rules.
pub(super) fn rule_file(name: &str) -> Option<&str> {
    let file = name.strip_prefix(RULES)?.strip_prefix('/')?;
    (!file.contains('/') && file.ends_with(".sql")).then_some(file)
}
