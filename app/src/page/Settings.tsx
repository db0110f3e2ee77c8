// What a person chooses, and where the app reads.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { LANGUAGES, choose, language, t } from '../i18n/index.ts';
import type { Language } from '../i18n/index.ts';
import { chosen, mirrors, networks, ownRpc, rpc, setOwnRpc } from '../state/app.ts';
import { applyTheme, store, stored } from '../state/settings.ts';
import type { Theme } from '../state/settings.ts';
import { Facts, Part } from '../view/atoms.tsx';
import { Title } from '../view/Title.tsx';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export default function Settings(): JSX.Element {
    const theme = useSignal((stored('theme') as Theme | null) ?? 'system');
    const paint = (next: Theme): void => {
        theme.value = next;
        store('theme', next === 'system' ? '' : next);
        applyTheme(next);
    };
    return (
        <>
            <Title>{t('settings.title')}</Title>
            <form onSubmit={(event) => event.preventDefault()}>
                <div>
                    <label for="language">{t('settings.language')}</label>
                    <select id="language" value={language.value} onChange={(event) => void choose(event.currentTarget.value as Language)}>
                        {Object.entries(LANGUAGES).map(([code, { name }]) => (
                            <option key={code} value={code} lang={code}>
                                {name}
                            </option>
                        ))}
                    </select>
                </div>
                <div>
                    <label for="theme">{t('settings.theme')}</label>
                    <select id="theme" value={theme.value} onChange={(event) => paint(event.currentTarget.value as Theme)}>
                        {THEMES.map((name) => (
                            <option key={name} value={name}>
                                {t(`settings.${name}`)}
                            </option>
                        ))}
                    </select>
                </div>
                <div>
                    <label for="network">{t('settings.network')}</label>
                    <select id="network" value={chosen.value} onChange={(event) => (chosen.value = Number(event.currentTarget.value))}>
                        {networks.value.map((network, at) => (
                            <option key={network.pool} value={at}>
                                {network.name}
                            </option>
                        ))}
                    </select>
                </div>
            </form>
            <Node />
            <Part title={t('settings.sources')}>
                <Facts
                    rows={[
                        [t('settings.nodes'), rpc.value.endpoints.map((url) => <div key={url} class="key">{url}</div>)],
                        [t('settings.files'), mirrors.value.bases.map((url) => <div key={url} class="key">{url}</div>)],
                    ]}
                />
            </Part>
        </>
    );
}

function Node(): JSX.Element {
    const text = useSignal(ownRpc.value);
    const wrong = useSignal(false);
    const save = (event: Event): void => {
        event.preventDefault();
        const url = text.value.trim();
        wrong.value = url !== '' && !(/^https?:\/\//.test(url) && URL.canParse(url));
        if (!wrong.value) setOwnRpc(url);
    };
    return (
        <form onSubmit={save}>
            <div>
                <label for="rpc">{t('settings.rpc')}</label>
                <input
                    id="rpc"
                    type="url"
                    class="key"
                    value={text.value}
                    onInput={(event) => (text.value = event.currentTarget.value)}
                    aria-invalid={wrong.value}
                    aria-describedby="rpc-note"
                />
                <p id="rpc-note" class={wrong.value ? 'bad' : 'soft'}>
                    {wrong.value ? t('settings.badUrl') : t('settings.rpcNote')}
                </p>
            </div>
            <button type="submit">{t('settings.save')}</button>
        </form>
    );
}
