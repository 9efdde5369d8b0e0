/** The door of somebody at a shell on the server, who holds the database's address and so needs no other proof. */
import { now } from '@/lib/platform/clock';
import { enterAsSystem } from '@/lib/platform/enter';
import type { System, Visit } from '@/lib/platform/visit';

/** Runs a use case for a command, in a transaction of its own. */
export const command = <T>(run: (visit: Visit<System>) => Promise<T>): Promise<T> => enterAsSystem(now(), run);
