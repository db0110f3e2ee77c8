// Moments and spans as people read them, in whole seconds and in UTC. "Now" is the chain's clock, never the machine's.

/** `2026-03-01 12:00:00 UTC`; the bare number when the calendar does not reach that far. */
export function utc(unixSecs: bigint): string {
    const date = new Date(Number(unixSecs) * 1_000);
    return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9_999 || date.getUTCFullYear() < 0
        ? `unix time ${unixSecs}`
        : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The two largest units of a span and how many of each: `[2n, 'day'], [3n, 'hour']`. */
export function largest(secs: bigint): [bigint, 'day' | 'hour' | 'minute' | 'second'][] {
    const units: [bigint, 'day' | 'hour' | 'minute' | 'second'][] = [
        [secs / 86_400n, 'day'],
        [(secs % 86_400n) / 3_600n, 'hour'],
        [(secs % 3_600n) / 60n, 'minute'],
        [secs % 60n, 'second'],
    ];
    const first = units.findIndex(([count]) => count > 0n);
    return first < 0 ? [[0n, 'second']] : units.slice(first, first + 2).filter(([count]) => count > 0n);
}

/** A date that a machine reads, for `<time datetime>`. */
export function machine(unixSecs: bigint): string | undefined {
    const date = new Date(Number(unixSecs) * 1_000);
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
