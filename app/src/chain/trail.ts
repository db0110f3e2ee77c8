// What happened to some accounts, newest first: the transactions that touched them, and the events that our programs told of themselves
// in them. An event is an instruction that only the program itself can have called, so a log that was cut short hides none and a
// stranger forges none.

import type { Address } from '@solana/kit';
import { eventAuthority } from './addresses.ts';
import type { EventKind } from './codec.ts';
import type { Call, Rpc, Signed } from './rpc.ts';

/** The first bytes of every event (`EVENT_IX_TAG`). */
const TAG = [0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d];
/** Signatures that are asked for at once. */
const PAGE = 100;
/** Transactions that are asked for at once: a public node is asked no faster. */
const AT_ONCE = 4;

type Kind = EventKind<string, any>;
/** An event by its name, with its fields. */
export type Told<K extends Kind> = K extends EventKind<infer N, infer T> ? { name: N; value: T } : never;

/** A transaction with what it told. */
export interface Entry<K extends Kind> {
    signed: Signed;
    events: Told<K>[];
    /** Whether the node has the transaction no more, so that what it did is unknown. */
    lost: boolean;
}

interface Source {
    address: Address;
    found: Signed[];
    last: string | undefined;
    over: boolean;
}

/** Follows several accounts back in time. */
export class Trail<K extends Kind> {
    readonly #rpc: Rpc;
    readonly #kinds: readonly K[];
    readonly #sources: Source[] = [];
    readonly #seen = new Set<string>();
    /** Found, and not told yet. */
    readonly #unread: Signed[] = [];

    constructor(rpc: Rpc, kinds: readonly K[], addresses: readonly Address[]) {
        this.#rpc = rpc;
        this.#kinds = kinds;
        addresses.forEach((address) => this.follow(address));
    }

    /** Follows one more account; nothing is told twice. */
    follow(address: Address): void {
        if (this.#sources.some((source) => source.address === address)) return;
        this.#sources.push({ address, found: [], last: undefined, over: false });
    }

    /** The next `count` transactions further back; fewer at the end of all trails. */
    async next(count: number): Promise<Entry<K>[]> {
        const signed = this.#unread.splice(0, count);
        while (signed.length < count) {
            const one = await this.#newest().catch((error: unknown) => {
                this.#unread.unshift(...signed);
                throw error;
            });
            if (!one) break;
            if (this.#seen.has(one.signature)) continue;
            this.#seen.add(one.signature);
            signed.push(one);
        }
        const entries: Entry<K>[] = [];
        try {
            for (let at = 0; at < signed.length; at += AT_ONCE) entries.push(...(await Promise.all(signed.slice(at, at + AT_ONCE).map((one) => this.#read(one)))));
        } catch (error) {
            // A node that had enough is asked for the same once more, and nothing is passed over.
            this.#unread.unshift(...signed);
            throw error;
        }
        return entries;
    }

    /** Takes the newest signature that is left. */
    async #newest(): Promise<Signed | undefined> {
        await Promise.all(this.#sources.filter(({ found, over }) => found.length === 0 && !over).map((source) => this.#fill(source)));
        const [first] = this.#sources.filter(({ found }) => found.length > 0).sort((a, b) => (a.found[0]!.slot > b.found[0]!.slot ? -1 : 1));
        return first?.found.shift();
    }

    async #fill(source: Source): Promise<void> {
        const found = await this.#rpc.signatures(source.address, PAGE, source.last);
        source.found.push(...found);
        source.last = found.at(-1)?.signature ?? source.last;
        source.over = found.length < PAGE;
    }

    async #read(signed: Signed): Promise<Entry<K>> {
        // What failed did nothing.
        if (signed.failed) return { signed, events: [], lost: false };
        const calls = await this.#rpc.calls(signed.signature);
        return { signed, events: calls ? await eventsOf(calls, this.#kinds) : [], lost: calls === null };
    }
}

/** Events of these kinds among what programs called. */
export async function eventsOf<K extends Kind>(calls: readonly Call[], kinds: readonly K[]): Promise<Told<K>[]> {
    const found: Told<K>[] = [];
    for (const { program, accounts, data } of calls) {
        const kind = kinds.find((one) => one.program === program && TAG.every((byte, at) => data[at] === byte) && one.discriminator.every((byte, at) => data[TAG.length + at] === byte));
        // The program takes events from its own authority alone; another call of it is none.
        if (!kind || accounts[0] !== (await eventAuthority(program))) continue;
        const begin = TAG.length + kind.discriminator.length;
        if (kind.codec.size === undefined || data.length < begin + kind.codec.size) continue;
        found.push({ name: kind.name, value: kind.codec.read(new DataView(data.buffer, data.byteOffset, data.byteLength), begin) } as Told<K>);
    }
    return found;
}
