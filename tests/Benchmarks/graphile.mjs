// graphile-worker as one agency's system: takes every job of its own task, once each, while another task's jobs wait. Out: jobs a second.
import { run, runMigrations, Logger } from "graphile-worker";
import pg from "pg";

const [connection, own, backlog, concurrency] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const logger = new Logger(() => () => {});
await runMigrations({ connectionString: connection, logger });
const pool = new pg.Pool({ connectionString: connection, max: concurrency + 4 });
await pool.query("delete from graphile_worker._private_jobs");
// The first by its own function, which makes the task; the others as rows of it: one by one its function would take hours over a million.
const add = async (task, many) => {
    if (many === 0) return;
    await pool.query("select graphile_worker.add_job($1, json_build_object('n', 1))", [task]);
    await pool.query("insert into graphile_worker._private_jobs (task_id, payload) select t.id, json_build_object('n', n) from graphile_worker._private_tasks t, generate_series(2, $2::int) n where t.identifier = $1", [task, many]);
};
await add("theirs", backlog);
await add("ours", own);
await pool.query("vacuum analyze graphile_worker._private_jobs");
await pool.query("checkpoint");
const seen = new Set();
let twice = 0;
let done;
const all = new Promise((resolve) => (done = resolve));
const began = performance.now();
const runner = await run({
    pgPool: pool, logger, concurrency, noHandleSignals: true, pollInterval: 1000,
    taskList: {
        ours: async ({ n }) => {
            twice += seen.has(n) ? 1 : 0;
            seen.add(n);
            if (seen.size === own) done();
        },
    },
});
await all;
const took = (performance.now() - began) / 1000;
await runner.stop();
const { rows: [left] } = await pool.query("select count(*) filter (where t.identifier = 'ours')::int as ours, count(*) filter (where t.identifier = 'theirs')::int as theirs from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id");
await pool.end();
if (twice > 0 || left.ours > 0 || left.theirs !== backlog) throw new Error(`${twice} twice, ${left.ours} left, ${left.theirs} of ${backlog} of the others`);
console.log((own / took).toFixed(1));
