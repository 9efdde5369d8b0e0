import { waitOf } from '@/lib/rules/limits';
import { TooManyScreen } from './too-many-screen';

export const metadata = { title: 'Too many requests' };

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

/** Where the page door sends somebody who asks too often. The middleware gives it its status, 429, and `Retry-After`. */
export default async function Page({ searchParams }: Props) {
  return <TooManyScreen seconds={waitOf([(await searchParams).wait].flat()[0] ?? null)} />;
}
