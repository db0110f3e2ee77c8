// What the whole app knows: networks, the one that is looked at, and where it is read.

import { computed, signal } from '@preact/signals';
import { Rpc } from '../chain/rpc.ts';
import type { NetworkConfig } from '../config.ts';
import { Mirrors } from '../files/source.ts';
import { stored, store } from './settings.ts';

export const networks = signal<readonly NetworkConfig[]>([]);
/** Index into `networks`. */
export const chosen = signal(0);

/** An endpoint of the person's own, before those of cairn.json; empty for none. */
export const ownRpc = signal(stored('rpc') ?? '');

export function setOwnRpc(url: string): void {
    ownRpc.value = url;
    store('rpc', url);
}

export const network = computed<NetworkConfig | null>(() => networks.value[chosen.value] ?? null);

/** Where the chain is read. */
export const rpc = computed(() => new Rpc([...(ownRpc.value === '' ? [] : [ownRpc.value]), ...(network.value?.rpc ?? [])]));
/** Where files are read. */
export const mirrors = computed(() => new Mirrors(network.value?.files ?? []));
