// What holds a whole pool up: a pause, and a revoked epoch that waits for its correction.

import type { JSX } from 'preact';
import { isPaused } from '../chain/pause.ts';
import type { Pool } from '../chain/pool.ts';
import { distance, t } from '../i18n/index.ts';
import { utc } from '../words/moment.ts';

/** A moment as it stands within a sentence. */
export const moment = (at: bigint, now: bigint): string => `${utc(at)} (${distance(at, now)})`;

export function Standstill({ pool, now }: { pool: Pool; now: bigint }): JSX.Element {
    return (
        <>
            {isPaused(pool, now) && (
                <p class="bad" role="alert">
                    {t('network.paused', { time: moment(pool.pausedUntil, now) })}
                </p>
            )}
            {pool.correctionDue !== 0 && (
                <p class="bad" role="alert">
                    {t('network.correction', { epoch: `${pool.activeEpoch}` })}
                </p>
            )}
        </>
    );
}
