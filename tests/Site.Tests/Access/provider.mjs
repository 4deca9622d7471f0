// An agency's own sign-in: a certified OpenID provider. node provider.mjs CALLBACK [PORT]: says its address; people are put in and taken out by POST /people.
import http from "node:http";
import Provider from "oidc-provider";

const heed = process.argv[2];
const people = new Map();
let handle;
const server = http.createServer((req, res) => handle(req, res));
server.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
        clients: [{
            client_id: "heed", client_secret: "a-secret-of-heed", redirect_uris: [heed], post_logout_redirect_uris: [`${heed}/out`], grant_types: ["authorization_code", "refresh_token"],
            token_endpoint_auth_method: "client_secret_post", backchannel_logout_uri: `${heed}/backchannel`, backchannel_logout_session_required: true,
        }],
        // It guards itself from calling this machine, where Heed is in a test.
        fetch: (url, { dispatcher, ...options }) => fetch(url, options),
        claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name", "groups"], acr: null, amr: null, auth_time: null, sid: null },
        features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
        acrValues: ["urn:example:mfa", "urn:example:password"],
        findAccount: (_, id) => people.has(id) ? { accountId: id, claims: () => ({ sub: id, ...people.get(id) }) } : undefined,
        loadExistingGrant: async (ctx) => {
            const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
            grant.addOIDCScope("openid profile email offline_access");
            await grant.save();
            return grant;
        },
        issueRefreshToken: () => true,
        interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
        cookies: { keys: ["not a secret"] },
        ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 600 },
    });
    const serve = provider.callback();
    const read = async (req) => {
        let said = "";
        for await (const part of req) said += part;
        return said;
    };
    handle = async (req, res) => {
        if (req.url === "/people") {
            for (const [id, person] of Object.entries(JSON.parse(await read(req)))) {
                if (person) people.set(id, person); else people.delete(id);
            }
            res.end();
        } else if (req.url.startsWith("/interaction/") && req.method === "GET") {
            const { prompt } = await provider.interactionDetails(req, res);
            res.setHeader("content-type", "text/html").end(`<h1>${prompt.name}</h1><form method="post"><label>Who <input name="login"></label><button>Sign in</button></form>`);
        } else if (req.url.startsWith("/interaction/")) {
            const accountId = new URLSearchParams(await read(req)).get("login");
            await provider.interactionFinished(req, res, { login: { accountId, acr: people.get(accountId)?.strength ?? "urn:example:mfa", amr: ["pwd", "otp"] } });
        } else {
            serve(req, res);
        }
    };
    console.log(issuer);
});
process.stdin.on("end", () => process.exit(0)).resume();
