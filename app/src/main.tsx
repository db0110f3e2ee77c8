import './style/tokens.css';
import './style/app.css';
import './style/numbers.css';
import { render } from 'preact';
import { effect, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { loadConfig } from './config.ts';
import { Failure } from './failure.ts';
import { speakFirst } from './i18n/index.ts';
import { Page } from './page/Page.tsx';
import { route, watchRoute } from './router.ts';
import { networks } from './state/app.ts';
import { applyTheme, stored } from './state/settings.ts';
import type { Theme } from './state/settings.ts';
import { Failed } from './view/Loaded.tsx';
import { Frame } from './view/Frame.tsx';
import { watchWallets } from './wallet/standard.ts';

function App({ failure }: { failure: Failure | null }): JSX.Element {
    const wrong = useSignal(failure);
    const retry = (): void =>
        void configure().then((found) => {
            wrong.value = found;
        });
    return <Frame>{wrong.value ? <Failed failure={wrong.value} retry={retry} /> : <Page route={route.value} />}</Frame>;
}

async function configure(): Promise<Failure | null> {
    try {
        const found = await loadConfig();
        if (found.length === 0) throw new Failure('no-network');
        networks.value = found;
        return null;
    } catch (error) {
        return Failure.of(error);
    }
}

async function start(): Promise<void> {
    applyTheme((stored('theme') as Theme | null) ?? 'system');
    watchRoute(() => {
        // Who can not see that the page changed is told by its title.
        requestAnimationFrame(() => (document.querySelector<HTMLElement>('main h1') ?? document.querySelector('main'))?.focus());
    });
    watchWallets();
    const [failure] = await Promise.all([configure(), speakFirst()]);
    const root = document.getElementById('app');
    if (root) render(<App failure={failure} />, root);
    effect(() => {
        void route.value;
        requestAnimationFrame(() => {
            const title = document.querySelector('main h1')?.textContent;
            document.title = title ? `${title} · Cairn` : 'Cairn';
        });
    });
    // Only what was built is kept: while developing, an old file must not come back.
    if (import.meta.env.PROD && 'serviceWorker' in navigator) await navigator.serviceWorker.register('sw.js').catch(() => undefined);
}

void start();
