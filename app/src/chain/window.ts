// When an epoch may become active, as the program computes it (`state/window.rs`).

import type { Epoch } from '../generated/reward_vault.ts';
import { afterPauses } from './pause.ts';
import type { Paused } from './pause.ts';

export type Proposal = Pick<Epoch, 'proposedAt' | 'challengeWindowSecs' | 'completeAt' | 'pausedBefore' | 'pausedBeforeComplete'>;

/** Unix seconds at which the window ends that runs from the proposal. A proposal that is not complete by then lapses. */
export const windowOverAt = (epoch: Proposal, pool: Paused): bigint => afterPauses(pool, epoch.proposedAt + epoch.challengeWindowSecs, epoch.pausedBefore);

/** Unix seconds from which the epoch may be activated: half of the window runs from the last word too. While it is not complete, the
 * earliest there can be. */
export function activatableAt(epoch: Proposal, pool: Paused): bigint {
    const over = windowOverAt(epoch, pool);
    if (epoch.completeAt === 0n) return over;
    const half = (epoch.challengeWindowSecs + 1n) / 2n;
    const lastWord = afterPauses(pool, epoch.completeAt + half, epoch.pausedBeforeComplete);
    return over > lastWord ? over : lastWord;
}
