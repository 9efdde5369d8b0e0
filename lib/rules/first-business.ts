/** What a business begins with: every call is answered, greeted by name and free of charge, until its owner says more. */
import { TIER_MINUTES } from './minutes';
import type { WeeklyHours } from './opening-hours';

/** What its callers hear until somebody writes something better. */
export const firstGreeting = (businessName: string): string =>
  `Thank you for calling ${businessName}. We cannot come to the phone right now.`;

/** Closed all week: whoever calls can leave a message, and nobody's telephone rings before somebody is named for it. */
export const firstHours: WeeklyHours = { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] };

/** Minutes a month. */
export const firstLimit: number = TIER_MINUTES.free;

/** Businesses that one account may own: more than anybody needs, and no way to fill the house with free ones. */
export const mostOwned = 5;
