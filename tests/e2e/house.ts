/**
 * What every test in the browser starts from: the production build, in front of a database and beside a phone network of
 * its own, and in it a business that no other test knows. A page that breaks the content security policy, prints an
 * error or fails a request has failed its test. In the end the log is looked through: no secret, no token and nothing that
 * is sealed may be in it.
 */
import '@/tests/support/environment';
import { type BrowserContext, expect, type Page, test as playwright } from '@playwright/test';
import { DateTime } from 'luxon';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import type { Role } from '@/lib/rules/permissions';
import type { CallRequest } from '@/simulator/call';
import type { CompletedCall } from '@/simulator/events';
import { type Application, startApplication } from '@/tests/support/application';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { expectSilence, listen, secretsOf } from './silent-log';

export { expect };

type House = {
  readonly app: Application;
  readonly owner: PrismaClient;
  /** What went through the browsers and must not be in the log. */
  readonly secrets: Set<string>;
};

type Business = {
  readonly id: string;
  /** The number its callers dial. */
  readonly number: string;
  /** Somebody calls it, and stays on the line to the end. */
  readonly call: (call: Partial<CallRequest>) => Promise<CompletedCall>;
};

type Fixtures = {
  /** Open Monday to Friday from nine to five in New York, with nobody on duty. */
  business: Business;
  /** Signs the browser in as somebody of this role, without the form; owner and staff belong to `business`. */
  signIn: (role: Role, context?: BrowserContext) => ReturnType<typeof makePerson>;
  /** What the browser may complain about in this test. */
  expectedComplaint: RegExp | null;
};

export const test = playwright.extend<Fixtures, { house: House }>({
  house: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is needed from the pattern
    async ({}, use) => {
      const { server, stop } = await openTestServer('e2e');
      const database = await makeDatabase(server);
      const owner = ownerClient(database.owner);
      const app = await startApplication();
      const secrets = new Set<string>();
      await use({ app, owner, secrets });
      for (const secret of await secretsOf(owner, app.workspace)) secrets.add(secret);
      await app.stop();
      await owner.$disconnect();
      await stop();
      expectSilence(app.logged(), secrets);
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ house }, use) => use(house.app.url),

  business: async ({ house: { app, owner } }, use) => {
    const { id, number } = await makeBusiness(owner, { name: 'Harbour Dental' });
    await use({
      id,
      number,
      call: (call) =>
        app.network.placeCall({ to: number, from: '+12125550187', at: lastSunday(21), script: [], ...call }),
    });
  },

  signIn: async ({ house: { app, owner }, business, context }, use) => {
    await use(async (role, there = context) => {
      const account = { role: role === 'admin' ? ('admin' as const) : ('user' as const) };
      const member = role === 'business_owner' || role === 'staff' ? { businessId: business.id, role } : undefined;
      const person = await makePerson(owner, { ...account, ...(member && { member }) });
      const { cookie = '' } = await app.as(person.sessionId);
      const [name = '', value = ''] = cookie.split('=');
      await there.addCookies([{ name, value, url: app.url, httpOnly: true, sameSite: 'Lax' }]);
      return person;
    });
  },

  expectedComplaint: [null, { option: true }],

  context: async ({ context, expectedComplaint, house: { owner, secrets } }, use) => {
    const gatherCookies = listen(context, secrets);
    await owner.networkFailure.deleteMany(); // all tests come from one network, and what fails in one is not another's
    const complaints: string[] = [];
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    context.on('weberror', (error) => complaints.push(String(error.error())));
    await use(context);
    await gatherCookies();
    expect(complaints.filter((text) => !expectedComplaint?.test(text))).toEqual([]);
  },
});

const zone = 'America/New_York';

/** Last Sunday, and the Monday before it, at an hour in New York: moments at which `business` is closed, or may be open. */
export const lastSunday = (hour: number, minute = 0): Date => lastWeekday(7, hour, minute);
export const lastMonday = (hour: number, minute = 0): Date => lastWeekday(1, hour, minute);

function lastWeekday(weekday: number, hour: number, minute: number): Date {
  const yesterday = DateTime.now().setZone(zone).minus({ days: 1 });
  const back = (yesterday.weekday - weekday + 7) % 7;
  return yesterday.minus({ days: back }).set({ hour, minute, second: 0, millisecond: 0 }).toJSDate();
}

/** A caller who leaves this message. */
export const leaves = (message: string, seconds = 2) =>
  [{ press: '1' }, { message, seconds, after: { press: '#' } }] as const;

/** The row of a list that speaks of something. */
export const rowWith = (page: Page, text: string | RegExp) =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: text });

/** Follows the link of a call, from whatever list is shown, to the call itself. */
export async function openCall(page: Page, caller: string): Promise<void> {
  await page.getByRole('link', { name: caller, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(caller);
}

/** Loads the page again until it shows what was wanted: work that follows a call is done after it. */
export async function untilShown(page: Page, look: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.reload();
    await look();
  }).toPass({ timeout: 20_000 });
}
