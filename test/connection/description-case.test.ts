import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientCertificate } from '../../src/resources/client-certificates/client-certificate.ts';
import { folded } from '../../src/resources/client-certificates/descriptions.ts';
import { listOf } from '../../src/resources/client-certificates/list.ts';
import { startService } from '../support/service.ts';

const DESCRIPTIONS = ['ΟΔΟΣΑ', 'Straße', 'STRASSE', 'caf\u00e9', 'CAFE\u0301', 'm²', 'm2', 'Kran'];

/** The service with a certificate for each description. */
const start = () =>
  startService({
    emulator: {
      examples: DESCRIPTIONS.map((description, i) => ({
        id: `c${i}`,
        description,
        createdDate: new Date('2026-11-01T00:00:00Z'),
      })),
    },
  });

test.for([
  ['ΟΔΟΣ', ['ΟΔΟΣΑ']], // a final sigma in lower case
  ['οδος', ['ΟΔΟΣΑ']],
  ['οδοσ', ['ΟΔΟΣΑ']],
  ['strasse', ['Straße', 'STRASSE']],
  ['STRAßE', ['Straße', 'STRASSE']],
  ['STRA\u1e9eE', ['Straße', 'STRASSE']],
  ['CAF\u00c9', ['caf\u00e9', 'CAFE\u0301']],
  ['cafe\u0301', ['caf\u00e9', 'CAFE\u0301']],
  ['cafe', []],
  ['M²', ['m²']],
  ['M2', ['m2']],
  ['\u212aran', ['Kran']], // the sign of the kelvin
] as const)('%j is found in any case and normalization', async ([descriptionContains, expected]) => {
  const { query } = await start();
  const { data } = await query(
    `query ($filter: ClientCertificateFilter) { clientCertificates(filter: $filter) { nodes { description } } }`,
    { filter: { descriptionContains } },
  );
  expect(data.clientCertificates.nodes).toEqual(expected.map((description) => ({ description })));
});

test('descriptions that differ only in case and normalization are ordered by id', async () => {
  const { query } = await start();
  const list = async (direction: string) => {
    const { data } = await query(
      `{ clientCertificates(orderBy: { field: DESCRIPTION, direction: ${direction} }) { nodes { description } } }`,
    );
    return data.clientCertificates.nodes.map(({ description }: { description: string }) => description);
  };
  const [sigma, sz, ss, composed, decomposed, squared, two, kran] = DESCRIPTIONS;
  expect(await list('ASC')).toEqual([composed, decomposed, kran, two, squared, sz, ss, sigma]);
  expect(await list('DESC')).toEqual([sigma, sz, ss, squared, two, kran, composed, decomposed]);
});

test('every character is folded like its upper case, its lower case and each of its normalizations', () => {
  for (let codePoint = 0; codePoint < 0x20000; codePoint += 1) {
    const text = String.fromCodePoint(codePoint);
    const key = folded(text);
    const variants = [
      key,
      text.toUpperCase(),
      text.toLowerCase(),
      text.normalize('NFC'),
      text.normalize('NFD'),
    ];
    if (text.isWellFormed() && variants.some((variant) => folded(variant) !== key))
      expect.fail(`U+${codePoint.toString(16)} is folded in two ways`);
  }
});

test('any text is folded like each of its normalizations, and ASCII to lower case', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(folded(text.normalize('NFD'))).toBe(folded(text));
      expect(folded(folded(text))).toBe(folded(text));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      expect(folded(text)).toBe(text.toLowerCase());
    }),
  );
});

test('a long description has the same place in the order in each of its normalizations', () => {
  const { order } = listOf({ orderBy: { field: 'DESCRIPTION', direction: 'ASC' } });
  const keyOf = (description: string) => order?.keyOf({ description } as ClientCertificate);
  const fourInOne = '\u1fa7'; // an omega with three marks
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(fourInOne, '\u00e9', '\uac01', 'ß', 'x'), minLength: 100 }),
      (text) => {
        expect(keyOf(text.normalize('NFD'))).toBe(keyOf(text));
        expect(keyOf(text)).toBe(folded(text).slice(0, 64));
      },
    ),
  );
});
