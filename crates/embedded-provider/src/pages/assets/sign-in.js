// The sign-in page: a phone number, then the code that was sent to it. An unknown number is registered.

import * as api from "/assets/experience-api.js";
import { page, problemText, speak, text } from "/assets/texts.js";

const PAUSE_BEFORE_RESENDING = 60;
const OVER = "session.not_found";
const NEEDS_NEW_CODE = ["exceed_max_try", "expired", "not_found"].map((end) => `verification_code.${end}`);
const OTHER_EVENT = { "user.user_not_exist": "Register", "user.phone_already_in_use": "SignIn" };

const $ = (id) => document.getElementById(id);
const steps = { phone: $("phone-step"), code: $("code-step") };

const state = {
  step: "phone",
  problem: null, // the code of the error that is shown
  busy: false,
  phone: "", // digits with the country calling code
  shownPhone: "", // the same, for people
  verificationId: null,
  verified: false, // the code was right; a later request may have failed
  resendAt: 0, // milliseconds
};

function show() {
  for (const [name, form] of Object.entries(steps)) form.hidden = name !== state.step;
  const title = steps[state.step].querySelector("h1").textContent;
  document.title = `${title} · ${page.application}`;
  $("calling-code").textContent = `+${$("country").selectedOptions[0].dataset.callingCode}`;
  $("code-lead").textContent = text("code_lead", { phone: state.shownPhone });
  showProblem();
  showBusy();
  showResend();
}

function showProblem() {
  for (const step of ["phone", "code"]) {
    const problem = $(`${step}-problem`);
    const shown = state.step === step ? state.problem : null;
    problem.textContent = shown ? problemText(shown) : "";
    if (shown === OVER && page.home) problem.append(" ", linkHome());
    $(step).setAttribute("aria-invalid", String(Boolean(shown)));
  }
}

function linkHome() {
  const link = document.createElement("a");
  link.href = page.home;
  link.textContent = text("back_to");
  return link;
}

function showBusy() {
  for (const form of Object.values(steps)) form.setAttribute("aria-busy", String(state.busy));
  const sending = state.busy && state.step === "phone";
  const verifying = state.busy && state.step === "code";
  steps.phone.querySelector("[type=submit]").textContent = text(sending ? "sending" : "send_code");
  steps.code.querySelector("[type=submit]").textContent = text(verifying ? "verifying" : "verify");
}

function showResend() {
  const seconds = Math.ceil((state.resendAt - Date.now()) / 1000);
  const waiting = seconds > 0;
  $("resend").disabled = waiting;
  $("resend").textContent = waiting ? text("resend_in", { seconds }) : text("resend");
}

/** Runs one action at a time and shows what goes wrong. */
async function run(action) {
  if (state.busy) return;
  Object.assign(state, { busy: true, problem: null });
  $("news").textContent = "";
  show();
  try {
    await action();
  } catch (error) {
    state.problem = error.code ?? "unknown";
    if (NEEDS_NEW_CODE.includes(state.problem)) state.resendAt = 0;
  }
  state.busy = false;
  show();
  if (state.problem) $(state.step).select();
}

async function askForCode() {
  const { value, shown } = await api.readNumber($("phone").value, $("country").value);
  Object.assign(state, { phone: value, shownPhone: shown.replaceAll(" ", "\u00a0") });
  await api.begin(page.event);
  await send();
  state.step = "code";
  show();
  $("code").focus();
}

async function send() {
  state.verificationId = await api.sendCode(state.phone, page.event);
  state.verified = false;
  state.resendAt = Date.now() + PAUSE_BEFORE_RESENDING * 1000;
  $("code").value = "";
  $("news").textContent = text("code_sent");
}

async function resend() {
  await send();
  $("code").focus();
}

async function enter() {
  const code = $("code").value;
  if (!state.verified) {
    if (code.length !== 6) throw new api.ApiError("code.incomplete");
    await api.verifyCode(state.phone, state.verificationId, code);
    state.verified = true;
  }
  await identify();
  location.assign(await api.submit());
  await new Promise(() => {}); // busy until the page is left
}

async function identify() {
  try {
    await api.identify(state.verificationId);
  } catch (error) {
    const other = OTHER_EVENT[error.code];
    if (!other) throw error;
    await changeEvent(other, error);
    await api.identify(state.verificationId);
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

function changeNumber() {
  Object.assign(state, { step: "phone", problem: null });
  show();
  $("phone").select();
}

/** Keeps the digits, also full-width ones and those of a pasted sentence. Submits when there are six. */
function tidyCode(event) {
  const input = $("code");
  const digits = input.value.normalize("NFKC").replace(/\D/g, "").slice(0, 6);
  if (digits !== input.value) input.value = digits;
  const isTyping = event.inputType?.startsWith("insert") ?? true;
  if (digits.length === 6 && isTyping) run(enter);
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
  $("change-number").addEventListener("click", changeNumber);
  $("country").addEventListener("change", show);
  $("code").addEventListener("input", tidyCode);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language, show));
  }
  setInterval(showResend, 1000);
}

listen();
speak(page.language, show);
