// Data credits given up for a delivery by one carrier: what waits, a new order, and credits taken back when nobody delivered.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { hex, unhex } from '../check/merkle.ts';
import { isLate, planRedeem, planRefund, readRedemption } from '../chain/credits.ts';
import type { Redeemer, Redemption } from '../chain/credits.ts';
import type { Carrier } from '../chain/carrier.ts';
import { SLOTS_PER_PAGE } from '../chain/member.ts';
import { Failure } from '../failure.ts';
import { sha256 } from '../files/source.ts';
import { span, t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { grouped, parseAmount } from '../words/amount.ts';
import { handOver } from '../words/csv.ts';
import { connected } from '../wallet/standard.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { Facts, Hash, Key, Part, Table, When } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Failed, Loaded } from '../view/Loaded.tsx';
import { moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';

export default function Redeem({ carrier }: { carrier: Address }): JSX.Element {
    return (
        <>
            <Title>{t('redeem.title')}</Title>
            <Loaded of={data.value.carriers()}>
                {(carriers) => {
                    const found = carriers.find((one) => one.carrier === carrier);
                    return found ? <With carrier={found} /> : <Failed failure={new Failure('carrier-inactive', { carrier })} />;
                }}
            </Loaded>
        </>
    );
}

function With({ carrier }: { carrier: Carrier }): JSX.Element {
    const owner = connected.value?.address;
    const redeemer = owner ? data.value.redeemer(owner) : null;
    const renew = (): void => {
        void redeemer?.renew();
        void data.peek().carriers().renew();
        if (owner) void data.peek().standing(owner).renew();
    };
    return (
        <>
            <Facts
                rows={[
                    [t('discovery.carrier'), <Key of={carrier.carrier} />],
                    [t('epochs.status'), carrier.active === 0 ? t('discovery.takesNone') : t('discovery.takes')],
                    [t('discovery.period'), span(carrier.periodSecs)],
                ]}
            />
            <Act
                need={t('redeem.need')}
                command={`cairn credits redeem CREDITS --carrier ${carrier.carrier} --commitment HASH --files DIR`}
                spoken={spoken}
                renew={renew}
                back={{ href: '#/discovery', words: t('redeem.back') }}
            >
                {(check) => redeemer && <Loaded of={redeemer}>{(found) => <Ask redeemer={found} carrier={carrier} check={check} />}</Loaded>}
            </Act>
        </>
    );
}

function spoken(failure: Failure): Failure {
    const left = failure.facts['left'];
    return failure.code === 'credits-short' && left !== undefined ? new Failure('credits-short', { left: grouped(BigInt(left)) }) : failure;
}

type Wrong = { credits: string | null; order: string | null };

function Ask({ redeemer, carrier, check }: { redeemer: Redeemer; carrier: Carrier; check: (wish: Wish) => void }): JSX.Element {
    const { left, open, standing } = redeemer;
    const credits = useSignal('');
    const order = useSignal('');
    const wrong = useSignal<Wrong>({ credits: null, order: null });
    const ask = (event: Event): void => {
        event.preventDefault();
        const [count, text] = [parseAmount(credits.value, 0), order.value.trim()];
        const none = count === null || count === 0n;
        wrong.value = { credits: none ? t('redeem.creditsBad') : null, order: text === '' ? t('redeem.orderBad') : null };
        if (none || text === '') return;
        check(() => redeeming(redeemer, carrier, count, text));
    };
    return (
        <>
            <Facts rows={[[t('redeem.left'), <data data-name="credits_left">{grouped(left)}</data>]]} />
            <form class="stacked" onSubmit={ask}>
                <Field id="credits" label={t('redeem.credits')} text={credits} wrong={wrong.value.credits} number />
                <Field id="order" label={t('redeem.order')} text={order} wrong={wrong.value.order} note={t('redeem.orderNote')} />
                <button type="submit" class="main" disabled={carrier.active === 0}>
                    {t('redeem.check')}
                </button>
            </form>
            {open.length > 0 && <Open redeemer={redeemer} now={standing.now} check={check} />}
        </>
    );
}

function Open({ redeemer, now, check }: { redeemer: Redeemer; now: bigint; check: (wish: Wish) => void }): JSX.Element {
    return (
        <Part title={t('redeem.waiting')}>
            <Table
                caption={t('redeem.waiting')}
                rows={redeemer.open}
                columns={[
                    { title: t('redeem.number'), cell: ({ nonce }) => `${nonce}` },
                    { title: t('discovery.carrier'), cell: (one) => <Key of={one.carrier} short /> },
                    { title: t('redeem.credits'), number: true, cell: (one) => grouped(one.credits) },
                    { title: t('redeem.by'), cell: ({ deadline }) => <When at={deadline} now={now} /> },
                    {
                        title: t('redeem.refund'),
                        cell: (one) =>
                            isLate(one, now) && (
                                <button type="button" onClick={() => check(() => refunding(redeemer, one))}>
                                    {t('redeem.refundCheck', { credits: grouped(one.credits) })}
                                </button>
                            ),
                    },
                ]}
            />
        </Part>
    );
}

/** What the person keeps and shows the carrier: a salt, so that nobody can guess what the hash on chain stands for, and the order. */
function orderFile(order: string): string {
    return `${hex(crypto.getRandomValues(new Uint8Array(32)))}\n${order}\n`;
}

async function redeeming(redeemer: Redeemer, carrier: Carrier, credits: bigint, order: string): Promise<Deed> {
    const { pool, now } = redeemer.standing;
    const file = orderFile(order);
    const commitment = await sha256(new TextEncoder().encode(file));
    const plan = await planRedeem(redeemer, carrier, credits, unhex(commitment)!);
    // Before anybody can sign: without it the order can be opened by nobody.
    handOver(`order-${plan.number}.txt`, file, 'text/plain');
    const what = [t('redeem.rent'), plan.opensPage ? t('claim.rentPage', { members: `${SLOTS_PER_PAGE}` }) : ''];
    return {
        sign: t('redeem.sign', { credits: grouped(credits) }),
        rows: [
            [t('redeem.credits'), <data data-name="redeems">{grouped(credits)}</data>],
            [t('redeem.leftAfter'), grouped(redeemer.left - credits)],
            [t('discovery.carrier'), <Key of={carrier.carrier} />],
            [t('redeem.by'), <When at={plan.deadline} now={now} />],
            [t('redeem.hash'), <Hash of={commitment} />],
        ],
        warnings: [t('redeem.keep', { file: `order-${plan.number}.txt` })],
        rent: { lamports: plan.rent, what: what.filter(Boolean).join('; ') },
        instructions: plan.instructions,
        command: `cairn credits redeem ${credits} --carrier ${carrier.carrier} --commitment ${commitment} --number ${plan.number} --pool ${pool.address} --files DIR`,
        outcome: async () => {
            const found = await readRedemption(rpc.peek(), plan.redemption);
            return found && t('redeem.done', { credits: grouped(found.credits), time: moment(found.deadline, now) });
        },
    };
}

async function refunding(redeemer: Redeemer, redemption: Redemption): Promise<Deed> {
    const { pool, owner } = redeemer.standing;
    return {
        sign: t('redeem.refundSign', { credits: grouped(redemption.credits) }),
        rows: [
            [t('redeem.refund'), grouped(redemption.credits)],
            [t('redeem.number'), `${redemption.nonce}`],
            [t('payout.rentBack'), <Key of={redemption.rentPayer} />],
        ],
        rent: null,
        instructions: await planRefund(redeemer, redemption),
        command: `cairn credits refund ${redemption.nonce} --owner ${owner} --pool ${pool.address}`,
        outcome: async () => ((await readRedemption(rpc.peek(), redemption.address)) ? null : t('redeem.refunded', { credits: grouped(redemption.credits) })),
    };
}
