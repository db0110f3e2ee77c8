// What may leave the vault, as the program computes it (`state/outflow.rs`).

import type { Outflow, Pool } from '../generated/reward_vault.ts';

export type Breaker = Pick<Pool, 'breakerWindowSecs' | 'breakerShareBps' | 'breakerFloor' | 'outflow'>;

/** Who asks for a payout: the member or their delegate, by their signature, or anyone. Half of the room is the members'. */
export type Asker = 'member' | 'anyone';

export interface Room {
    /** Base units that may leave now. */
    available: bigint;
    /** Unix seconds from which more may, when nothing leaves meanwhile; now when nothing holds it back. */
    moreAt: bigint;
}

const PARTS = 8n;
export const WHOLE_BPS = 10_000;

/** Whether the breaker holds nothing back, for anybody. */
export const isOff = (breaker: Breaker): boolean => breaker.breakerShareBps >= WHOLE_BPS;

/** What may leave a vault that holds `balance`. */
export function roomOf(breaker: Breaker, now: bigint, balance: bigint, asker: Asker): Room {
    const partSecs = (breaker.breakerWindowSecs + PARTS - 1n) / PARTS || 1n;
    const outflow = advanced(breaker.outflow, (now > 0n ? now : 0n) / partSecs);
    const used = outflow.parts.reduce((sum, part) => sum + part, 0n);
    const whole = BigInt(WHOLE_BPS);
    const share = (balance + used) * BigInt(breaker.breakerShareBps);
    const floor = breaker.breakerFloor * whole;
    const limit = (share > floor ? share : floor) / (whole * (asker === 'member' || isOff(breaker) ? 1n : 2n));
    const left = limit > used ? limit - used : 0n;
    const oldest = outflow.parts.findLastIndex((part) => part > 0n);
    return {
        available: left < balance ? left : balance,
        moreAt: oldest < 0 ? now : (outflow.newest + BigInt(outflow.parts.length - oldest)) * partSecs,
    };
}

/** Forgets the parts that no window ending in part `part` reaches. */
function advanced(outflow: Outflow, part: bigint): { newest: bigint; parts: bigint[] } {
    const passed = part - outflow.newest;
    if (passed <= 0n) return outflow;
    const fresh = Number(passed < BigInt(outflow.parts.length) ? passed : BigInt(outflow.parts.length));
    return { newest: part, parts: [...Array.from({ length: fresh }, () => 0n), ...outflow.parts.slice(0, outflow.parts.length - fresh)] };
}
