// The map: cells by how many devices they hold, devices themselves once one is near enough, and the nearest ones in words.

import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { feature } from 'topojson-client';
import type { GeoPermissibleObjects } from 'd3-geo';
import landUrl from 'world-atlas/land-110m.json?url';
import citiesUrl from '../places/cities.tsv?url';
import { cellAround, cellCorners, cellParent } from '../check/merkle.ts';
import { rust } from '../check/rust.ts';
import type { Rust } from '../check/rust.ts';
import type { Standing as Device } from '../check/standing.ts';
import { language, t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { resource } from '../state/resource.ts';
import { grouped } from '../words/amount.ts';
import { countryName, findCities, parseCities } from '../words/cities.ts';
import type { City } from '../words/cities.ts';
import { className } from '../words/device.ts';
import { farOff } from '../words/place.ts';
import { Key, Part, Table } from '../view/atoms.tsx';
import { Tabs } from '../view/Frame.tsx';
import { later } from '../view/later.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { HEIGHT, WIDTH, around, draw, metres, parsePlace, resolutionFor, zoomed } from '../view/plane.ts';
import type { Place, View } from '../view/plane.ts';
import { Title } from '../view/Title.tsx';
import type WifiPart from './Wifi.tsx';

type WifiProps = Parameters<typeof WifiPart>[0];

/** A device with the place to draw it at: the one it told, or its cell's middle. */
interface Placed {
    device: Device;
    at: Place;
    latE7: number;
    lonE7: number;
}

type Heard = Parameters<WifiProps['placeOf']>[0];

const Wifi = later<WifiProps>(() => import('./Wifi.tsx'));

const ground = resource(async (): Promise<{ rust: Rust; land: GeoPermissibleObjects | null }> => {
    const land = await fetch(landUrl)
        .then((response) => response.json())
        .then((topology) => feature(topology, topology.objects.land) as GeoPermissibleObjects)
        // Without coastlines the map is still a map.
        .catch(() => null);
    return { rust: await rust(), land };
});

export default function MapPage(): JSX.Element {
    return (
        <>
            <Title>{t('map.title')}</Title>
            <Tabs at="map" />
            <Loaded of={ground}>
                {({ rust: module, land }) => <Loaded of={data.value.devices()}>{(devices) => <Atlas placed={placedOf(module, devices)} module={module} land={land} />}</Loaded>}
            </Loaded>
        </>
    );
}

function placedOf(module: Rust, devices: readonly Device[]): Placed[] {
    return devices.flatMap((device): Placed[] => {
        if (device.place) {
            const { latE7, lonE7 } = device.place;
            return [{ device, at: [lonE7 / 1e7, latE7 / 1e7], latE7, lonE7 }];
        }
        if (device.cell === null) return [];
        const at = middleOf(cellCorners(module, device.cell));
        return [{ device, at, latE7: Math.round(at[1] * 1e7), lonE7: Math.round(at[0] * 1e7) }];
    });
}

/** A device where it says that it is, and a point that stands in no registry in the middle of its cell. */
const wifiPlace =
    (placed: readonly Placed[], module: Rust) =>
    ({ device, offer }: Heard): Place | null => {
        if (device) return placed.find((one) => one.device.key === device.key)?.at ?? null;
        if (!('cell' in offer.at)) return null;
        try {
            return middleOf(cellCorners(module, offer.at.cell));
        } catch {
            // Not every number that looks like a cell is one.
            return null;
        }
    };

const middleOf = (corners: readonly (readonly [number, number])[]): Place => [mean(corners.map(([lon]) => lon)), mean(corners.map(([, lat]) => lat))];

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / Math.max(numbers.length, 1);
const FINEST = 9;
/** From this resolution on single devices are drawn. */
const DEVICES_FROM = 6;

function Atlas({ placed, module, land }: { placed: readonly Placed[]; module: Rust; land: GeoPermissibleObjects | null }): JSX.Element {
    const view = useSignal<View>(around(placed.map(({ at }) => at)));
    const near = useSignal<Place | null>(null);
    const resolution = useComputed(() => resolutionFor(view.value.scale));
    const finest = useComputed(() => placed.map(({ latE7, lonE7 }) => cellAround(module, latE7, lonE7, FINEST)));
    const cells = useComputed(() => {
        const counts = new Map<bigint, number>();
        for (const cell of finest.value) {
            const parent = resolution.value === FINEST ? cell : cellParent(module, cell, resolution.value);
            counts.set(parent, (counts.get(parent) ?? 0) + 1);
        }
        const most = Math.max(1, ...counts.values());
        return [...counts].map(([cell, count]) => ({ corners: cellCorners(module, cell), share: Math.log1p(count) / Math.log1p(most) }));
    });
    const canvas = useRef<HTMLCanvasElement>(null);
    useSignalEffect(() => {
        const context = canvas.current?.getContext('2d');
        if (!context) return;
        const style = getComputedStyle(context.canvas);
        const colour = (name: string): string => style.getPropertyValue(name).trim();
        const points = resolution.value >= DEVICES_FROM ? placed.map(({ at }) => at) : [];
        // The coastlines are those of a continent: among the streets of a city they would be wrong.
        draw(context, view.value, resolution.value < DEVICES_FROM ? land : null, cells.value, points, { land: colour('--line'), cell: colour('--accent'), device: colour('--ink') });
    });
    return (
        <>
            <canvas ref={canvas} class="map" width={WIDTH} height={HEIGHT} role="img" aria-label={t('map.described', { count: grouped(placed.length) })} />
            <p class="actions">
                <button type="button" onClick={() => (view.value = zoomed(view.value, 2))}>
                    {t('map.zoomIn')}
                </button>
                <button type="button" onClick={() => (view.value = zoomed(view.value, 0.5))}>
                    {t('map.zoomOut')}
                </button>
                <button type="button" onClick={() => (view.value = around(placed.map(({ at }) => at)))}>
                    {t('map.whole')}
                </button>
            </p>
            <Near
                go={(place) => {
                    near.value = place;
                    view.value = { middle: place, scale: 200_000 };
                }}
            />
            {near.value && <Wifi to={near.value} placeOf={wifiPlace(placed, module)} />}
            {near.value && <Nearest placed={placed} to={near.value} />}
        </>
    );
}

/** Fetched when the first name is typed. */
let cities: Promise<City[]> | undefined;
function gazetteer(): Promise<City[]> {
    cities ??= fetch(citiesUrl)
        .then((response) => (response.ok ? response.text() : Promise.reject(new Error(`HTTP ${response.status}`))))
        .then(parseCities);
    cities.catch(() => (cities = undefined));
    return cities;
}

function Near({ go }: { go: (place: Place) => void }): JSX.Element {
    const text = useSignal('');
    const wrong: Signal<'' | 'map.badName' | 'map.denied' | 'map.noNames'> = useSignal('');
    const named = useSignal<readonly City[]>([]);
    const show = ({ lat, lon }: City): void => {
        named.value = [];
        go([lon, lat]);
    };
    const typed = (event: Event): void => {
        event.preventDefault();
        const place = parsePlace(text.value);
        wrong.value = '';
        named.value = [];
        if (place) return go(place);
        gazetteer().then(
            (all) => {
                const found = findCities(all, text.value, language.peek());
                if (found.length === 1) return show(found[0]!);
                named.value = found;
                if (found.length === 0) wrong.value = 'map.badName';
            },
            () => (wrong.value = 'map.noNames'),
        );
    };
    const here = (): void =>
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => go([coords.longitude, coords.latitude]),
            () => (wrong.value = 'map.denied'),
        );
    return (
        <>
            <form onSubmit={typed}>
                <div>
                    <label for="place">{t('map.place')}</label>
                    <input id="place" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} autocomplete="off" />
                    {wrong.value !== '' && (
                        <p class="bad" role="alert">
                            {t(wrong.value)}
                        </p>
                    )}
                    <p class="soft">{t('map.nearNote')}</p>
                </div>
                <button type="submit">{t('map.go')}</button>
                <button type="button" onClick={here}>
                    {t('map.near')}
                </button>
            </form>
            <div role="status" aria-live="polite">
                {named.value.length > 0 && <p>{t('map.which')}</p>}
            </div>
            <p class="actions">
                {named.value.map((city) => (
                    <button key={`${city.country} ${city.name}`} type="button" onClick={() => show(city)}>
                        {city.name}, {countryName(city.country, language.value)}
                    </button>
                ))}
            </p>
        </>
    );
}

const SHOWN = 20;

function Nearest({ placed, to }: { placed: readonly Placed[]; to: Place }): JSX.Element {
    const rows = placed
        .filter(({ device }) => device.status === 1)
        .map((one) => ({ ...one, away: metres(one.at, to) }))
        .sort((a, b) => a.away - b.away)
        .slice(0, SHOWN);
    return (
        <Part title={t('map.nearest')}>
            <Table
                caption={t('map.nearest')}
                rows={rows}
                columns={[
                    { title: t('map.distance'), number: true, cell: ({ away }) => farOff(away) },
                    { title: t('device.title'), cell: ({ device }) => <Key of={device.key} to="device" short /> },
                    { title: t('device.class'), cell: ({ device }) => `${className(device.class)} · ${device.model}` },
                    { title: t('common.owner'), cell: ({ device }) => <Key of={device.owner} to="you" short /> },
                ]}
            />
        </Part>
    );
}
