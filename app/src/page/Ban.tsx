// A device's ban: who decided, why, on what evidence, until when, and how to say that it is wrong. What came of that stands in its history.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { Life } from '../chain/life.ts';
import type { Change } from '../chain/life.ts';
import type { Registry } from '../chain/registry.ts';
import type { Standing as Device } from '../check/standing.ts';
import { sha256 } from '../files/source.ts';
import { t } from '../i18n/index.ts';
import { network, rpc } from '../state/app.ts';
import { data } from '../state/data.ts';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { Transaction } from '../view/Back.tsx';
import { Copy, Facts, Hash, Key, Part, When } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

/** Changes of a tree that are looked through for the ban: beyond them, the history goes on. */
const MOST = 500;

type Found = Awaited<ReturnType<Life['lastVerdict']>>;

const asked = new WeakMap<Device, Resource<Found>>();

/** Read once for each device, however often the page is drawn. */
function verdictOn(device: Device): Resource<Found> {
    const look = async (): Promise<Found> => (await Life.of(rpc.peek(), (await data.peek().networkNow()).address, [device.tree], device.key, !device.consented)).lastVerdict(MOST);
    const known = asked.get(device) ?? resource(look);
    asked.set(device, known);
    return known;
}

export default function Ban({ device }: { device: Device }): JSX.Element {
    return (
        <Part title={t('ban.title')}>
            <Loaded of={data.value.registry()}>
                {(registry) => <Loaded of={verdictOn(device)}>{(found) => <Told device={device} registry={registry} {...found} />}</Loaded>}
            </Loaded>
        </Part>
    );
}

function Told({ device, registry, verdict, whole }: { device: Device; registry: Registry } & Found): JSX.Element {
    if (verdict?.what === 'lifted') return <p class="good">{t('ban.lifted')}</p>;
    const appeals = network.value?.appeals ?? null;
    // The file may tell of an earlier ban than the one that holds.
    const reason = verdict?.reason ?? device.reason;
    const words = appeals?.reasons.get(reason);
    return (
        <>
            <Facts
                rows={[
                    [t('ban.reason'), words === undefined ? `${reason}` : `${reason}: ${words}`],
                    verdict?.by ? [t('ban.by'), <><Key of={verdict.by} /><p class="soft">{t(verdict.by === registry.authority ? 'ban.byAuthority' : 'ban.byGuardian')}</p></>] : null,
                    verdict?.time ? [t('ban.since'), <When at={verdict.time} />] : null,
                    [t('ban.until'), t('ban.untilLifted')],
                    [t('ban.decides'), <Key of={registry.authority} />],
                    verdict?.evidence ? [t('ban.evidence'), <Hash of={verdict.evidence} />] : null,
                    verdict ? [t('you.transaction'), <Transaction signature={verdict.signature} />] : null,
                ]}
            />
            {verdict === null && <p class="held">{t(whole && !device.consented ? 'ban.imported' : 'ban.further')}</p>}
            {verdict?.evidence && <Compare evidence={verdict.evidence} />}
            <h3>{t('appeal.title')}</h3>
            <Appeal device={device} registry={registry.address} verdict={verdict} />
        </>
    );
}

/** Whether a file is the evidence that the chain names; it stays on this machine. */
function Compare({ evidence }: { evidence: string }): JSX.Element {
    const found = useSignal<boolean | null>(null);
    const compare = async (file: File | undefined): Promise<void> => {
        found.value = file ? (await sha256(new Uint8Array(await file.arrayBuffer()))) === evidence : null;
    };
    return (
        <div>
            <label for="evidence">{t('ban.compare')}</label>
            <input id="evidence" type="file" onChange={(event) => void compare(event.currentTarget.files?.[0])} />
            <p role="status" data-name="evidence" class={found.value === false ? 'bad' : 'good'}>
                {found.value === null ? '' : t(found.value ? 'ban.isEvidence' : 'ban.noEvidence')}
            </p>
        </div>
    );
}

/** What an appeal says: one statement about one ban, which the owner signs as text. */
const statementOf = (device: Device, registry: Address, verdict: Change | null): string =>
    ['cairn/appeal/1', `network ${registry}`, `device ${device.key}`, `owner ${device.owner}`, `ban ${verdict?.signature ?? ''}`, `evidence ${verdict?.evidence ?? ''}`].join('\n');

function Appeal({ device, registry, verdict }: { device: Device; registry: Address; verdict: Change | null }): JSX.Element {
    const appeals = network.value?.appeals;
    const statement = statementOf(device, registry, verdict);
    return (
        <>
            {appeals ? (
                <>
                    <p>
                        {t('appeal.contact')} <a href={appeals.contact} rel="noreferrer" target="_blank">{appeals.contact.replace(/^mailto:/, '')}</a>
                    </p>
                    {appeals.terms !== '' && <p>{appeals.terms}</p>}
                </>
            ) : (
                <p class="held">{t('appeal.nowhere')}</p>
            )}
            <p>{t('appeal.how')}</p>
            <pre lang="en" tabIndex={0} data-name="appeal">
                {statement}
            </pre>
            <p class="actions">
                <Copy text={statement} what={t('appeal.title')} />
            </p>
            <p class="soft">{t('appeal.outcome')}</p>
        </>
    );
}
