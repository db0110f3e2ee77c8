// The same wallet in the other networks that this app names: what can be claimed there, and the way to it.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { standingIn } from '../chain/offer.ts';
import type { Standing } from '../chain/member.ts';
import { isPaused } from '../chain/pause.ts';
import { Rpc } from '../chain/rpc.ts';
import type { NetworkConfig } from '../config.ts';
import { t } from '../i18n/index.ts';
import { chosen, networks } from '../state/app.ts';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { amount } from '../words/amount.ts';
import { Part, Tokens } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

interface There {
    /** Index into `networks`. */
    at: number;
    network: NetworkConfig;
    standing: Resource<Standing>;
}

export default function Elsewhere({ owner }: { owner: Address }): JSX.Element {
    const found = useSignal<readonly There[] | null>(null);
    const look = (): void => {
        const others = networks.peek().flatMap((network, at) => (at === chosen.peek() ? [] : [{ network, at }]));
        found.value = others.map(({ network, at }) => ({ network, at, standing: resource(() => standingIn(network, new Rpc(network.rpc), owner)) }));
    };
    return (
        <Part title={t('elsewhere.title')}>
            {found.value === null ? (
                <button type="button" onClick={look}>
                    {t('elsewhere.look')}
                </button>
            ) : (
                <ul class="verdicts">
                    {found.value.map(({ at, network, standing }) => (
                        <li key={network.pool} class="card">
                            <h3>{network.name}</h3>
                            <Loaded of={standing}>{(there) => <Claimable standing={there} at={at} />}</Loaded>
                        </li>
                    ))}
                </ul>
            )}
        </Part>
    );
}

function Claimable({ standing, at }: { standing: Standing; at: number }): JSX.Element {
    const { pool, owner, claimable, available, now } = standing;
    const go = (): void => {
        chosen.value = at;
        location.hash = `#/claim/${owner}`;
    };
    return (
        <>
            <p>
                {t('you.claimable')}: <Tokens base={claimable} decimals={pool.decimals} name={`claimable ${pool.address}`} />
            </p>
            {claimable > 0n && !isPaused(pool, now) && (
                <button type="button" class="main" onClick={go}>
                    {t('you.claim', { amount: amount(available, pool.decimals) })}
                </button>
            )}
        </>
    );
}
