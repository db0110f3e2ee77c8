// A claim: of all that is due or of a part, for oneself or for somebody else.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { claimCommand, planClaim } from '../chain/claim.ts';
import type { ClaimPlan } from '../chain/claim.ts';
import { SLOTS_PER_PAGE, readClaimed } from '../chain/member.ts';
import type { Standing } from '../chain/member.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { amount, parseAmount, plain } from '../words/amount.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { Key, Tokens } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';

export default function Claim({ owner }: { owner: Address }): JSX.Element {
    const standing = data.value.standing(owner);
    return (
        <>
            <Title>{t('claim.title')}</Title>
            <p>
                <a href={`#/you/${owner}`}>
                    <Key of={owner} />
                </a>
            </p>
            <Loaded of={standing}>
                {(found) => (
                    <Act
                        need={t('claim.need')}
                        command={claimCommand(found.pool.address, owner, null, null)}
                        spoken={(failure) => spoken(failure, found)}
                        renew={() => void standing.renew()}
                        back={{ href: `#/you/${owner}`, words: t('claim.again') }}
                    >
                        {(check) => <Ask standing={found} check={check} />}
                    </Act>
                )}
            </Loaded>
        </>
    );
}

/** A refusal with its amount and hour, as people read them. */
function spoken(failure: Failure, { pool, now }: Standing): Failure {
    const fact = (name: string): bigint => BigInt(failure.facts[name] ?? 0);
    switch (failure.code) {
        case 'paused':
            return new Failure('paused', { until: moment(fact('until'), now) });
        case 'breaker':
        case 'breaker-others':
            return new Failure(failure.code, { available: amount(fact('available'), pool.decimals), time: moment(fact('moreAt'), now) });
        default:
            return failure;
    }
}

function Ask({ standing, check }: { standing: Standing; check: (wish: Wish) => void }): JSX.Element {
    const { pool } = standing;
    const text = useSignal('');
    const wrong = useSignal(false);
    const ask = (event: Event): void => {
        event.preventDefault();
        const most = text.value.trim() === '' ? null : parseAmount(text.value, pool.decimals);
        wrong.value = text.value.trim() !== '' && (most === null || most === 0n);
        if (!wrong.value) check(async ({ address }) => deedOf(standing, await planClaim(standing, address, most), address));
    };
    return (
        <form onSubmit={ask}>
            <Field
                id="part"
                label={`${t('claim.part')} (${t('claim.all')}: ${amount(standing.claimable, pool.decimals)})`}
                text={text}
                wrong={wrong.value ? t('claim.partBad', { decimals: `${pool.decimals}` }) : null}
                number
            />
            <button type="submit" class="main" disabled={standing.claimable === 0n}>
                {t('claim.prepare')}
            </button>
        </form>
    );
}

function deedOf(standing: Standing, plan: ClaimPlan, signer: Address): Deed {
    const { pool, owner, payout, claim } = standing;
    const what = [plan.createsAccount && t('claim.rentAccount'), plan.opensPage && t('claim.rentPage', { members: `${SLOTS_PER_PAGE}` })].filter(Boolean).join('; ');
    return {
        sign: t('claim.sign', { amount: amount(plan.amount, pool.decimals) }),
        rows: [
            [t('claim.pays'), <Tokens base={plan.amount} decimals={pool.decimals} name="paid" />],
            [t('claim.to'), <Key of={standing.destination} />],
            payout === owner ? null : [t('claim.ofWallet'), <Key of={payout} />],
            [t('claim.token'), <Key of={pool.mint} />],
            plan.rest > 0n ? [t('claim.rest'), <Tokens base={plan.rest} decimals={pool.decimals} name="rest" />] : null,
        ],
        rent: { lamports: plan.rent, what, least: plan.rentIsLeast },
        instructions: plan.instructions,
        command: claimCommand(pool.address, owner, signer, plan.rest > 0n ? plain(plan.amount, pool.decimals) : null),
        outcome: async () => {
            const claimed = await readClaimed(rpc.peek(), pool.address, claim?.index ?? 0);
            const paid = claimed - standing.claimed;
            return paid > 0n ? t('claim.done', { amount: amount(paid, pool.decimals), claimed: amount(claimed, pool.decimals) }) : null;
        },
    };
}
