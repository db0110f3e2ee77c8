// Network: how many devices, what is paid, whether the vault holds it.

import { useSignal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { JSX } from 'preact';
import { isOff, roomOf } from '../chain/breaker.ts';
import type { PoolNow } from '../chain/pool.ts';
import type { Registry } from '../chain/registry.ts';
import type { Standing as Device } from '../check/standing.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { className, counted } from '../words/device.ts';
import { Bar, Facts, Part, Table, Tokens } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Standstill, moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';
import { AsOf } from '../view/AsOf.tsx';

export function NetworkPage(): JSX.Element {
    return (
        <>
            <Title>{t('network.title')}</Title>
            <Tabs at="network" />
            <Part title={t('network.money')}>
                <Loaded of={data.value.overview}>{({ now }) => <Money now={now} />}</Loaded>
            </Part>
            <Part title={t('network.devices')}>
                <Loaded of={data.value.registry()}>{(registry) => <Counts registry={registry} />}</Loaded>
                <Loaded of={data.value.devices()}>{(devices) => <Snapshot devices={devices} />}</Loaded>
            </Part>
            <Part title={t('network.find')}>
                <Find />
                <p>
                    <a href="#/register">{t('register.title')}</a>
                </p>
            </Part>
        </>
    );
}

function Money({ now }: { now: PoolNow }): JSX.Element {
    const { pool, vaultBalance, now: clock } = now;
    const owed = pool.totalCumulative - pool.totalClaimed;
    const room = roomOf(pool, clock, vaultBalance, 'member');
    const others = roomOf(pool, clock, vaultBalance, 'anyone');
    const tokens = (base: bigint, name: string): JSX.Element => <Tokens base={base} decimals={pool.decimals} name={name} />;
    return (
        <>
            <Standstill pool={pool} now={clock} />
            <ul class="numbers">
                <li class="card">
                    <strong>{grouped(pool.members)}</strong>
                    {t('network.members')}
                </li>
                <li class="card">
                    <strong>{tokens(pool.totalCumulative, 'total_cumulative')}</strong>
                    {t('network.granted')}
                </li>
                <li class="card">
                    <strong>{tokens(pool.totalClaimed, 'total_claimed')}</strong>
                    {t('network.claimed')}
                </li>
                <li class="card">
                    <strong>{tokens(vaultBalance, 'vault_balance')}</strong>
                    {t('network.vault')}
                </li>
            </ul>
            <Facts
                rows={[
                    [t('network.owed'), tokens(owed, 'owed')],
                    [
                        t('network.mayLeave'),
                        room.available < vaultBalance && room.moreAt > clock ? (
                            <>
                                {tokens(room.available, 'available')} ({t('network.moreAt', { time: moment(room.moreAt, clock) })})
                            </>
                        ) : (
                            tokens(room.available, 'available')
                        ),
                    ],
                    isOff(pool) ? null : [t('network.mayLeaveOthers'), tokens(others.available, 'available_unsigned')],
                ]}
            />
            <p class={vaultBalance >= owed ? 'good' : 'bad'}>{vaultBalance >= owed ? t('network.solvent') : t('network.insolvent')}</p>
            <AsOf now={clock} slot={now.slot} renew={() => void data.value.overview.renew()} />
        </>
    );
}

function Counts({ registry }: { registry: Registry }): JSX.Element {
    const classes = registry.devicesByClass.flatMap((count, at): [string, bigint][] => (count > 0n ? [[className(at), count]] : []));
    return (
        <>
            <Facts
                rows={[
                    [t('network.registered'), <data data-name="devices">{grouped(registry.devices)}</data>],
                    [t('network.banned'), grouped(registry.banned)],
                    [t('network.issuers'), grouped(registry.issuers)],
                    [t('network.trees'), grouped(registry.trees)],
                ]}
            />
            <Shares caption={t('network.byClass')} counts={classes.map(([name, count]) => [name, Number(count)])} />
        </>
    );
}

function Snapshot({ devices }: { devices: Device[] }): JSX.Element {
    const epoch = data.value.newest().face.value;
    const number = 'value' in epoch ? `${epoch.value.number}` : '';
    return (
        <>
            <p class="soft">{t('network.snapshot', { epoch: number, devices: grouped(devices.length) })}</p>
            <Shares caption={t('network.byCountry')} counts={counted(devices, (device) => device.country || t('network.notTold'))} />
            <Shares caption={t('network.byModel')} counts={counted(devices, (device) => `${className(device.class)} · ${device.model}`)} />
        </>
    );
}

function Shares({ caption, counts }: { caption: string; counts: readonly [string, number][] }): JSX.Element {
    const whole = counts.reduce((sum, [, count]) => sum + count, 0);
    return (
        <Table
            caption={caption}
            rows={counts.slice(0, 20)}
            columns={[
                { title: caption, cell: ([name]) => name },
                { title: t('network.count'), number: true, cell: ([, count]) => grouped(count) },
                { title: t('network.share'), cell: ([, count]) => <Bar part={count} whole={whole} /> },
            ]}
        />
    );
}

function Find(): JSX.Element {
    const text = useSignal('');
    const wrong = useSignal(false);
    const go = (event: Event): void => {
        event.preventDefault();
        const key = text.value.trim();
        wrong.value = !isAddress(key);
        if (!wrong.value) location.hash = `#/device/${key}`;
    };
    return (
        <form onSubmit={go}>
            <Field id="find-device" label={t('network.findLabel')} text={text} wrong={wrong.value ? t('network.notAddress') : null} address />
            <button type="submit">{t('network.open')}</button>
        </form>
    );
}
