// What a program's refusal means and what to do about it: the tables of idl/errors.json, which `cairn` prints too.

import { Failure } from '../failure.ts';
import errors from '../generated/errors.ts';
import { AIRDROP, DEVICE_REGISTRY, REWARD_VAULT } from './addresses.ts';

/** A refusal in the programs' own words, which are English. */
export interface Refused {
    /** "reward-vault/NothingToClaim". */
    code: string;
    message: string;
    hint: string;
}

const PROGRAMS: Record<string, keyof typeof errors> = { [REWARD_VAULT]: 'reward-vault', [AIRDROP]: 'airdrop', [DEVICE_REGISTRY]: 'device-registry' };

/** The refusal behind a failed transaction's error and logs, or behind the program of the instruction that failed; null when no program
 * of ours refused. */
export function refusalOf(failed: unknown, logs: readonly string[], of?: string): Refused | null {
    const code = customCode(failed);
    if (code === null) return null;
    // The innermost program that failed is named first.
    const line = logs.find((log) => / failed: /.test(log));
    const program = line?.split(' ')[1] ?? of ?? REWARD_VAULT;
    const name = PROGRAMS[program];
    const entry = name && errors[name].find((one) => one.code === code);
    return entry ? { code: `${name}/${entry.name}`, message: entry.message, hint: entry.hint } : null;
}

/** What a program would refuse, in its own words; by its name there. */
export function refusalNamed(program: keyof typeof errors, name: string): Failure {
    const entry = errors[program].find((one) => one.name === name);
    if (!entry) return new Failure('unexpected', {}, name);
    return new Failure('program-refused', { code: `${program}/${entry.name}`, message: entry.message, hint: entry.hint });
}

/** `{"InstructionError": [0, {"Custom": 6063}]}`. */
function customCode(failed: unknown): number | null {
    const error = (failed as { InstructionError?: [unknown, unknown] } | null)?.InstructionError?.[1];
    const code = (error as { Custom?: number | bigint } | undefined)?.Custom;
    return code === undefined ? null : Number(code);
}

/** Whether the network refused because the payer has too little SOL. */
export function isPoor(failed: unknown, logs: readonly string[]): boolean {
    const text = JSON.stringify(failed, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)) ?? '';
    return (
        /InsufficientFundsForFee|InsufficientFundsForRent|AccountNotFound/.test(text) ||
        logs.some((log) => /insufficient lamports/i.test(log))
    );
}
