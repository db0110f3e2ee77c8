// Growth: points, who has most, what burn rounds did.

import type { JSX } from 'preact';
import type { Member } from '../files/table.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped, points } from '../words/amount.ts';
import { Facts, Key, Table, Tokens } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

const SHOWN = 100;

export default function Growth(): JSX.Element {
    return (
        <>
            <Title>{t('growth.title')}</Title>
            <Loaded of={data.value.overview}>
                {({ now: { pool } }) => (
                    <>
                        <Facts
                            rows={[
                                [t('growth.points'), <data data-name="points_issued">{points(pool.pointsIssued)}</data>],
                                [t('growth.burnt'), points(pool.pointsBurnt)],
                                [t('growth.rounds'), grouped(pool.nextRound)],
                            ]}
                        />
                        <Loaded of={data.value.members()}>{(members) => <Ranks members={members} decimals={pool.decimals} />}</Loaded>
                    </>
                )}
            </Loaded>
        </>
    );
}

function Ranks({ members, decimals }: { members: readonly Member[]; decimals: number }): JSX.Element {
    // Of equal points the older member comes first, as everywhere in the suite.
    const ranked = [...members].sort((a, b) => (a.points === b.points ? a.index - b.index : a.points < b.points ? 1 : -1));
    return (
        <Table
            caption={t('growth.ranks')}
            rows={ranked.slice(0, SHOWN)}
            columns={[
                { title: t('growth.rank'), number: true, cell: (_, at) => grouped(at + 1) },
                { title: t('growth.member'), cell: (member) => <Key of={member.owner} to="you" short /> },
                { title: t('growth.pointsColumn'), number: true, cell: (member) => points(member.points) },
                { title: t('growth.tokens'), number: true, cell: (member) => <Tokens base={member.tokens} decimals={decimals} /> },
            ]}
        />
    );
}
