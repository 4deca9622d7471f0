// The reference library of Standard Webhooks says whether what Heed sent is genuine. In: secret, headers and body as JSON; out: true or false.
import { Webhook } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(await new Response(process.stdin).text());
try {
    new Webhook(secret).verify(body, headers);
    console.log("true");
} catch {
    console.log("false");
}
