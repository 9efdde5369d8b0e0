/** The zones (IANA) to choose from, as a select shows them; `current` among them, also where it goes by an older name. */
export function zoneOptions(current: string): { value: string; label: string }[] {
  const known = new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...known].sort().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}
