// The small parts that every page is made of. Nothing in here fetches.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type { Address } from '@solana/kit';
import { distance, t } from '../i18n/index.ts';
import { amount } from '../words/amount.ts';
import { machine, utc } from '../words/moment.ts';

/** Labels and what they say; a row that is null is left out. */
export type Rows = readonly ([ComponentChildren, ComponentChildren] | null)[];

export function Facts({ rows }: { rows: Rows }): JSX.Element {
    return (
        <dl class="facts">
            {rows.flatMap((row, at) => (row ? [<dt key={`t${at}`}>{row[0]}</dt>, <dd key={`d${at}`}>{row[1]}</dd>] : []))}
        </dl>
    );
}

export interface Column<T> {
    title: string;
    cell: (row: T, at: number) => ComponentChildren;
    number?: boolean;
}

interface TableProps<T> {
    caption: string;
    /** Whether the caption is seen: under a title that says the same it is only read aloud. */
    captioned?: boolean;
    columns: readonly Column<T>[];
    rows: readonly T[];
}

/** A table that scrolls by itself where it is wider than the screen, by keyboard too. */
export function Table<T>({ caption, captioned, columns, rows }: TableProps<T>): JSX.Element {
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
            <table>
                <caption class={captioned ? '' : 'aloud'}>{caption}</caption>
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <th key={column.title} scope="col" class={column.number ? 'number' : ''}>
                                {column.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row, at) => (
                        <tr key={at}>
                            {columns.map((column) => (
                                <td key={column.title} class={column.number ? 'number' : ''}>
                                    {column.cell(row, at)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

/** Tokens, exact. The value itself stands alone in an element, for whoever reads the page by machine. */
export function Tokens({ base, decimals, name }: { base: bigint; decimals: number; name?: string }): JSX.Element {
    return (
        <data class="amount" value={base.toString()} {...(name && { 'data-name': name })}>
            {amount(base, decimals)}
        </data>
    );
}

export function Copy({ text, what }: { text: string; what: string }): JSX.Element {
    const done = useSignal(false);
    const copy = (): void =>
        void navigator.clipboard.writeText(text).then(
            () => (done.value = true),
            () => (done.value = false),
        );
    return (
        <button type="button" class="quiet" onClick={copy} aria-label={`${t('common.copy')}: ${what}`}>
            {done.value ? t('common.copied') : t('common.copy')}
        </button>
    );
}

/** An address: short where there are many, whole where it matters. */
export function Key({ of, to, short }: { of: Address; to?: 'you' | 'device'; short?: boolean }): JSX.Element {
    const shown = short ? `${of.slice(0, 4)}…${of.slice(-4)}` : of;
    const text = (
        <span class="key" title={of}>
            {shown}
        </span>
    );
    return to ? <a href={`#/${to}/${of}`}>{text}</a> : text;
}

export function Hash({ of }: { of: string }): JSX.Element {
    return <span class="key">{of}</span>;
}

/** A moment, and how far away it is by the chain's clock. */
export function When({ at, now }: { at: bigint; now?: bigint }): JSX.Element {
    return (
        <time datetime={machine(at)}>
            <span class="key whole">{utc(at)}</span>
            {now !== undefined && ` (${distance(at, now)})`}
        </time>
    );
}

/** A share as a bar; the number beside it says the same. */
export function Bar({ part, whole }: { part: number; whole: number }): JSX.Element {
    const width = whole === 0 ? 0 : (100 * part) / whole;
    return (
        <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect width={width} height="4" fill="currentColor" />
        </svg>
    );
}

/** A part of a page that has a title. */
export function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
    return (
        <section>
            <h2>{title}</h2>
            {children}
        </section>
    );
}

/** What is long and read by few: it is made when it is first opened. */
export function Unfold({ title, children }: { title: ComponentChildren; children: () => ComponentChildren }): JSX.Element {
    const opened = useSignal(false);
    return (
        <details onToggle={(event) => (opened.value ||= event.currentTarget.open)}>
            <summary>{title}</summary>
            {opened.value && children()}
        </details>
    );
}

/** A command that does or shows the same. */
export function Command({ text }: { text: string }): JSX.Element {
    return (
        <details>
            <summary>{t('common.command')}</summary>
            <pre lang="en" tabIndex={0}>
                {text}
            </pre>
            <Copy text={text} what={t('common.command')} />
        </details>
    );
}

/** Bytes as people count them. */
export function bytes(count: number): string {
    return count < 1_000_000 ? `${Math.ceil(count / 1_000)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}
