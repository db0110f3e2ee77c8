// Where a member is paid, and who may claim for them.

import { useSignal } from '@preact/signals';
import { isAddress, isOffCurveAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { SLOTS_PER_PAGE } from '../chain/member.ts';
import type { Standing } from '../chain/member.ts';
import { readPayee } from '../chain/payee.ts';
import { asked, changed, isIdle, planClose, planRecipient, readRecipient, wishesOf } from '../chain/recipient.ts';
import type { Wishes } from '../chain/recipient.ts';
import { Failure } from '../failure.ts';
import { span, t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { Facts, Key, When } from '../view/atoms.tsx';
import type { Rows } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';

export default function Payout({ owner }: { owner: Address }): JSX.Element {
    const standing = data.value.standing(owner);
    return (
        <>
            <Title>{t('payout.title')}</Title>
            <p>
                <a href={`#/you/${owner}`}>
                    <Key of={owner} />
                </a>
            </p>
            <Loaded of={standing}>
                {(found) => (
                    <>
                        <Facts rows={rowsOf(wishesOf(owner, found.recipient, found.now), found.now)} />
                        <Act
                            need={t('payout.need')}
                            command={`cairn recipient set --pool ${found.pool.address} --payout WALLET --files DIR`}
                            renew={() => void standing.renew()}
                            back={{ href: `#/you/${owner}`, words: t('claim.again') }}
                        >
                            {(check, { address }) => (address === owner ? <Ask standing={found} check={check} /> : <p class="held">{t('act.onlyMember')}</p>)}
                        </Act>
                    </>
                )}
            </Loaded>
        </>
    );
}

function rowsOf(wishes: Wishes, now: bigint): Rows {
    const { payout, pending, delegate, restricted } = wishes;
    return [
        [t('you.payout'), <Key of={payout} />],
        pending ? [t('payout.then'), <><Key of={pending.payout} /> <When at={pending.effectiveAt} now={now} /></>] : null,
        [t('payout.who'), restricted ? t('payout.restricted') : t('payout.anyone')],
        delegate ? [t('payout.delegate'), <Key of={delegate} />] : null,
    ];
}

type Wrong = { payout: string | null; delegate: string | null };

function Ask({ standing, check }: { standing: Standing; check: (wish: Wish) => void }): JSX.Element {
    const { owner, recipient, now, pool } = standing;
    const before = wishesOf(owner, recipient, now);
    const payout = useSignal<string>(asked(before));
    const delegate = useSignal<string>(before.delegate ?? '');
    const restricted = useSignal(before.restricted);
    const wrong = useSignal<Wrong>({ payout: null, delegate: null });
    const ask = (event: Event): void => {
        event.preventDefault();
        const [to, helper] = [payout.value.trim(), delegate.value.trim()];
        const noKey = isAddress(helper) && isOffCurveAddress(helper);
        wrong.value = {
            payout: isAddress(to) ? null : t('network.notAddress'),
            delegate: helper !== '' && !isAddress(helper) ? t('network.notAddress') : noKey ? t('payout.noKey') : null,
        };
        if (!isAddress(to) || wrong.value.delegate !== null) return;
        const after = changed(before, { payout: to, delegate: isAddress(helper) ? helper : null, restricted: restricted.value }, pool.recipientCooldownSecs, now);
        check(() => deedOf(standing, before, after));
    };
    return (
        <form class="stacked" onSubmit={ask}>
            <Field id="payout" label={t('payout.wallet')} text={payout} wrong={wrong.value.payout} note={t('payout.cooldown', { span: span(pool.recipientCooldownSecs) })} address />
            <Field id="delegate" label={t('payout.delegateLabel')} text={delegate} wrong={wrong.value.delegate} note={t('payout.atOnce')} address />
            <p>
                <label class="choice">
                    <input type="checkbox" checked={restricted.value} onChange={(event) => (restricted.value = event.currentTarget.checked)} />
                    {t('payout.restrict')}
                </label>
            </p>
            <button type="submit" class="main">
                {t('payout.check')}
            </button>
            {isIdle(standing) && (
                <button type="button" onClick={() => check(() => closing(standing))}>
                    {t('payout.close')}
                </button>
            )}
        </form>
    );
}

async function deedOf(standing: Standing, before: Wishes, after: Wishes): Promise<Deed> {
    const { pool, owner, now } = standing;
    const wallet = after.pending && after.pending.payout !== before.pending?.payout ? after.pending.payout : null;
    const payee = wallet && (await readPayee(rpc.peek(), wallet));
    if (wallet && payee === 'nobody') throw new Failure('payee-nobody', { wallet });
    const plan = await planRecipient(standing, after);
    const warnings = [
        wallet && t('payout.warnWallet', { time: moment(after.pending!.effectiveAt, now) }),
        payee === 'keyless' && t('payout.warnKeyless'),
        before.pending && !after.pending && t('payout.withdraws'),
        after.restricted && !before.restricted && t('payout.warnRestrict'),
    ];
    const what = [standing.recipient ? '' : t('payout.rent'), plan.opensPage ? t('claim.rentPage', { members: `${SLOTS_PER_PAGE}` }) : ''];
    return {
        sign: t('payout.sign'),
        rows: rowsOf(after, now),
        warnings: warnings.filter((words) => typeof words === 'string'),
        rent: { lamports: plan.rent, what: what.filter(Boolean).join('; ') },
        instructions: plan.instructions,
        command: commandOf(pool.address, owner, before, after),
        outcome: async () => {
            const found = await readRecipient(rpc.peek(), pool.address, owner);
            const stands = wishesOf(owner, found, now);
            const landed = asked(stands) === asked(after) && stands.delegate === after.delegate && stands.restricted === after.restricted;
            return landed ? t('payout.done') : null;
        },
    };
}

function commandOf(pool: Address, owner: Address, before: Wishes, after: Wishes): string {
    const words = ['cairn recipient set', `--pool ${pool}`];
    if (asked(after) !== asked(before)) words.push(asked(after) === owner ? '--payout-self' : `--payout ${asked(after)}`);
    if (after.delegate !== before.delegate) words.push(after.delegate ? `--delegate ${after.delegate}` : '--no-delegate');
    if (after.restricted !== before.restricted) words.push(after.restricted ? '--restrict' : '--anyone');
    return [...words, '--files DIR'].join(' ');
}

async function closing(standing: Standing): Promise<Deed> {
    const { pool, owner, recipient } = standing;
    return {
        sign: t('payout.close'),
        rows: [[t('payout.rentBack'), recipient && <Key of={recipient.rentPayer} />]],
        rent: null,
        instructions: await planClose(standing),
        command: `cairn recipient close --pool ${pool.address}`,
        outcome: async () => ((await readRecipient(rpc.peek(), pool.address, owner)) ? null : t('payout.closed')),
    };
}
