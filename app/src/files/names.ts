// What files are called that hold some of many owners: each by the first bits of SHA-256(owner), so that all are equally full.

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';

/** Levels of a tree of so many leaves. */
export const depthFor = (leafCount: number): number => (leafCount <= 1 ? 0 : 32 - Math.clz32(leafCount - 1));

/** The first `bits` of the owner's hash, at most 31. */
export async function placeOf(owner: Address, bits: number): Promise<number> {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(getAddressEncoder().encode(owner))));
    // A shift by 32 would be one by none.
    return bits === 0 ? 0 : new DataView(digest.buffer).getUint32(0) >>> (32 - bits);
}

/** In hex, as wide as the largest number of so many bits; at least a digit. */
export const hexOf = (number: number, bits: number): string => number.toString(16).padStart(Math.max(Math.ceil(bits / 4), 1), '0');
