//! One file, from whichever mirror gives it. Each is asked in its turn; what it answered instead is told, and the next one goes on
//! from the byte that was reached.

use cairn_client::Pauses;
use cairn_epoch::disk::DiskError;
use cairn_merkle::EpochNumber;

use crate::fault::{Cure, Fault, MirrorError, Told};
use crate::line::Size;
use crate::mirror::{Layout, Mirror};
use crate::part::Part;
use crate::ring::Ring;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub number: EpochNumber,
    /// Of the epoch's manifest.
    pub manifest: [u8; 32],
    /// Path below the epoch's folder.
    pub name: &'a str,
    pub size: Size,
    pub sha256: [u8; 32],
}

/// How one mirror stands in this fetch.
struct Turn {
    pauses: Pauses,
    told: Option<Fault>,
    /// It has nothing for us.
    out: bool,
    /// It gives whole files only.
    whole: bool,
}

/// Who is asked next.
enum Pick {
    Mirror(usize),
    /// Only mirrors that give whole files are left, and there is a part already.
    Restart,
    Nobody,
}

/// Why one mirror did not give it.
enum Failure {
    Fault(Fault),
    Disk(DiskError),
    /// Bytes of several mirrors do not make the file together; whose are wrong nobody can say.
    Mixed {
        found: [u8; 32],
    },
}

impl From<DiskError> for Failure {
    fn from(error: DiskError) -> Self {
        Self::Disk(error)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Fills `part` with the piece. Returns the mirror that gave its end, or `None` when it was there.
pub(crate) async fn bring(
    mirrors: &Ring,
    piece: &Piece<'_>,
    part: &mut Part,
) -> Result<Option<usize>, MirrorError> {
    if is_right(piece, part).await? {
        return Ok(None);
    }
    let mut turns: Vec<Turn> = mirrors
        .all
        .iter()
        .map(|_| Turn {
            pauses: Pauses::new(mirrors.patience),
            told: None,
            out: false,
            whole: false,
        })
        .collect();
    // Two mirrors that spoil each other's parts must not do so for ever.
    let mut mixed = turns.len();
    loop {
        let at = match pick(mirrors, &turns, part.len() > 0) {
            Pick::Mirror(at) => at,
            Pick::Restart => {
                part.clear().await?;
                for turn in &mut turns {
                    turn.whole = false;
                }
                continue;
            }
            Pick::Nobody => return Err(nowhere(mirrors, piece, turns)),
        };
        let (Some(mirror), Some(turn)) = (mirrors.all.get(at), turns.get_mut(at)) else {
            return Err(nowhere(mirrors, piece, turns));
        };
        mirror.rested().await;
        let before = part.len();
        let fault = match pull(mirrors, (at, mirror), piece, part).await {
            Ok(()) => return Ok(Some(at)),
            Err(Failure::Disk(error)) => return Err(error.into()),
            Err(Failure::Mixed { found }) => {
                part.clear().await?;
                turn.told = Some(content(found, piece));
                turn.out = mixed == 0;
                mixed = mixed.saturating_sub(1);
                // Who came to the end tries alone.
                mirrors.prefer(at);
                continue;
            }
            Err(Failure::Fault(fault)) => fault,
        };
        mirrors.last(at);
        mirrors.hear.failed(&Told {
            mirror: mirror.shown.clone(),
            fault: fault.clone(),
        });
        // What came before the surplus may be the file.
        if is_right(piece, part).await? {
            return Ok(Some(at));
        }
        let came = part.len().saturating_sub(before);
        if fault.is_temporary() && came >= mirrors.pace.bytes {
            turn.pauses = Pauses::new(mirrors.patience);
            turn.told = Some(fault);
            continue;
        }
        if matches!(fault, Fault::Whole { .. }) {
            turn.whole = true;
        } else {
            let pause = match fault.cure() {
                Cure::None => None,
                Cure::Later(asked) => turn.pauses.next(asked),
                Cure::Soon => turn.pauses.next_for_line(),
            };
            match pause {
                Some(pause) => mirror.rest(pause),
                None => turn.out = true,
            }
        }
        turn.told = Some(fault);
    }
}

fn pick(mirrors: &Ring, turns: &[Turn], has_part: bool) -> Pick {
    let is_in = |at: &usize| turns.get(*at).is_some_and(|turn| !turn.out);
    let serves = |at: &usize| turns.get(*at).is_some_and(|turn| !(turn.whole && has_part));
    let rests = |at: &usize| mirrors.all.get(*at).is_some_and(Mirror::is_resting);
    let order = mirrors.order();
    let left: Vec<usize> = order.into_iter().filter(is_in).collect();
    let fit: Vec<usize> = left.iter().copied().filter(serves).collect();
    let first = fit.iter().find(|at| !rests(at)).or_else(|| fit.first());
    match (first, left.is_empty()) {
        (Some(at), _) => Pick::Mirror(*at),
        (None, false) => Pick::Restart,
        (None, true) => Pick::Nobody,
    }
}

fn nowhere(mirrors: &Ring, piece: &Piece<'_>, turns: Vec<Turn>) -> MirrorError {
    let told = mirrors.all.iter().zip(turns);
    MirrorError::Nowhere {
        number: piece.number,
        what: piece.name.to_owned(),
        told: told
            .filter_map(|(mirror, turn)| {
                Some(Told {
                    mirror: mirror.shown.clone(),
                    fault: turn.told?,
                })
            })
            .collect(),
    }
}

/// Whether the part is the piece; one that is as long and is not is thrown away.
async fn is_right(piece: &Piece<'_>, part: &mut Part) -> Result<bool, DiskError> {
    let Size::Exactly(size) = piece.size else {
        return Ok(false);
    };
    if part.len() < size {
        return Ok(false);
    }
    if part.hash().await? == piece.sha256 {
        return Ok(true);
    }
    part.clear().await?;
    Ok(false)
}

/// Asks one mirror, wherever it may have the epoch.
async fn pull(
    mirrors: &Ring,
    (at, mirror): (usize, &Mirror),
    piece: &Piece<'_>,
    part: &mut Part,
) -> Result<(), Failure> {
    let mut last = Fault::Absent;
    for layout in mirror.layouts(&piece.manifest) {
        if matches!(piece.size, Size::AtMost(_)) {
            part.clear().await?;
        }
        match pour(mirrors, (at, mirror), (piece, layout), part).await {
            Ok(()) => {}
            // Hosts that keep what they have to themselves say 403 for what they have not.
            Err(Failure::Fault(fault @ (Fault::Absent | Fault::Status(403)))) => {
                // That it stands nowhere else says less than that another file stands there.
                if !matches!(last, Fault::Content { .. }) {
                    last = fault;
                }
                continue;
            }
            Err(failure) => return Err(failure),
        }
        let found = part.hash().await?;
        if found == piece.sha256 {
            mirror.knows(piece.manifest, layout);
            return Ok(());
        }
        if !part.is_all_by(at) {
            return Err(Failure::Mixed { found });
        }
        part.clear().await?;
        // Another epoch of that number may stand there: one that was derived and never became active.
        last = content(found, piece);
    }
    Err(last.into())
}

fn content(found: [u8; 32], piece: &Piece<'_>) -> Fault {
    Fault::Content {
        found: hex::encode(found),
        due: hex::encode(piece.sha256),
    }
}

/// Appends what one mirror sends, and no more than is due.
async fn pour(
    mirrors: &Ring,
    (at, mirror): (usize, &Mirror),
    (piece, layout): (&Piece<'_>, Layout),
    part: &mut Part,
) -> Result<(), Failure> {
    let due = piece.size.most();
    let place = (piece.number, layout, piece.name);
    let opened = mirror.open(&mirrors.line, place, part.len(), piece.size);
    let mut body = opened.await?;
    let from = part.len();
    loop {
        let Some(block) = body.next().await? else {
            break;
        };
        let room = usize::try_from(due.saturating_sub(part.len())).unwrap_or(usize::MAX);
        let taken = block.get(..room).unwrap_or(&block);
        part.append(taken, at).await?;
        mirrors.counted(taken.len() as u64);
        if taken.len() < block.len() {
            return Err(Fault::Endless { due }.into());
        }
    }
    match piece.size {
        Size::Exactly(due) if part.len() < due => Err(Fault::Cut {
            got: part.len().saturating_sub(from),
            reason: format!("{due} bytes are due"),
        }
        .into()),
        _ => Ok(()),
    }
}
