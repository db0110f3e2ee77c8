//! What a network decides for itself, in its ruleset so that the hash on chain binds it: when epochs are, what each gives
//! out, and what partners' streams pay.

use std::fmt::Write as _;
use std::path::Path;

use cairn_merkle::{Credits, EpochNumber, Tokens};
use cairn_rules::Ruleset;
use cairn_spelling::text;
use serde::{Deserialize, Deserializer, de};

use super::{Genesis, Rulebook};
use crate::EpochError;
use crate::amounts::Amounts;
use crate::attestor::Attestor;
use crate::input::HOUR_MS;
use crate::operator::Operator;
use crate::payer::Payer;
use crate::stream::Stream;
use crate::task::Task;

/// The terms of one network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkTerms {
    pub calendar: Calendar,
    /// What one epoch divides among the ruleset's pots.
    pub tokens_per_epoch: Tokens,
    /// What of older debts may enter leaves in an epoch beside its own: of what was linked later, or was held before the pool began.
    pub arrears: Amounts,
    /// What people held before the pool began; none is fine.
    pub genesis: Option<Genesis>,
    /// Partners' streams, ascending by id; none is fine.
    pub streams: Vec<Stream>,
    /// Carriers' tasks, ascending by id; none is fine.
    pub tasks: Vec<Task>,
    /// Who may sign referrals; none is fine.
    pub attestors: Vec<Attestor>,
    /// Payers of traffic, ascending by id; none is fine, and then no traffic is paid.
    pub payers: Vec<Payer>,
    /// Whose word, two together, makes good what a decision lacked; none is fine.
    pub operators: Vec<Operator>,
}

/// When epochs are: one follows the other without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The epoch that `first_start` is the start of: 1, or the first epoch of a ruleset that changes the calendar.
    pub first_epoch: EpochNumber,
    /// Hours since 1970; written as RFC 3339 in the file.
    #[serde(deserialize_with = "instant")]
    pub first_start: i64,
    /// Length of an epoch, 1 to 8,784 (a year).
    pub epoch_hours: u32,
}

/// The time an epoch pays for: `start_ms <= observed < end_ms`, unix milliseconds, full hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub start_ms: i64,
    pub end_ms: i64,
}

impl Period {
    /// The period in hours since 1970: the first one in it, and the first one after.
    #[must_use]
    pub const fn hours(&self) -> (i64, i64) {
        (self.start_ms / HOUR_MS, self.end_ms / HOUR_MS)
    }
}

impl Calendar {
    /// The period of epoch `number`; `None` for an epoch before the calendar's first, and for one whose end does not fit
    /// 64 bits of milliseconds.
    #[must_use]
    pub fn period(&self, number: EpochNumber) -> Option<Period> {
        let before = i64::try_from(number.get().checked_sub(self.first_epoch.get())?).ok()?;
        let length = i64::from(self.epoch_hours);
        let start = self.first_start.checked_add(before.checked_mul(length)?)?;
        let end = start.checked_add(length)?;
        Some(Period {
            start_ms: start.checked_mul(HOUR_MS)?,
            end_ms: end.checked_mul(HOUR_MS)?,
        })
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.first_epoch < EpochNumber::FIRST {
            return Err("[calendar] first_epoch is 0; epochs count from 1".to_owned());
        }
        if self.first_start < 0 {
            return Err("[calendar] first_start must not be before 1970".to_owned());
        }
        if self.epoch_hours == 0 || self.epoch_hours > 8_784 {
            return Err(format!(
                "[calendar] epoch_hours is {}; it must be 1 to 8784 (a year)",
                self.epoch_hours
            ));
        }
        Ok(())
    }
}

impl NetworkTerms {
    /// Most data credits that one epoch grants: the sum of the tasks' budgets. A ruleset with more than 64 bits of them is none.
    #[must_use]
    pub fn credits_per_epoch(&self) -> Credits {
        let budgets = self.tasks.iter().map(|task| task.credits_per_epoch);
        budgets.fold(Credits::ZERO, Credits::saturating_add)
    }

    /// The terms as the end of a `ruleset.toml`.
    #[must_use]
    pub fn render(&self) -> String {
        let Calendar {
            first_epoch,
            first_start,
            epoch_hours,
        } = self.calendar;
        let start = rfc3339(first_start);
        let mut rendered = format!(
            "\n# ---- What this network decides for itself. Every keeper of the pool has the same file, byte for byte. ----\n\
             \n# When epochs are. A ruleset that changes the length names the first epoch it holds for, and its start.\n\
             [calendar]\nfirst_epoch = {first_epoch}\nfirst_start = \"{start}\"\nepoch_hours = {epoch_hours}\n\
             \n# Base units of the token that one epoch divides among the pots above. The pool's emission cap bounds it on chain.\n\
             [emission]\ntokens_per_epoch = \"{}\"\n\
             \n# What may enter leaves in an epoch beside its own, of what was linked to a wallet later or was held before the pool began. The\n\
             # pool's caps bound both together. What does not fit waits, whoever came first before the others.\n\
             [arrears]\ntokens = \"{}\"\nmilli_points = \"{}\"\ncredits = \"{}\"\n\
             \n# Partners' streams: an issuer of the network with the role of a partner signs each metric. Copy one for each.\n\
             # [[stream]]\n# id = 1\n# unit = \"weather hour\"\n# partner = \"KEY\"\n# partner_kind = 0           # 0 Ed25519, 2 or 3 P-256\n\
             # daily_ceiling = 24          # units a device is paid for in a UTC day, at most\n\
             # rate_milli_points = 1_000   # for a unit at full quality\n\
             # pot_permille = 1_000       # the stream's own share of the partner pot\n\
             # second_source = \"a neighbouring station\"   # who else measures the same\n\
             # second_source_permille = 20 # the part of its good rows that was sampled there, at least\n\
             \n# Carriers' tasks: an issuer of the network with the role of a carrier signs each completion. All tasks together must stay\n\
             # within the data credits that the pool lets an epoch grant. Copy one for each.\n\
             # [[task]]\n# id = 1                        # never given to another task\n# name = \"activate an eSIM\"\n# carrier = \"KEY\"\n\
             # carrier_kind = 0              # 0 Ed25519, 2 or 3 P-256\n\
             # credits = \"500\"               # what one completion grants\n\
             # credits_per_epoch = \"500000\"  # what all of an epoch grant together, at most\n\
             \n# Whose keys sign who was invited by whom, together with whoever was. Copy one for each.\n\
             # [[attestor]]\n# name = \"the app's sign-up service\"\n# key = \"KEY\"\n# key_kind = 0                  # 0 Ed25519, 2 or 3 P-256\n\
             \n# Payers of traffic: each burns the pool's token, with a memo that names pool and number, and an issuer of the network with the\n\
             # role of a carrier signs each session. Copy one for each.\n\
             # [[payer]]\n# id = 1                        # never given to another payer\n# name = \"a travel eSIM\"\n\
             # wallet = \"KEY\"                # burns come from its canonical token account\n# carrier = \"KEY\"\n\
             # carrier_kind = 0              # 0 Ed25519, 2 or 3 P-256\n\
             # tokens_per_unit = \"1000000\"   # base units burned for each unit of traffic\n\
             \n# Operators: what two of them sign together makes good what a decision lacked. Copy one for each.\n\
             # [[operator]]\n# name = \"support desk\"\n# key = \"KEY\"\n# key_kind = 0                  # 0 Ed25519, 2 or 3 P-256\n",
            self.tokens_per_epoch, self.arrears.tokens, self.arrears.points, self.arrears.credits
        );
        if let Some(genesis) = &self.genesis {
            // Writing to a String can not fail.
            let _ = write!(rendered, "\n{}", genesis.render());
        }
        for stream in &self.streams {
            // Writing to a String can not fail.
            let _ = write!(
                rendered,
                "\n[[stream]]\nid = {}\nunit = {}\npartner = \"{}\"\npartner_kind = {}\ndaily_ceiling = {}\n\
                 rate_milli_points = {}\npot_permille = {}\nsecond_source = {}\nsecond_source_permille = {}\n",
                stream.id,
                toml::Value::String(stream.unit.clone()),
                text::base58(&stream.partner),
                stream.partner_kind,
                stream.daily_ceiling,
                stream.rate_milli_points,
                stream.pot_permille,
                toml::Value::String(stream.second_source.clone()),
                stream.second_source_permille
            );
        }
        for task in &self.tasks {
            let _ = write!(
                rendered,
                "\n[[task]]\nid = {}\nname = {}\ncarrier = \"{}\"\ncarrier_kind = {}\ncredits = \"{}\"\n\
                 credits_per_epoch = \"{}\"\n",
                task.id,
                toml::Value::String(task.name.clone()),
                text::base58(&task.carrier),
                task.carrier_kind,
                task.credits,
                task.credits_per_epoch
            );
        }
        for attestor in &self.attestors {
            let _ = write!(
                rendered,
                "\n[[attestor]]\nname = {}\nkey = \"{}\"\nkey_kind = {}\n",
                toml::Value::String(attestor.name.clone()),
                text::base58(&attestor.key),
                attestor.key_kind
            );
        }
        for payer in &self.payers {
            let _ = write!(
                rendered,
                "\n[[payer]]\nid = {}\nname = {}\nwallet = \"{}\"\ncarrier = \"{}\"\ncarrier_kind = {}\n\
                 tokens_per_unit = \"{}\"\n",
                payer.id,
                toml::Value::String(payer.name.clone()),
                text::base58(&payer.wallet),
                text::base58(&payer.carrier),
                payer.carrier_kind,
                payer.tokens_per_unit
            );
        }
        for operator in &self.operators {
            let _ = write!(
                rendered,
                "\n[[operator]]\nname = {}\nkey = \"{}\"\nkey_kind = {}\n",
                toml::Value::String(operator.name.clone()),
                text::base58(&operator.key),
                operator.key_kind
            );
        }
        rendered
    }
}

/// The terms of the ruleset in `folder` (`ruleset.toml` and `rules/`), after the whole ruleset was checked.
///
/// # Errors
/// [`EpochError::Rules`]: a file that is missing, or a number out of range, by its name.
pub fn read_terms(folder: &Path) -> Result<NetworkTerms, EpochError> {
    let ruleset = Ruleset::load(&folder.join("ruleset.toml"), &folder.join("rules"))?;
    Ok(Rulebook::new(ruleset)?.terms())
}

/// An hour since 1970 as people write it.
fn rfc3339(hour: i64) -> String {
    jiff::Timestamp::from_second(hour.saturating_mul(3_600))
        .map_or_else(|_| hour.to_string(), |instant| instant.to_string())
}

/// Reads a full hour; half an hour bucket in each of two epochs would be paid twice.
fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    let instant: jiff::Timestamp = text.parse().map_err(|_| {
        de::Error::custom(format!(
            "\"{text}\" is not an instant like 2026-01-05T00:00:00Z"
        ))
    })?;
    let is_full_hour = instant.as_nanosecond() % 3_600_000_000_000 == 0;
    if !is_full_hour {
        return Err(de::Error::custom(format!(
            "first_start is \"{text}\"; it must be a full hour"
        )));
    }
    Ok(instant.as_second().div_euclid(3_600))
}
