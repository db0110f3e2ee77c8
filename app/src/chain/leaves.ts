// A device's leaf as the registry's program hashes it (`leaf.rs`).

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { unhex } from '../check/merkle.ts';
import { sha256 } from '../files/source.ts';
import type { DeviceLeaf } from '../generated/device_registry.ts';

const TAG = new TextEncoder().encode('\0cairn/device/1');
export const PREIMAGE_LEN = 230;

/** The preimages of leaves from index `first` on, one behind the other: tag, tree, index, then the leaf's fields in their order. */
export function preimagesOf(tree: Address, leaves: readonly DeviceLeaf[], first = 0): Uint8Array<ArrayBuffer> {
    const address = getAddressEncoder().encode(tree);
    const bytes = new Uint8Array(leaves.length * PREIMAGE_LEN);
    const view = new DataView(bytes.buffer);
    leaves.forEach((leaf, at) => {
        let place = at * PREIMAGE_LEN;
        const put = (part: ArrayLike<number>): void => {
            bytes.set(part, place);
            place += part.length;
        };
        put(TAG);
        put(address);
        view.setUint32(place, first + at, true);
        place += 4;
        for (const part of [leaf.device, leaf.owner, leaf.issuer, leaf.hardware, leaf.location]) put(part);
        view.setBigUint64(place, leaf.sequence, true);
        view.setUint32(place + 8, leaf.model, true);
        view.setUint16(place + 12, leaf.reason, true);
        place += 14;
        put(leaf.country);
        put([leaf.class, leaf.locationKind, leaf.status]);
    });
    return bytes;
}

export const leafHash = async (tree: Address, index: number, leaf: DeviceLeaf): Promise<Uint8Array> => unhex(await sha256(preimagesOf(tree, [leaf], index)))!;
