// Payments of several pools and airdrops under one signature: as many as fit into a transaction, and as many transactions as it takes.
// What one of them is refused for keeps no other back.

import type { Address, Instruction } from '@solana/kit';
import { Failure } from '../failure.ts';
import { ASSOCIATED_TOKEN_PROGRAM } from './addresses.ts';
import type { Rpc } from './rpc.ts';
import { MOST_BYTES, probe, sizeOf } from './send.ts';
import type { Parcel } from './send.ts';

/** One payment, as it was planned. */
export interface Part {
    /** The pool or campaign that pays. */
    id: Address;
    rpc: Rpc;
    chain: Parcel['chain'];
    instructions: readonly Instruction[];
    /** Lamports for accounts that it makes. */
    rent: bigint;
    /** The paid token account, and how much of the rent is for making it; null when it stands. */
    opens: { account: Address; rent: bigint } | null;
}

/** Parts that one transaction holds. */
export interface Packed<P extends Part> {
    parts: P[];
    instructions: Instruction[];
    /** Of the whole transaction. */
    bytes: number;
}

/** What may stand in one transaction: of one cluster, as the same nodes tell it. */
const place = ({ rpc, chain }: Part): string => `${chain} ${rpc.endpoints.join(' ')}`;

/** The instructions of parts in their order. A token account that two of them would make is made once. */
function joined(parts: readonly Part[]): Instruction[] {
    const made = new Set<string>();
    return parts
        .flatMap(({ instructions }) => instructions)
        .filter(({ programAddress, accounts }) => {
            const account = accounts?.[1]?.address;
            if (programAddress !== ASSOCIATED_TOKEN_PROGRAM || account === undefined) return true;
            if (made.has(account)) return false;
            made.add(account);
            return true;
        });
}

/** Puts each part into the first transaction that has room for it, in the order of the parts. */
export function pack<P extends Part>(parts: readonly P[], payer: Address, most = MOST_BYTES): Packed<P>[] {
    const packed: Packed<P>[] = [];
    for (const part of parts) {
        const home = packed.find((one) => place(one.parts[0]!) === place(part) && sizeOf(joined([...one.parts, part]), payer) <= most);
        if (home) home.parts.push(part);
        else packed.push({ parts: [part], instructions: [], bytes: 0 });
    }
    return packed.map(({ parts: held }) => {
        const instructions = joined(held);
        return { parts: held, instructions, bytes: sizeOf(instructions, payer) };
    });
}

/** What each part's accounts cost, in their order, and whether it makes the paid token account: one that several would make, the first makes. */
export function rentsOf(parts: readonly Part[]): { lamports: bigint; opens: boolean }[] {
    const made = new Set<Address>();
    return parts.map(({ rent, opens }) => {
        if (!opens) return { lamports: rent, opens: false };
        if (made.has(opens.account)) return { lamports: rent - opens.rent, opens: false };
        made.add(opens.account);
        return { lamports: rent, opens: true };
    });
}

/** Lamports of all accounts that are made. */
export const rentOfAll = (parts: readonly Part[]): bigint => rentsOf(parts).reduce((sum, { lamports }) => sum + lamports, 0n);

/** Parts whose transactions would succeed now, and those that would not, with the reason. */
export interface Weighed<P extends Part> {
    ready: (Packed<P> & Parcel)[];
    refused: { part: P; failure: Failure }[];
}

/** Packs and simulates. A part that its program refuses is taken out, and the others are packed anew. */
export async function weighed<P extends Part>(parts: readonly P[], payer: Address): Promise<Weighed<P>> {
    const refused: Weighed<P>['refused'] = [];
    let left = [...parts];
    for (;;) {
        const packed = pack(left, payer);
        const probes = await Promise.all(
            packed.map(async (one) => {
                const { rpc, chain } = one.parts[0]!;
                return probe(rpc, one.instructions, payer).then(
                    (probed) => ({ ...one, rpc, chain, probed }),
                    (error: unknown) => ({ ...one, failure: Failure.of(error) }),
                );
            }),
        );
        const ready = probes.flatMap((one) => ('probed' in one ? [one] : []));
        if (ready.length === probes.length) {
            await affordable(ready, payer);
            return { ready, refused };
        }
        // A payer without SOL is nobody's fault among them.
        for (const one of probes) if ('failure' in one && one.failure.code === 'no-lamports') throw one.failure;
        for (const one of probes) if ('failure' in one) refused.push(...culprits(one).map((part) => ({ part, failure: one.failure })));
        left = left.filter((part) => !refused.some((one) => one.part === part));
    }
}

/** The part whose instruction failed; all of the transaction's where none of them did. */
export function culprits<P extends Part>({ parts, failure }: { parts: readonly P[]; failure: Failure }): readonly P[] {
    const at = failure.facts['at'];
    if (at === undefined) return parts;
    const guilty = parts.find((_, index) => joined(parts.slice(0, index + 1)).length > Number(at));
    return guilty ? [guilty] : parts;
}

/** Each transaction was simulated as if it were the only one: together they may cost more than there is. */
async function affordable<P extends Part>(ready: Weighed<P>['ready'], payer: Address): Promise<void> {
    const places = new Map(ready.map((one) => [place(one.parts[0]!), ready.filter((other) => place(other.parts[0]!) === place(one.parts[0]!))]));
    for (const here of places.values()) {
        if (here.length < 2) continue;
        const { accounts } = await here[0]!.rpc.accounts([payer]);
        const cost = here.reduce((sum, { probed }) => sum + probed.fee, rentOfAll(here.flatMap(({ parts }) => parts)));
        if ((accounts[0]?.lamports ?? 0n) < cost) throw new Failure('no-lamports', { payer });
    }
}
