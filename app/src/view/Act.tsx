// From a wish to the chain, for every deed alike: what it will do, what the node says of it, the wallet's signature, and what the chain
// counts afterwards. Nothing is called a success before the chain says so.

import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { Instruction } from '@solana/kit';
import type { ComponentChildren, JSX } from 'preact';
import { probe, send } from '../chain/send.ts';
import type { Probe, Step } from '../chain/send.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { network, rpc } from '../state/app.ts';
import { sol } from '../words/amount.ts';
import { connected, signer } from '../wallet/standard.ts';
import type { Connected } from '../wallet/standard.ts';
import { Command, Facts } from './atoms.tsx';
import type { Rows } from './atoms.tsx';
import { Failed } from './Loaded.tsx';
import { WalletBar } from './WalletBar.tsx';

/** Lamports that stay in accounts that a deed makes. */
export interface Rent {
    lamports: bigint;
    /** What for, in words. */
    what: string;
    /** Whether it may be more: a mint's extensions may make an account longer. */
    least?: boolean;
}

/** Something that a person is about to do. */
export interface Deed {
    /** On the button that signs. */
    sign: string;
    rows: Rows;
    warnings?: readonly string[];
    rent: Rent | null;
    instructions: readonly Instruction[];
    command: string;
    /** What the chain counts once the deed is confirmed, in words; null while it did not move. */
    outcome(): Promise<string | null>;
}

/** Makes a deed of what was typed, or throws what would refuse it. */
export type Wish = (wallet: Connected) => Promise<Deed>;

/** Where a person is on the way. */
type At =
    | { step: 'asking' }
    | { step: 'checking' }
    | { step: 'ready'; deed: Deed; probed: Probe }
    | { step: Step; deed: Deed }
    | { step: 'done'; words: string | null; signature: string }
    | { step: 'failed'; failure: Failure };

interface Props {
    /** What to say to who has no wallet connected. */
    need: string;
    /** The same as a command, before anything is decided. */
    command: string;
    /** The form. It hands over a wish; until the deed is checked, nobody signs. */
    children: (check: (wish: Wish) => void, wallet: Connected) => ComponentChildren;
    /** A refusal with its amounts as people read them. */
    spoken?: (failure: Failure) => Failure;
    /** Called when the chain changed: what pages show must be what is now. */
    renew: () => void;
    back: { href: string; words: string };
}

export function Act({ need, command, children, spoken, renew, back }: Props): JSX.Element {
    const at = useSignal<At>({ step: 'asking' });
    const stop = useSignal<(() => void) | null>(null);
    const wallet = connected.value;
    const state = at.value;
    if (state.step === 'done') return <After words={state.words} signature={state.signature} back={back} />;
    if (!wallet) {
        return (
            <>
                <p>{need}</p>
                <WalletBar />
                <Command text={command} />
            </>
        );
    }
    const check = (wish: Wish): void => {
        at.value = { step: 'checking' };
        prepare(wish, wallet).then(
            (ready) => (at.value = ready),
            (error: unknown) => (at.value = { step: 'failed', failure: Failure.of(error) }),
        );
    };
    const busy = state.step !== 'asking' && state.step !== 'ready' && state.step !== 'failed';
    return (
        <>
            {state.step === 'failed' && <Failed failure={spoken ? spoken(state.failure) : state.failure} />}
            {(state.step === 'asking' || state.step === 'failed') && children(check, wallet)}
            {'deed' in state && <Effect deed={state.deed} {...('probed' in state && { probed: state.probed })} />}
            {state.step === 'ready' && (
                <p class="actions">
                    <button type="button" class="main" onClick={() => void carryOut(state.deed, state.probed, wallet, at, stop, renew)}>
                        {state.deed.sign}
                    </button>
                    <button type="button" onClick={() => (at.value = { step: 'asking' })}>
                        {t('act.change')}
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

async function prepare(wish: Wish, wallet: Connected): Promise<At> {
    const deed = await wish(wallet);
    return { step: 'ready', deed, probed: await probe(rpc.peek(), deed.instructions, wallet.address) };
}

function Effect({ deed, probed }: { deed: Deed; probed?: Probe }): JSX.Element {
    const lamports = (count: bigint): string => t('claim.lamports', { sol: sol(count) });
    const rent = deed.rent && deed.rent.lamports > 0n ? deed.rent : null;
    return (
        <section class="card">
            <h2>{t('claim.effect')}</h2>
            <Facts
                rows={[
                    ...deed.rows,
                    probed ? [t('claim.fee'), lamports(probed.fee)] : null,
                    rent ? [t('claim.rent'), <>{rent.least ? t('claim.atLeast', { amount: lamports(rent.lamports) }) : lamports(rent.lamports)} ({rent.what})</>] : null,
                ]}
            />
            {deed.warnings?.map((words) => (
                <p key={words} class="held">
                    {words}
                </p>
            ))}
            {probed && <p class="good">{t('claim.simulated')}</p>}
            <Command text={deed.command} />
        </section>
    );
}

async function carryOut(deed: Deed, probed: Probe, wallet: Connected, at: Signal<At>, stop: Signal<(() => void) | null>, renew: () => void): Promise<void> {
    const sign = signer(wallet, network.peek()?.chain ?? 'solana:localnet');
    // A wallet may never answer. Whoever stops waiting is sure that nothing is sent, whatever it signs later.
    const stopped = new Promise<never>((_, reject) => {
        stop.value = () => reject(new Failure('wallet-stopped'));
    });
    stopped.catch(() => undefined);
    const signed = (transaction: Uint8Array): Promise<Uint8Array> => Promise.race([sign(transaction), stopped]);
    try {
        const signature = await send(rpc.peek(), deed.instructions, wallet.address, probed, signed, (step) => (at.value = { step, deed }));
        at.value = { step: 'done', words: await deed.outcome(), signature };
        renew();
    } catch (error) {
        at.value = { step: 'failed', failure: Failure.of(error) };
    } finally {
        stop.value = null;
    }
}

function After({ words, signature, back }: { words: string | null; signature: string; back: { href: string; words: string } }): JSX.Element {
    return (
        <section class="card" role="status">
            {words === null ? (
                <p class="held">{t('claim.notMoved')}</p>
            ) : (
                <p class="good" data-name="done">
                    {words}
                </p>
            )}
            <p>
                <span class="key">{signature}</span>
            </p>
            <p>
                <a class="button" href={back.href}>
                    {back.words}
                </a>
            </p>
        </section>
    );
}
