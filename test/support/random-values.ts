import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { lazyFor } from '../../src/maybe-promise.ts';

/** The source of one random operation. fast-check can replay and shrink it. */
export type Draw = {
  /** True with this probability. */
  chance(percent: number): boolean;
  upTo(most: number): number;
  pick<T>(items: readonly T[]): T;
  text(): string;
};

/** Functions without arguments, since fast-check finds what it made of those at once. */
const numberUpTo = lazyFor((most: number) => {
  const arbitrary = fc.nat(most);
  return () => arbitrary;
});

const texts = fc.string({ unit: 'binary', maxLength: 12 });
const anyText = () => texts;

export function createDraw(g: GeneratorValue): Draw {
  const upTo = (most: number): number => g(numberUpTo(most));
  return {
    upTo,
    chance: (percent) => percent > 0 && upTo(99) >= 100 - percent,
    pick: (items) => {
      const picked = items[upTo(items.length - 1)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    text: () => g(anyText),
  };
}

/** The name of an enum value: bare in a document, a string in JSON. */
export class Name {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  toJSON(): string {
    return this.name;
  }
}

/** The value as a literal in a document. */
export function literalOf(value: unknown): string {
  if (value instanceof Name) return value.name;
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${literalOf(member)}`);
  return `{ ${members.join(', ')} }`;
}

const WRONG: readonly (() => unknown)[] = [
  () => null,
  () => -1,
  () => 0,
  () => 501,
  () => 2 ** 31,
  () => 1e40,
  () => 1.5,
  () => '',
  () => 'x'.repeat(5000),
  () => '\u0000\ud800\u202e',
  () => true,
  () => [],
  () => [[null]],
  () => Array.from({ length: 600 }, (_, i) => `${i}`),
  () => ({}),
  () => ({ key: 1, constructor: null }),
  () => new Name('NO_SUCH_VALUE'),
];

/** A value of `type`, each part of which is invalid with a probability of `wrongPercent`. */
export function randomValue(
  draw: Draw,
  type: GraphQLInputType,
  words: Record<string, readonly string[]>,
  wrongPercent: number,
  name = '',
): unknown {
  if (draw.chance(wrongPercent)) return draw.pick(WRONG)();
  if (!isNonNullType(type) && draw.chance(5)) return null;
  const inner = getNullableType(type);
  if (isListType(inner))
    return Array.from({ length: draw.upTo(3) }, () =>
      randomValue(draw, inner.ofType, words, wrongPercent, name),
    );
  if (isEnumType(inner)) return new Name(draw.pick(inner.getValues()).name);
  if (isInputObjectType(inner))
    return Object.fromEntries(
      Object.values(inner.getFields())
        .filter((field) => (isNonNullType(field.type) ? !draw.chance(wrongPercent) : draw.chance(40)))
        .map((field) => [field.name, randomValue(draw, field.type, words, wrongPercent, field.name)]),
    );
  if (inner.name === 'Int') return 1 + draw.upTo(draw.chance(10) ? 499 : 20);
  if (inner.name === 'Boolean') return draw.chance(50);
  if (inner.name === 'DateTime') return new Date(1.75e12 + draw.upTo(1e5) * 1e6).toISOString();
  if (inner.name === '_Any')
    return {
      __typename: 'ClientCertificate',
      [draw.pick(['id', 'clientCertificateId'])]: draw.pick(words['ID'] ?? ['']),
    };
  const known = words[name] ?? words[inner.name];
  return known && draw.chance(90) ? draw.pick(known) : draw.text();
}
