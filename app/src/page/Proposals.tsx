// Rules that are announced, or were: what they change, and whom they would have paid more or less for epochs that are over.

import type { JSX } from 'preact';
import { hex } from '../check/merkle.ts';
import type { Pool } from '../chain/pool.ts';
import type { Backtest, Sides } from '../files/announced.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import type { Proposed } from '../state/data.ts';
import { amount, grouped, points } from '../words/amount.ts';
import { changesOf } from '../words/changes.ts';
import { spoken } from '../words/kind.ts';
import { Command, Facts, Hash, Key, Part, Table, Unfold } from '../view/atoms.tsx';
import type { Column } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

export default function Proposals({ pool, newest }: { pool: Pool; newest: bigint }): JSX.Element {
    const pending = pool.pendingRuleset.effectiveAt === 0n ? null : hex(pool.pendingRuleset.hash);
    return (
        <Part title={t('backtest.title')}>
            {pending === null ? <p>{t('backtest.noneAnnounced')}</p> : <Tried key={pending} hash={pending} pool={pool} newest={newest} pending />}
            <Tried hash={hex(pool.rulesetHash)} pool={pool} newest={newest} />
        </Part>
    );
}

interface TriedProps {
    hash: string;
    pool: Pool;
    newest: bigint;
    pending?: boolean;
}

function Tried({ hash, pool, newest, pending }: TriedProps): JSX.Element {
    return (
        <Loaded of={data.value.announced(hash)}>
            {(found) =>
                found ? (
                    <section data-backtest={hash}>
                        <h3>{t(pending ? 'backtest.announced' : 'backtest.inForce')}</h3>
                        <p>
                            <Hash of={hash} />
                        </p>
                        <p class="good">{t('backtest.hashHolds')}</p>
                        {pending && <Changed found={found} newest={newest} />}
                        <Report found={found} decimals={pool.decimals} />
                    </section>
                ) : (
                    <>{pending && <p class="held">{t('backtest.notPublished')}</p>}</>
                )
            }
        </Loaded>
    );
}

/** Two rulesets may stand here, and a reader of the screen tells tables apart by what they are called. */
const marked = (title: string, { hash }: Backtest): string => `${title} · ${hash.slice(0, 8)}`;

const or = (text: string | null): string => text ?? t('common.none');

/** What differs from the rules of the newest epoch. */
function Changed({ found, newest }: { found: Proposed; newest: bigint }): JSX.Element {
    return (
        <Loaded of={data.value.rules(newest)}>
            {(rules) => {
                const { values, files } = changesOf(rules, found.rules);
                return (
                    <>
                        <Table
                            captioned
                            caption={t('backtest.values', { epoch: `${newest}` })}
                            rows={values}
                            columns={[
                                { title: t('community.number'), cell: ({ name }) => <code>{name}</code> },
                                { title: t('community.now'), number: true, cell: ({ before }) => or(before) },
                                { title: t('community.then'), number: true, cell: ({ after }) => or(after) },
                            ]}
                        />
                        {files.length === 0 ? (
                            <p>{t('backtest.sqlSame')}</p>
                        ) : (
                            files.map(({ name, what }) => (
                                <Unfold key={name} title={`${name}.sql · ${t(`backtest.${what}`)}`}>
                                    {() => (
                                        <pre lang="en" tabIndex={0}>
                                            {(what === 'removed' ? rules : found.rules).rules.find((rule) => rule.name === name)?.text}
                                        </pre>
                                    )}
                                </Unfold>
                            ))
                        )}
                    </>
                );
            }}
        </Loaded>
    );
}

/** Two columns of something before and after. */
const both = <R, T>(title: string, of: (row: R) => Sides<T>, show: (value: T) => string): Column<R>[] => [
    { title: t('backtest.before', { what: title }), number: true, cell: (row) => show(of(row).before) },
    { title: t('backtest.after', { what: title }), number: true, cell: (row) => show(of(row).after) },
];

function Report({ found: { report, differing, unchecked }, decimals }: { found: Proposed; decimals: number }): JSX.Element {
    const tokens = (base: bigint): string => amount(base, decimals);
    const { owners, epochs } = report;
    const [first, last] = [epochs[0]?.epoch ?? 0n, epochs.at(-1)?.epoch ?? 0n];
    return (
        <>
            <Facts
                rows={[
                    [t('backtest.epochs'), `${first} – ${last}`],
                    [t('backtest.winners'), <data data-name="winners">{grouped(owners.winners)}</data>],
                    [t('backtest.losers'), <data data-name="losers">{grouped(owners.losers)}</data>],
                    [t('backtest.same'), <data data-name="same">{grouped(owners.same)}</data>],
                ]}
            />
            {differing.length > 0 ? (
                <p class="bad" role="alert">
                    {t('backtest.differs', { epochs: differing.join(', ') })}
                </p>
            ) : (
                <p class="good">{t('backtest.agrees', { count: grouped(epochs.length - unchecked) })}</p>
            )}
            <p class="soft">{t('backtest.trust')}</p>
            <Table
                captioned
                caption={marked(t('backtest.byEpoch'), report)}
                rows={epochs}
                columns={[
                    { title: t('epochs.epoch'), number: true, cell: ({ epoch }) => `${epoch}` },
                    ...both<(typeof epochs)[number], number>(t('epochs.accepted'), ({ accepted }) => accepted, grouped),
                    ...both<(typeof epochs)[number], bigint>(t('backtest.tokens'), (row) => row.tokens, tokens),
                ]}
            />
            <Unfold title={t('backtest.more')}>{() => <More report={report} tokens={tokens} />}</Unfold>
            <Command text={`cairn rules backtest --rules announced/${report.hash} --epochs ${first}..${last} --files DIR --decimals ${decimals}`} />
        </>
    );
}

function More({ report, tokens }: { report: Backtest; tokens: (base: bigint) => string }): JSX.Element {
    type Of<K extends 'kinds' | 'deciles' | 'mostAffected' | 'countries'> = Backtest[K][number];
    return (
        <>
            <Table
                captioned
                caption={marked(t('backtest.byKind'), report)}
                rows={report.kinds}
                columns={[
                    { title: t('proof.kind'), cell: ({ kind }) => <span lang="en">{spoken(or(kind))}</span> },
                    ...both<Of<'kinds'>, number>(t('epochs.accepted'), ({ accepted }) => accepted, grouped),
                    ...both<Of<'kinds'>, bigint>(t('proof.points'), (row) => row.points, points),
                    ...both<Of<'kinds'>, bigint>(t('proof.credits'), ({ credits }) => credits, grouped),
                ]}
            />
            <Table
                captioned
                caption={marked(t('backtest.byReason'), report)}
                rows={report.reasons}
                columns={[
                    { title: t('proof.kind'), cell: ({ kind }) => <span lang="en">{spoken(or(kind))}</span> },
                    { title: t('community.now'), cell: ({ before }) => <code>{before}</code> },
                    { title: t('community.then'), cell: ({ after }) => <code>{after}</code> },
                    { title: t('epoch.proofs'), number: true, cell: ({ proofs }) => grouped(proofs) },
                ]}
            />
            <Table
                captioned
                caption={marked(t('backtest.byTenth'), report)}
                rows={report.deciles}
                columns={[
                    { title: t('backtest.tenth'), number: true, cell: ({ decile }) => `${decile}` },
                    { title: t('backtest.people'), number: true, cell: ({ owners }) => grouped(owners) },
                    ...both<Of<'deciles'>, bigint>(t('backtest.tokens'), (row) => row.tokens, tokens),
                    { title: t('backtest.winners'), number: true, cell: ({ winners }) => grouped(winners) },
                    { title: t('backtest.losers'), number: true, cell: ({ losers }) => grouped(losers) },
                ]}
            />
            <Table
                captioned
                caption={marked(t('backtest.byCountry'), report)}
                rows={report.countries}
                columns={[
                    { title: t('device.country'), cell: ({ group }) => group ?? t('network.notTold') },
                    ...both<Of<'countries'>, bigint>(t('proof.points'), (row) => row.points, points),
                ]}
            />
            <Table
                captioned
                caption={marked(t('backtest.most'), report)}
                rows={report.mostAffected}
                columns={[
                    { title: t('growth.member'), cell: ({ owner }) => <Key of={owner} to="you" short /> },
                    ...both<Of<'mostAffected'>, bigint>(t('backtest.tokens'), (row) => row.tokens, tokens),
                    ...both<Of<'mostAffected'>, bigint>(t('proof.points'), (row) => row.points, points),
                ]}
            />
            <h4>{t('backtest.believed')}</h4>
            <ul lang="en">
                {report.trust.map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                ))}
            </ul>
        </>
    );
}
