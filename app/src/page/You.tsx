// You: any wallet's rewards, without a wallet. Five amounts that are never mixed up, each proof with its reason, each payment.

import { useSignal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import type { Standing } from '../chain/member.ts';
import { isPaused } from '../chain/pause.ts';
import { activatableAt } from '../chain/window.ts';
import { t } from '../i18n/index.ts';
import { chosen, networks } from '../state/app.ts';
import { data } from '../state/data.ts';
import { amount, grouped, points } from '../words/amount.ts';
import { AsOf } from '../view/AsOf.tsx';
import { Command, Facts, Key, Tokens } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { later } from '../view/later.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Standstill, moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';
import { WalletBar } from '../view/WalletBar.tsx';

const Proofs = later(() => import('./Proofs.tsx'));
const Elsewhere = later(() => import('./Elsewhere.tsx'));
const HistoryOf = later(() => import('./History.tsx'));

export function You({ owner }: { owner: Address | null }): JSX.Element {
    return (
        <>
            <Title>{owner ? t('you.of') : t('you.title')}</Title>
            {owner ? (
                <p>
                    <Key of={owner} />
                </p>
            ) : (
                <LookUp />
            )}
            {owner && <Loaded of={data.value.standing(owner)}>{(standing) => <Rewards standing={standing} />}</Loaded>}
            {owner && (networks.value.length > 1 || networks.value.some(({ campaigns }) => campaigns.length > 0)) && (
                <p>
                    <a href={`#/together/${owner}`}>{t('together.open')}</a>
                </p>
            )}
            {owner && networks.value.length > 1 && <Elsewhere key={`${chosen.value}`} owner={owner} />}
            <WalletBar />
        </>
    );
}

function LookUp(): JSX.Element {
    const text = useSignal('');
    const wrong = useSignal(false);
    const go = (event: Event): void => {
        event.preventDefault();
        const key = text.value.trim();
        wrong.value = !isAddress(key);
        if (!wrong.value) location.hash = `#/you/${key}`;
    };
    return (
        <form onSubmit={go}>
            <Field id="look-up" label={t('you.label')} text={text} wrong={wrong.value ? t('network.notAddress') : null} address />
            <button type="submit" class="main">
                {t('you.look')}
            </button>
        </form>
    );
}

function Rewards({ standing }: { standing: Standing }): JSX.Element {
    const { pool, owner, now } = standing;
    const held = standing.claimable - standing.available;
    return (
        <>
            <Amounts standing={standing} />
            <Standstill pool={pool} now={now} />
            <p class="actions">
                {standing.claimable > 0n && !isPaused(pool, now) ? (
                    <a class="button main" href={`#/claim/${owner}`}>
                        {t('you.claim', { amount: amount(held > 0n ? standing.available : standing.claimable, pool.decimals) })}
                    </a>
                ) : (
                    <span class="soft">{t('you.nothing')}</span>
                )}
            </p>
            {(standing.claim || standing.recipient) && (
                <p>
                    <a href={`#/payout/${owner}`}>{t('payout.title')}</a>
                </p>
            )}
            <Facts
                rows={[
                    [t('you.member'), standing.index === null ? t('you.notMember') : <data data-name="index">{grouped(standing.index)}</data>],
                    [t('you.points'), <data data-name="points">{points(standing.points)}</data>],
                    [t('you.pointsBurnt'), <data data-name="points_burnt">{points(standing.pointsBurnt)}</data>],
                    [t('you.credits'), <data data-name="credits">{grouped(standing.credits)}</data>],
                    [t('you.creditsRedeemed'), grouped(standing.creditsRedeemed)],
                    standing.payout === owner ? null : [t('you.payout'), <Key of={standing.payout} />],
                    [t('claim.to'), <Key of={standing.destination} />],
                ]}
            />
            <AsOf now={now} slot={standing.slot} renew={() => void data.value.standing(owner).renew()} />
            {pool.activeEpoch > 0n && <Proofs owner={owner} epoch={pool.activeEpoch} />}
            <HistoryOf key={owner} standing={standing} />
            <Command text={`cairn claim show --owner ${owner} --pool ${pool.address} --files DIR`} />
        </>
    );
}

function Amounts({ standing }: { standing: Standing }): JSX.Element {
    const { pool, now, room, inFlight, claim } = standing;
    const tokens = (base: bigint, name: string): JSX.Element => <Tokens base={base} decimals={pool.decimals} name={name} />;
    const held = standing.claimable - standing.available;
    return (
        <ul class="numbers">
            <li class="card">
                {t('you.earned')}
                <strong>{tokens(standing.earned, 'earned')}</strong>
                <span class="soft">{t('you.earnedNote')}</span>
            </li>
            <li class="card">
                {t('you.pending')}
                <strong>{tokens(standing.pending, 'pending')}</strong>
                {inFlight && (
                    <span class="soft">
                        {inFlight.verified
                            ? t('you.pendingNote', { epoch: `${inFlight.epoch.number}`, time: moment(activatableAt(inFlight.epoch, pool), now) })
                            : t('you.pendingUnknown', { epoch: `${inFlight.epoch.number}` })}
                    </span>
                )}
            </li>
            <li class="card">
                {t('you.claimable')}
                <strong class={standing.claimable > 0n ? 'good' : ''}>{tokens(standing.claimable, 'claimable')}</strong>
                {claim && <span class="soft">{t('you.claimableNote', { epoch: `${claim.epoch}` })}</span>}
            </li>
            {held > 0n && (
                <li class="card">
                    {t('you.held')}
                    <strong class="held">{tokens(held, 'held')}</strong>
                    <span class="soft">{t('you.heldNote', { time: moment(room.moreAt, now) })}</span>
                </li>
            )}
            <li class="card">
                {t('you.claimed')}
                <strong>{tokens(standing.claimed, 'claimed')}</strong>
                <span class="soft">{t('you.claimedNote')}</span>
            </li>
        </ul>
    );
}
