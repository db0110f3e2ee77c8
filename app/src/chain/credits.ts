// Data credits given up for a carrier's delivery: what a member has left, what waits, giving some up, and taking back what nobody
// delivered in time.

import { getAddressEncoder } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import { RedemptionAccount, redeemCredits, refundCredits } from '../generated/reward_vault.ts';
import type { Redemption as Fields } from '../generated/reward_vault.ts';
import { Failure } from '../failure.ts';
import { REWARD_VAULT, carrierAddress, epochAddress, eventAuthority, pageAddress, redemptionAddress } from './addresses.ts';
import { read } from './account.ts';
import type { Read } from './account.ts';
import type { Carrier } from './carrier.ts';
import { leafOf, pageStep, proofBytes } from './leaf.ts';
import { pageOf } from './member.ts';
import type { Standing } from './member.ts';
import { isPaused } from './pause.ts';
import type { Rpc } from './rpc.ts';
import { ACCOUNT_VERSION } from './versions.ts';

export type Redemption = Read<Fields>;

/** A member and what waits to be delivered to them, the oldest first. */
export interface Redeemer {
    standing: Standing;
    /** Data credits that can be given up: those of the payable epoch that were not. */
    left: bigint;
    open: Redemption[];
}

export async function readRedeemer(rpc: Rpc, standing: Standing): Promise<Redeemer> {
    const { pool, owner, claim, creditsRedeemed } = standing;
    const granted = claim?.credits ?? 0n;
    return { standing, left: granted > creditsRedeemed ? granted - creditsRedeemed : 0n, open: await readRedemptions(rpc, pool.address, owner) };
}

async function readRedemptions(rpc: Rpc, pool: Address, owner: Address): Promise<Redemption[]> {
    // An account begins with its kind, its pool and its member.
    const key = getAddressEncoder();
    const starting = Uint8Array.from([...RedemptionAccount.discriminator, ...key.encode(pool), ...key.encode(owner)]);
    const found = await rpc.listed(REWARD_VAULT, starting);
    const open = found.map(({ address, account }) => read(address, account, RedemptionAccount, ACCOUNT_VERSION));
    return open.sort((a, b) => (a.nonce < b.nonce ? -1 : 1));
}

/** The redemption as it stands; null once it is delivered, or the credits went back. */
export async function readRedemption(rpc: Rpc, address: Address): Promise<Redemption | null> {
    const { accounts } = await rpc.accounts([address]);
    return accounts[0] ? read(address, accounts[0], RedemptionAccount, ACCOUNT_VERSION) : null;
}

const REDEMPTION_LEN = 8 + (RedemptionAccount.codec.size ?? 0);

export interface RedeemPlan {
    instructions: Instruction[];
    redemption: Address;
    number: bigint;
    /** Unix seconds. As the program will reckon when it lands, a little later. */
    deadline: bigint;
    rent: bigint;
    opensPage: boolean;
}

/** Plans a redemption of `credits` with a carrier, for an order that only member and carrier can open. The member signs and pays. */
export async function planRedeem({ standing, left, open }: Redeemer, carrier: Carrier, credits: bigint, commitment: Uint8Array): Promise<RedeemPlan> {
    const { pool, owner, claim, now } = standing;
    if (isPaused(pool, now)) throw new Failure('paused', { until: `${pool.pausedUntil}` });
    if (!claim) throw new Failure('no-member');
    if (carrier.active === 0) throw new Failure('carrier-inactive', { carrier: carrier.carrier });
    if (credits > left) throw new Failure('credits-short', { left: `${left}` });
    // The member's own number for it, unlike that of any other that is open: the time, moved on while one has it.
    let number = now;
    while (open.some(({ nonce }) => nonce === number)) number += 1n;
    const { page, steps, rent } = await pageStep(standing, claim.index, owner);
    const redemption = await redemptionAddress(pool.address, owner, number);
    const redeem = redeemCredits(
        {
            payer: owner,
            owner,
            pool: pool.address,
            epoch: await epochAddress(pool.address, claim.epoch),
            page,
            carrier: carrier.address,
            redemption,
            eventAuthority: await eventAuthority(REWARD_VAULT),
        },
        { leaf: leafOf(claim), credits, nonce: number, commitment, proof: proofBytes(claim.proof) },
    );
    return {
        instructions: [...steps, redeem],
        redemption,
        number,
        deadline: now + carrier.periodSecs,
        rent: rent + standing.rent(REDEMPTION_LEN),
        opensPage: steps.length > 0,
    };
}

/** Whether the carrier's time is over. */
export const isLate = ({ deadline }: Redemption, now: bigint): boolean => now > deadline;

/** Plans to take credits back that nobody delivered in time. Anyone may send it. */
export async function planRefund({ standing }: Redeemer, redemption: Redemption): Promise<Instruction[]> {
    if (!isLate(redemption, standing.now)) throw new Failure('still-time', { until: `${redemption.deadline}` });
    const pool = redemption.pool;
    return [
        refundCredits({
            pool,
            page: await pageAddress(pool, pageOf(redemption.index)),
            carrier: await carrierAddress(pool, redemption.carrier),
            redemption: redemption.address,
            rentPayer: redemption.rentPayer,
            eventAuthority: await eventAuthority(REWARD_VAULT),
        }),
    ];
}
