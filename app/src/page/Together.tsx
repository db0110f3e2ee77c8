// What a wallet is owed in all pools and airdrops that this app knows, and the payment of what is chosen under one signature.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import { useMemo } from 'preact/hooks';
import type { JSX } from 'preact';
import { placesOf } from '../chain/offer.ts';
import type { Offer, Owed } from '../chain/offer.ts';
import { t } from '../i18n/index.ts';
import { networks, ownRpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { amount } from '../words/amount.ts';
import { connected } from '../wallet/standard.ts';
import { ActTogether } from '../view/ActTogether.tsx';
import { Command, Key, Tokens } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';
import { WalletBar } from '../view/WalletBar.tsx';

interface Line {
    owed: Owed;
    offer: Resource<Offer>;
}

export default function Together({ owner }: { owner: Address }): JSX.Element {
    const own = ownRpc.value;
    const places = networks.value;
    const lines = useMemo(
        () => placesOf(own === '' ? places : places.map((one) => ({ ...one, rpc: [own, ...one.rpc] })), owner).map((owed): Line => ({ owed, offer: resource(() => owed.read()) })),
        [places, own, owner],
    );
    const left = useSignal<ReadonlySet<string>>(new Set());
    const busy = useSignal(false);
    const offers = lines.flatMap(({ offer }) => {
        const face = offer.face.value;
        return 'value' in face ? [face.value] : [];
    });
    const due = offers.filter((offer) => offer.due > 0n);
    const chosen = due.filter(({ id }) => !left.value.has(id));
    const reading = lines.some(({ offer }) => offer.face.value.at === 'waiting');
    const turn = (id: string): void => {
        const next = new Set(left.value);
        if (!next.delete(id)) next.add(id);
        left.value = next;
    };
    const again = (): void => {
        for (const { offer } of lines) void offer.renew();
    };
    return (
        <>
            <Title>{t('together.title')}</Title>
            <p>
                <a href={`#/you/${owner}`}>
                    <Key of={owner} />
                </a>
            </p>
            <p>{t('together.what')}</p>
            <fieldset disabled={busy.value}>
                <legend>{t('together.choose')}</legend>
                <ul class="verdicts">
                    {lines.map(({ owed, offer }) => (
                        <li key={owed.id} class="card">
                            <Loaded of={offer}>{(found) => <One owed={owed} offer={found} chosen={!left.value.has(owed.id)} turn={turn} />}</Loaded>
                            <p class="soft">
                                {owed.network.name}
                                {owed.kind === 'campaign' && ` · ${t('campaign.title')}`} · <span class="key">{owed.id}</span>
                            </p>
                        </li>
                    ))}
                </ul>
            </fieldset>
            {!reading && due.length === 0 && <p class="soft">{t('you.nothing')}</p>}
            {connected.value ? (
                // What was checked is about what was chosen.
                <ActTogether key={`${connected.value.address} ${chosen.map(({ id }) => id).join(' ')}`} wallet={connected.value} chosen={chosen} owner={owner} busy={busy} moved={() => void data.peek().standing(owner).renew()} again={again} />
            ) : (
                <>
                    <p>{t('claim.need')}</p>
                    <Command text={lines.map(({ owed }) => bare(owed, owner)).join('\n')} />
                </>
            )}
            <WalletBar />
        </>
    );
}

const bare = ({ kind, id, network }: Owed, owner: Address): string =>
    kind === 'pool' ? `cairn claim --pool ${network.pool} --owner ${owner} --files DIR` : `cairn campaign claim --files DIR --owner ${owner}   # ${id}`;

function One({ owed, offer, chosen, turn }: { owed: Owed; offer: Offer; chosen: boolean; turn: (id: string) => void }): JSX.Element {
    const { due, held, decimals, id } = offer;
    return (
        <>
            <label class="choice">
                <input type="checkbox" checked={chosen && due > 0n} disabled={due === 0n} onChange={() => turn(id)} />
                <span>
                    {owed.network.name}: <Tokens base={due} decimals={decimals} name={`due ${id}`} /> {t('together.tokens')}
                </span>
            </label>
            {held > 0n && <p class="held">{t('together.held', { amount: amount(held, decimals) })}</p>}
        </>
    );
}
