'use client';

import { X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { Button } from './button';
import { useHydrated } from './hydrated';

type Notice = { id: number; text: string; undo?: () => void };
type Announce = (notice: Omit<Notice, 'id'>) => void;

const Announcer = createContext<Announce>(() => {});

/** Says in passing what just happened, with a way back where there is one. */
export function useToast(): Announce {
  return useContext(Announcer);
}

/**
 * Stands in the root layout, so that a notice outlives the row it speaks of. Only the newest is shown. Radix counts the
 * time (paused under the pointer, the focus and in another window) and speaks to screen readers; it sets inline styles,
 * which the content security policy refuses in the server's HTML, so it comes in after hydration.
 */
export function Toasts({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<Notice | null>(null);
  const announce = useCallback<Announce>((next) => setNotice((last) => ({ id: (last?.id ?? 0) + 1, ...next })), []);
  const hydrated = useHydrated();
  return (
    <Announcer value={announce}>
      {children}
      {hydrated && (
        <Toast.Provider duration={10_000} label="Notice" swipeDirection="down">
          {notice !== null && (
            <Toast.Root
              key={notice.id}
              onOpenChange={(open) => !open && setNotice(null)}
              className="arrive flex items-center gap-2 rounded-card border border-line bg-surface py-2 pr-2 pl-4 shadow-float"
            >
              <Toast.Description className="grow">{notice.text}</Toast.Description>
              {notice.undo !== undefined && (
                <Toast.Action altText="Undo" asChild>
                  <Button variant="quiet" onClick={notice.undo}>
                    Undo
                  </Button>
                </Toast.Action>
              )}
              <Toast.Close asChild>
                <Button variant="quiet" aria-label="Dismiss" className="px-2">
                  <X aria-hidden className="size-4" />
                </Button>
              </Toast.Close>
            </Toast.Root>
          )}
          <Toast.Viewport className="fixed inset-x-4 bottom-20 z-30 desk:inset-x-auto desk:right-6 desk:bottom-6 desk:w-96" />
        </Toast.Provider>
      )}
    </Announcer>
  );
}
