import { createLoopCheck } from '../relay/pages.ts';

/** A page of one of AWS's lists, and the position of the next one if there is one. */
export type AwsPage<T> = { items: T[]; position?: string | undefined };

/** The items of all pages, read one page after the other. */
export async function allItems<T>(read: (position: string | undefined) => Promise<AwsPage<T>>): Promise<T[]> {
  const all: T[] = [];
  const checkIsNew = createLoopCheck(undefined);
  let position: string | undefined;
  do {
    const page = await read(position);
    checkIsNew(page.position);
    all.push(...page.items);
    position = page.position;
  } while (position !== undefined);
  return all;
}
