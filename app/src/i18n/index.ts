// The app's own words in the person's language. English is built in and is what a missing word falls back to; others come when they
// are chosen.

import { signal } from '@preact/signals';
import { stored, store } from '../state/settings.ts';
import { largest } from '../words/moment.ts';
import en from './en.ts';
import type { Key } from './en.ts';

export type Words = Record<Key, string>;

/** Languages by their code, in their own name and direction. */
export const LANGUAGES = {
    en: { name: 'English', dir: 'ltr' },
    'zh-Hant': { name: '繁體中文', dir: 'ltr' },
    ar: { name: 'العربية', dir: 'rtl' },
} as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Record<Exclude<Language, 'en'>, () => Promise<{ default: Partial<Words> }>> = {
    'zh-Hant': () => import('./zh-Hant.ts'),
    ar: () => import('./ar.ts'),
};

const words = signal<Partial<Words>>(en);
export const language = signal<Language>('en');

const isLanguage = (code: string | null): code is Language => code !== null && code in LANGUAGES;

/** The language that was chosen, or the first of the browser's that there is. */
function wanted(): Language {
    const chosen = stored('language');
    if (isLanguage(chosen)) return chosen;
    for (const code of navigator.languages) {
        if (/^zh\b(?!.*(hans|-cn))/i.test(code)) return 'zh-Hant';
        const short = code.split('-')[0] ?? '';
        if (isLanguage(short)) return short;
    }
    return 'en';
}

export async function speak(code: Language): Promise<void> {
    words.value = code === 'en' ? en : (await LOADERS[code]()).default;
    language.value = code;
    document.documentElement.lang = code;
    document.documentElement.dir = LANGUAGES[code].dir;
}

export async function speakFirst(): Promise<void> {
    const code = wanted();
    await speak(code).catch(() => speak('en'));
}

export async function choose(code: Language): Promise<void> {
    store('language', code);
    await speak(code);
}

/** The words for `key`, with the facts in their places. */
export function t(key: Key, facts: Record<string, string> = {}): string {
    const text = words.value[key] ?? en[key];
    // In a sentence that runs from right to left, a moment or an amount keeps its own direction.
    const isolated = (fact: string): string => (LANGUAGES[language.value].dir === 'rtl' ? `\u2068${fact}\u2069` : fact);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => (facts[name] === undefined ? whole : isolated(facts[name])));
}

/** A span in its two largest units: `2 d 3 h`. */
export function span(secs: bigint): string {
    return largest(secs)
        .map(([count, unit]) => t(`span.${unit}`, { count: `${count}` }))
        .join(' ');
}

/** How far a moment is from now: `in 2 d 3 h`, `5 min ago`. */
export function distance(unixSecs: bigint, now: bigint): string {
    const away = unixSecs - now;
    if (away === 0n) return t('span.now');
    return away > 0n ? t('span.in', { span: span(away) }) : t('span.ago', { span: span(-away) });
}
