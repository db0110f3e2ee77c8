// From instructions to the chain: simulated first, then signed by a wallet, sent until it is confirmed or can land no more. A
// signature is not a success, and a lost answer is no failure: only what the chain says counts.

import {
    appendTransactionMessageInstructions,
    compileTransaction,
    createTransactionMessage,
    getBase58Decoder,
    getBase64EncodedWireTransaction,
    getTransactionDecoder,
    getTransactionEncoder,
    pipe,
    setTransactionMessageFeePayer,
    setTransactionMessageLifetimeUsingBlockhash,
} from '@solana/kit';
import type { Address, Blockhash as KitBlockhash, Instruction, ReadonlyUint8Array } from '@solana/kit';
import { Failure } from '../failure.ts';
import { COMPUTE_BUDGET_PROGRAM } from './addresses.ts';
import { toBase64 } from './rpc.ts';
import type { Blockhash, Rpc } from './rpc.ts';
import { isPoor, refusalOf } from './refusal.ts';

/** Signs the bytes of a transaction, or throws what the wallet threw. */
export type Sign = (transaction: Uint8Array) => Promise<Uint8Array>;

/** What a person is told before they sign. */
export interface Probe {
    units: bigint;
    /** Lamports. */
    fee: bigint;
}

/** Where a transaction is on its way. */
export type Step = 'signing' | 'sending' | 'confirming';

/** Lamports for each signature; no priority is bought. */
const FEE = 5_000n;
/** Most units that a transaction may ask for. */
const MOST_UNITS = 1_400_000n;
const POLL_MS = 700;
const RESEND_POLLS = 3;

/** `SetComputeUnitLimit`. */
function limit(units: bigint): Instruction {
    const data = new Uint8Array(5);
    data[0] = 2;
    new DataView(data.buffer).setUint32(1, Number(units), true);
    return { programAddress: COMPUTE_BUDGET_PROGRAM, accounts: [], data };
}

function compile(instructions: readonly Instruction[], payer: Address, units: bigint, at: Blockhash) {
    const lifetime = { blockhash: at.blockhash as KitBlockhash, lastValidBlockHeight: at.lastValidBlockHeight };
    return compileTransaction(
        pipe(
            createTransactionMessage({ version: 0 }),
            (message) => setTransactionMessageFeePayer(payer, message),
            (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
            (message) => appendTransactionMessageInstructions([limit(units), ...instructions], message),
        ),
    );
}

/** What the instructions would do now. Throws the refusal, in the program's words. */
export async function probe(rpc: Rpc, instructions: readonly Instruction[], payer: Address): Promise<Probe> {
    const nowhere = { blockhash: '11111111111111111111111111111111', lastValidBlockHeight: 0n };
    const wire = getBase64EncodedWireTransaction(compile(instructions, payer, MOST_UNITS, nowhere));
    const { failed, logs, units } = await rpc.simulate(wire);
    if (failed !== null && failed !== undefined) throw refused(failed, logs, payer);
    return { units, fee: FEE };
}

function refused(failed: unknown, logs: readonly string[], payer: Address): Failure {
    const refusal = refusalOf(failed, logs);
    if (refusal) return new Failure('program-refused', { code: refusal.code, message: refusal.message, hint: refusal.hint });
    if (isPoor(failed, logs)) return new Failure('no-lamports', { payer });
    const said = JSON.stringify(failed, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    return new Failure('chain-refused', {}, [said, ...logs.slice(-3)].join('\n'));
}

/** Signs and sends what was probed. Returns the signature once the chain confirmed it. */
export async function send(
    rpc: Rpc,
    instructions: readonly Instruction[],
    payer: Address,
    probed: Probe,
    sign: Sign,
    reached: (step: Step, signature?: string) => void,
    wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<string> {
    const at = await rpc.blockhash();
    // A tenth more than was used, and some: what stands in accounts may change between now and then.
    const units = (probed.units * 11n) / 10n + 2_000n;
    const ours = compile(instructions, payer, units < MOST_UNITS ? units : MOST_UNITS, at);
    reached('signing');
    const bytes = await sign(Uint8Array.from(getTransactionEncoder().encode(ours)));
    const signature = checkSigned(ours.messageBytes, payer, bytes);
    const wire = toBase64(bytes);
    reached('sending', signature);
    // The node's answer is only a receipt: lost or not, the transaction may land.
    const hand = (): Promise<void> => rpc.send(wire).catch(() => undefined);
    await hand();
    reached('confirming', signature);
    for (let poll = 1; ; poll += 1) {
        await wait(POLL_MS);
        const status = await rpc.status(signature).catch(() => null);
        if (status?.confirmed) {
            if (status.failed === null || status.failed === undefined) return signature;
            throw refused(status.failed, [], payer);
        }
        if (poll % RESEND_POLLS !== 0) continue;
        const height = await rpc.blockHeight().catch(() => 0n);
        // Once more after the last block that could hold it: it may have landed in that one.
        if (height > at.lastValidBlockHeight && !(await rpc.status(signature))) throw new Failure('expired', { signature });
        await hand();
    }
}

/** The signature, once it is sure that the wallet signed what was shown and nothing else. */
function checkSigned(message: ReadonlyUint8Array, payer: Address, signed: Uint8Array): string {
    let back;
    try {
        back = getTransactionDecoder().decode(signed);
    } catch (error) {
        throw new Failure('wallet-changed', {}, String(error), error);
    }
    const theirs: ReadonlyUint8Array = back.messageBytes;
    const same = theirs.length === message.length && theirs.every((byte, index) => byte === message[index]);
    if (!same) throw new Failure('wallet-changed');
    const signature = back.signatures[payer];
    if (!signature || signature.every((byte) => byte === 0)) throw new Failure('wallet-unsigned');
    return getBase58Decoder().decode(signature);
}
