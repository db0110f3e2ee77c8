// Airdrop campaigns: what one grants a wallet, what of it is vested and paid, and the instructions that pay it.

import type { Address, Instruction } from '@solana/kit';
import type { Rust } from '../check/rust.ts';
import { Failure } from '../failure.ts';
import { readDrop } from '../files/drops.ts';
import type { Drop } from '../files/drops.ts';
import type { Mirrors } from '../files/source.ts';
import { CampaignAccount, CampaignPageAccount, VestingAccount, claimDrop, claimVested, openCampaignPage } from '../generated/airdrop.ts';
import type { Campaign as Fields, Vesting as VestingFields } from '../generated/airdrop.ts';
import type { Node } from '../check/merkle.ts';
import { AIRDROP, CLOCK_SYSVAR, RENT_SYSVAR, campaignPageAddress, eventAuthority, tokenAddress, vestingAddress } from './addresses.ts';
import { clockOf, read, rentOf } from './account.ts';
import type { Read } from './account.ts';
import { createTokenAccount, tokenAccountRent } from './claim.ts';
import { canopyOf } from './epoch.ts';
import type { Account, Rpc } from './rpc.ts';
import { memoProgramOf } from './token.ts';
import { ACCOUNT_VERSION } from './versions.ts';

export interface Campaign extends Read<Fields> {
    canopy: Node[];
}
export type Vesting = Read<VestingFields>;
export type CampaignState = 'draft' | 'coming' | 'open' | 'expired' | 'swept';

const [OPEN, SWEPT] = [2, 3];

export const decodeCampaign = (address: Address, account: Account | null | undefined): Campaign => {
    const fields = read(address, account, CampaignAccount, ACCOUNT_VERSION, true);
    return { ...fields, canopy: canopyOf(fields.tail) };
};

/** Drops are paid from the start on, up to and with the expiry. */
export function campaignState({ status, startsAt, expiresAt }: Fields, now: bigint): CampaignState {
    if (status === SWEPT) return 'swept';
    if (status !== OPEN) return 'draft';
    return now < startsAt ? 'coming' : now > expiresAt ? 'expired' : 'open';
}

/** Base units of a locked part that are vested at `now`, as the program computes them (`state/campaign.rs`). */
export function vestedOf({ vestingStart, cliffAt, vestingEnd }: Pick<Fields, 'vestingStart' | 'cliffAt' | 'vestingEnd'>, locked: bigint, now: bigint): bigint {
    if (now >= vestingEnd) return locked;
    if (now < cliffAt) return 0n;
    return (locked * (now - vestingStart)) / (vestingEnd - vestingStart);
}

/** Claimants of one page (`cairn-merkle`), and of one item of its bits. */
const DROPS_PER_PAGE = 80_000;
const PER_ITEM = 320;

export interface CampaignNow {
    campaign: Campaign;
    /** Unix seconds. */
    now: bigint;
    slot: bigint;
}

export async function readCampaign(rpc: Rpc, address: Address): Promise<CampaignNow> {
    const { accounts, slot } = await rpc.accounts([address, CLOCK_SYSVAR]);
    return { campaign: decodeCampaign(address, accounts[0]), now: clockOf(accounts[1]), slot };
}

/** One wallet in a campaign. */
export interface Claimant extends CampaignNow {
    owner: Address;
    /** Null for who gets nothing. */
    drop: Drop | null;
    /** Whether the drop was claimed; what stays locked is in `vesting`. */
    claimed: boolean;
    /** What is locked and was not paid whole yet. */
    vesting: Vesting | null;
    /** Base units that a claim pays now. */
    due: bigint;
    destination: Address;
    destinationBump: number;
    destinationExists: boolean;
    /** Says a memo, where the account lets nothing in without one. */
    memoProgram: Address | null;
    page: Address;
    pageMissing: boolean;
    rent: (length: number) => bigint;
}

export async function readClaimant(rpc: Rpc, mirrors: Mirrors, rust: Rust, address: Address, owner: Address): Promise<Claimant> {
    const before = await readCampaign(rpc, address);
    const drop = await readDrop(mirrors, rust, before.campaign, owner);
    const index = drop?.index ?? 0;
    const page = await campaignPageAddress(address, Math.floor(index / DROPS_PER_PAGE));
    const [destination, destinationBump] = await tokenAddress(owner, before.campaign.mint, before.campaign.tokenProgram);
    const vestingAt = await vestingAddress(address, index);
    const { accounts, slot } = await rpc.accounts([address, CLOCK_SYSVAR, RENT_SYSVAR, page, vestingAt, destination]);
    const campaign = decodeCampaign(address, accounts[0]);
    const now = clockOf(accounts[1]);
    const vesting = drop && accounts[4] ? read(vestingAt, accounts[4], VestingAccount, ACCOUNT_VERSION) : null;
    const claimed = drop !== null && isMarked(page, accounts[3], drop.index);
    return {
        campaign,
        now,
        slot,
        owner,
        drop,
        claimed,
        vesting,
        due: dueOf(campaign, now, drop, claimed, vesting),
        destination,
        destinationBump,
        destinationExists: accounts[5] !== null,
        memoProgram: memoProgramOf(accounts[5]),
        page,
        pageMissing: accounts[3] === null,
        rent: rentOf(accounts[2]),
    };
}

function dueOf(campaign: Campaign, now: bigint, drop: Drop | null, claimed: boolean, vesting: Vesting | null): bigint {
    if (!drop || campaignState(campaign, now) !== 'open') return 0n;
    if (!claimed) return drop.unlocked + vestedOf(campaign, drop.locked, now);
    return vesting ? vestedOf(campaign, vesting.locked, now) - vesting.paid : 0n;
}

/** The claimant's bit: behind the fields a count, then the bits. */
function isMarked(address: Address, account: Account | null | undefined, index: number): boolean {
    if (!account) return false;
    const { tail } = read(address, account, CampaignPageAccount, ACCOUNT_VERSION, true);
    const bit = index % DROPS_PER_PAGE;
    return (tail.getUint8(4 + Math.floor(bit / 8)) & (1 << (bit % 8))) !== 0;
}

export interface DropPlan {
    amount: bigint;
    instructions: Instruction[];
    createsAccount: boolean;
    opensPage: boolean;
    /** Whether a vesting account is made for what stays locked. */
    locks: boolean;
    rent: bigint;
}

const VESTING_LEN = 8 + (VestingAccount.codec.size ?? 0);
const pageLength = (leafCount: number, page: number): number => {
    const claimants = Math.min(leafCount - page * DROPS_PER_PAGE, DROPS_PER_PAGE);
    return 8 + (CampaignPageAccount.codec.size ?? 0) + 4 + 40 * Math.ceil(claimants / PER_ITEM);
};

/** Plans the payment of what is due, to the claimant, whoever signs. */
export async function planDrop(one: Claimant, payer: Address): Promise<DropPlan> {
    const { campaign, drop, vesting, now, due, owner } = one;
    const state = campaignState(campaign, now);
    if (state !== 'open') throw new Failure('campaign-closed', { state });
    if (!drop) throw new Failure('no-drop');
    const events = await eventAuthority(AIRDROP);
    const paid = { campaign: campaign.address, vault: campaign.vault, mint: campaign.mint, destination: one.destination, tokenProgram: campaign.tokenProgram };
    const create = one.destinationExists ? [] : [createTokenAccount(payer, { payout: owner, destination: one.destination, pool: campaign })];
    const accountRent = create.length > 0 ? tokenAccountRent({ pool: campaign, rent: one.rent }) : 0n;
    const plan = { amount: due, createsAccount: create.length > 0, opensPage: false, locks: false };
    if (one.claimed) {
        if (!vesting || due <= 0n) throw new Failure('nothing-due');
        const take = claimVested({ ...paid, vesting: vesting.address, memoProgram: one.memoProgram, eventAuthority: events }, { destinationBump: one.destinationBump });
        return { ...plan, instructions: [...create, take], rent: accountRent };
    }
    const page = Math.floor(drop.index / DROPS_PER_PAGE);
    const open = one.pageMissing ? [openCampaignPage({ payer, campaign: campaign.address, page: one.page, eventAuthority: events }, { page })] : [];
    const locks = vestedOf(campaign, drop.locked, now) < drop.locked;
    const claim = claimDrop(
        {
            ...paid,
            page: one.page,
            vesting: locks ? await vestingAddress(campaign.address, drop.index) : null,
            rentPayer: locks ? payer : null,
            memoProgram: one.memoProgram,
            eventAuthority: events,
        },
        { index: drop.index, unlocked: drop.unlocked, locked: drop.locked, destinationBump: one.destinationBump, proof: drop.proof },
    );
    const rent = accountRent + (open.length > 0 ? one.rent(pageLength(campaign.leafCount, page)) : 0n) + (locks ? one.rent(VESTING_LEN) : 0n);
    return { ...plan, instructions: [...create, ...open, claim], opensPage: open.length > 0, locks, rent };
}
