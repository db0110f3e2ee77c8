// The door to wasm/cairn-web: the programs' own Merkle-sum code and H3. A question goes in as bytes, an answer comes out, or the
// words of a refusal.

import { Failure } from '../failure.ts';

interface Exports {
    memory: WebAssembly.Memory;
    reserve(length: number): number;
    call(number: number): number;
    place(): number;
}

/** A refusal of the Rust side: its name, as programs compare it, and its words. */
export class Refusal extends Error {
    override readonly name: string;

    constructor(text: string) {
        const at = text.indexOf(': ');
        super(text.slice(at + 2));
        this.name = text.slice(0, at);
    }
}

export class Rust {
    readonly #exports: Exports;

    private constructor(exports: Exports) {
        this.#exports = exports;
    }

    static async from(bytes: BufferSource): Promise<Rust> {
        const { instance } = await WebAssembly.instantiate(bytes, {});
        return new Rust(instance.exports as unknown as Exports);
    }

    /** Answers a question of src/lib.rs's table. Throws Refusal. */
    ask(number: number, question: Uint8Array): Uint8Array<ArrayBuffer> {
        const { memory, reserve, call, place } = this.#exports;
        const at = reserve(question.length);
        // The memory may have grown, which detaches the buffer: it is asked for each time.
        new Uint8Array(memory.buffer).set(question, at);
        const length = call(number);
        const answer = new Uint8Array(memory.buffer.slice(place(), place() + Math.abs(length)) as ArrayBuffer);
        if (length < 0) throw new Refusal(new TextDecoder().decode(answer));
        return answer;
    }
}

let loading: Promise<Rust> | undefined;

/** The module, fetched once from beside the page. Not compiled while it streams: not every gateway calls it application/wasm. */
export function rust(): Promise<Rust> {
    loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
    });
    return loading;
}

async function load(): Promise<Rust> {
    const url = new URL('cairn_web.wasm', document.baseURI).href;
    try {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return await Rust.from(await response.arrayBuffer());
    } catch (error) {
        throw new Failure('module-missing', { file: url }, String(error), error);
    }
}
