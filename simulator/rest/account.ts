import { rfc2822 } from '../requests';
import { accountPath, type Handler, json, notFound } from './answer';

/** The account itself: what a product asks to learn whether its credentials are good. */
export const fetchAccount: Handler = ({ network, ids, url }) => {
  const { account } = network;
  if (ids.Sid !== account.sid) return notFound(url);
  const made = rfc2822(new Date(0));
  const path = accountPath(network);
  return json({
    sid: account.sid,
    owner_account_sid: account.sid,
    auth_token: account.authToken,
    friendly_name: 'A pretend phone network',
    status: 'active',
    type: 'Full',
    date_created: made,
    date_updated: made,
    uri: `${path}.json`,
    subresource_uris: { calls: `${path}/Calls.json`, recordings: `${path}/Recordings.json` },
  });
};
