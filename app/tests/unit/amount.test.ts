import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount, grouped, parseAmount, plain, points, sol } from '../../src/words/amount.ts';

test('amounts are exact at every size and drop only zeros that do not count', () => {
    const cases: [bigint, number, string, string][] = [
        [0n, 6, '0', '0'],
        [1n, 6, '0.000001', '0.000001'],
        [1_500_000n, 6, '1.5', '1.5'],
        [5_899_831_203n, 6, '5,899.831203', '5899.831203'],
        [18_446_744_073_709_551_615n, 0, '18,446,744,073,709,551,615', '18446744073709551615'],
        [18_446_744_073_709_551_615n, 9, '18,446,744,073.709551615', '18446744073.709551615'],
        [100_000_000n, 6, '100', '100'],
    ];
    for (const [base, decimals, shown, bare] of cases) {
        assert.equal(amount(base, decimals), shown);
        assert.equal(plain(base, decimals), bare);
    }
    assert.equal(points(1_485n), '1.485');
    assert.equal(sol(5_000n), '0.000005');
    assert.equal(grouped(1_234_567), '1,234,567');
});

test('what is typed is read once or not at all', () => {
    for (const [text, base] of [
        ['1', 1_000_000n],
        ['1,234.5', 1_234_500_000n],
        [' 0.000001 ', 1n],
        ['1.50000000', 1_500_000n],
        ['18446744073709.551615', 18_446_744_073_709_551_615n],
    ] as const) {
        assert.equal(parseAmount(text, 6), base, text);
    }
    for (const text of ['', '.', '1.', '.5', '1.2345678', '1,23', '12,34.5', '-1', '1e3', '١٢', '18446744073709.551616', '1 000']) {
        assert.equal(parseAmount(text, 6), null, text);
    }
});
