// Transactions that touched the member's token account: payments, and whatever else moved its tokens.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { save } from '../words/csv.ts';
import { utc } from '../words/moment.ts';
import { Part, Table, When } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

type Found = Awaited<ReturnType<(typeof rpc.value)['signatures']>>;
const MOST = 50;

export default function Payments({ account }: { account: Address }): JSX.Element {
    const asked = useSignal<Resource<Found> | null>(null);
    return (
        <Part title={t('you.history')}>
            {asked.value ? (
                <Loaded of={asked.value}>{(found) => (found.length === 0 ? <p>{t('you.historyNone')}</p> : <List account={account} found={found} />)}</Loaded>
            ) : (
                <button type="button" onClick={() => (asked.value = resource(() => rpc.peek().signatures(account, MOST)))}>
                    {t('you.historyLoad')}
                </button>
            )}
        </Part>
    );
}

function List({ account, found }: { account: Address; found: Found }): JSX.Element {
    const csv = (): void =>
        save(`payments-${account}.csv`, [['when', 'slot', 'transaction', 'failed'], ...found.map((one) => [one.blockTime === null ? '' : utc(one.blockTime), `${one.slot}`, one.signature, one.failed ? '1' : '0'])]);
    return (
        <>
            <Table
                caption={t('you.history')}
                rows={found}
                columns={[
                    { title: t('you.when'), cell: (one) => (one.blockTime === null ? '' : <When at={one.blockTime} />) },
                    { title: t('you.transaction'), cell: (one) => <><span class="key">{one.signature}</span> {one.failed && <span class="bad">{t('you.historyFailed')}</span>}</> },
                ]}
            />
            <button type="button" onClick={csv}>
                {t('common.csv')}
            </button>
        </>
    );
}
