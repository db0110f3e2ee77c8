// Growth: airdrops, points, who has most, burn rounds.

import type { JSX } from 'preact';
import { campaignState } from '../chain/campaign.ts';
import { stateOf } from '../chain/round.ts';
import type { Round } from '../chain/round.ts';
import type { Member } from '../files/table.ts';
import { t } from '../i18n/index.ts';
import { network } from '../state/app.ts';
import { data } from '../state/data.ts';
import { grouped, points } from '../words/amount.ts';
import { Facts, Key, Part, Table, Tokens, When } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

const SHOWN = 100;

export default function Growth(): JSX.Element {
    return (
        <>
            <Title>{t('growth.title')}</Title>
            <Part title={t('growth.campaigns')}>
                <Campaigns />
            </Part>
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
                        <Part title={t('growth.roundsTitle')}>
                            <Loaded of={data.value.rounds()}>{({ rounds, now }) => <Rounds rounds={rounds} now={now} decimals={pool.decimals} />}</Loaded>
                        </Part>
                        <Loaded of={data.value.members()}>{(members) => <Ranks members={members} decimals={pool.decimals} />}</Loaded>
                    </>
                )}
            </Loaded>
        </>
    );
}

/** Airdrops that cairn.json names. */
function Campaigns(): JSX.Element {
    const campaigns = network.value?.campaigns ?? [];
    if (campaigns.length === 0) return <p>{t('growth.noCampaigns')}</p>;
    return (
        <ul class="verdicts">
            {campaigns.map(({ address }) => (
                <li key={address} class="card">
                    <a href={`#/campaign/${address}`}>
                        <Key of={address} />
                    </a>
                    <Loaded of={data.value.campaign(address)}>
                        {({ campaign, now }) => (
                            <Facts
                                rows={[
                                    [t('epochs.status'), t(`campaign.${campaignState(campaign, now)}`)],
                                    [t('campaign.tokens'), <Tokens base={campaign.tokens} decimals={campaign.decimals} />],
                                    [t('campaign.expires'), <When at={campaign.expiresAt} now={now} />],
                                ]}
                            />
                        )}
                    </Loaded>
                </li>
            ))}
        </ul>
    );
}

function Rounds({ rounds, now, decimals }: { rounds: readonly Round[]; now: bigint; decimals: number }): JSX.Element {
    if (rounds.length === 0) return <p>{t('growth.noRounds')}</p>;
    return (
        <Table
            caption={t('growth.roundsTitle')}
            rows={rounds}
            columns={[
                { title: t('growth.round'), cell: ({ number }) => <a href={`#/round/${number}`}>{`${number}`}</a> },
                { title: t('epochs.status'), cell: (round) => t(`round.${stateOf(round, now)}`) },
                { title: t('round.tokens'), number: true, cell: (round) => <Tokens base={round.tokens} decimals={decimals} name={`round ${round.number}`} /> },
                { title: t('growth.burnt'), number: true, cell: (round) => points(round.burnt) },
                { title: t('round.ends'), cell: (round) => <When at={round.endsAt} now={now} /> },
            ]}
        />
    );
}

function Ranks({ members, decimals }: { members: readonly Member[]; decimals: number }): JSX.Element {
    // Of equal points the older member comes first, as everywhere in the suite.
    const ranked = [...members].sort((a, b) => (a.points === b.points ? a.index - b.index : a.points < b.points ? 1 : -1));
    return (
        <Table
            captioned
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
