import type { ComponentChildren, JSX } from 'preact';

/** A page's title. It takes the focus when a page is opened, so that a reader of the screen starts there. */
export function Title({ children }: { children: ComponentChildren }): JSX.Element {
    return <h1 tabIndex={-1}>{children}</h1>;
}
