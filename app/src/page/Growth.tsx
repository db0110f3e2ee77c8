// Growth: airdrops, tasks, referrals, points, who has most, burn rounds.

import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { campaignState } from '../chain/campaign.ts';
import { stateOf } from '../chain/round.ts';
import type { Round } from '../chain/round.ts';
import type { Standing as Device } from '../check/standing.ts';
import type { Member } from '../files/table.ts';
import { t } from '../i18n/index.ts';
import { network } from '../state/app.ts';
import { data } from '../state/data.ts';
import { grouped, points } from '../words/amount.ts';
import { Facts, Key, Part, Table, Tokens, When } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { later } from '../view/later.tsx';
import { Title } from '../view/Title.tsx';

const Tasks = later(() => import('./Tasks.tsx'));
const Referrals = later(() => import('./Referrals.tsx'));

const SHOWN = 100;

export default function Growth(): JSX.Element {
    return (
        <>
            <Title>{t('growth.title')}</Title>
            <Part title={t('growth.campaigns')}>
                <Campaigns />
            </Part>
            <Tasks />
            <Referrals />
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
    const country = useSignal<Country | null>(null);
    const here = country.value;
    // Of equal points the older member comes first, as everywhere in the suite.
    const ranked = members
        .filter(({ owner }) => !here || here.owners.has(owner))
        .sort((a, b) => (a.points === b.points ? a.index - b.index : a.points < b.points ? 1 : -1));
    return (
        <>
            <Countries chosen={country} />
            <Table
                captioned
                caption={here ? t('growth.ranksIn', { country: here.code }) : t('growth.ranks')}
                rows={ranked.slice(0, SHOWN)}
                columns={[
                    { title: t('growth.rank'), number: true, cell: (_, at) => grouped(at + 1) },
                    { title: t('growth.member'), cell: (member) => <Key of={member.owner} to="you" short /> },
                    { title: t('growth.pointsColumn'), number: true, cell: (member) => points(member.points) },
                    { title: t('growth.tokens'), number: true, cell: (member) => <Tokens base={member.tokens} decimals={decimals} /> },
                ]}
            />
        </>
    );
}

/** A country, and who owns a device that stands there. */
interface Country {
    code: string;
    owners: ReadonlySet<string>;
}

/** The registry's table says who is where. It is large, so it is read when somebody asks. */
function Countries({ chosen }: { chosen: Signal<Country | null> }): JSX.Element {
    const asked = useSignal(false);
    if (!asked.value) {
        return (
            <button type="button" onClick={() => (asked.value = true)}>
                {t('growth.byCountry')}
            </button>
        );
    }
    return <Loaded of={data.value.devices()}>{(devices) => <Choice countries={countriesOf(devices)} chosen={chosen} />}</Loaded>;
}

function Choice({ countries, chosen }: { countries: readonly Country[]; chosen: Signal<Country | null> }): JSX.Element {
    const choose = (code: string): void => void (chosen.value = countries.find((one) => one.code === code) ?? null);
    return (
        <>
            <label for="country">{t('growth.country')}</label>
            <select id="country" value={chosen.value?.code ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
                <option value="">{t('growth.everywhere')}</option>
                {countries.map(({ code }) => (
                    <option key={code} value={code}>
                        {code}
                    </option>
                ))}
            </select>
        </>
    );
}

function countriesOf(devices: readonly Device[]): Country[] {
    const owners = new Map<string, Set<string>>();
    for (const { country, owner } of devices) {
        if (country === '') continue;
        const there = owners.get(country);
        if (there) there.add(owner);
        else owners.set(country, new Set([owner]));
    }
    return [...owners].map(([code, found]) => ({ code, owners: found })).sort((a, b) => (a.code < b.code ? -1 : 1));
}
