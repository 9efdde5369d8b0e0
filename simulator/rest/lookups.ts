import { countryOf, formatPhone } from '@/lib/rules/phone-number';
import { type Answer, failure, json } from './answer';

/** What can be asked about a number beyond whether it is one. */
const FIELDS = [
  'caller_name',
  'call_forwarding',
  'identity_match',
  'line_status',
  'line_type_intelligence',
  'phone_number_quality_score',
  'pre_fill',
  'reassigned_number',
  'sim_swap',
  'sms_pumping_risk',
];

/**
 * What is known of a number: `GET /v2/PhoneNumbers/{number}` of Twilio's host for look-ups. Toll-free numbers are told
 * from mobile ones; of everything else that can be asked this network knows nothing.
 */
export function lookUp(url: URL): Answer | null {
  const number = /^\/v2\/PhoneNumbers\/([^/]+)$/.exec(url.pathname)?.[1];
  if (number === undefined) return null;
  const text = decodeURIComponent(number);
  const wanted = (url.searchParams.get('Fields') ?? '').split(',').filter((field) => field !== '');
  const unknown = wanted.find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) return failure(400, 60600, `Fields has an unknown ${unknown}`);

  const country = countryOf(text);
  const type = /^\+18(00|33|44|55|66|77|88)/.test(text) ? 'tollFree' : 'mobile';
  return json({
    ...Object.fromEntries(FIELDS.map((field) => [field, null])),
    ...(wanted.includes('line_type_intelligence') && country !== null
      ? {
          line_type_intelligence: {
            ...{ type, carrier_name: 'A pretend phone network', error_code: null },
            ...{ mobile_country_code: null, mobile_network_code: null },
          },
        }
      : {}),
    phone_number: text,
    national_format: formatPhone(text, country),
    country_code: country,
    calling_country_code: country === null ? null : (formatPhone(text).match(/^\+(\d+)/)?.[1] ?? null),
    valid: country !== null,
    validation_errors: country === null ? ['NOT_A_NUMBER'] : [],
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${text}`,
  });
}
