// A device's history, from its tree's account alone.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { Life } from '../chain/life.ts';
import type { Change } from '../chain/life.ts';
import { t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { utc } from '../words/moment.ts';
import { Back, Transaction } from '../view/Back.tsx';
import { Hash, Key, Part, Table, When } from '../view/atoms.tsx';

const AT_ONCE = 25;

/** Of one tree where that is known, else of all of the network's. */
export default function LifeOf({ device, tree, imported }: { device: Address; tree: number | null; imported: boolean }): JSX.Element {
    const life = useSignal<Promise<Life> | null>(null);
    const begin = async (): Promise<Life> => {
        const network = await data.peek().networkNow();
        const trees = tree === null ? Array.from({ length: network.trees }, (_, index) => index) : [tree];
        return Life.of(rpc.peek(), network.address, trees, device, imported);
    };
    const next = async () => {
        life.value ??= begin();
        const following = life.value;
        following.catch(() => (life.value = null));
        const { changes, ...rest } = await (await following).next(AT_ONCE);
        return { found: changes, ...rest };
    };
    return (
        <Part title={t('life.title')}>
            <Back start={t('life.load')} none={t('life.none')} next={next} slot={({ slot }) => slot} csv={{ name: `device-${device}.csv`, header: HEADER, row: rowOf }}>
                {(found) => <List found={found} />}
            </Back>
        </Part>
    );
}

const HEADER = ['time', 'slot', 'what', 'owner', 'previous_owner', 'reason', 'by', 'change', 'transaction', 'evidence'];

const rowOf = (one: Change): string[] => [
    one.time === null ? '' : utc(one.time),
    `${one.slot}`,
    one.what,
    one.owner ?? '',
    one.previous ?? '',
    one.reason === null ? '' : `${one.reason}`,
    one.by ?? '',
    one.sequence === null ? '' : `${one.sequence}`,
    one.signature,
    one.evidence ?? '',
];

function List({ found }: { found: readonly Change[] }): JSX.Element {
    return (
        <Table
            caption={t('life.title')}
            rows={found}
            columns={[
                { title: t('you.when'), cell: ({ time }) => (time === null ? '' : <When at={time} />) },
                { title: t('history.what'), cell: ({ what, reason }) => <span data-what={what}>{t(`life.${what}`, { reason: `${reason ?? 0}` })}</span> },
                { title: t('common.owner'), cell: ({ owner }) => owner && <Key of={owner} to="you" short /> },
                { title: t('life.before'), cell: ({ previous }) => previous && <Key of={previous} to="you" short /> },
                { title: t('ban.evidence'), cell: ({ evidence }) => evidence && <Hash of={evidence} /> },
                { title: t('life.by'), cell: ({ by }) => by && <Key of={by} short /> },
                { title: t('you.transaction'), cell: ({ signature }) => <Transaction signature={signature} /> },
            ]}
        />
    );
}
