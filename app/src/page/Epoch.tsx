// One epoch: votes, window, root; what it was computed from and how its emission was divided; and a check of it, here.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { checkEpoch } from '../check/epoch.ts';
import type { Finding } from '../check/epoch.ts';
import { hex } from '../check/merkle.ts';
import { rust } from '../check/rust.ts';
import { attestersOf, needed, tally } from '../chain/epoch.ts';
import { activatableAt, windowOverAt } from '../chain/window.ts';
import type { Epoch, Record } from '../chain/epoch.ts';
import type { PoolNow } from '../chain/pool.ts';
import { Failure } from '../failure.ts';
import { entryOf } from '../files/manifest.ts';
import type { Manifest } from '../files/manifest.ts';
import reasons from '../generated/reasons.ts';
import { t } from '../i18n/index.ts';
import { mirrors } from '../state/app.ts';
import { data } from '../state/data.ts';
import { amount, grouped, points } from '../words/amount.ts';
import { vetoed } from '../words/veto.ts';
import { AsOf } from '../view/AsOf.tsx';
import { Command, Facts, Hash, Key, Part, Table, Tokens, When, bytes } from '../view/atoms.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Failed, Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';
import { later } from '../view/later.tsx';
import { uncapped } from '../words/limits.ts';
import { statusOf } from './Epochs.tsx';
import type RecomputePart from './Recompute.tsx';

// Few people recompute an epoch: its code comes when a page first shows it.
const Recompute = later<Parameters<typeof RecomputePart>[0]>(() => import('./Recompute.tsx'));

export default function EpochPage({ number }: { number: bigint }): JSX.Element {
    return (
        <>
            <Title>{t('common.epoch', { number: `${number}` })}</Title>
            <Tabs at="epochs" />
            <Loaded of={data.value.overview}>
                {({ now, records }) => {
                    const record = records.find(({ epoch }) => epoch.number === number);
                    return record ? <Known record={record} records={records} now={now} /> : <Failed failure={new Failure('epoch-unknown', { epoch: `${number}` })} />;
                }}
            </Loaded>
        </>
    );
}

function Known({ record, records, now }: { record: Record; records: readonly Record[]; now: PoolNow }): JSX.Element {
    const { epoch } = record;
    return (
        <>
            <section class="card">
                <p>
                    <strong data-name="status">{statusOf(record)}</strong>
                </p>
                {record.closed ? <p>{t('epoch.closedNote')}</p> : <Votes epoch={record.epoch} now={now} />}
                <Facts
                    rows={[
                        [t('epoch.root'), <Hash of={hex(epoch.root)} />],
                        [t('epochs.tokens'), <Tokens base={epoch.tokens} decimals={now.pool.decimals} name="tokens" />],
                        [t('epochs.members'), grouped(epoch.leafCount)],
                        [t('epoch.manifest'), <Hash of={hex(epoch.manifestHash)} />],
                    ]}
                />
                <AsOf now={now.now} slot={now.slot} renew={() => void data.value.overview.renew()} />
            </section>
            <Loaded of={data.value.manifest(epoch.number)}>{({ manifest }) => <Files manifest={manifest} record={record} records={records} now={now} />}</Loaded>
            <Command text={`cairn epoch show ${epoch.number} --pool ${now.pool.address}`} />
        </>
    );
}

function Votes({ epoch, now }: { epoch: Epoch; now: PoolNow }): JSX.Element {
    const open = epoch.state === 'proposed' || epoch.state === 'attested';
    return (
        <Facts
            rows={[
                [t('epochs.period'), <><When at={epoch.periodStart} /> – <When at={epoch.periodEnd} /></>],
                [t('epoch.proposedBy'), <Key of={epoch.proposer} />],
                [t('epoch.proposedAt'), <When at={epoch.proposedAt} now={now.now} />],
                [
                    t('epoch.votes'),
                    <>
                        {t('epoch.votesNeeded', { tally: `${tally(epoch, now.pool)}`, needed: `${needed(epoch, now.pool)}` })}
                        {attestersOf(epoch).map((key) => (
                            <div key={key}>
                                <Key of={key} />
                            </div>
                        ))}
                    </>,
                ],
                epoch.completeAt === 0n ? null : [t('epoch.completeAt'), <When at={epoch.completeAt} now={now.now} />],
                open ? [t('epoch.window'), <><When at={activatableAt(epoch, now.pool)} now={now.now} /><p class="soft">{t('epoch.windowNote')}</p></>] : null,
                open && epoch.completeAt === 0n ? [t('epoch.lapses'), <When at={windowOverAt(epoch, now.pool)} now={now.now} />] : null,
                open ? [t('epoch.challenges'), <Challenges open={epoch.openChallenges} />] : null,
                epoch.correction !== 0 ? [t('epoch.correction'), t('epoch.correctionNote')] : null,
                epoch.activatedAt === 0n ? null : [t('epoch.activated'), <When at={epoch.activatedAt} now={now.now} />],
                epoch.state === 'vetoed' ? [t('epoch.vetoed'), vetoed(epoch.vetoReason)] : null,
                epoch.keptUntil === 0n ? null : [t('epoch.kept'), <When at={epoch.keptUntil} now={now.now} />],
                epoch.attempt > 0 ? [t('epoch.attempt'), t('epoch.attempts', { count: `${epoch.attempt}` })] : null,
                [t('epoch.canopy'), epoch.canopyComplete ? t('epoch.complete') : t('epoch.incomplete')],
                open ? [t('epoch.may'), <Allowance epoch={epoch} decimals={now.pool.decimals} />] : null,
                [t('epochs.accepted'), grouped(epoch.accepted)],
                [t('epochs.rejected'), grouped(epoch.rejected)],
                [t('epoch.ruleset'), <Hash of={hex(epoch.rulesetHash)} />],
                [t('epoch.code'), <Hash of={hex(epoch.codeHash)} />],
            ]}
        />
    );
}

function Challenges({ open }: { open: number }): JSX.Element {
    return (
        <>
            <data data-name="open_challenges">{grouped(open)}</data>
            {open > 0 && <p class="held">{t('epoch.challengesNote')}</p>}
        </>
    );
}

/** What an epoch may add to the active one's totals, as its proposal froze it. */
function Allowance({ epoch, decimals }: { epoch: Epoch; decimals: number }): JSX.Element {
    const [tokens, credits] = [amount(epoch.emissionAllowance, decimals), uncapped(epoch.creditsAllowance) ? t('epoch.any') : grouped(epoch.creditsAllowance)];
    return <>{t('epoch.mayAdd', { tokens, points: uncapped(epoch.pointsAllowance) ? t('epoch.any') : points(epoch.pointsAllowance), credits })}</>;
}

function Files({ manifest, record, records, now }: { manifest: Manifest; record: Record; records: readonly Record[]; now: PoolNow }): JSX.Element {
    const tokens = (base: bigint): string => amount(base, now.pool.decimals);
    const counted = Object.entries(manifest.reasons).filter(([, count]) => count > 0);
    return (
        <>
            <Part title={t('epoch.division')}>
                <Table
                    caption={t('epoch.division')}
                    rows={manifest.pots}
                    columns={[
                        { title: t('epoch.part'), cell: (pot) => pot.name },
                        { title: t('epoch.emission'), number: true, cell: (pot) => tokens(pot.emission) },
                        { title: t('epoch.allocated'), number: true, cell: (pot) => tokens(pot.allocated) },
                        { title: t('epoch.unallocated'), number: true, cell: (pot) => tokens(pot.unallocated) },
                        { title: t('epoch.partPoints'), number: true, cell: (pot) => points(pot.milliPoints) },
                    ]}
                />
            </Part>
            <Part title={t('epoch.reasons')}>
                <Table
                    caption={t('epoch.reasons')}
                    rows={counted.sort(([, a], [, b]) => b - a)}
                    columns={[
                        { title: t('epoch.reason'), cell: ([name]) => <code>{name}</code> },
                        { title: t('epoch.proofs'), number: true, cell: ([, count]) => grouped(count) },
                        { title: t('epoch.meaning'), cell: ([name]) => <span lang="en">{reasons.find((one) => one.name === name)?.meaning}</span> },
                    ]}
                />
            </Part>
            {!record.closed && <Check epoch={record.epoch} manifest={manifest} now={now} />}
            {!record.closed && <Recompute epoch={record.epoch} manifest={manifest} records={records} />}
        </>
    );
}

function Check({ epoch, manifest, now }: { epoch: Epoch; manifest: Manifest; now: PoolNow }): JSX.Element {
    const findings = useSignal<readonly Finding[] | 'running' | Failure | null>(null);
    const run = async (): Promise<void> => {
        findings.value = 'running';
        try {
            const { readMembers } = await import('../files/table.ts');
            const members = await readMembers(mirrors.peek(), manifest);
            findings.value = checkEpoch(await rust(), epoch, manifest, members, now);
        } catch (error) {
            findings.value = Failure.of(error);
        }
    };
    const found = findings.value;
    return (
        <Part title={t('epoch.check')}>
            <button type="button" onClick={() => void run()} disabled={found === 'running'}>
                {t('epoch.checkRun', { size: bytes(entryOf(manifest, 'outputs/leaves.parquet').size) })}
            </button>
            <div role="status">
                {found === 'running' && <p class="waiting">{t('epoch.checking')}</p>}
                {Array.isArray(found) && (
                    <>
                        <ul class="verdicts">
                            {(found as readonly Finding[]).map((finding) => (
                                <li key={finding.what} class={finding.holds ? 'good' : 'bad'} data-check={finding.what} data-holds={finding.holds}>
                                    {finding.holds ? '✓' : '✗'} {t(`check.${finding.what}`, finding.facts)} — {finding.holds ? t('check.good') : t('check.bad')}
                                </li>
                            ))}
                        </ul>
                        <p class="soft">{t('check.trust', { epoch: `${epoch.number}` })}</p>
                    </>
                )}
            </div>
            {found instanceof Failure && <Failed failure={found} retry={() => void run()} />}
        </Part>
    );
}
