// What a person chose, kept on their machine and nowhere else. A browser that keeps nothing is no error.

export type Theme = 'system' | 'light' | 'dark';

export function stored(name: string): string | null {
    try {
        return localStorage.getItem(`cairn.${name}`);
    } catch {
        return null;
    }
}

export function store(name: string, value: string): void {
    try {
        if (value === '') localStorage.removeItem(`cairn.${name}`);
        else localStorage.setItem(`cairn.${name}`, value);
    } catch {
        // Private windows refuse; the choice then lasts as long as the page.
    }
}

export function applyTheme(theme: Theme): void {
    if (theme === 'system') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.setAttribute('data-theme', theme);
}
