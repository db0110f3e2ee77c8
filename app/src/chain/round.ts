// Burn rounds: points burnt for a share of tokens, and what a member burnt in one.

import type { Address, Instruction } from '@solana/kit';
import { BurnReceiptAccount, BurnRoundAccount, burnPoints, settleBurn } from '../generated/reward_vault.ts';
import type { BurnReceipt, BurnRound } from '../generated/reward_vault.ts';
import type { Claim } from '../files/claims.ts';
import { Failure } from '../failure.ts';
import { CLOCK_SYSVAR, REWARD_VAULT, epochAddress, eventAuthority, receiptAddress, recipientAddress, roundAddress } from './addresses.ts';
import { clockOf, read } from './account.ts';
import type { Read } from './account.ts';
import { createTokenAccount, tokenAccountRent } from './claim.ts';
import { leafOf, pageStep, proofBytes } from './leaf.ts';
import { provenIn } from './member.ts';
import type { Sources, Standing } from './member.ts';
import { isPaused } from './pause.ts';
import type { Pool } from './pool.ts';
import type { Rpc } from './rpc.ts';
import { ACCOUNT_VERSION } from './versions.ts';

export type Round = Read<BurnRound>;
export type Receipt = Read<BurnReceipt>;
export type RoundState = 'coming' | 'open' | 'ended';

export const stateOf = (round: BurnRound, now: bigint): RoundState => (now < round.startsAt ? 'coming' : now < round.endsAt ? 'open' : 'ended');

/** Base units for `points` of the round's burns, floored; what rounding leaves is the pool's. */
export const shareOf = (round: Pick<BurnRound, 'tokens' | 'burnt'>, points: bigint): bigint => (round.burnt === 0n ? 0n : (round.tokens * points) / round.burnt);

/** Most rounds of one page. */
export const ROUNDS_SHOWN = 20;

/** The newest rounds that are not closed, the newest first, at the chain's clock. */
export async function readRounds(rpc: Rpc, pool: Pool): Promise<{ rounds: Round[]; now: bigint; slot: bigint }> {
    const oldest = pool.nextRound > BigInt(ROUNDS_SHOWN) ? pool.nextRound - BigInt(ROUNDS_SHOWN) : 0n;
    const numbers = Array.from({ length: Number(pool.nextRound - oldest) }, (_, at) => pool.nextRound - 1n - BigInt(at));
    const addresses = await Promise.all(numbers.map((number) => roundAddress(pool.address, number)));
    const { slot, accounts } = await rpc.accounts([CLOCK_SYSVAR, ...addresses]);
    const rounds = addresses.flatMap((address, at) => {
        const account = accounts[at + 1];
        return account ? [read(address, account, BurnRoundAccount, ACCOUNT_VERSION)] : [];
    });
    return { rounds, now: clockOf(accounts[0]), slot };
}

/** What a member burnt in a round and was not settled yet. */
export async function readReceipt(rpc: Rpc, round: Address, owner: Address): Promise<Receipt | null> {
    const [address] = await receiptAddress(round, owner);
    const { accounts } = await rpc.accounts([address]);
    return accounts[0] ? read(address, accounts[0], BurnReceiptAccount, ACCOUNT_VERSION) : null;
}

/** A member in a round: the leaf that counts in it, and what they burnt. */
export interface Burner {
    standing: Standing;
    round: Round;
    /** The leaf as the round's epoch grants it; null for who was no member then. */
    claim: Claim | null;
    receipt: Receipt | null;
    /** Milli-points that are left to burn. */
    left: bigint;
}

/** Points burn as the epoch grants them that was active when the round opened. */
export async function readBurner(sources: Sources, standing: Standing, round: Round): Promise<Burner> {
    const receipt = await readReceipt(sources.rpc, round.address, standing.owner);
    const bound = round.epoch === 0n || round.epoch === standing.claim?.epoch;
    const claim = bound ? standing.claim : await provenIn(sources, standing.pool, round.epoch, standing.owner);
    const granted = claim?.points ?? 0n;
    return { standing, round, claim, receipt, left: granted > standing.pointsBurnt ? granted - standing.pointsBurnt : 0n };
}

export interface Planned {
    instructions: Instruction[];
    rent: bigint;
    opensPage: boolean;
}

const RECEIPT_LEN = 8 + (BurnReceiptAccount.codec.size ?? 0);

/** Plans a burn of `points` milli-points. The member signs and pays. */
export async function planBurn({ standing, round, claim, receipt, left }: Burner, points: bigint): Promise<Planned> {
    const { pool, owner, now } = standing;
    if (isPaused(pool, now)) throw new Failure('paused', { until: `${pool.pausedUntil}` });
    if (!claim) throw new Failure('no-member');
    if (points < (round.minimum || 1n)) throw new Failure('burn-below', { least: `${round.minimum || 1n}` });
    if (points > left) throw new Failure('points-short', { left: `${left}` });
    const { page, steps, rent } = await pageStep(standing, claim.index, owner);
    const [address, bump] = await receiptAddress(round.address, owner);
    const burn = burnPoints(
        {
            payer: owner,
            owner,
            pool: pool.address,
            epoch: await epochAddress(pool.address, claim.epoch),
            page,
            round: round.address,
            receipt: address,
            eventAuthority: await eventAuthority(REWARD_VAULT),
        },
        { leaf: leafOf(claim), points, receiptBump: bump, proof: proofBytes(claim.proof) },
    );
    return { instructions: [...steps, burn], rent: rent + (receipt ? 0n : standing.rent(RECEIPT_LEN)), opensPage: steps.length > 0 };
}

/** Plans the payment of a member's share. Anyone may send it; it pays where a claim would pay. */
export async function planSettle({ standing, round, receipt }: Burner, payer: Address): Promise<Planned> {
    const { pool, owner } = standing;
    if (!receipt) throw new Failure('nothing-due');
    const settle = settleBurn(
        {
            pool: pool.address,
            round: round.address,
            receipt: receipt.address,
            rentPayer: receipt.rentPayer,
            vault: round.vault,
            mint: pool.mint,
            destination: standing.destination,
            tokenProgram: pool.tokenProgram,
            recipient: await recipientAddress(pool.address, owner),
            memoProgram: standing.memoProgram,
            eventAuthority: await eventAuthority(REWARD_VAULT),
        },
        { destinationBump: standing.destinationBump },
    );
    const create = standing.destinationExists ? [] : [createTokenAccount(payer, standing)];
    return { instructions: [...create, settle], rent: create.length > 0 ? tokenAccountRent(standing) : 0n, opensPage: false };
}
