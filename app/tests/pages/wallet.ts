// A Wallet Standard wallet for tests, put into a page before it loads: it signs, or does one of the things that wallets do instead.

import type { BrowserContext } from 'playwright-core';
import { addressOf } from './month.ts';

/** `sign`; `reject`, as a person who says no; `hang`; `tamper`: another transaction than asked; `empty`: no account; `other`: a
 * network that is not ours. */
export type Manner = 'sign' | 'reject' | 'hang' | 'tamper' | 'empty' | 'other';

export async function addWallet(context: BrowserContext, secret: Uint8Array, manner: Manner = 'sign', name = 'Test wallet'): Promise<void> {
    const wallet = { name, address: addressOf(secret), secret: [...secret], manner };
    await context.addInitScript(install, wallet);
}

/** Runs in the page. `window.walletManner` changes what it does; `window.walletAsked` counts. */
function install({ name, address, secret, manner }: { name: string; address: string; secret: number[]; manner: Manner }): void {
    const page = window as unknown as { walletManner: Manner; walletAsked: number };
    page.walletManner = manner;
    page.walletAsked = 0;
    const pkcs8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20, ...secret]);
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    const publicKey = (): Uint8Array => {
        let value = 0n;
        for (const letter of address) value = value * 58n + BigInt(alphabet.indexOf(letter));
        return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * (31 - at))) & 0xffn));
    };
    const chains = manner === 'other' ? ['solana:mainnet'] : ['solana:localnet'];
    const account = { address, publicKey: publicKey(), chains, features: ['solana:signTransaction'] };
    /** One question, whatever the number of transactions. */
    const sign = async (...asked: { transaction: Uint8Array }[]): Promise<{ signedTransaction: Uint8Array }[]> => {
        page.walletAsked += 1;
        if (page.walletManner === 'reject') throw new Error('User rejected the request.');
        if (page.walletManner === 'hang') await new Promise(() => undefined);
        const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
        return Promise.all(
            asked.map(async ({ transaction }, index) => {
                const signed = Uint8Array.from(transaction);
                const at = 1 + 64 * signed[0]!;
                // The last byte of a message stands in an instruction's data or in a list of accounts.
                if (page.walletManner === 'tamper' && index === asked.length - 1) signed[signed.length - 1] = signed[signed.length - 1]! ^ 1;
                signed.set(new Uint8Array(await crypto.subtle.sign('Ed25519', key, signed.slice(at))), 1);
                return { signedTransaction: signed };
            }),
        );
    };
    const wallet = {
        version: '1.0.0',
        name,
        icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
        chains,
        accounts: [] as unknown[],
        features: {
            'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: manner === 'empty' ? [] : [account] }) },
            'standard:disconnect': { version: '1.0.0', disconnect: async () => undefined },
            'standard:events': { version: '1.0.0', on: () => () => undefined },
            'solana:signTransaction': { version: '1.0.0', supportedTransactionVersions: ['legacy', 0], signTransaction: sign },
        },
    };
    const register = (api: { register(wallet: unknown): void }): void => api.register(wallet);
    window.addEventListener('wallet-standard:app-ready', (event) => register((event as CustomEvent).detail));
    window.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
}
