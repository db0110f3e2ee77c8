// What stands around every page.

import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n/index.ts';
import { route, sectionOf } from '../router.ts';
import type { Section } from '../router.ts';
import { network } from '../state/app.ts';

const SECTIONS: readonly Section[] = ['network', 'growth', 'discovery', 'community', 'you'];

export function Frame({ children }: { children: ComponentChildren }): JSX.Element {
    const section = sectionOf(route.value);
    return (
        <>
            <header class="top">
                <a class="skip" href={location.hash || '#/'} onClick={skip}>
                    {t('nav.skip')}
                </a>
                <a class="brand" href="#/">
                    Cairn
                </a>
                <nav aria-label={t('nav.main')}>
                    {SECTIONS.map((name) => (
                        <a key={name} href={`#/${name}`} {...(section === name && { 'aria-current': 'page' as const })}>
                            {t(`nav.${name}`)}
                        </a>
                    ))}
                </nav>
                <a href="#/settings">{t('nav.settings')}</a>
            </header>
            <main id="content" tabIndex={-1}>
                {children}
            </main>
            <footer>
                {network.value && (
                    <span>
                        {network.value.name} · <span class="key">{network.value.pool}</span>
                    </span>
                )}
            </footer>
        </>
    );
}

/** The hash says where one is, so it can not also say where to jump. */
function skip(event: Event): void {
    event.preventDefault();
    document.getElementById('content')?.focus();
}

/** Pages of one section. */
export function Tabs({ at }: { at: 'network' | 'map' | 'epochs' }): JSX.Element {
    const tabs = ['network', 'map', 'epochs'] as const;
    return (
        <nav class="tabs" aria-label={t('nav.network')}>
            {tabs.map((name) => (
                <a key={name} href={`#/${name}`} {...(at === name && { 'aria-current': 'page' as const })}>
                    {t(`nav.${name}`)}
                </a>
            ))}
        </nav>
    );
}
