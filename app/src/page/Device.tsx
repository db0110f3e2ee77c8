// One device as the registry knows it.

import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { told } from '../chain/pool.ts';
import type { Standing as Device } from '../check/standing.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { className, degrees } from '../words/device.ts';
import { Command, Facts, Key, When } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { later } from '../view/later.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Title } from '../view/Title.tsx';
import type BanPart from './Ban.tsx';

const LifeOf = later(() => import('./Life.tsx'));
const Ban = later<Parameters<typeof BanPart>[0]>(() => import('./Ban.tsx'));

export default function DevicePage({ device: key }: { device: Address }): JSX.Element {
    return (
        <>
            <Title>{t('device.title')}</Title>
            <Tabs at="network" />
            <p>
                <Key of={key} />
            </p>
            <Loaded of={data.value.newest()}>
                {({ number }) => (
                    <Loaded of={data.value.devices()}>
                        {(devices) => {
                            const device = devices.find((one) => one.key === key);
                            if (device) return <Known device={device} epoch={number} />;
                            return (
                                <>
                                    <p>{t('device.unknown', { epoch: `${number}` })}</p>
                                    <p>{t('device.since')}</p>
                                    <p>
                                        <a href={`#/transfer/${key}`}>{t('device.handOn')}</a>
                                    </p>
                                    <LifeOf device={key} tree={null} imported={false} />
                                </>
                            );
                        }}
                    </Loaded>
                )}
            </Loaded>
        </>
    );
}

const BANNED = 2;

function Known({ device, epoch }: { device: Device; epoch: bigint }): JSX.Element {
    const issuer = told(device.issuer);
    return (
        <>
            <Facts
                rows={[
                    [t('device.status'), <span data-name="status" class={device.status === 1 ? 'good' : 'bad'}>{statusOf(device)}</span>],
                    [t('common.owner'), <Key of={device.owner} to="you" />],
                    [t('device.class'), `${className(device.class)} · ${device.model}`],
                    [t('device.country'), device.country || t('network.notTold')],
                    device.place ? [t('device.place'), <span class="key">{`${degrees(device.place.latE7)}, ${degrees(device.place.lonE7)}`}</span>] : null,
                    device.cell === null ? null : [t('device.cell'), <span class="key">{device.cell.toString(16)}</span>],
                    [t('device.issuer'), issuer ? <Key of={issuer} /> : t('common.none')],
                    [t('device.position'), t('device.tree', { tree: `${device.tree}`, index: grouped(device.leafIndex) })],
                    [t('device.entry'), device.consented ? t('device.signed') : t('device.imported')],
                    device.seenSince === null ? null : [t('device.seen'), <When at={device.seenSince} />],
                    [t('device.changes'), grouped(device.sequence)],
                    device.leaves === 1 ? null : [t('device.twice'), t('device.leaves', { count: grouped(device.leaves) })],
                ]}
            />
            {device.bannedElsewhere && <p class="held">{t('device.bannedElsewhere')}</p>}
            <p class="soft">{t('common.source', { file: 'inputs/devices.parquet', epoch: `${epoch}` })}</p>
            <p>{t('device.buy')}</p>
            {device.status === 1 && (
                <p>
                    <a href={`#/transfer/${device.key}`}>{t('device.handOn')}</a>
                </p>
            )}
            {device.status === BANNED && <Ban key={`ban ${device.key}`} device={device} />}
            <LifeOf key={device.key} device={device.key} tree={device.tree} imported={!device.consented} />
            <Command text={`cairn why ${device.key} --files DIR`} />
        </>
    );
}

export function statusOf(device: Device): string {
    if (device.status === 1) return t('device.active');
    return device.status === 2 ? t('device.banned', { reason: `${device.reason}` }) : t('device.other', { code: `${device.status}` });
}
