/**
 * What a mail or a text leads to: the call, for whoever signs in; and of an urgent one the page where its person says that
 * they see to it, without signing in. That link names who was told of which call, signed, and opens nothing else.
 */
import { timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/platform/env';
import { mac } from '@/lib/platform/mac';

/** The page of a call. */
export const callAddress = (callId: string): string => `${env().APP_URL}/dashboard/calls/${callId}`;

/** The page that takes a call, for whom a telling was sent to. Short, since a text costs by its length. */
export const takeAddress = (tellingId: string): string => `${env().APP_URL}/take?token=${tokenOf(tellingId)}`;

const ID_BYTES = 16;
const SIGNATURE_BYTES = 16; // 128 bits of an HMAC-SHA-256 (NIST SP 800-107)

const tokenOf = (tellingId: string): string => {
  const id = Buffer.from(tellingId.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, sign(id)]).toString('base64url');
};

/** The telling that a link was made for; `null` for one that is not of our making. */
export function tellingOf(token: string): string | null {
  const given = Buffer.from(token, 'base64url');
  if (given.length !== ID_BYTES + SIGNATURE_BYTES) return null;
  const id = given.subarray(0, ID_BYTES);
  if (!timingSafeEqual(given.subarray(ID_BYTES), sign(id))) return null;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const sign = (id: Buffer): Buffer => mac('take link', id).subarray(0, SIGNATURE_BYTES);
