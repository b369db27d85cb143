// Logto's Experience API, as far as sign-in by phone needs it, and our own endpoint that reads typed numbers.

/** An error response. `code` is the server's, or "network"; `wait` is in seconds. */
export class ApiError extends Error {
  constructor(code, data, wait) {
    super(code);
    Object.assign(this, { code, data: data ?? {}, wait });
  }
}

export const readNumber = (typed, region) => call("POST", "/phone-number", { typed, region });

export const begin = (interactionEvent) =>
  call("PUT", "/api/experience", { interactionEvent });

export const changeEvent = (interactionEvent) =>
  call("PUT", "/api/experience/interaction-event", { interactionEvent });

export const sendCode = async (phone, interactionEvent) =>
  (await call("POST", `${CODE}`, { identifier: identifier(phone), interactionEvent })).verificationId;

export const verifyCode = (phone, verificationId, code) =>
  call("POST", `${CODE}/verify`, { identifier: identifier(phone), verificationId, code });

export const identify = (verificationId) =>
  call("POST", "/api/experience/identification", { verificationId });

export const submit = async () => (await call("POST", "/api/experience/submit")).redirectTo;

const CODE = "/api/experience/verification/verification-code";

const identifier = (value) => ({ type: "phone", value });

async function call(method, path, body) {
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers: body && { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    text = await response.text();
  } catch {
    throw new ApiError("network");
  }
  if (!response.ok) throw errorOf(text, Number(response.headers.get("Retry-After")));
  return text && JSON.parse(text);
}

function errorOf(text, wait) {
  try {
    const { code, data } = JSON.parse(text);
    return new ApiError(code ?? "unknown", data, wait);
  } catch {
    return new ApiError("unknown");
  }
}
