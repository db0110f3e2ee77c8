// Layouts that this app reads: `version` of each kind of account, as the programs write it. Another one is refused, never guessed.

export const POOL_VERSION = 3;
export const EPOCH_VERSION = 2;
export const ACCOUNT_VERSION = 1;
export const REGISTRY_VERSION = 1;
