// Wallets that live in the browser, by Wallet Standard alone: no adapter, no list of names.

import { getWallets } from '@wallet-standard/app';
import type { Wallet, WalletAccount } from '@wallet-standard/base';
import { StandardConnect, StandardDisconnect, StandardEvents } from '@wallet-standard/features';
import type { StandardConnectFeature, StandardDisconnectFeature, StandardEventsFeature } from '@wallet-standard/features';
import { SolanaSignTransaction } from '@solana/wallet-standard-features';
import type { SolanaSignTransactionFeature } from '@solana/wallet-standard-features';
import { signal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';
import type { Sign, SignAll } from '../chain/send.ts';

/** A wallet that people can sign with here. */
export type Usable = Wallet & { features: StandardConnectFeature & SolanaSignTransactionFeature & Partial<StandardDisconnectFeature & StandardEventsFeature> };

/** The wallet that is connected, with the account that signs. */
export interface Connected {
    wallet: Usable;
    account: WalletAccount;
    address: Address;
}

const isUsable = (wallet: Wallet): wallet is Usable =>
    StandardConnect in wallet.features && SolanaSignTransaction in wallet.features && wallet.chains.some((chain) => chain.startsWith('solana:'));

/** Wallets that are there, as they come. */
export const wallets = signal<readonly Usable[]>([]);
export const connected = signal<Connected | null>(null);

/** Listens for wallets: an extension may be ready before the page or after it. */
export function watchWallets(): void {
    const registry = getWallets();
    const look = (): void => void (wallets.value = registry.get().filter(isUsable));
    registry.on('register', look);
    registry.on('unregister', () => {
        look();
        if (connected.value && !wallets.value.includes(connected.value.wallet)) connected.value = null;
    });
    look();
}

export async function connect(wallet: Usable): Promise<void> {
    let accounts: readonly WalletAccount[];
    try {
        ({ accounts } = await wallet.features[StandardConnect].connect());
    } catch (error) {
        throw rejected(error);
    }
    take(wallet, accounts);
    if (!connected.value) throw new Failure('wallet-empty', { wallet: wallet.name });
    // A person may choose another account in the wallet at any time; what is shown must then be about that one.
    wallet.features[StandardEvents]?.on('change', ({ accounts: changed }) => {
        if (changed && connected.value?.wallet === wallet) take(wallet, changed);
    });
}

export async function disconnect(): Promise<void> {
    const wallet = connected.value?.wallet;
    connected.value = null;
    await wallet?.features[StandardDisconnect]?.disconnect().catch(() => undefined);
}

function take(wallet: Usable, accounts: readonly WalletAccount[]): void {
    const account = accounts.find((one) => isAddress(one.address));
    connected.value = account && isAddress(account.address) ? { wallet, account, address: account.address } : null;
}

/** Signs several transactions with the connected account, in one question to the wallet. */
export function signerOfAll({ wallet, account }: Connected): SignAll {
    return async (transactions) => {
        const foreign = transactions.find(({ chain }) => !account.chains.includes(chain) && !wallet.chains.includes(chain));
        if (foreign) throw new Failure('wallet-chain', { wallet: wallet.name, chain: foreign.chain });
        try {
            const signed = await wallet.features[SolanaSignTransaction].signTransaction(...transactions.map(({ bytes, chain }) => ({ account, transaction: bytes, chain })));
            if (signed.length !== transactions.length) throw new Failure('wallet-unsigned');
            return signed.map(({ signedTransaction }) => signedTransaction);
        } catch (error) {
            throw rejected(error);
        }
    };
}

/** Signs with the connected account, on `chain`. */
export function signer(wallet: Connected, chain: `${string}:${string}`): Sign {
    const sign = signerOfAll(wallet);
    return async (bytes) => (await sign([{ bytes, chain }]))[0]!;
}

/** A person who says no has not met an error. */
function rejected(error: unknown): Failure {
    if (error instanceof Failure) return error;
    const said = error instanceof Error ? `${error.name} ${error.message}` : String(error);
    const code = (error as { code?: unknown } | null)?.code;
    return code === 4001 || /reject|denied|cancel|declin/i.test(said) ? new Failure('wallet-rejected') : new Failure('wallet-failed', {}, said, error);
}
