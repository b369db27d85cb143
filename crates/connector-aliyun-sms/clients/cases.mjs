// The loop of every client here: reads one case per line of standard input, writes one result per line of standard
// output.

import { createInterface } from "node:readline";

/** Sends once, or up to `case.attempts` times until the result is not OK. */
async function outcomeOf(send, one) {
  let outcome;
  for (let attempt = 0; attempt < one.attempts; attempt += 1) {
    outcome = await send(one);
    if (outcome.code !== "OK") break;
  }
  return outcome;
}

/** `send` returns `{ raised, status, code, message }`, as its client reports them. */
export async function run(send) {
  for await (const line of createInterface({ input: process.stdin })) {
    const outcome = await outcomeOf(send, JSON.parse(line));
    console.log(JSON.stringify(outcome));
  }
}
