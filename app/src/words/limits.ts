// A pool's limits in words, as `cairn pool show` has them: in effect, announced, and those at creation.

import { WHOLE_BPS } from '../chain/breaker.ts';
import type { StoredParams } from '../generated/reward_vault.ts';
import { span, t } from '../i18n/index.ts';
import { amount, grouped, points } from './amount.ts';

export type Limits = Omit<StoredParams, 'reserved'>;

/** A cap of the largest number bounds nothing. */
export const uncapped = (cap: bigint): boolean => cap >= (1n << 64n) - 1n;

/** Label and value of each, in the order people read them. */
export function limits(of: Limits, decimals: number): [string, string][] {
    const capped = (cap: bigint, show: (cap: bigint) => string): string =>
        uncapped(cap) ? t('community.noCap') : t('community.capIs', { cap: show(cap), interval: span(of.epochIntervalSecs) });
    return [
        [t('community.tokensCap'), t('community.capIs', { cap: amount(of.emissionCap, decimals), interval: span(of.epochIntervalSecs) })],
        [t('community.pointsCap'), capped(of.pointsCap, points)],
        [t('community.creditsCap'), capped(of.creditsCap, grouped)],
        [t('community.window'), span(of.challengeWindowSecs)],
        [t('community.answer'), span(of.answerSecs)],
        [t('community.breaker'), breaker(of, decimals)],
        [t('community.cooldown'), span(of.recipientCooldownSecs)],
        [t('community.delay'), span(of.paramsDelaySecs)],
    ];
}

function breaker(of: Limits, decimals: number): string {
    if (of.breakerShareBps >= WHOLE_BPS) return t('community.noCap');
    const facts = { share: amount(BigInt(of.breakerShareBps), 2), window: span(of.breakerWindowSecs) };
    return of.breakerFloor === 0n ? t('community.breakerIs', facts) : t('community.breakerFloor', { ...facts, floor: amount(of.breakerFloor, decimals) });
}
