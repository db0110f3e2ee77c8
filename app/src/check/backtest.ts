// A backtest held against the chain, as far as that goes: what it says that past epochs came to is what their manifests on chain say. The other
// side, what proposed rules would have made of them, is for whoever computes it again.

import type { Backtest } from '../files/announced.ts';
import type { Manifest } from '../files/manifest.ts';

/** Epochs whose manifests say something else than the report's side of before. A correction is told apart by the report itself. */
export function differing({ epochs }: Backtest, manifests: readonly Manifest[]): bigint[] {
    return epochs.flatMap(({ epoch, accepted, tokens, received, correction }) => {
        const manifest = manifests.find((one) => one.epoch.number === epoch);
        if (!manifest || correction) return [];
        // Points of who is no member yet stand in no total.
        const same = manifest.accepted === accepted.before && manifest.received === received && manifest.totals.tokensEpoch === tokens.before;
        return same ? [] : [epoch];
    });
}
