// One web app for each of Logto's SDKs, with the same paths in each: sign-in, user, refresh, sign-out. The SDKs run
// unchanged. `refresh` forgets the access token, as if it had expired.
// Environment: PORT, ENDPOINT (of the provider), APP_SECRET.
import { handleAuthRoutes, withLogto } from "@logto/express";
import NextClient from "@logto/next";
import EdgeClient from "@logto/next/edge";
import NodeClient, { UserScope } from "@logto/node";
import cookieParser from "cookie-parser";
import express from "express";
import session from "express-session";

const { PORT, ENDPOINT, APP_SECRET } = process.env;
const baseUrl = `http://localhost:${PORT}`;
const secret = "a-secret-of-this-app-that-is-long-enough";
const config = {
  endpoint: ENDPOINT,
  appId: "bookstore",
  appSecret: APP_SECRET,
  baseUrl,
  cookieSecret: secret,
  cookieSecure: false,
  scopes: [UserScope.Phone, UserScope.Email, UserScope.CustomData, UserScope.Identities, UserScope.Roles],
};
const context = { fetchUserInfo: true, getAccessToken: true };
// The context after a refresh. The first call makes the client load what it has stored.
const refreshed = async (client) => {
  await client.getAccessToken();
  await client.clearAccessToken();
  return client.getContext(context);
};

const app = express();
app.use(cookieParser());
app.use(session({ secret, resave: false, saveUninitialized: true }));
app.get("/", (_, response) => response.send("home"));

// @logto/node: the client itself, over a store of the app's own.
const stores = new Map();
const node = (request, response) => {
  const store = stores.get(request.sessionID) ?? new Map();
  stores.set(request.sessionID, store);
  const storage = {
    getItem: async (key) => store.get(key) ?? null,
    setItem: async (key, value) => void store.set(key, value),
    removeItem: async (key) => void store.delete(key),
  };
  return new NodeClient(config, { storage, navigate: (url) => response.redirect(url) });
};
app.get("/node/sign-in", (request, response) => node(request, response).signIn(`${baseUrl}/node/callback`));
app.get("/node/callback", async (request, response) => {
  await node(request, response).handleSignInCallback(`${baseUrl}${request.originalUrl}`);
  response.redirect("/");
});
app.get("/node/user", async (request, response) => response.json(await node(request, response).getContext(context)));
app.get("/node/refresh", async (request, response) => response.json(await refreshed(node(request, response))));
app.get("/node/sign-out", (request, response) => node(request, response).signOut(baseUrl));

// @logto/express
const ofExpress = { ...config, ...context, authRoutesPrefix: "express" };
const showUser = (request, response) => response.json(request.user);
app.get("/express/user", withLogto(ofExpress), showUser);
const forgetAccessToken = (request, _, next) => {
  delete request.session.accessToken;
  next();
};
app.get("/express/refresh", forgetAccessToken, withLogto(ofExpress), showUser);
app.use(handleAuthRoutes(ofExpress));

// @logto/next, for API routes of a pages router
const next = new NextClient(config);
app.get("/next/sign-in", next.handleSignIn({ redirectUri: `${baseUrl}/next/callback` }));
app.get("/next/callback", next.handleSignInCallback());
app.get("/next/user", next.handleUser(context));
app.get("/next/refresh", async (request, response) =>
  response.json(await refreshed(await next.createNodeClientFromNextApi(request, response))),
);
app.get("/next/sign-out", next.handleSignOut());

// @logto/next, for the edge runtime: `Request` and `Response` of the web
const edge = new EdgeClient(config);
const asWeb = (handler) => async (request, response) => {
  const headers = { cookie: request.headers.cookie ?? "" };
  const answer = await handler(new Request(`${baseUrl}${request.originalUrl}`, { headers }));
  response.status(answer.status);
  for (const [name, value] of answer.headers) response.append(name, value);
  response.send(Buffer.from(await answer.arrayBuffer()));
};
app.get("/edge/sign-in", asWeb(edge.handleSignIn({ redirectUri: `${baseUrl}/edge/callback` })));
app.get("/edge/callback", asWeb(edge.handleSignInCallback()));
app.get("/edge/user", asWeb(edge.handleUser(context)));
app.get(
  "/edge/refresh",
  asWeb(async (request) => {
    const { nodeClient, headers } = await edge.createNodeClientFromEdgeRequest(request);
    return Response.json(await refreshed(nodeClient), { headers });
  }),
);
app.get("/edge/sign-out", asWeb(edge.handleSignOut()));

app.listen(Number(PORT), "127.0.0.1");
