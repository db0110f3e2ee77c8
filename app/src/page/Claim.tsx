// A claim: what it will do, what the node says of it, the wallet's signature, and what the chain counts afterwards. Nothing is
// called a success before the counter moved.

import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { claimCommand, planClaim } from '../chain/claim.ts';
import type { ClaimPlan } from '../chain/claim.ts';
import { SLOTS_PER_PAGE, readClaimed } from '../chain/member.ts';
import type { Standing } from '../chain/member.ts';
import { probe, send } from '../chain/send.ts';
import type { Probe, Step } from '../chain/send.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { network, rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { amount, parseAmount, plain, sol } from '../words/amount.ts';
import { connected, signer } from '../wallet/standard.ts';
import type { Connected } from '../wallet/standard.ts';
import { Command, Facts, Key, Tokens } from '../view/atoms.tsx';
import { Failed, Loaded } from '../view/Loaded.tsx';
import { moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';
import { WalletBar } from './You.tsx';

/** Where a person is on the way. */
type At =
    | { step: 'asking' }
    | { step: 'checking' }
    | { step: 'ready'; plan: ClaimPlan; probed: Probe }
    | { step: Step; plan: ClaimPlan; signature?: string }
    | { step: 'done'; paid: bigint; claimed: bigint; signature: string }
    | { step: 'unsure'; signature: string }
    | { step: 'failed'; failure: Failure };

export default function Claim({ owner }: { owner: Address }): JSX.Element {
    return (
        <>
            <Title>{t('claim.title')}</Title>
            <p>
                <a href={`#/you/${owner}`}>
                    <Key of={owner} />
                </a>
            </p>
            <Loaded of={data.value.standing(owner)}>{(standing) => <Due standing={standing} />}</Loaded>
        </>
    );
}

function Due({ standing }: { standing: Standing }): JSX.Element {
    const at = useSignal<At>({ step: 'asking' });
    const stop = useSignal<(() => void) | null>(null);
    const wallet = connected.value;
    const state = at.value;
    if (state.step === 'done' || state.step === 'unsure') return <After state={state} standing={standing} />;
    if (!wallet) {
        return (
            <>
                <p>{t('claim.need')}</p>
                <WalletBar />
                <Command text={claimCommand(standing.pool.address, standing.owner, null, null)} />
            </>
        );
    }
    const busy = state.step !== 'asking' && state.step !== 'ready' && state.step !== 'failed';
    return (
        <>
            {state.step === 'failed' && <Failed failure={spoken(state.failure, standing)} />}
            {(state.step === 'asking' || state.step === 'failed') && <Ask standing={standing} wallet={wallet} at={at} />}
            {'plan' in state && <Effect standing={standing} plan={state.plan} {...('probed' in state && { probed: state.probed })} />}
            {state.step === 'ready' && (
                <p class="actions">
                    <button type="button" class="main" onClick={() => void carryOut(standing, wallet, state.plan, state.probed, at, stop)}>
                        {t('claim.sign', { amount: amount(state.plan.amount, standing.pool.decimals) })}
                    </button>
                </p>
            )}
            <div role="status" aria-live="polite">
                {busy && <p class="waiting">{state.step === 'checking' ? t('face.waiting') : t(`claim.${state.step as Step}`)}</p>}
            </div>
            {stop.value && state.step === 'signing' && (
                <button type="button" onClick={stop.value}>
                    {t('claim.stop')}
                </button>
            )}
            <WalletBar />
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

function Ask({ standing, wallet, at }: { standing: Standing; wallet: Connected; at: Signal<At> }): JSX.Element {
    const { pool } = standing;
    const text = useSignal('');
    const wrong = useSignal(false);
    const check = async (event: Event): Promise<void> => {
        event.preventDefault();
        const most = text.value.trim() === '' ? null : parseAmount(text.value, pool.decimals);
        wrong.value = text.value.trim() !== '' && (most === null || most === 0n);
        if (wrong.value) return;
        at.value = { step: 'checking' };
        try {
            const plan = await planClaim(standing, wallet.address, most);
            at.value = { step: 'ready', plan, probed: await probe(rpc.peek(), plan.instructions, wallet.address) };
        } catch (error) {
            at.value = { step: 'failed', failure: Failure.of(error) };
        }
    };
    return (
        <form onSubmit={(event) => void check(event)}>
            <div>
                <label for="part">
                    {t('claim.part')} ({t('claim.all')}: {amount(standing.claimable, pool.decimals)})
                </label>
                <input
                    id="part"
                    inputmode="decimal"
                    autocomplete="off"
                    value={text.value}
                    onInput={(event) => (text.value = event.currentTarget.value)}
                    aria-invalid={wrong.value}
                    {...(wrong.value && { 'aria-describedby': 'part-wrong' })}
                />
                {wrong.value && (
                    <p id="part-wrong" class="bad" role="alert">
                        {t('claim.partBad', { decimals: `${pool.decimals}` })}
                    </p>
                )}
            </div>
            <button type="submit" class="main" disabled={standing.claimable === 0n}>
                {t('claim.prepare')}
            </button>
        </form>
    );
}

function Effect({ standing, plan, probed }: { standing: Standing; plan: ClaimPlan; probed?: Probe }): JSX.Element {
    const { pool, owner, payout } = standing;
    const most = plan.rest > 0n ? plain(plan.amount, pool.decimals) : null;
    const lamports = t('claim.lamports', { sol: sol(plan.rent) });
    const rent = [plan.createsAccount && t('claim.rentAccount'), plan.opensPage && t('claim.rentPage', { members: `${SLOTS_PER_PAGE}` })].filter(Boolean).join(', ');
    return (
        <section class="card">
            <h2>{t('claim.effect')}</h2>
            <Facts
                rows={[
                    [t('claim.pays'), <><Tokens base={plan.amount} decimals={pool.decimals} name="paid" /> </>],
                    [t('claim.to'), <Key of={standing.destination} />],
                    payout === owner ? null : [t('claim.ofWallet'), <Key of={payout} />],
                    [t('claim.token'), <Key of={pool.mint} />],
                    plan.rest > 0n ? [t('claim.rest'), <Tokens base={plan.rest} decimals={pool.decimals} name="rest" />] : null,
                    probed ? [t('claim.fee'), t('claim.lamports', { sol: sol(probed.fee) })] : null,
                    plan.rent > 0n ? [t('claim.rent'), <>{plan.rentIsLeast ? t('claim.atLeast', { amount: lamports }) : lamports} ({rent})</>] : null,
                ]}
            />
            {probed && <p class="good">{t('claim.simulated')}</p>}
            <Command text={claimCommand(pool.address, owner, connected.value?.address ?? null, most)} />
        </section>
    );
}

async function carryOut(standing: Standing, wallet: Connected, plan: ClaimPlan, probed: Probe, at: Signal<At>, stop: Signal<(() => void) | null>): Promise<void> {
    const node = rpc.peek();
    const { pool, claim } = standing;
    const chain = network.peek()?.chain ?? 'solana:localnet';
    const sign = signer(wallet, chain);
    // A wallet may never answer. Whoever stops waiting is sure that nothing is sent, whatever it signs later.
    const stopped = new Promise<never>((_, reject) => {
        stop.value = () => reject(new Failure('wallet-stopped'));
    });
    stopped.catch(() => undefined);
    try {
        const signature = await send(
            node,
            plan.instructions,
            wallet.address,
            probed,
            (transaction) => Promise.race([sign(transaction), stopped]),
            (step, sent) => (at.value = { step, plan, ...(sent !== undefined && { signature: sent }) }),
        );
        const claimed = await readClaimed(node, pool.address, claim?.index ?? 0);
        at.value = claimed > standing.claimed ? { step: 'done', paid: claimed - standing.claimed, claimed, signature } : { step: 'unsure', signature };
        // What the look-up shows must be what is now.
        void data.peek().standing(standing.owner).renew();
    } catch (error) {
        at.value = { step: 'failed', failure: Failure.of(error) };
    } finally {
        stop.value = null;
    }
}

function After({ state, standing }: { state: At & { signature: string }; standing: Standing }): JSX.Element {
    const { decimals } = standing.pool;
    return (
        <section class="card" role="status">
            {state.step === 'done' && 'paid' in state ? (
                <p class="good" data-name="done">
                    {t('claim.done', { amount: amount(state.paid, decimals), claimed: amount(state.claimed, decimals) })}
                </p>
            ) : (
                <p class="held">{t('claim.notMoved')}</p>
            )}
            <p>
                <span class="key">{state.signature}</span>
            </p>
            <p>
                <a class="button" href={`#/you/${standing.owner}`}>
                    {t('claim.again')}
                </a>
            </p>
        </section>
    );
}
