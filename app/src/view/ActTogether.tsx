// Several payments at once: each planned and simulated, all signed by one answer of the wallet, each told by itself.

import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import type { Offer, Planned } from '../chain/offer.ts';
import { SLOTS_PER_PAGE } from '../chain/member.ts';
import { sendAll } from '../chain/send.ts';
import type { Step } from '../chain/send.ts';
import { rentOfAll, rentsOf, weighed } from '../chain/together.ts';
import type { Weighed } from '../chain/together.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { amount, grouped, sol } from '../words/amount.ts';
import { signerOfAll } from '../wallet/standard.ts';
import type { Connected } from '../wallet/standard.ts';
import { Command, Facts, Key, Tokens } from './atoms.tsx';
import { Failed } from './Loaded.tsx';
import { moment } from './Standstill.tsx';

type Ready = Weighed<Planned>['ready'];
/** A payment that would be refused. */
interface Refused {
    offer: Offer;
    failure: Failure;
}

/** What became of one payment. */
interface Outcome {
    part: Planned;
    /** Base units that left, as the chain counts them; 0 while its counter did not move. */
    moved: bigint;
    signature: string | null;
    failure: Failure | null;
    /** How many others stood in its transaction. */
    beside: number;
}

type At =
    | { step: 'asking' }
    | { step: 'checking' }
    | { step: 'failed'; failure: Failure }
    | { step: 'ready'; ready: Ready; refused: Refused[] }
    | { step: 'under way'; ready: Ready; steps: Step[] }
    | { step: 'done'; outcomes: Outcome[] };

interface Props {
    wallet: Connected;
    chosen: readonly Offer[];
    owner: Address;
    /** While something is signed or sent, nothing else may be chosen. */
    busy: Signal<boolean>;
    /** Called when the chain changed: what other pages show must be what is now. */
    moved: () => void;
    /** Reads what is owed anew. */
    again: () => void;
}

export function ActTogether({ wallet, chosen, owner, busy, moved, again }: Props): JSX.Element {
    const at = useSignal<At>({ step: 'asking' });
    const stop = useSignal<(() => void) | null>(null);
    const state = at.value;
    const go = (ready: Ready): void => {
        busy.value = true;
        void carryOut(ready, wallet, at, stop).finally(() => {
            busy.value = false;
            moved();
        });
    };
    const check = (): void => {
        at.value = { step: 'checking' };
        prepare(chosen, wallet.address).then(
            (ready) => (at.value = ready),
            (error: unknown) => (at.value = { step: 'failed', failure: Failure.of(error) }),
        );
    };
    if (state.step === 'done') return <Outcomes outcomes={state.outcomes} owner={owner} again={again} />;
    return (
        <>
            {state.step === 'failed' && <Failed failure={state.failure} />}
            {(state.step === 'asking' || state.step === 'failed') && (
                <p class="actions">
                    <button type="button" class="main" disabled={chosen.length === 0} onClick={check}>
                        {t('together.check', { count: `${chosen.length}` })}
                    </button>
                </p>
            )}
            {state.step === 'ready' && state.refused.map(({ offer, failure }) => <NotPaid key={offer.id} offer={offer} failure={failure} />)}
            {'ready' in state && state.ready.length > 0 && <Effect ready={state.ready} />}
            {state.step === 'ready' && (
                <p class="actions">
                    {state.ready.length > 0 && (
                        <button type="button" class="main" onClick={() => go(state.ready)}>
                            {t('together.sign', { claims: `${partsOf(state.ready).length}`, transactions: `${state.ready.length}` })}
                        </button>
                    )}
                    <button type="button" onClick={() => (at.value = { step: 'asking' })}>
                        {t('act.change')}
                    </button>
                </p>
            )}
            <div role="status" aria-live="polite">
                {state.step === 'checking' && <p class="waiting">{t('face.waiting')}</p>}
                {state.step === 'under way' &&
                    state.steps.map((step, index) => (
                        <p key={index} class="waiting">
                            {t('together.transaction', { number: `${index + 1}`, count: `${state.steps.length}` })}: {t(`claim.${step}`)}
                        </p>
                    ))}
            </div>
            {stop.value && state.step === 'under way' && state.steps.every((step) => step === 'signing') && (
                <button type="button" onClick={stop.value}>
                    {t('claim.stop')}
                </button>
            )}
        </>
    );
}

const partsOf = (ready: Ready): Planned[] => ready.flatMap(({ parts }) => parts);

async function prepare(chosen: readonly Offer[], payer: Address): Promise<At> {
    const planned = await Promise.all(
        chosen.map(async (offer): Promise<Planned | Refused> => {
            try {
                return await offer.plan(payer);
            } catch (error) {
                return { offer, failure: Failure.of(error) };
            }
        }),
    );
    const parts = planned.flatMap((one) => ('failure' in one ? [] : [one]));
    const { ready, refused } = await weighed(parts, payer);
    const early = planned.flatMap((one) => ('failure' in one ? [one] : []));
    return { step: 'ready', ready, refused: [...early, ...refused.map(({ part, failure }) => ({ offer: part.offer, failure }))] };
}

/** A refusal with its amounts and hours as people read them. */
function spoken({ code, facts, said }: Failure, { decimals, now }: Offer): Failure {
    const read = { ...facts };
    if (code === 'paused') read['until'] = moment(BigInt(facts['until'] ?? 0), now);
    if (code === 'breaker' || code === 'breaker-others') {
        read['available'] = amount(BigInt(facts['available'] ?? 0), decimals);
        read['time'] = moment(BigInt(facts['moreAt'] ?? 0), now);
    }
    if (code === 'campaign-closed') read['state'] = t(`campaign.${(facts['state'] ?? 'draft') as 'draft'}`);
    return new Failure(code, read, said);
}

const nameOf = ({ network, kind }: Offer): string => (kind === 'pool' ? network.name : `${network.name} · ${t('campaign.title')}`);

function NotPaid({ offer, failure }: Refused): JSX.Element {
    return (
        <section class="card" data-refused={offer.id}>
            <h2>{t('together.left', { name: nameOf(offer) })}</h2>
            <Failed failure={spoken(failure, offer)} />
        </section>
    );
}

const lamports = (count: bigint): string => t('claim.lamports', { sol: sol(count) });

function Effect({ ready }: { ready: Ready }): JSX.Element {
    const parts = partsOf(ready);
    const rents = new Map(rentsOf(parts).map((rent, index) => [parts[index]!.id, rent]));
    const fee = ready.reduce((sum, { probed }) => sum + probed.fee, 0n);
    const mints = new Map<Address, { base: bigint; decimals: number }>();
    for (const { offer, amount: base } of parts) mints.set(offer.mint, { base: (mints.get(offer.mint)?.base ?? 0n) + base, decimals: offer.decimals });
    return (
        <section class="card">
            <h2>{t('claim.effect')}</h2>
            {ready.map(({ parts: held, probed, bytes }, index) => (
                <div key={index} data-name="transaction">
                    <h3>{t('together.transaction', { number: `${index + 1}`, count: `${ready.length}` })}</h3>
                    {held.map((part) => (
                        <Facts
                            key={part.id}
                            rows={[
                                [nameOf(part.offer), <><Tokens base={part.amount} decimals={part.offer.decimals} name={`pays ${part.id}`} /> {t('together.tokens')}</>],
                                [t('claim.to'), <Key of={part.destination} />],
                                [t('claim.token'), <Key of={part.offer.mint} />],
                                rentRow(part, rents.get(part.id)),
                            ]}
                        />
                    ))}
                    <Facts rows={[[t('claim.fee'), lamports(probed.fee)], [t('together.bytes'), t('together.bytesOf', { bytes: grouped(bytes) })]]} />
                    <p class="good">{t('claim.simulated')}</p>
                </div>
            ))}
            <h3>{t('together.all')}</h3>
            <Facts
                rows={[
                    ...[...mints].map(([mint, { base, decimals }]): [JSX.Element, JSX.Element] => [<Key of={mint} />, <Tokens base={base} decimals={decimals} name={`all ${mint}`} />]),
                    [t('claim.fee'), <data data-name="fee" value={`${fee}`}>{lamports(fee)}</data>],
                    [t('claim.rent'), <data data-name="rent" value={`${rentOfAll(parts)}`}>{lamports(rentOfAll(parts))}</data>],
                ]}
            />
            <Command text={parts.map(({ command }) => command).join('\n')} />
        </section>
    );
}

/** What a payment's accounts cost, and what they are for. */
function rentRow({ makes, offer }: Planned, rent: { lamports: bigint; opens: boolean } | undefined): [string, string] | null {
    if (!rent || rent.lamports === 0n) return null;
    const what = [
        rent.opens && t('claim.rentAccount'),
        makes.page && (offer.kind === 'pool' ? t('claim.rentPage', { members: `${SLOTS_PER_PAGE}` }) : t('campaign.rentPage')),
        makes.vesting && t('campaign.rentVesting'),
    ];
    return [t('claim.rent'), `${lamports(rent.lamports)} (${what.filter(Boolean).join('; ')})`];
}

async function carryOut(ready: Ready, wallet: Connected, at: Signal<At>, stop: Signal<(() => void) | null>): Promise<void> {
    const sign = signerOfAll(wallet);
    // A wallet may never answer. Whoever stops waiting is sure that nothing is sent, whatever it signs later.
    const stopped = new Promise<never>((_, reject) => {
        stop.value = () => reject(new Failure('wallet-stopped'));
    });
    stopped.catch(() => undefined);
    const steps: Step[] = ready.map(() => 'signing');
    const reached = (index: number, step: Step): void => {
        steps[index] = step;
        at.value = { step: 'under way', ready, steps: [...steps] };
    };
    try {
        const deliveries = await sendAll(ready, wallet.address, (transactions) => Promise.race([sign(transactions), stopped]), reached);
        const outcomes = ready.flatMap(({ parts }, index) => {
            const delivery = deliveries[index]!;
            const failure = 'failure' in delivery ? delivery.failure : null;
            const signature = 'signature' in delivery ? delivery.signature : null;
            return parts.map(async (part): Promise<Outcome> => {
                const moved = failure ? 0n : await part.offer.moved().catch(() => 0n);
                return { part, moved, signature, failure, beside: parts.length - 1 };
            });
        });
        at.value = { step: 'done', outcomes: await Promise.all(outcomes) };
    } catch (error) {
        at.value = { step: 'failed', failure: Failure.of(error) };
    } finally {
        stop.value = null;
    }
}

function Outcomes({ outcomes, owner, again }: { outcomes: readonly Outcome[]; owner: Address; again: () => void }): JSX.Element {
    const paid = outcomes.filter(({ moved }) => moved > 0n).length;
    return (
        <section role="status">
            <h2 data-name="paid-of">{t('together.done', { paid: `${paid}`, all: `${outcomes.length}` })}</h2>
            <ul class="verdicts">
                {outcomes.map(({ part, moved, signature, failure, beside }) => (
                    <li key={part.id} class="card" data-outcome={part.id}>
                        <h3>{nameOf(part.offer)}</h3>
                        {failure ? (
                            <>
                                <Failed failure={spoken(failure, part.offer)} />
                                {beside > 0 && <p class="soft">{t('together.beside', { count: `${beside}` })}</p>}
                            </>
                        ) : moved > 0n ? (
                            <p class="good" data-name="done">
                                {t('together.paid')} <Tokens base={moved} decimals={part.offer.decimals} name={`paid ${part.id}`} />
                            </p>
                        ) : (
                            <p class="held">{t('claim.notMoved')}</p>
                        )}
                        {signature && <p class="key">{signature}</p>}
                    </li>
                ))}
            </ul>
            <p class="actions">
                <button type="button" onClick={again}>
                    {t('together.again')}
                </button>
                <a class="button" href={`#/you/${owner}`}>
                    {t('claim.again')}
                </a>
            </p>
        </section>
    );
}
