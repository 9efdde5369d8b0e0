/**
 * The country of a network address, from a table that lies on this machine: nobody outside learns who was here. Public
 * domain, made from what the regional registries publish; right for a country nearly always, for a traveller's phone or
 * behind a company's network not always.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { BlockList, isIPv6 } from 'node:net';
import { type CountryResponse, Reader } from 'mmdb-lib';
import { log } from '@/lib/platform/log';

type Row = CountryResponse & { readonly country_code?: string };

let table: Promise<Reader<Row> | null> | undefined;

/** Eight megabytes, read once and only where somebody asks. Without it places are not known, and nothing else is lost. */
async function read(): Promise<Reader<Row> | null> {
  try {
    // Looked for from the program that runs: the build is no package and knows no data files.
    const { resolve } = createRequire(process.argv[1] ?? `${process.cwd()}/`);
    const file = resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb');
    return new Reader<Row>(await readFile(/* turbopackIgnore: true */ file));
  } catch (error) {
    log.error({ event: 'place.no_table', error });
    return null;
  }
}

/** Networks at home, at work and inside a machine, which the table knows some country for all the same. */
const inside = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inside.addSubnet(network, bits);
}
inside.addAddress('::1', 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** A country's name in English, or `null` where the address belongs to none, as one of a network at home does. */
export async function placeOf(ipAddress: string | null): Promise<string | null> {
  if (ipAddress === null || inside.check(ipAddress, isIPv6(ipAddress) ? 'ipv6' : 'ipv4')) return null;
  table ??= read();
  const code = (await table)?.get(ipAddress)?.country_code;
  return code && /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? null) : null;
}
