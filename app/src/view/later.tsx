// A page whose code comes when it is first opened.

import type { ComponentType, JSX } from 'preact';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { Loaded } from './Loaded.tsx';

export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
    let loading: Resource<{ default: ComponentType<P> }> | undefined;
    return function Later(props: P): JSX.Element {
        loading ??= resource(load);
        return <Loaded of={loading}>{({ default: Page }) => <Page {...props} />}</Loaded>;
    };
}
