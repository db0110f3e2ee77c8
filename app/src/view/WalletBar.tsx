// The wallet that signs, or those that could.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { connect, connected, disconnect, wallets } from '../wallet/standard.ts';
import { Key } from './atoms.tsx';
import { Failed } from './Loaded.tsx';

export function WalletBar(): JSX.Element {
    const failure = useSignal<Failure | null>(null);
    const now = connected.value;
    if (now) {
        return (
            <p class="actions">
                <span>
                    {t('you.connected', { address: '' })} <a href={`#/you/${now.address}`}><Key of={now.address} /></a>
                </span>
                <button type="button" onClick={() => void disconnect()}>
                    {t('you.disconnect')}
                </button>
            </p>
        );
    }
    if (wallets.value.length === 0) return <p class="soft">{t('you.noWallet')}</p>;
    return (
        <>
            <p class="actions">
                {wallets.value.map((wallet) => (
                    <button
                        key={wallet.name}
                        type="button"
                        onClick={() => {
                            failure.value = null;
                            connect(wallet).catch((error: unknown) => (failure.value = Failure.of(error)));
                        }}
                    >
                        {t('you.connect', { wallet: wallet.name })}
                    </button>
                ))}
            </p>
            {failure.value && <Failed failure={failure.value} />}
        </>
    );
}
