// Something that is read from the chain stretch by stretch, from now back.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { network } from '../state/app.ts';
import { grouped } from '../words/amount.ts';
import { save } from '../words/csv.ts';
import { explorerOf } from '../words/explorer.ts';
import { Copy } from './atoms.tsx';
import { Failed } from './Loaded.tsx';

/** What one look back found. */
export interface Stretch<T> {
    found: readonly T[];
    looked: number;
    /** Transactions that the node has no more. */
    lost: number;
    over: boolean;
}

interface Props<T> {
    /** On the button that starts. */
    start: string;
    /** When nothing was found. */
    none: string;
    /** Looks further back. */
    next: () => Promise<Stretch<T>>;
    slot: (one: T) => bigint;
    children: (found: readonly T[]) => ComponentChildren;
    /** A file's name, its header and a row. */
    csv: { name: string; header: readonly string[]; row: (one: T) => readonly string[] };
}

export function Back<T>({ start, none, next, slot, children, csv }: Props<T>): JSX.Element {
    const found = useSignal<readonly T[]>([]);
    const seen = useSignal({ looked: 0, lost: 0, over: false });
    const busy = useSignal(false);
    const failure = useSignal<Failure | null>(null);
    const { looked, lost, over } = seen.value;
    const further = (): void => {
        busy.value = true;
        failure.value = null;
        next()
            .then(
                (stretch) => {
                    // A trail that was found late may hold what is newer.
                    found.value = [...found.value, ...stretch.found].sort((a, b) => (slot(a) === slot(b) ? 0 : slot(a) > slot(b) ? -1 : 1));
                    seen.value = { looked: looked + stretch.looked, lost: lost + stretch.lost, over: stretch.over };
                },
                (error: unknown) => (failure.value = Failure.of(error)),
            )
            .finally(() => (busy.value = false));
    };
    const started = looked > 0 || over;
    return (
        <>
            {found.value.length > 0 ? children(found.value) : started && <p>{none}</p>}
            {failure.value && <Failed failure={failure.value} />}
            <div role="status" aria-live="polite">
                {busy.value && <p class="waiting soft">{t('face.waiting')}</p>}
                {started && !busy.value && (
                    <p class="soft" data-name="looked">
                        {t(over ? 'history.whole' : 'history.looked', { count: grouped(looked) })}
                        {lost > 0 && ` ${t('history.lost', { count: grouped(lost) })}`}
                    </p>
                )}
            </div>
            <p class="actions">
                {!over && (
                    <button type="button" disabled={busy.value} onClick={further}>
                        {started ? t('history.further') : start}
                    </button>
                )}
                {found.value.length > 0 && (
                    <button type="button" onClick={() => save(csv.name, [csv.header, ...found.value.map(csv.row)])}>
                        {t('common.csv')}
                    </button>
                )}
            </p>
        </>
    );
}

/** A transaction as a signature, and a way to look at it. */
export function Transaction({ signature }: { signature: string }): JSX.Element {
    const { chain, rpc } = network.value ?? { chain: 'solana:localnet', rpc: [] };
    return (
        <>
            <a class="key" href={explorerOf(signature, chain, rpc[0] ?? '')} rel="noreferrer noopener" target="_blank">
                {signature}
            </a>{' '}
            <Copy text={signature} what={t('you.transaction')} />
        </>
    );
}
