// Cities and countries by name, without asking anybody: the browser itself knows what countries are called in each language.

/** A city with where it lies. */
export interface City {
    name: string;
    /** ISO 3166-1 alpha-2. */
    country: string;
    /** Degrees north and east. */
    lat: number;
    lon: number;
}

/** `+404251` or `-0740023` in degrees; NaN when it is none. */
function degreesOf(text: string): number {
    const match = /^([+-])(\d{2,3})(\d{2})(\d{2})?$/.exec(text);
    if (!match) return Number.NaN;
    const whole = Number(match[2]) + Number(match[3]) / 60 + Number(match[4] ?? 0) / 3_600;
    return match[1] === '-' ? -whole : whole;
}

/** Rows of places/cities.tsv. */
export function parseCities(text: string): City[] {
    return text.split('\n').flatMap((line) => {
        const [country, at, name] = line.split('\t');
        const place = /^([+-]\d+)([+-]\d+)$/.exec(at ?? '');
        if (!country || !name || !place || line.startsWith('#')) return [];
        return [{ country, name, lat: degreesOf(place[1]!), lon: degreesOf(place[2]!) }];
    });
}

/** As it is compared: without accents, case and signs. */
const bare = (text: string): string =>
    text
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .toLowerCase()
        .replace(/[.’'-]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();

/** What a country is called in a language; its letters where the browser knows no name. */
export function countryName(code: string, language: string): string {
    try {
        return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code;
    } catch {
        return code;
    }
}

const MOST = 12;

/** Cities called so or lying in a country called so, in English or in `language`; those that are called exactly so first. */
export function findCities(cities: readonly City[], text: string, language: string): City[] {
    const wanted = bare(text);
    if (wanted.length < 2) return [];
    const rank = (name: string): number => (name === wanted ? 0 : name.startsWith(wanted) ? 2 : wanted.length > 2 && name.includes(` ${wanted}`) ? 4 : 9);
    const ranked = cities.map((city) => {
        const countries = ['en', language].map((one) => rank(bare(countryName(city.country, one))));
        // A city before a country of the same beginning.
        return { city, rank: Math.min(rank(bare(city.name)), ...countries.map((one) => one + 1)) };
    });
    return ranked
        .filter((one) => one.rank < 9)
        .sort((a, b) => a.rank - b.rank)
        .slice(0, MOST)
        .map(({ city }) => city);
}
