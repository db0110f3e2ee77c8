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
/** A lifetime for what is only measured or simulated. */
const NOWHERE: Blockhash = { blockhash: '11111111111111111111111111111111', lastValidBlockHeight: 0n };

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
    const wire = getBase64EncodedWireTransaction(compile(instructions, payer, MOST_UNITS, NOWHERE));
    const { failed, logs, units } = await rpc.simulate(wire);
    if (failed !== null && failed !== undefined) throw refused(failed, logs, payer, instructions);
    return { units, fee: FEE };
}

function refused(failed: unknown, logs: readonly string[], payer: Address, instructions: readonly Instruction[]): Failure {
    const at = instructionAt(failed);
    // What landed comes without logs: then the instruction says whose refusal it is.
    const refusal = refusalOf(failed, logs, at.at === undefined ? undefined : instructions[Number(at.at)]?.programAddress);
    if (refusal) return new Failure('program-refused', { code: refusal.code, message: refusal.message, hint: refusal.hint, ...at });
    if (isPoor(failed, logs)) return new Failure('no-lamports', { payer });
    const said = JSON.stringify(failed, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    return new Failure('chain-refused', at, [said, ...logs.slice(-3)].join('\n'));
}

/** Which of the instructions failed, counted without the limit before them; nothing where the whole transaction did. */
function instructionAt(failed: unknown): { at?: string } {
    const index = (failed as { InstructionError?: [number | bigint, unknown] } | null)?.InstructionError?.[0];
    return index === undefined || index < 1 ? {} : { at: `${Number(index) - 1}` };
}

/** One transaction on its way to a node, as it was probed. */
export interface Parcel {
    rpc: Rpc;
    /** As Wallet Standard names clusters. */
    chain: `${string}:${string}`;
    instructions: readonly Instruction[];
    probed: Probe;
}

/** A transaction's bytes, and the cluster that it is for. */
export interface Unsigned {
    bytes: Uint8Array;
    chain: Parcel['chain'];
}

/** Signs several transactions at once, in their order, or throws what the wallet threw. */
export type SignAll = (transactions: readonly Unsigned[]) => Promise<readonly Uint8Array[]>;

type Wait = (ms: number) => Promise<void>;
type Compiled = ReturnType<typeof compile>;
const waiting: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const encoded = (transaction: Compiled): Uint8Array => Uint8Array.from(getTransactionEncoder().encode(transaction));

/** Most bytes of a transaction. */
export const MOST_BYTES = 1_232;

/** Bytes of a transaction of these instructions, which one key signs and pays. */
export const sizeOf = (instructions: readonly Instruction[], payer: Address): number => encoded(compile(instructions, payer, MOST_UNITS, NOWHERE)).length;

/** What was probed, with units and a lifetime. */
async function readied({ rpc, instructions, probed }: Omit<Parcel, 'chain'>, payer: Address): Promise<{ ours: Compiled; at: Blockhash }> {
    const at = await rpc.blockhash();
    // A tenth more than was used, and some: what stands in accounts may change between now and then.
    const units = (probed.units * 11n) / 10n + 2_000n;
    return { ours: compile(instructions, payer, units < MOST_UNITS ? units : MOST_UNITS, at), at };
}

/** Signs and sends what was probed. Returns the signature once the chain confirmed it. */
export async function send(
    rpc: Rpc,
    instructions: readonly Instruction[],
    payer: Address,
    probed: Probe,
    sign: Sign,
    reached: (step: Step, signature?: string) => void,
    wait: Wait = waiting,
): Promise<string> {
    const { ours, at } = await readied({ rpc, instructions, probed }, payer);
    reached('signing');
    const bytes = await sign(encoded(ours));
    const signature = checkSigned(ours.messageBytes, payer, bytes);
    return delivered({ rpc, instructions }, bytes, signature, at, payer, reached, wait);
}

/** What became of one of several transactions. */
export type Delivery = { signature: string } | { failure: Failure };

/** Signs several transactions at once and sends each on its own: one that fails keeps no other back, and each is told by itself. Throws
 * only what kept all of them from being signed; then none was sent. */
export async function sendAll(
    parcels: readonly Parcel[],
    payer: Address,
    sign: SignAll,
    reached: (at: number, step: Step, signature?: string) => void,
    wait: Wait = waiting,
): Promise<Delivery[]> {
    const ready = await Promise.all(parcels.map((parcel) => readied(parcel, payer)));
    parcels.forEach((_, at) => reached(at, 'signing'));
    const signed = await sign(ready.map(({ ours }, at) => ({ bytes: encoded(ours), chain: parcels[at]!.chain })));
    // A wallet that changed one of them is trusted with none.
    const signatures = ready.map(({ ours }, at) => checkSigned(ours.messageBytes, payer, signed[at] ?? new Uint8Array()));
    return Promise.all(
        parcels.map((parcel, at) =>
            delivered(parcel, signed[at]!, signatures[at]!, ready[at]!.at, payer, (step, signature) => reached(at, step, signature), wait).then(
                (signature): Delivery => ({ signature }),
                (error: unknown): Delivery => ({ failure: Failure.of(error) }),
            ),
        ),
    );
}

/** Sends signed bytes until the chain confirmed them or can no more. */
async function delivered(
    { rpc, instructions }: Pick<Parcel, 'rpc' | 'instructions'>,
    bytes: Uint8Array,
    signature: string,
    at: Blockhash,
    payer: Address,
    reached: (step: Step, signature?: string) => void,
    wait: Wait,
): Promise<string> {
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
            throw refused(status.failed, [], payer, instructions);
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
