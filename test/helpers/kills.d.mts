/** See kills.mjs. */
export function killed(
  kills: number,
  tell?: (text: string) => void,
): Promise<{ kills: number; kept: number; writing: number; expected: string; ends: string[] }>
