// The certified `oidc-provider`, the engine inside Logto, as a second provider for the bff. Its own pages for development
// take any name as a sign-in and ask for consent.
// Environment: PORT, APP (the bff's address), APP_SECRET.
import Provider from "oidc-provider";

const { PORT, APP, APP_SECRET } = process.env;
const issuer = `http://localhost:${PORT}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "bookstore",
      client_secret: APP_SECRET,
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: [`${APP}/callback`],
      post_logout_redirect_uris: [`${APP}/`],
      backchannel_logout_uri: `${APP}/backchannel-logout`,
      backchannel_logout_session_required: true,
    },
  ],
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `Name of ${id}`, email: `${id}@shop.test`, email_verified: true }),
  }),
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  rotateRefreshToken: true,
  ttl: { AccessToken: 4, Grant: 3600, IdToken: 3600, Interaction: 3600, RefreshToken: 3600, Session: 3600 },
  // Without its guard against requests to this machine, where the bff is.
  fetch: (url, options) => {
    delete options.dispatcher;
    return globalThis.fetch(url, options);
  },
});
// How often what happened, for the test: `GET /counts`.
const counts = { refreshed: 0, rotated: 0 };
provider.on("grant.success", ({ oidc }) => {
  if (oidc.params.grant_type === "refresh_token") counts.refreshed += 1;
});
provider.on("refresh_token.consumed", () => (counts.rotated += 1));
provider.use(async (context, next) => {
  if (context.path !== "/counts") return next();
  context.body = counts;
});

provider.listen(Number(PORT), "127.0.0.1");
