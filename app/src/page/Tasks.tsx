// Carriers' tasks: what they grant, what is left of an epoch's budget, how to do one.

import { isAddress } from '@solana/kit';
import type { JSX } from 'preact';
import type { Summary } from '../files/summary.ts';
import { t } from '../i18n/index.ts';
import { network } from '../state/app.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { wordsOf } from '../words/kind.ts';
import type { Rulebook, Task } from '../words/why.ts';
import { Facts, Key, Part, Table } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

const KIND = 'esim_task';

export default function Tasks(): JSX.Element {
    return (
        <Part title={t('tasks.title')}>
            <Loaded of={data.value.newest()}>
                {({ number }) => <Loaded of={data.value.rulebook(number)}>{(rulebook) => <Known rulebook={rulebook} number={number} />}</Loaded>}
            </Loaded>
        </Part>
    );
}

function Known({ rulebook, number }: { rulebook: Rulebook; number: bigint }): JSX.Element {
    if (rulebook.tasks.length === 0 || !rulebook.kinds.includes(KIND)) return <p>{t('tasks.none')}</p>;
    const words = wordsOf(rulebook.version, KIND);
    return (
        <>
            {words && <p lang="en">{words.about}</p>}
            <Table
                caption={t('tasks.title')}
                rows={rulebook.tasks}
                columns={[
                    { title: '№', number: true, cell: ({ id }) => `${id}` },
                    { title: t('tasks.what'), cell: ({ name }) => <span lang="en">{name}</span> },
                    { title: t('tasks.grants'), number: true, cell: ({ credits }) => grouped(credits) },
                    { title: t('tasks.budget'), number: true, cell: ({ creditsPerEpoch }) => grouped(creditsPerEpoch) },
                    { title: t('discovery.carrier'), cell: ({ carrier }) => (isAddress(carrier) ? <Key of={carrier} short /> : carrier) },
                    { title: t('tasks.where'), cell: (task) => <Where task={task} /> },
                ]}
            />
            <Loaded of={data.value.summary()}>{({ summary }) => <Budget tasks={rulebook.tasks} number={number} summary={summary} />}</Loaded>
            <p>{t('tasks.how')}</p>
            <p class="soft">{t('common.source', { file: 'inputs/ruleset.toml', epoch: `${number}` })}</p>
        </>
    );
}

/** A page of the carrier's, where cairn.json names one: nobody is asked before a person follows it. */
function Where({ task }: { task: Task }): JSX.Element {
    const url = network.value?.tasks.get(task.id);
    return url === undefined ? (
        <>{t('tasks.askCarrier')}</>
    ) : (
        <a href={url} rel="noreferrer" target="_blank">
            {new URL(url).host}
        </a>
    );
}

interface BudgetProps {
    tasks: readonly Task[];
    number: bigint;
    summary: Summary;
}

/** What the newest epoch granted, by its summary: no single proof is asked for. A summary counts the completions of all tasks together, so
 * credits are told where there is one task; leaves have other sums, of what is kept for some and was owed to others. */
function Budget({ tasks, number, summary }: BudgetProps): JSX.Element {
    const only = tasks.length === 1 ? tasks[0] : undefined;
    const counted = (reason: string): number => summary.proofs.filter((row) => row.kind === KIND && row.reason === reason).reduce((sum, { count }) => sum + count, 0);
    const granted = (task: Task): bigint => task.credits * BigInt(counted('OK'));
    return (
        <>
            <h3>{t('tasks.inEpoch', { epoch: `${number}` })}</h3>
            <Facts
                rows={[
                    [t('tasks.completions'), <data data-name="completions">{grouped(counted('OK'))}</data>],
                    [t('tasks.usedUp'), grouped(counted('NO_PAYER_FUNDS'))],
                    only ? [t('tasks.granted'), <data data-name="credits_granted">{grouped(granted(only))}</data>] : null,
                    only ? [t('tasks.left'), <data data-name="credits_left">{t('common.of', { part: grouped(only.creditsPerEpoch - granted(only)), whole: grouped(only.creditsPerEpoch) })}</data>] : null,
                ]}
            />
        </>
    );
}
