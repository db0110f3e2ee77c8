// What happened to one device, as its tree's account tells it: registered, handed on, banned, banned no more.

import { getAddressDecoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { DeviceRegisteredEvent, DeviceStatusSetEvent, DeviceTransferredEvent, TreeImportedEvent } from '../generated/device_registry.ts';
import { hex } from '../check/merkle.ts';
import { treeAddress } from './addresses.ts';
import type { Rpc } from './rpc.ts';
import { Trail } from './trail.ts';
import type { Told } from './trail.ts';

const KINDS = [DeviceRegisteredEvent, DeviceTransferredEvent, DeviceStatusSetEvent, TreeImportedEvent] as const;
type Kind = (typeof KINDS)[number];

/** One change of a device. */
export interface Change {
    signature: string;
    slot: bigint;
    /** Unix seconds, where the node knows. */
    time: bigint | null;
    what: 'registered' | 'imported' | 'transferred' | 'banned' | 'lifted';
    /** Null for an import, which names no device. */
    owner: Address | null;
    /** Before a transfer. */
    previous: Address | null;
    /** Of a ban. */
    reason: number | null;
    /** SHA-256 of what a ban, or its end, is founded on, in hex. */
    evidence: string | null;
    /** Authority or guardian. */
    by: Address | null;
    /** Changes of the device until then. */
    sequence: bigint | null;
}

export interface Years {
    changes: Change[];
    looked: number;
    lost: number;
    over: boolean;
}

const BANNED = 2;
/** Changes that are read at once. */
const STRETCH = 50;

export class Life {
    readonly #device: Address;
    readonly #imported: boolean;
    readonly #trail: Trail<Kind>;
    #over = false;

    private constructor(device: Address, imported: boolean, trail: Trail<Kind>) {
        this.#device = device;
        this.#imported = imported;
        this.#trail = trail;
    }

    /** A tree's account is all that every change of a device touches; others' changes are passed over. `imported` says that it came with its
     * tree, whose import names no device. */
    static async of(rpc: Rpc, network: Address, trees: readonly number[], device: Address, imported: boolean): Promise<Life> {
        const addresses = await Promise.all(trees.map((tree) => treeAddress(network, tree)));
        return new Life(device, imported, new Trail(rpc, KINDS, addresses));
    }

    /** What happened in the next `count` changes of the trees further back, up to the device's first. */
    async next(count: number): Promise<Years> {
        if (this.#over) return { changes: [], looked: 0, lost: 0, over: true };
        const entries = await this.#trail.next(count);
        const changes = entries.flatMap(({ signed: { signature, slot, blockTime }, events }) =>
            events.flatMap((event) => {
                const told = this.#told(event);
                return told ? [{ signature, slot, time: blockTime, ...told }] : [];
            }),
        );
        // Before its registration a device was nothing, and an import comes before everything in its tree.
        const first = changes.findIndex(({ what }) => what === 'registered' || what === 'imported');
        this.#over = first >= 0 || entries.length < count;
        return { changes: first >= 0 ? changes.slice(0, first + 1) : changes, looked: entries.length, lost: entries.filter(({ lost }) => lost).length, over: this.#over };
    }

    /** The last change of its status, among at most `most` changes of the trees; `whole` says that there is nothing further back. */
    async lastVerdict(most: number): Promise<{ verdict: Change | null; whole: boolean }> {
        for (let looked = 0; looked < most && !this.#over; looked += STRETCH) {
            const { changes } = await this.next(STRETCH);
            const verdict = changes.find(({ what }) => what === 'banned' || what === 'lifted');
            if (verdict) return { verdict, whole: false };
        }
        return { verdict: null, whole: this.#over };
    }

    #told({ name, value }: Told<Kind>): Omit<Change, 'signature' | 'slot' | 'time'> | null {
        const nothing = { owner: null, previous: null, reason: null, evidence: null, by: null, sequence: null };
        if (name === 'TreeImported') return this.#imported ? { ...nothing, what: 'imported' } : null;
        const key = getAddressDecoder();
        if (key.decode(value.leaf.device) !== this.#device) return null;
        const leaf = { owner: key.decode(value.leaf.owner), sequence: value.leaf.sequence };
        switch (name) {
            case 'DeviceRegistered':
                return { ...nothing, ...leaf, what: 'registered' };
            case 'DeviceTransferred':
                return { ...nothing, ...leaf, what: 'transferred', previous: key.decode(value.previousOwner) };
            case 'DeviceStatusSet':
                return { ...nothing, ...leaf, what: value.leaf.status === BANNED ? 'banned' : 'lifted', reason: value.leaf.reason, evidence: hex(value.evidence), by: value.by };
        }
    }
}
