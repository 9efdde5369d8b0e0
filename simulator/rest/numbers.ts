import { type Network, numberAt, type PhoneNumber, type Target } from '../network';
import { rfc2822 } from '../requests';
import { accountPath, failure, type Handler, json, notFound, VERSION } from './answer';
import { listed, newestFirst } from './list';

export const listNumbers: Handler = (request) => {
  const { network, query } = request;
  const found = newestFirst(network.numbers.values(), ({ boughtAt }) => boughtAt).filter(
    ({ number, friendlyName }) =>
      number.includes(query.get('PhoneNumber') ?? '') && friendlyName === (query.get('FriendlyName') ?? friendlyName),
  );
  return listed(request, 'incoming_phone_numbers', found, (number) => numberResource(network, number));
};

export const fetchNumber: Handler = ({ network, ids, url }) => {
  const number = bySid(network, ids.Sid);
  return number === undefined ? notFound(url) : json(numberResource(network, number));
};

/** Buys the number that is named, or the first one that is free in an area. */
export const buyNumber: Handler = ({ network, form }) => {
  const wanted = form.get('PhoneNumber') ?? freeNumbers(network, form.get('AreaCode') ?? '202')[0];
  if (wanted === undefined || !/^\+[1-9]\d{6,14}$/.test(wanted)) {
    return failure(400, 21421, `${wanted ?? 'Nothing'} is not a valid number`);
  }
  if (network.numbers.has(wanted)) return failure(400, 21422, `${wanted} is not available`);
  const number = numberAt(network, wanted, new Date());
  change(number, form);
  return json(numberResource(network, number), 201);
};

export const changeNumber: Handler = ({ network, ids, form, url }) => {
  const number = bySid(network, ids.Sid);
  if (number === undefined) return notFound(url);
  change(number, form);
  return json(numberResource(network, number));
};

export const releaseNumber: Handler = ({ network, ids, url }) => {
  const number = bySid(network, ids.Sid);
  if (number === undefined) return notFound(url);
  network.numbers.delete(number.number);
  return { status: 204 };
};

export const listAvailable: Handler = (request) => {
  const { network, ids, query, url } = request;
  if (ids.CountryCode !== 'US') return notFound(url);
  const size = Number(query.get('PageSize') ?? 20);
  const numbers = freeNumbers(network, query.get('AreaCode') ?? '202')
    .filter((number) => number.includes((query.get('Contains') ?? '').replaceAll('*', '')))
    .slice(0, size);
  const uri = `${url.pathname}${url.search}`;
  return json({
    available_phone_numbers: numbers.map((number) => availableResource(number)),
    ...{ page: 0, page_size: size, start: 0, end: Math.max(0, numbers.length - 1) },
    ...{ uri, first_page_uri: uri, next_page_uri: null, previous_page_uri: null },
  });
};

function bySid(network: Network, sid: string | undefined): PhoneNumber | undefined {
  return [...network.numbers.values()].find((number) => number.sid === sid);
}

/** Numbers that are set aside for stories and tests, which nobody has: 555-0100 to 555-0199 in each area. */
function freeNumbers(network: Network, areaCode: string): string[] {
  const all = Array.from({ length: 100 }, (_, index) => `+1${areaCode}55501${String(index).padStart(2, '0')}`);
  return all.filter((number) => !network.numbers.has(number));
}

function change(number: PhoneNumber, form: URLSearchParams): void {
  const target = (now: Target, name: string): Target => ({
    url: form.get(`${name}Url`) ?? now.url,
    method: form.get(`${name}Method`) === 'GET' ? 'GET' : form.has(`${name}Method`) ? 'POST' : now.method,
  });
  number.friendlyName = form.get('FriendlyName') ?? number.friendlyName;
  number.voice = target(number.voice, 'Voice');
  number.voiceFallback = target(number.voiceFallback, 'VoiceFallback');
  number.text = target(number.text, 'Sms');
  number.statusCallback = {
    ...target(number.statusCallback, 'StatusCallback'),
    url: form.get('StatusCallback') ?? number.statusCallback.url,
  };
}

const CAPABILITIES = { voice: true, sms: true, mms: true, fax: false };

function numberResource(network: Network, number: PhoneNumber) {
  const made = rfc2822(number.boughtAt);
  return {
    sid: number.sid,
    account_sid: network.account.sid,
    phone_number: number.number,
    friendly_name: number.friendlyName,
    voice_url: number.voice.url,
    voice_method: number.voice.method,
    voice_fallback_url: number.voiceFallback.url,
    voice_fallback_method: number.voiceFallback.method,
    status_callback: number.statusCallback.url,
    status_callback_method: number.statusCallback.method,
    sms_url: number.text.url,
    sms_method: number.text.method,
    sms_fallback_url: '',
    sms_fallback_method: 'POST',
    voice_caller_id_lookup: false,
    voice_receive_mode: 'voice',
    voice_application_sid: null,
    sms_application_sid: null,
    trunk_sid: null,
    address_sid: null,
    address_requirements: 'none',
    identity_sid: null,
    bundle_sid: null,
    emergency_status: 'Inactive',
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    capabilities: CAPABILITIES,
    api_version: VERSION,
    beta: false,
    origin: 'twilio',
    status: 'in-use',
    type: 'local',
    date_created: made,
    date_updated: made,
    uri: `${accountPath(network)}/IncomingPhoneNumbers/${number.sid}.json`,
  };
}

function availableResource(number: string) {
  return {
    phone_number: number,
    friendly_name: number,
    iso_country: 'US',
    region: null,
    locality: null,
    rate_center: null,
    postal_code: null,
    lata: null,
    latitude: null,
    longitude: null,
    address_requirements: 'none',
    beta: false,
    capabilities: CAPABILITIES,
  };
}
