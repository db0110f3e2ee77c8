// Where a person is, by the address's part behind the hash: that works from any path of any server, gateways of IPFS and Arweave
// included, and tells no server what is looked at.

import { signal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';

export type Route =
    | { page: 'network' }
    | { page: 'map' }
    | { page: 'device'; key: Address }
    | { page: 'register' }
    | { page: 'epochs' }
    | { page: 'epoch'; number: bigint }
    | { page: 'growth' }
    | { page: 'discovery' }
    | { page: 'community' }
    | { page: 'you'; owner: Address | null }
    | { page: 'claim'; owner: Address }
    | { page: 'payout'; owner: Address }
    | { page: 'together'; owner: Address }
    | { page: 'transfer'; device: Address }
    | { page: 'round'; number: bigint }
    | { page: 'redeem'; carrier: Address }
    | { page: 'campaign'; address: Address; owner: Address | null }
    | { page: 'proof'; epoch: bigint; id: string }
    | { page: 'settings' }
    | { page: 'nowhere' };

/** The five sections of the navigation. */
export type Section = 'network' | 'growth' | 'discovery' | 'community' | 'you';

export function parseRoute(hash: string): Route {
    const [first = '', second, third] = hash.replace(/^#?\/?/, '').split('/');
    const key = second !== undefined && isAddress(second) ? second : null;
    const number = second !== undefined && /^[1-9]\d{0,18}$/.test(second) ? BigInt(second) : null;
    switch (first) {
        case '':
        case 'network':
            return { page: 'network' };
        case 'map':
        case 'register':
        case 'epochs':
        case 'growth':
        case 'discovery':
        case 'community':
        case 'settings':
            return { page: first };
        case 'device':
            return key ? { page: 'device', key } : { page: 'nowhere' };
        case 'transfer':
            return key ? { page: 'transfer', device: key } : { page: 'nowhere' };
        case 'epoch':
            return number ? { page: 'epoch', number } : { page: 'nowhere' };
        case 'you':
            return second === undefined ? { page: 'you', owner: null } : key ? { page: 'you', owner: key } : { page: 'nowhere' };
        case 'claim':
        case 'payout':
        case 'together':
            return key ? { page: first, owner: key } : { page: 'nowhere' };
        case 'redeem':
            return key ? { page: 'redeem', carrier: key } : { page: 'nowhere' };
        case 'campaign':
            if (!key || (third !== undefined && !isAddress(third))) return { page: 'nowhere' };
            return { page: 'campaign', address: key, owner: third ?? null };
        case 'round':
            // Rounds are counted from 0.
            return number !== null || second === '0' ? { page: 'round', number: number ?? 0n } : { page: 'nowhere' };
        case 'proof':
            return number && third !== undefined && /^[0-9a-f]{64}$/.test(third) ? { page: 'proof', epoch: number, id: third } : { page: 'nowhere' };
        default:
            return { page: 'nowhere' };
    }
}

export function sectionOf(route: Route): Section | null {
    switch (route.page) {
        case 'network':
        case 'map':
        case 'device':
        case 'register':
        case 'transfer':
        case 'epochs':
        case 'epoch':
            return 'network';
        case 'growth':
        case 'discovery':
        case 'community':
            return route.page;
        case 'redeem':
            return 'discovery';
        case 'you':
        case 'claim':
        case 'payout':
        case 'together':
        case 'proof':
            return 'you';
        case 'round':
        case 'campaign':
            return 'growth';
        default:
            return null;
    }
}

export const route = signal<Route>({ page: 'network' });

/** Follows the address. `arrived` is called on each change, not at the start: a reader of the screen must be told. */
export function watchRoute(arrived: () => void): void {
    const look = (): void => void (route.value = parseRoute(location.hash));
    look();
    addEventListener('hashchange', () => {
        look();
        arrived();
    });
}
