// The whole audit of an epoch, here: computed once more from its published inputs by the keepers' own code.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Epoch, Record } from '../chain/epoch.ts';
import { recompute, taskOf, weightOf } from '../check/recompute.ts';
import type { Finding, Outcome, Progress } from '../check/recompute.ts';
import { Failure } from '../failure.ts';
import type { Manifest } from '../files/manifest.ts';
import { t } from '../i18n/index.ts';
import { mirrors } from '../state/app.ts';
import { grouped } from '../words/amount.ts';
import { Part, bytes } from '../view/atoms.tsx';
import { Failed } from '../view/Loaded.tsx';

type At = { at: 'asking' } | { at: 'running'; progress: Progress; stop: () => void } | { at: 'over'; outcome: Outcome } | { at: 'failed'; failure: Failure };

interface Props {
    epoch: Epoch;
    manifest: Manifest;
    records: readonly Record[];
}

export default function Recompute({ epoch, manifest, records }: Props): JSX.Element {
    const state = useSignal<At>({ at: 'asking' });
    const now = state.value;
    const weight = weightOf(manifest);
    useEffect(() => () => stopIn(state.peek()), []);
    const run = (): void => {
        const { outcome, stop } = recompute(taskOf(mirrors.peek().bases, epoch, records), (progress) => (state.value = { at: 'running', progress, stop }));
        state.value = { at: 'running', progress: { at: 'fetching', bytes: 0 }, stop };
        outcome.then(
            (found) => (state.value = { at: 'over', outcome: found }),
            (error: unknown) => (state.value = { at: 'failed', failure: Failure.of(error) }),
        );
    };
    const stop = (): void => {
        stopIn(state.peek());
        state.value = { at: 'asking' };
    };
    return (
        <Part title={t('recompute.title')}>
            <p>{t('recompute.what', { proofs: grouped(manifest.received) })}</p>
            <button type="button" onClick={run} disabled={now.at === 'running'}>
                {t('recompute.run', { size: bytes(weight) })}
            </button>
            <div role="status">
                {now.at === 'running' && <Running progress={now.progress} weight={weight} />}
                {now.at === 'over' && <Verdict outcome={now.outcome} epoch={epoch} />}
            </div>
            {now.at === 'running' && (
                <button type="button" onClick={stop}>
                    {t('recompute.stop')}
                </button>
            )}
            {now.at === 'failed' && <Failed failure={now.failure} retry={run} />}
        </Part>
    );
}

function stopIn(state: At): void {
    if (state.at === 'running') state.stop();
}

function Running({ progress, weight }: { progress: Progress; weight: number }): JSX.Element {
    if (progress.at === 'step') {
        return (
            <p class="waiting">
                <span lang="en">{progress.step}</span>
                {progress.total > 0 && ` (${grouped(progress.total)})`} …
            </p>
        );
    }
    return <p class="waiting">{progress.at === 'fetching' ? t('recompute.fetching', { done: bytes(progress.bytes), whole: bytes(weight) }) : t('recompute.starting')}</p>;
}

function Verdict({ outcome, epoch }: { outcome: Outcome; epoch: Epoch }): JSX.Element {
    const { finding, millis } = outcome;
    return (
        <>
            <ul class="verdicts">
                <Outputs finding={finding} />
                {finding.finding === 'equal' && finding.follows && <Held good what="follows" words={t('recompute.follows', { epoch: `${epoch.number - 1n}` })} />}
                {finding.finding === 'breaks' && (
                    <Held what="follows" words={t('recompute.breaks', { epoch: `${epoch.number - 1n}`, file: finding.file })}>
                        <span lang="en">{finding.message}</span>
                    </Held>
                )}
            </ul>
            {finding.finding === 'equal' && !finding.follows && epoch.number > 1n && <p class="soft">{t('recompute.before', { epoch: `${epoch.number - 1n}` })}</p>}
            <p class="soft">{t('recompute.trust', { epoch: `${epoch.number}` })}</p>
            <p class="soft">{t('recompute.took', { seconds: grouped(Math.ceil(millis / 1_000)) })}</p>
        </>
    );
}

function Outputs({ finding }: { finding: Finding }): JSX.Element {
    switch (finding.finding) {
        case 'differs':
            return <Held what="recomputed" words={t('recompute.differs', { file: finding.file, field: finding.field, expected: finding.expected, found: finding.found })} />;
        case 'breaks':
            return <Held good what="recomputed" words={t('recompute.equalHere')} />;
        case 'equal':
            return <Held good what="recomputed" words={t('recompute.equal', { files: grouped(finding.files), accepted: grouped(finding.accepted), rejected: grouped(finding.rejected) })} />;
    }
}

function Held({ good, what, words, children }: { good?: boolean; what: string; words: string; children?: JSX.Element }): JSX.Element {
    return (
        <li class={good ? 'good' : 'bad'} data-check={what} data-holds={good === true}>
            {good ? '✓' : '✗'} {words} {children}
        </li>
    );
}
