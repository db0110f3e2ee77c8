// Amounts as people read them: exact decimal text of whole base units. There is no Number in here, and so no rounding; the form is
// the command line's (cairn-spelling), digit for digit, in every language.

/** Points are kept in thousandths. */
export const POINT_DECIMALS = 3;
/** Decimals of SOL. */
export const SOL_DECIMALS = 9;

/** A count with its thousands grouped: `1,234,567`. */
export function grouped(count: bigint | number): string {
    return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Exact text with the whole part grouped: `1,234.5`. Zeros behind the last digit that counts are left out. */
export function amount(base: bigint, decimals: number): string {
    const [whole, behind] = parts(base, decimals);
    return behind === '' ? grouped(BigInt(whole)) : `${grouped(BigInt(whole))}.${behind}`;
}

/** The same without grouping, as the JSON of `cairn` has it in `uiAmountString`. */
export function plain(base: bigint, decimals: number): string {
    const [whole, behind] = parts(base, decimals);
    return behind === '' ? whole : `${whole}.${behind}`;
}

export const points = (milli: bigint): string => amount(milli, POINT_DECIMALS);
export const sol = (lamports: bigint): string => amount(lamports, SOL_DECIMALS);

function parts(base: bigint, decimals: number): [string, string] {
    const digits = base.toString().padStart(decimals + 1, '0');
    const at = digits.length - decimals;
    return [digits.slice(0, at), digits.slice(at).replace(/0+$/, '')];
}

/** What a person typed as base units, or null when it is no amount of so many decimals: `1234.5`, `1,234.5`. */
export function parseAmount(text: string, decimals: number): bigint | null {
    const typed = text.trim();
    const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(typed);
    if (!match) return null;
    const behind = match[2] ?? '';
    if (behind.replace(/0+$/, '').length > decimals) return null;
    const units = BigInt(match[1]!.replaceAll(',', '') + behind.slice(0, decimals).padEnd(decimals, '0'));
    return units < 1n << 64n ? units : null;
}
