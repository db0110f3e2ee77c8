// One owner's place in a pool: what was earned, is pending, can be claimed and was claimed, each proven against the chain.

import type { Address } from '@solana/kit';
import { checkLeaf } from '../check/merkle.ts';
import { Refusal } from '../check/rust.ts';
import type { Rust } from '../check/rust.ts';
import { Failure } from '../failure.ts';
import { readClaim } from '../files/claims.ts';
import type { Claim } from '../files/claims.ts';
import type { Mirrors } from '../files/source.ts';
import { MemberPageAccount, RecipientAccount } from '../generated/reward_vault.ts';
import type { MemberSlot, Recipient as RecipientFields } from '../generated/reward_vault.ts';
import { CLOCK_SYSVAR, RENT_SYSVAR, epochAddress, pageAddress, recipientAddress, tokenAddress } from './addresses.ts';
import { clockOf, read, rentOf } from './account.ts';
import type { Read } from './account.ts';
import { roomOf } from './breaker.ts';
import type { Room } from './breaker.ts';
import { decodeEpoch } from './epoch.ts';
import type { Epoch } from './epoch.ts';
import { decodePool, told } from './pool.ts';
import type { Pool } from './pool.ts';
import type { Account, Rpc } from './rpc.ts';
import { memoProgramOf, tokenAmount } from './token.ts';
import { ACCOUNT_VERSION } from './versions.ts';

/** Members of one page (`cairn-merkle`). */
export const SLOTS_PER_PAGE = 420;
const RECIPIENT_MARK = 1n << 63n;

export const pageOf = (index: number): number => Math.floor(index / SLOTS_PER_PAGE);

export type Recipient = Read<RecipientFields>;

/** The wallet that is paid for `owner` at `now`. */
export function payoutOf(owner: Address, recipient: Recipient | null, now: bigint): Address {
    if (!recipient) return owner;
    const due = recipient.effectiveAt !== 0n && now >= recipient.effectiveAt;
    return told(due ? recipient.pendingPayout : recipient.payout) ?? owner;
}

/** What one owner earned and took out. `earned = claimed + claimable + pending`. */
export interface Standing {
    pool: Pool;
    owner: Address;
    /** The wallet that is paid, and its token account. */
    payout: Address;
    destination: Address;
    destinationBump: number;
    /** Whether that token account exists. */
    destinationExists: boolean;
    /** Says a memo, where the account lets nothing in without one. */
    memoProgram: Address | null;
    /** Null for who never earned anything. */
    index: number | null;
    earned: bigint;
    pending: bigint;
    claimable: bigint;
    /** As much of it as the breaker lets out now when the member signs. */
    available: bigint;
    room: Room;
    vaultBalance: bigint;
    claimed: bigint;
    points: bigint;
    pointsBurnt: bigint;
    credits: bigint;
    creditsRedeemed: bigint;
    /** The claim that is paid now, proven; null for who is no member of the active epoch. */
    claim: Claim | null;
    /** The epoch in flight, and whether its files are here and lead to its root. */
    inFlight: { epoch: Epoch; verified: boolean } | null;
    recipient: Recipient | null;
    /** Null while the member's page is not open. */
    page: Address | null;
    pageMissing: boolean;
    rent: (length: number) => bigint;
    /** Unix seconds. */
    now: bigint;
    slot: bigint;
}

/** Where an owner's numbers come from. */
export interface Sources {
    rpc: Rpc;
    mirrors: Mirrors;
    rust: Rust;
    pool: Address;
}

/** Reads and checks everything about `owner`. Two questions to the node, one or two files. */
export async function readStanding(sources: Sources, owner: Address, known?: number): Promise<Standing> {
    const { rpc, mirrors, rust, pool: address } = sources;
    const first = await rpc.accounts([address]);
    const before = decodePool(address, first.accounts[0]);
    const numbers = [before.activeEpoch, before.activeEpoch - 1n, before.pendingEpoch];
    const epochs = await Promise.all(numbers.map((number) => epochAddress(address, number > 0n ? number : 0n)));
    // Only an index, to know which page to ask for: what is read here is checked once the canopies are.
    const index = known ?? (await indexIn(mirrors, numbers, before.members, owner));
    const page = index === null ? null : await pageAddress(address, pageOf(index));
    const recipientAt = await recipientAddress(address, owner);
    const own = await tokenAddress(owner, before.mint, before.tokenProgram);
    const asked = [address, before.vault, CLOCK_SYSVAR, RENT_SYSVAR, recipientAt, own[0], page ?? CLOCK_SYSVAR, ...epochs];
    const { accounts, slot } = await rpc.accounts(asked);
    const pool = decodePool(address, accounts[0]);
    const now = clockOf(accounts[2]);
    const recipient = accounts[4] ? read(recipientAt, accounts[4], RecipientAccount, ACCOUNT_VERSION) : null;
    const payout = payoutOf(owner, recipient, now);
    const [destination, destinationBump] = payout === owner ? own : await tokenAddress(payout, pool.mint, pool.tokenProgram);
    const paid = payout === owner ? accounts[5] : (await rpc.accounts([destination])).accounts[0];
    const payable = [accounts[7], accounts[8]].flatMap((account, at) => (account ? [decodeEpoch(epochs[at]!, account)] : []));
    const claim = await payableClaim(mirrors, rust, payable, owner);
    const inFlight = await readInFlight(mirrors, rust, pool, [epochs[2]!, accounts[9]], owner);
    const proof = inFlight?.claim ?? claim;
    // The first mirror's index was a forged one.
    if (proof && proof.index !== index && known === undefined) return readStanding(sources, owner, proof.index);
    const slotOf = page && accounts[6] ? slotIn(page, accounts[6], index!) : null;
    const newest = proof;
    const granted = claim?.tokens ?? 0n;
    const claimed = slotOf?.tokensClaimed ?? 0n;
    const claimable = granted > claimed ? granted - claimed : 0n;
    const vaultBalance = tokenAmount(accounts[1]);
    const room = roomOf(pool, now, vaultBalance, 'member');
    return {
        pool,
        owner,
        payout,
        destination,
        destinationBump,
        destinationExists: paid !== null && paid !== undefined,
        memoProgram: memoProgramOf(paid),
        index: newest?.index ?? null,
        earned: newest && newest.tokens > granted ? newest.tokens : granted,
        pending: newest && newest.tokens > granted ? newest.tokens - granted : 0n,
        claimable,
        available: claimable < room.available ? claimable : room.available,
        room,
        vaultBalance,
        claimed,
        points: newest?.points ?? 0n,
        pointsBurnt: slotOf?.pointsBurnt ?? 0n,
        credits: newest?.credits ?? 0n,
        creditsRedeemed: (slotOf?.creditsAndMark ?? 0n) & (RECIPIENT_MARK - 1n),
        claim,
        inFlight: inFlight && { epoch: inFlight.epoch, verified: inFlight.claim !== undefined },
        recipient,
        page,
        pageMissing: page !== null && !accounts[6],
        rent: rentOf(accounts[3]),
        now,
        slot,
    };
}

/** The index that the first file tells, unchecked; null when there is none. The active epoch has `members`, so the one before it
 * and the one in flight mostly have as many files; where not, the proven claim tells the index later. */
async function indexIn(mirrors: Mirrors, epochs: readonly bigint[], members: number, owner: Address): Promise<number | null> {
    for (const number of epochs) {
        const found = number > 0n ? await readClaim(mirrors, { number, leafCount: members }, owner, () => undefined).catch(() => null) : null;
        if (found) return found.index;
    }
    return null;
}

/** The claim that is paid now: the active epoch's, or the one's before it while only its files are published. A revoked epoch grants
 * nothing any more. */
async function payableClaim(mirrors: Mirrors, rust: Rust, epochs: readonly Epoch[], owner: Address): Promise<Claim | null> {
    const [active, previous] = epochs.filter(({ state }) => state !== 'revoked');
    if (!active) return null;
    try {
        return await proven(mirrors, rust, active, owner);
    } catch (error) {
        if (!previous || Failure.of(error).code !== 'file-absent') throw error;
        return proven(mirrors, rust, previous, owner);
    }
}

/** The owner's leaf in an epoch that is on chain, checked as the program will: a forged or stale file is found here. */
function proven(mirrors: Mirrors, rust: Rust, epoch: Epoch, owner: Address): Promise<Claim | null> {
    return readClaim(mirrors, epoch, owner, (claim) => {
        const differs = (what: string): Failure => new Failure('proof-invalid', { epoch: `${epoch.number}`, what });
        if (claim.pool !== epoch.pool) throw differs('WrongPool');
        if (claim.epoch !== epoch.number) throw differs('EpochNumber');
        try {
            checkLeaf(rust, claim, epoch, claim.proof);
        } catch (error) {
            throw error instanceof Refusal ? new Failure('proof-invalid', { epoch: `${epoch.number}`, what: error.name }, error.message, error) : error;
        }
    });
}

/** The owner's leaf in an epoch that need not be paid from any more. */
export async function provenIn({ rpc, mirrors, rust }: Sources, pool: Pool, number: bigint, owner: Address): Promise<Claim | null> {
    const address = await epochAddress(pool.address, number);
    const { accounts } = await rpc.accounts([address]);
    return proven(mirrors, rust, decodeEpoch(address, accounts[0]), owner);
}

/** What an epoch in flight holds for the owner, as far as its files are here and prove it. */
async function readInFlight(
    mirrors: Mirrors,
    rust: Rust,
    pool: Pool,
    [address, account]: [Address, Account | null | undefined],
    owner: Address,
): Promise<{ epoch: Epoch; claim?: Claim | null } | null> {
    if (pool.pendingEpoch === 0n || !account) return null;
    const epoch = decodeEpoch(address, account);
    if (epoch.state !== 'proposed' && epoch.state !== 'attested') return null;
    // Without the whole canopy nothing can be proven, and files of an older proposal prove nothing about this one.
    if (!epoch.canopyComplete) return { epoch };
    try {
        return { epoch, claim: await proven(mirrors, rust, epoch, owner) };
    } catch {
        return { epoch };
    }
}

function slotIn(address: Address, account: Account, index: number): MemberSlot | null {
    const page = read(address, account, MemberPageAccount, ACCOUNT_VERSION);
    return page.page === pageOf(index) ? (page.slots[index % SLOTS_PER_PAGE] ?? null) : null;
}

/** Tokens that the member was paid so far, as the chain counts them now. */
export async function readClaimed(rpc: Rpc, pool: Address, index: number): Promise<bigint> {
    const page = await pageAddress(pool, pageOf(index));
    const { accounts } = await rpc.accounts([page]);
    return accounts[0] ? (slotIn(page, accounts[0], index)?.tokensClaimed ?? 0n) : 0n;
}
