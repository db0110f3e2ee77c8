// How far away something is.

import { t } from '../i18n/index.ts';
import { grouped } from './amount.ts';

/** Metres below ten kilometres, kilometres from there on. */
export const farOff = (metres: number): string =>
    metres < 10_000 ? t('map.metres', { count: grouped(Math.round(metres)) }) : t('map.kilometres', { count: grouped(Math.round(metres / 1_000)) });
