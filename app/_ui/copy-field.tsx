'use client';

import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from './button';
import { inputClass } from './field';

/** A text to take elsewhere. It can be selected by hand where the button does not work. */
export function CopyField({ label, hint, text }: { label: string; hint: string; text: string }) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={text}
          aria-describedby={`${id}-hint`}
          onFocus={(event) => event.currentTarget.select()}
          className={`${inputClass} min-w-0 font-mono`}
        />
        <Button
          className="needs-script shrink-0"
          aria-label={`Copy: ${label}`}
          onClick={() => {
            navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              () => document.getElementById(id)?.focus(),
            );
          }}
        >
          {copied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-quiet">
        {hint}
      </p>
    </div>
  );
}
