// A device entered into the network's registry: what it says of itself, the device's own consent, and the owner's signature.

import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { cellAround, cellCorners, hex, unhex } from '../check/merkle.ts';
import { rust } from '../check/rust.ts';
import type { Rust } from '../check/rust.ts';
import { consentMessage, endorsementMessage, parseMaker, planRegister, readNextIndex, readOpenTree } from '../chain/device.ts';
import type { Entry, Location, Signatures, Tree } from '../chain/device.ts';
import type { Registry } from '../chain/registry.ts';
import { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import { rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { CLASSES, className, degrees, placeE7 } from '../words/device.ts';
import { Act } from '../view/Act.tsx';
import type { Deed, Wish } from '../view/Act.tsx';
import { Copy, Facts, Key } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Failed, Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

/** What is typed. It stays while a check is made, and when it fails. */
interface Form {
    device: Signal<string>;
    class: Signal<number>;
    model: Signal<string>;
    country: Signal<string>;
    /** How the place is told: itself, its cell, or a commitment to it. */
    how: Signal<How>;
    place: Signal<string>;
    hardware: Signal<string>;
    maker: Signal<string>;
    consent: Signal<string>;
    endorsement: Signal<string>;
    /** What must be signed for what was typed; null once that changed. */
    asked: Signal<Asked | null>;
}

type How = 'place' | 'cell' | 'commitment';

interface Asked {
    entry: Entry;
    tree: Tree;
    /** For the device, in hex. */
    message: string;
    /** For its maker, where one is named. */
    certificate: string | null;
}

export default function Register(): JSX.Element {
    const form: Form = {
        device: useSignal(''),
        class: useSignal(1),
        model: useSignal('1'),
        country: useSignal(''),
        how: useSignal<How>('place'),
        place: useSignal(''),
        hardware: useSignal(''),
        maker: useSignal(''),
        consent: useSignal(''),
        endorsement: useSignal(''),
        asked: useSignal<Asked | null>(null),
    };
    const registry = data.value.registry();
    return (
        <>
            <Title>{t('register.title')}</Title>
            <Tabs at="network" />
            <p>{t('register.what')}</p>
            <Loaded of={registry}>
                {(network) => (
                    <Act
                        need={t('register.need')}
                        command={`cairn device register --network ${network.address} --device KEY --class network`}
                        renew={() => void registry.renew()}
                        back={{ href: '#/network', words: t('register.back') }}
                    >
                        {(check, { address }) => <Ask key={address} form={form} network={network} owner={address} check={check} />}
                    </Act>
                )}
            </Loaded>
        </>
    );
}

type Wrong = Partial<Record<'device' | 'model' | 'country' | 'place' | 'hardware' | 'maker' | 'consent' | 'endorsement', string>>;

const HASH_LEN = 32;

/** A hash in hex; null when it is none. */
function hashIn(text: string): Uint8Array | null {
    const bytes = unhex(text.toLowerCase());
    return bytes?.length === HASH_LEN ? bytes : null;
}

/** Where a device stands, as it was typed, or what is wrong with that. */
function locationIn(module: Rust, how: How, text: string): Location | string | null {
    if (text === '') return null;
    if (how === 'commitment') {
        const hash = hashIn(text);
        return hash?.some((byte) => byte !== 0) ? { kind: 'commitment', hash } : t('register.hashBad');
    }
    if (how === 'cell') {
        const cell = cellIn(module, text);
        if (cell === null) return t('register.cellBad');
        return cell === cellAround(module, 0, 0, 9) ? t('register.nowhere') : { kind: 'cell', cell };
    }
    const place = placeE7(text);
    if (!place) return t('map.badPlace');
    // Where an empty form would put it.
    return place.latE7 === 0 && place.lonE7 === 0 ? t('register.nowhere') : { kind: 'place', ...place };
}

/** An H3 cell of resolution 9, in hex; null when there is no such cell. */
function cellIn(module: Rust, text: string): bigint | null {
    const cell = /^[0-9a-f]{15,16}$/i.test(text) ? BigInt(`0x${text}`) : null;
    if (cell === null || ((cell >> 52n) & 0xfn) !== 9n) return null;
    try {
        return cellCorners(module, cell).length > 0 ? cell : null;
    } catch {
        return null;
    }
}

/** What was typed as an entry, or what is wrong with it. */
async function read(form: Form, owner: Address, network: Address): Promise<Entry | Wrong> {
    const [device, model, country, place, printed] = [form.device, form.model, form.country, form.place, form.hardware].map(({ value }) => value.trim()) as [string, string, string, string, string];
    const location = locationIn(await rust(), form.how.value, place);
    const hardware = printed === '' ? null : hashIn(printed);
    const named = form.maker.value.trim();
    const maker = named === '' ? null : await parseMaker(named, network);
    const wrong: Wrong = {
        ...(!isAddress(device) && { device: t('network.notAddress') }),
        ...(!(/^\d{1,10}$/.test(model) && Number(model) < 2 ** 32) && { model: t('register.modelBad') }),
        ...(!/^(|[A-Za-z]{2})$/.test(country) && { country: t('register.countryBad') }),
        ...(typeof location === 'string' && { place: location }),
        ...(printed !== '' && !hardware && { hardware: t('register.hashBad') }),
        ...(named !== '' && !maker && { maker: t('register.makerBad') }),
    };
    if (Object.keys(wrong).length > 0 || typeof location === 'string') return wrong;
    return { owner, device: device as Address, maker, class: form.class.value, model: Number(model), country: country.toUpperCase(), location, hardware };
}

const WHERE = { place: 'register.place', cell: 'register.cell', commitment: 'register.commitment' } as const;
const NOTES = { place: 'register.placeNote', cell: 'register.cellNote', commitment: 'register.commitmentNote' } as const;

const isEntry = (found: Entry | Wrong): found is Entry => 'owner' in found;

function Ask({ form, network, owner, check }: { form: Form; network: Registry; owner: Address; check: (wish: Wish) => void }): JSX.Element {
    const wrong = useSignal<Wrong>({});
    const failure = useSignal<Failure | null>(null);
    const ask = (event: Event): void => {
        event.preventDefault();
        failure.value = null;
        asking(form, network, owner).then(
            (found) => (wrong.value = found),
            (error: unknown) => (failure.value = Failure.of(error)),
        );
    };
    const enter = (event: Event): void => {
        event.preventDefault();
        const asked = form.asked.value;
        if (!asked) return;
        const [consent, endorsement] = [signatureIn(form.consent), asked.certificate === null ? null : signatureIn(form.endorsement)];
        const lacks = asked.certificate !== null && !endorsement;
        wrong.value = { ...(!consent && { consent: t('register.consentBad') }), ...(lacks && { endorsement: t('register.consentBad') }) };
        if (consent && !lacks) check(() => registering(network, asked.entry, asked.tree, { consent, endorsement }));
    };
    const asked = form.asked.value?.entry.owner === owner ? form.asked.value : null;
    const changed = (): void => void (form.asked.value = null);
    return (
        <>
            <form class="stacked" onSubmit={ask} onInput={changed}>
                <Field id="device" label={t('register.device')} text={form.device} wrong={wrong.value.device ?? null} address />
                <div>
                    <label for="class">{t('register.class')}</label>
                    <select id="class" value={form.class.value} onChange={(event) => (form.class.value = Number(event.currentTarget.value))}>
                        {Object.entries(CLASSES).map(([number, name]) => (
                            <option key={number} value={number} lang="en">
                                {name}
                            </option>
                        ))}
                    </select>
                </div>
                <Field id="model" label={t('register.model')} text={form.model} wrong={wrong.value.model ?? null} number />
                <Field id="country" label={t('register.country')} text={form.country} wrong={wrong.value.country ?? null} />
                <Field id="maker" label={t('register.maker')} text={form.maker} wrong={wrong.value.maker ?? null} note={t('register.makerNote')} address />
                <div>
                    <label for="how">{t('register.how')}</label>
                    <select id="how" value={form.how.value} onChange={(event) => (form.how.value = event.currentTarget.value as How)}>
                        {(['place', 'cell', 'commitment'] as const).map((how) => (
                            <option key={how} value={how}>
                                {t(`how.${how}`)}
                            </option>
                        ))}
                    </select>
                </div>
                <Field id="where" label={t(WHERE[form.how.value])} text={form.place} wrong={wrong.value.place ?? null} note={t(NOTES[form.how.value])} />
                <Field id="hardware" label={t('register.hardware')} text={form.hardware} wrong={wrong.value.hardware ?? null} note={t('register.hardwareNote')} address />
                <button type="submit" class={asked ? '' : 'main'}>
                    {t('register.ask')}
                </button>
            </form>
            {failure.value && <Failed failure={failure.value} />}
            {asked && (
                <form class="stacked" onSubmit={enter}>
                    <Facts rows={[[t('register.message'), <><span class="key" data-name="message">{asked.message}</span> <Copy text={asked.message} what={t('register.message')} /></>]]} />
                    <p class="soft">{t('register.messageNote')}</p>
                    <Field id="consent" label={t('register.consent')} text={form.consent} wrong={wrong.value.consent ?? null} address />
                    {asked.certificate !== null && (
                        <>
                            <Facts rows={[[t('register.certificate'), <><span class="key" data-name="certificate">{asked.certificate}</span> <Copy text={asked.certificate} what={t('register.certificate')} /></>]]} />
                            <Field id="endorsement" label={t('register.endorsement')} text={form.endorsement} wrong={wrong.value.endorsement ?? null} address />
                        </>
                    )}
                    <button type="submit" class="main">
                        {t('register.check')}
                    </button>
                </form>
            )}
        </>
    );
}

/** Finds the entry's place in the registry, and what must be signed for it; or says what is wrong with what was typed. */
async function asking(form: Form, network: Registry, owner: Address): Promise<Wrong> {
    const entry = await read(form, owner, network.address);
    if (!isEntry(entry)) return entry;
    // The chain would take it once more, and rules would count one of its entries only.
    if (await data.peek().isRegistered(entry.device)) throw new Failure('device-known', { device: entry.device });
    const tree = await readOpenTree(rpc.peek(), network, entry.maker);
    const [message, certificate] = await Promise.all([consentMessage(entry, network.address, tree), endorsementMessage(entry, network.address)]);
    form.asked.value = { entry, tree, message: hex(message), certificate: certificate && hex(certificate) };
    return {};
}

/** 64 bytes in hex. */
function signatureIn(text: Signal<string>): Uint8Array | null {
    const bytes = unhex(text.value.trim().toLowerCase());
    return bytes?.length === 64 ? bytes : null;
}

const TOLD = { place: 'device.place', cell: 'device.cell', commitment: 'device.commitment' } as const;

function told(location: Location): string {
    if (location.kind === 'place') return `${degrees(location.latE7)}, ${degrees(location.lonE7)}`;
    return location.kind === 'cell' ? location.cell.toString(16) : hex(location.hash);
}

/** Where it stands, as `cairn device register` takes it. */
function whereFlags(location: Location): string {
    if (location.kind === 'place') return `--latitude ${degrees(location.latE7)} --longitude ${degrees(location.lonE7)}`;
    return location.kind === 'cell' ? `--cell ${told(location)}` : `--location-commitment ${told(location)}`;
}

async function registering(network: Registry, entry: Entry, before: Tree, signatures: Signatures): Promise<Deed> {
    // Another device may have taken the place that this one signed for.
    const tree = await readOpenTree(rpc.peek(), network, entry.maker);
    if (tree.address !== before.address || tree.nextIndex !== before.nextIndex) throw new Failure('place-taken');
    const instructions = await planRegister(entry, network, tree, signatures);
    const { device, country, location, hardware, model } = entry;
    const where = location && told(location);
    return {
        sign: t('register.sign'),
        rows: [
            [t('device.title'), <Key of={device} />],
            [t('common.owner'), <Key of={entry.owner} />],
            [t('device.class'), `${className(entry.class)} · ${model}`],
            [t('device.country'), country === '' ? t('network.notTold') : country],
            [t(location ? TOLD[location.kind] : 'device.place'), where ?? t('network.notTold')],
            hardware && [t('device.hardware'), <span class="key">{hex(hardware)}</span>],
            [t('device.issuer'), entry.maker ? <Key of={entry.maker.issuer} /> : t('common.none')],
            [t('device.position'), t('device.tree', { tree: `${tree.index}`, index: grouped(tree.nextIndex) })],
        ],
        warnings: [t('register.twice'), ...(location && location.kind !== 'commitment' ? [t('register.public')] : [])],
        rent: null,
        instructions,
        command: commandOf(network, entry, tree, signatures),
        outcome: async () => ((await readNextIndex(rpc.peek(), tree.address)) > tree.nextIndex ? t('register.done', { device }) : null),
    };
}

function commandOf(network: Registry, { device, class: number, model, country, location, hardware, maker }: Entry, tree: Tree, { consent, endorsement }: Signatures): string {
    return [
        'cairn device register',
        `--network ${network.address}`,
        tree.index === 0 ? '' : `--tree ${tree.index}`,
        `--device ${device}`,
        `--class ${CLASSES[number] ?? number}`,
        model === 0 ? '' : `--model ${model}`,
        country === '' ? '' : `--country ${country}`,
        location ? whereFlags(location) : '',
        hardware ? `--hardware ${hex(hardware)}` : '',
        `--consent ${hex(consent)}`,
        maker && endorsement ? `--issuer ${maker.text} --endorsement ${hex(endorsement)}` : '',
    ]
        .filter(Boolean)
        .join(' ');
}
