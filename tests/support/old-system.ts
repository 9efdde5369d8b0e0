/** A database as the Flask system before this one left it, made by hand. */
import { createCipheriv, createHmac, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from 'node-sqlite3-wasm';

/** A Fernet token (https://github.com/fernet/spec), as short as it can be written. */
export function sealFernet(text: string, key: Buffer, at = Date.now()): string {
  const head = Buffer.alloc(9, 0x80);
  head.writeBigUInt64BE(BigInt(Math.floor(at / 1000)), 1);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv);
  const signed = Buffer.concat([head, iv, cipher.update(text, 'utf8'), cipher.final()]);
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  return Buffer.concat([signed, mac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** As `werkzeug.security.generate_password_hash` writes them. */
export const werkzeug = {
  scrypt: (password: string, salt = 'aSalt') =>
    `scrypt:32768:8:1$${salt}$${scryptSync(password, salt, 64, { N: 32_768, r: 8, p: 1, maxmem: 64 * 2 ** 20 }).toString('hex')}`,
  pbkdf2: (password: string, salt = 'aSalt') =>
    `pbkdf2:sha256:260000$${salt}$${pbkdf2Sync(password, salt, 260_000, 32, 'sha256').toString('hex')}`,
};

type Rows = readonly Readonly<Record<string, string | number | null>>[];

/** An SQLite file with these tables; their columns are those of their rows. */
export function makeOldDatabase(tables: Readonly<Record<string, Rows>>): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'aftercallpro-old-')), 'old.db');
  const database = new sqlite3.Database(file);
  for (const [table, rows] of Object.entries(tables)) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    database.exec(`CREATE TABLE ${table} (${columns.join(', ')})`);
    for (const row of rows)
      database.run(
        `INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`,
        columns.map((column) => row[column] ?? null),
      );
  }
  database.close();
  return file;
}
