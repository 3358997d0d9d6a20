import type { SQLOutputValue } from 'node:sqlite';
import type { Database } from './database.ts';
import { createTable } from './namespaces.ts';

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

/** The certificates of one namespace. */
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

/** The certificates of all namespaces. They share their prepared statements, and private keys. */
export function createCertificateTable(db: Database): { of(namespace: string): CertificateStore } {
  createTable(db, 'client_certificates', COLUMNS, 'id');
  db.exec(`
    CREATE INDEX IF NOT EXISTS client_certificates_of_key ON client_certificates (key_id);
    CREATE INDEX IF NOT EXISTS client_certificates_of_namespace ON client_certificates (namespace);
    CREATE TABLE IF NOT EXISTS private_keys (id TEXT PRIMARY KEY, pem TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `);
  const one = 'namespace = ? AND id = ?';
  const insert = db.prepare(`
    INSERT INTO client_certificates
    SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM client_certificates WHERE namespace = ?) < ?
  `);
  const get = db.prepare(`SELECT * FROM client_certificates WHERE ${one}`);
  const page = db.prepare(
    'SELECT * FROM client_certificates WHERE namespace = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const count = db.prepare('SELECT count(*) AS n FROM client_certificates WHERE namespace = ?');
  const setDescription = db.prepare(`UPDATE client_certificates SET description = ? WHERE ${one}`);
  const setTags = db.prepare(`UPDATE client_certificates SET tags = ? WHERE ${one}`);
  const remove = db.prepare(`DELETE FROM client_certificates WHERE ${one}`);
  const hasKey = db.prepare('SELECT 1 FROM private_keys WHERE id = ?');
  const insertKey = db.prepare('INSERT OR IGNORE INTO private_keys VALUES (?, ?)');
  const keyOf = db.prepare(`
    SELECT k.pem FROM private_keys k JOIN client_certificates c ON c.key_id = k.id
    WHERE c.namespace = ? AND c.id = ?
  `);
  const removeUnusedKey = db.prepare(`
    DELETE FROM private_keys WHERE id = ? AND NOT EXISTS
      (SELECT 1 FROM client_certificates WHERE key_id = private_keys.id)
  `);

  return {
    of: (namespace) => ({
      insert: ({ id, description, pem, createdDate, expirationDate, tags }, key, quota) => {
        if (!hasKey.get(key.id)) insertKey.run(key.id, key.pem());
        const dates = [createdDate.getTime(), expirationDate.getTime()] as const;
        const row = [namespace, id, description, pem, ...dates, JSON.stringify(tags), key.id] as const;
        const { changes } = insert.run(...row, namespace, quota);
        if (changes === 0) removeUnusedKey.run(key.id);
        return changes === 1;
      },
      get: (id) => {
        const row = get.get(namespace, id);
        return row && fromRow(row);
      },
      privateKeyOf: (id) => {
        const row = keyOf.get(namespace, id);
        return row && String(row['pem']);
      },
      page: (limit, afterId = '') => page.all(namespace, afterId, limit).map(fromRow),
      count: () => Number(count.get(namespace)?.['n']),
      setDescription: (id, description) => void setDescription.run(description, namespace, id),
      setTags: (id, tags) => void setTags.run(JSON.stringify(tags), namespace, id),
      delete: (id) => {
        const keyId = get.get(namespace, id)?.['key_id'];
        remove.run(namespace, id);
        if (typeof keyId === 'string') removeUnusedKey.run(keyId);
      },
    }),
  };
}

/** Files of the oldest versions have no `key_id`. */
const COLUMNS = `
  id TEXT NOT NULL,
  description TEXT NOT NULL,
  pem TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  tags TEXT NOT NULL,
  key_id TEXT
`;

const fromRow = (row: Record<string, SQLOutputValue>): StoredCertificate => ({
  id: String(row['id']),
  description: String(row['description']),
  pem: String(row['pem']),
  createdDate: new Date(Number(row['created_ms'])),
  expirationDate: new Date(Number(row['expires_ms'])),
  tags: JSON.parse(String(row['tags'])),
});
