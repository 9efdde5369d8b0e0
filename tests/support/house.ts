/**
 * The whole product for the browser tests, started by Playwright: the production build on a database of its own with the
 * sample people in it, and a phone network. What the tests need to know of it is in `.data/e2e/house.json`.
 */
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, generate } from '@/scripts/support/build';
import { launch, stopChildren } from '@/scripts/support/children';
import { seed } from '@/scripts/support/database';
import { madeUp } from '@/scripts/support/dev-env';
import { launchSimulator } from '@/scripts/support/house';
import { freePort } from '@/scripts/support/ports';
import { dropDatabases, openTestServer } from './database-server';
import { type House, houseFile, houseFolder } from './e2e';

async function main() {
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await generate();
  await build();

  const { server, client, template, close } = await openTestServer();
  const name = `test_${process.pid}_e2e`;
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER acp_owner`);
  const address = `http://127.0.0.1:${process.env.E2E_PORT}`;
  const phones = `http://127.0.0.1:${await freePort()}`;
  const secrets = await madeUp();
  const owner = server.url('acp_owner', name);
  Object.assign(process.env, secrets, {
    DATABASE_URL: server.url('app', name),
    DIRECT_URL: owner,
    APP_URL: address,
    PORT: process.env.E2E_PORT,
    TWILIO_API_BASE_URL: phones,
  });
  await seed();

  rmSync(houseFolder, { recursive: true, force: true });
  mkdirSync(houseFolder, { recursive: true });
  const house: House = { address, owner, phones, secrets };
  writeFileSync(houseFile, JSON.stringify(house), { mode: 0o600 });
  launchSimulator();
  // In a folder of its own, where it keeps its files and its mail.
  const application = launch('e2e', [path.resolve('scripts/start.mjs')], process.env, houseFolder);
  await Promise.race([stopped, application.ended.then(() => console.error(application.lastWords()))]);

  await stopChildren();
  await dropDatabases(client, (other) => other === name);
  await close();
}

await main();
