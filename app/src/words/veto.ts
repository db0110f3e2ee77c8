// Why an epoch was stopped: the program's own rules have reasons of their own, above all of the guardian's.

import { t } from '../i18n/index.ts';
import type { Key } from '../i18n/en.ts';

/** `constants.rs`, `REASON_…`. */
const OWN: Record<number, Key> = { 0xff01: 'veto.taken', 0xff02: 'veto.withheld', 0xff03: 'veto.lapsed' };

export const vetoed = (reason: number): string => t(OWN[reason] ?? 'veto.guardian', { code: `${reason}` });
