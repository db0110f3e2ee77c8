// What devices are called, and counting them.

import { t } from '../i18n/index.ts';

/** Classes that the registry's program names (`CLASS_*`); a network may give other numbers a meaning. */
const CLASSES: Record<number, string> = { 1: 'network', 2: 'storage', 3: 'compute', 4: 'sensor', 5: 'energy', 6: 'mobility', 7: 'delivery', 8: 'identity' };

export const className = (number: number): string => CLASSES[number] ?? t('network.class', { number: `${number}` });

/** How many there are of each, the most first. */
export function counted<T>(rows: readonly T[], name: (row: T) => string): [string, number][] {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(name(row), (counts.get(name(row)) ?? 0) + 1);
    return [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b));
}

/** Degrees × 10^7 as degrees, exact. */
export function degrees(e7: number): string {
    const digits = Math.abs(e7).toString().padStart(8, '0');
    return `${e7 < 0 ? '-' : ''}${digits.slice(0, -7)}.${digits.slice(-7)}`.replace(/\.?0+$/, '');
}
