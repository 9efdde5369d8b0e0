/** From which networks an admin is let in: `ADMIN_IP_ALLOWLIST`. */
import { isIP } from 'node:net';
import { env } from '@/lib/platform/env';
import type { Role } from '@/lib/rules/permissions';

/**
 * Whether somebody of this role may be served at this address. Everybody but an admin may, from anywhere; an admin where
 * there is no list, or from an address that is on it. An address that is not known is on no list.
 *
 * @param ipAddress as the doors read it (lib/doors/origin.ts).
 */
export function mayComeFrom(role: Role, ipAddress: string | null): boolean {
  const list = env().ADMIN_IP_ALLOWLIST;
  if (role !== 'admin' || list === undefined) return true;
  const version = ipAddress === null ? 0 : isIP(ipAddress);
  return ipAddress !== null && version !== 0 && list.check(ipAddress, version === 4 ? 'ipv4' : 'ipv6');
}
