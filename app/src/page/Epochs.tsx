// Epochs: what keepers proposed, who voted, what is in force.

import type { JSX } from 'preact';
import { needed, tally } from '../chain/epoch.ts';
import type { Record } from '../chain/epoch.ts';
import type { Pool } from '../chain/pool.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { utc } from '../words/moment.ts';
import { AsOf } from '../view/AsOf.tsx';
import { Table, Tokens } from '../view/atoms.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

export default function Epochs(): JSX.Element {
    return (
        <>
            <Title>{t('epochs.title')}</Title>
            <Tabs at="epochs" />
            <Loaded of={data.value.overview}>
                {({ now, records }) => (
                    <>
                        {records.length === 0 ? <p>{t('epochs.none')}</p> : <Loaded of={data.value.index()}>{(index) => <List pool={now.pool} records={records} index={index} />}</Loaded>}
                        <AsOf now={now.now} slot={now.slot} renew={() => void data.value.overview.renew()} />
                    </>
                )}
            </Loaded>
        </>
    );
}

export const statusOf = (record: Record): string => t(record.closed ? 'status.closed' : `status.${record.epoch.state}`);

/** `2013-01-07 00:00`: periods share seconds and zone. */
const day = (secs: bigint): string => utc(secs).replace(/:00 UTC$/, '');

function List({ pool, records, index }: { pool: Pool; records: readonly Record[]; index: ReadonlySet<bigint> | null }): JSX.Element {
    const open = <T,>(record: Record, show: (epoch: (Record & { closed: false })['epoch']) => T): T | string => (record.closed ? '' : show(record.epoch));
    return (
        <>
            <Table
                caption={t('epochs.title')}
                rows={records}
                columns={[
                    { title: t('epochs.epoch'), cell: ({ epoch }) => <a href={`#/epoch/${epoch.number}`}>{`${epoch.number}`}</a> },
                    { title: t('epochs.status'), cell: statusOf },
                    { title: t('epochs.period'), cell: (record) => open(record, (epoch) => <><span class="key whole">{day(epoch.periodStart)} –</span> <span class="key whole">{day(epoch.periodEnd)}</span></>) },
                    { title: t('epochs.members'), number: true, cell: ({ epoch }) => grouped(epoch.leafCount) },
                    { title: t('epochs.tokens'), number: true, cell: ({ epoch }) => <Tokens base={epoch.tokens} decimals={pool.decimals} name={`epoch ${epoch.number}`} /> },
                    { title: t('epochs.accepted'), number: true, cell: (record) => open(record, (epoch) => grouped(epoch.accepted)) },
                    { title: t('epochs.rejected'), number: true, cell: (record) => open(record, (epoch) => grouped(epoch.rejected)) },
                    { title: t('epochs.votes'), cell: (record) => open(record, (epoch) => t('common.of', { part: `${tally(epoch, pool)}`, whole: `${needed(epoch, pool)}` })) },
                    ...(index ? [{ title: t('epochs.files'), cell: ({ epoch }: Record) => t(index.has(epoch.number) ? 'epochs.filesHere' : 'epochs.filesNone') }] : []),
                ]}
            />
            <p class="soft">{t(index ? 'epochs.hint' : 'epochs.noIndex')}</p>
        </>
    );
}
