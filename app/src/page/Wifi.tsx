// WiFi near a place: names and terms of access points, each with who says so.

import type { JSX } from 'preact';
import type { Hearing } from '../check/wifi.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { Key, Part, Table, When } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { metres } from '../view/plane.ts';
import type { Place } from '../view/plane.ts';
import { farOff } from '../words/place.ts';

const SHOWN = 20;

interface Props {
    to: Place;
    /** Where a device or a cell lies; null for a device that told no place. */
    placeOf: (at: Hearing['heard'][number]) => Place | null;
}

export default function Wifi(props: Props): JSX.Element {
    return (
        <Part title={t('wifi.title')}>
            <Loaded of={data.value.wifi()}>{(hearing) => <Near hearing={hearing} {...props} />}</Loaded>
        </Part>
    );
}

function Near({ hearing, to, placeOf }: Props & { hearing: Hearing }): JSX.Element {
    const rows = hearing.heard
        .flatMap((one) => {
            const at = placeOf(one);
            return at ? [{ ...one, away: metres(at, to) }] : [];
        })
        .sort((a, b) => a.away - b.away)
        .slice(0, SHOWN);
    return (
        <>
            {rows.length === 0 ? (
                <p>{t('wifi.none')}</p>
            ) : (
                <Table
                    caption={t('wifi.title')}
                    rows={rows}
                    columns={[
                        { title: t('map.distance'), number: true, cell: ({ away }) => farOff(away) },
                        { title: t('wifi.ssid'), cell: ({ offer }) => <bdi>{offer.ssid}</bdi> },
                        { title: t('wifi.access'), cell: ({ offer }) => t(`access.${offer.access}`) },
                        { title: t('wifi.terms'), cell: ({ offer }) => <bdi>{offer.terms}</bdi> },
                        { title: t('wifi.until'), cell: ({ offer }) => <When at={offer.until} /> },
                        {
                            title: t('wifi.says'),
                            cell: ({ device, operator, offer }) =>
                                device ? (
                                    <>
                                        {t('wifi.owner')} <Key of={device.key} to="device" short />
                                    </>
                                ) : (
                                    <>
                                        {t('wifi.operator', { name: operator ?? '' })} <Key of={offer.by} short />
                                    </>
                                ),
                        },
                    ]}
                />
            )}
            <p class="soft">{t('wifi.note')}</p>
            {hearing.passedOver > 0 && <p class="held">{t('wifi.passedOver', { count: grouped(hearing.passedOver) })}</p>}
        </>
    );
}
