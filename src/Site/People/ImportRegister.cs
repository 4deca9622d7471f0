using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.People;

/// <summary>The command: import register --file F --agency KEY-or-NAME --columns MAP [--data DIR | --connection STRING].</summary>
public static class ImportRegister
{
    public static async Task<int> Run(string[] args)
    {
        if (args.FirstOrDefault() != "register" || args.Option("--file") is not { } path || args.Option("--agency") is not { } agency || args.Option("--columns") is not { } columns)
        {
            Console.Error.WriteLine("""
                import register --file F --agency KEY-or-NAME --columns MAP [--data DIR | --connection STRING]
                MAP is ours=theirs, with commas between; several of theirs are joined by +. Ours:
                """);
            Console.Error.WriteLine($"  {string.Join(' ', RegisterFile.Fields)}");
            Console.Error.WriteLine("  as in id=number,given=forename,family=surname,born=dob,address=street+town,postcode=postcode");
            return 2;
        }
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"There is no file {path}");
            return 1;
        }
        if (args.Option("--connection") is { } connection)
        {
            return await Into(connection);
        }
        await using var postgres = await PrivatePostgres.Start(args.Option("--data") ?? ".heed");
        // A running demo's own: it was there before this command, and stays.
        postgres.LeaveRunning = postgres.WasRunning;
        return await Into(postgres.Owner("heed"));

        async Task<int> Into(string owner)
        {
            await using var databases = new Databases(owner, global::Site.Tables);
            try
            {
                await Schema.Migrate(databases.Owner, typeof(global::Site).Assembly);
            }
            catch (Exception failed) when (failed is NpgsqlException or SchemaChanged)
            {
                Console.Error.WriteLine($"There is no Heed of this version to import into: {failed.Message}");
                return 1;
            }
            await using var quiet = global::Site.Build(databases, "http://127.0.0.1:0", demo: false, background: false);
            return await Run(quiet.Services.GetRequiredService<Register>(), new(Path.GetFileName(path), await File.ReadAllBytesAsync(path), agency, columns), Console.Out, Console.Error);
        }
    }

    public static async Task<int> Run(Register register, Register.Ask ask, TextWriter say, TextWriter complain)
    {
        var (kept, wrong) = await register.Keep(ask);
        if (kept is null)
        {
            await complain.WriteLineAsync(wrong);
            return 1;
        }
        var file = kept.File;
        foreach (var note in file.Notes)
        {
            await say.WriteLineAsync(note);
        }
        await say.WriteLineAsync(kept.Before
            ? $"{kept.Agency} has imported this file with this map before: nothing was added."
            : $"{kept.Agency}: {file.Read:N0} rows read, {file.Rows.Count:N0} kept, {file.Refused:N0} refused; dates not understood: {file.DatesImpossible:N0} impossible, {file.DatesBlank:N0} blank, each kept as written.");
        var keptLines = file.Rows.Select(r => r.Line).ToHashSet();
        foreach (var refused in file.Explained.Where(e => !keptLines.Contains(e.Line)))
        {
            await say.WriteLineAsync($"  line {refused.Line}, {refused.Field}: {refused.Why}");
        }
        var last = int.MaxValue;
        var summary = await register.Resolve(kept.Import, left =>
        {
            if (left <= last - 5_000 || left == 0)
            {
                say.WriteLine($"  working out who is who: {left:N0} to go");
                last = left;
            }
        });
        await say.WriteLineAsync($"{summary.Linked:N0} linked to somebody known, {summary.New:N0} new, {summary.ToReview:N0} for somebody to review, {summary.Known:N0} records known before.");
        return 0;
    }
}
