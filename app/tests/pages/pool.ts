// A pool of its own on the month's network: two keepers, two members, and roots that a test writes. What a month does not have (a veto, a
// challenge, a revoked root, data credits) is as real here as the rest is there: the same programs say yes or no.

import { createHash } from 'node:crypto';
import { getAddressEncoder } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import type { BrowserContext } from 'playwright-core';
import { eventAuthority, epochAddress, REWARD_VAULT } from '../../src/chain/addresses.ts';
import { claimFile } from '../../src/files/claims.ts';
import { folderOf } from '../../src/files/source.ts';
import { proposeEpoch, putCanopy } from '../../src/generated/reward_vault.ts';
import { addressOf, cairn, secretOf } from './month.ts';
import type { Month } from './month.ts';
import { sendAs } from './sending.ts';
import { act, feed, give, poolOf, travel } from './world.ts';

/** What a member was granted since the start. */
export interface Grant {
    tokens: bigint;
    points: bigint;
    credits: bigint;
}

export interface Party {
    owner: Address;
    secret: Uint8Array;
}

/** As cairn.json has it, as far as it matters here. */
interface Network {
    name: string;
    rpc: string[];
    pool: string;
    files: string[];
    campaigns?: unknown[];
}

const INTERVAL_SECS = 86_400;
const WINDOW_SECS = 3_600;
const RULES = createHash('sha256').update('rules').digest();

export class SmallPool {
    readonly address: Address;
    readonly members: readonly [Party, Party];
    readonly #month: Month;
    readonly #claims = new Map<string, string>();

    private constructor(month: Month, address: Address, members: [Party, Party]) {
        this.#month = month;
        this.address = address;
        this.members = members;
    }

    /** Creates and funds it, for members of its own unless some are named. Its keepers are keeper-2 and keeper-3. */
    static async create(month: Month, known?: readonly [Party, Party]): Promise<SmallPool> {
        // A month that is kept running may have been tested before.
        const id = Date.now();
        const { mint, admin, network } = (await poolOf(month)) as unknown as { mint: string; admin: string; network: string };
        const key = (name: string): string => addressOf(month.key(name));
        const told = (await act(
            month, 'admin', 'pool', 'create', '--network', network, '--mint', mint, '--id', `${id}`,
            '--guardian', key('guardian'), '--keeper', key('keeper-2'), '--keeper', key('keeper-3'), '--threshold', '1',
            '--epoch-interval', '1d', '--challenge-window', '1h', '--emission-cap', '1000', '--points-cap', 'none', '--credits-cap', 'none',
            '--breaker-share', '100%', '--ruleset', RULES.toString('hex'),
        )) as unknown as { pool: Address };
        await give(month, admin, 1_000_000_000);
        await act(month, 'admin', 'pool', 'fund', '500', '--pool', told.pool);
        const party = (name: string): Party => {
            const secret = secretOf('small pool', `${id} ${name}`);
            return { secret, owner: addressOf(secret) as Address };
        };
        const members: [Party, Party] = known ? [...known] : [party('one'), party('two')];
        if (!known) for (const { owner } of members) await feed(month, owner);
        return new SmallPool(month, told.pool, members);
    }

    /** Proposes a root in which the members have these grants, with a whole canopy; attested by that. */
    async propose(number: bigint, grants: readonly [Grant, Grant], keeper = 'keeper-2'): Promise<void> {
        // What the pool may grow by is counted in whole intervals.
        const { now } = await poolOf(this.#month);
        await travel(this.#month, now + INTERVAL_SECS);
        const nodes = grants.map((grant, index) => this.#leaf(index, grant));
        const sum = (of: (grant: Grant) => bigint): bigint => of(grants[0]) + of(grants[1]);
        const secret = this.#month.key(keeper);
        const proposer = addressOf(secret) as Address;
        const [epoch, events] = [await epochAddress(this.address, number), await eventAuthority(REWARD_VAULT)];
        const end = BigInt(now);
        const propose = proposeEpoch(
            // An account that is left out is named by the program's own address.
            { proposer, pool: this.address, epoch, admin: null, guardian: null, eventAuthority: events },
            {
                number,
                root: createHash('sha256').update(Buffer.from([1])).update(Buffer.concat(nodes)).digest(),
                tokens: sum(({ tokens }) => tokens),
                points: sum(({ points }) => points),
                credits: sum(({ credits }) => credits),
                leafCount: 2,
                periodStart: end - BigInt(INTERVAL_SECS),
                periodEnd: end,
                manifestHash: createHash('sha256').update(`manifest ${number}`).digest(),
                rulesetHash: RULES,
                codeHash: createHash('sha256').update('code').digest(),
                accepted: 2n,
                rejected: 0n,
            },
        );
        const canopy = putCanopy({ proposer, pool: this.address, epoch, eventAuthority: events }, { offset: 0, nodes: Buffer.concat(nodes) });
        await this.send(secret, propose, canopy);
        this.#publish(number, grants);
    }

    /** Waits the window out and makes the epoch active. */
    async activate(number: bigint): Promise<void> {
        const { now } = await poolOf(this.#month);
        await travel(this.#month, now + 2 * WINDOW_SECS);
        await act(this.#month, 'alice', 'epoch', 'activate', `${number}`, '--pool', this.address);
    }

    /** Sends instructions that one key signs and pays. */
    send(secret: Uint8Array, ...instructions: Instruction[]): Promise<void> {
        return sendAs(this.#month, secret, ...instructions);
    }

    /** `cairn` in the name of a key, about this pool. */
    act(key: string, ...words: string[]): Promise<Record<string, never>> {
        return act(this.#month, key, ...words, '--pool', this.address);
    }

    ask(...words: string[]): Promise<Record<string, never>> {
        return cairn(this.#month, ...words, '--pool', this.address, '-u', this.#month.rpc);
    }

    /** Makes the app one of this pool, with its claim files. */
    readonly shown = (context: BrowserContext): Promise<void> => SmallPool.#served(context, [this], ([month]) => [{ ...month!, ...this.#named }]);

    /** Makes it one of the month and of this pool. */
    readonly shownToo = (context: BrowserContext): Promise<void> =>
        SmallPool.#served(context, [this], ([month]) => [month!, { ...month!, ...this.#named, name: 'Small pool', campaigns: [] }]);

    /** Makes it one of these pools, each by a node of its own where that is asked for. */
    static readonly allShown =
        (pools: readonly SmallPool[], ownNodes = false) =>
        (context: BrowserContext): Promise<void> =>
            SmallPool.#served(context, pools, ([month]) =>
                pools.map((pool, at) => ({ ...month!, ...pool.#named, name: `Pool ${at + 1}`, campaigns: [], ...(ownNodes && { rpc: month!.rpc.map((url) => `${url}?node=${at}`) }) })),
            );

    get #named(): Pick<Network, 'pool' | 'files'> {
        return { pool: this.address, files: [`small/${this.address}/`] };
    }

    static async #served(context: BrowserContext, pools: readonly SmallPool[], networks: (found: readonly Network[]) => Network[]): Promise<void> {
        await context.route('**/cairn.json', async (route) => {
            const config = (await (await route.fetch()).json()) as { networks: Network[] };
            await route.fulfill({ json: { ...config, networks: networks(config.networks) } });
        });
        for (const pool of pools) {
            await context.route(`**/small/${pool.address}/**`, (route) => {
                const body = pool.#claims.get(new URL(route.request().url()).pathname.replace(/^.*\/small\/[^/]+\//, ''));
                return body === undefined ? route.fulfill({ status: 404, body: 'gone' }) : route.fulfill({ body, contentType: 'application/json' });
            });
        }
    }

    /** The node of a member's leaf: `cairn-merkle`'s bytes, written once more, as only a test may. */
    #leaf(index: number, { tokens, points, credits }: Grant): Buffer {
        const numbers = Buffer.alloc(24);
        [tokens, points, credits].forEach((value, at) => numbers.writeBigUInt64LE(value, 8 * at));
        const place = Buffer.alloc(4);
        place.writeUInt32LE(index);
        const key = getAddressEncoder();
        const hash = createHash('sha256').update('\0cairn/leaf/1').update(Buffer.from(key.encode(this.address))).update(place);
        const node = hash.update(Buffer.from(key.encode(this.members[index]!.owner))).update(numbers).digest();
        return Buffer.concat([node, numbers.subarray(0, 8)]);
    }

    #publish(number: bigint, grants: readonly Grant[]): void {
        // The canopy is the whole tree: nothing is left to prove. Two members share the one file.
        const claims = grants.map(({ tokens, points, credits }, index): [Address, object] => [
            this.members[index]!.owner,
            { index, tokens: `${tokens}`, milli_points: `${points}`, credits: `${credits}`, proof: [] },
        ]);
        const file = { format: 'cairn/claims/2', epoch: Number(number), pool: this.address, claims: Object.fromEntries(claims) };
        this.#claims.set(`${folderOf(number)}/${claimFile(this.members.length, 0)}`, JSON.stringify(file));
    }
}
