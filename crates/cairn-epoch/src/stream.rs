use cairn_merkle::MilliPoints;
use cairn_proof::PublicKey;
use serde::Deserialize;

use cairn_spelling::text;

use crate::party::{check_kind, check_words, issuer_key};

/// A partner's stream of metrics: who signs it and what it pays.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// What metrics call the stream.
    pub id: u32,
    /// What one unit of quantity is, for people: "weather hour", "CDN GB" …
    pub unit: String,
    /// The issuer key that must sign each metric, with its kind as in the registry: 0 Ed25519, 2 or 3 P-256.
    #[serde(with = "text::key")]
    pub partner: [u8; 32],
    #[serde(default)]
    pub partner_kind: u8,
    /// Most units one device is paid for in a UTC day.
    pub daily_ceiling: u64,
    /// What a unit earns at full quality.
    pub rate_milli_points: MilliPoints,
    /// The stream's own share of the partner pot, in thousandths: no stream can dilute another.
    pub pot_permille: u16,
    /// Who else measures the same, for people: "a neighbouring station".
    pub second_source: String,
    /// The part of its good rows that the second source must have sampled, in thousandths; the ruleset's least part holds for all.
    pub second_source_permille: u16,
}

/// Most milli-points a stream may pay one device in a day, about a thousand million points. A week of a million devices
/// at that rate still fits in 64 bits, so no partner can make an epoch's sums overflow.
const DAILY_PAY_LIMIT: u128 = 1 << 40;

impl Stream {
    /// The partner's key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        issuer_key(self.partner_kind, self.partner)
    }

    fn check(&self) -> Result<(), String> {
        let id = self.id;
        let of = format!("[[stream]] {id}");
        check_kind(&of, "partner_kind", self.partner_kind)?;
        check_words(&of, "unit", &self.unit, "weather hour")?;
        check_words(
            &of,
            "second_source",
            &self.second_source,
            "a neighbouring station",
        )?;
        if self.second_source_permille > 1_000 {
            return Err(format!(
                "{of}: second_source_permille is {}; it must be 0 to 1000",
                self.second_source_permille
            ));
        }
        let ceiling = u128::from(self.daily_ceiling);
        let rate = u128::from(self.rate_milli_points.get());
        let most = ceiling.max(rate).max(ceiling * rate);
        if most > DAILY_PAY_LIMIT {
            return Err(format!(
                "[[stream]] {id}: rate_milli_points, daily_ceiling and their product must each be at most {DAILY_PAY_LIMIT}"
            ));
        }
        Ok(())
    }
}

/// Checks all streams of a ruleset.
pub(crate) fn check_streams(streams: &[Stream]) -> Result<(), String> {
    let mut shares = 0_u64;
    for stream in streams {
        stream.check()?;
        shares = shares.saturating_add(stream.pot_permille.into());
    }
    if shares > 1_000 {
        return Err(format!(
            "the streams' pot_permille add up to {shares} thousandths of the pot"
        ));
    }
    if streams.windows(2).any(|pair| pair[0].id >= pair[1].id) {
        return Err("[[stream]] ids must ascend and none may stand twice".to_owned());
    }
    Ok(())
}

/// The stream called `id`, among streams that ascend by it.
pub(crate) fn stream(streams: &[Stream], id: u32) -> Option<&Stream> {
    let at = streams.binary_search_by_key(&id, |stream| stream.id).ok()?;
    streams.get(at)
}
