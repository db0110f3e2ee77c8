// An airdrop campaign: its dates and amounts, what it grants a wallet, and the claim of it.

import { useSignal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { campaignState, planDrop, vestedOf } from '../chain/campaign.ts';
import type { CampaignNow, Claimant } from '../chain/campaign.ts';
import { dropCommand, paidOf } from '../chain/offer.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { amount, grouped } from '../words/amount.ts';
import { connected } from '../wallet/standard.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { AsOf } from '../view/AsOf.tsx';
import { Facts, Key, Part, Tokens, When } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

export default function CampaignPage({ address, owner }: { address: Address; owner: Address | null }): JSX.Element {
    const campaign = data.value.campaign(address);
    return (
        <>
            <Title>{t('campaign.title')}</Title>
            <p>
                <Key of={address} />
            </p>
            <Loaded of={campaign}>{(now) => <Told now={now} renew={() => void campaign.renew()} />}</Loaded>
            <Part title={t('campaign.wallet')}>{owner ? <Mine address={address} owner={owner} /> : <LookUp address={address} />}</Part>
        </>
    );
}

function Told({ now: { campaign, now, slot }, renew }: { now: CampaignNow; renew: () => void }): JSX.Element {
    const tokens = (base: bigint, name: string): JSX.Element => <Tokens base={base} decimals={campaign.decimals} name={name} />;
    return (
        <section class="card">
            <Facts
                rows={[
                    [t('epochs.status'), <strong data-name="status">{t(`campaign.${campaignState(campaign, now)}`)}</strong>],
                    [t('campaign.tokens'), tokens(campaign.tokens, 'campaign_tokens')],
                    [t('network.claimed'), tokens(campaign.claimed, 'campaign_claimed')],
                    [t('campaign.drops'), grouped(campaign.leafCount)],
                    [t('claim.token'), <Key of={campaign.mint} />],
                    [t('round.starts'), <When at={campaign.startsAt} now={now} />],
                    [t('campaign.expires'), <When at={campaign.expiresAt} now={now} />],
                    campaign.vestingEnd === campaign.vestingStart
                        ? null
                        : [t('campaign.vests'), <><When at={campaign.vestingStart} /> – <When at={campaign.vestingEnd} /></>],
                    campaign.cliffAt === campaign.vestingStart ? null : [t('campaign.cliff'), <When at={campaign.cliffAt} now={now} />],
                    [t('campaign.receiver'), <Key of={campaign.receiver} />],
                ]}
            />
            <AsOf now={now} slot={slot} renew={renew} />
        </section>
    );
}

function LookUp({ address }: { address: Address }): JSX.Element {
    const text = useSignal<string>(connected.value?.address ?? '');
    const wrong = useSignal(false);
    const go = (event: Event): void => {
        event.preventDefault();
        const key = text.value.trim();
        wrong.value = !isAddress(key);
        if (!wrong.value) location.hash = `#/campaign/${address}/${key}`;
    };
    return (
        <form onSubmit={go}>
            <Field id="claimant" label={t('you.label')} text={text} wrong={wrong.value ? t('network.notAddress') : null} address />
            <button type="submit" class="main">
                {t('campaign.look')}
            </button>
        </form>
    );
}

function Mine({ address, owner }: { address: Address; owner: Address }): JSX.Element {
    const claimant = data.value.claimant(address, owner);
    return (
        <>
            <p>
                <Key of={owner} />
            </p>
            <Loaded of={claimant}>
                {(found) =>
                    found.drop ? (
                        <>
                            <Grant one={found} />
                            <Act
                                need={t('claim.need')}
                                command={dropCommand(found)}
                                spoken={spoken}
                                renew={() => {
                                    void claimant.renew();
                                    void data.peek().campaign(address).renew();
                                }}
                                back={{ href: `#/campaign/${address}`, words: t('campaign.back') }}
                            >
                                {(check) => <Ask one={found} check={check} />}
                            </Act>
                        </>
                    ) : (
                        <p data-name="no-drop">{t('campaign.nothing')}</p>
                    )
                }
            </Loaded>
        </>
    );
}

const spoken = (failure: Failure): Failure =>
    failure.code === 'campaign-closed' ? new Failure('campaign-closed', { state: t(`campaign.${(failure.facts['state'] ?? 'draft') as 'draft'}`) }) : failure;

function Grant({ one }: { one: Claimant }): JSX.Element {
    const { campaign, drop, now, due } = one;
    if (!drop) return <></>;
    const tokens = (base: bigint, name: string): JSX.Element => <Tokens base={base} decimals={campaign.decimals} name={name} />;
    return (
        <Facts
            rows={[
                [t('campaign.granted'), tokens(drop.unlocked + drop.locked, 'granted')],
                drop.locked === 0n ? null : [t('campaign.locked'), tokens(drop.locked, 'locked')],
                drop.locked === 0n ? null : [t('campaign.vested'), tokens(vestedOf(campaign, drop.locked, now), 'vested')],
                [t('you.claimed'), tokens(paidOf(one), 'drop_claimed')],
                [t('campaign.due'), tokens(due, 'due')],
            ]}
        />
    );
}

function Ask({ one, check }: { one: Claimant; check: (wish: Wish) => void }): JSX.Element {
    // Before its cliff a drop that is locked as a whole pays nothing yet; its claim starts the vesting.
    const starts = !one.claimed && campaignState(one.campaign, one.now) === 'open';
    return (
        <p class="actions">
            <button type="button" class="main" disabled={one.due === 0n && !starts} onClick={() => check(({ address }) => deedOf(one, address))}>
                {t('claim.prepare')}
            </button>
        </p>
    );
}

async function deedOf(one: Claimant, signer: Address): Promise<Deed> {
    const { campaign, owner } = one;
    const plan = await planDrop(one, signer);
    const what = [plan.createsAccount && t('claim.rentAccount'), plan.opensPage && t('campaign.rentPage'), plan.locks && t('campaign.rentVesting')].filter(Boolean).join('; ');
    return {
        sign: t('claim.sign', { amount: amount(plan.amount, campaign.decimals) }),
        rows: [
            [t('claim.pays'), <Tokens base={plan.amount} decimals={campaign.decimals} name="paid" />],
            [t('claim.to'), <Key of={one.destination} />],
            [t('claim.token'), <Key of={campaign.mint} />],
            plan.locks ? [t('campaign.vests'), <When at={campaign.vestingEnd} now={one.now} />] : null,
        ],
        rent: { lamports: plan.rent, what },
        instructions: plan.instructions,
        command: dropCommand(one),
        outcome: async () => {
            const after = await data.peek().claimantNow(campaign.address, owner);
            const moved = one.claimed ? !after.vesting || after.vesting.paid > (one.vesting?.paid ?? 0n) : after.claimed;
            return moved ? t('campaign.done', { amount: amount(plan.amount, campaign.decimals) }) : null;
        },
    };
}
