//! `ruleset.toml` as types: the rules' numbers and the network's own terms.

mod changes;
mod debts;
mod described;
mod difference;
mod kinds;
mod named_genesis;
mod pot;
mod shipped;
mod terms;
mod words;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_proof::{Kind, Reason};
use cairn_rules::{Rule, RulesError, Ruleset, flatten};
use serde::Deserialize;

use crate::EpochError;
use crate::amounts::Amounts;
use crate::attestor::{Attestor, check_attestors};
use crate::input::Device;
use crate::kind::Agreed;
use crate::memory::{MemoryTable, check_memory};
use crate::operator::{Operator, check_operators};
use crate::payer::{Payer, check_payers, payer};
use crate::stream::{Stream, check_streams};
use crate::task::{Task, check_tasks};
use debts::check_debts;
use pot::check_pots;

pub use changes::{FileChange, LineChange, RulesetChanges, ValueChange, ruleset_changes};
pub use debts::{Genesis, SHIPPED_ARREARS};
pub use described::{DescribedRow, DescribedRule, DescribedRules, Number, NumberTable, describe};
pub use difference::ruleset_difference;
pub use kinds::{KindRules, kind_rules};
pub use named_genesis::{NamedGenesis, name_genesis};
pub(crate) use pot::Pot;
pub use terms::{Calendar, NetworkTerms, Period, read_terms};
pub(crate) use written::write_ruleset;
pub use written::{WrittenRules, shipped_ruleset, write_shipped_ruleset};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u16,
    kinds: Vec<Kind>,
    envelope: EnvelopeLimits,
    rules: BTreeMap<String, BTreeMap<String, i64>>,
    model: Vec<Model>,
    pot: Vec<Pot>,
    reasons: BTreeMap<String, String>,
    calendar: Calendar,
    emission: Emission,
    /// What of older debts may enter leaves in an epoch beside its own.
    #[serde(default)]
    arrears: Amounts,
    genesis: Option<Genesis>,
    /// What the rules carry from epoch to epoch.
    #[serde(default)]
    memory: Vec<MemoryTable>,
    #[serde(default)]
    stream: Vec<Stream>,
    #[serde(default)]
    task: Vec<Task>,
    #[serde(default)]
    attestor: Vec<Attestor>,
    #[serde(default)]
    payer: Vec<Payer>,
    #[serde(default)]
    operator: Vec<Operator>,
}

/// `[emission]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Emission {
    /// A decimal string of base units.
    #[serde(with = "cairn_spelling::text::amount")]
    tokens_per_epoch: Tokens,
}

/// Limits that hold for every proof before its kind's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvelopeLimits {
    pub anchor_age_max_ms: i64,
    pub clock_skew_max_ms: i64,
    pub receipt_delay_max_ms: i64,
}

/// What a model of a class means for pay.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    class: u8,
    model: u32,
    /// For whoever reads the file.
    name: String,
    multiplier_permille: i64,
    /// With an issuer's endorsement.
    licensed_multiplier_permille: i64,
    co_signs_check_ins: bool,
    /// Whether it validates others, once an issuer has endorsed it.
    #[serde(default)]
    validates: bool,
}

/// A ruleset, checked and ready to be applied.
#[derive(Debug)]
pub(crate) struct Rulebook {
    ruleset: Ruleset,
    document: Document,
}

/// How a device counts under the ruleset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeviceTerms {
    pub multiplier_permille: i64,
    pub co_signs_check_ins: bool,
    pub validates: bool,
}

impl Rulebook {
    pub fn new(ruleset: Ruleset) -> Result<Self, EpochError> {
        let document: Document = ruleset.parse()?;
        let made = ruleset.rules().iter().map(|rule| rule.table.as_str());
        let checked = check(&document).and_then(|()| check_memory(&document.memory, made));
        checked.map_err(|message| RulesError::Document {
            path: "ruleset.toml".into(),
            message,
        })?;
        Ok(Self { ruleset, document })
    }

    pub const fn version(&self) -> u16 {
        self.document.version
    }

    pub fn hash(&self) -> [u8; 32] {
        self.ruleset.hash()
    }

    pub fn rules(&self) -> &[Rule] {
        self.ruleset.rules()
    }

    pub const fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// The tables that rules carry, as they are declared.
    pub fn memory(&self) -> &[MemoryTable] {
        &self.document.memory
    }

    pub fn pays(&self, kind: Kind) -> bool {
        self.document.kinds.contains(&kind)
    }

    pub const fn envelope(&self) -> &EnvelopeLimits {
        &self.document.envelope
    }

    /// Whether somebody who has `milli_points` of a pot becomes a member by them.
    pub fn makes_member(&self, pot: u8, milli_points: MilliPoints) -> bool {
        self.pot(pot)
            .is_some_and(|pot| milli_points >= pot.member_milli_points)
    }

    /// Whether a part of the emission goes to this pot and stream.
    pub fn divides(&self, pot: u8, stream: u32) -> bool {
        self.pot(pot).is_some_and(|pot| {
            if pot.by_stream {
                self.streams().iter().any(|known| known.id == stream)
            } else {
                stream == 0
            }
        })
    }

    /// In ascending order of their ids.
    pub fn pots(&self) -> &[Pot] {
        &self.document.pot
    }

    pub fn pot(&self, id: u8) -> Option<&Pot> {
        self.document.pot.iter().find(|pot| pot.id == id)
    }

    /// Every part of the emission that is divided as a whole, with what manifests call it.
    pub fn parts(&self) -> Vec<((u8, u32), String)> {
        let mut parts = Vec::new();
        for pot in self.pots() {
            if pot.by_stream {
                let streams = self.streams().iter();
                parts.extend(streams.map(|stream| ((pot.id, stream.id), pot.part_name(stream.id))));
            } else {
                parts.push(((pot.id, 0), pot.part_name(0)));
            }
        }
        parts
    }

    /// What an epoch divides.
    pub const fn emission(&self) -> Tokens {
        self.document.emission.tokens_per_epoch
    }

    /// What of older debts may enter leaves in an epoch beside its own.
    pub const fn arrears(&self) -> Amounts {
        self.document.arrears
    }

    /// What people held before the pool began.
    pub const fn genesis(&self) -> Option<&Genesis> {
        self.document.genesis.as_ref()
    }

    /// In ascending order of their ids.
    pub fn streams(&self) -> &[Stream] {
        &self.document.stream
    }

    /// In ascending order of their ids.
    pub fn tasks(&self) -> &[Task] {
        &self.document.task
    }

    /// In ascending order of their ids.
    pub fn payers(&self) -> &[Payer] {
        &self.document.payer
    }

    pub fn payer(&self, id: u32) -> Option<&Payer> {
        payer(self.payers(), id)
    }

    /// What was agreed with partners, carriers, attestors, payers and operators.
    pub fn agreed(&self) -> Agreed<'_> {
        Agreed {
            streams: self.streams(),
            tasks: self.tasks(),
            attestors: &self.document.attestor,
            payers: self.payers(),
            operators: &self.document.operator,
        }
    }

    /// When epoch `number` is.
    pub fn period(&self, number: EpochNumber) -> Result<Period, EpochError> {
        self.document
            .calendar
            .period(number)
            .ok_or(EpochError::OutsideCalendar {
                number,
                first: self.document.calendar.first_epoch,
            })
    }

    /// What the network decided for itself.
    pub fn terms(&self) -> NetworkTerms {
        NetworkTerms {
            calendar: self.document.calendar,
            tokens_per_epoch: self.document.emission.tokens_per_epoch,
            arrears: self.document.arrears,
            genesis: self.document.genesis.clone(),
            streams: self.document.stream.clone(),
            tasks: self.document.task.clone(),
            attestors: self.document.attestor.clone(),
            payers: self.document.payer.clone(),
            operators: self.document.operator.clone(),
        }
    }

    pub fn device_terms(&self, device: &Device) -> DeviceTerms {
        let row = |model| {
            self.document
                .model
                .iter()
                .find(|row| row.class == device.class && row.model == model)
        };
        row(device.model).or_else(|| row(0)).map_or(
            DeviceTerms {
                multiplier_permille: 1_000,
                co_signs_check_ins: false,
                validates: false,
            },
            |row| DeviceTerms {
                multiplier_permille: if device.issuer == [0; 32] {
                    row.multiplier_permille
                } else {
                    row.licensed_multiplier_permille
                },
                co_signs_check_ins: row.co_signs_check_ins,
                validates: row.validates,
            },
        )
    }

    /// Every number a rule may name: those of the document, reason codes, pot ids, and the epoch's hours.
    pub fn numbers(&self, period: &Period) -> BTreeMap<String, i64> {
        let mut numbers = flatten(&self.document.rules);
        for reason in Reason::ALL {
            let name = format!("reason_{}", reason.name().to_ascii_lowercase());
            numbers.insert(name, i64::from(reason.code()));
        }
        for pot in &self.document.pot {
            numbers.insert(format!("pot_{}", pot.name), i64::from(pot.id));
            // The reader has bounded it far below 2^63.
            let unit = pot.unit_milli_points.map(MilliPoints::get);
            if let Some(unit) = unit.and_then(|unit| i64::try_from(unit).ok()) {
                numbers.insert(format!("pot_{}_unit_milli_points", pot.name), unit);
            }
        }
        let (start, end) = period.hours();
        numbers.insert("epoch_start_hour".to_owned(), start);
        numbers.insert("epoch_end_hour".to_owned(), end);
        numbers.insert("epoch_hours".to_owned(), end - start);
        numbers
    }
}

fn check(document: &Document) -> Result<(), String> {
    let limits = &document.envelope;
    if [
        limits.anchor_age_max_ms,
        limits.clock_skew_max_ms,
        limits.receipt_delay_max_ms,
    ]
    .iter()
    .any(|limit| *limit < 0)
    {
        return Err("the limits in [envelope] must not be negative".to_owned());
    }
    check_pots(&document.pot)?;
    let model_ids: BTreeSet<_> = document
        .model
        .iter()
        .map(|row| (row.class, row.model))
        .collect();
    if model_ids.len() != document.model.len() {
        return Err("a model stands twice".to_owned());
    }
    for name in document.reasons.keys() {
        name.parse::<Reason>().map_err(|error| error.to_string())?;
    }
    document.calendar.check()?;
    check_debts(
        &document.kinds,
        &document.arrears,
        document.genesis.as_ref(),
    )?;
    check_streams(&document.stream)?;
    check_tasks(&document.task)?;
    check_attestors(&document.attestor)?;
    check_payers(&document.payer)?;
    check_operators(&document.operator)
}
