import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InputIssue } from '../../src/errors/errors.ts';
import { quote } from '../../src/errors/input-issues.ts';
import { descriptionIssues } from '../../src/resources/client-certificates/descriptions.ts';
import { tagIssues, tagKeyIssues } from '../../src/resources/tags.ts';
import { runs } from '../support/runs.ts';
import { examples, startService } from '../support/service.ts';

/** Letters and digits of several scripts, one beyond the 16-bit plane, two kinds of space, and the punctuation. */
const character = fc.constantFrom(...'azAZ09éß中д٣ \u00a0.:+=@_/-', '𝒜');
const text = (minLength: number, maxLength: number) => fc.string({ unit: character, minLength, maxLength });
const key = text(1, 128).filter((key) => !/^aws:/i.test(key));
const tag = fc.record({ key, value: text(0, 256) });
const tags = fc.uniqueArray(tag, { minLength: 1, maxLength: 50, selector: ({ key }) => key });

const forbidden = fc.constantFrom(...'!"#$%&\'()*,;<>?[]^`{|}~\\\n\r\t\0', '💳', '\u200d');
const paths = (issues: InputIssue[]) => issues.map(({ path }) => path.join('.'));

test('tags within the rules are accepted', () => {
  fc.assert(
    fc.property(tags, (tags) => {
      expect(tagIssues(tags, [])).toEqual([]);
      expect(
        tagKeyIssues(
          tags.map(({ key }) => key),
          [],
        ),
      ).toEqual([]);
    }),
  );
});

test('a forbidden character anywhere in a key or a value is reported with its path', () => {
  fc.assert(
    fc.property(
      tags,
      fc.nat(49),
      fc.boolean(),
      text(0, 60),
      forbidden,
      text(0, 60),
      (tags, at, inKey, a, wrong, b) => {
        const index = at % tags.length;
        const member = inKey ? 'key' : 'value';
        const changed = tags.map((tag, i) => (i === index ? { ...tag, [member]: `x${a}${wrong}${b}` } : tag));
        expect(paths(tagIssues(changed, ['input', 'tags']))).toEqual([`input.tags.${index}.${member}`]);
      },
    ),
  );
});

test('lengths are counted in characters, not in UTF-16 units', () => {
  const wide = (length: number) => '𝒜'.repeat(length);
  expect(tagIssues([{ key: wide(128), value: wide(256) }], [])).toEqual([]);
  expect(paths(tagIssues([{ key: wide(129), value: wide(257) }], []))).toEqual(['0.key', '0.value']);
  expect(descriptionIssues(wide(1024), [])).toEqual([]);
  expect(descriptionIssues(wide(1025), ['d'])).toEqual([
    { path: ['d'], message: 'expected 0 to 1024 characters, got 1025' },
  ]);
});

test('no key may start with aws: in upper or lower case, but any key may contain it', () => {
  const cased = fc.mixedCase(fc.constant('aws:'));
  fc.assert(
    fc.property(cased, text(0, 100), (prefix, rest) => {
      expect(paths(tagIssues([{ key: prefix + rest, value: '' }], []))).toEqual(['0.key']);
      expect(paths(tagKeyIssues([prefix + rest], []))).toEqual(['0']);
      expect(tagIssues([{ key: `x${prefix}`, value: prefix + rest }], [])).toEqual([]);
    }),
  );
});

test('every repetition of a key is reported, and keys are case-sensitive', () => {
  fc.assert(
    fc.property(tags, fc.nat(49), fc.integer({ min: 1, max: 5 }), (tags, at, times) => {
      const again = tags[at % tags.length] ?? { key: '', value: '' };
      const repeated = [...tags, ...Array.from({ length: times }, () => again)].slice(0, 50);
      const expected = repeated.map((_, i) => `${i}.key`).slice(tags.length);
      expect(paths(tagIssues(repeated, []))).toEqual(expected);
    }),
  );
  expect(tagKeyIssues(['team', 'Team', 'TEAM'], [])).toEqual([]);
});

test.for([0, 51, 52, 5000])('%i tags are not 1 to 50', (count) => {
  const many = Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: '' }));
  const message = `expected 1 to 50, got ${count}`;
  expect(tagIssues(many, ['tags'])).toEqual([{ path: ['tags'], message }]);
  expect(
    tagKeyIssues(
      many.map(({ key }) => key),
      ['tagKeys'],
    ),
  ).toEqual([{ path: ['tagKeys'], message }]);
});

test('only the first 50 tags are checked, so that the answer stays short', () => {
  const wrong = Array.from({ length: 5000 }, () => ({ key: 'k', value: '?' }));
  expect(tagIssues(wrong, [])).toHaveLength(1 + 50 + 49);
  expect(
    tagKeyIssues(
      wrong.map(({ key }) => key),
      [],
    ),
  ).toHaveLength(1 + 49);
});

test('the message quotes the value, shortened and on one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
      const repeated = quote(value);
      expect(repeated).not.toMatch(/[\n\r\t\0]/);
      expect(JSON.parse(repeated).length).toBeLessThanOrEqual(41);
      if (value.length <= 40) expect(JSON.parse(repeated)).toBe(value);
    }),
    { numRuns: runs(50) },
  );
});

test('a quoted value is shortened between two characters, never in the middle of one', () => {
  for (const value of ['😀'.repeat(40), `x${'😀'.repeat(40)}`]) {
    expect(JSON.parse(quote(value)).isWellFormed()).toBe(true);
    expect(quote({ value }).isWellFormed()).toBe(true);
    expect(quote({ value: `x${value}` }).isWellFormed()).toBe(true);
  }
});

test('the emulator accepts and returns every tag and description that the rules allow', async () => {
  const { query } = await startService({ emulator: { examples: examples(1), quota: 1000 } });
  const description = fc.string({ unit: 'grapheme', maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(tags, description, async (tags, description) => {
      const { data, errors } = await query(
        `mutation ($input: GenerateClientCertificateInput!) {
          generateClientCertificate(input: $input) {
            ... on Error { message }
            ... on GenerateClientCertificatePayload { clientCertificate { description tags { key value } } }
          }
        }`,
        { input: { tags, description } },
      );
      expect(errors).toBeUndefined();
      const { clientCertificate } = data.generateClientCertificate;
      expect(clientCertificate.description).toBe(description || null);
      expect(clientCertificate.tags).toEqual(tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
    }),
    { numRuns: runs(50) },
  );
});
