// What a wallet is owed somewhere: by a pool since its start, by an airdrop. One shape for both, so that several are paid together.

import type { Address } from '@solana/kit';
import { rust } from '../check/rust.ts';
import type { NetworkConfig } from '../config.ts';
import { Mirrors } from '../files/source.ts';
import { planDrop, readClaimant } from './campaign.ts';
import type { Claimant } from './campaign.ts';
import { claimCommand, planClaim, tokenAccountRent } from './claim.ts';
import { readClaimed, readStanding } from './member.ts';
import type { Standing } from './member.ts';
import { Rpc } from './rpc.ts';
import type { Part } from './together.ts';
import { plain } from '../words/amount.ts';

/** Something that is owed, proven against the chain. */
export interface Offer {
    kind: 'pool' | 'campaign';
    /** The pool or campaign. */
    id: Address;
    network: NetworkConfig;
    mint: Address;
    decimals: number;
    /** Base units that can be paid now, and those that the breaker holds back. */
    due: bigint;
    held: bigint;
    /** Unix seconds of the chain that it was read from. */
    now: bigint;
    /** Throws what would refuse it. */
    plan(signer: Address): Promise<Planned>;
    /** Base units that left since it was read, as the chain counts them. */
    moved(): Promise<bigint>;
}

/** A payment that is ready to be packed with others. */
export interface Planned extends Part {
    offer: Offer;
    /** Base units. */
    amount: bigint;
    /** The token account that is paid. */
    destination: Address;
    makes: { page: boolean; vesting: boolean };
    /** The same as a command. */
    command: string;
}

/** What a network's pool owes, and each airdrop that the app names there. */
export interface Owed {
    network: NetworkConfig;
    kind: Offer['kind'];
    id: Address;
    read(): Promise<Offer>;
}

/** Every place where this app knows that something may be owed. */
export const placesOf = (networks: readonly NetworkConfig[], owner: Address): Owed[] =>
    networks.flatMap((network) => {
        const rpc = new Rpc(network.rpc);
        return [
            { network, kind: 'pool' as const, id: network.pool, read: () => ofPool(network, rpc, owner) },
            ...network.campaigns.map(({ address, files }) => ({ network, kind: 'campaign' as const, id: address, read: () => ofCampaign(network, rpc, address, files, owner) })),
        ];
    });

/** A network's pool, by its own nodes and files. */
export const standingIn = async ({ files, pool }: NetworkConfig, rpc: Rpc, owner: Address): Promise<Standing> =>
    readStanding({ rpc, mirrors: new Mirrors(files), rust: await rust(), pool }, owner);

async function ofPool(network: NetworkConfig, rpc: Rpc, owner: Address): Promise<Offer> {
    const standing = await standingIn(network, rpc, owner);
    const { pool, claimable, available, destination } = standing;
    const offer: Offer = {
        kind: 'pool',
        id: pool.address,
        network,
        mint: pool.mint,
        decimals: pool.decimals,
        due: available,
        held: claimable - available,
        now: standing.now,
        plan: async (signer) => {
            // As much as the breaker lets out now.
            const most = available < claimable ? available : null;
            const plan = await planClaim(standing, signer, most);
            return {
                offer,
                id: pool.address,
                rpc,
                chain: network.chain,
                instructions: plan.instructions,
                rent: plan.rent,
                opens: plan.createsAccount ? { account: destination, rent: tokenAccountRent(standing) } : null,
                amount: plan.amount,
                destination,
                makes: { page: plan.opensPage, vesting: false },
                command: claimCommand(pool.address, owner, signer, plan.rest > 0n ? plain(plan.amount, pool.decimals) : null),
            };
        },
        moved: async () => (await readClaimed(rpc, pool.address, standing.claim?.index ?? 0)) - standing.claimed,
    };
    return offer;
}

async function ofCampaign(network: NetworkConfig, rpc: Rpc, address: Address, files: readonly string[], owner: Address): Promise<Offer> {
    const claimantNow = async (): Promise<Claimant> => readClaimant(rpc, new Mirrors(files), await rust(), address, owner);
    const one = await claimantNow();
    const { campaign, destination } = one;
    const offer: Offer = {
        kind: 'campaign',
        id: address,
        network,
        mint: campaign.mint,
        decimals: campaign.decimals,
        due: one.due,
        held: 0n,
        now: one.now,
        plan: async (signer) => {
            const plan = await planDrop(one, signer);
            return {
                offer,
                id: address,
                rpc,
                chain: network.chain,
                instructions: plan.instructions,
                rent: plan.rent,
                opens: plan.createsAccount ? { account: destination, rent: tokenAccountRent({ pool: campaign, rent: one.rent }) } : null,
                amount: plan.amount,
                destination,
                makes: { page: plan.opensPage, vesting: plan.locks },
                command: dropCommand(one),
            };
        },
        moved: async () => {
            const after = await claimantNow();
            return paidOf(after) - paidOf(one);
        },
    };
    return offer;
}

/** Base units of a drop that were paid so far. A vesting account that was paid whole is closed. */
export const paidOf = ({ drop, claimed, vesting }: Claimant): bigint =>
    !drop || !claimed ? 0n : vesting ? drop.unlocked + vesting.paid : drop.unlocked + drop.locked;

/** The payment of a drop as a command. */
export const dropCommand = ({ campaign, claimed, owner }: Claimant): string =>
    claimed ? `cairn campaign vested --campaign ${campaign.address} --owner ${owner}` : `cairn campaign claim --files DIR --owner ${owner}`;
