// What devices are called.

import { t } from '../i18n/index.ts';

/** Classes that the registry's program names (`CLASS_*`); a network may give other numbers a meaning. */
export const CLASSES: Readonly<Record<number, string>> = { 1: 'network', 2: 'storage', 3: 'compute', 4: 'sensor', 5: 'energy', 6: 'mobility', 7: 'delivery', 8: 'identity' };

export const className = (number: number): string => CLASSES[number] ?? t('network.class', { number: `${number}` });

/** How many there are of each, the most first. */
export const mostFirst = (counts: readonly [string, number][]): [string, number][] => [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b));

/** Degrees × 10^7 as degrees, exact. */
export function degrees(e7: number): string {
    const digits = Math.abs(e7).toString().padStart(8, '0');
    return `${e7 < 0 ? '-' : ''}${digits.slice(0, -7)}.${digits.slice(-7)}`.replace(/\.?0+$/, '');
}

/** Degrees as people type them, times 10^7 and exact: what lies behind the seventh decimal is below a centimetre, and cut. */
export function degreesE7(text: string, most: number): number | null {
    const match = /^([+-]?)(\d{1,3})(?:\.(\d+))?$/.exec(text.trim());
    if (!match) return null;
    const e7 = Number(`${match[2]}${(match[3] ?? '').slice(0, 7).padEnd(7, '0')}`);
    if (e7 > most * 10_000_000) return null;
    return match[1] === '-' ? 0 - e7 : e7;
}

/** A place as people type it, `40.71, -74.00`; null when it is none. */
export function placeE7(text: string): { latE7: number; lonE7: number } | null {
    const [lat, lon, ...more] = text.trim().split(/\s*[,;\s]\s*/);
    const [latE7, lonE7] = [degreesE7(lat ?? '', 90), degreesE7(lon ?? '', 180)];
    return latE7 === null || lonE7 === null || more.length > 0 ? null : { latE7, lonE7 };
}
