// What every client here does: one case from each line of standard input, one outcome to each line of standard output.

import { createInterface } from "node:readline";

/** Sends once, or up to `case.attempts` times until something else than OK comes. */
async function outcomeOf(send, one) {
  let outcome;
  for (let attempt = 0; attempt < one.attempts; attempt += 1) {
    outcome = await send(one);
    if (outcome.code !== "OK") break;
  }
  return outcome;
}

/** `send` answers `{ raised, status, code, message }`, as its client shows them to a program. */
export async function run(send) {
  for await (const line of createInterface({ input: process.stdin })) {
    const outcome = await outcomeOf(send, JSON.parse(line));
    console.log(JSON.stringify(outcome));
  }
}
