// What pages show, loaded once for as long as the network and its sources stay the same.

import { computed } from '@preact/signals';
import type { Address } from '@solana/kit';
import { rust } from '../check/rust.ts';
import { readCampaign, readClaimant } from '../chain/campaign.ts';
import type { CampaignNow, Claimant } from '../chain/campaign.ts';
import { readCarriers } from '../chain/carrier.ts';
import type { Carrier } from '../chain/carrier.ts';
import { treeAddress } from '../chain/addresses.ts';
import type { Redeemer } from '../chain/credits.ts';
import { readEpochs } from '../chain/epoch.ts';
import type { Record } from '../chain/epoch.ts';
import { readStanding } from '../chain/member.ts';
import type { Sources, Standing } from '../chain/member.ts';
import { readPool } from '../chain/pool.ts';
import type { Pool, PoolNow } from '../chain/pool.ts';
import { readBurner, readRounds } from '../chain/round.ts';
import type { Burner, Round } from '../chain/round.ts';
import { readRegistry } from '../chain/registry.ts';
import type { Registry } from '../chain/registry.ts';
import { Failure } from '../failure.ts';
import type { Announced, WrittenRules } from '../files/announced.ts';
import { readIndex, shownOf } from '../files/index.ts';
import { Mirrors } from '../files/source.ts';
import type { Summary } from '../files/summary.ts';
import { readManifest, textOf } from '../files/manifest.ts';
import type { Manifest } from '../files/manifest.ts';
import type { Standing as Device } from '../check/standing.ts';
import type { Hearing } from '../check/wifi.ts';
import type { Device as Leaf } from '../files/devices.ts';
import type { Member } from '../files/table.ts';
import type { Placed, Position } from '../chain/transfer.ts';
import type { Rulebook } from '../words/why.ts';
import { mirrors, network, rpc } from './app.ts';
import { resource } from './resource.ts';
import type { Resource } from './resource.ts';

/** The pool and its newest epochs, of one moment. */
export interface Overview {
    now: PoolNow;
    records: Record[];
}

/** A published epoch: its manifest, held against the chain. */
export interface Published {
    number: bigint;
    manifest: Manifest;
}

/** Announced rules with their report, held against the chain. */
export interface Proposed extends Announced {
    /** Epochs of which the report says something else than the chain. */
    differing: bigint[];
    /** How many epochs could not be compared. */
    unchecked: number;
}

/** A device where it stands, in its network. */
export interface Rooted {
    network: Address;
    /** The tree's number. */
    tree: number;
    placed: Placed;
}

export type Rounds = Awaited<ReturnType<typeof readRounds>>;

// Readers of tables and rulesets come when the first one is needed: most people only look up a wallet.
const tables = () => import('../files/table.ts');
const deviceTable = () => import('../files/devices.ts');

class Data {
    readonly #kept = new Map<string, Resource<unknown>>();

    #once<T>(key: string, load: () => Promise<T>): Resource<T> {
        let kept = this.#kept.get(key) as Resource<T> | undefined;
        if (!kept) {
            kept = resource(load);
            this.#kept.set(key, kept as Resource<unknown>);
        }
        return kept;
    }

    /** What other loads build on: the value, once. */
    async #value<T>(of: Resource<T>): Promise<T> {
        for (;;) {
            const face = of.face.peek();
            if (face.at === 'here' || face.at === 'stale') return face.value;
            if (face.at === 'failed') throw face.failure;
            await new Promise<void>((resolve) => {
                const stop = of.face.subscribe((next) => {
                    if (next.at === 'waiting') return;
                    queueMicrotask(() => stop());
                    resolve();
                });
            });
        }
    }

    /** Read when a page first asks for it: a claim needs none of it. */
    get overview(): Resource<Overview> {
        return this.#once('overview', async () => {
            const node = rpc.peek();
            const now = await readPool(node, poolAddress());
            const { pool, records, now: clock, slot } = await readEpochs(node, now.pool);
            return { now: { ...now, pool, now: clock, slot }, records };
        });
    }

    registry(): Resource<Registry> {
        return this.#once('registry', async () => readRegistry(rpc.peek(), (await this.#pool()).network));
    }

    /** The device network of the pool, for what is read beside it. */
    networkNow(): Promise<Registry> {
        return this.#value(this.registry());
    }

    /** The manifest of an epoch that is on chain. */
    manifest(number: bigint): Resource<Published> {
        return this.#once(`manifest ${number}`, async () => {
            const { records } = await this.#value(this.overview);
            const record = records.find(({ epoch }) => epoch.number === number);
            if (!record) throw new Failure('epoch-unknown', { epoch: `${number}` });
            return { number, manifest: await readManifest(mirrors.peek(), number, record.epoch.manifestHash) };
        });
    }

    /** The newest epoch whose root is or was in force and whose files are here; what devices, rules and ranks are shown of. */
    newest(): Resource<Published> {
        return this.#once('newest', async () => {
            const { records } = await this.#value(this.overview);
            // What was revoked or superseded by nothing yet is not in force: those that claims are or were paid from.
            const inForce = records.flatMap((record) => (!record.closed && (record.epoch.state === 'active' || record.epoch.state === 'superseded') ? [record.epoch] : []));
            const shown = shownOf(inForce, inForce.length > 0 ? await this.#value(this.index()) : null);
            if (!shown) throw new Failure('no-active-epoch');
            return this.#value(this.manifest(shown.number));
        });
    }

    /** Epochs whose files the mirrors say they have; null where none says anything. A hint: the chain decides what they are. */
    index(): Resource<ReadonlySet<bigint> | null> {
        return this.#once('index', () => readIndex(mirrors.peek(), poolAddress()));
    }

    /** What the newest epoch came to, in numbers. */
    summary(): Resource<{ number: bigint; summary: Summary }> {
        return this.#once('summary', async () => {
            const [{ readSummary }, { number, manifest }] = await Promise.all([import('../files/summary.ts'), this.#value(this.newest())]);
            return { number, summary: await readSummary(mirrors.peek(), manifest) };
        });
    }

    /** The registry's leaves as the newest epoch froze them. */
    #leaves(): Resource<Leaf[]> {
        return this.#once('leaves', async () => {
            const [{ readDevices }, { manifest }] = await Promise.all([deviceTable(), this.#value(this.newest())]);
            return readDevices(mirrors.peek(), manifest);
        });
    }

    /** Each device once, as the rules of the newest epoch saw it. */
    devices(): Resource<Device[]> {
        return this.#once('devices', async () => {
            const [{ readSeen }, { standing }, { manifest }] = await Promise.all([deviceTable(), import('../check/standing.ts'), this.#value(this.newest())]);
            const [leaves, seen] = await Promise.all([this.#value(this.#leaves()), readSeen(mirrors.peek(), manifest)]);
            return standing(leaves, seen);
        });
    }

    /** Whether the registry held a device when the newest epoch froze it; false, too, where its table can not be read. */
    async isRegistered(key: Address): Promise<boolean> {
        const devices = await this.#value(this.devices()).catch(() => []);
        return devices.some((device) => device.key === key);
    }

    /** A device where it stands in the registry, with all of its tree, as the newest epoch froze it. Of one that was entered since, the chain
     * tells where. */
    rooted(key: Address): Resource<Rooted> {
        return this.#once(`rooted ${key}`, async () => {
            const [{ readLeaves }, devices, { manifest, number }] = await Promise.all([deviceTable(), this.#value(this.devices()), this.#value(this.newest())]);
            const device = devices.find((one) => one.key === key);
            const { address: network } = await this.networkNow();
            const at = device ? { tree: device.tree, index: device.leafIndex } : await this.#enteredSince(key);
            if (!at) throw new Failure('device-unknown', { device: key, epoch: `${number}` });
            const [tree, leaves] = await Promise.all([treeAddress(network, at.tree), readLeaves(mirrors.peek(), manifest, at.tree)]);
            return { network, tree: at.tree, placed: { tree, index: at.index, leaves } };
        });
    }

    async #enteredSince(key: Address): Promise<Position | null> {
        const [{ enteredSince }, { address, trees }, leaves] = await Promise.all([import('../chain/transfer.ts'), this.networkNow(), this.#value(this.#leaves())]);
        const counted = Array.from({ length: trees }, (_, tree) => leaves.filter((leaf) => leaf.tree === tree).length);
        return enteredSince(rpc.peek(), address, counted, key);
    }

    /** Access points with their names and terms, as those say whose word counts. */
    wifi(): Resource<Hearing> {
        return this.#once('wifi', async () => {
            const [{ readOffers }, { hear }, { now: pool }, { number }] = await Promise.all([
                import('../files/wifi.ts'),
                import('../check/wifi.ts'),
                this.#value(this.overview),
                this.#value(this.newest()),
            ]);
            const network = pool.pool.network;
            const [offers, devices, rulebook] = await Promise.all([readOffers(mirrors.peek(), network), this.#value(this.devices()), this.#value(this.rulebook(number))]);
            return hear(offers, network, devices, rulebook.operators, pool.now);
        });
    }

    members(): Resource<Member[]> {
        return this.#once('members', async () => {
            const [{ readMembers }, { manifest }] = await Promise.all([tables(), this.#value(this.newest())]);
            return readMembers(mirrors.peek(), manifest);
        });
    }

    rulebook(number: bigint): Resource<Rulebook> {
        return this.#once(`rulebook ${number}`, async () => {
            const [{ parseRulebook }, { manifest }] = await Promise.all([import('../words/why.ts'), this.#value(this.manifest(number))]);
            return parseRulebook(await textOf(mirrors.peek(), manifest, 'inputs/ruleset.toml'));
        });
    }

    /** The rules of an epoch as they are written, by file name. */
    rules(number: bigint): Resource<WrittenRules> {
        return this.#once(`rules ${number}`, async () => {
            const [{ rulesOf }, { manifest }] = await Promise.all([import('../files/announced.ts'), this.#value(this.manifest(number))]);
            return rulesOf(mirrors.peek(), manifest);
        });
    }

    /** Rules by their hash with what they would have changed; null where no mirror has them. */
    announced(hash: string): Resource<Proposed | null> {
        return this.#once(`announced ${hash}`, async () => {
            const [{ readAnnounced }, { differing }] = await Promise.all([import('../files/announced.ts'), import('../check/backtest.ts')]);
            const announced = await readAnnounced(mirrors.peek(), hash);
            if (!announced) return null;
            if (announced.report.pool !== poolAddress()) throw new Failure('file-damaged', { file: `announced/${hash}` }, `pool ${announced.report.pool}`);
            const asked = await Promise.allSettled(announced.report.epochs.map(({ epoch }) => this.#value(this.manifest(epoch))));
            const manifests = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.manifest] : []));
            return { ...announced, differing: differing(announced.report, manifests), unchecked: asked.length - manifests.length };
        });
    }

    standing(owner: Address): Resource<Standing> {
        return this.#once(`standing ${owner}`, async () =>
            readStanding(await sources(), owner),
        );
    }

    carriers(): Resource<Carrier[]> {
        return this.#once('carriers', () => readCarriers(rpc.peek(), poolAddress()));
    }

    /** A member with data credits, and what waits to be delivered to them. */
    redeemer(owner: Address): Resource<Redeemer> {
        return this.#once(`redeemer ${owner}`, async () => {
            const [{ readRedeemer }, standing] = await Promise.all([import('../chain/credits.ts'), sources().then((from) => readStanding(from, owner))]);
            return readRedeemer(rpc.peek(), standing);
        });
    }

    rounds(): Resource<Rounds> {
        return this.#once('rounds', async () => readRounds(rpc.peek(), await this.#pool()));
    }

    /** A member in a round, read anew when the round moved. */
    burner(round: Round, owner: Address): Resource<Burner> {
        return this.#once(`burner ${round.number} ${owner} ${round.burnt} ${round.settledReceipts}`, async () => {
            const from = await sources();
            return readBurner(from, await readStanding(from, owner), round);
        });
    }

    campaign(address: Address): Resource<CampaignNow> {
        return this.#once(`campaign ${address}`, () => readCampaign(rpc.peek(), address));
    }

    claimant(address: Address, owner: Address): Resource<Claimant> {
        return this.#once(`claimant ${address} ${owner}`, () => this.claimantNow(address, owner));
    }

    /** A wallet in a campaign, as the chain has it now. */
    async claimantNow(address: Address, owner: Address): Promise<Claimant> {
        const known = network.peek()?.campaigns.find((one) => one.address === address);
        if (!known) throw new Failure('campaign-unknown', { campaign: address });
        return readClaimant(rpc.peek(), new Mirrors(known.files), await rust(), address, owner);
    }

    async #pool(): Promise<Pool> {
        return (await this.#value(this.overview)).now.pool;
    }
}

const sources = async (): Promise<Sources> => ({ rpc: rpc.peek(), mirrors: mirrors.peek(), rust: await rust(), pool: poolAddress() });

function poolAddress(): Address {
    const pool = network.peek()?.pool;
    if (!pool) throw new Failure('no-network');
    return pool;
}

/** Made anew when the network or an endpoint changes: nothing of one is ever shown as another's. */
export const data = computed(() => {
    void rpc.value;
    void mirrors.value;
    return new Data();
});
