// Tables and other files that people take home.

/** Text as a spreadsheet takes it. What begins like a formula is kept from being one. */
export function csv(rows: readonly (readonly string[])[]): string {
    const field = (text: string): string => {
        const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
        return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    return rows.map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** Hands a table to the person. */
export const save = (name: string, rows: readonly (readonly string[])[]): void => handOver(name, csv(rows), 'text/csv');

/** Hands a file to the person. */
export function handOver(name: string, text: string, type: string): void {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
}
