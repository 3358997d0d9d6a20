/** One thing that was checked, in an account and region or everywhere. */
export type Row = { what: string; where: string; result: string; isGood: boolean };

/** Columns of text. The first says at a glance what is wrong. */
export function tableOf(rows: readonly Row[]): string {
  const width = (of: (row: Row) => string) => Math.max(...rows.map((row) => of(row).length));
  const [whatWidth, whereWidth] = [width(({ what }) => what), width(({ where }) => where)];
  return rows
    .map(({ what, where, result, isGood }) =>
      `${isGood ? 'ok   ' : 'WRONG'}  ${what.padEnd(whatWidth)}  ${where.padEnd(whereWidth)}  ${oneLine(result)}`.trimEnd(),
    )
    .join('\n');
}

/** AWS's messages may have several. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
