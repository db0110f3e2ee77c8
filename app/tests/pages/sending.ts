// Instructions of one key, signed and sent by the app's own code: what no page does, and no command can do from published files.

import { createPrivateKey, sign as signBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Address, Instruction } from '@solana/kit';
import { Rpc } from '../../src/chain/rpc.ts';
import { probe, send } from '../../src/chain/send.ts';
import { addressOf } from './month.ts';
import type { Month } from './month.ts';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const keyOf = (secret: Uint8Array): KeyObject => createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });

/** What a key signs. */
export const signed = (secret: Uint8Array, message: Uint8Array): Uint8Array => Uint8Array.from(signBytes(null, message, keyOf(secret)));

/** The same of a message in hex, in hex: what a device gives whoever holds its page. */
export const signedHex = (secret: Uint8Array, message: string): string => Buffer.from(signed(secret, Buffer.from(message, 'hex'))).toString('hex');

/** Sends instructions that one key signs and pays. */
export async function sendAs(month: Month, secret: Uint8Array, ...instructions: Instruction[]): Promise<void> {
    const rpc = new Rpc([month.rpc]);
    const payer = addressOf(secret) as Address;
    const sign = async (transaction: Uint8Array): Promise<Uint8Array> => {
        const bytes = Uint8Array.from(transaction);
        bytes.set(signed(secret, bytes.slice(1 + 64 * bytes[0]!)), 1);
        return bytes;
    };
    await send(rpc, instructions, payer, await probe(rpc, instructions, payer), sign, () => undefined);
}
