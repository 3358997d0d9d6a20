import type { SQLOutputValue } from 'node:sqlite';
import type { Database } from './database.ts';

export type StoredCertificate = {
  id: string;
  description: string;
  pem: string;
  createdDate: Date;
  expirationDate: Date;
  tags: Record<string, string>;
};

/**
 * A private key, which several certificates may share. `pem` is called only if the key is not
 * stored yet.
 */
export type PrivateKey = { id: string; pem(): string };

export type CertificateStore = {
  /** Returns false, and stores nothing, if there are `quota` certificates already. */
  insert(certificate: StoredCertificate, key: PrivateKey, quota: number): boolean;
  get(id: string): StoredCertificate | undefined;
  /**
   * In PEM (PKCS #8). Undefined for certificates that an older version stored, which kept no keys.
   */
  privateKeyOf(id: string): string | undefined;
  /** At most `limit` certificates by ascending id, after `afterId` if it is given. */
  page(limit: number, afterId?: string): StoredCertificate[];
  count(): number;
  setDescription(id: string, description: string): void;
  setTags(id: string, tags: Record<string, string>): void;
  /** Deletes the private key, too, unless another certificate shares it. */
  delete(id: string): void;
};

export function createCertificateStore(db: Database): CertificateStore {
  db.exec(`
    CREATE TABLE IF NOT EXISTS client_certificates (
      id TEXT PRIMARY KEY,
      description TEXT NOT NULL,
      pem TEXT NOT NULL,
      created_ms INTEGER NOT NULL,
      expires_ms INTEGER NOT NULL,
      tags TEXT NOT NULL,
      key_id TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS private_keys (id TEXT PRIMARY KEY, pem TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `);
  addKeyId(db);
  const insert = db.prepare(`
    INSERT INTO client_certificates
    SELECT ?, ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM client_certificates) < ?
  `);
  const get = db.prepare('SELECT * FROM client_certificates WHERE id = ?');
  const page = db.prepare('SELECT * FROM client_certificates WHERE id > ? ORDER BY id LIMIT ?');
  const count = db.prepare('SELECT count(*) AS n FROM client_certificates');
  const setDescription = db.prepare('UPDATE client_certificates SET description = ? WHERE id = ?');
  const setTags = db.prepare('UPDATE client_certificates SET tags = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM client_certificates WHERE id = ?');
  const hasKey = db.prepare('SELECT 1 FROM private_keys WHERE id = ?');
  const insertKey = db.prepare('INSERT OR IGNORE INTO private_keys VALUES (?, ?)');
  const keyOf = db.prepare(
    'SELECT k.pem FROM private_keys k JOIN client_certificates c ON c.key_id = k.id WHERE c.id = ?',
  );
  const removeUnusedKey = db.prepare(`
    DELETE FROM private_keys WHERE id = ? AND id NOT IN
      (SELECT key_id FROM client_certificates WHERE key_id IS NOT NULL)
  `);

  return {
    insert: ({ id, description, pem, createdDate, expirationDate, tags }, key, quota) => {
      const dates = [createdDate.getTime(), expirationDate.getTime()] as const;
      if (!hasKey.get(key.id)) insertKey.run(key.id, key.pem());
      const { changes } = insert.run(id, description, pem, ...dates, JSON.stringify(tags), key.id, quota);
      if (changes === 0) removeUnusedKey.run(key.id);
      return changes === 1;
    },
    get: (id) => {
      const row = get.get(id);
      return row && fromRow(row);
    },
    privateKeyOf: (id) => {
      const row = keyOf.get(id);
      return row && String(row['pem']);
    },
    page: (limit, afterId = '') => page.all(afterId, limit).map(fromRow),
    count: () => Number(count.get()?.['n']),
    setDescription: (id, description) => void setDescription.run(description, id),
    setTags: (id, tags) => void setTags.run(JSON.stringify(tags), id),
    delete: (id) => {
      const keyId = get.get(id)?.['key_id'];
      remove.run(id);
      if (typeof keyId === 'string') removeUnusedKey.run(keyId);
    },
  };
}

/** Migrates files of older versions, which kept no keys. */
function addKeyId(db: Database): void {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all('client_certificates');
  if (!columns.some(({ name }) => name === 'key_id'))
    db.exec('ALTER TABLE client_certificates ADD COLUMN key_id TEXT');
}

const fromRow = (row: Record<string, SQLOutputValue>): StoredCertificate => ({
  id: String(row['id']),
  description: String(row['description']),
  pem: String(row['pem']),
  createdDate: new Date(Number(row['created_ms'])),
  expirationDate: new Date(Number(row['expires_ms'])),
  tags: JSON.parse(String(row['tags'])),
});
