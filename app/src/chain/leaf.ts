// A member's leaf as instructions take it, and the page that must hold their counters.

import type { Address, Instruction } from '@solana/kit';
import type { Node } from '../check/merkle.ts';
import type { Claim } from '../files/claims.ts';
import { MemberPageAccount, openPage } from '../generated/reward_vault.ts';
import type { MemberLeaf } from '../generated/reward_vault.ts';
import { REWARD_VAULT, eventAuthority, pageAddress } from './addresses.ts';
import { pageOf } from './member.ts';
import type { Standing } from './member.ts';

export const PAGE_LEN = 8 + (MemberPageAccount.codec.size ?? 0);

export const leafOf = ({ index, tokens, points, credits }: Claim): MemberLeaf => ({ index, tokens, points, credits });

/** Siblings from the leaf up to the canopy: 40 bytes each. */
export function proofBytes(nodes: readonly Node[]): Uint8Array {
    const bytes = new Uint8Array(nodes.length * 40);
    const view = new DataView(bytes.buffer);
    nodes.forEach((node, at) => {
        bytes.set(node.hash, at * 40);
        view.setBigUint64(at * 40 + 32, node.sum, true);
    });
    return bytes;
}

/** The page of a member, and what opens it when nobody did yet. */
export async function pageStep(standing: Standing, index: number, payer: Address): Promise<{ page: Address; steps: Instruction[]; rent: bigint }> {
    const pool = standing.pool.address;
    const page = await pageAddress(pool, pageOf(index));
    if (!standing.pageMissing) return { page, steps: [], rent: 0n };
    const open = openPage({ payer, pool, page, eventAuthority: await eventAuthority(REWARD_VAULT) }, { page: pageOf(index) });
    return { page, steps: [open], rent: standing.rent(PAGE_LEN) };
}
