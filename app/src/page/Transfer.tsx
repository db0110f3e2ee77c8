// A device handed on to a new owner: the device's own consent, and its present owner's signature.

import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { getAddressDecoder, isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { hex, unhex } from '../check/merkle.ts';
import { rust } from '../check/rust.ts';
import { readPayee } from '../chain/payee.ts';
import { caughtUp, isTransferred, mayTransfer, planTransfer, transferMessage } from '../chain/transfer.ts';
import type { Placed } from '../chain/transfer.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import type { Rooted } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { Copy, Facts, Key } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Failed, Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

/** A new owner that was asked about, the device as the chain has it, and what it must sign. */
interface Asked {
    to: Address;
    placed: Placed;
    /** In hex. */
    message: string;
}

/** What is typed. It stays while a check is made, and when it fails. */
interface Form {
    to: Signal<string>;
    consent: Signal<string>;
    /** Null once something changed. */
    asked: Signal<Asked | null>;
}

export default function Transfer({ device }: { device: Address }): JSX.Element {
    const form: Form = { to: useSignal(''), consent: useSignal(''), asked: useSignal<Asked | null>(null) };
    const rooted = data.value.rooted(device);
    return (
        <>
            <Title>{t('transfer.title')}</Title>
            <Tabs at="network" />
            <p>
                <a href={`#/device/${device}`}>
                    <Key of={device} />
                </a>
            </p>
            <p>{t('transfer.what')}</p>
            <Loaded of={rooted}>
                {(found) => (
                    <Act need={t('transfer.need')} command={commandOf(found, device, null)} renew={() => undefined} back={{ href: `#/device/${device}`, words: t('transfer.back') }}>
                        {(check, { address }) => <Ask key={address} form={form} device={device} rooted={found} owner={address} check={check} />}
                    </Act>
                )}
            </Loaded>
            <p class="soft">{t('transfer.both')}</p>
        </>
    );
}

const commandOf = ({ network }: Rooted, device: Address, to: Address | null): string =>
    `cairn device transfer ${device} --to ${to ?? 'OWNER'} --device-keypair device.json --network ${network} --devices DIR`;

interface AskProps {
    form: Form;
    device: Address;
    rooted: Rooted;
    owner: Address;
    check: (wish: Wish) => void;
}

function Ask({ form, device, rooted, owner, check }: AskProps): JSX.Element {
    const wrong = useSignal<{ to?: string; consent?: string }>({});
    const failure = useSignal<Failure | null>(null);
    const asked = form.asked.value;
    const ask = (event: Event): void => {
        event.preventDefault();
        failure.value = null;
        const to = form.to.value.trim();
        wrong.value = isAddress(to) ? {} : { to: t('network.notAddress') };
        if (!isAddress(to)) return;
        asking(rooted, owner, to).then(
            (found) => (form.asked.value = found),
            (error: unknown) => (failure.value = Failure.of(error)),
        );
    };
    const hand = (event: Event): void => {
        event.preventDefault();
        if (!asked) return;
        const consent = unhex(form.consent.value.trim().toLowerCase());
        wrong.value = consent?.length === 64 ? {} : { consent: t('register.consentBad') };
        if (consent?.length === 64) check(() => handing(rooted, device, owner, asked, consent));
    };
    return (
        <>
            <form class="stacked" onSubmit={ask} onInput={() => (form.asked.value = null)}>
                <Field id="to" label={t('transfer.to')} text={form.to} wrong={wrong.value.to ?? null} address />
                <button type="submit" class={asked ? '' : 'main'}>
                    {t('transfer.ask')}
                </button>
            </form>
            {failure.value && <Failed failure={failure.value} />}
            {asked && (
                <form class="stacked" onSubmit={hand}>
                    <Facts rows={[[t('register.message'), <><span class="key" data-name="message">{asked.message}</span> <Copy text={asked.message} what={t('register.message')} /></>]]} />
                    <p class="soft">{t('transfer.messageNote')}</p>
                    <Field id="consent" label={t('register.consent')} text={form.consent} wrong={wrong.value.consent ?? null} address />
                    <button type="submit" class="main">
                        {t('transfer.check')}
                    </button>
                </form>
            )}
        </>
    );
}

/** The device as it is now, and what it must sign; or throws what would refuse the transfer whatever is signed. */
async function asking(rooted: Rooted, owner: Address, to: Address): Promise<Asked> {
    const node = rpc.peek();
    const placed = await caughtUp(node, await rust(), rooted.placed);
    mayTransfer(placed.leaves[placed.index]!, owner, to);
    // What it earns would be paid there.
    if ((await readPayee(node, to)) === 'nobody') throw new Failure('payee-nobody', { wallet: to });
    return { to, placed, message: hex(await transferMessage(placed, rooted.network, to)) };
}

async function handing(rooted: Rooted, device: Address, owner: Address, { to, placed }: Asked, consent: Uint8Array): Promise<Deed> {
    const { network, tree } = rooted;
    const node = rpc.peek();
    const instructions = await planTransfer(node, await rust(), placed, network, [owner, to], consent);
    const leaf = placed.leaves[placed.index]!;
    return {
        sign: t('transfer.sign'),
        rows: [
            [t('device.title'), <Key of={device} />],
            [t('transfer.from'), <Key of={getAddressDecoder().decode(leaf.owner)} />],
            [t('history.to'), <Key of={to} />],
            [t('device.position'), t('device.tree', { tree: `${tree}`, index: grouped(placed.index) })],
        ],
        warnings: [t('transfer.earns')],
        rent: null,
        instructions,
        command: commandOf(rooted, device, to),
        outcome: async () => ((await isTransferred(node, placed.tree, leaf.device, to)) ? t('transfer.done', { device }) : null),
    };
}
