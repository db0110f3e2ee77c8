// A node's JSON-RPC, over as many endpoints as cairn.json names: asked in order, each failure in words. Whole numbers that a
// double can not hold arrive as bigints.

import { getBase58Encoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';

/** An account as it stood at the answer's slot. */
export interface Account {
    owner: Address;
    lamports: bigint;
    data: Uint8Array<ArrayBuffer>;
}

/** Accounts read together: all of one slot. */
export interface Snapshot {
    slot: bigint;
    accounts: (Account | null)[];
}

/** What a node says of a transaction that it knows. */
export interface SignatureStatus {
    slot: bigint;
    failed: unknown;
    confirmed: boolean;
}

/** What a transaction would do. */
export interface Simulation {
    failed: unknown;
    units: bigint;
    logs: string[];
}

/** A transaction that touched an account. */
export interface Signed {
    signature: string;
    slot: bigint;
    /** Unix seconds, where the node knows. */
    blockTime: bigint | null;
    failed: boolean;
}

/** What one program called within a transaction. */
export interface Call {
    program: Address;
    accounts: Address[];
    data: Uint8Array<ArrayBuffer>;
}

export interface Blockhash {
    blockhash: string;
    lastValidBlockHeight: bigint;
}

const PATIENCE_MS = 15_000;
/** Most accounts of one answer. */
const MOST_ACCOUNTS = 100;
/** Codes of JSON-RPC by which a node says that another may know better. */
const ELSEWHERE = new Set([-32004, -32005, -32014, -32016]);

type Fetch = typeof fetch;

export class Rpc {
    readonly endpoints: readonly string[];
    /** Requests that were sent, for budgets. */
    sent = 0;
    readonly #fetch: Fetch;
    /** The endpoint that answered last is asked first. */
    #first = 0;

    constructor(endpoints: readonly string[], fetching: Fetch = (...request) => fetch(...request)) {
        this.endpoints = endpoints;
        this.#fetch = fetching;
    }

    /** Accounts of one moment, in the order of their addresses. */
    async accounts(addresses: readonly Address[]): Promise<Snapshot> {
        if (addresses.length > MOST_ACCOUNTS) throw new RangeError(`at most ${MOST_ACCOUNTS} accounts are read together`);
        type Found = { owner: Address; lamports: number | bigint; data: [string, string] };
        type Answer = { context: { slot: number | bigint }; value: (Found | null)[] };
        const answer = await this.#ask<Answer>('getMultipleAccounts', [addresses, { encoding: 'base64', commitment: 'confirmed' }]);
        return {
            slot: BigInt(answer.context.slot),
            accounts: answer.value.map((found) => found && { owner: found.owner, lamports: BigInt(found.lamports), data: fromBase64(found.data[0]) }),
        };
    }

    /** Accounts of a program whose bytes from the first on are these; not of one moment with any others. Some nodes list none. */
    async listed(program: Address, starting: Uint8Array): Promise<{ address: Address; account: Account }[]> {
        type Found = { pubkey: Address; account: { owner: Address; lamports: number | bigint; data: [string, string] } };
        const filters = [{ memcmp: { offset: 0, bytes: toBase64(starting), encoding: 'base64' } }];
        const found = await this.#ask<Found[]>('getProgramAccounts', [program, { encoding: 'base64', commitment: 'confirmed', filters }]);
        return found.map(({ pubkey, account: { owner, lamports, data } }) => ({
            address: pubkey,
            account: { owner, lamports: BigInt(lamports), data: fromBase64(data[0]) },
        }));
    }

    async blockhash(): Promise<Blockhash> {
        type Answer = { value: { blockhash: string; lastValidBlockHeight: number | bigint } };
        const { value } = await this.#ask<Answer>('getLatestBlockhash', [{ commitment: 'confirmed' }]);
        return { blockhash: value.blockhash, lastValidBlockHeight: BigInt(value.lastValidBlockHeight) };
    }

    async blockHeight(): Promise<bigint> {
        return BigInt(await this.#ask<number | bigint>('getBlockHeight', [{ commitment: 'confirmed' }]));
    }

    /** Simulates a transaction, signed or not. */
    async simulate(wire: string): Promise<Simulation> {
        type Answer = { value: { err: unknown; unitsConsumed?: number | bigint; logs?: string[] | null } };
        const options = { encoding: 'base64', commitment: 'confirmed', sigVerify: false, replaceRecentBlockhash: true };
        const { value } = await this.#ask<Answer>('simulateTransaction', [wire, options]);
        return { failed: value.err, units: BigInt(value.unitsConsumed ?? 0), logs: value.logs ?? [] };
    }

    /** Hands a signed transaction to the node; it was simulated, so the node is not asked to do it again. */
    async send(wire: string): Promise<void> {
        await this.#ask<string>('sendTransaction', [wire, { encoding: 'base64', skipPreflight: true, maxRetries: 0 }]);
    }

    /** What is known of a transaction, or null. */
    async status(signature: string): Promise<SignatureStatus | null> {
        type Found = { slot: number | bigint; err: unknown; confirmationStatus?: string };
        const { value } = await this.#ask<{ value: (Found | null)[] }>('getSignatureStatuses', [[signature], { searchTransactionHistory: true }]);
        const found = value[0];
        if (!found) return null;
        const confirmed = found.confirmationStatus === 'confirmed' || found.confirmationStatus === 'finalized';
        return { slot: BigInt(found.slot), failed: found.err, confirmed };
    }

    /** Signatures of transactions that touched an account, the newest first; those before one of them, where it is named. */
    async signatures(address: Address, limit: number, before?: string): Promise<Signed[]> {
        type Found = { signature: string; slot: number | bigint; blockTime: number | null; err: unknown };
        const found = await this.#ask<Found[]>('getSignaturesForAddress', [address, { limit, commitment: 'confirmed', ...(before !== undefined && { before }) }]);
        return found.map((one) => ({
            signature: one.signature,
            slot: BigInt(one.slot),
            blockTime: one.blockTime === null ? null : BigInt(one.blockTime),
            failed: one.err !== null,
        }));
    }

    /** What a transaction's programs called, in their order; null when the node has it no more. */
    async calls(signature: string): Promise<Call[] | null> {
        type Inner = { programIdIndex: number; accounts: number[]; data: string };
        type Found = {
            transaction: { message: { accountKeys: Address[] } };
            meta: { innerInstructions?: { instructions: Inner[] }[] | null; loadedAddresses?: { writable: Address[]; readonly: Address[] } } | null;
        };
        const options = { encoding: 'json', commitment: 'confirmed', maxSupportedTransactionVersion: 0 };
        // A transaction that is not there is an answer.
        const found = await this.#ask<Found | null>('getTransaction', [signature, options]);
        if (!found?.meta) return null;
        const { loadedAddresses: loaded, innerInstructions } = found.meta;
        const keys = [...found.transaction.message.accountKeys, ...(loaded?.writable ?? []), ...(loaded?.readonly ?? [])];
        return (innerInstructions ?? []).flatMap(({ instructions }) =>
            instructions.map(({ programIdIndex, accounts, data }) => ({
                program: keys[programIdIndex]!,
                accounts: accounts.map((index) => keys[index]!),
                data: Uint8Array.from(getBase58Encoder().encode(data)),
            })),
        );
    }

    /** One question, to each endpoint until one answers. What every endpoint would say alike is not asked twice. */
    async #ask<T>(method: string, params: unknown[]): Promise<T> {
        let failure: Failure | undefined;
        for (let turn = 0; turn < this.endpoints.length; turn += 1) {
            const at = (this.#first + turn) % this.endpoints.length;
            try {
                const answer = await this.#askOne<T>(this.endpoints[at]!, method, params);
                this.#first = at;
                return answer;
            } catch (error) {
                failure = Failure.of(error);
                if (failure.code === 'node-refused') throw failure;
            }
        }
        throw failure ?? new Failure('config', { what: 'rpc' });
    }

    async #askOne<T>(endpoint: string, method: string, params: unknown[]): Promise<T> {
        const node = new URL(endpoint).host;
        this.sent += 1;
        let response: Response;
        let text: string;
        try {
            response = await this.#fetch(endpoint, {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
                signal: AbortSignal.timeout(PATIENCE_MS),
                referrerPolicy: 'no-referrer',
                credentials: 'omit',
            });
            text = await response.text();
        } catch (error) {
            const late = error instanceof DOMException && error.name === 'TimeoutError';
            throw new Failure(late ? 'node-slow' : 'node-unreachable', { node }, String(error), error);
        }
        if (response.status === 429) throw new Failure('node-busy', { node });
        let answer: { result?: T; error?: { code: number; message: string } };
        try {
            answer = JSON.parse(text, exact) as typeof answer;
        } catch (error) {
            throw new Failure('node-damaged', { node, status: `${response.status}` }, text.slice(0, 200), error);
        }
        if (answer.error) {
            const { code, message } = answer.error;
            throw new Failure(ELSEWHERE.has(code) ? 'node-behind' : 'node-refused', { node }, `${code}: ${message}`);
        }
        if (!response.ok || answer.result === undefined) throw new Failure('node-damaged', { node, status: `${response.status}` });
        return answer.result;
    }
}

/** Keeps whole numbers whole that a double would round. */
function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
    const rounded = typeof value === 'number' && !Number.isSafeInteger(value);
    return rounded && context?.source !== undefined && /^\d+$/.test(context.source) ? BigInt(context.source) : value;
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
}

export function toBase64(bytes: Uint8Array): string {
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
}
