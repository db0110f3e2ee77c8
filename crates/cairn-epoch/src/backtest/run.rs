use std::fs;
use std::path::{Path, PathBuf};

use cairn_merkle::EpochNumber;
use cairn_rules::{Engine, Ruleset};

use super::outcome::Outcome;
use super::owners::Start;
use super::report::{BacktestReport, EpochBacktest, Side, Sides};
use super::tally::{Place, Tally};
use crate::EpochError;
use crate::carry::carry;
use crate::close::pipeline;
use crate::derive::Closed;
use crate::disk::{Scratch, copy_whole, create_folders};
use crate::evidence::{Content, EvidenceReader};
use crate::folder::EpochFolder;
use crate::frozen::Input;
use crate::input::read_devices;
use crate::kind::{Subject, subject_of};
use crate::manifest::{Manifest, read_manifest};
use crate::pipeline::PIPELINE;
use crate::progress::Progress;
use crate::ruleset::{Period, Rulebook, WrittenRules, write_ruleset};
use crate::summary::country_of;
use crate::verify::verify_inputs;

/// Runs proposed rules over past epochs, one after the other.
pub struct Backtest {
    proposed: WrittenRules,
    scratch: PathBuf,
    /// The last epoch of each side.
    last: Sides<Option<(EpochFolder, Closed)>>,
    tally: Option<Tally>,
    epochs: Vec<EpochBacktest>,
    hash: [u8; 32],
    version: Option<u16>,
}

impl Backtest {
    /// Will run `proposed`. `scratch` is an empty folder of the caller's, with room for two epochs' files twice.
    #[must_use]
    pub fn new(proposed: WrittenRules, scratch: &Path) -> Self {
        Self {
            proposed,
            scratch: scratch.to_owned(),
            last: Sides::default(),
            tally: None,
            epochs: Vec::new(),
            hash: [0; 32],
            version: None,
        }
    }

    /// Computes the epoch in `folder` by its own rules, told to `before`, and by the proposed ones, told to `after`. The first
    /// one starts from what its inputs carry; each that follows from what its own side handed on.
    ///
    /// # Errors
    /// [`EpochError::Differs`] when an input is not the manifest's; [`EpochError::Succession`] unless it is the epoch after
    /// the one before; [`EpochError::Rules`] for proposed rules that can not be run, or that put the epoch at another
    /// time; whatever computing an epoch meets, [`EpochError::NoMembers`] for rules that pay nobody among it.
    pub fn epoch(
        &mut self,
        folder: &Path,
        before: &dyn Progress,
        after: &dyn Progress,
    ) -> Result<(), EpochError> {
        let published = EpochFolder::new(folder);
        let (manifest, hash) = read_manifest(folder)?;
        verify_inputs(folder, &manifest)?;
        self.follows(&manifest)?;
        let number = manifest.epoch.number;
        let own = Rulebook::new(Ruleset::load(
            &published.ruleset_toml(),
            &published.rules(),
        )?)?;
        let fitted = self.proposed.fitted(&own)?;
        self.version = self.version.or(fitted.version);
        self.hash = fitted.ruleset.hash();
        let proposed = Rulebook::new(fitted.ruleset.clone())?;
        same_period(own.period(number)?, proposed.period(number)?, number)?;

        let sides = Sides {
            before: self.side(Side::Before, &published, &manifest, None, before, &own)?,
            after: self.side(
                Side::After,
                &published,
                &manifest,
                Some(&fitted.ruleset),
                after,
                &proposed,
            )?,
        };
        let places = places(&published)?;
        let pool = manifest.epoch.pool;
        let tally = match &mut self.tally {
            Some(tally) => tally,
            none => none.insert(Tally::new(Start::read(&published)?, pool)),
        };
        self.epochs.push(EpochBacktest {
            is_as_published: sides.before.closed.manifest_hash == hash,
            is_correction: Input::Taken.is_among(&manifest.inputs),
            ..tally.take(&places, &sides)?
        });
        Ok(())
    }

    /// Computes one side of an epoch; `rules` take the place of its own.
    fn side(
        &mut self,
        side: Side,
        published: &EpochFolder,
        manifest: &Manifest,
        rules: Option<&Ruleset>,
        progress: &dyn Progress,
        rulebook: &Rulebook,
    ) -> Result<Outcome, EpochError> {
        let name = match side {
            Side::Before => "before",
            Side::After => "after",
        };
        let to = EpochFolder::of(&self.scratch.join(name), manifest.epoch.number);
        let last = self.last.at_mut(side);
        prepare(published, manifest, &to, last.as_ref(), rules, rulebook)?;
        if let Some((gone, _)) = last.take() {
            fs::remove_dir_all(gone.root())
                .map_err(|source| EpochError::io("remove", gone.root(), source))?;
        }
        // The epoch's own computation beside its own rules; the one that a keeper would run beside new ones.
        let pipeline = pipeline(rules.map_or(manifest.code.pipeline.as_str(), |_| PIPELINE))?;
        let closed = (pipeline.derive)(&to, &to, Engine::default(), &Scratch, progress)?;
        *last = Some((to.clone(), closed.clone()));
        Outcome::read(&to, closed, rulebook)
    }

    /// What it came to.
    ///
    /// # Errors
    /// [`EpochError::NothingFound`] when no epoch was computed; files of the scratch folder that are gone.
    pub fn finish(self) -> Result<BacktestReport, EpochError> {
        let nothing = || EpochError::NothingFound("a backtest of no epochs".to_owned());
        let tally = self.tally.ok_or_else(nothing)?;
        let folders = Sides {
            before: self.last.before.ok_or_else(nothing)?.0,
            after: self.last.after.ok_or_else(nothing)?.0,
        };
        let summed = tally.finish(&folders)?;
        Ok(BacktestReport {
            ruleset_hash: self.hash,
            terms_are_the_epochs: !self.proposed.is_complete(),
            version: self.version,
            epochs: self.epochs,
            ..summed
        })
    }

    fn follows(&self, manifest: &Manifest) -> Result<(), EpochError> {
        let Some((_, last)) = &self.last.after else {
            return Ok(());
        };
        let (before, now) = (&last.manifest.epoch, &manifest.epoch);
        if now.number.previous() == Some(before.number) && now.pool == before.pool {
            return Ok(());
        }
        Err(EpochError::Succession {
            number: now.number,
            previous: before.number,
            file: "manifest.json".to_owned(),
            message: "a backtest runs over epochs of one pool, none left out".to_owned(),
        })
    }
}

/// Past evidence can not be weighed under another calendar: its proofs name their epochs.
fn same_period(own: Period, proposed: Period, number: EpochNumber) -> Result<(), EpochError> {
    if own == proposed {
        return Ok(());
    }
    Err(cairn_rules::RulesError::Document {
        path: "ruleset.toml".into(),
        message: format!(
            "[calendar] puts epoch {number} at {} to {} ms, where it was at {} to {} ms: leave the calendar as the epochs have it",
            proposed.start_ms, proposed.end_ms, own.start_ms, own.end_ms
        ),
    }
    .into())
}

/// Writes an epoch's inputs into `to`: those that were published but the rules, when `rules` take their place, and but what
/// is carried, when this side computed the epoch before.
fn prepare(
    published: &EpochFolder,
    manifest: &Manifest,
    to: &EpochFolder,
    last: Option<&(EpochFolder, Closed)>,
    rules: Option<&Ruleset>,
    rulebook: &Rulebook,
) -> Result<(), EpochError> {
    for entry in &manifest.inputs {
        let Some(input) = Input::of(&entry.name) else {
            continue;
        };
        let is_replaced = match input {
            // Neither side's root was revoked.
            Input::Taken => true,
            // Rules that no longer name what people held owe it no longer.
            Input::Genesis => rulebook.genesis().is_none(),
            Input::Ruleset | Input::Rules => rules.is_some(),
            other => last.is_some() && other.is_carried(),
        };
        if !is_replaced {
            let (from, to) = (
                published.root().join(&entry.name),
                to.root().join(&entry.name),
            );
            // A second name where both stand on one disk: evidence is large, and nothing here changes a file.
            if let Some(parent) = to.parent() {
                create_folders(&Scratch, parent)?;
            }
            if fs::hard_link(&from, &to).is_err() {
                copy_whole(&Scratch, &from, &to)?;
            }
        }
    }
    if let Some(rules) = rules {
        write_ruleset(&to.inputs(), rules)?;
    }
    if let Some((before, closed)) = last {
        carry(before, &closed.manifest, to)?;
    }
    Ok(())
}

/// Which device each proof is about, in the order of receipts.
fn places(folder: &EpochFolder) -> Result<Vec<Option<Place>>, EpochError> {
    let mut devices: ahash::HashMap<[u8; 32], crate::input::Device> = ahash::HashMap::default();
    for device in read_devices(&folder.devices())? {
        let standing = devices.entry(device.key).or_insert_with(|| device.clone());
        if standing.yields_to(&device) {
            *standing = device;
        }
    }
    let mut places = Vec::new();
    for evidence in EvidenceReader::open(&folder.inputs())?.rows() {
        places.push(match evidence?.content {
            Content::Proof(signed) if subject_of(signed.proof.kind()) != Subject::Key => devices
                .get(&signed.proof.subject)
                .map(|device| (device.class, country_of(device))),
            Content::Proof(_) | Content::Raw(_) => None,
        });
    }
    Ok(places)
}
