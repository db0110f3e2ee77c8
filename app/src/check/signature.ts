// Signatures of keys, by the browser's own code.

/** Whether that Ed25519 key signed the message; null where the browser knows no such keys. */
export async function isSigned(raw: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean | null> {
    try {
        const key = await crypto.subtle.importKey('raw', Uint8Array.from(raw), 'Ed25519', false, ['verify']);
        return await crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
    } catch (error) {
        return error instanceof DOMException && error.name === 'NotSupportedError' ? null : false;
    }
}
