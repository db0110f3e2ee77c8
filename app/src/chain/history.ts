// What happened to one member: every payment, burn, redemption and change of wallet, of a pool and of the airdrops that the app names.

import type { Address } from '@solana/kit';
import { DropClaimedEvent, VestedClaimedEvent } from '../generated/airdrop.ts';
import {
    BurnSettledEvent,
    ClaimedEvent,
    CreditsFulfilledEvent,
    CreditsRedeemedEvent,
    CreditsRefundedEvent,
    PointsBurntEvent,
    RecipientClosedEvent,
    RecipientSetEvent,
} from '../generated/reward_vault.ts';
import { POINT_DECIMALS } from '../words/amount.ts';
import { recipientAddress, redemptionAddress, tokenAddress } from './addresses.ts';
import type { Campaign } from './campaign.ts';
import type { Pool } from './pool.ts';
import type { Rpc } from './rpc.ts';
import { Trail } from './trail.ts';
import type { Entry, Told } from './trail.ts';

const KINDS = [
    ClaimedEvent,
    PointsBurntEvent,
    BurnSettledEvent,
    CreditsRedeemedEvent,
    CreditsFulfilledEvent,
    CreditsRefundedEvent,
    RecipientSetEvent,
    RecipientClosedEvent,
    DropClaimedEvent,
    VestedClaimedEvent,
] as const;
type Kind = (typeof KINDS)[number];
type Event = Told<Kind>;

export type Unit = 'tokens' | 'points' | 'credits';

/** One thing that happened. */
export interface Happening {
    signature: string;
    slot: bigint;
    /** Unix seconds, where the node knows. */
    time: bigint | null;
    what: Kind['name'];
    /** The pool or campaign. */
    where: Address;
    /** Of an epoch, a round or a redemption, by what happened; null where there is none. */
    number: bigint | null;
    /** What moved, in base units with their decimals; null where nothing did. */
    amount: { base: bigint; decimals: number; unit: Unit } | null;
    /** Who was paid, or is to be. */
    to: Address | null;
}

/** A stretch of a history. */
export interface Stretch {
    happened: Happening[];
    /** Transactions that were looked through for it, and those that the node has no more. */
    looked: number;
    lost: number;
    /** Whether there is nothing further back. */
    over: boolean;
}

export class History {
    readonly #pool: Pool;
    readonly #owner: Address;
    readonly #campaigns: ReadonlyMap<Address, Campaign>;
    readonly #trail: Trail<Kind>;

    private constructor(pool: Pool, owner: Address, campaigns: readonly Campaign[], trail: Trail<Kind>) {
        this.#pool = pool;
        this.#owner = owner;
        this.#campaigns = new Map(campaigns.map((one) => [one.address, one]));
        this.#trail = trail;
    }

    /** Follows what every one of these touches: the member's own key (burns, redemptions, wishes), the account of their wishes, which each
     * payment to another wallet names, and the token accounts that are paid without one. */
    static async of(rpc: Rpc, pool: Pool, campaigns: readonly Campaign[], owner: Address): Promise<History> {
        const mints = [pool, ...campaigns];
        const accounts = await Promise.all(mints.map(async ({ mint, tokenProgram }) => (await tokenAddress(owner, mint, tokenProgram))[0]));
        const trail = new Trail(rpc, KINDS, [owner, await recipientAddress(pool.address, owner), ...accounts]);
        return new History(pool, owner, campaigns, trail);
    }

    /** What happened in the next `count` transactions further back. */
    async next(count: number): Promise<Stretch> {
        const entries = await this.#trail.next(count);
        for (const { name, value } of entries.flatMap(({ events }) => events)) {
            // A carrier delivers, and anyone takes back, without a word of the member.
            if (name === 'CreditsRedeemed' && value.owner === this.#owner) this.#trail.follow(await redemptionAddress(value.pool, value.owner, value.nonce));
        }
        return {
            happened: entries.flatMap((entry) => this.#happened(entry)),
            looked: entries.length,
            lost: entries.filter(({ lost }) => lost).length,
            over: entries.length < count,
        };
    }

    #happened({ signed: { signature, slot, blockTime }, events }: Entry<Kind>): Happening[] {
        const mine = events.filter(({ value }) => value.owner === this.#owner && this.#isHere(value));
        return mine.map((event) => ({ signature, slot, time: blockTime, ...this.#told(event) }));
    }

    #isHere(value: Event['value']): boolean {
        return 'campaign' in value ? this.#campaigns.has(value.campaign) : value.pool === this.#pool.address;
    }

    #told(event: Event): Pick<Happening, 'what' | 'where' | 'number' | 'amount' | 'to'> {
        const { name, value } = event;
        const what = name;
        const where = 'campaign' in value ? value.campaign : value.pool;
        const decimals = this.#campaigns.get(where)?.decimals ?? this.#pool.decimals;
        const tokens = (base: bigint): Happening['amount'] => ({ base, decimals, unit: 'tokens' });
        switch (name) {
            case 'Claimed':
                return { what, where, number: value.number, amount: tokens(value.received), to: value.payout };
            case 'PointsBurnt':
                return { what, where, number: value.round, amount: { base: value.burnt, decimals: POINT_DECIMALS, unit: 'points' }, to: null };
            case 'BurnSettled':
                return { what, where, number: value.round, amount: tokens(value.received), to: value.payout };
            case 'CreditsRedeemed':
            case 'CreditsFulfilled':
            case 'CreditsRefunded':
                return { what, where, number: value.nonce, amount: { base: value.credits, decimals: 0, unit: 'credits' }, to: value.carrier };
            case 'RecipientSet':
                return { what, where, number: null, amount: null, to: value.pendingPayout };
            case 'RecipientClosed':
                return { what, where, number: null, amount: null, to: value.owner };
            case 'DropClaimed':
            case 'VestedClaimed':
                return { what, where, number: null, amount: tokens(value.received), to: value.owner };
        }
    }
}
