import type { Database } from './database.ts';

/**
 * A table of JSON documents of one kind. `parent` is the id of the resource that they belong to, or
 * `''`.
 */
export type Documents<T> = {
  /** Returns false, and stores nothing, if the id is taken. */
  insert(parent: string, id: string, document: T): boolean;
  get(parent: string, id: string): T | undefined;
  /** Replaces or adds a document. */
  set(parent: string, id: string, document: T): void;
  /** Returns false if there was no such document. */
  delete(parent: string, id: string): boolean;
  deleteAll(parent: string): void;
  /** At most `limit` documents by ascending id, after `afterId` if it is given. */
  page(parent: string, limit: number, afterId?: string): T[];
  all(parent: string): T[];
  count(parent: string): number;
  /** Whether a document of any parent has this text as the value of a member. */
  isAnyWith(member: string, text: string): boolean;
};

/** `table` is a name from the code and not quoted. */
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
