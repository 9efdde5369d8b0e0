/** What a browser test knows about the house it is in. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';

export const houseFolder = '.data/e2e';
export const houseFile = path.join(houseFolder, 'house.json');

export type House = {
  readonly address: string;
  /** The database, as its owner, who sees every row: to arrange and to look. */
  readonly owner: string;
  /** The phone network's address. */
  readonly phones: string;
  /** What was made up for this run, by the names of `.data/dev.env`: `DEMO_PASSWORD`, `TWILIO_AUTH_TOKEN` and so on. */
  readonly secrets: Readonly<Record<string, string>>;
};

/** The house that is running. */
export function house(): House {
  return JSON.parse(readFileSync(houseFile, 'utf8'));
}

/** The mail that was sent, newest last, in the folder where the application puts it. */
export const outboxFolder = path.join(houseFolder, '.data', 'outbox');

/** Signs one of the sample people in and waits until they are. */
export async function signIn(page: Page, who: 'owner' | 'staff' | 'user' | 'admin'): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(`${who}@aftercallpro.test`);
  await page.getByLabel('Password').fill(house().secrets.DEMO_PASSWORD ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}
