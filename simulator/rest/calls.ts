import { type Call, type Network, secondsOf } from '../network';
import { rfc2822 } from '../requests';
import { accountPath, failure, type Handler, json, notFound, VERSION } from './answer';
import { isWithin, listed, newestFirst } from './list';

export const listCalls: Handler = (request) => {
  const { network, query } = request;
  const is = (name: string, value: string | null) => !query.has(name) || query.get(name) === value;
  const found = newestFirst(network.calls.values(), ({ startedAt }) => startedAt).filter(
    (call) =>
      is('To', call.to) &&
      is('From', call.from) &&
      is('Status', call.status) &&
      is('ParentCallSid', call.parentSid) &&
      isWithin(query, 'StartTime', call.startedAt) &&
      isWithin(query, 'EndTime', call.endedAt),
  );
  return listed(request, 'calls', found, (call) => callResource(network, call));
};

export const fetchCall: Handler = ({ network, ids, url }) => {
  const call = network.calls.get(ids.Sid ?? '');
  return call === undefined ? notFound(url) : json(callResource(network, call));
};

/** Its recordings stay. */
export const deleteCall: Handler = ({ network, ids, url }) => {
  const call = network.calls.get(ids.Sid ?? '');
  if (call === undefined) return notFound(url);
  if (call.endedAt === null) return failure(409, 20009, 'Cannot delete this resource before it is complete');
  network.calls.delete(call.sid);
  return { status: 204 };
};

function callResource(network: Network, call: Call) {
  const uri = `${accountPath(network)}/Calls/${call.sid}`;
  return {
    sid: call.sid,
    account_sid: network.account.sid,
    parent_call_sid: call.parentSid,
    api_version: VERSION,
    from: call.from,
    from_formatted: call.from,
    to: call.to,
    to_formatted: call.to,
    direction: call.direction,
    status: call.status,
    date_created: rfc2822(call.startedAt),
    date_updated: rfc2822(call.endedAt ?? call.startedAt),
    start_time: rfc2822(call.startedAt),
    end_time: call.endedAt === null ? null : rfc2822(call.endedAt),
    duration: call.endedAt === null ? null : String(secondsOf(call)),
    answered_by: null,
    caller_name: null,
    forwarded_from: null,
    group_sid: null,
    phone_number_sid: network.numbers.get(call.to)?.sid ?? null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: { recordings: `${uri}/Recordings.json` },
  };
}
