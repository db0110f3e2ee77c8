// A wallet's history in this pool and in the airdrops that the app names, read from the chain alone.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { History } from '../chain/history.ts';
import type { Happening } from '../chain/history.ts';
import { readCampaign } from '../chain/campaign.ts';
import type { Standing } from '../chain/member.ts';
import { t } from '../i18n/index.ts';
import type { Key as Word } from '../i18n/en.ts';
import { network, rpc } from '../state/app.ts';
import { amount, grouped, plain } from '../words/amount.ts';
import { utc } from '../words/moment.ts';
import { Back, Transaction } from '../view/Back.tsx';
import { Key, Part, Table, When } from '../view/atoms.tsx';

const AT_ONCE = 25;

export default function HistoryOf({ standing }: { standing: Standing }): JSX.Element {
    const { pool, owner } = standing;
    const history = useSignal<Promise<History> | null>(null);
    const begin = async (): Promise<History> => {
        const campaigns = await Promise.all((network.peek()?.campaigns ?? []).map(async ({ address }) => (await readCampaign(rpc.peek(), address)).campaign));
        return History.of(rpc.peek(), pool, campaigns, owner);
    };
    const next = async () => {
        history.value ??= begin();
        const following = history.value;
        // What could not begin is begun anew.
        following.catch(() => (history.value = null));
        const { happened, ...rest } = await (await following).next(AT_ONCE);
        return { found: happened, ...rest };
    };
    return (
        <Part title={t('you.history')}>
            <Back start={t('you.historyLoad')} none={t('you.historyNone')} next={next} slot={({ slot }) => slot} csv={{ name: `history-${owner}.csv`, header: HEADER, row: rowOf }}>
                {(found) => <List found={found} />}
            </Back>
        </Part>
    );
}

const HEADER = ['time', 'slot', 'what', 'pool_or_campaign', 'epoch_round_or_number', 'amount', 'unit', 'base_units', 'to', 'transaction'];

const rowOf = (one: Happening): string[] => [
    one.time === null ? '' : utc(one.time),
    `${one.slot}`,
    one.what,
    one.where,
    one.number === null ? '' : `${one.number}`,
    one.amount ? plain(one.amount.base, one.amount.decimals) : '',
    one.amount?.unit ?? '',
    one.amount ? `${one.amount.base}` : '',
    one.to ?? '',
    one.signature,
];

const NUMBERED: Partial<Record<Happening['what'], Word>> = { Claimed: 'common.epoch', PointsBurnt: 'history.round', BurnSettled: 'history.round' };

function List({ found }: { found: readonly Happening[] }): JSX.Element {
    return (
        <Table
            caption={t('you.history')}
            rows={found}
            columns={[
                { title: t('you.when'), cell: ({ time }) => (time === null ? '' : <When at={time} />) },
                { title: t('history.what'), cell: ({ what }) => <span data-what={what}>{t(`history.${what}`)}</span> },
                {
                    title: t('history.of'),
                    cell: ({ what, number, where }) => (number === null ? <Key of={where} short /> : t(NUMBERED[what] ?? 'history.number', { number: grouped(number) })),
                },
                {
                    title: t('history.amount'),
                    number: true,
                    cell: ({ amount: moved }) =>
                        moved && (
                            <>
                                <data value={`${moved.base}`}>{amount(moved.base, moved.decimals)}</data> {t(`history.${moved.unit}`)}
                            </>
                        ),
                },
                { title: t('history.to'), cell: ({ to }) => to && <Key of={to} to="you" short /> },
                { title: t('you.transaction'), cell: ({ signature }) => <Transaction signature={signature} /> },
            ]}
        />
    );
}
