/** The database refuses what the house writes, and quotes it: what the house then says of that quotes nothing. */
import { expect, lastSunday, leaves, test } from './house';

test.use({ expectedComplaint: /status of (?:500|503)|Server Components render|React error/ });

test('V16.2.5 of what broke, the log has the event and where it was, and no word that anybody said, typed or is', async ({
  page,
  house: { app, owner },
  business,
  signIn,
}) => {
  const person = await signIn('business_owner');
  const greeting = 'You have reached the Ornithorhynchus family.';
  const message = 'My cockatiel has swallowed a thimble.';
  const caller = '+12125550163';
  await page.goto('/dashboard/greeting');
  const before = app.logged().length;
  for (const table of ['businesses', 'calls', 'call_events', 'audit_logs'])
    await owner.$executeRawUnsafe(`ALTER TABLE ${table} ADD CONSTRAINT nothing_more CHECK (false) NOT VALID`);
  try {
    await page.getByLabel('Your greeting').fill(greeting);
    await page.getByRole('button', { name: 'Save greeting' }).click();
    await expect(page.getByText('We could not save this.')).toBeVisible();
    const { heard } = await business.call({ from: caller, at: lastSunday(21), script: leaves(message) });
    expect(heard.length).toBeGreaterThan(0);
    await page.goto('/dashboard/calls'); // which writes down that it was opened
    await page.goto('/account');
  } finally {
    for (const table of ['businesses', 'calls', 'call_events', 'audit_logs'])
      await owner.$executeRawUnsafe(`ALTER TABLE ${table} DROP CONSTRAINT nothing_more`);
  }
  const said = app.logged().slice(before);
  for (const event of ['action.failed', 'webhook.fell_back']) expect(said).toContain(`"event":"${event}"`);
  for (const word of [/Ornithorhynchus/i, /cockatiel/i, /2125550163/, /Failing row/, /Mozilla/, /127\.0\.0\.1/])
    expect(said).not.toMatch(word);
  expect(said).not.toContain(person.email);
});
