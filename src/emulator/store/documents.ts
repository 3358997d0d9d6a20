import type { Database } from './database.ts';

/** Things of one kind, which are stored whole. `parent` is the id of what they belong to, or `''`. */
export type Documents<T> = {
  /** False, and nothing stored, if there is one with this id already. */
  insert(parent: string, id: string, document: T): boolean;
  get(parent: string, id: string): T | undefined;
  /** Replaces it, or adds it. */
  set(parent: string, id: string, document: T): void;
  /** False if there was none. */
  delete(parent: string, id: string): boolean;
  deleteAll(parent: string): void;
  /** At most `limit` of them by ascending id: those after `afterId`, if it is given. */
  page(parent: string, limit: number, afterId?: string): T[];
  all(parent: string): T[];
  count(parent: string): number;
  /** Whether any of them, of any parent, has this text as the value of a member. */
  isAnyWith(member: string, text: string): boolean;
};

/** `table` and `member` are names in the code, and are not quoted. */
export function createDocuments<T>(db: Database, table: string): Documents<T> {
  db.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (
      parent TEXT NOT NULL,
      id TEXT NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (parent, id)
    ) STRICT, WITHOUT ROWID;
  `);
  const insert = db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, ?, ?)`);
  const get = db.prepare(`SELECT document FROM ${table} WHERE parent = ? AND id = ?`);
  const set = db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?)`);
  const remove = db.prepare(`DELETE FROM ${table} WHERE parent = ? AND id = ?`);
  const removeAll = db.prepare(`DELETE FROM ${table} WHERE parent = ?`);
  const page = db.prepare(`SELECT document FROM ${table} WHERE parent = ? AND id > ? ORDER BY id LIMIT ?`);
  const count = db.prepare(`SELECT count(*) AS n FROM ${table} WHERE parent = ?`);
  const isAnyWith = db.prepare(`SELECT 1 FROM ${table} WHERE document ->> ? = ? LIMIT 1`);
  const parse = (row: Record<string, unknown>): T => JSON.parse(String(row['document']));

  return {
    insert: (parent, id, document) => insert.run(parent, id, JSON.stringify(document)).changes === 1,
    get: (parent, id) => {
      const row = get.get(parent, id);
      return row && parse(row);
    },
    set: (parent, id, document) => void set.run(parent, id, JSON.stringify(document)),
    delete: (parent, id) => remove.run(parent, id).changes === 1,
    deleteAll: (parent) => void removeAll.run(parent),
    page: (parent, limit, afterId = '') => page.all(parent, afterId, limit).map(parse),
    all: (parent) => page.all(parent, '', -1).map(parse),
    count: (parent) => Number(count.get(parent)?.['n']),
    isAnyWith: (member, text) => isAnyWith.get(member, text) !== undefined,
  };
}
