// A burn round: what it shares, what a member burnt in it, burning, and being paid once it is over.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { SLOTS_PER_PAGE } from '../chain/member.ts';
import type { Pool } from '../chain/pool.ts';
import { planBurn, planSettle, readReceipt, shareOf, stateOf } from '../chain/round.ts';
import type { Burner, Round } from '../chain/round.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { POINT_DECIMALS, amount, grouped, parseAmount, plain, points } from '../words/amount.ts';
import { connected } from '../wallet/standard.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { AsOf } from '../view/AsOf.tsx';
import { Facts, Key, Part, Tokens, When } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Failed, Loaded } from '../view/Loaded.tsx';
import { moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';

export default function RoundPage({ number }: { number: bigint }): JSX.Element {
    const rounds = data.value.rounds();
    return (
        <>
            <Title>{t('round.title', { number: `${number}` })}</Title>
            <Loaded of={data.value.overview}>
                {({ now: { pool } }) => (
                    <Loaded of={rounds}>
                        {({ rounds: found, now, slot }) => {
                            const round = found.find((one) => one.number === number);
                            if (!round) return <Failed failure={new Failure('round-unknown', { round: `${number}` })} />;
                            return (
                                <>
                                    <Told round={round} pool={pool} now={now} />
                                    <AsOf now={now} slot={slot} renew={() => void rounds.renew()} />
                                    <Mine round={round} pool={pool} now={now} renew={() => void rounds.renew()} />
                                </>
                            );
                        }}
                    </Loaded>
                )}
            </Loaded>
        </>
    );
}

function Told({ round, pool, now }: { round: Round; pool: Pool; now: bigint }): JSX.Element {
    return (
        <Facts
            rows={[
                [t('epochs.status'), <span data-name="status">{t(`round.${stateOf(round, now)}`)}</span>],
                [t('round.tokens'), <Tokens base={round.tokens} decimals={pool.decimals} name="round_tokens" />],
                [t('growth.burnt'), <data data-name="round_burnt">{points(round.burnt)}</data>],
                [t('round.minimum'), points(round.minimum)],
                [t('round.starts'), <When at={round.startsAt} now={now} />],
                [t('round.ends'), <When at={round.endsAt} now={now} />],
                round.epoch === 0n ? null : [t('round.epoch'), <a href={`#/epoch/${round.epoch}`}>{t('common.epoch', { number: `${round.epoch}` })}</a>],
                [t('round.settled'), t('common.of', { part: grouped(round.settledReceipts), whole: grouped(round.receipts) })],
                [t('growth.paid'), <Tokens base={round.paid} decimals={pool.decimals} />],
            ]}
        />
    );
}

function Mine({ round, pool, now, renew }: { round: Round; pool: Pool; now: bigint; renew: () => void }): JSX.Element {
    const owner = connected.value?.address;
    const state = stateOf(round, now);
    const command = state === 'ended' ? `cairn points settle --round ${round.number} --pool ${pool.address}` : `cairn points burn POINTS --round ${round.number} --files DIR`;
    const burner = owner ? data.value.burner(round, owner) : null;
    return (
        <Part title={t('round.mine')}>
            <Act
                need={t('round.need')}
                command={command}
                spoken={(failure) => spoken(failure, now)}
                renew={() => {
                    renew();
                    if (owner) void data.peek().standing(owner).renew();
                }}
                back={{ href: '#/growth', words: t('round.back') }}
            >
                {(check, wallet) => burner && <Loaded of={burner}>{(found) => <Ask burner={found} signer={wallet.address} now={now} check={check} />}</Loaded>}
            </Act>
        </Part>
    );
}

function spoken(failure: Failure, now: bigint): Failure {
    const fact = (name: string): bigint => BigInt(failure.facts[name] ?? 0);
    switch (failure.code) {
        case 'paused':
            return new Failure('paused', { until: moment(fact('until'), now) });
        case 'burn-below':
            return new Failure('burn-below', { least: points(fact('least')) });
        case 'points-short':
            return new Failure('points-short', { left: points(fact('left')) });
        default:
            return failure;
    }
}

function Ask({ burner, signer, now, check }: { burner: Burner; signer: Address; now: bigint; check: (wish: Wish) => void }): JSX.Element {
    const { round, receipt, left, standing } = burner;
    const decimals = standing.pool.decimals;
    const text = useSignal('');
    const wrong = useSignal(false);
    const burnt = receipt?.burnt ?? 0n;
    const ask = (event: Event): void => {
        event.preventDefault();
        const typed = parseAmount(text.value, POINT_DECIMALS);
        wrong.value = typed === null || typed === 0n;
        if (typed !== null && typed !== 0n) check(() => burning(burner, typed));
    };
    return (
        <>
            <Facts
                rows={[
                    [t('round.burntHere'), <data data-name="burnt_here">{points(burnt)}</data>],
                    [t('round.left'), <data data-name="points_left">{points(left)}</data>],
                    burnt === 0n ? null : [t('round.share'), <Tokens base={shareOf(round, burnt)} decimals={decimals} name="share" />],
                ]}
            />
            {stateOf(round, now) === 'open' && (
                <form onSubmit={ask}>
                    <Field id="burn" label={t('round.burnLabel')} text={text} wrong={wrong.value ? t('claim.partBad', { decimals: `${POINT_DECIMALS}` }) : null} number />
                    <button type="submit" class="main" disabled={left === 0n}>
                        {t('round.check')}
                    </button>
                </form>
            )}
            {stateOf(round, now) === 'ended' && (
                <p class="actions">
                    <button type="button" class="main" disabled={burnt === 0n} onClick={() => check(() => settling(burner, signer))}>
                        {t('round.settle')}
                    </button>
                </p>
            )}
        </>
    );
}

async function burning(burner: Burner, burn: bigint): Promise<Deed> {
    const { standing, round, receipt } = burner;
    const { pool, owner, now } = standing;
    const plan = await planBurn(burner, burn);
    const inRound = (receipt?.burnt ?? 0n) + burn;
    const share = shareOf({ tokens: round.tokens, burnt: round.burnt + burn }, inRound);
    const what = [receipt ? '' : t('round.rent'), plan.opensPage ? t('claim.rentPage', { members: `${SLOTS_PER_PAGE}` }) : ''];
    return {
        sign: t('round.sign', { points: points(burn) }),
        rows: [
            [t('round.burns'), <data data-name="burns">{points(burn)}</data>],
            [t('round.leftAfter'), points(burner.left - burn)],
            [t('round.shareNow'), t('round.shareOf', { share: amount(share, pool.decimals), tokens: amount(round.tokens, pool.decimals) })],
            [t('round.isPaid'), <When at={round.endsAt} now={now} />],
        ],
        warnings: [t('round.never')],
        rent: { lamports: plan.rent, what: what.filter(Boolean).join('; ') },
        instructions: plan.instructions,
        command: `cairn points burn ${plain(burn, POINT_DECIMALS)} --round ${round.number} --files DIR`,
        outcome: async () => {
            const found = await readReceipt(rpc.peek(), round.address, owner);
            return found && found.burnt >= inRound ? t('round.done', { points: points(found.burnt) }) : null;
        },
    };
}

async function settling(burner: Burner, signer: Address): Promise<Deed> {
    const { standing, round, receipt } = burner;
    const { pool, owner } = standing;
    const plan = await planSettle(burner, signer);
    const share = shareOf(round, receipt?.burnt ?? 0n);
    return {
        sign: t('round.settleSign', { amount: amount(share, pool.decimals) }),
        rows: [
            [t('claim.pays'), <Tokens base={share} decimals={pool.decimals} name="paid" />],
            [t('claim.to'), <Key of={standing.destination} />],
            standing.payout === owner ? null : [t('claim.ofWallet'), <Key of={standing.payout} />],
            [t('payout.rentBack'), receipt && <Key of={receipt.rentPayer} />],
        ],
        rent: plan.rent === 0n ? null : { lamports: plan.rent, what: t('claim.rentAccount') },
        instructions: plan.instructions,
        command: `cairn points settle --round ${round.number} --pool ${pool.address}`,
        outcome: async () => ((await readReceipt(rpc.peek(), round.address, owner)) ? null : t('round.settledDone', { amount: amount(share, pool.decimals) })),
    };
}
