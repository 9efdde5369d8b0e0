/**
 * The trail in plain words. The exact action always stands beside them, so a word here may be short, and never wrong.
 * Maps, since actions come from data, and `constructor` is no word for one.
 */

type Described = { readonly action: string; readonly resourceType: string; readonly count: number };

/** Where "verb and thing" would be stilted. */
const whole = new Map(
  Object.entries({
    'access.deny': 'Was refused',
    'request.fail': 'Tried something that did not work',
    'session.create': 'Signed in',
    'session.deny': 'Could not sign in',
    'session.await': 'Typed the right password, and was asked for a code',
    'session.revoke': 'Signed out',
    'second_factor.begin': 'Began to set up a second factor',
    'second_factor.read': 'Was shown the key of a second factor to set up',
    'second_factor.create': 'Turned the second factor on',
    'second_factor.delete': 'Turned the second factor off',
    'recovery_code.create': 'Made new recovery codes',
    'recovery_code.use': 'Used a recovery code',
    'session.renew': 'Confirmed that it is them',
    'session.update': 'Changed to another business',
    'sign_up.create': 'Asked for an account',
    'sign_up.ask': 'Asked for the confirmation once more',
    'email.ask': 'Asked for another e-mail',
    'email.update': 'Changed the e-mail',
    'email.restore': 'Took a change of e-mail back',
    'email.deny': 'Could not change the e-mail',
    'sign_up.deny': 'Could not get an account',
    'call.create': 'A call came in',
    'call.search': 'Looked for a caller by number',
    'call.take': 'Took an urgent call by the link they were sent',
    'call.escalate': 'An urgent call went to the next person',
    'telling.update': 'Chose how they are told',
    'telling.order': 'Changed the order in which urgent calls go round',
    'mobile_number.create': 'Asked for a code to their telephone',
    'mobile_number.confirm': 'Showed that a telephone is theirs',
    'mobile_number.deny': 'Typed a wrong code from a text',
    'mobile_number.delete': 'Removed their telephone',
    'mobile_number.read': 'Opened a telephone number of somebody who is told',
    'recording.read': 'Listened to a recording',
    'recording.create': 'A recording was announced',
    'transcript.create': 'A message was written down',
    'business.create': 'Began the business',
    'business.deny': 'Could not begin a business',
    'business.update': 'Changed the settings',
    'business.read': 'Opened the settings',
    'duty_contact.read': 'Opened the list of people to ring',
    'membership.create': 'Joined the business',
    'membership.read': 'Opened the list of people who may sign in',
    'membership.update': 'Changed somebody’s role',
    'membership.delete': 'Took somebody out of the business',
    'membership.leave': 'Left the business',
    'membership.transfer': 'Handed the business over',
    'invitation.create': 'Invited somebody',
    'invitation.send': 'Sent an invitation again',
    'invitation.withdraw': 'Withdrew an invitation',
    'invitation.restore': 'Took back the withdrawal of an invitation',
    'invitation.read': 'Opened an invitation',
    'invitation.deny': 'Could not accept an invitation',
    'account.suspend': 'Suspended an account',
    'account.reinstate': 'Lifted the suspension of an account',
    'account.unlock': 'Opened an account that was closed',
    'account.update': 'Changed the role of an account',
    'business.suspend': 'Suspended a business',
    'business.reinstate': 'Lifted the suspension of a business',
    'grant.create': 'Opened the business’s calls for a while',
    'grant.end': 'Ended an admin’s look at the calls',
    'grant.read': 'Opened the list of an admin’s looks at the calls',
    'key.rotate': 'Sealed everything anew with another key',
    'job.start': 'Started a job of the clock',
    'job.retry': 'Had jobs that were given up tried again',
    'job.release': 'Let jobs go on that were held after a restore',
    'job.drop': 'Dropped jobs that were held after a restore',
    'call.anonymise': 'Old calls were anonymised',
    'call.erase': 'Calls of somebody who was erased were anonymised',
    'appointment.anonymise': 'Old appointments were anonymised',
    'appointment.erase': 'Appointments of somebody who was erased were anonymised',
    'caller.erase': 'Asked to erase a caller',
    'caller.block': 'Blocked a caller',
    'caller.unblock': 'Unblocked a caller',
    'account.erase': 'Asked to erase their account',
    'account.delete': 'An account was erased',
    'retention.update': 'Changed how long things are kept',
    'legal_hold.create': 'Placed a legal hold',
    'legal_hold.read': 'Opened the legal holds',
    'legal_hold.delete': 'Lifted a legal hold',
    'opt_out.create': 'Somebody asked not to be contacted',
    'opt_out.end': 'Somebody took back that they are not to be contacted',
    'audit.read': 'Opened the trail',
    'audit.export': 'Took the trail away as a file',
    'audit.search': 'Looked for a person in the trail',
  }),
);

const verbs = new Map(
  Object.entries({
    create: 'Added',
    read: 'Opened',
    update: 'Changed',
    delete: 'Deleted',
    revoke: 'Ended',
    search: 'Looked for',
    export: 'Took away',
  }),
);

const things = new Map(
  Object.entries({
    call: ['a call', 'calls'],
    recording: ['a recording', 'recordings'],
    transcript: ['a written-down message', 'written-down messages'],
    appointment: ['an appointment', 'appointments'],
    user: ['an account', 'accounts'],
    session: ['a session', 'sessions'],
    membership: ['a person’s place', 'people’s places'],
    business: ['a business', 'businesses'],
  } satisfies Record<string, [one: string, many: string]>),
);

/** What somebody did: "Opened 12 calls". `count`: of how many things the entry speaks; 0 where it names none. */
export function actionInWords({ action, resourceType, count }: Described): string {
  const fixed = whole.get(action);
  if (fixed !== undefined) return fixed;
  const verb = action.slice(action.indexOf('.') + 1);
  const plain = resourceType.replaceAll('_', ' ');
  const [one, many] = things.get(resourceType) ?? [plain, plain];
  const said = verbs.get(verb) ?? `${capital(verb.replaceAll('_', ' '))}:`;
  return count > 1 ? `${said} ${count.toLocaleString('en-GB')} ${many}` : `${said} ${one}`;
}

/** The same for a list to choose from: "Opened calls". */
export const actionAsChoice = (action: string): string =>
  actionInWords({ action, resourceType: action.slice(0, action.indexOf('.')), count: 0 });

/** "duty_contact" → "Duty contact" */
export const resourceInWords = (resourceType: string): string => capital(resourceType.replaceAll('_', ' '));

/** Why something was refused or failed, in a sentence; `null` for a reason that says nothing to an owner. */
export function reasonInWords(reason: string): string | null {
  return reasons.get(reason) ?? null;
}

const reasons = new Map(
  Object.entries({
    forbidden: 'Their role does not allow it.',
    'not found': 'It is not there, or not theirs.',
    'not recent': 'They had to confirm first that it is them.',
    'no second factor yet': 'They must set up a second factor first.',
    'another site': 'The form came from another site.',
    invalid: 'The form was not filled in rightly.',
    refused: 'What was asked for could not be done.',
    limited: 'It was tried too often.',
    fault: 'Something of ours broke. Nothing was changed.',
    wrong: 'Wrong e-mail or password.',
    suspended: 'The account is suspended.',
    network: 'An admin’s work is let in from certain networks alone, and this was none of them.',
    'wrong code': 'Wrong code, or one that was used.',
    'awaits a code': 'The password alone opens nothing.',
    'no second factor': 'It came by a way that cannot ask for the code.',
    locked: 'The account was closed for a while.',
    captcha: 'The check against robots was missing or used.',
    link: 'The link was wrong, used or too old.',
    taken: 'There was an account with this address already.',
    address: 'It was sent to another address.',
    'too many': 'They own as many businesses as one account may.',
    'moved in': 'It was brought over from the system before this one.',
    'wrong secret': 'The secret was wrong or missing.',
    retention: 'Its time was over.',
    erasure: 'The person was erased.',
  }),
);

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
