// Which leaf stands for a device, as keepers decide it (`crates/cairn-epoch/src/standing.rs`). The registry takes a key as often as the
// device signs, in any of its trees; each key is one device all the same, with one owner.

import type { Device, Seen } from '../files/devices.ts';

/** The leaf that counts, and how many leaves there are of the key. */
export interface Standing extends Device {
    leaves: number;
    /** Whether another leaf of the key brought the ban. */
    bannedElsewhere: boolean;
    /** Unix seconds at which the first epoch starts whose registry held the leaf; null when none did. */
    seenSince: bigint | null;
}

const BANNED = 2;
const HOUR = 3_600n;
const position = (leaf: Pick<Device, 'tree' | 'leafIndex'>): string => `${leaf.tree}/${leaf.leafIndex}`;
const byPosition = (a: Device, b: Device): number => a.tree - b.tree || a.leafIndex - b.leafIndex;

/** Whether another leaf of the same key, which came later, counts instead: the device never signed the first one, and nobody relied
 * on it since. */
const yieldsTo = (first: Device, later: Device): boolean => !first.consented && first.sequence === 0n && later.consented;

/** The devices as they count, in the order of the registry's trees. Of several leaves of one key the one seen first stands, unless it
 * yields; of those of one epoch the first by position. It is banned if any of them is, or a ban could be washed off by registering
 * once more. */
export function standing(leaves: readonly Device[], seen: readonly Seen[]): Standing[] {
    const since = new Map(seen.map((one) => [position(one), one.sinceHour]));
    const age = (leaf: Device): bigint | null => since.get(position(leaf)) ?? null;
    const devices = new Map<string, Standing>();
    const ordered = [...leaves].sort((a, b) => compare(age(a), age(b)) || byPosition(a, b));
    for (const leaf of ordered) {
        const alone = { ...leaf, leaves: 1, bannedElsewhere: false, seenSince: hours(age(leaf)) };
        const first = devices.get(leaf.key);
        if (!first) {
            devices.set(leaf.key, alone);
            continue;
        }
        const stands = yieldsTo(first, leaf) ? alone : first;
        const ban = [first, leaf].find(({ status }) => status === BANNED);
        devices.set(leaf.key, {
            ...stands,
            leaves: first.leaves + 1,
            ...(ban && { status: ban.status, reason: ban.reason, bannedElsewhere: first.bannedElsewhere || position(ban) !== position(stands) }),
        });
    }
    return [...devices.values()].sort(byPosition);
}

const hours = (count: bigint | null): bigint | null => (count === null ? null : count * HOUR);

/** What was never seen came last. */
function compare(a: bigint | null, b: bigint | null): number {
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return a < b ? -1 : 1;
}
