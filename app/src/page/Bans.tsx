// Devices that are not active, who may say so, and where it can be said that it is wrong.

import type { JSX } from 'preact';
import type { Standing as Device } from '../check/standing.ts';
import { t } from '../i18n/index.ts';
import { network } from '../state/app.ts';
import { data } from '../state/data.ts';
import { Facts, Key, Part, Table } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { statusOf } from './Device.tsx';

export default function Bans(): JSX.Element {
    const appeals = network.value?.appeals;
    return (
        <Part title={t('community.bans')}>
            <Loaded of={data.value.devices()}>{(devices) => <List devices={devices} />}</Loaded>
            <Loaded of={data.value.registry()}>
                {({ authority, guardian }) => (
                    <Facts
                        rows={[
                            [t('ban.decides'), <><Key of={authority} /><p class="soft">{t('ban.authorityCan')}</p></>],
                            [t('community.guardian'), <><Key of={guardian} /><p class="soft">{t('ban.guardianCan')}</p></>],
                            [
                                t('appeal.title'),
                                appeals ? (
                                    <>
                                        <a href={appeals.contact} rel="noreferrer" target="_blank">
                                            {appeals.contact.replace(/^mailto:/, '')}
                                        </a>
                                        {appeals.terms !== '' && <p>{appeals.terms}</p>}
                                    </>
                                ) : (
                                    t('appeal.nowhere')
                                ),
                            ],
                        ]}
                    />
                )}
            </Loaded>
            <p class="soft">{t('appeal.page')}</p>
        </Part>
    );
}

function List({ devices }: { devices: readonly Device[] }): JSX.Element {
    const banned = devices.filter((device) => device.status !== 1);
    if (banned.length === 0) return <p>{t('community.noBans')}</p>;
    return (
        <Table
            caption={t('community.bans')}
            rows={banned}
            columns={[
                { title: t('device.title'), cell: (device) => <Key of={device.key} to="device" short /> },
                { title: t('device.status'), cell: statusOf },
                { title: t('common.owner'), cell: (device) => <Key of={device.owner} to="you" short /> },
            ]}
        />
    );
}
