//! One order for all proofs, and what may not stand in it twice.

use cairn_proof::Reason;
use rayon::prelude::*;

use crate::case::{Candidate, Case};
use crate::refusal::Refusal;
use crate::state::Signer;

/// Refuses repeated proofs (DUPLICATE) and repeated or outdated sequence numbers (REPLAY_SEQ), and returns the places
/// of what is left in canonical order, with the sequence numbers the next epoch starts from.
///
/// The order is by time of observation, then the signer's sequence number, then the proof's id: nothing of it is the
/// keeper's to choose, so the order in which proofs reached a keeper decides nothing.
pub(crate) fn settle(cases: &mut [Case], floors: &[Signer]) -> (Vec<usize>, Vec<Signer>) {
    let mut order: Vec<usize> = (0..cases.len())
        .filter(|at| cases[*at].outcome.is_ok())
        .collect();
    order.par_sort_unstable_by_key(|at| {
        let case = &cases[*at];
        let (observed_at_ms, signer_seq) = case.outcome.as_ref().map_or((0, 0), |candidate| {
            (candidate.observed_at_ms, candidate.signer_seq)
        });
        // Equal ids are the same proof: which copy counts is told by the place alone, and changes nothing.
        (observed_at_ms, signer_seq, case.proof_id, *at)
    });
    refuse_copies(cases, &mut order);
    let signers = refuse_replays(cases, &mut order, floors);
    (order, signers)
}

fn refuse_copies(cases: &mut [Case], order: &mut Vec<usize>) {
    let mut before = None;
    order.retain(|at| {
        let case = &mut cases[*at];
        let is_copy = before == Some(case.proof_id);
        before = Some(case.proof_id);
        if is_copy {
            case.outcome = Err(Refusal::plain(Reason::Duplicate));
        }
        !is_copy
    });
}

fn refuse_replays(cases: &mut [Case], order: &mut Vec<usize>, floors: &[Signer]) -> Vec<Signer> {
    let mut signed: Vec<([u8; 32], u64, usize, bool)> = order
        .iter()
        .enumerate()
        .filter_map(|(position, at)| {
            let candidate = cases[*at].outcome.as_ref().ok()?;
            let Candidate {
                signer,
                signer_seq,
                is_wallet,
                ..
            } = *candidate;
            Some((signer, signer_seq, position, is_wallet))
        })
        .collect();
    signed.par_sort_unstable();
    let mut refused = vec![false; order.len()];
    let mut next: Vec<Signer> = Vec::with_capacity(floors.len());
    let mut carried = floors.iter().copied().peekable();
    for group in signed.chunk_by(|a, b| a.0 == b.0) {
        let key = group[0].0;
        // Keys that signed nothing now keep their number.
        while let Some(signer) = carried.next_if(|signer| signer.key < key) {
            next.push(signer);
        }
        let floor = carried.next_if(|signer| signer.key == key);
        let mut highest = floor.map(|signer| signer.sequence);
        // Once shown, for ever.
        let is_wallet = floor.is_some_and(|signer| signer.is_wallet)
            || group.iter().any(|(.., is_wallet)| *is_wallet);
        for (_, sequence, position, _) in group {
            // In rising order, so a number at or below the highest so far was used before.
            match highest {
                Some(bound) if *sequence <= bound => {
                    let spell = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
                    let refusal =
                        Refusal::measured(Reason::ReplaySeq, spell(*sequence), spell(bound));
                    cases[order[*position]].outcome = Err(refusal);
                    refused[*position] = true;
                }
                _ => highest = Some(*sequence),
            }
        }
        next.extend(highest.map(|sequence| Signer {
            key,
            sequence,
            is_wallet,
        }));
    }
    next.extend(carried);
    let mut position = 0;
    order.retain(|_| {
        let keep = !refused[position];
        position += 1;
        keep
    });
    next
}
