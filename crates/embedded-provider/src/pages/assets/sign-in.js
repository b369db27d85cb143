// The sign-in page: a phone number, then the code that was sent to it. An unknown number is registered.

import * as api from "/assets/experience-api.js";
import { nameRegions } from "/assets/regions.js";
import { choose, duration, page, problemText, speak, text } from "/assets/texts.js";

const SLOW = 4_000; // milliseconds
const OVER = "session.not_found";
const NEEDS_NEW_CODE = ["exceed_max_try", "expired", "not_found"].map((end) => `verification_code.${end}`);
const OTHER_EVENT = { "user.user_not_exist": "Register", "user.phone_already_in_use": "SignIn" };

const $ = (id) => document.getElementById(id);
const steps = { phone: $("phone-step"), code: $("code-step") };

const state = {
  step: "phone",
  problem: null, // the error that is shown
  busy: false,
  slow: false, // busy for long
  hasBegun: page.hasBegun,
  choices: [], // the meanings of a typed number that has two
  code: null, // the code that the person may hold: its verification's id, phone, the same for people, whether it was right
  resendAt: 0, // milliseconds of the page's own clock, which nobody can set
};

function show() {
  for (const [name, form] of Object.entries(steps)) form.hidden = name !== state.step;
  const title = steps[state.step].querySelector("h1").textContent;
  document.title = `${title} · ${page.application}`;
  $("calling-code").textContent = `+${$("country").selectedOptions[0].dataset.callingCode}`;
  $("code-lead").textContent = text("code_lead", { phone: state.code?.shown });
  showProblem();
  showChoices();
  showBusy();
  showResend();
}

function showProblem() {
  for (const step of ["phone", "code"]) {
    const problem = $(`${step}-problem`);
    const shown = state.step === step ? state.problem : null;
    problem.textContent = shown ? problemText(shown) : "";
    if (shown?.code === OVER && page.home) problem.append(" ", linkHome());
    if (shown?.whileSending && step === "code") problem.append(document.createElement("br"), text("code_still_works"));
    $(step).setAttribute("aria-invalid", String(Boolean(shown) && !shown.whileSending));
  }
}

function linkHome() {
  const link = document.createElement("a");
  link.href = page.home;
  link.textContent = text("back_to");
  return link;
}

function showChoices() {
  $("choices").hidden = state.choices.length === 0;
  steps.phone.querySelector("[type=submit]").hidden = state.choices.length > 0;
  const buttons = state.choices.map((number) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button quiet", textContent: number.shown });
    button.addEventListener("click", () => run(() => goOnWith(number)));
    return button;
  });
  $("choices").replaceChildren($("choices").firstElementChild, ...buttons);
}

function showBusy() {
  for (const form of Object.values(steps)) form.setAttribute("aria-busy", String(state.busy));
  const sending = state.busy && state.step === "phone";
  const verifying = state.busy && state.step === "code";
  steps.phone.querySelector("[type=submit]").textContent = text(sending ? "sending" : "send_code");
  steps.code.querySelector("[type=submit]").textContent = text(verifying ? "verifying" : "verify");
  $("slow").textContent = state.busy && state.slow ? text("slow") : "";
}

function showResend() {
  const seconds = Math.ceil((state.resendAt - performance.now()) / 1000);
  const waiting = seconds > 0;
  $("resend").disabled = waiting;
  $("resend").textContent = waiting ? text("resend_in", { wait: duration(seconds) }) : text("resend");
}

/** Runs one action at a time and shows what goes wrong. */
async function run(action) {
  if (state.busy) return;
  Object.assign(state, { busy: true, slow: false, problem: null, choices: [] });
  $("news").textContent = "";
  show();
  const slow = setTimeout(() => {
    state.slow = true;
    showBusy();
  }, SLOW);
  try {
    await action();
  } catch (error) {
    state.problem = error instanceof api.ApiError ? error : new api.ApiError("unknown");
    if (NEEDS_NEW_CODE.includes(state.problem.code)) state.resendAt = 0;
  }
  clearTimeout(slow);
  state.busy = false;
  show();
  if (state.problem) $(state.step).select();
}

async function askForCode() {
  const number = await api.readNumber($("phone").value, $("country").value);
  if (number.choices) state.choices = number.choices;
  else await goOnWith(number);
}

/** Sends a code, unless the person holds one for this number and may not ask for another yet. */
async function goOnWith({ value, shown }) {
  const holdsCode = state.code?.phone === value;
  if (holdsCode && performance.now() < state.resendAt) return goToCode();
  try {
    await send(value, shown);
  } catch (error) {
    if (state.code?.phone === value) goToCode();
    throw error;
  }
  goToCode();
}

async function send(phone, shown) {
  try {
    if (!state.hasBegun) await api.begin(page.event); // this forgets all codes
    state.hasBegun = true;
    hold(await api.sendCode(phone, page.event), phone, shown);
  } catch (error) {
    const { verificationId } = error.data ?? {};
    if (verificationId) hold(verificationId, phone, shown); // the message may have been sent
    else if (error.wait) waitToResend(error.wait);
    throw Object.assign(error, { whileSending: !verificationId });
  }
  $("news").textContent = text("code_sent");
}

function hold(id, phone, shown) {
  state.code = { id, phone, shown: shown.replaceAll(" ", "\u00a0"), verified: false };
  waitToResend(page.resendPause);
  $("code").value = "";
}

function waitToResend(seconds) {
  state.resendAt = performance.now() + seconds * 1000;
}

async function resend() {
  await send(state.code.phone, state.code.shown);
  $("code").focus();
}

async function enter() {
  const { id, phone, verified } = state.code;
  if (!verified) {
    const code = $("code").value;
    if (!/^\d{6}$/.test(code)) throw new api.ApiError("code.incomplete");
    await api.verifyCode(phone, id, code);
    state.code.verified = true;
  }
  await identify(id);
  location.replace(await api.submit());
  await new Promise(() => {}); // busy until the page is left
}

async function identify(id) {
  try {
    await api.identify(id);
  } catch (error) {
    const other = OTHER_EVENT[error.code];
    if (!other) throw error;
    await changeEvent(other, error);
    await api.identify(id);
  }
}

/** If the tenant does not allow the other event, the person sees the first error. */
async function changeEvent(event, first) {
  try {
    await api.changeEvent(event);
  } catch (error) {
    throw error.code === "auth.forbidden" ? first : error;
  }
}

/** The code step is an entry of the history, so that Back leads to the number and Forward to the code. */
function goToCode() {
  if (history.state?.step !== "code") history.pushState({ step: "code" }, "");
  showStep();
}

/** Shows the step of the history's entry. */
function showStep() {
  const step = history.state?.step === "code" && state.code ? "code" : "phone";
  Object.assign(state, { step, choices: [], problem: null });
  show();
  if (step === "code") $("code").focus();
  else $("phone").select();
}

/** The code in what was typed or pasted: the only run of exactly six digits, or digits between spaces and hyphens. */
function codeIn(text) {
  const plain = text.normalize("NFKC");
  const runs = plain.match(/\d+/g) ?? [];
  const [code, ...others] = runs.filter((run) => run.length === 6);
  if (code && others.length === 0) return code;
  return /^[\d\s-]*$/.test(plain) ? runs.join("") : null;
}

/** Puts the code into the field and submits it. What has no code, or several, stays as it is and is not submitted. */
function tidyCode(event) {
  const input = $("code");
  const code = codeIn(input.value);
  if (code === null) return;
  const isTyped = event.inputType === "insertText";
  if (code.length > 6) {
    if (isTyped) input.value = code.slice(0, 6);
    return;
  }
  if (code !== input.value) input.value = code;
  const isAdded = event.inputType?.startsWith("insert") ?? true;
  if (code.length === 6 && isAdded) run(enter);
}

function listen() {
  steps.phone.addEventListener("submit", (event) => {
    event.preventDefault();
    run(askForCode);
  });
  steps.code.addEventListener("submit", (event) => {
    event.preventDefault();
    run(enter);
  });
  $("resend").addEventListener("click", () => run(resend));
  $("change-number").addEventListener("click", () => history.back());
  $("country").addEventListener("change", show);
  $("phone").addEventListener("input", () => {
    state.choices = [];
    showChoices();
  });
  $("code").addEventListener("input", tidyCode);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => choose(button.dataset.language, showAll));
  }
  addEventListener("popstate", showStep);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  setInterval(showResend, 1000);
}

function showAll(language) {
  nameRegions(language);
  show();
}

/** After a reload the server knows the code that the person may hold. */
function restore() {
  if (!page.code) return;
  const { id, phone, shown, verified, resendIn } = page.code;
  hold(id, phone, shown);
  state.code.verified = verified;
  waitToResend(resendIn);
  if (history.state?.step === "code") showStep();
}

listen();
speak(page.language, showAll);
restore();
