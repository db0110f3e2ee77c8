// The map's plane: where places lie on it, and drawing land, cells and devices. No tiles, no host but the app's own.

import { geoMercator, geoPath } from 'd3-geo';
import type { GeoPermissibleObjects, GeoProjection } from 'd3-geo';

/** Longitude and latitude in degrees. */
export type Place = readonly [number, number];

/** What a person looks at: a place in the middle, and how many pixels a radian has. */
export interface View {
    middle: Place;
    scale: number;
}

export const WIDTH = 960;
export const HEIGHT = 540;
const MOST_SCALE = 3_000_000;

/** A view that holds all places. */
export function around(places: readonly Place[]): View {
    if (places.length === 0) return { middle: [0, 20], scale: WIDTH / (2 * Math.PI) };
    const bounds = { type: 'MultiPoint' as const, coordinates: places.map(([lon, lat]) => [lon, lat]) };
    const fitted = geoMercator().fitExtent(
        [
            [30, 30],
            [WIDTH - 30, HEIGHT - 30],
        ],
        bounds,
    );
    const middle = fitted.invert?.([WIDTH / 2, HEIGHT / 2]) ?? [0, 0];
    return { middle: [middle[0], middle[1]], scale: Math.min(fitted.scale(), MOST_SCALE) };
}

export const zoomed = (view: View, factor: number): View => ({ ...view, scale: Math.min(Math.max(view.scale * factor, 100), MOST_SCALE) });

export const projectionOf = (view: View): GeoProjection =>
    geoMercator()
        .scale(view.scale)
        .center([view.middle[0], view.middle[1]])
        .translate([WIDTH / 2, HEIGHT / 2]);

/** The resolution of H3 whose cells are some ten pixels wide: each finer one has edges 2.65 times shorter. */
export function resolutionFor(scale: number): number {
    // At resolution 0 an edge is about 1,281 km, which is 0.2 radians.
    const pixels = scale * 0.2;
    return Math.max(0, Math.min(9, Math.round(Math.log(pixels / 9) / Math.log(2.6458))));
}

export interface Colours {
    land: string;
    cell: string;
    device: string;
}

/** Draws it all. `cells` are polygons with how full they are, 0 to 1. */
export function draw(
    context: CanvasRenderingContext2D,
    view: View,
    land: GeoPermissibleObjects | null,
    cells: readonly { corners: readonly Place[]; share: number }[],
    points: readonly Place[],
    colours: Colours,
): void {
    const projection = projectionOf(view);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    if (land) {
        context.beginPath();
        geoPath(projection, context)(land);
        context.fillStyle = colours.land;
        context.fill();
    }
    context.fillStyle = colours.cell;
    for (const { corners, share } of cells) {
        const at = corners.map(([lon, lat]) => projection([lon, lat])).filter((one) => one !== null);
        if (!at.some(([x, y]) => x > -20 && x < WIDTH + 20 && y > -20 && y < HEIGHT + 20)) continue;
        context.globalAlpha = 0.25 + 0.6 * share;
        context.beginPath();
        at.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
        context.closePath();
        context.fill();
    }
    context.globalAlpha = 1;
    context.fillStyle = colours.device;
    for (const [lon, lat] of points) {
        const at = projection([lon, lat]);
        if (!at || at[0] < 0 || at[0] > WIDTH || at[1] < 0 || at[1] > HEIGHT) continue;
        context.fillRect(at[0] - 1.5, at[1] - 1.5, 3, 3);
    }
}

/** Metres between two places, on a sphere: for lists, not for rules. */
export function metres([lonA, latA]: Place, [lonB, latB]: Place): number {
    const rad = Math.PI / 180;
    const half = (value: number): number => Math.sin((value * rad) / 2) ** 2;
    const chord = half(latB - latA) + Math.cos(latA * rad) * Math.cos(latB * rad) * half(lonB - lonA);
    return 2 * 6_371_009 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** `40.71, -74.00`. */
export function parsePlace(text: string): Place | null {
    const match = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
    if (!match) return null;
    const [lat, lon] = [Number(match[1]), Number(match[2])];
    return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}
