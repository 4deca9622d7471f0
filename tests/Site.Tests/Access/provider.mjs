// An agency's own sign-in: a certified OpenID provider. node provider.mjs CALLBACK [PORT]: says its address; people are put in and taken out by POST /people.
// POST /forge KIND: from then on its ID tokens are forged in this way; without one they are good again.
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import http from "node:http";

console.warn = () => {}; // it warns at every start that it is not for use, which we know; a fault of its own is thrown
const { default: Provider } = await import("oidc-provider");

const heed = process.argv[2];
const people = new Map();
let handle, forging, first;
const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const own = pair();
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = (header, claims, key = own) => {
    const said = `${part(header)}.${part(claims)}`;
    return `${said}.${createSign("RSA-SHA256").update(said).sign(key.privateKey, "base64url")}`;
};
// Each but the first is wrong in one thing alone.
const forge = {
    nothing: (header, claims) => signed(header, claims),
    signature: (header, claims) => signed(header, claims, pair()),
    issuer: (header, claims) => signed(header, { ...claims, iss: "https://login.example.org" }),
    audience: (header, claims) => signed(header, { ...claims, aud: "another-client" }),
    expired: (header, claims) => signed(header, { ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
    nonce: (header, claims) => signed(header, { ...claims, nonce: undefined }),
    replayed: () => first,
    none: (header, claims) => `${part({ alg: "none" })}.${part(claims)}.`,
    unsigned: (header, claims) => `${part(header)}.${part(claims)}.`,
    confused: (header, claims) => {
        const said = `${part({ ...header, alg: "HS256" })}.${part(claims)}`;
        return `${said}.${createHmac("sha256", own.publicKey.export({ type: "spki", format: "pem" })).update(said).digest("base64url")}`;
    },
};
const forged = (token) => {
    first ??= token;
    const [header, claims] = token.split(".").slice(0, 2).map((p) => JSON.parse(Buffer.from(p, "base64url")));
    return forging ? forge[forging](header, claims) : token;
};
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
        jwks: { keys: [{ ...own.privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "own" }] },
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
        } else if (req.url === "/forge") {
            forging = await read(req);
            res.end();
        } else if (req.url === "/token") {
            const end = res.end.bind(res);
            res.end = (body) => {
                const said = JSON.parse(body);
                const text = said.id_token ? JSON.stringify({ ...said, id_token: forged(said.id_token) }) : body;
                res.setHeader("content-length", Buffer.byteLength(text));
                return end(text);
            };
            serve(req, res);
        } else {
            serve(req, res);
        }
    };
    console.log(issuer);
});
process.stdin.on("end", () => process.exit(0)).resume();
