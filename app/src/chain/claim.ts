// A claim: what it would pay, what must exist before it can, and the instructions that do it.

import type { Address, Instruction } from '@solana/kit';
import { claim as claimInstruction } from '../generated/reward_vault.ts';
import { Failure } from '../failure.ts';
import {
    ASSOCIATED_TOKEN_PROGRAM,
    REWARD_VAULT,
    SYSTEM_PROGRAM,
    TOKEN_PROGRAM,
    epochAddress,
    eventAuthority,
} from './addresses.ts';
import { leafOf, pageStep, proofBytes } from './leaf.ts';
import type { Standing } from './member.ts';
import { isOff, roomOf } from './breaker.ts';
import { isPaused } from './pause.ts';
import { told } from './pool.ts';
import type { Pool } from './pool.ts';

/** What a claim does, before anybody signs. */
export interface ClaimPlan {
    /** Base units that it pays. */
    amount: bigint;
    /** Base units that stay claimable after it. */
    rest: bigint;
    opensPage: boolean;
    createsAccount: boolean;
    /** Lamports for both, paid by whoever signs. */
    rent: bigint;
    /** Whether the rent is only the least: a mint's extensions may make the account longer. */
    rentIsLeast: boolean;
    instructions: Instruction[];
}

const TOKEN_ACCOUNT_LEN = 165;
/** The least of Token-2022: its kind, and that its owner never changes. */
const TOKEN_2022_ACCOUNT_LEN = 170;
const ALL = (1n << 64n) - 1n;

/** Plans a claim of `most` base units, signed and paid by `signer`. Throws what would refuse it. */
export async function planClaim(standing: Standing, signer: Address, most: bigint | null): Promise<ClaimPlan> {
    const { pool, claim, recipient, owner, claimable, now } = standing;
    if (isPaused(pool, now)) throw new Failure('paused', { until: `${pool.pausedUntil}` });
    if (!claim || claimable === 0n) throw new Failure('nothing-due');
    const amount = most !== null && most < claimable ? most : claimable;
    if (amount === 0n) throw new Failure('nothing-due');
    const delegate = recipient && told(recipient.delegate);
    const speaks = signer === owner || signer === delegate;
    const restricted = recipient !== null && recipient.restricted !== 0;
    if (restricted && !speaks) throw new Failure('restricted', { owner, delegate: delegate ?? owner });
    const part = amount < claimable;
    // A part of a token that may take a fee is the member's to ask for: nobody else may cut a claim up. Signed, a claim may use the half
    // of the breaker's room that is kept for members.
    const signs = restricted || (speaks && (!isOff(pool) || (part && pool.tokenProgram !== TOKEN_PROGRAM)));
    const room = roomOf(pool, now, standing.vaultBalance, signs ? 'member' : 'anyone');
    if (!isOff(pool) && amount > room.available) {
        const kept = amount <= standing.room.available;
        throw new Failure(kept ? 'breaker-others' : 'breaker', { available: `${room.available}`, moreAt: `${room.moreAt}` });
    }
    const instructions: Instruction[] = [];
    const { mint, tokenProgram, vault } = pool;
    if (!standing.destinationExists) instructions.push(createTokenAccount(signer, standing));
    const events = await eventAuthority(REWARD_VAULT);
    const { page, steps, rent } = await pageStep(standing, claim.index, signer);
    instructions.push(
        ...steps,
        claimInstruction(
            {
                pool: pool.address,
                epoch: await epochAddress(pool.address, claim.epoch),
                page,
                vault,
                mint,
                destination: standing.destination,
                tokenProgram,
                recipient: recipient ? recipient.address : null,
                authority: signs ? signer : null,
                memoProgram: standing.memoProgram,
                eventAuthority: events,
            },
            {
                leaf: leafOf(claim),
                // A claim for all is for all that is due when it lands, not for what was due when it was made.
                atMost: part ? amount : ALL,
                destinationBump: standing.destinationBump,
                proof: proofBytes(claim.proof),
            },
        ),
    );
    return {
        amount,
        rest: claimable - amount,
        opensPage: standing.pageMissing,
        createsAccount: !standing.destinationExists,
        rent: rent + (standing.destinationExists ? 0n : tokenAccountRent(standing)),
        rentIsLeast: !standing.destinationExists && tokenProgram !== TOKEN_PROGRAM,
        instructions,
    };
}

/** A wallet that is paid, its token account, and whoever pays in which token. */
type Paid = Pick<Standing, 'payout' | 'destination'> & { pool: Pick<Pool, 'mint' | 'tokenProgram'> };

/** Lamports that keep the paid wallet's token account, at least: a mint's extensions may make it longer. */
export const tokenAccountRent = ({ pool, rent }: Pick<Paid, 'pool'> & Pick<Standing, 'rent'>): bigint => rent(pool.tokenProgram === TOKEN_PROGRAM ? TOKEN_ACCOUNT_LEN : TOKEN_2022_ACCOUNT_LEN);

/** Creates the paid wallet's canonical token account; changes nothing when somebody else was faster. */
export function createTokenAccount(payer: Address, { payout, destination, pool }: Paid): Instruction {
    return {
        programAddress: ASSOCIATED_TOKEN_PROGRAM,
        accounts: [
            { address: payer, role: 3 },
            { address: destination, role: 1 },
            { address: payout, role: 0 },
            { address: pool.mint, role: 0 },
            { address: SYSTEM_PROGRAM, role: 0 },
            { address: pool.tokenProgram, role: 0 },
        ],
        data: Uint8Array.of(1),
    };
}

/** The same as a command. */
export const claimCommand = (pool: Address, owner: Address, signer: Address | null, most: string | null): string =>
    ['cairn claim', `--pool ${pool}`, owner === signer ? '' : `--owner ${owner}`, most === null ? '' : `--at-most ${most}`, '--files DIR'].filter(Boolean).join(' ');
