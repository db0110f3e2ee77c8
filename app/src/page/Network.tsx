// Network: how many devices, what is paid, whether the vault holds it.

import { useSignal } from '@preact/signals';
import { isAddress } from '@solana/kit';
import type { JSX } from 'preact';
import { isOff, roomOf } from '../chain/breaker.ts';
import type { PoolNow } from '../chain/pool.ts';
import type { Registry } from '../chain/registry.ts';
import type { Summary } from '../files/summary.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { className, mostFirst } from '../words/device.ts';
import { utc } from '../words/moment.ts';
import { Bar, Facts, Part, Table, Tokens } from '../view/atoms.tsx';
import { Field } from '../view/Field.tsx';
import { Tabs } from '../view/Frame.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Standstill, moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';
import { AsOf } from '../view/AsOf.tsx';

const HOUR_SECS = 3_600n;

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
                <Loaded of={data.value.summary()}>{({ number, summary }) => <Snapshot epoch={number} summary={summary} />}</Loaded>
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
    const classes = registry.devicesByClass.flatMap((count, at): [string, number][] => (count > 0n ? [[className(at), Number(count)]] : []));
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
            <Shares caption={t('network.byClass')} counts={classes} whole={classes.reduce((sum, [, count]) => sum + count, 0)} />
        </>
    );
}

function Snapshot({ epoch, summary: { devices } }: { epoch: bigint; summary: Summary }): JSX.Element {
    const countries = devices.byCountry.map(({ country, devices: count }): [string, number] => [country || t('network.notTold'), count]);
    const models = devices.byModel.map((one): [string, number] => [`${className(one.class)} · ${one.model}`, one.devices]);
    const ages = devices.byAge.map(({ sinceHour, devices: count }): [string, number] => [utc(sinceHour * HOUR_SECS).slice(0, 10), count]);
    return (
        <>
            <p class="soft">{t('network.snapshot', { epoch: `${epoch}`, devices: grouped(devices.total) })}</p>
            <Shares caption={t('network.byCountry')} counts={mostFirst(countries)} whole={devices.total} />
            <Shares caption={t('network.byModel')} counts={models} whole={devices.total} />
            <Shares caption={t('network.byAge')} counts={ages} whole={devices.total} />
        </>
    );
}

/** `whole` may hold what is not listed. */
function Shares({ caption, counts, whole }: { caption: string; counts: readonly [string, number][]; whole: number }): JSX.Element {
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
