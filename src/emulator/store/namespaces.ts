import { DEFAULT, toNamespace } from '../account-region-name.ts';
import type { Database } from './database.ts';

/**
 * Makes a table whose rows belong to namespaces, unless the file has it. A table of an older
 * version belongs to the default account and region. The columns that it lacks are NULL. The names
 * and definitions are from the code and not quoted.
 */
export function createTable(db: Database, table: string, columns: string, key: string): void {
  const before = db
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));
  const isOld = before.length > 0 && !before.includes('namespace');
  if (isOld) db.exec(`ALTER TABLE ${table} RENAME TO ${table}_before`);
  db.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (
      namespace TEXT NOT NULL,
      ${columns},
      PRIMARY KEY (namespace, ${key})
    ) STRICT, WITHOUT ROWID;
  `);
  if (!isOld) return;
  const copy = db.prepare(
    `INSERT INTO ${table} (namespace, ${before}) SELECT ?, ${before} FROM ${table}_before`,
  );
  copy.run(toNamespace(DEFAULT));
  db.exec(`DROP TABLE ${table}_before`);
}
