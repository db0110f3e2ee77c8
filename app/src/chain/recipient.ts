// Where a member is paid and who may claim for them: as it stands, as the program will have it, and the instructions that change it.

import type { Address, Instruction } from '@solana/kit';
import { RecipientAccount, closeRecipient, setRecipient } from '../generated/reward_vault.ts';
import { Failure } from '../failure.ts';
import { REWARD_VAULT, epochAddress, eventAuthority, recipientAddress } from './addresses.ts';
import { read } from './account.ts';
import { leafOf, pageStep, proofBytes } from './leaf.ts';
import { payoutOf } from './member.ts';
import type { Recipient, Standing } from './member.ts';
import { told } from './pool.ts';
import type { Rpc } from './rpc.ts';
import { ACCOUNT_VERSION } from './versions.ts';

export interface Wishes {
    /** The wallet that is paid now. */
    payout: Address;
    /** The wallet that takes its place, and when; null when nothing is pending. */
    pending: { payout: Address; effectiveAt: bigint } | null;
    /** May claim besides the member once claims are restricted. */
    delegate: Address | null;
    restricted: boolean;
}

/** As they stand at `now`; without an account the owner is paid directly and anyone may claim. */
export function wishesOf(owner: Address, recipient: Recipient | null, now: bigint): Wishes {
    const at = recipient?.effectiveAt ?? 0n;
    return {
        payout: payoutOf(owner, recipient, now),
        pending: at > now ? { payout: payoutOf(owner, recipient, at), effectiveAt: at } : null,
        delegate: recipient && told(recipient.delegate),
        restricted: recipient !== null && recipient.restricted !== 0,
    };
}

/** As the program will have them (`state/recipient.rs`): the wallet in effect withdraws what is pending, the pending one keeps its time. */
export function changed(before: Wishes, to: { payout: Address; delegate: Address | null; restricted: boolean }, cooldown: bigint, now: bigint): Wishes {
    const { payout } = before;
    const kept = before.pending?.payout === to.payout ? before.pending : { payout: to.payout, effectiveAt: now + cooldown };
    return { payout, pending: to.payout === payout ? null : kept, delegate: to.delegate, restricted: to.restricted };
}

/** The wallet that is asked for: the one that is pending, or the one in effect. */
export const asked = (wishes: Wishes): Address => wishes.pending?.payout ?? wishes.payout;

const same = (a: Wishes, b: Wishes): boolean => asked(a) === asked(b) && a.delegate === b.delegate && a.restricted === b.restricted;

export interface RecipientPlan {
    instructions: Instruction[];
    /** Lamports, for the account and the page. */
    rent: bigint;
    opensPage: boolean;
}

const RECIPIENT_LEN = 8 + (RecipientAccount.codec.size ?? 0);
const NO_LEAF = { tokens: 0n, points: 0n, credits: 0n };

/** Plans the change. The member signs and pays. Works while the pool is paused: whose key was stolen must be able to act. */
export async function planRecipient(standing: Standing, after: Wishes): Promise<RecipientPlan> {
    const { pool, owner, claim, recipient, now } = standing;
    if (same(wishesOf(owner, recipient, now), after)) throw new Failure('nothing-changes');
    // Once the account exists only the index counts: who is no member any more can still change their mind.
    const index = recipient?.index ?? claim?.index;
    if (index === undefined || (!recipient && !claim)) throw new Failure('no-member');
    const { page, steps, rent } = await pageStep(standing, index, owner);
    const wallet = asked(after);
    const set = setRecipient(
        {
            payer: owner,
            owner,
            pool: pool.address,
            epoch: await epochAddress(pool.address, claim?.epoch ?? pool.activeEpoch),
            page,
            recipient: await recipientAddress(pool.address, owner),
            eventAuthority: await eventAuthority(REWARD_VAULT),
        },
        {
            leaf: recipient || !claim ? { index, ...NO_LEAF } : leafOf(claim),
            payout: wallet === owner ? null : wallet,
            delegate: after.delegate,
            restricted: after.restricted,
            proof: recipient || !claim ? new Uint8Array() : proofBytes(claim.proof),
        },
    );
    return { instructions: [...steps, set], rent: rent + (recipient ? 0n : standing.rent(RECIPIENT_LEN)), opensPage: steps.length > 0 };
}

/** Whether the account says nothing that its absence would not say, so that it can be closed. */
export const isIdle = ({ owner, recipient, now }: Standing): boolean => recipient !== null && recipient.restricted === 0 && payoutOf(owner, recipient, now) === owner;

/** Closes the account; its rent goes back to who paid it. */
export async function planClose(standing: Standing): Promise<Instruction[]> {
    const { pool, owner, recipient } = standing;
    if (!recipient || !isIdle(standing)) throw new Failure('nothing-changes');
    const { page } = await pageStep(standing, recipient.index, owner);
    const eventsBy = await eventAuthority(REWARD_VAULT);
    return [closeRecipient({ owner, pool: pool.address, page, recipient: recipient.address, rentPayer: recipient.rentPayer, eventAuthority: eventsBy })];
}

/** The account as it is now; null when there is none. */
export async function readRecipient(rpc: Rpc, pool: Address, owner: Address): Promise<Recipient | null> {
    const address = await recipientAddress(pool, owner);
    const { accounts } = await rpc.accounts([address]);
    return accounts[0] ? read(address, accounts[0], RecipientAccount, ACCOUNT_VERSION) : null;
}
