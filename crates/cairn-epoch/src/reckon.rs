//! From decisions to the ledger: who is a member, what the epoch gives, what of it enters leaves, and what is owed besides.
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

use crate::EpochError;
use crate::admit::{Admission, Known, admit};
use crate::allot::{Allotment, allot};
use crate::amounts::Amounts;
use crate::correct::{Seats, make_good, seat};
use crate::decision::Decision;
use crate::enter::{Entered, Owed, enter, set_off};
use crate::frozen::Frozen;
use crate::ledger::{credit, totals};
use crate::manifest::{PotEntry, Totals};
use crate::payee::Payees;
use crate::state::{State, Waiting};

/// What the epoch gives, and whom.
pub(crate) struct Given {
    pub seats: Seats,
    pub allotment: Allotment,
    pub waiting: Vec<Waiting>,
}

/// Divides the epoch's emission by what `decisions` say.
///
/// # Errors
/// [`EpochError::Overflow`], [`EpochError::Decisions`].
pub(crate) fn give(
    frozen: &Frozen,
    payees: &Payees<'_>,
    decisions: &[Decision],
) -> Result<Given, EpochError> {
    let carried = &frozen.carried;
    let is_wallet = |key: &[u8; 32]| payees.wallet(key).is_some();
    let pool = &frozen.epoch.pool;
    let seats = seat(pool, &carried.members, &frozen.taken, is_wallet);
    let known = Known {
        members: &seats.members,
        unlinked: &carried.unlinked,
        arrears: &carried.arrears,
    };
    let Admission {
        paid,
        granted,
        waiting,
    } = admit(&frozen.rulebook, payees, known, &carried.waiting, decisions)?;
    let mut allotment = allot(&frozen.rulebook, paid)?;
    allotment.grant(granted)?;
    Ok(Given {
        seats,
        allotment,
        waiting,
    })
}

/// What an epoch came to.
pub(crate) struct Reckoned {
    pub pots: Vec<PotEntry>,
    pub totals: Totals,
    /// Members that were paid something.
    pub paid: usize,
}

/// Reckons up the epoch into `next`, whose links and signers are those of this epoch already.
///
/// # Errors
/// As [`give`]; [`EpochError::NoMembers`], [`EpochError::TooManyMembers`].
pub(crate) fn reckon(
    frozen: &Frozen,
    decisions: &[Decision],
    next: &mut State,
) -> Result<Reckoned, EpochError> {
    let carried = &frozen.carried;
    let payees = Payees::of(frozen, &next.signers, &next.links);
    let Given {
        seats,
        allotment: Allotment { earned, pots },
        waiting,
    } = give(frozen, &payees, decisions)?;
    let points = Amounts::sum(earned.values().copied(), "the points of an epoch")?.points;
    let own = Amounts {
        credits: frozen.rulebook.terms().credits_per_epoch(),
        points,
        tokens: frozen.rulebook.emission(),
    };
    let owed = Owed {
        unlinked: &carried.unlinked,
        arrears: &carried.arrears,
        genesis: &frozen.genesis,
    };
    let Entered {
        entering,
        unlinked,
        mut arrears,
    } = enter(
        frozen.epoch.number,
        (own, frozen.rulebook.arrears()),
        &payees,
        &seats.members,
        &earned,
        owed,
    )?;
    let mut members = credit(seats, &entering)?;
    set_off(&mut arrears, make_good(&mut members, &frozen.taken)?);
    let outside = (
        Amounts::sum(arrears.iter().map(|row| row.amounts), "what is owed")?,
        Amounts::sum(
            unlinked.iter().map(|row| row.amounts),
            "what identities were given",
        )?,
    );
    let totals = totals(&members, &entering, outside, &pots)?;
    let paid = entering.len();
    next.waiting = waiting;
    next.leaves.clone_from(&frozen.leaves);
    next.members = members;
    next.unlinked = unlinked;
    next.arrears = arrears;
    Ok(Reckoned { pots, totals, paid })
}
