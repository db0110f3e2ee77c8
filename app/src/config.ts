// cairn.json beside the app: which networks there are, and where they are read. It may be replaced after the build, so nothing in
// it is trusted: addresses are checked, and what endpoints and mirrors answer is checked against the chain or its hash.

import { isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import { Failure } from './failure.ts';

/** A pool on a cluster, and where it is read. */
export interface NetworkConfig {
    /** For people. */
    name: string;
    /** As Wallet Standard names clusters: "solana:mainnet", "solana:devnet", "solana:localnet". */
    chain: `${string}:${string}`;
    /** Endpoints of nodes, in the order in which they are asked. */
    rpc: string[];
    pool: Address;
    /** Folders that hold epochs as 00001, 00002 …; the first that has a file with the right hash is read. */
    files: string[];
    /** Airdrops that this app shows. */
    campaigns: CampaignConfig[];
    /** Where who was banned says that it is wrong; null where the operator takes no appeals. */
    appeals: AppealsConfig | null;
    /** Where carriers' tasks are done, by the number that the rules call them: whole addresses. */
    tasks: ReadonlyMap<number, string>;
}

/** How the operator hears appeals. Its words are shown as they are; what came of an appeal, only the chain says. */
export interface AppealsConfig {
    /** An address that starts with https: or mailto:. */
    contact: string;
    /** What is heard, how long it takes; may be empty. */
    terms: string;
    /** What the reason codes of bans stand for. */
    reasons: ReadonlyMap<number, string>;
}

/** A campaign, and the folders that hold its files as `cairn campaign prepare` makes them. */
export interface CampaignConfig {
    address: Address;
    files: string[];
}

const FORMAT = 'cairn/app/1';

/** Reads the text of cairn.json; addresses in it are relative to `base`. */
export function parseConfig(text: string, base: string): NetworkConfig[] {
    const wrong = (what: string): Failure => new Failure('config', { what });
    let found: unknown;
    try {
        found = JSON.parse(text);
    } catch (error) {
        throw new Failure('config', { what: 'JSON' }, String(error), error);
    }
    const record = (value: unknown, what: string): Record<string, unknown> => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what);
        return value as Record<string, unknown>;
    };
    const texts = (value: unknown, what: string): string[] => {
        if (!Array.isArray(value) || value.length === 0 || !value.every((one) => typeof one === 'string')) throw wrong(what);
        return value as string[];
    };
    const folders = (value: unknown, what: string): string[] => texts(value, what).map((url) => new URL(url.endsWith('/') ? url : `${url}/`, base).href);
    const campaigns = (value: unknown, what: string): CampaignConfig[] => {
        if (!Array.isArray(value)) throw wrong(what);
        return value.map((one, at) => {
            const { address, files } = record(one, `${what}[${at}]`);
            if (typeof address !== 'string' || !isAddress(address)) throw wrong(`${what}[${at}].address`);
            return { address, files: folders(files, `${what}[${at}].files`) };
        });
    };
    const link = (value: unknown, what: string, schemes: readonly string[]): string => {
        const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
        if (!url || !schemes.includes(url.protocol)) throw wrong(what);
        return url.href;
    };
    const numbered = <T>(value: unknown, what: string, read: (one: unknown, what: string) => T): ReadonlyMap<number, T> =>
        new Map(
            Object.entries(record(value, what)).map(([number, one]): [number, T] => {
                if (!/^[1-9]\d{0,9}$/.test(number)) throw wrong(`${what}.${number}`);
                return [Number(number), read(one, `${what}.${number}`)];
            }),
        );
    const words = (value: unknown, what: string): string => {
        if (typeof value !== 'string') throw wrong(what);
        return value;
    };
    const appeals = (value: unknown, what: string): AppealsConfig => {
        const { contact, terms, reasons } = record(value, what);
        return {
            contact: link(contact, `${what}.contact`, ['https:', 'mailto:']),
            terms: words(terms ?? '', `${what}.terms`),
            reasons: numbered(reasons ?? {}, `${what}.reasons`, words),
        };
    };
    const document = record(found, 'cairn.json');
    if (document['format'] !== FORMAT) throw wrong(`format: ${FORMAT}`);
    const networks = document['networks'];
    if (!Array.isArray(networks)) throw wrong('networks');
    return networks.map((one, at) => {
        const network = record(one, `networks[${at}]`);
        const { name, chain, pool } = network;
        if (typeof name !== 'string' || name === '') throw wrong(`networks[${at}].name`);
        if (typeof chain !== 'string' || !/^[a-z]+:\w+$/.test(chain)) throw wrong(`networks[${at}].chain`);
        if (typeof pool !== 'string' || !isAddress(pool)) throw wrong(`networks[${at}].pool`);
        return {
            name,
            chain: chain as NetworkConfig['chain'],
            pool,
            rpc: texts(network['rpc'], `networks[${at}].rpc`).map((url) => new URL(url, base).href),
            files: folders(network['files'], `networks[${at}].files`),
            campaigns: campaigns(network['campaigns'] ?? [], `networks[${at}].campaigns`),
            appeals: network['appeals'] === undefined ? null : appeals(network['appeals'], `networks[${at}].appeals`),
            tasks: numbered(network['tasks'] ?? {}, `networks[${at}].tasks`, (one, what) => link(one, what, ['https:'])),
        };
    });
}

/** Fetches cairn.json from beside the page. */
export async function loadConfig(): Promise<NetworkConfig[]> {
    const url = new URL('cairn.json', document.baseURI).href;
    let response: Response;
    try {
        response = await fetch(url, { cache: 'no-cache' });
    } catch (error) {
        throw new Failure('config', { what: url }, String(error), error);
    }
    if (!response.ok) throw new Failure('config', { what: url }, `HTTP ${response.status}`);
    return parseConfig(await response.text(), url);
}
