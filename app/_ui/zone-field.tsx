'use client';

import { useSyncExternalStore } from 'react';
import { Select } from './field';

const never = () => () => {};
const ofBrowser = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const ofServer = () => 'UTC';

/** `zone`: that of the browser, until another one is chosen. */
export function ZoneField({ options }: { options: readonly { value: string; label: string }[] }) {
  const zone = useSyncExternalStore(never, ofBrowser, ofServer);
  const isListed = options.some(({ value }) => value === zone);
  return (
    <Select
      label="Time zone"
      name="zone"
      defaultValue={zone}
      options={isListed ? options : [{ value: zone, label: zone.replaceAll('_', ' ') }, ...options]}
    />
  );
}
