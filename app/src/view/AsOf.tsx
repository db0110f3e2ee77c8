import type { JSX } from 'preact';
import { t } from '../i18n/index.ts';
import { utc } from '../words/moment.ts';

/** When the chain said what stands above, and a way to ask it again. */
export function AsOf({ now, slot, renew }: { now: bigint; slot: bigint; renew: () => void }): JSX.Element {
    return (
        <p class="soft">
            {t('face.asOf', { time: utc(now), slot: `${slot}` })}{' '}
            <button type="button" class="quiet" onClick={renew}>
                {t('face.renew')}
            </button>
        </p>
    );
}
