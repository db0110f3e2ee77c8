//! From points to tokens: each pot of the emission divided by points, rounded down, the rest kept and recorded.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use std::collections::BTreeMap;

use cairn_merkle::{Credits, MilliPoints, Tokens};

use crate::EpochError;
use crate::admit::Pay;
use crate::amounts::Amounts;
use crate::manifest::PotEntry;
use crate::ruleset::Rulebook;
use crate::worth::Worth;

/// What was earned in one epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allotment {
    /// By the key of a wallet, or of an identity without one; only those who earned points or were granted credits.
    pub earned: BTreeMap<[u8; 32], Amounts>,
    /// By pot, then stream. Their emissions add up to the epoch's, exactly.
    pub pots: Vec<PotEntry>,
}

impl Allotment {
    /// Adds data credits, each row one member's and above 0. They are no part of the emission.
    pub fn grant(&mut self, granted: Vec<([u8; 32], Credits)>) -> Result<(), EpochError> {
        for (owner, credits) in granted {
            let sum = &mut self.earned.entry(owner).or_default().credits;
            *sum = sum.checked_add(credits).ok_or(EpochError::Overflow {
                what: "a member's credits",
            })?;
        }
        Ok(())
    }
}

/// A part of the emission that is divided as a whole.
struct Share {
    pot: u8,
    stream: u32,
    name: String,
    emission: Tokens,
    floor: MilliPoints,
    /// The most that points of it are worth; none where nothing was burned for them.
    worth: Option<Worth>,
}

/// Divides the emission among `paid`, each row above 0.
pub(crate) fn allot(rulebook: &Rulebook, mut paid: Vec<Pay>) -> Result<Allotment, EpochError> {
    paid.sort_unstable();

    let mut allotment = Allotment::default();
    let mut undivided = rulebook.emission();
    let mut divided = 0_usize;
    for share in shares(rulebook) {
        undivided = undivided
            .checked_sub(share.emission)
            .ok_or(EpochError::Overflow {
                what: "the sum of the pots' parts",
            })?;
        let from = paid.partition_point(|pay| (pay.pot, pay.stream) < (share.pot, share.stream));
        let to = paid.partition_point(|pay| (pay.pot, pay.stream) <= (share.pot, share.stream));
        let group = paid.get(from..to).unwrap_or_default();
        divided = group
            .len()
            .checked_add(divided)
            .ok_or(EpochError::Overflow {
                what: "the number of paid proofs",
            })?;
        let entry = divide(share, group, &mut allotment.earned)?;
        allotment.pots.push(entry);
    }
    // Points outside every part would be points that nobody is paid for and nobody hears about.
    if divided != paid.len() {
        return Err(EpochError::Decisions(
            "some proof is paid from a pot and stream that do not exist".to_owned(),
        ));
    }
    if undivided > Tokens::ZERO {
        allotment.pots.push(PotEntry {
            allocated: Tokens::ZERO,
            emission: undivided,
            floor_milli_points: MilliPoints::ZERO,
            milli_points: MilliPoints::ZERO,
            name: "undivided".to_owned(),
            unallocated: undivided,
        });
    }
    Ok(allotment)
}

/// The emission's parts, each rounded down.
fn shares(rulebook: &Rulebook) -> Vec<Share> {
    let emission = rulebook.emission();
    let mut shares = Vec::new();
    for pot in rulebook.pots() {
        let part = permille(emission, pot.permille);
        if !pot.by_stream {
            shares.push(Share {
                pot: pot.id,
                stream: 0,
                name: pot.part_name(0),
                emission: part,
                floor: pot.floor_milli_points,
                worth: Worth::of(pot, rulebook),
            });
            continue;
        }
        for stream in rulebook.streams() {
            shares.push(Share {
                pot: pot.id,
                stream: stream.id,
                name: pot.part_name(stream.id),
                emission: permille(part, stream.pot_permille),
                floor: pot.floor_milli_points,
                worth: Worth::of(pot, rulebook),
            });
        }
    }
    shares
}

/// Rounded down. Thousandths above 1,000 never come here: readers refuse them.
fn permille(amount: Tokens, thousandths: u16) -> Tokens {
    // 64 bits by ten: never saturates.
    let product = u128::from(amount.get()).saturating_mul(u128::from(thousandths.min(1_000)));
    u64::try_from(product / 1_000).map_or(amount, Tokens::new)
}

/// What `emission` is divided by: all points of the part, its floor at least, and where payers burned for the points so much that none
/// is worth more than was burned for it.
pub(crate) fn divisor(
    emission: Tokens,
    total: MilliPoints,
    floor: MilliPoints,
    worth: Option<Worth>,
) -> Result<u128, EpochError> {
    let least = match worth {
        Some(worth) => worth.divisor(emission).ok_or(EpochError::Overflow {
            what: "what points are worth",
        })?,
        None => 1,
    };
    Ok(u128::from(total.max(floor).get()).max(least).max(1))
}

/// tokens = floor(emission × points / max(all points, floor)) for each member's sum of points in this part; where payers burned for
/// the points, no more than was burned for them.
fn divide(
    share: Share,
    paid: &[Pay],
    earned: &mut BTreeMap<[u8; 32], Amounts>,
) -> Result<PotEntry, EpochError> {
    let overflow = |what| EpochError::Overflow { what };
    let total = MilliPoints::checked_sum(paid.iter().map(|pay| pay.milli_points))
        .ok_or(overflow("the points of a pot"))?;
    let divisor = divisor(share.emission, total, share.floor, share.worth)?;
    let mut allocated = Tokens::ZERO;
    for member in paid.chunk_by(|a, b| a.owner == b.owner) {
        let Some(&Pay { owner, .. }) = member.first() else {
            continue;
        };
        let points = MilliPoints::checked_sum(member.iter().map(|pay| pay.milli_points))
            .ok_or(overflow("a member's points"))?;
        let tokens = u128::from(share.emission.get())
            .checked_mul(u128::from(points.get()))
            .and_then(|product| product.checked_div(divisor))
            .and_then(|tokens| u64::try_from(tokens).ok())
            .map(Tokens::new)
            .ok_or(overflow("a member's tokens"))?;
        allocated = allocated
            .checked_add(tokens)
            .ok_or(overflow("the tokens of a pot"))?;
        let sum = earned.entry(owner).or_default();
        sum.points = sum
            .points
            .checked_add(points)
            .ok_or(overflow("a member's points"))?;
        sum.tokens = sum
            .tokens
            .checked_add(tokens)
            .ok_or(overflow("a member's tokens"))?;
    }
    let unallocated = share
        .emission
        .checked_sub(allocated)
        .ok_or(overflow("what a pot gave out"))?;
    Ok(PotEntry {
        allocated,
        emission: share.emission,
        floor_milli_points: share.floor,
        milli_points: total,
        name: share.name,
        unallocated,
    })
}

#[cfg(test)]
mod tests {
    use cairn_rules::Ruleset;
    use proptest::prelude::*;

    use super::*;

    /// A pot for everybody, then one that is divided among the streams 4 and 7.
    fn rulebook(emission: u64, permilles: [u16; 2], streams: [u16; 2]) -> Rulebook {
        let pots = [("people", 1, false), ("partners", 3, true)];
        let pots = pots.iter().zip(permilles).map(|((name, id, by_stream), permille)| {
            format!(
                "[[pot]]\nid = {id}\nname = \"{name}\"\npermille = {permille}\nfloor_milli_points = 100\n\
                 member_milli_points = 1\nby_stream = {by_stream}\n"
            )
        });
        let streams = [4, 7].iter().zip(streams).map(|(id, permille)| {
            format!(
                "[[stream]]\nid = {id}\nunit = \"hour\"\npartner = \"{}\"\ndaily_ceiling = 1\n\
                 rate_milli_points = 1\npot_permille = {permille}\nsecond_source = \"another\"\nsecond_source_permille = 0\n",
                cairn_spelling::text::base58(&[*id; 32])
            )
        });
        let document = format!(
            "version = 1\nkinds = []\nmodel = []\n\
             [envelope]\nanchor_age_max_ms = 1\nclock_skew_max_ms = 1\nreceipt_delay_max_ms = 1\n[rules]\n[reasons]\n\
             [calendar]\nfirst_epoch = 1\nfirst_start = \"2026-01-05T00:00:00Z\"\nepoch_hours = 1\n\
             [emission]\ntokens_per_epoch = \"{emission}\"\n{}{}",
            pots.collect::<String>(),
            streams.collect::<String>()
        );
        Rulebook::new(Ruleset::from_texts(document, []).unwrap()).unwrap()
    }

    fn pay(pot: u8, stream: u32, owner: u8, milli_points: u64) -> Pay {
        Pay {
            pot,
            stream,
            owner: [owner; 32],
            milli_points: MilliPoints::new(milli_points),
        }
    }

    fn earned(allotment: &Allotment) -> Vec<(u8, u64, u64)> {
        let each = allotment.earned.iter();
        each.map(|(owner, sum)| (owner[0], sum.points.get(), sum.tokens.get()))
            .collect()
    }

    /// Name, emission, allocated, unallocated, points.
    fn pots(allotment: &Allotment) -> Vec<(&str, u64, u64, u64, u64)> {
        let each = allotment.pots.iter();
        each.map(|pot| {
            (
                pot.name.as_str(),
                pot.emission.get(),
                pot.allocated.get(),
                pot.unallocated.get(),
                pot.milli_points.get(),
            )
        })
        .collect()
    }

    #[test]
    fn each_part_is_divided_by_its_own_points_and_what_is_left_is_named() {
        let rules = rulebook(10_001, [600, 300], [500, 250]);
        let paid = vec![
            pay(3, 7, 1, 50),
            pay(1, 0, 2, 300),
            pay(1, 0, 1, 100),
            pay(3, 4, 3, 900),
            pay(1, 0, 2, 200),
            pay(3, 4, 1, 100),
        ];
        let allotment = allot(&rules, paid).unwrap();
        assert_eq!(
            pots(&allotment),
            [
                ("people", 6_000, 6_000, 0, 600),
                ("partners/4", 1_500, 1_500, 0, 1_000),
                // Below the floor of 100 a pot is not given out whole.
                ("partners/7", 750, 375, 375, 50),
                ("undivided", 1_751, 0, 1_751, 0),
            ]
        );
        assert_eq!(
            earned(&allotment),
            [
                (1, 250, 1_000 + 150 + 375),
                (2, 500, 5_000),
                (3, 900, 1_350)
            ]
        );
    }

    #[test]
    fn an_emission_that_is_divided_whole_leaves_no_part_over() {
        let rules = rulebook(1_000, [600, 400], [500, 500]);
        let names: Vec<String> = allot(&rules, vec![])
            .unwrap()
            .pots
            .into_iter()
            .map(|pot| pot.name)
            .collect();
        assert_eq!(names, ["people", "partners/4", "partners/7"]);
    }

    #[test]
    fn points_outside_every_part_are_refused() {
        let rules = rulebook(1_000, [600, 400], [500, 500]);
        for stray in [
            pay(1, 1, 1, 5),
            pay(2, 0, 1, 5),
            pay(3, 0, 1, 5),
            pay(3, 5, 1, 5),
            pay(4, 0, 1, 5),
        ] {
            let refused = allot(&rules, vec![pay(1, 0, 1, 5), stray]);
            assert!(
                matches!(refused, Err(EpochError::Decisions(_))),
                "{stray:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn points_beyond_64_bits_are_refused() {
        let rules = rulebook(1_000, [1_000, 0], [0, 0]);
        for paid in [
            vec![pay(1, 0, 1, u64::MAX), pay(1, 0, 1, 1)],
            vec![pay(1, 0, 1, u64::MAX), pay(1, 0, 2, 1)],
            vec![pay(1, 0, 1, u64::MAX), pay(3, 4, 1, 1)],
        ] {
            let refused = allot(&rules, paid);
            assert!(matches!(refused, Err(EpochError::Overflow { .. })));
        }
        // The greatest emission among the most points does not overflow.
        let rules = rulebook(u64::MAX, [1_000, 0], [0, 0]);
        let whole = allot(&rules, vec![pay(1, 0, 1, u64::MAX)]).unwrap();
        assert_eq!(earned(&whole), [(1, u64::MAX, u64::MAX)]);
    }

    proptest! {
        #[test]
        fn all_that_is_given_and_kept_is_the_emission(
            emission in any::<u64>(),
            (people, partners) in (0..=500_u16, 0..=500_u16),
            (four, seven) in (0..=500_u16, 0..=500_u16),
            points in prop::collection::vec((0..3_usize, 1..9_u8, 1..u64::from(u32::MAX)), 0..40),
        ) {
            let rules = rulebook(emission, [people, partners], [four, seven]);
            let paid: Vec<Pay> = points
                .iter()
                .map(|(part, owner, points)| {
                    let (pot, stream) = [(1, 0), (3, 4), (3, 7)][*part];
                    pay(pot, stream, *owner, *points)
                })
                .collect();
            let sum = u128::from(paid.iter().map(|pay| pay.milli_points.get()).sum::<u64>());
            let allotment = allot(&rules, paid).unwrap();
            let each = allotment.pots.iter();
            let whole: u128 = each.clone().map(|pot| u128::from(pot.emission.get())).sum();
            let (given, kept): (u128, u128) = (
                each.clone().map(|pot| u128::from(pot.allocated.get())).sum(),
                each.map(|pot| u128::from(pot.unallocated.get())).sum(),
            );
            prop_assert_eq!(given + kept, whole);
            let got = allotment.earned.values();
            prop_assert_eq!(got.clone().map(|it| u128::from(it.tokens.get())).sum::<u128>(), given);
            prop_assert_eq!(got.map(|it| u128::from(it.points.get())).sum::<u128>(), sum);
            prop_assert_eq!(whole, u128::from(emission));
        }
    }
}
