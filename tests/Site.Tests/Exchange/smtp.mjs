// A real SMTP server. Says its port, then each message as a line of JSON; refuses who is called refused.
import { SMTPServer } from "smtp-server";

const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo: (to, session, done) => done(to.address.startsWith("refused") ? Object.assign(new Error("no such mailbox"), { responseCode: 550 }) : undefined),
    onData: async (stream, session, done) => {
        console.log(JSON.stringify({ to: session.envelope.rcptTo.map((r) => r.address), text: await new Response(stream).text() }));
        done();
    },
});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
