// How bytes of the programs read and are written. src/generated says which fields stand where; this file knows how one field
// looks. Numbers of 64 bits are bigints: no amount ever passes through a float.

import { getAddressDecoder, getAddressEncoder } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';

export type { Instruction };

/** Reads from `view` at `at`, or writes to the end of `to`. `size` is missing where the length varies; `parts` are a struct's fields
 * with their sizes. */
export interface Codec<T> {
    size?: number;
    parts?: readonly (readonly [string, number])[];
    read(view: DataView, at: number): T;
    write(to: number[], value: T): void;
}

/** An account's kind: whose it is, its first eight bytes, and what follows them. */
export interface AccountKind<T> {
    name: string;
    program: Address;
    discriminator: readonly number[];
    codec: Codec<T>;
}

const little = (to: number[], value: bigint, bytes: number): void => {
    for (let at = 0; at < bytes; at += 1) to.push(Number((value >> BigInt(8 * at)) & 0xffn));
};

export const u8: Codec<number> = { size: 1, read: (view, at) => view.getUint8(at), write: (to, value) => little(to, BigInt(value), 1) };
export const u16: Codec<number> = { size: 2, read: (view, at) => view.getUint16(at, true), write: (to, value) => little(to, BigInt(value), 2) };
export const u32: Codec<number> = { size: 4, read: (view, at) => view.getUint32(at, true), write: (to, value) => little(to, BigInt(value), 4) };
export const u64: Codec<bigint> = { size: 8, read: (view, at) => view.getBigUint64(at, true), write: (to, value) => little(to, value, 8) };
export const i64: Codec<bigint> = { size: 8, read: (view, at) => view.getBigInt64(at, true), write: (to, value) => little(to, BigInt.asUintN(64, value), 8) };
export const bool: Codec<boolean> = { size: 1, read: (view, at) => view.getUint8(at) !== 0, write: (to, value) => little(to, value ? 1n : 0n, 1) };

/** The `length` bytes of `view` at `at`, not copied. */
export const slice = (view: DataView, at: number, length: number): Uint8Array<ArrayBuffer> =>
    new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + at, length);

export const pubkey: Codec<Address> = {
    size: 32,
    read: (view, at) => getAddressDecoder().decode(slice(view, at, 32)),
    write: (to, value) => to.push(...getAddressEncoder().encode(value)),
};

export const bytes = (length: number): Codec<Uint8Array> => ({
    size: length,
    read: (view, at) => slice(view, at, length),
    write: (to, value) => {
        if (value.length !== length) throw new RangeError(`${length} bytes are needed, not ${value.length}`);
        to.push(...value);
    },
});

const fixed = <T>(codec: Codec<T>): number => {
    if (codec.size === undefined) throw new TypeError('only values of one length stand side by side');
    return codec.size;
};

export const array = <T>(of: Codec<T>, length: number): Codec<T[]> => ({
    size: fixed(of) * length,
    read: (view, at) => Array.from({ length }, (_, index) => of.read(view, at + index * fixed(of))),
    write: (to, value) => {
        if (value.length !== length) throw new RangeError(`${length} values are needed, not ${value.length}`);
        value.forEach((one) => of.write(to, one));
    },
});

/** A list that starts with its length. */
export const list = <T>(of: Codec<T>): Codec<T[]> => ({
    read: (view, at) => Array.from({ length: view.getUint32(at, true) }, (_, index) => of.read(view, at + 4 + index * fixed(of))),
    write: (to, value) => {
        u32.write(to, value.length);
        value.forEach((one) => of.write(to, one));
    },
});

export const byteList: Codec<Uint8Array> = {
    read: (view, at) => slice(view, at + 4, view.getUint32(at, true)),
    write: (to, value) => {
        u32.write(to, value.length);
        to.push(...value);
    },
};

export const option = <T>(of: Codec<T>): Codec<T | null> => ({
    read: (view, at) => (view.getUint8(at) === 0 ? null : of.read(view, at + 1)),
    write: (to, value) => {
        u8.write(to, value === null ? 0 : 1);
        if (value !== null) of.write(to, value);
    },
});

type Fields<T> = readonly { [K in keyof T]: readonly [K, Codec<T[K]>] }[keyof T][];

/** Fields one behind the other: the programs' structs have no padding. */
export const struct = <T extends object>(fields: Fields<T>): Codec<T> => {
    const sizes = fields.map(([, codec]) => codec.size);
    const known = sizes.every((size) => size !== undefined);
    return {
        ...(known && {
            size: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
            parts: fields.map(([name, codec]): [string, number] => [String(name), codec.size ?? 0]),
        }),
        read: (view, at) => {
            const value = {} as T;
            let place = at;
            fields.forEach(([name, codec], index) => {
                value[name] = codec.read(view, place);
                place += index + 1 < fields.length ? fixed(codec) : 0;
            });
            return value;
        },
        write: (to, value) => {
            for (const [name, codec] of fields) codec.write(to, value[name]);
        },
    };
};

export const account = <T>(name: string, program: Address, discriminator: readonly number[], codec: Codec<T>): AccountKind<T> => ({
    name,
    program,
    discriminator,
    codec,
});

/** An event's kind, as the program tells it to itself: behind the eight bytes that mark every event, eight of its own. */
export interface EventKind<N extends string, T> {
    name: N;
    program: Address;
    discriminator: readonly number[];
    codec: Codec<T>;
}

export const event = <N extends string, T>(name: N, program: Address, discriminator: readonly number[], codec: Codec<T>): EventKind<N, T> => ({
    name,
    program,
    discriminator,
    codec,
});

/** An instruction. An account that is not brought along is named by the program itself, as Anchor's programs read it. */
export const instruction = <T>(
    program: Address,
    discriminator: readonly number[],
    accounts: readonly (readonly [Address | null, number])[],
    codec?: Codec<T>,
    args?: T,
): Instruction => {
    const data = [...discriminator];
    if (codec && args !== undefined) codec.write(data, args);
    return {
        programAddress: program,
        accounts: accounts.map(([address, role]) => (address === null ? { address: program, role: 0 } : { address, role })),
        data: Uint8Array.from(data),
    };
};
