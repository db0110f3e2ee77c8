// A pause, and the clock that stands still meanwhile, as the program computes them (`state/pool/pause.rs`).

import type { Pool } from '../generated/reward_vault.ts';

export type Paused = Pick<Pool, 'pausedAt' | 'pausedUntil' | 'pausedTotal'>;

/** Whether claims, burns, redemptions and activation are stopped at `now`. A pause ends by itself. */
export const isPaused = (pool: Paused, now: bigint): boolean => now < pool.pausedUntil;

/** `moment` moved on by the pauses after `pausedBefore` seconds of them. While a pause lasts, it counts up to the end that it will
 * have by itself. */
export const afterPauses = (pool: Paused, moment: bigint, pausedBefore: bigint): bigint =>
    moment + pool.pausedTotal + (pool.pausedUntil - pool.pausedAt) - pausedBefore;
